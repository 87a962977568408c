// Hands on what the storefront's requests taught us of the proxy's path: the worker writes it where the block reads
// it. Never in a shopper's request, which would wait for Shopify.
import type { Db } from "../db.server.ts";
import { log } from "../log.server.ts";
import { adminFor, ShopifyError } from "../shopify/admin.server.ts";
import { writeProxyPath } from "../shopify/write-proxy-path.server.ts";

const againMinutes = 10;

/** Writes the path of up to ten shops whose block knows another, or none. Answers how many it has told. */
export async function tellProxyPaths(db: Db): Promise<number> {
  const { rows } = await db.query<{ shop: string; path: string }>(
    `UPDATE "Shop" SET "proxyTellAt" = now() + $1 * interval '1 minute' WHERE shop IN (
       SELECT shop FROM "Shop" WHERE "proxyPath" IS DISTINCT FROM "proxyTold" AND "proxyPath" IS NOT NULL AND "proxyTellAt" <= now()
         AND "uninstalledAt" IS NULL AND reconnect IS NULL ORDER BY "proxyTellAt" LIMIT 10 FOR UPDATE SKIP LOCKED)
     RETURNING shop, "proxyPath" AS path`,
    [againMinutes],
  );
  let told = 0;
  for (const { shop, path } of rows) {
    try {
      await writeProxyPath(adminFor(shop, db), path);
    } catch (error) {
      if (!(error instanceof ShopifyError)) throw error;
      log.warn({ shop, problem: error.problem }, "proxy-path.failed");
      continue;
    }
    // Due again at once, should it have moved meanwhile.
    await db.query(
      `UPDATE "Shop" SET "proxyTold" = $2, "proxyTellAt" = now() WHERE shop = $1 AND "uninstalledAt" IS NULL`,
      [shop, path],
    );
    told += 1;
    log.info({ shop, path }, "proxy-path.told");
  }
  return told;
}
