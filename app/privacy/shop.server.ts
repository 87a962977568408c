// A shop that leaves: at once nothing more is sent for it, and 48 hours later nothing of it is left. A shop that came
// back in between is not touched, however late the news of its leaving arrives.
import type { Sql } from "../db.server.ts";
import { log } from "../log.server.ts";
import { leaveBaskets } from "./erase.server.ts";

// A token lives an hour, so one that ends later than an hour after a moment was given out after that moment, and
// Shopify gives none to a shop without the app.
const cameBack = `
  SELECT EXISTS (
    SELECT 1 FROM "Shop" s LEFT JOIN "Session" t ON t."shop" = s."shop" AND t."accessToken" <> ''
    WHERE s."shop" = $1 AND s."uninstalledAt" IS NULL
      AND greatest(s."installedAt", t."expires" - interval '1 hour') > $2::timestamptz
  ) AS "back"`;

async function hasComeBack(sql: Sql, shop: string, since: Date): Promise<boolean> {
  const { rows } = await sql.query<{ back: boolean }>(cameBack, [shop, since]);
  return rows[0]?.back === true;
}

/** app/uninstalled. `triggeredAt` is Shopify's own time of it; news from before the shop came back changes nothing. */
export async function forgetShop(
  sql: Sql,
  { shop, triggeredAt }: { shop: string; triggeredAt?: string | undefined },
): Promise<void> {
  if (await hasComeBack(sql, shop, moment(triggeredAt))) {
    log.info({ shop }, "shop.uninstall_ignored");
    return;
  }
  await sql.query(`DELETE FROM "Session" WHERE "shop" = $1`, [shop]);
  await sql.query(
    `UPDATE "Shop" SET "uninstalledAt" = coalesce("uninstalledAt", now()), "reconnect" = NULL WHERE "shop" = $1`,
    [shop],
  );
  // Paused connections are what keeps parts from being sent; a merchant who comes back resumes them.
  await sql.query(
    `UPDATE "Connection" SET "status" = 'paused', "retestAt" = NULL,
       "sentence" = 'Paused because Makerlane was uninstalled. Resume it when orders should go to this vendor again.'
     WHERE "shop" = $1 AND "removedAt" IS NULL`,
    [shop],
  );
  await sql.query(`UPDATE "Order" SET "readAgain" = false WHERE "shop" = $1 AND "readAgain"`, [shop]);
  await holdParts(sql, shop);
  log.info({ shop }, "shop.uninstalled");
}

async function holdParts(sql: Sql, shop: string): Promise<void> {
  // A conversation that is about to buy is left to say how it ended. Any other part waits for a person.
  const held = await sql.query<{ id: string }>(
    `WITH mine AS (
       UPDATE "VendorOrder" SET "status" = 'held', "fence" = "fence" + 1, "leaseUntil" = NULL, "approvedAt" = NULL, "changedAt" = now(),
         "code" = CASE WHEN "committingAt" IS NULL THEN 'approval' ELSE 'unsure' END,
         "sentence" = CASE WHEN "committingAt" IS NULL THEN $2 ELSE $3 || "reference" || '.' END
       WHERE "shop" = $1 AND "status" = 'waiting' AND ("committingAt" IS NULL OR coalesce("leaseUntil" < now(), true))
       RETURNING "id", "orderId", "sentence"),
     told AS (INSERT INTO "TimelineEntry" ("shop", "orderId", "vendorOrderId", "sentence") SELECT $1, "orderId", "id", "sentence" FROM mine)
     SELECT "id" FROM mine`,
    [
      shop,
      "Makerlane was uninstalled before this part was sent. Approve it if it should still go.",
      "Makerlane was uninstalled while the vendor's answer was missing. Look there whether it has ",
    ],
  );
  await leaveBaskets(
    sql,
    held.rows.map(({ id }) => id),
  );
}

/**
 * shop/redact: removes every row of the shop. Pictures, their previews and what was chosen of them go with the next
 * sweeps, files first. `triggeredAt` is Shopify's
 * own time of the message, 48 hours after the uninstall. Answers with what was done, as a sentence.
 */
export async function redactShop(sql: Sql, shop: string, triggeredAt?: string): Promise<string> {
  // An hour less, because the clocks of two companies are involved.
  const uninstalled = new Date(moment(triggeredAt).getTime() - 47 * 3_600_000);
  if (await hasComeBack(sql, shop, uninstalled)) return "The shop has Makerlane again, so its data stays.";

  const accounts = await sql.query<{ id: string }>(
    `SELECT "accountId" AS "id" FROM "Connection" WHERE "shop" = $1 UNION SELECT "accountId" FROM "VendorOrder" WHERE "shop" = $1`,
    [shop],
  );
  const parts = await sql.query<{ id: string }>(`SELECT "id" FROM "VendorOrder" WHERE "shop" = $1`, [shop]);
  await leaveBaskets(
    sql,
    parts.rows.map(({ id }) => id),
  );
  await sql.query(`UPDATE "Artwork" SET "forgetAt" = now(), "filename" = '' WHERE "shop" = $1`, [shop]);
  for (const table of [
    "OrderLine",
    "TimelineEntry",
    "Shipment",
    "Attempt",
    "VendorOrder",
    "Order",
    "Mapping",
    "VendorCallback",
    "VendorMemory",
    "ArtworkOrder",
    "OrderPicture",
    "PhotoLink",
    "RateBucket",
    "UploadTicket",
    "Publication",
    "CatalogueSync",
    "Catalogue",
    "CatalogueProduct",
  ])
    await sql.query(`DELETE FROM "${table}" WHERE "shop" = $1`, [shop]);
  for (const table of ["Connection", "WebhookEvent", "PrivacyRequest", "Session", "Shop"])
    await sql.query(`DELETE FROM "${table}" WHERE "shop" = $1`, [shop]);
  // An account may be shared with another shop; only one that nobody uses any more goes.
  await sql.query(
    `DELETE FROM "Account" a WHERE a."id" = ANY($1)
       AND NOT EXISTS (SELECT 1 FROM "Connection" c WHERE c."accountId" = a."id")
       AND NOT EXISTS (SELECT 1 FROM "VendorOrder" v WHERE v."accountId" = a."id")`,
    [accounts.rows.map(({ id }) => id)],
  );
  log.info({ shop }, "shop.erased");
  return "Everything of this shop was erased.";
}

function moment(text: string | undefined): Date {
  const at = text === undefined ? NaN : Date.parse(text);
  return Number.isNaN(at) ? new Date() : new Date(at);
}
