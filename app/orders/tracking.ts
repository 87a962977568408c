// Step 4: the vendor's report → how far a VendorOrder is, and one Shipment for every parcel it tells of.
import { randomUUID } from "node:crypto";
import { failConnection } from "../connections.server.ts";
import { openJson } from "../crypto.server.ts";
import { inTransaction, type Sql } from "../db.server.ts";
import { log, withLogContext } from "../log.server.ts";
import { askVendor } from "../vendors/asking.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { VendorError, type Notes, type Parcel, type Report, type Vendor } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import {
  leftOver,
  nameParcel,
  readParcels,
  sameNumber,
  settleShipped,
  tell,
  within,
  type KnownParcel,
  type Pieces,
} from "./parcels.ts";

/** A VendorOrder whose vendor is asked now. */
interface Due {
  id: string;
  shop: string;
  orderId: string;
  connectionId: string;
  accountId: string;
  vendor: string;
  reference: string;
  payload: Buffer;
  vendorNumber: string | null;
  notes: Notes;
  trackTries: number;
  /** Days since it was sent. */
  age: number;
  settings: Buffer;
}

// Asking twice is harmless, so the claim is only a later moment: a worker that dies is replaced in five minutes.
const claim = `
  UPDATE "VendorOrder" v SET "trackAt" = now() + interval '5 minutes', "trackTries" = v."trackTries" + 1
  FROM "Connection" c
  WHERE c.id = v."connectionId" AND v.id IN (
    SELECT t.id FROM "VendorOrder" t JOIN "Connection" o ON o.id = t."connectionId" AND o.status = 'on' AND o."removedAt" IS NULL
    WHERE t."trackAt" <= now() AND t.status IN ('sent', 'shipped') AND t.payload IS NOT NULL
    ORDER BY t."trackAt" LIMIT $1 FOR UPDATE OF t SKIP LOCKED)
  RETURNING v.id, v.shop, v."orderId", v."connectionId", v."accountId", v.vendor, v.reference, v.payload, v."vendorNumber",
    v.notes, v."trackTries", coalesce(extract(epoch FROM now() - v."sentAt") / 86400, 0)::float AS age, c.settings`;

/** Asks the vendors of up to `limit` VendorOrders how far they are. Answers how many it asked about. */
export async function tracking(world: World, limit = 24): Promise<number> {
  const due = (await world.db.query<Due>(claim, [limit])).rows;
  // One question at a time per account: an account's rate is small, and its orders are not in a hurry.
  const accounts = Map.groupBy(due, ({ accountId }) => accountId);
  await Promise.all(
    [...accounts.values()].map(async (rows) => {
      for (const row of rows)
        await withLogContext({ shop: row.shop, vendorOrder: row.id, vendor: row.vendor }, () =>
          trackOne(world, row),
        );
    }),
  );
  return due.length;
}

async function trackOne(world: World, row: Due): Promise<void> {
  const vendor = vendorById(row.vendor);
  try {
    const report = await askReport(world, vendor, row);
    const told = await inTransaction(world.db, async (sql) => {
      const told = await applyReport(sql, {
        vendorOrderId: row.id,
        report,
        label: vendor?.label ?? row.vendor,
      });
      await later(sql, row, report.final ? null : nextLook(row.trackTries, row.age));
      if (!report.final && row.age > lastDays) await giveUpLooking(sql, row);
      return told;
    });
    if (told) world.wake("writeback");
    log.info({ state: report.state, final: report.final }, "tracking.reported");
  } catch (error) {
    if (error instanceof VendorError) await keepTrouble(world, row, error);
    else {
      log.error({ err: error }, "tracking.failed");
      await later(world.db, row, nextLook(row.trackTries, row.age));
    }
  }
}

async function askReport(world: World, vendor: Vendor | undefined, row: Due): Promise<Report> {
  const track = vendor?.orders?.track;
  // A vendor that stopped reporting with a newer version of this app: nothing more will be known.
  if (!vendor || !track) return { state: "Sent", final: true };
  const { shop, id, connectionId, accountId } = row;
  const settings = openJson(row.settings, {
    table: "Connection",
    column: "settings",
    shop,
    row: connectionId,
  }) as Record<string, unknown>;
  const payload = openJson(row.payload, { table: "VendorOrder", column: "payload", shop, row: id });
  const sent = { payload, number: row.vendorNumber ?? undefined, notes: row.notes, reference: row.reference };
  return askVendor(world, { vendor, settings, accountId, shop }, (asking) => track(sent, settings, asking));
}

