// The demo's processes: one that ends by itself is there again a moment later, whether or not anybody asked to be told.
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { createSupervisor } from "#sandbox/demo/supervisor.ts";

const cleaning: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

async function aProgram(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "makerlane-test-"));
  cleaning.push(() => rm(folder, { recursive: true, force: true }));
  const file = path.join(folder, "program.mjs");
  await writeFile(file, `process.stdout.write('{"url":"here"}\\n'); setInterval(() => undefined, 1000);`);
  return file;
}

test("a process that was killed is started again", async () => {
  const deaths: string[] = [];
  const supervisor = createSupervisor(
    () => undefined,
    (name, how) => deaths.push(`${name} ${how}`),
  );
  cleaning.push(() => supervisor.stop());
  const first = await supervisor.keep({ name: "web", args: [await aProgram()] });
  first.kill("SIGKILL");
  await vi.waitFor(() => expect(supervisor.child("web")?.pid).not.toBe(first.pid), { timeout: 20_000 });
  expect(deaths).toEqual(["web SIGKILL"]);
}, 30_000);
