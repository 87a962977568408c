// Orders a person wants looked at again: routed anew, or brought in from Shopify.
import { z } from "zod";
import { inTransaction } from "../db.server.ts";
import type { World } from "../world.server.ts";
import { askForOrder } from "./intake.ts";
import { orderId } from "./order-id.ts";
import { tell } from "./parcels.ts";
import type { Decision } from "./standing.ts";

/**
 * Lets routing look at an order again, e.g. after products were chosen. Whoever asks for it has the order before their
 * eyes, so that what had no vendor when it was bought is made now.
 */
export async function routeAgain(
  world: World,
  { shop, orderId: id }: { shop: string; orderId: string },
): Promise<Decision> {
  if (!z.uuid().safeParse(id).success)
    return { refused: "This order is not here any more. Reload the page." };
  const decision = await inTransaction(world.db, async (sql): Promise<Decision> => {
    const routed = await sql.query(
      `UPDATE "Order" SET version = version + 1, "nextRunAt" = now() WHERE id = $1 AND shop = $2 AND facts IS NOT NULL`,
      [id, shop],
    );
    if (routed.rowCount !== 1)
      return {
        refused: "The details of this order are not kept any more, so it cannot be worked out again.",
      };
    await sql.query(`UPDATE "OrderLine" SET "passedBy" = false WHERE "orderId" = $1 AND "passedBy"`, [id]);
    await tell(sql, {
      shop,
      orderId: id,
      vendorOrderId: null,
      who: "merchant",
      sentence: "You asked to work out this order again.",
    });
    return { done: true };
  });
  if ("done" in decision) world.wake("routing");
  return decision;
}

/** Brings an order in that no webhook told of: intake reads it from Shopify. `shopifyId` may be a number or a gid. */
export async function importOrder(
  world: World,
  { shop, shopifyId: given }: { shop: string; shopifyId: string },
): Promise<Decision> {
  const shopifyId = given.trim().replace(/^gid:\/\/shopify\/Order\//, "");
  if (!/^\d{1,20}$/.test(shopifyId))
    return { refused: "Enter the order's number in Shopify: the digits at the end of its web address." };
  const { rows } = await world.db.query<{ redacted: boolean }>(
    `SELECT "redactedAt" IS NOT NULL AS redacted FROM "Order" WHERE id = $1 AND shop = $2`,
    [orderId(shop, shopifyId), shop],
  );
  if (rows[0]?.redacted)
    return { refused: "The personal data of this order was erased, so it is not brought in again." };
  await askForOrder(world.db, { shop, shopifyId });
  world.wake("intake");
  return { done: true };
}
