// A shop that Shopify just gave us a token for: whatever stood in the way of working for it is over.
import type { Sql } from "../db.server.ts";

/**
 * Notes that a shop has the app. `installedAt` is the start of this installation: it moves when the shop comes
 * back after an uninstall, and stays when only a token was renewed. What was told of orders in between is worked out now.
 */
export async function welcomeShop(sql: Sql, shop: string): Promise<void> {
  await sql.query(
    `WITH "back" AS (SELECT 1 FROM "Shop" WHERE "shop" = $1 AND "uninstalledAt" IS NOT NULL),
       "told" AS (UPDATE "Order" SET "nextRunAt" = now() WHERE "shop" = $1 AND "routed" < "version" AND EXISTS (SELECT 1 FROM "back"))
     INSERT INTO "Shop" ("shop") VALUES ($1)
     ON CONFLICT ("shop") DO UPDATE SET
       "installedAt" = CASE WHEN "Shop"."uninstalledAt" IS NULL THEN "Shop"."installedAt" ELSE now() END,
       "proxyTold" = CASE WHEN "Shop"."uninstalledAt" IS NULL THEN "Shop"."proxyTold" END,
       "uninstalledAt" = NULL, "reconnect" = NULL`,
    [shop],
  );
}
