// What an operator reads: named events with their context, and nothing of a person or a secret in them.
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { testEnv } from "#test/support/postgres.ts";

const run = promisify(execFile);

/** What a process logs that does this. */
async function logged(work: string): Promise<{ text: string; lines: Record<string, unknown>[] }> {
  const program = `import { log, withLogContext } from "./app/log.server.ts"; ${work}`;
  const { stdout } = await run(process.execPath, ["--input-type=module", "--eval", program], {
    env: { PATH: process.env["PATH"], ...testEnv, LOG_LEVEL: "info" },
  });
  const lines = stdout.trim().split("\n");
  return { text: stdout, lines: lines.map((line) => JSON.parse(line) as Record<string, unknown>) };
}

test("a failed query is told by its message, its code and its cause, never by the row it was about", async () => {
  const { text, lines } = await logged(`
    const error = Object.assign(new Error("duplicate key value"), {
      code: "23505", detail: "Key (email)=(ana@example.com) already exists.", parameters: ["ana@example.com"],
      cause: Object.assign(new Error("lost"), { body: "ana@example.com" }),
    });
    log.error({ err: error }, "page.failed");
    log.warn({ err: "ended" }, "queue.ended");`);

  expect(lines[0]).toMatchObject({
    msg: "page.failed",
    level: 50,
    err: { message: "duplicate key value", code: "23505", cause: { message: "lost" } },
  });
  expect(lines[1]).toMatchObject({ msg: "queue.ended", level: 40, err: { message: "ended" } });
  expect(text).not.toContain("ana@example.com");
});

test("what should not have been passed to the log is masked by its name", async () => {
  const { text } = await logged(`
    const person = { email: "canary", phone: "canary", address: { city: "canary" } };
    const account = { accessToken: "canary", refreshToken: "canary", password: "canary", apiKey: "canary", token: "canary", authorization: "canary" };
    log.info({ person, account, password: "canary", token: "canary", email: "canary" }, "careless");`);

  expect(text).toContain('"careless"');
  expect(text).not.toContain("canary");
});

test("every line of a job says whose it is, also after a wait and inside another job's", async () => {
  const { lines } = await logged(`
    await withLogContext({ shop: "a", job: "submission" }, async () => {
      await new Promise((resolve) => setImmediate(resolve));
      withLogContext({ order: "#1001" }, () => log.info("inner"));
      log.info("outer");
    });
    log.info("outside");`);

  expect(lines).toMatchObject([
    { msg: "inner", shop: "a", job: "submission", order: "#1001" },
    { msg: "outer", shop: "a", job: "submission" },
    { msg: "outside" },
  ]);
  expect(lines[1]).not.toHaveProperty("order");
  expect(lines[2]).not.toHaveProperty("shop");
});
