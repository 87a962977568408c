// `npm test`: the pages are built when they have changed, then one vitest runs everything. Arguments go to vitest
// (`npm test -- test/vendors`). The last line is always "N passed, N failed", and the exit code says the same; a
// build that fails counts as one failed.
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { z } from "zod";
import { buildIfNeeded } from "../sandbox/demo/build.ts";

const report = z.object({
  success: z.boolean(),
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      assertionResults: z.array(z.object({ status: z.string() })),
    }),
  ),
});

const folder = await mkdtemp(path.join(tmpdir(), "makerlane-results-"));
const file = path.join(folder, "results.json");

const broken = await buildIfNeeded().then(
  () => 0,
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    return 1;
  },
);
const { passed, failed } = await count(await vitest());
await rm(folder, { recursive: true });
const failures = failed + broken;
process.exitCode = failures === 0 && passed > 0 ? 0 : 1;
process.stdout.write(`${passed} passed, ${failures} failed\n`);

function vitest(): Promise<number> {
  const child = spawn(
    process.execPath,
    [
      path.join("node_modules", "vitest", "vitest.mjs"),
      "run",
      "--reporter=default",
      "--reporter=json",
      `--outputFile.json=${file}`,
      ...process.argv.slice(2),
    ],
    { stdio: ["ignore", "inherit", "inherit"] },
  );
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  return new Promise((resolve) => {
    child.once("error", () => resolve(1));
    child.once("exit", (exit) => resolve(exit ?? 1));
  });
}

// A file that does not load has no failed test in it, and an unhandled rejection belongs to none: each counts as one.
async function count(code: number): Promise<{ passed: number; failed: number }> {
  const text = await readFile(file, "utf8").catch(() => "null");
  const read = report.safeParse(JSON.parse(text));
  if (!read.success) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, testResults } = read.data;
  const unloaded = testResults.filter(
    ({ status, assertionResults }) =>
      status === "failed" && !assertionResults.some((one) => one.status === "failed"),
  );
  const failed = numFailedTests + unloaded.length;
  return { passed: numPassedTests, failed: failed === 0 && code !== 0 ? 1 : failed };
}
