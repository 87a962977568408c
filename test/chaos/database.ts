// The run's own PostgreSQL, which can be ended without a word (as a power cut would) and started again on the same
// data and port, so that nobody has to be told a new address.
import { spawn } from "node:child_process";
import { openSync } from "node:fs";
import { chmod, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { startPostgres } from "#app/postgres.server.ts";

/** A PostgreSQL that dies when it is told to. */
export interface MortalDatabase {
  url: string;
  /** For the harness itself; its idle connections die with the server and are replaced. */
  pool: pg.Pool;
  /** `pg_ctl stop -m immediate`, nothing for `downMs`, then the same server again. Resolves when it answers. */
  crash(downMs: number): Promise<void>;
  /** Ends it and removes its data. */
  remove(): Promise<void>;
}

/** Starts one in a temporary folder. */
export async function startMortalDatabase(): Promise<MortalDatabase> {
  const folder = await mkdtemp(path.join(tmpdir(), "makerlane-chaos-"));
  // Started by root, PostgreSQL runs as somebody else, who must be able to get here.
  await chmod(folder, 0o755);
  const server = await startPostgres(path.join(folder, "postgres"));
  const pool = new pg.Pool({
    connectionString: server.url,
    max: 6,
    connectionTimeoutMillis: 2_000,
    application_name: "chaos",
  });
  pool.on("error", () => undefined);
  const shown = await pool.query<{ data_directory: string }>("SHOW data_directory");
  const data = shown.rows[0]?.data_directory ?? "";
  return {
    url: server.url,
    pool,
    crash: async (downMs) => {
      await server.stop("immediate");
      await pause(downMs);
      await startAgain(data);
      await patiently(() => pool.query("SELECT 1"), 60);
    },
    remove: async () => {
      await pool.end();
      await server.discard();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

// PostgreSQL leaves the command that started it beside its data: program, folder, port and all.
async function startAgain(data: string): Promise<void> {
  const said = await readFile(path.join(data, "postmaster.opts"), "utf8");
  const [program = "", ...flags] = said.trim().split(/ "/);
  const { uid, gid } = await stat(data);
  const log = openSync(`${data}.log`, "a");
  spawn(
    program,
    flags.map((flag) => flag.replace(/"$/, "")),
    { cwd: "/", detached: true, stdio: ["ignore", log, log], ...(process.getuid?.() === 0 && { uid, gid }) },
  ).unref();
}

/** Repeats what fails because the database is away, for up to `seconds`. */
export async function patiently<T>(work: () => Promise<T>, seconds = 30): Promise<T> {
  for (const end = Date.now() + seconds * 1000; ;) {
    try {
      return await work();
    } catch (error) {
      if (Date.now() > end) throw error;
      await pause(100);
    }
  }
}
