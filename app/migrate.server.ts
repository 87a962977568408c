// Brings the database up to the newest migration, then prepares the job queue's own tables. Safe to run again
// and while the app runs: migrations only go forward and never take what running code still reads.
import { spawn } from "node:child_process";
import { createRequire } from "node:module";
import { runMigrations } from "graphile-worker";
import { databaseUrl } from "./db.server.ts";

const url = await databaseUrl();
const prisma = createRequire(import.meta.url).resolve("prisma/build/index.js");
const child = spawn(process.execPath, [prisma, "migrate", "deploy"], {
  // CHECKPOINT_DISABLE: without it every command waits up to ten seconds for a version check it cannot make.
  env: { ...process.env, DATABASE_URL: url, CHECKPOINT_DISABLE: "1", PRISMA_HIDE_UPDATE_MESSAGE: "1" },
  stdio: "inherit",
});
const code = await new Promise<number | null>((resolve) => child.once("exit", resolve));
if (code !== 0) process.exit(code ?? 1);
await runMigrations({ connectionString: url });
process.exit(0);