async function keepTrouble(world: World, row: Due, error: VendorError): Promise<void> {
  log.warn({ problem: error.problem, status: error.status }, "tracking.refused");
  const wait = nextLook(row.trackTries, row.age);
  await inTransaction(world.db, async (sql) => {
    await later(sql, row, Math.max(wait, error.retryAfterSeconds ?? 0));
    switch (error.problem) {
      case "connection":
        await failConnection(sql, { connectionId: row.connectionId, sentence: error.message });
        break;
      case "rejected":
        await notice(sql, { ...row, vendorOrderId: row.id }, { who: "vendor", sentence: error.message });
        break;
      case "retry":
      case "unsure": // an ask is never that; were it so, asking again would still cost nothing
        break;
    }
  });
}

const waits = [30, 60, 120, 300, 900, 3600];
/** A parcel that nobody heard of for this many days is not asked for any more. */
const lastDays = 180;

/**
 * Seconds until the next look after `tries` looks: soon at first, then hourly; for what was sent weeks ago (`age`
 * in days) less often, so that orders whose vendor never says the last word do not add up. Pure.
 */
export function nextLook(tries: number, age: number): number {
  if (age > 60) return 24 * 3600;
  if (age > 14) return 6 * 3600;
  return waits[Math.min(Math.max(0, tries - 1), waits.length - 1)] ?? 3600;
}

// Not when somebody else set the moment meanwhile, e.g. a person who entered the vendor's number.
async function later(sql: Sql, row: Due, seconds: number | null): Promise<void> {
  await sql.query(
    `UPDATE "VendorOrder" SET "trackAt" = now() + $3 * interval '1 second' WHERE id = $1 AND "trackTries" = $2 AND "trackAt" IS NOT NULL`,
    [row.id, row.trackTries, seconds],
  );
}

async function giveUpLooking(sql: Sql, row: Due): Promise<void> {
  await sql.query(`UPDATE "VendorOrder" SET "trackAt" = NULL WHERE id = $1`, [row.id]);
  await notice(
    sql,
    { ...row, vendorOrderId: row.id },
    {
      who: "app",
      sentence: `The vendor has not said for ${lastDays} days that this part is finished, so it is not asked any more. If a parcel left, enter its tracking number here.`,
    },
  );
}

interface PartRow {
  shop: string;
  orderId: string;
  vendorOrderId: string;
}

async function notice(
  sql: Sql,
  part: PartRow,
  { who, sentence }: { who: "app" | "vendor"; sentence: string },
): Promise<void> {
  const noted = await sql.query(
    `UPDATE "VendorOrder" SET notice = $2, "changedAt" = now() WHERE id = $1 AND notice IS DISTINCT FROM $2`,
    [part.vendorOrderId, sentence],
  );
  if (noted.rowCount === 1) await tell(sql, { ...part, who, sentence });
}

/**
 * Writes a vendor's report: state, trouble, parcels. Saying the same again changes nothing, and nothing that was
 * once told is taken back. Runs inside a transaction; answers whether there is something new for Shopify.
 */
export async function applyReport(
  sql: Sql,
  { vendorOrderId, report, label }: { vendorOrderId: string; report: Report; label: string },
): Promise<boolean> {
  const { rows } = await sql.query<PartRow & { status: string; vendorState: string | null }>(
    `SELECT shop, "orderId", id AS "vendorOrderId", status, "vendorState" FROM "VendorOrder" WHERE id = $1 FOR UPDATE`,
    [vendorOrderId],
  );
  const part = rows[0];
  if (!part || (part.status !== "sent" && part.status !== "shipped")) return false;
  // Late news of an earlier state must not make a shipped order look unfinished.
  const isLate = part.status === "shipped" && !report.final && (report.parcels ?? []).length === 0;
  if (!isLate && report.state !== part.vendorState)
    await tell(sql, { ...part, who: "vendor", sentence: `${label}: ${report.state}.` });
  await sql.query(
    `UPDATE "VendorOrder" SET "vendorState" = $2, notes = notes || $3::jsonb,
       "changedAt" = CASE WHEN "vendorState" IS DISTINCT FROM $2 THEN now() ELSE "changedAt" END WHERE id = $1`,
    [vendorOrderId, isLate ? part.vendorState : report.state, JSON.stringify(report.notes ?? {})],
  );
  if (report.trouble !== undefined) await notice(sql, part, { who: "vendor", sentence: report.trouble });
  else await forgetTrouble(sql, vendorOrderId);
  let isNews = false;
  for (const parcel of report.parcels ?? []) isNews = (await saveParcel(sql, part, parcel)) || isNews;
  if ((report.parcels ?? []).length > 0) await settleShipped(sql, vendorOrderId);
  return isNews;
}

