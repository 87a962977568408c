// What a shopper chose, and the one opaque reference that carries it through the cart. The reference says only which of
// our rows is meant: what is made and what it costs, the Mapping of the paid variant decides.
import { randomBytes } from "node:crypto";
import { sha256 } from "../crypto.server.ts";
import type { Sql } from "../db.server.ts";
import { browserHash } from "./artwork.server.ts";
import type { Preview } from "./preview-rows.server.ts";

/** The cart line's reference to a choice. Hidden at checkout by its leading underscore. */
export const refProperty = "_dot_ref";

/** A choice as its row has it. */
export interface Selection {
  id: string;
  shop: string;
  productId: string;
  variantId: string;
  previewId: string;
  artworkId: string;
  look: string;
  customer: string | null;
  orderedAt: Date | null;
}

const columns = `id, shop, "productId", "variantId", "previewId", "artworkId", look, customer, "orderedAt"`;

interface Chosen {
  shop: string;
  productId: string;
  variantId: string;
  browser: string;
  preview: Pick<Preview, "id" | "artworkId">;
  look: string;
}

/** Keeps a choice and answers with its reference: 128 random bits, of which only a hash is kept. */
export async function keepSelection(sql: Sql, chosen: Chosen): Promise<string> {
  const ref = randomBytes(16).toString("base64url");
  await insert(sql, chosen, sha256(ref));
  return ref;
}

/** Keeps a choice that was made for an order line: it needs no reference. Answers with its id. */
export async function keepSelectionForLine(sql: Sql, chosen: Chosen): Promise<string> {
  return insert(sql, chosen, null);
}

async function insert(sql: Sql, chosen: Chosen, ref: string | null): Promise<string> {
  const { shop, productId, variantId, browser, preview, look } = chosen;
  const { rows } = await sql.query<{ id: string }>(
    `INSERT INTO "Selection" (shop, ref, "productId", "variantId", browser, "previewId", "artworkId", look) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) RETURNING id`,
    [shop, ref, productId, variantId, browserHash(shop, browser), preview.id, preview.artworkId, look],
  );
  return rows[0]?.id ?? "";
}

/** Whether a text has the form of a reference. */
export function isRef(text: string): boolean {
  return /^[\w-]{22}$/.test(text);
}

/** The choice that a reference of this shop stands for. */
export async function findByRef(
  sql: Sql,
  { shop, ref }: { shop: string; ref: string },
): Promise<Selection | undefined> {
  if (!isRef(ref)) return undefined;
  const { rows } = await sql.query<Selection>(
    `SELECT ${columns} FROM "Selection" WHERE shop = $1 AND ref = $2`,
    [shop, sha256(ref)],
  );
  return rows[0];
}

/** A choice by its id. */
export async function findSelection(
  sql: Sql,
  { shop, id }: { shop: string; id: string },
): Promise<Selection | undefined> {
  const { rows } = await sql.query<Selection>(
    `SELECT ${columns} FROM "Selection" WHERE shop = $1 AND id = $2`,
    [shop, id],
  );
  return rows[0];
}

/**
 * Binds a choice to the customer who ordered it first. false when somebody else did: whoever copies a reference out of
 * another order must not be sent that shopper's picture.
 */
export async function bindToCustomer(
  sql: Sql,
  { selection, customer }: { selection: Selection; customer: string },
): Promise<boolean> {
  const { rowCount } = await sql.query(
    `UPDATE "Selection" SET customer = coalesce(customer, $3), "orderedAt" = coalesce("orderedAt", now())
     WHERE id = $1 AND shop = $2 AND (customer IS NULL OR customer = $3)`,
    [selection.id, selection.shop, customer],
  );
  return rowCount === 1;
}
