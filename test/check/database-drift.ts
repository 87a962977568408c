// Do the migrations, run on an empty database, make what schema.prisma describes? Prisma's own comparison cannot read
// a database with foreign keys through its engine-less driver ("Column type 'char' could not be deserialized",
// 6.19.3), so both are built, and PostgreSQL's catalogue is asked what they are.
import { mkdtempSync, rmSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import pg from "pg";
import { startPostgres } from "../../app/postgres.server.ts";
import { runNode } from "../../sandbox/demo/run-node.ts";

const migrations = path.join("prisma", "migrations");

/** Lists what only one of the two has. What Prisma has no words for (a partial index, a check) may be only in the migrations. */
export async function databaseDrift(): Promise<string | undefined> {
  const folder = mkdtempSync(path.join(tmpdir(), "makerlane-check-"));
  const postgres = await startPostgres(path.join(folder, "postgres"));
  try {
    const described = await build(postgres.url, {
      name: "described",
      scripts: [await schemaScript(postgres.url)],
    });
    const migrated = await build(postgres.url, { name: "migrated", scripts: await migrationScripts() });
    const missing = described.filter((line) => !migrated.includes(line));
    const extra = migrated.filter(
      (line) => !described.includes(line) && !/^check |^index .* WHERE /.test(line),
    );
    const lines = [
      ...missing.map((line) => `only in schema.prisma:   ${line}`),
      ...extra.map((line) => `only in the migrations:  ${line}`),
    ];
    return lines.length === 0
      ? undefined
      : `${lines.join("\n")}\nWrite the missing migration, or mend schema.prisma.`;
  } finally {
    await postgres.discard();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function schemaScript(url: string): Promise<string> {
  const made = await runNode(
    [
      path.join("node_modules", "prisma", "build", "index.js"),
      ...[
        "migrate",
        "diff",
        "--from-empty",
        "--to-schema-datamodel",
        path.join("prisma", "schema.prisma"),
        "--script",
      ],
    ],
    // CHECKPOINT_DISABLE: without it Prisma waits up to ten seconds for a version check.
    { DATABASE_URL: url, CHECKPOINT_DISABLE: "1", PRISMA_HIDE_UPDATE_MESSAGE: "1" },
  );
  if (made.code !== 0) throw new Error(made.said);
  return made.stdout;
}

async function migrationScripts(): Promise<string[]> {
  const folders = (await readdir(migrations, { withFileTypes: true })).filter((entry) => entry.isDirectory());
  const names = folders.map(({ name }) => name).sort();
  return Promise.all(names.map((name) => readFile(path.join(migrations, name, "migration.sql"), "utf8")));
}

async function build(
  server: string,
  { name, scripts }: { name: string; scripts: string[] },
): Promise<string[]> {
  await onDatabase(server, (client) => client.query(`CREATE DATABASE ${name}`));
  return onDatabase(server.replace(/\/postgres$/, `/${name}`), async (client) => {
    for (const script of scripts) await client.query(script);
    const { rows } = await client.query<{ line: string }>(catalogue);
    return rows.map(({ line }) => line);
  });
}

async function onDatabase<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

const catalogue = `
  SELECT format('column %s.%s %s%s%s', c.relname, a.attname, format_type(a.atttypid, a.atttypmod),
                CASE WHEN a.attnotnull THEN ' NOT NULL' END, ' DEFAULT ' || pg_get_expr(d.adbin, d.adrelid)) AS line
  FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid JOIN pg_namespace n ON n.oid = c.relnamespace
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE n.nspname = 'public' AND c.relkind = 'r' AND a.attnum > 0 AND NOT a.attisdropped
  UNION ALL SELECT 'index ' || indexdef FROM pg_indexes WHERE schemaname = 'public'
  UNION ALL SELECT CASE contype WHEN 'c' THEN 'check ' ELSE 'key ' END || conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid)
  FROM pg_constraint WHERE connamespace = 'public'::regnamespace AND contype IN ('c', 'f', 'p', 'u')`;
