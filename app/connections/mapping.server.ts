// Which vendor product a variant is: the vendor's pick-list, and the Mapping a merchant makes from it.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { inTransaction, type Sql } from "../db.server.ts";
import type { Decision } from "../orders/decision.server.ts";
import { readForm } from "../vendors/fields.ts";
import { vendorById } from "../vendors/index.server.ts";
import {
  VendorError,
  type Configured,
  type VariantOptions,
  type Vendor,
  type VendorProduct,
} from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import { askOpen, openConnection } from "./ask.server.ts";
import { findConnection, gone, openSettings } from "./row.server.ts";

/** The vendor's products that fit `search`. A vendor without a pick-list has none: its fields are filled in by hand. */
export async function pickProducts(
  world: World,
  at: { shop: string; connectionId: string; search: string },
): Promise<{ products: VendorProduct[] } | { refused: string }> {
  const open = await openConnection(world, at);
  if (!open) return { refused: gone };
  const { vendor, settings } = open;
  if (!vendor.products) return { products: [] };
  const { products } = vendor;
  const search = at.search.trim().slice(0, 200);
  const asked = await askOpen(world, open, (asking) => products(settings, search, asking));
  return "refused" in asked ? { refused: asked.refused } : { products: asked.answer };
}

/**
 * Asks the vendor to complete a product in the making, with what the variant's own options say of it. What the vendor
 * does not answer is refused with its sentence: the page then shows the plain form. A vendor without a configurator offers
 * nothing and changes nothing.
 */
export async function configureProduct(
  world: World,
  at: {
    shop: string;
    connectionId: string;
    product: Record<string, unknown>;
    options?: VariantOptions | undefined;
  },
): Promise<{ configured: Configured } | { refused: string }> {
  const open = await openConnection(world, at);
  if (!open) return { refused: gone };
  const { vendor, settings } = open;
  const { product, options = [] } = at;
  if (!vendor.configure) return { configured: { product, choices: {}, facts: [], problems: {} } };
  const { configure } = vendor;
  const asked = await askOpen(world, open, async (asking) => {
    const made = await configure(product, settings, asking);
    const fillings = Object.entries(said(vendor, { options, product: made.product, settings })).filter(
      ([key, value]) => value !== undefined && made.product[key] === undefined,
    );
    // Asked once more, because a price follows what was filled in.
    return fillings.length === 0
      ? made
      : configure({ ...made.product, ...Object.fromEntries(fillings) }, settings, asking);
  });
  return "refused" in asked ? { refused: asked.refused } : { configured: asked.answer };
}

function said(
  vendor: Vendor,
  given: { options: VariantOptions; product: Record<string, unknown>; settings: Record<string, unknown> },
): Record<string, unknown> {
  return vendor.fromOptions?.(given.options, given.product, given.settings) ?? {};
}

const variant = z.object({
  variantId: z.string().regex(/^\d{1,20}$/, "Choose a variant first."),
  productId: z
    .string()
    .regex(/^\d{1,20}$/)
    .nullable(),
  title: z.string().trim().min(1).max(400),
  sku: z.string().trim().max(255).nullable(),
});

