// What becomes of a connection's parts when it goes, or when it means another account than before. Whatever may
// already be at the vendor is never sent anywhere again without a person's word.
import { sealJson } from "../crypto.server.ts";
import { insistInTransaction, type Sql } from "../db.server.ts";
import type { Decision } from "../orders/decision.server.ts";
import { tell } from "../orders/parcels.ts";
import type { World } from "../world.server.ts";
import { findConnection, gone, settingsPlace, type ConnectionRow } from "./row.server.ts";

/**
 * The connection means another account now. What was begun at the old one cannot be finished at the new one, and
 * asking the new one about an order that the old one may have would answer "not there" and order it again.
 */
export async function leaveAccount(
  sql: Sql,
  { connectionId, accountId, left }: { connectionId: string; accountId: string; left: string },
): Promise<void> {
  await lockUnsent(sql, connectionId);
  await holdUnknown(
    sql,
    connectionId,
    "The vendor account was changed while the answer to this order was missing. Look in the account that was used before whether it exists, then say so here.",
  );
  await leaveBasket(sql, { connectionId, accountId: left });
  await leaveKeys(sql, { connectionId, accountId: left });
  await sql.query(
    `UPDATE "VendorOrder" SET "accountId" = $2, notes = '{}', payload = NULL, "payloadHash" = NULL, fence = fence + 1, "leaseUntil" = NULL
     WHERE "connectionId" = $1 AND status IN ('waiting', 'held', 'cancelled') AND "committingAt" IS NULL
       AND code IS DISTINCT FROM 'unsure' AND code IS DISTINCT FROM 'number unknown'`,
    [connectionId, accountId],
  );
}

// From here on no worker can begin to buy one of them: its mark waits for this transaction and then finds another fence.
async function lockUnsent(sql: Sql, connectionId: string): Promise<void> {
  await sql.query(
    `SELECT id FROM "VendorOrder" WHERE "connectionId" = $1 AND status IN ('waiting', 'held', 'cancelled') ORDER BY id FOR UPDATE`,
    [connectionId],
  );
}

// The parts whose buying request left and was not answered: they wait for a person.
async function holdUnknown(sql: Sql, connectionId: string, sentence: string): Promise<void> {
  await sql.query(
    `WITH unknown AS (
       UPDATE "VendorOrder" SET status = 'held', code = 'unsure', sentence = $2, fence = fence + 1, "leaseUntil" = NULL, "changedAt" = now()
       WHERE "connectionId" = $1 AND status = 'waiting' AND "committingAt" IS NOT NULL RETURNING shop, "orderId", id)
     INSERT INTO "TimelineEntry" (shop, "orderId", "vendorOrderId", sentence) SELECT shop, "orderId", id, $2 FROM unknown`,
    [connectionId, sentence],
  );
}

// A basket that an unsent part of this connection filled stays filled: nobody may buy it with the next order.
async function leaveBasket(
  sql: Sql,
  { connectionId, accountId }: { connectionId: string; accountId: string },
): Promise<void> {
  await sql.query(
    `UPDATE "Account" a SET "holderId" = NULL, quarantine = coalesce(a.quarantine, 'The basket may still hold things of ' || v.reference
       || ', which is not bought from here any more. Empty the basket at the vendor, then release the account.')
     FROM "VendorOrder" v WHERE a.id = $2 AND v.id = a."holderId" AND v."connectionId" = $1 AND v.status IN ('waiting', 'held') AND v."committingAt" IS NULL`,
    [connectionId, accountId],
  );
}

// Another shop's products that were held because this one had their keys: they are planned anew.
async function leaveKeys(
  sql: Sql,
  { connectionId, accountId }: { connectionId: string; accountId: string },
): Promise<void> {
  await sql.query(
    `UPDATE "Publication" SET version = version + 1, "nextRunAt" = now(), tries = 0
     WHERE code = 'duplicate' AND "connectionId" IN (SELECT id FROM "Connection" WHERE "accountId" = $2 AND id <> $1)`,
    [connectionId, accountId],
  );
}

/**
 * Removes a connection and forgets its settings. What was not sent is held with a sentence; its Mappings stay, shown
 * as broken, so that the merchant sees which products need another vendor.
 */
