// A database of its own for a test file, made from the migrated template, and time travel in it.
import { randomBytes } from "node:crypto";
import pg from "pg";
import { afterAll, beforeAll, beforeEach } from "vitest";

/** A test file's database. */
export interface TestDatabase {
  readonly url: string;
  readonly pool: pg.Pool;
  /**
   * Lets time pass: moves every moment in every row into the past by a PostgreSQL interval such as "10 minutes".
   * The app asks the database for the time, so to it the clock has moved on. Nothing sleeps.
   */
  later(interval: string): Promise<void>;
  /** Takes every row out, as before each test. */
  empty(): Promise<void>;
}

/** Gives the test file a database before its tests and empties it before each one. */
export function testDatabase(): TestDatabase {
  const server = process.env["TEST_POSTGRES"] ?? "";
  const name = `test_${randomBytes(6).toString("hex")}`;
  const url = server.replace(/\/postgres$/, `/${name}`);
  let pool: pg.Pool | undefined;
  const open = (): pg.Pool => {
    if (!pool) throw new Error("the test database is not there yet");
    return pool;
  };

  beforeAll(async () => {
    await onServer(server, `CREATE DATABASE ${name} TEMPLATE makerlane_template`);
    pool = new pg.Pool({ connectionString: url, max: 20 });
    pool.on("error", () => undefined); // a test that stops the database takes idle connections with it
  });
  beforeEach(async () => {
    await open().query(clear);
  });
  afterAll(async () => {
    await pool?.end();
    await onServer(server, `DROP DATABASE ${name} WITH (FORCE)`);
  });
  return {
    url,
    get pool() {
      return open();
    },
    empty: async () => {
      await open().query(clear);
    },
    later: async (interval) => {
      await later(open(), interval);
    },
  };
}

async function onServer(url: string, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query(statement);
  await client.end();
}

// Row by row, without the foreign keys' triggers: a test leaves a handful of rows, and to truncate every table and its
// indexes takes fifty times as long (180 ms against 3, before each test).
const clear = `
  DO $$ DECLARE name text; BEGIN
    SET LOCAL session_replication_role = replica;
    FOR name IN SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations' LOOP
      EXECUTE format('DELETE FROM %I', name);
    END LOOP;
    PERFORM setval(format('%I.%I', schemaname, sequencename)::regclass, 1, false) FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL;
    DELETE FROM graphile_worker._private_jobs;
  END $$`;

/** Moves every timestamp of every row into the past, in one transaction. */
export async function later(pool: pg.Pool, interval: string): Promise<void> {
  const columns = await pool.query<{ table: string; moved: string }>(`
    SELECT table_name AS table, string_agg(format('%1$I = %1$I - $1::interval', column_name), ', ') AS moved
    FROM information_schema.columns
    WHERE table_schema = 'public' AND data_type = 'timestamp with time zone' AND table_name <> '_prisma_migrations'
      -- Shopify's own moments, which only Shopify moves.
      AND column_name NOT IN ('updatedAt', 'placedAt', 'caughtUpTo', 'productsCaughtUpTo')
    GROUP BY table_name`);
  const client = await pool.connect();
  await client.query("BEGIN");
  for (const { table, moved } of columns.rows)
    await client.query(`UPDATE "${table}" SET ${moved}`, [interval]);
  await client.query("COMMIT");
  client.release();
}
