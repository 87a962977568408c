// What routing decided about each line of an order, written down for the merchant, and read again to be made.
import type { Sql } from "../db.server.ts";
import type { RoutedOrder } from "./routed-order.ts";

/** A line of a part: what is to be made of it, and the vendor product that it is. */
export interface LineToMake {
  lineId: string;
  /** What it was bought as: Shopify names no variant any more once it is deleted. */
  variantId: string | null;
  productId: string | null;
  quantity: number;
  product: unknown;
  mapped: boolean;
}

/** SQL: the LinesToMake of the VendorOrder `v`, as JSON. The Mapping is that of the variant, else of the exact SKU. */
export const linesToMake = `
  (SELECT coalesce(json_agg(json_build_object('lineId', l."shopifyLineId", 'variantId', l."variantId", 'productId', l."productId", 'quantity', l.quantity, 'product', m.product, 'mapped', m.id IS NOT NULL)
     ORDER BY l.position), '[]')
   FROM "OrderLine" l LEFT JOIN LATERAL (
     SELECT m.id, m.product FROM "Mapping" m WHERE m.shop = l.shop AND m."connectionId" = v."connectionId"
       AND (m."variantId" = l."variantId" OR (m.sku <> '' AND m.sku = l.sku)) ORDER BY m."variantId" = l."variantId" DESC LIMIT 1) m ON true
   WHERE l."vendorOrderId" = v.id AND l.quantity > 0)`;

// A vendor has the part of this line, or may have it: what it was sent is not what the order says any more.
const theirs = `EXISTS (SELECT 1 FROM "VendorOrder" v WHERE v.id = "OrderLine"."vendorOrderId"
  AND (v.status IN ('sent', 'shipped') OR v."committingAt" IS NOT NULL OR v.code IN ('unsure', 'number unknown')))`;
const isSent = `EXISTS (SELECT 1 FROM "VendorOrder" v WHERE v.id = "OrderLine"."vendorOrderId" AND v.status IN ('sent', 'shipped'))`;

/**
 * Writes the lines of a batch of orders and what becomes of each. A line that a vendor has stays the vendor's. While an
 * order waits to be paid, what lies in a part is what was paid before: it may become less, but not more.
 */
export async function saveLines(sql: Sql, routed: RoutedOrder[]): Promise<void> {
  const rows = routed.flatMap(({ order, plan }) =>
    plan.verdicts.map((verdict, position) => ({ order, verdict, position })),
  );
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO "OrderLine" (shop, "orderId", "shopifyLineId", "variantId", "productId", sku, title, "variantTitle", quantity, position, verdict, reason, "passedBy", elsewhere)
     SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::int[], $11::text[], $12::text[], $13::bool[], $14::int[])
     ON CONFLICT ("orderId", "shopifyLineId") DO UPDATE SET position = EXCLUDED.position, title = EXCLUDED.title,
       sku = EXCLUDED.sku, "variantTitle" = EXCLUDED."variantTitle", reason = EXCLUDED.reason, "passedBy" = "OrderLine"."passedBy" OR EXCLUDED."passedBy",
       quantity = CASE WHEN EXCLUDED."orderId" = ANY($15::uuid[]) AND "OrderLine"."vendorOrderId" IS NOT NULL AND NOT ${isSent}
                  THEN least("OrderLine".quantity, EXCLUDED.quantity) ELSE EXCLUDED.quantity END,
       "sentQuantity" = CASE WHEN ${theirs} THEN coalesce("OrderLine"."sentQuantity", "OrderLine".quantity) END,
       elsewhere = CASE WHEN ${theirs} THEN "OrderLine".elsewhere ELSE EXCLUDED.elsewhere END,
       verdict = CASE WHEN ${isSent} THEN 'vendor' ELSE EXCLUDED.verdict END`,
    [
      rows.map(({ order }) => order.shop),
      rows.map(({ order }) => order.id),
      rows.map(({ verdict }) => verdict.line.id),
      rows.map(({ verdict }) => verdict.line.variantId ?? null),
      rows.map(({ verdict }) => verdict.line.productId ?? null),
      rows.map(({ verdict }) => verdict.line.sku ?? null),
      rows.map(({ verdict }) => verdict.line.title),
      rows.map(({ verdict }) => verdict.line.variantTitle ?? null),
      rows.map(({ verdict }) => verdict.line.quantity),
      rows.map(({ position }) => position),
      rows.map(({ verdict }) => verdict.verdict),
      rows.map(({ verdict }) => verdict.reason ?? null),
      rows.map(({ verdict }) => verdict.passedBy ?? false),
      rows.map(({ verdict }) => verdict.elsewhere ?? 0),
      routed.filter(({ plan }) => plan.status === "waiting").map(({ order }) => order.id),
    ],
  );
}

/**
 * SQL: lets routing look again at an order `o` with lines that wait, or that changed, once it is known what became of the
 * part that they wait for or lie in. An AND with the order's id follows.
 */
export const routeWhatWaits = `
  UPDATE "Order" o SET version = o.version + 1, "nextRunAt" = now() WHERE o.facts IS NOT NULL
    AND EXISTS (SELECT 1 FROM "OrderLine" l WHERE l."orderId" = o.id AND (l.verdict = 'held' OR l."sentQuantity" IS NOT NULL))`;