export async function removeConnection(
  world: World,
  at: { shop: string; connectionId: string },
): Promise<Decision> {
  // Routing locks an order before its connection, and this the other way round.
  const decision = await insistInTransaction(world.db, (sql) => removeOnce(sql, at));
  if ("done" in decision) for (const step of ["routing", "publishing"] as const) world.wake(step);
  return decision;
}

async function removeOnce(sql: Sql, at: { shop: string; connectionId: string }): Promise<Decision> {
  const connection = await findConnection(sql, at);
  if (!connection) return { refused: gone };
  // Paused first, so that no new conversation starts while this one is waited for.
  await sql.query(
    `UPDATE "Connection" SET status = 'paused', sentence = 'Paused by you. Its orders wait.', "retestAt" = NULL WHERE id = $1`,
    [connection.id],
  );
  const busy = await sql.query(
    `SELECT 1 FROM "VendorOrder" WHERE "connectionId" = $1 AND status = 'waiting' AND "leaseUntil" > now() LIMIT 1`,
    [connection.id],
  );
  if (busy.rows.length > 0)
    return {
      refused:
        "An order is being sent to this vendor at this moment. It is paused now; remove it in a minute.",
    };
  await strandParts(sql, connection);
  await sql.query(`UPDATE "Connection" SET "removedAt" = now(), settings = $2 WHERE id = $1`, [
    connection.id,
    sealJson({}, settingsPlace(connection)),
  ]);
  await leaveKeys(sql, { connectionId: connection.id, accountId: connection.accountId });
  // What tools and the catalogue remembered about the account is of no use to another one.
  for (const table of ["VendorMemory", "Publication", "CatalogueSync"])
    await sql.query(`DELETE FROM "${table}" WHERE "connectionId" = $1 AND shop = $2`, [
      connection.id,
      at.shop,
    ]);
  await sql.query(
    `UPDATE "Account" a SET token = NULL, "tokenExpires" = NULL WHERE a.id = $1
       AND NOT EXISTS (SELECT 1 FROM "Connection" c WHERE c."accountId" = a.id AND c."removedAt" IS NULL)`,
    [connection.accountId],
  );
  return { done: true };
}

async function strandParts(sql: Sql, { id, label, accountId }: ConnectionRow): Promise<void> {
  await lockUnsent(sql, id);
  await holdUnknown(
    sql,
    id,
    `${label} was removed while the answer to this order was missing. Look there whether the order exists, then say so here.`,
  );
  await leaveBasket(sql, { connectionId: id, accountId });
  const held = await sql.query<{ shop: string; orderId: string; vendorOrderId: string }>(
    `UPDATE "VendorOrder" SET status = 'held', code = 'mapping', sentence = $2, notes = '{}', payload = NULL, "payloadHash" = NULL,
       fence = fence + 1, "leaseUntil" = NULL, "changedAt" = now()
     WHERE "connectionId" = $1 AND status IN ('waiting', 'held') AND "committingAt" IS NULL AND code IS DISTINCT FROM 'unsure' AND code IS DISTINCT FROM 'number unknown'
     RETURNING shop, "orderId", id AS "vendorOrderId"`,
    [id, `${label} was removed before this part was sent. Choose another vendor for it under Products.`],
  );
  for (const part of held.rows)
    await tell(sql, { ...part, who: "merchant", sentence: `${label} was removed. This part was not sent.` });
  // Routing looks again, so that the lines themselves say what they need now.
  await sql.query(
    `UPDATE "Order" SET version = version + 1, "nextRunAt" = now() WHERE facts IS NOT NULL AND id = ANY($1)`,
    [held.rows.map(({ orderId }) => orderId)],
  );
  await sql.query(
    `UPDATE "VendorOrder" SET "trackAt" = NULL, notice = concat_ws(' ', notice, $2::text) WHERE "connectionId" = $1 AND status = 'sent' AND "trackAt" IS NOT NULL`,
    [
      id,
      `${label} was removed, so it is not asked about this part any more. Enter the tracking number here when the parcel leaves.`,
    ],
  );
}
