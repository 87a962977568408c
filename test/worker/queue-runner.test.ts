// A worker's queue and the database behind it: the database may go away at the worst moment and come back.
import pg from "pg";
import { afterEach, expect, test, vi } from "vitest";
import { createPool } from "#app/db.server.ts";
import { drainStarted } from "#app/drain.server.ts";
import { createWaker, steps } from "#app/queue.server.ts";
import { keepQueue, type Answers } from "#app/queue-runner.server.ts";
import { testDatabase } from "#test/support/database.ts";

const database = testDatabase();
const cleaning: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleaning.splice(0).reverse()) await clean();
});

/** Cuts everybody off the test's database and lets nobody in, until `back`. */
async function cutOff(): Promise<() => Promise<void>> {
  const name = new URL(database.url).pathname.slice(1);
  const client = new pg.Client({ connectionString: process.env["TEST_POSTGRES"] });
  await client.connect();
  await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  await client.query(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1`, [name]);
  return async () => {
    await client.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS true`);
    await client.end();
  };
}

async function queueFor(intake: () => Promise<void>): Promise<{ wake(): void }> {
  const nothing = async (): Promise<void> => undefined;
  // Every step there is, so that a new one needs no line here.
  const answers: Answers = {
    ...(Object.fromEntries(steps.map((step) => [step, nothing])) as Answers),
    intake,
  };
  const pool = createPool(database.url, { max: 20, name: "test" });
  cleaning.push(() => pool.end());
  const queue = await keepQueue(pool, answers, 50);
  cleaning.push(() => queue.stop());
  const waker = createWaker(database.pool);
  cleaning.push(() => waker.close());
  return { wake: () => waker.wake("intake") };
}

test("a worker takes wake-ups again after the database went away while one was being done", async () => {
  let answered = 0;
  let back: (() => Promise<void>) | undefined;
  const { wake } = await queueFor(async () => {
    answered++;
    if (answered === 1) back = await cutOff();
  });
  wake();
  await vi.waitFor(() => expect(back).toBeDefined(), { timeout: 10_000 });
  // Long enough for the queue to notice that it cannot write down what it has done.
  await vi.waitFor(async () => expect(await connections()).toBe(0), { timeout: 10_000 });
  await back?.();
  await vi.waitFor(
    () => {
      wake();
      expect(answered).toBeGreaterThan(1);
    },
    { timeout: 15_000, interval: 200 },
  );
}, 40_000);

test("a step that fails because the database is away does not end the worker", async () => {
  let answered = 0;
  let back: (() => Promise<void>) | undefined;
  const { wake } = await queueFor(async () => {
    answered++;
    if (answered > 1) return;
    back = await cutOff();
    throw new Error("the database is away");
  });
  wake();
  await vi.waitFor(() => expect(back).toBeDefined(), { timeout: 10_000 });
  await back?.();
  await vi.waitFor(
    () => {
      wake();
      expect(answered).toBeGreaterThan(1);
    },
    { timeout: 15_000, interval: 200 },
  );
}, 40_000);

test("orders under way are waited for when no further ones can be claimed", async () => {
  let finish: () => void = () => undefined;
  const conversation = new Promise<void>((resolve) => (finish = resolve));
  const claims = [[conversation, Promise.resolve()]];
  const drain = drainStarted(async () => claims.pop() ?? Promise.reject(new Error("the database is away")), {
    atOnce: 3,
    signal: new AbortController().signal,
  });
  let ended = "";
  const watched = drain.catch((error: Error) => void (ended = error.message));
  await new Promise((resolve) => setImmediate(resolve));
  expect(ended).toBe("");
  finish();
  await watched;
  expect(ended).toBe("the database is away");
});

async function connections(): Promise<number> {
  const client = new pg.Client({ connectionString: process.env["TEST_POSTGRES"] });
  await client.connect();
  const { rows } = await client.query<{ n: number }>(
    `SELECT count(*)::int AS n FROM pg_stat_activity WHERE datname = $1`,
    [new URL(database.url).pathname.slice(1)],
  );
  await client.end();
  return rows[0]?.n ?? 0;
}
