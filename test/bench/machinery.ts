// What every figure needs: a real PostgreSQL with today's tables in a temporary folder, the app's processes as in
// production, and an end to all of it.
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { startChild, type Child, type ChildPlan } from "#sandbox/demo/child.ts";
import { runNode } from "#sandbox/demo/run-node.ts";

/** What is running for a figure. */
export interface Machinery {
  databaseUrl: string;
  /** The first process of PostgreSQL; its children are the backends. */
  postgresPid: number;
  db: pg.Pool;
  /** The environment of the app's processes. */
  env: Record<string, string>;
  /** Starts a process; it is stopped with the others, in reverse order. */
  start(plan: ChildPlan): Promise<Child>;
  stop(): Promise<void>;
}

// A folder for a CPU profile of every process and PostgreSQL's dearest statements; the figures of such a run are worse.
const profile = process.env["BENCH_PROFILE"] ?? "";

export const apiSecret = "makerlane-bench-secret";

/** Starts PostgreSQL and migrates it. `listen` hears every line that a process says. */
export async function startMachinery(
  listen: (name: string, line: Record<string, unknown> | string) => void = sayTrouble,
): Promise<Machinery> {
  const folder = await mkdtemp(path.join(tmpdir(), "makerlane-bench-"));
  const children: Child[] = [];
  let db: pg.Pool | undefined;
  const start = async (plan: ChildPlan): Promise<Child> => {
    const args = profile ? ["--cpu-prof", `--cpu-prof-dir=${path.join(profile, plan.name)}`] : [];
    const child = await startChild({ ...plan, args: [...args, ...plan.args] }, listen);
    children.push(child);
    return child;
  };
  const stop = async (): Promise<void> => {
    if (db && profile) await writeStatements(db);
    await db?.end();
    for (const child of children.splice(0).reverse()) await child.stop();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    // A profiled one is stopped and started again on the same data.
    const flags = profile ? [] : ["--throwaway"];
    const plan = { name: "postgres", args: ["app/postgres.server.ts", folder, ...flags] };
    let postgres = await start(plan);
    if (profile) {
      await onServer(postgres, "ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'");
      await onServer(postgres, "ALTER SYSTEM SET pg_stat_statements.track_planning = on");
      await postgres.stop();
      postgres = await start(plan);
    }
    await onServer(postgres, "CREATE DATABASE makerlane_bench");
    const databaseUrl = String(postgres.ready["url"]).replace(/\/postgres$/, "/makerlane_bench");
    const env = appEnv(databaseUrl);
    const migrated = await runNode(["app/migrate.server.ts"], env);
    if (migrated.code !== 0) throw new Error(`the migrations failed:\n${migrated.said}`);
    db = new pg.Pool({ connectionString: databaseUrl, max: 2 });
    if (profile) await db.query("CREATE EXTENSION pg_stat_statements");
    return { databaseUrl, postgresPid: Number(postgres.ready["pid"]), db, env, start, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function onServer(postgres: Child, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: String(postgres.ready["url"]) });
  await client.connect();
  await client.query(statement);
  await client.end();
}

interface Statement {
  ms: number;
  calls: number;
  planning: number;
  running: number;
  pages: number;
  wal: number;
  query: string;
}

// Which statements cost PostgreSQL most, dearest first.
async function writeStatements(db: pg.Pool): Promise<void> {
  const { rows } = await db.query<Statement>(
    `SELECT total_exec_time + total_plan_time AS ms, calls::int, mean_plan_time AS planning, mean_exec_time AS running,
       (shared_blks_hit + shared_blks_read)::float / calls AS pages, wal_bytes::float AS wal, query
     FROM pg_stat_statements WHERE calls > 0 ORDER BY ms DESC LIMIT 40`,
  );
  const lines = rows.map(
    ({ ms, calls, planning, running, pages, wal, query }) =>
      `${ms.toFixed(0)} ms  ${calls} calls  ${planning.toFixed(3)} + ${running.toFixed(3)} ms each (planning + running)  ${Math.round(pages)} pages each  ${Math.round(wal / 1024)} kB of WAL\n${query}\n`,
  );
  await mkdir(profile, { recursive: true });
  await writeFile(path.join(profile, "statements.txt"), lines.join("\n"));
}

function appEnv(databaseUrl: string): Record<string, string> {
  return {
    NODE_ENV: "production",
    SHOPIFY_API_KEY: "makerlane-bench",
    SHOPIFY_API_SECRET: apiSecret,
    SHOPIFY_APP_URL: "https://makerlane.test",
    ENCRYPTION_KEYS: `bench:${randomBytes(32).toString("base64")}`,
    DATABASE_URL: databaseUrl,
    PORT: "0",
  };
}

// Warnings and errors of the app, and whatever is no JSON, belong in sight: a figure of a broken run is none.
function sayTrouble(name: string, line: Record<string, unknown> | string): void {
  const isTrouble = typeof line === "string" || Number(line["level"] ?? 0) >= 40;
  if (isTrouble) process.stderr.write(`${name}: ${typeof line === "string" ? line : JSON.stringify(line)}\n`);
}
