// Who may tell Shopify of a parcel, and what is written down while somebody does. All SQL of writeback is here.
import { inTransaction, type Db, type Sql } from "../db.server.ts";
import type { Pieces } from "./parcels.ts";

// Longer than one request to Shopify with its reading before it; renewed right before each request that ships.
const leaseSeconds = 60;
// A request that ships must leave within this time after the row said so, or not at all.
const sendWithinMs = 20_000;

/** A Shipment that this worker holds. */
export interface TellingClaim {
  id: string;
  shop: string;
  orderId: string;
  vendorOrderId: string;
  /** Shopify's number of the order. */
  shopifyId: string;
  fence: number;
  tries: number;
  /** What the merchant reads about it now. */
  sentence: string | null;
  carrier: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
  lines: Pieces[];
  notify: boolean;
  fulfillmentIds: string[];
  committingAt: Date | null;
  committingSeconds: number | null;
  /** Set when Shopify knows the parcel and only its tracking changed. */
  toldAt: Date | null;
}

const isDue = `d.status = 'waiting' AND d."nextRunAt" <= now() AND (d."leaseUntil" IS NULL OR d."leaseUntil" < now())
  AND NOT EXISTS (SELECT 1 FROM "Shop" h WHERE h.shop = d.shop AND h."uninstalledAt" IS NOT NULL)`;

// One parcel at a time per order: what one makes, the next must see, or two could ship the same remaining piece. Two
// statements, because the second must see what the holders of the lock before us committed. Fair between shops: the
// oldest parcel of each comes before the second oldest of any, so a large shop's backlog keeps nobody waiting. The shops
// are found by leaping through the index, one step a shop.
const lockOrders = `
  WITH RECURSIVE shops AS (
    (SELECT shop FROM "Shipment" WHERE status = 'waiting' ORDER BY shop LIMIT 1)
    UNION ALL SELECT (SELECT n.shop FROM "Shipment" n WHERE n.status = 'waiting' AND n.shop > s.shop ORDER BY n.shop LIMIT 1)
    FROM shops s WHERE s.shop IS NOT NULL
  ), turns AS (
    SELECT q."vendorOrderId" FROM shops s CROSS JOIN LATERAL (
      SELECT d."vendorOrderId", d."nextRunAt", row_number() OVER (ORDER BY d."nextRunAt") AS turn
      FROM "Shipment" d WHERE d.shop = s.shop AND ${isDue} ORDER BY d."nextRunAt" LIMIT $1) q
    ORDER BY q.turn, q."nextRunAt" LIMIT $1
  )
  SELECT o.id FROM "Order" o WHERE o.id IN (SELECT v."orderId" FROM turns t JOIN "VendorOrder" v ON v.id = t."vendorOrderId")
  ORDER BY o.id FOR NO KEY UPDATE SKIP LOCKED`;

const take = `
  UPDATE "Shipment" s SET "leaseUntil" = now() + $2 * interval '1 second', fence = s.fence + 1
  FROM "VendorOrder" p JOIN "Order" o ON o.id = p."orderId"
  WHERE p.id = s."vendorOrderId" AND s.id IN (
    SELECT DISTINCT ON (v."orderId") d.id FROM "Shipment" d JOIN "VendorOrder" v ON v.id = d."vendorOrderId"
    WHERE v."orderId" = ANY($1) AND ${isDue} AND NOT EXISTS (
      SELECT 1 FROM "Shipment" b JOIN "VendorOrder" w ON w.id = b."vendorOrderId" WHERE w."orderId" = v."orderId" AND b."leaseUntil" > now())
    ORDER BY v."orderId", d."committingAt" IS NULL, d."nextRunAt", d.id)
  RETURNING s.id, s.shop, o.id AS "orderId", p.id AS "vendorOrderId", o."shopifyId", s.fence, s.tries, s.sentence, s.carrier, s."trackingNumber", s."trackingUrl",
    s.lines, s.notify, coalesce(s."fulfillmentIds", '{}') AS "fulfillmentIds", s."committingAt",
    extract(epoch FROM now() - s."committingAt")::float AS "committingSeconds", s."toldAt"`;

/** Takes up to `limit` Shipments that are due, at most one of each order. */
export function claimShipments(db: Db, limit: number): Promise<TellingClaim[]> {
  return inTransaction(db, async (sql) => {
    const orders = await sql.query<{ id: string }>(lockOrders, [limit]);
    if (orders.rows.length === 0) return [];
    return (await sql.query<TellingClaim>(take, [orders.rows.map(({ id }) => id), leaseSeconds])).rows;
  });
}