/** Shopify's number, whether it came as "gid://shopify/ProductVariant/1" or as "1". */
const digitsOf = (id: string): string => id.replace(/^gid:\/\/shopify\/\w+\//, "");

/**
 * Says which vendor product a variant is; the form holds the vendor's product fields by their keys. What its own options
 * say is filled in where the form says nothing. Of a form that was filled in for another variant (`isCopy`) nothing is
 * taken that they decide. Orders that wait for this choice are routed again.
 */
export async function saveMapping(
  world: World,
  given: {
    shop: string;
    connectionId: string;
    variantId: string;
    productId?: string | undefined;
    title: string;
    sku?: string | undefined;
    options?: VariantOptions | undefined;
    isCopy?: boolean;
    form: FormData;
  },
): Promise<{ errors: Record<string, string> } | { mappingId: string }> {
  const { shop, connectionId, form, options = [], isCopy = false } = given;
  const connection = await findConnection(world.db, { shop, connectionId });
  const vendor = connection && vendorById(connection.vendor);
  if (!connection || !vendor) return { errors: { connectionId: gone } };
  const read = readForm(vendor.product, form);
  if ("errors" in read) return read;
  const which = variant.safeParse({
    variantId: digitsOf(given.variantId),
    productId: given.productId ? digitsOf(given.productId) : null,
    title: given.title,
    sku: given.sku ?? null,
  });
  if (!which.success) return { errors: { variantId: "Choose a variant first." } };
  const { variantId, productId, title, sku } = which.data;
  const product = withOptions(vendor, {
    options,
    isCopy,
    product: read.values,
    settings: openSettings(connection),
  });
  if (product instanceof VendorError) return { errors: { connectionId: product.message } };

  const mappingId = await inTransaction(world.db, async (sql) => {
    const saved = await sql.query<{ id: string }>(
      `INSERT INTO "Mapping" (id, shop, "variantId", "productId", title, sku, "connectionId", product) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
       ON CONFLICT (shop, "variantId") DO UPDATE SET "productId" = coalesce(EXCLUDED."productId", "Mapping"."productId"), title = EXCLUDED.title,
         sku = EXCLUDED.sku, "connectionId" = EXCLUDED."connectionId", product = EXCLUDED.product, "goneAt" = NULL, "changedAt" = now()
       RETURNING id`,
      [randomUUID(), shop, variantId, productId, title, sku, connectionId, JSON.stringify(product)],
    );
    await routeAffected(sql, { shop, variantId });
    return saved.rows[0]?.id ?? "";
  });
  world.wake("routing");
  return { mappingId };
}

function withOptions(
  vendor: Vendor,
  given: Parameters<typeof said>[1] & { isCopy: boolean },
): Record<string, unknown> | VendorError {
  const { product, isCopy } = given;
  try {
    const own = said(vendor, given);
    const open = Object.entries(own).filter(([key]) => isCopy || product[key] === undefined);
    return { ...product, ...Object.fromEntries(open) };
  } catch (error) {
    // Settings that an earlier release took and this one does not.
    if (error instanceof VendorError) return error;
    throw error;
  }
}

// Orders with a line of this variant that waits for the choice, or lies in a part that was not sent yet. What was
// "not ours" when it was bought stays so: a choice made today must not order last month's lines.
async function routeAffected(
  sql: Sql,
  { shop, variantId }: { shop: string; variantId: string },
): Promise<void> {
  await sql.query(
    `UPDATE "Order" SET version = version + 1, "nextRunAt" = now() WHERE shop = $1 AND facts IS NOT NULL AND id IN (
       SELECT l."orderId" FROM "OrderLine" l LEFT JOIN "VendorOrder" v ON v.id = l."vendorOrderId"
       WHERE l.shop = $1 AND l."variantId" = $2
         AND (l.verdict = 'held' OR (v.status IN ('waiting', 'held') AND v."committingAt" IS NULL)))`,
    [shop, variantId],
  );
}

/** Forgets which vendor product a variant is. Orders with a part that was not sent yet are routed again. */
export async function removeMapping(
  world: World,
  { shop, mappingId }: { shop: string; mappingId: string },
): Promise<Decision> {
  if (!z.uuid().safeParse(mappingId).success) return { refused: "This product is not in the list any more." };
  const isRemoved = await inTransaction(world.db, async (sql) => {
    const removed = await sql.query<{ variantId: string }>(
      `DELETE FROM "Mapping" WHERE id = $1 AND shop = $2 RETURNING "variantId"`,
      [mappingId, shop],
    );
    const [row] = removed.rows;
    if (row) await routeAffected(sql, { shop, variantId: row.variantId });
    return row !== undefined;
  });
  if (!isRemoved) return { refused: "This product is not in the list any more." };
  world.wake("routing");
  return { done: true };
}
