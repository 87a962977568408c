// Everything that lies in the database as text, sealed values opened: what a thief with the keys could read.
import type pg from "pg";
import { open, openJson } from "#app/crypto.server.ts";
import { openToken } from "#app/session-storage.server.ts";

interface Sealed {
  table: string;
  column: string;
  /** Which row the value is bound to. */
  row: (row: Record<string, unknown>) => string;
  json: boolean;
}

const byId = (row: Record<string, unknown>): string => String(row["id"]);
const sealed: Sealed[] = [
  {
    table: "WebhookEvent",
    column: "body",
    json: false,
    row: (row) => `${String(row["topic"])}/${String(row["webhookId"])}`,
  },
  { table: "Order", column: "facts", json: true, row: byId },
  { table: "VendorOrder", column: "payload", json: true, row: byId },
  { table: "Attempt", column: "exchanges", json: true, row: byId },
  { table: "Connection", column: "settings", json: true, row: byId },
  { table: "PrivacyRequest", column: "export", json: true, row: byId },
  {
    table: "VendorCallback",
    column: "data",
    json: true,
    row: (row) => `${String(row["connectionId"])}/${String(row["callbackId"])}`,
  },
  {
    table: "VendorMemory",
    column: "value",
    json: false,
    row: (row) => `${String(row["connectionId"])}/${String(row["name"])}`,
  },
];

/** The whole database as one text. A sealed value that nobody can open, or a new one nobody named here, throws. */
export async function dump(pool: pg.Pool): Promise<string> {
  const tables = await pool.query<{ name: string }>(
    `SELECT tablename AS name FROM pg_tables WHERE schemaname = 'public' AND tablename <> '_prisma_migrations'`,
  );
  const lines: string[] = [];
  for (const { name } of tables.rows) {
    const { rows } = await pool.query<Record<string, unknown>>(`SELECT * FROM "${name}"`);
    for (const row of rows)
      for (const [column, value] of Object.entries(row))
        lines.push(`${name}.${column}: ${readable({ table: name, column, value, row })}`);
  }
  return lines.join("\n");
}

/** How many rows of a shop there are, by table. */
export async function rowsOf(pool: pg.Pool, shop: string): Promise<Record<string, number>> {
  const tables = await pool.query<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.columns WHERE table_schema = 'public' AND column_name = 'shop'`,
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables.rows) {
    const { rows } = await pool.query<{ n: number }>(
      `SELECT count(*)::int AS n FROM "${name}" WHERE shop = $1`,
      [shop],
    );
    if (rows[0]?.n) counts[name] = rows[0].n;
  }
  return counts;
}

interface Cell {
  table: string;
  column: string;
  value: unknown;
  row: Record<string, unknown>;
}

function readable({ table, column, value, row }: Cell): string {
  if (
    table === "Session" &&
    (column === "accessToken" || column === "refreshToken") &&
    typeof value === "string"
  )
    return openToken(value, { column, shop: String(row["shop"]) });
  if (!(value instanceof Uint8Array))
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  if (value.length === 0) return "";
  const known = sealed.find((one) => one.table === table && one.column === column);
  if (!known) throw new Error(`${table}.${column} is sealed and this dump does not know how to open it`);
  const place = { table, column, shop: String(row["shop"]), row: known.row(row) };
  return known.json ? JSON.stringify(openJson(value, place)) : open(value, place).toString();
}
