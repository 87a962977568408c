// The database: Prisma for pages and forms, pg for the road, where a statement's cost counts.
import path from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";
import pg from "pg";
import { env } from "./env.server.ts";
import { log } from "./log.server.ts";
import { startPostgres } from "./postgres.server.ts";

/** Something that runs SQL: a pool, or one client inside a transaction. */
export interface Sql {
  query<Row extends pg.QueryResultRow>(text: string, values?: unknown[]): Promise<pg.QueryResult<Row>>;
}

/** A pool: SQL, and transactions on a client of its own. */
export interface Db extends Sql {
  connect(): Promise<pg.PoolClient>;
}

let started: Promise<string> | undefined;

/** Where PostgreSQL is: DATABASE_URL, else one of our own, started or adopted in DATA_DIR. */
export function databaseUrl(): Promise<string> {
  started ??= env.DATABASE_URL
    ? Promise.resolve(env.DATABASE_URL)
    : startPostgres(path.join(env.DATA_DIR, "postgres")).then(({ url }) => url);
  return started;
}

/**
 * A pool of connections. A connection that breaks while idle is logged and replaced, not thrown. `planOnce` keeps the
 * first plan of a prepared statement, for statements whose plan cannot depend on their values.
 */
export function createPool(
  url: string,
  { max, name, planOnce = false }: { max: number; name: string; planOnce?: boolean },
): pg.Pool {
  const pool = new pg.Pool({
    connectionString: url,
    max,
    application_name: `makerlane ${name}`,
    connectionTimeoutMillis: 2_000,
    idleTimeoutMillis: 30_000,
    keepAlive: true,
    statement_timeout: 30_000,
    idle_in_transaction_session_timeout: 30_000,
    ...(planOnce && { options: "-c plan_cache_mode=force_generic_plan" }),
  });
  // While a client is checked out its errors come out of the client; the query that waits for it fails with them.
  pool.on("connect", (client) => client.on("error", () => undefined));
  pool.on("error", (error) => log.warn({ err: error }, "database.connection_lost"));
  return pool;
}

/** Runs `work` in one transaction: committed when it returns, rolled back when it throws. */
export async function inTransaction<T>(db: Db, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await db.connect();
  let broken: Error | undefined;
  try {
    await client.query("BEGIN");
    const result = await work(client);
    await client.query("COMMIT");
    return result;
  } catch (error) {
    await client.query("ROLLBACK").catch((failed: Error) => (broken = failed));
    throw error;
  } finally {
    client.release(broken);
  }
}

const deadlockMs = 100;

/**
 * `inTransaction` for what a person asked for and will not ask for again by itself: when PostgreSQL takes it back,
 * because two transactions wait for each other, it is done once more. What was taken back had no effect; a moment later
 * the other one has its lock, and this one waits behind it.
 */
export async function insistInTransaction<T>(db: Db, work: (sql: Sql) => Promise<T>): Promise<T> {
  try {
    return await inTransaction(db, work);
  } catch (error) {
    if (!isDeadlock(error)) throw error;
    await pause(deadlockMs);
    return inTransaction(db, work);
  }
}

/** A Prisma client on a pool of its own. */
export function createPrisma(url: string): PrismaClient {
  return new PrismaClient({
    adapter: new PrismaPg({ connectionString: url, max: 10, application_name: "makerlane pages" }),
  });
}

/**
 * Whether a statement failed because the database is away, and not because of what it said. Whether it took effect
 * is then unknown. PostgreSQL's own codes 08, 53 and 57 are about the connection, and so is what the socket says;
 * pg gives its own word for a broken connection no code at all.
 */
export function isAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  if ("code" in error) return /^(08|53|57)...$|^E[A-Z]+$/.test(String(error.code));
  return Object.getPrototypeOf(error) === Error.prototype;
}

/** Whether PostgreSQL took a statement back because two transactions waited for each other: nothing of it took effect. */
export function isDeadlock(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "40P01";
}
