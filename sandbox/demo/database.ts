// The world's own PostgreSQL: kept like every other process, and watched, because the process that starts it lives on
// when PostgreSQL itself is gone.
import { mkdir } from "node:fs/promises";
import path from "node:path";
import pg from "pg";
import type { Child } from "./child.ts";
import type { Supervisor } from "./supervisor.ts";

const database = "makerlane_demo";

/** Starts PostgreSQL with an empty database and answers with its URL. `onMove` is told when it is elsewhere now. */
export async function keepDatabase(
  supervisor: Supervisor,
  folder: string,
  onMove: (url: string) => void,
): Promise<string> {
  await mkdir(folder, { recursive: true });
  // Throwaway: as root its data may lie outside the folder, where nobody would remove it.
  const plan = {
    name: "postgres",
    args: ["app/postgres.server.ts", path.join(folder, "postgres"), "--throwaway"],
  };
  const postgres = await supervisor.keep(plan, (again) => {
    watch(again);
    onMove(urlOf(again));
  });
  watch(postgres);
  await makeEmpty(String(postgres.ready["url"]));
  return urlOf(postgres);
}

function urlOf(postgres: Child): string {
  return String(postgres.ready["url"]).replace(/\/postgres$/, `/${database}`);
}

function watch(postgres: Child): void {
  const timer = setInterval(() => {
    if (!postgres.isStopping && !isAlive(Number(postgres.ready["pid"]))) postgres.kill("SIGKILL");
  }, 1000).unref();
  void postgres.exited.then(() => clearInterval(timer));
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

// A new database at every start: the local Shopify forgets its orders when it ends, and an app that remembers them
// would take the next #1001 for the last one.
async function makeEmpty(server: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(`DROP DATABASE IF EXISTS ${database} WITH (FORCE)`);
  await client.query(`CREATE DATABASE ${database}`);
  await client.end();
}
