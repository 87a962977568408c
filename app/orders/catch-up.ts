// Finds what no webhook told us: reads which orders Shopify changed since the last look and asks for each of them.
// Shopify does not promise to deliver every webhook and says to reconcile by updated_at (shopify.dev, webhooks,
// best practices, read 2026-11-22). A lost one is found within a quarter of an hour.
import { log } from "../log.server.ts";
import { adminFor, ShopifyError } from "../shopify/admin.server.ts";
import { listOrderIdsUpdatedSince, type ChangedOrder } from "../shopify/list-orders.server.ts";
import type { World } from "../world.server.ts";
import { askForOrder } from "./intake.ts";

const everyMinutes = 10;
// Read again a little of what was read last time: updated_at is not in the order in which changes become visible.
const overlapMinutes = 10;

/** Looks at every shop whose last look is ten minutes old, ten at a time. Answers how many orders it asked for. */
export async function catchUp(world: World): Promise<number> {
  let asked = 0;
  for (;;) {
    const shops = await world.db.query<{ shop: string; since: Date }>(
      `UPDATE "Shop" SET "catchUpAt" = now() + $1 * interval '1 minute' WHERE shop IN (
         SELECT shop FROM "Shop" WHERE "catchUpAt" <= now() AND "uninstalledAt" IS NULL AND reconnect IS NULL ORDER BY "catchUpAt" LIMIT 10 FOR UPDATE SKIP LOCKED)
       RETURNING shop, greatest(coalesce("caughtUpTo", "installedAt") - $2 * interval '1 minute', now() - interval '59 days') AS since`,
      [everyMinutes, overlapMinutes],
    );
    if (shops.rows.length === 0) break;
    const found = await Promise.all(shops.rows.map((look) => tryShop(world, look)));
    asked += found.reduce((sum, one) => sum + one, 0);
  }
  if (asked > 0) world.wake("intake");
  return asked;
}

// One shop's trouble, whatever it is, keeps no other shop from being looked at.
async function tryShop(world: World, look: { shop: string; since: Date }): Promise<number> {
  try {
    return await catchUpShop(world, look);
  } catch (error) {
    if (error instanceof ShopifyError)
      log.warn({ shop: look.shop, problem: error.problem }, "catch-up.failed");
    else log.error({ err: error, shop: look.shop }, "catch-up.failed");
    return 0;
  }
}

interface Known {
  shopifyId: string;
  updatedAt: Date;
  paid: boolean;
  cancelled: boolean;
}

// Shopify's moments are whole seconds: an order that is paid in the second in which it was placed says the same moment
// before and after.
function isKnown(now: ChangedOrder, known: Known | undefined): boolean {
  if (!known || known.updatedAt.getTime() < new Date(now.updatedAt).getTime()) return false;
  return (known.paid || !now.paid) && (known.cancelled || !now.cancelled);
}

async function catchUpShop(world: World, { shop, since }: { shop: string; since: Date }): Promise<number> {
  const admin = adminFor(shop, world.db);
  let asked = 0;
  for (let cursor: string | undefined, more = true; more;) {
    const page = await listOrderIdsUpdatedSince(admin, since, cursor);
    const known = await world.db.query<Known>(
      `SELECT "shopifyId", "updatedAt", paid, "cancelledAt" IS NOT NULL AS cancelled FROM "Order" WHERE shop = $1 AND "shopifyId" = ANY($2)`,
      [shop, page.orders.map(({ id }) => id)],
    );
    const latest = new Map(known.rows.map((row) => [row.shopifyId, row]));
    for (const order of page.orders) {
      if (isKnown(order, latest.get(order.id))) continue;
      await askForOrder(world.db, { shop, shopifyId: order.id });
      asked++;
    }
    const last = page.orders.at(-1);
    if (last)
      await world.db.query(`UPDATE "Shop" SET "caughtUpTo" = greatest("caughtUpTo", $2) WHERE shop = $1`, [
        shop,
        last.updatedAt,
      ]);
    cursor = page.next;
    more = page.next !== undefined;
  }
  if (asked > 0) log.info({ shop, asked }, "catch-up.found");
  return asked;
}
