// What routing decided about each line of an order, written down for the merchant.
import type { Sql } from "../db.server.ts";
import type { RoutedOrder } from "./parts.server.ts";

/** Writes the lines of a batch of orders and what becomes of each. A line that a vendor has stays the vendor's. */
export async function saveLines(sql: Sql, routed: RoutedOrder[]): Promise<void> {
  const rows = routed.flatMap(({ order, plan }) =>
    plan.verdicts.map((verdict, position) => ({ order, verdict, position })),
  );
  if (rows.length === 0) return;
  await sql.query(
    `INSERT INTO "OrderLine" (shop, "orderId", "shopifyLineId", "variantId", "productId", sku, title, "variantTitle", quantity, position, verdict, reason)
     SELECT * FROM unnest($1::text[], $2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::int[], $10::int[], $11::text[], $12::text[])
     ON CONFLICT ("orderId", "shopifyLineId") DO UPDATE SET quantity = EXCLUDED.quantity, position = EXCLUDED.position, title = EXCLUDED.title,
       sku = EXCLUDED.sku, "variantTitle" = EXCLUDED."variantTitle", reason = EXCLUDED.reason,
       verdict = CASE WHEN EXISTS (SELECT 1 FROM "VendorOrder" v WHERE v.id = "OrderLine"."vendorOrderId" AND v.status IN ('sent', 'shipped'))
                 THEN 'vendor' ELSE EXCLUDED.verdict END`,
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
    ],
  );
}
