// What is remembered about a connection under a name: small texts, sealed. A vendor's tools keep theirs here, and the
// registering of callbacks its own.
import { open, seal, type Place } from "../crypto.server.ts";
import type { Sql } from "../db.server.ts";

/** Whose memory, and under which name. */
export interface Memory {
  shop: string;
  connectionId: string;
  name: string;
}

const placeOf = ({ shop, connectionId, name }: Memory): Place => ({
  table: "VendorMemory",
  column: "value",
  shop,
  row: `${connectionId}/${name}`,
});

/** What is remembered, and when it was written; undefined when there is nothing. */
export async function recall(sql: Sql, at: Memory): Promise<{ value: string; changedAt: Date } | undefined> {
  const { rows } = await sql.query<{ value: Buffer; changedAt: Date }>(
    `SELECT value, "changedAt" FROM "VendorMemory" WHERE "connectionId" = $1 AND name = $2 AND shop = $3`,
    [at.connectionId, at.name, at.shop],
  );
  const [row] = rows;
  return row && { value: open(row.value, placeOf(at)).toString(), changedAt: row.changedAt };
}

/** Remembers; durable when it returns. */
export async function remember(sql: Sql, at: Memory & { value: string }): Promise<void> {
  await sql.query(
    `INSERT INTO "VendorMemory" (shop, "connectionId", name, value) VALUES ($1, $2, $3, $4)
     ON CONFLICT ("connectionId", name) DO UPDATE SET value = EXCLUDED.value, "changedAt" = now() WHERE "VendorMemory".shop = EXCLUDED.shop`,
    [at.shop, at.connectionId, at.name, seal(at.value, placeOf(at))],
  );
}

/** Remembers, unless something younger than `minutes` is there. Answers whether it was written: a lock with an end. */
export async function take(sql: Sql, at: Memory & { value: string; minutes: number }): Promise<boolean> {
  const taken = await sql.query(
    `INSERT INTO "VendorMemory" (shop, "connectionId", name, value) VALUES ($1, $2, $3, $4)
     ON CONFLICT ("connectionId", name) DO UPDATE SET value = EXCLUDED.value, "changedAt" = now()
     WHERE "VendorMemory".shop = EXCLUDED.shop AND "VendorMemory"."changedAt" < now() - $5 * interval '1 minute'`,
    [at.shop, at.connectionId, at.name, seal(at.value, placeOf(at)), at.minutes],
  );
  return taken.rowCount === 1;
}

/** Forgets. */
export async function forget(sql: Sql, at: Memory): Promise<void> {
  await sql.query(`DELETE FROM "VendorMemory" WHERE "connectionId" = $1 AND name = $2 AND shop = $3`, [
    at.connectionId,
    at.name,
    at.shop,
  ]);
}
