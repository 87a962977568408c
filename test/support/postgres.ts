// One PostgreSQL for the whole run, with a migrated template from which every test file gets its own database.
import { execFile } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { startPostgres } from "#app/postgres.server.ts";

const run = promisify(execFile);

/** Starts PostgreSQL, migrates `makerlane_template`, and tells the workers where it is. */
export default async function startTestPostgres(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(tmpdir(), "makerlane-test-"));
  const postgres = await startPostgres(path.join(folder, "postgres"));
  const discard = async (): Promise<void> => {
    await postgres.discard();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await makeTemplate(postgres.url);
  } catch (error) {
    // vitest calls no teardown of a setup that failed, and the server would outlive the run.
    await discard();
    throw error;
  }
  process.env["TEST_POSTGRES"] = postgres.url;
  return discard;
}

async function makeTemplate(url: string): Promise<void> {
  const admin = new pg.Client({ connectionString: url });
  await admin.connect();
  // Nothing here outlives the machine: what a process has written, the system has, also when PostgreSQL is killed.
  await admin.query("ALTER SYSTEM SET fsync = off");
  await admin.query("SELECT pg_reload_conf()");
  await admin.query("CREATE DATABASE makerlane_template");
  await admin.end();
  const template = url.replace(/\/postgres$/, "/makerlane_template");
  await run(process.execPath, ["app/migrate.server.ts"], {
    env: { ...process.env, ...testEnv, DATABASE_URL: template },
  });
}

/** The environment that the app's modules see in tests. */
export const testEnv = {
  NODE_ENV: "test" as const,
  SHOPIFY_API_KEY: "makerlane-demo",
  SHOPIFY_API_SECRET: "shpss_test_secret",
  SHOPIFY_API_SECRET_PREVIOUS: "shpss_test_previous",
  SHOPIFY_APP_URL: "https://makerlane.test",
  ENCRYPTION_KEYS: `test:${Buffer.alloc(32, 7).toString("base64")}`,
  LOG_LEVEL: "silent",
};
