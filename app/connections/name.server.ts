// The name of a connection: a merchant tells accounts apart by it, on orders, products and tools, so no two of a shop
// that are there have the same.
import type { Sql } from "../db.server.ts";

/** Names as they are compared: nobody tells "Kits" from "kits". */
const plain = (label: string): string => label.trim().toLowerCase();

/** The names of a shop's connections, but for the one being changed. */
async function namesBeside(
  sql: Sql,
  { shop, connectionId }: { shop: string; connectionId?: string | undefined },
): Promise<Set<string>> {
  const { rows } = await sql.query<{ label: string }>(
    `SELECT label FROM "Connection" WHERE shop = $1 AND "removedAt" IS NULL AND id IS DISTINCT FROM $2::uuid`,
    [shop, connectionId ?? null],
  );
  return new Set(rows.map(({ label }) => plain(label)));
}

/** Whether another connection of the shop has this name. A connection that keeps its name takes nobody's. */
export async function isNameTaken(
  sql: Sql,
  given: { shop: string; label: string; before: { id: string; label: string } | undefined },
): Promise<boolean> {
  const { shop, label, before } = given;
  if (before && plain(before.label) === plain(label)) return false;
  return (await namesBeside(sql, { shop, connectionId: before?.id })).has(plain(label));
}

/** The vendor's name for its first account, "MGE DOT 2" for the second. */
export async function freeName(
  sql: Sql,
  { shop, vendorLabel }: { shop: string; vendorLabel: string },
): Promise<string> {
  const taken = await namesBeside(sql, { shop });
  let name = vendorLabel;
  for (let number = 2; taken.has(plain(name)); number++) name = `${vendorLabel} ${number}`;
  return name;
}
