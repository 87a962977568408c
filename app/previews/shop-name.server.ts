// The shop's name as its shoppers know it, for pages that they open on our host.
import { setTimeout as pause } from "node:timers/promises";
import { z } from "zod";
import type { Db } from "../db.server.ts";
import { log } from "../log.server.ts";
import { adminFor } from "../shopify/admin.server.ts";

const kept = new Map<string, { name: string; until: number }>();
const hour = 3_600_000;
// A shopper waits no longer for a name than this; then the shop's address stands for it.
const patienceMs = 1500;

const shape = z.object({ shop: z.object({ name: z.string() }) });

/** The name, asked of Shopify at most once an hour; the storefront's address when it cannot be had in time. */
export async function nameOfShop(db: Db, shop: string, now: number = Date.now()): Promise<string> {
  const known = kept.get(shop);
  if (known && known.until > now) return known.name;
  const name = await Promise.race([ask(db, shop), pause(patienceMs, undefined, { ref: false })]);
  if (name !== undefined && name !== "") {
    kept.set(shop, { name, until: now + hour });
    return name;
  }
  const { rows } = await db.query<{ host: string | null }>(
    `SELECT "hosts"[1] AS host FROM "Shop" WHERE shop = $1`,
    [shop],
  );
  return rows[0]?.host ?? shop;
}

async function ask(db: Db, shop: string): Promise<string | undefined> {
  try {
    const answer = await adminFor(shop, db).graphql("query ShopName { shop { name } }", {}, shape);
    return answer.shop.name.trim();
  } catch (error) {
    log.warn({ err: error, shop }, "photo_page.no_shop_name");
    return undefined;
  }
}
