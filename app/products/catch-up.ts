// Finds the products that no webhook told us of: Shopify does not promise to deliver each one and says to reconcile by
// updated_at (shopify.dev, webhooks, best practices, read 2026-11-22). A deleted product is in no list; a full sync
// finds it.
import { log } from "../log.server.ts";
import { adminFor, ShopifyError } from "../shopify/admin.server.ts";
import { listProductIdsUpdatedSince } from "../shopify/list-products.server.ts";
import type { World } from "../world.server.ts";
import { askForProduct, catalogueVendors } from "./known.server.ts";

// Read again a little of what was read last time: changes do not become visible in the order of their updated_at.
const overlapMinutes = 60;

/**
 * Looks at every shop with a catalogue that is being sent, from where the last look ended, at first from when the
 * catalogue was connected: the newest change that a webhook told says nothing about older ones. Two workers that look at
 * the same time ask for the same products, which are read once. Answers how many products it asked for.
 */
export async function catchUpProducts(world: World): Promise<number> {
  const shops = await world.db.query<{ shop: string; since: Date }>(
    `SELECT s.shop, greatest(s."productsCaughtUpTo", min(c."createdAt")) - $2 * interval '1 minute' AS since
     FROM "Connection" c JOIN "Shop" s ON s.shop = c.shop AND s."uninstalledAt" IS NULL AND s.reconnect IS NULL
     WHERE c.vendor = ANY($1) AND c.status = 'on' AND c."removedAt" IS NULL GROUP BY s.shop`,
    [catalogueVendors(), overlapMinutes],
  );
  let asked = 0;
  for (const { shop, since } of shops.rows) {
    try {
      asked += await catchUpShop(world, { shop, since });
    } catch (error) {
      // One shop's trouble, whatever it is, keeps no other shop from being looked at.
      if (error instanceof ShopifyError)
        log.warn({ shop, problem: error.problem }, "products.catch_up_failed");
      else log.error({ err: error, shop }, "products.catch_up_failed");
    }
  }
  return asked;
}

async function catchUpShop(world: World, { shop, since }: { shop: string; since: Date }): Promise<number> {
  const admin = adminFor(shop, world.db);
  let asked = 0;
  for (let cursor: string | undefined, more = true; more;) {
    const page = await listProductIdsUpdatedSince(admin, since, cursor);
    const known = await world.db.query<{ productId: string; updatedAt: Date }>(
      `SELECT "productId", "updatedAt" FROM "CatalogueProduct" WHERE shop = $1 AND "productId" = ANY($2) AND "updatedAt" IS NOT NULL`,
      [shop, page.products.map(({ id }) => id)],
    );
    const latest = new Map(known.rows.map((row) => [row.productId, row.updatedAt.getTime()]));
    for (const { id, updatedAt } of page.products) {
      if ((latest.get(id) ?? 0) >= new Date(updatedAt).getTime()) continue;
      await askForProduct(world.db, { shop, productId: id });
      asked++;
    }
    const last = page.products.at(-1);
    if (last)
      await world.db.query(
        `UPDATE "Shop" SET "productsCaughtUpTo" = greatest("productsCaughtUpTo", $2) WHERE shop = $1`,
        [shop, last.updatedAt],
      );
    cursor = page.next;
    more = page.next !== undefined;
  }
  if (asked > 0) log.info({ shop, asked }, "products.catch_up_found");
  return asked;
}
