// A shop that Shopify just gave us a token for: whatever stood in the way of working for it is over.
import type { Sql } from "../db.server.ts";

/**
 * Notes that a shop has the app. `installedAt` is the start of this installation: it moves when the shop comes
 * back after an uninstall, and stays when only a token was renewed.
 */
export async function welcomeShop(sql: Sql, shop: string): Promise<void> {
  await sql.query(
    `INSERT INTO "Shop" ("shop") VALUES ($1)
     ON CONFLICT ("shop") DO UPDATE SET
       "installedAt" = CASE WHEN "Shop"."uninstalledAt" IS NULL THEN "Shop"."installedAt" ELSE now() END,
       "proxyTold" = CASE WHEN "Shop"."uninstalledAt" IS NULL THEN "Shop"."proxyTold" END,
       "uninstalledAt" = NULL, "reconnect" = NULL`,
    [shop],
  );
}
