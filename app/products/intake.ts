// Products, step 1: what a product webhook changes about our mappings, and that the product is to be read again for
// the vendors that take a catalogue. The body itself is not published: it has no metafields, and webhooks come in any
// order (shopify.dev, webhooks, read 2026-11-22), while Shopify's answer is always the newest.
import { z } from "zod";
import type { Sql } from "../db.server.ts";
import type { InboxEvent } from "../inbox-event.ts";
import { finishedOperation } from "../shopify/bulk-file.server.ts";
import { askForProduct } from "./known.server.ts";

const numberText = z.union([z.string(), z.number()]).transform(String);
const productBody = z.object({
  id: numberText,
  title: z.string().catch(""),
  variants: z
    .array(z.object({ id: numberText, title: z.string().catch(""), sku: z.string().nullish().catch(null) }))
    .catch([]),
});

/** products/create and products/update: the names under which the merchant sees its mappings, and variants that are gone. */
export async function takeProduct(sql: Sql, { event, body }: InboxEvent): Promise<string> {
  const parsed = productBody.safeParse(body);
  if (!parsed.success) return "The message names no product.";
  const { title, variants, id } = parsed.data;
  const names = variants.map((variant) =>
    variant.title === "" || variant.title === "Default Title" ? title : `${title} – ${variant.title}`,
  );
  await sql.query(
    `UPDATE "Mapping" SET title = now.title, sku = now.sku, "goneAt" = NULL
     FROM unnest($2::text[], $3::text[], $4::text[]) AS now(id, title, sku) WHERE "Mapping".shop = $1 AND "Mapping"."variantId" = now.id`,
    [
      event.shop,
      variants.map((variant) => variant.id),
      names,
      variants.map((variant) => variant.sku ?? null),
    ],
  );
  await sql.query(
    `UPDATE "Mapping" SET "goneAt" = coalesce("goneAt", now()) WHERE shop = $1 AND "productId" = $2 AND NOT "variantId" = ANY($3)`,
    [event.shop, id, variants.map((variant) => variant.id)],
  );
  const isWanted = await askForProduct(sql, { shop: event.shop, productId: id });
  return isWanted
    ? "The product's names were brought up to date; it is read from Shopify for your catalogues."
    : "The product's names were brought up to date.";
}

/** products/delete: mappings stay for open orders, marked as gone. */
export async function takeDeletedProduct(sql: Sql, { event, body }: InboxEvent): Promise<string> {
  const parsed = z.object({ id: numberText }).safeParse(body);
  if (!parsed.success) return "The message names no product.";
  await sql.query(
    `UPDATE "Mapping" SET "goneAt" = coalesce("goneAt", now()) WHERE shop = $1 AND "productId" = $2`,
    [event.shop, parsed.data.id],
  );
  await askForProduct(sql, { shop: event.shop, productId: parsed.data.id });
  return "The product was deleted in Shopify; what it was mapped to is kept for its open orders.";
}

/** bulk_operations/finish: the sync that waits for this export looks now, instead of at its next turn. */
export async function takeFinishedOperation(sql: Sql, { event, body }: InboxEvent): Promise<string> {
  const parsed = finishedOperation.safeParse(body);
  if (!parsed.success) return "The message names no operation.";
  const { rowCount } = await sql.query(
    `UPDATE "CatalogueSync" SET "nextRunAt" = now() WHERE shop = $1 AND "operationId" = $2 AND state = 'reading'`,
    [event.shop, parsed.data.admin_graphql_api_id],
  );
  return rowCount === 1 ? "An export is finished; it is read now." : "No sync waits for this export.";
}
