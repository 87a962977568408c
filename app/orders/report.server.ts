// A vendor's report, whoever brought it: state, trouble and parcels of one VendorOrder, written once however often they
// are told.
import { randomUUID } from "node:crypto";
import type { Sql } from "../db.server.ts";
import type { Parcel, Report } from "../vendors/vendor.ts";
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

/** Which part a sentence is about. */
export interface PartRow {
  shop: string;
  orderId: string;
  vendorOrderId: string;
}

/** Puts a sentence on the part for the merchant, and into the order's story when it is new. */
export async function notice(
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
