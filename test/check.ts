// `npm run check`: everything that can be said about the tree without running the app. All checks run, whatever the
// others say; each gets one line, and what failed is printed below it. Arguments choose checks by name.
import { checks } from "./check/checks.ts";

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !checks.some((check) => check.name === name));
if (unknown.length > 0) {
  process.stderr.write(
    `There is no check "${unknown.join('", "')}": ${checks.map(({ name }) => name).join(", ")}.\n`,
  );
  process.exit(2);
}
const chosen = checks.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
const width = Math.max(...chosen.map(({ name }) => name.length));
const waiting = [...chosen];
let failed = 0;

// Two at a time, the slow ones first: lint and types take as long as all others together.
await Promise.all([work(), work()]);
process.stdout.write(
  failed === 0 ? `all ${chosen.length} checks ok\n` : `${failed} of ${chosen.length} checks failed\n`,
);
process.exit(failed === 0 ? 0 : 1);

async function work(): Promise<void> {
  for (let check = waiting.shift(); check; check = waiting.shift()) {
    const began = performance.now();
    const problem = await check
      .run()
      .catch((error: unknown) => (error instanceof Error ? error.stack : String(error)));
    const seconds = ((performance.now() - began) / 1000).toFixed(1);
    if (problem !== undefined) failed += 1;
    const word = problem === undefined ? "ok" : "failed";
    process.stdout.write(
      `${check.name.padEnd(width)}  ${word.padEnd(6)}  ${seconds.padStart(5)} s  ${check.about}\n`,
    );
    if (problem !== undefined) process.stdout.write(`${problem.trim().replace(/^/gm, "    ")}\n`);
  }
}
