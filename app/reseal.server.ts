// Seals anew, with the first of ENCRYPTION_KEYS, whatever an older key has sealed, so that the older one can be taken
// away:  node app/reseal.server.ts     safe to run again, and while the app runs
import { currentKeyName, sealAnew, sealTextAnew, type Place } from "./crypto.server.ts";
import { createPool, databaseUrl, type Sql } from "./db.server.ts";

/** A column of sealed values. `row` is SQL for what a value is bound to as `Place.row`; so is `shop`, by default "shop". */
export interface SealedColumn {
  table: string;
  column: string;
  row: string;
  shop?: string;
}

/** Every column in which sealed bytes lie. */
export const sealedBytes: readonly SealedColumn[] = [
  { table: "Account", column: "token", row: `"id"::text`, shop: `''` },
  // A catalogue whose plans were made from the old bytes is planned again, and finds that nothing has changed.
  { table: "Connection", column: "settings", row: `"id"::text` },
  { table: "VendorMemory", column: "value", row: `"connectionId" || '/' || "name"` },
  { table: "VendorCallback", column: "data", row: `"connectionId" || '/' || "callbackId"` },
  { table: "WebhookEvent", column: "body", row: `"topic" || '/' || "webhookId"` },
  { table: "Order", column: "facts", row: `"id"::text` },
  { table: "VendorOrder", column: "payload", row: `"id"::text` },
  { table: "Attempt", column: "exchanges", row: `"id"::text` },
  { table: "Preview", column: "options", row: `"id"::text` },
  { table: "PrivacyRequest", column: "export", row: `"id"::text` },
];

/** The same for text, in the table whose shape Shopify's library decides. */
export const sealedTexts: readonly SealedColumn[] = [
  { table: "Session", column: "accessToken", row: `"id"` },
  { table: "Session", column: "refreshToken", row: `"id"` },
];

/** What became of it. `unreadable`: values whose key is in no list any more, by "Table.column". */
export interface Resealed {
  sealed: number;
  unreadable: string[];
}

/** Seals anew what an older key has sealed. One row at a time, so that it never waits for the app nor the app for it. */
export async function reseal(sql: Sql): Promise<Resealed> {
  const result: Resealed = { sealed: 0, unreadable: [] };
  for (const column of [...sealedBytes, ...sealedTexts]) {
    // Again until a whole round finds nothing: a row that the app changes meanwhile moves to another place.
    for (let isDone = false; !isDone;) {
      const { sealed, unreadable, moved } = await oneRound(sql, column);
      result.sealed += sealed;
      isDone = sealed + moved === 0;
      if (isDone && unreadable > 0)
        result.unreadable.push(`${column.table}.${column.column} (${unreadable})`);
    }
  }
  return result;
}

/** How much of a table is looked through at once; only the rows' places are kept of it. */
const pagesAtOnce = 512;

async function oneRound(sql: Sql, column: SealedColumn): Promise<Record<Fate, number>> {
  const size = await sql.query<{ pages: number }>(
    `SELECT (pg_relation_size($1::regclass) / current_setting('block_size')::int)::int AS pages`,
    [`"${column.table}"`],
  );
  const pages = size.rows[0]?.pages ?? 0;
  const round = { sealed: 0, unreadable: 0, moved: 0, current: 0 };
  for (let page = 0; page < pages; page += pagesAtOnce) {
    const { rows } = await sql.query<{ at: string }>(
      `SELECT ctid::text AS at FROM "${column.table}" WHERE ctid >= $1::tid AND ctid < $2::tid AND ${isOlder(column)}`,
      [`(${page},0)`, `(${page + pagesAtOnce},0)`, ...(isText(column) ? [] : [currentKeyName()])],
    );
    for (const { at } of rows) round[await oneRow(sql, column, at)] += 1;
  }
  return round;
}

function isText(column: SealedColumn): boolean {
  return sealedTexts.includes(column);
}

// An envelope says the name of its key in clear. An empty one holds nothing: what it held was forgotten. CASE, because
// PostgreSQL may try both sides of an AND, and an empty one has no second byte.
function isOlder(column: SealedColumn): string {
  const name = `"${column.column}"`;
  if (isText(column)) return `${name} <> ''`;
  return `CASE WHEN length(${name}) > 2 THEN substring(${name} FROM 3 FOR get_byte(${name}, 1)) <> convert_to($3, 'UTF8') END`;
}

type Fate = "sealed" | "unreadable" | "moved" | "current";

async function oneRow(sql: Sql, column: SealedColumn, at: string): Promise<Fate> {
  const found = await sql.query<{ value: Buffer | string | null; shop: string; row: string }>(
    `SELECT "${column.column}" AS value, ${column.shop ?? `"shop"`} AS shop, ${column.row} AS row FROM "${column.table}" WHERE ctid = $1::tid`,
    [at],
  );
  const [old] = found.rows;
  if (!old?.value) return "moved";
  const place = { table: column.table, column: column.column, shop: old.shop, row: old.row };
  const made = tryAnew(old.value, place);
  if (made === undefined) return "unreadable";
  if (made === "current") return made;
  const written = await sql.query(
    `UPDATE "${column.table}" SET "${column.column}" = $2 WHERE ctid = $1::tid AND "${column.column}" = $3`,
    [at, made, old.value],
  );
  return written.rowCount === 1 ? "sealed" : "moved";
}

function tryAnew(value: Buffer | string, place: Place): Buffer | string | undefined {
  try {
    return (typeof value === "string" ? sealTextAnew(value, place) : sealAnew(value, place)) ?? "current";
  } catch {
    return undefined;
  }
}

if (import.meta.main) {
  const pool = createPool(await databaseUrl(), { max: 1, name: "reseal" });
  const { sealed, unreadable } = await reseal(pool);
  await pool.end();
  process.stdout.write(`${sealed} values were sealed anew with the key "${currentKeyName()}".\n`);
  if (unreadable.length > 0)
    process.stdout.write(`No key of ENCRYPTION_KEYS opens: ${unreadable.join(", ")}. Put their key back.\n`);
  else process.stdout.write("The older keys seal nothing any more.\n");
  process.exit(unreadable.length > 0 ? 1 : 0);
}