// A notice that came from the vendor goes when the vendor has no trouble any more; one of ours stays until read.
async function forgetTrouble(sql: Sql, vendorOrderId: string): Promise<void> {
  await sql.query(
    `UPDATE "VendorOrder" v SET notice = NULL WHERE v.id = $1 AND v.notice IS NOT NULL AND EXISTS (
       SELECT 1 FROM "TimelineEntry" t WHERE t."orderId" = v."orderId" AND t."vendorOrderId" = v.id AND t.who = 'vendor' AND t.sentence = v.notice)`,
    [vendorOrderId],
  );
}

async function saveParcel(sql: Sql, part: PartRow, parcel: Parcel): Promise<boolean> {
  const { lines, parcels } = await readParcels(sql, part.vendorOrderId);
  // The merchant may have entered the same parcel by hand before the vendor told of it.
  const known =
    parcels.find((one) => one.parcel === parcel.id) ??
    parcels.find((one) => sameNumber(one.trackingNumber, parcel.trackingNumber ?? null));
  if (known) return completeParcel(sql, part, { known, parcel });
  const left = leftOver(
    lines,
    parcels.map((one) => one.lines),
  );
  return addParcel(sql, part, { parcel, pieces: parcel.lines ? within(parcel.lines, left) : left });
}

async function addParcel(
  sql: Sql,
  part: PartRow,
  { parcel, pieces }: { parcel: Parcel; pieces: Pieces[] },
): Promise<boolean> {
  const named = nameParcel({
    carrier: parcel.carrier ?? null,
    trackingNumber: parcel.trackingNumber ?? null,
  });
  const isFull = pieces.length > 0;
  const sentence = isFull
    ? null
    : `The vendor told of one more parcel (${named}), but everything is already in another one. Add it in Shopify by hand if the customer needs it.`;
  const added = await sql.query(
    `INSERT INTO "Shipment" (id, shop, "vendorOrderId", parcel, carrier, "trackingNumber", "trackingUrl", lines, status, sentence)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT ("vendorOrderId", parcel) DO NOTHING`,
    [
      randomUUID(),
      part.shop,
      part.vendorOrderId,
      parcel.id,
      parcel.carrier ?? null,
      parcel.trackingNumber ?? null,
      parcel.trackingUrl ?? null,
      JSON.stringify(pieces),
      isFull ? "waiting" : "held",
      sentence,
    ],
  );
  if (added.rowCount !== 1) return false;
  await tell(sql, { ...part, who: "vendor", sentence: sentence ?? `A parcel has left: ${named}.` });
  return isFull;
}

// What the vendor adds or corrects is taken; what it leaves out is kept. A parcel that Shopify knows already goes
// back to "waiting": writeback sees that it was told and only corrects the tracking.
async function completeParcel(
  sql: Sql,
  part: PartRow,
  { known, parcel }: { known: KnownParcel; parcel: Parcel },
): Promise<boolean> {
  const now = {
    carrier: parcel.carrier ?? known.carrier,
    trackingNumber: parcel.trackingNumber ?? known.trackingNumber,
    trackingUrl: parcel.trackingUrl ?? known.trackingUrl,
  };
  const isSame =
    now.carrier === known.carrier &&
    now.trackingNumber === known.trackingNumber &&
    now.trackingUrl === known.trackingUrl;
  if (isSame) return false;
  await sql.query(
    `UPDATE "Shipment" SET carrier = $2, "trackingNumber" = $3, "trackingUrl" = $4,
       status = CASE WHEN status = 'told' THEN 'waiting' ELSE status END, "nextRunAt" = now(), tries = 0 WHERE id = $1`,
    [known.id, now.carrier, now.trackingNumber, now.trackingUrl],
  );
  if (now.trackingNumber !== known.trackingNumber)
    await tell(sql, {
      ...part,
      who: "vendor",
      sentence: `The parcel's tracking is now ${nameParcel(now)}.`,
    });
  return known.status === "told" || known.status === "waiting";
}
