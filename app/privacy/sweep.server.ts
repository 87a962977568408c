// Forgets what nobody asked to forget: personal data has an end from the day it comes in.
import { inTransaction, type Db } from "../db.server.ts";
import { env } from "../env.server.ts";
import { log } from "../log.server.ts";
import { forgetArtworkFile } from "../previews/artwork.server.ts";
import { eraseOrders } from "./erase.server.ts";

/** How much a sweep forgot. */
export interface Swept {
  orders: number;
  messages: number;
  pictures: number;
  exports: number;
  callbacks: number;
}

// Few at a time, so that no lock is held for long and a stopped process loses little.
const batch = 200;

/** Forgets everything whose time has come. `removeFile` deletes a picture's file; deleting twice must be harmless. */
export async function sweepPersonalData(
  db: Db,
  removeFile: (key: string) => Promise<void> = forgetArtworkFile,
): Promise<Swept> {
  const swept = {
    orders: await untilNone(() => sweepOrders(db)),
    messages: await untilNone(() => sweepMessages(db)),
    pictures: await untilNone(() => sweepPictures(db, removeFile)),
    exports: await sweepExports(db),
    callbacks: await untilNone(() => sweepCallbacks(db)),
  };
  await sweepLatecomers(db);
  if (Object.values(swept).some((count) => count > 0)) log.info({ ...swept }, "personal_data.swept");
  return swept;
}

async function untilNone(work: () => Promise<number>): Promise<number> {
  let total = 0;
  for (let done = await work(); done > 0; done = await work()) total += done;
  return total;
}

function sweepOrders(db: Db): Promise<number> {
  return inTransaction(db, async (sql) => {
    const due = await sql.query<{ id: string; shop: string }>(
      `SELECT "id", "shop" FROM "Order" WHERE "forgetAt" <= now() ORDER BY "forgetAt" LIMIT $1 FOR UPDATE SKIP LOCKED`,
      [batch],
    );
    const byShop = new Map<string, string[]>();
    for (const { id, shop } of due.rows) byShop.set(shop, [...(byShop.get(shop) ?? []), id]);
    for (const [shop, ids] of byShop)
      await eraseOrders(sql, { shop, ids, why: "The time to keep this customer's data is over." });
    return due.rows.length;
  });
}

// A body's time is over after RAW_WEBHOOK_DAYS. The row goes after twice that: long after Shopify's last retry,
// against which its number protects.
async function sweepMessages(db: Db): Promise<number> {
  const emptied = await db.query(
    `UPDATE "WebhookEvent" SET "body" = ''::bytea WHERE "id" IN (
       SELECT "id" FROM "WebhookEvent" WHERE "receivedAt" < now() - $1 * interval '1 day' AND "state" <> 'new' AND "body" <> ''::bytea
       ORDER BY "receivedAt" LIMIT $2)`,
    [env.RAW_WEBHOOK_DAYS, batch],
  );
  const removed = await db.query(
    `DELETE FROM "WebhookEvent" WHERE "id" IN (
       SELECT "id" FROM "WebhookEvent" WHERE "receivedAt" < now() - 2 * $1 * interval '1 day' AND "state" <> 'new'
       ORDER BY "receivedAt" LIMIT $2)`,
    [env.RAW_WEBHOOK_DAYS, batch],
  );
  return (emptied.rowCount ?? 0) + (removed.rowCount ?? 0);
}

// One that is being prepared at this moment would write its files after they were deleted: it goes the next time.
async function sweepPictures(db: Db, removeFile: (key: string) => Promise<void>): Promise<number> {
  const due = await db.query<{ id: string; key: string }>(
    `SELECT "id", "key" FROM "Artwork" WHERE "forgetAt" <= now() AND ("state" <> 'new' OR "nextRunAt" <= now()) ORDER BY "forgetAt" LIMIT $1`,
    [batch],
  );
  for (const { id, key } of due.rows) {
    await removeFile(key);
    await db.query(`DELETE FROM "Artwork" WHERE "id" = $1 AND "forgetAt" <= now()`, [id]);
  }
  return due.rows.length;
}

// A merchant has a month to pass an export on; Shopify asks for an answer within 30 days.
async function sweepExports(db: Db): Promise<number> {
  const { rowCount } = await db.query(
    `UPDATE "PrivacyRequest" SET "export" = NULL WHERE "export" IS NOT NULL AND "requestedAt" < now() - interval '30 days'`,
  );
  return rowCount ?? 0;
}

// What no order ever fitted is said once in the log before it goes: it may be an order that nobody here knows of.
async function sweepCallbacks(db: Db): Promise<number> {
  const gone = await db.query<{
    shop: string;
    connectionId: string;
    state: string;
    reference: string | null;
  }>(
    `DELETE FROM "VendorCallback" WHERE "id" IN (
       SELECT "id" FROM "VendorCallback" WHERE "forgetAt" <= now() ORDER BY "forgetAt" LIMIT $1)
     RETURNING "shop", "connectionId", "state", "reference"`,
    [batch],
  );
  for (const { shop, connectionId, state, reference } of gone.rows)
    if (state !== "done") log.warn({ shop, connection: connectionId, reference }, "news.never_matched");
  return gone.rows.length;
}

// A conversation with a vendor that was under way while its order was erased writes its end afterwards.
async function sweepLatecomers(db: Db): Promise<void> {
  await db.query(
    `UPDATE "Attempt" a SET "exchanges" = NULL, "sentence" = NULL FROM "VendorOrder" v, "Order" o
     WHERE v."id" = a."vendorOrderId" AND o."id" = v."orderId" AND o."redactedAt" > now() - interval '2 days' AND a."exchanges" IS NOT NULL`,
  );
  await db.query(
    `UPDATE "VendorOrder" v SET "payload" = NULL FROM "Order" o
     WHERE o."id" = v."orderId" AND o."redactedAt" > now() - interval '2 days' AND v."payload" IS NOT NULL`,
  );
}