/** What other parcels of the order are at Shopify, and their tracking numbers. */
export async function readSiblings(
  sql: Sql,
  claim: TellingClaim,
): Promise<{ claimedIds: string[]; otherNumbers: string[] }> {
  const { rows } = await sql.query<{ ids: string[] | null; number: string | null }>(
    `SELECT s."fulfillmentIds" AS ids, s."trackingNumber" AS number FROM "Shipment" s JOIN "VendorOrder" v ON v.id = s."vendorOrderId"
     WHERE v."orderId" = $1 AND s.id <> $2`,
    [claim.orderId, claim.id],
  );
  return {
    claimedIds: rows.flatMap(({ ids }) => ids ?? []),
    otherNumbers: rows.flatMap(({ number }) => (number === null ? [] : [number])),
  };
}

/** Somebody else holds the parcel now: stop and write nothing. */
export class TellingLost extends Error {
  constructor() {
    super("the parcel is in other hands");
    this.name = "TellingLost";
  }
}

async function writeMine(sql: Sql, statement: string, values: unknown[]): Promise<void> {
  const written = await sql.query(statement, values);
  if (written.rowCount !== 1) throw new TellingLost();
}

/** Says, committed, that a request that ships is about to leave. Until `keepFulfillment` only a look at Shopify tells. */
export async function markCommitting(sql: Sql, claim: TellingClaim): Promise<void> {
  const before = performance.now();
  await writeMine(
    sql,
    `UPDATE "Shipment" SET "committingAt" = now(), "leaseUntil" = now() + $3 * interval '1 second'
     WHERE id = $1 AND fence = $2 AND "leaseUntil" > now()`,
    [claim.id, claim.fence, leaseSeconds],
  );
  // On the monotonic clock: a worker that was paused meanwhile must not speak any more.
  if (performance.now() - before > sendWithinMs) throw new TellingLost();
}

/** Keeps the ids of fulfillments that exist. Their requests' outcome is known now. */
export async function keepFulfillments(sql: Sql, claim: TellingClaim, ids: string[]): Promise<void> {
  await writeMine(
    sql,
    `UPDATE "Shipment" SET "fulfillmentIds" = "fulfillmentIds" || $3::text[], "committingAt" = NULL WHERE id = $1 AND fence = $2`,
    [claim.id, claim.fence, ids],
  );
}

/** Says that the request surely had no effect: the next run may ship without looking for it. */
export async function clearCommitting(sql: Sql, claim: TellingClaim): Promise<void> {
  await writeMine(sql, `UPDATE "Shipment" SET "committingAt" = NULL WHERE id = $1 AND fence = $2`, [
    claim.id,
    claim.fence,
  ]);
}

/** How a run ended, as the row will say it. */
export interface Telling {
  status: "waiting" | "told" | "already" | "held";
  sentence?: string | undefined;
  /** Seconds until the next run, while waiting. */
  waitSeconds?: number | undefined;
  /** Whether this counts as a try, for the back-off. */
  counts?: boolean;
  /** For the story of the order. */
  story?: string | undefined;
}

/**
 * Writes how a run ended and gives the parcel back, in one statement. When the vendor corrected the tracking while
 * Shopify was told of the old one, the parcel goes on waiting, to be corrected there. Throws TellingLost.
 */
export async function endTelling(sql: Sql, claim: TellingClaim, telling: Telling): Promise<void> {
  await writeMine(
    sql,
    `WITH mine AS (
       UPDATE "Shipment" SET sentence = $4,
         status = CASE WHEN $3 = 'told' AND (carrier, "trackingNumber", "trackingUrl") IS DISTINCT FROM ($10, $11, $12) THEN 'waiting' ELSE $3 END, "nextRunAt" = now() + $5 * interval '1 second',
         tries = CASE WHEN $6::boolean THEN tries + 1 WHEN $3 = 'waiting' THEN tries ELSE 0 END,
         "committingAt" = CASE WHEN $3 IN ('told', 'already') THEN NULL ELSE "committingAt" END, "leaseUntil" = NULL,
         "toldAt" = CASE WHEN $3 = 'told' THEN coalesce("toldAt", now()) ELSE "toldAt" END
       WHERE id = $1 AND fence = $2 AND status = 'waiting' RETURNING id, shop
     ), story AS (
       INSERT INTO "TimelineEntry" (shop, "orderId", "vendorOrderId", sentence) SELECT shop, $8, $9, $7 FROM mine WHERE $7::text IS NOT NULL RETURNING id
     ) SELECT id FROM mine`,
    [
      claim.id,
      claim.fence,
      telling.status,
      telling.sentence ?? null,
      telling.waitSeconds ?? 0,
      telling.counts ?? false,
      telling.story ?? null,
      claim.orderId,
      claim.vendorOrderId,
      claim.carrier,
      claim.trackingNumber,
      claim.trackingUrl,
    ],
  );
}
