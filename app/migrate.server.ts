// Brings the database up to the newest migration, then prepares the job queue's own tables. Safe to run again
// and while the app runs: migrations only go forward and never take what running code still reads.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { runMigrations } from "graphile-worker";
import pg from "pg";
import { databaseUrl } from "./db.server.ts";

const url = await databaseUrl();
// Two at once wait for each other: of two releases that meet, Prisma would end the later one with an error after ten
// seconds. Any number does, as long as it is not the one that Prisma takes.
const lock = new pg.Client({ connectionString: url, keepAlive: true });
await lock.connect();
await lock.query("SELECT pg_advisory_lock(6275305)");

// That ten-second timer of Prisma's is never taken back and would keep the finished command alive (6.19.3, measured:
// 11 s instead of 1.3 s). While the command waits for the database, its connection keeps it alive all the same.
const withoutLongTimers = `data:text/javascript,${encodeURIComponent(`
  const wait = globalThis.setTimeout;
  globalThis.setTimeout = (run, ms, ...rest) => {
    const timer = wait(run, ms, ...rest);
    return ms >= 10_000 ? timer.unref() : timer;
  };`)}`;
const prisma = createRequire(import.meta.url).resolve("prisma/build/index.js");
const child = spawn(process.execPath, ["--import", withoutLongTimers, prisma, "migrate", "deploy"], {
  // CHECKPOINT_DISABLE: without it every command waits up to ten seconds for a version check it cannot make.
  env: { ...process.env, DATABASE_URL: url, CHECKPOINT_DISABLE: "1", PRISMA_HIDE_UPDATE_MESSAGE: "1" },
  stdio: "inherit",
});
const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
if (code !== 0) process.exit(code ?? 1);
await runMigrations({ connectionString: url });
await lock.end();
process.exit(0);
