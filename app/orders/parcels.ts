// Which pieces of a VendorOrder lie in which parcel, and when all of them have left.
import type { Sql } from "../db.server.ts";
import { mayMove, type VendorOrderStatus } from "./order.ts";

/** Pieces of one line. `lineId` is Shopify's number of the order line as text. */
export interface Pieces {
  lineId: string;
  quantity: number;
}

/** What of `all` is in none of the parcels. Lines of which nothing is left are not in the answer. Pure. */
export function leftOver(all: readonly Pieces[], parcels: readonly (readonly Pieces[])[]): Pieces[] {
  const taken = new Map<string, number>();
  for (const { lineId, quantity } of parcels.flat()) taken.set(lineId, (taken.get(lineId) ?? 0) + quantity);
  return all.flatMap(({ lineId, quantity }) => {
    const used = Math.min(quantity, taken.get(lineId) ?? 0);
    taken.set(lineId, (taken.get(lineId) ?? 0) - used);
    return quantity > used ? [{ lineId, quantity: quantity - used }] : [];
  });
}

/** The pieces of `wanted` that are truly among `left`: unknown lines and what is too many fall away. Pure. */
export function within(wanted: readonly Pieces[], left: readonly Pieces[]): Pieces[] {
  const rest = new Map(merge(left).map(({ lineId, quantity }) => [lineId, quantity]));
  return wanted.flatMap(({ lineId, quantity }) => {
    const had = rest.get(lineId) ?? 0;
    const taken = Math.min(Math.max(0, Math.trunc(quantity)), had);
    rest.set(lineId, had - taken);
    return taken > 0 ? [{ lineId, quantity: taken }] : [];
  });
}

/** The same pieces with each line once. Pure. */
export function merge(pieces: readonly Pieces[]): Pieces[] {
  const sums = new Map<string, number>();
  for (const { lineId, quantity } of pieces) sums.set(lineId, (sums.get(lineId) ?? 0) + quantity);
  return [...sums].map(([lineId, quantity]) => ({ lineId, quantity }));
}

/** How many pieces in all. Pure. */
export function count(pieces: readonly Pieces[]): number {
  return pieces.reduce((sum, { quantity }) => sum + quantity, 0);
}

/** How a parcel is named to a person: "DHL 123", "DHL", "123" or "no tracking number". Pure. */
export function nameParcel(parcel: { carrier: string | null; trackingNumber: string | null }): string {
  const named = [parcel.carrier, parcel.trackingNumber]
    .filter((part) => part !== null && part !== "")
    .join(" ");
  return named === "" ? "no tracking number" : named;
}

/** The same carrier and number, however a person or a vendor wrote them. Pure. */
export function sameNumber(one: string | null, other: string | null): boolean {
  return plain(one) !== "" && plain(one) === plain(other);
}

const plain = (text: string | null): string => (text ?? "").replace(/[\s-]+/g, "").toUpperCase();

/** One parcel as its row has it. */
export interface KnownParcel {
  id: string;
  parcel: string;
  carrier: string | null;
  trackingNumber: string | null;
  trackingUrl: string | null;
  lines: Pieces[];
  status: string;
  toldAt: Date | null;
}

/**
 * All lines of a VendorOrder, with as many pieces as the vendor was sent, and its parcels so far, oldest first. Lock the
 * VendorOrder before.
 */
export async function readParcels(
  sql: Sql,
  vendorOrderId: string,
): Promise<{ lines: Pieces[]; parcels: KnownParcel[] }> {
  const lines = await sql.query<Pieces>(
    `SELECT "shopifyLineId" AS "lineId", coalesce("sentQuantity", "quantity") AS "quantity" FROM "OrderLine"
     WHERE "vendorOrderId" = $1 AND "verdict" = 'vendor' AND coalesce("sentQuantity", "quantity") > 0 ORDER BY "position", "id"`,
    [vendorOrderId],
  );
  const parcels = await sql.query<KnownParcel>(
    `SELECT "id", "parcel", "carrier", "trackingNumber", "trackingUrl", "lines", "status", "toldAt"
     FROM "Shipment" WHERE "vendorOrderId" = $1 ORDER BY "createdAt", "id"`,
    [vendorOrderId],
  );
  return { lines: lines.rows, parcels: parcels.rows };
}

/** Marks a VendorOrder as shipped when every piece of it is in a parcel. Answers whether it is shipped now. In a transaction. */
export async function settleShipped(sql: Sql, vendorOrderId: string): Promise<boolean> {
  const { rows } = await sql.query<{ status: VendorOrderStatus }>(
    `SELECT "status" FROM "VendorOrder" WHERE "id" = $1 FOR UPDATE`,
    [vendorOrderId],
  );
  const status = rows[0]?.status;
  if (!status) return false;
  const { lines, parcels } = await readParcels(sql, vendorOrderId);
  const left = leftOver(
    lines,
    parcels.map((parcel) => parcel.lines),
  );
  if (lines.length === 0 || left.length > 0) return status === "shipped";
  if (mayMove(status, "shipped"))
    await sql.query(`UPDATE "VendorOrder" SET "status" = 'shipped', "changedAt" = now() WHERE "id" = $1`, [
      vendorOrderId,
    ]);
  return status === "sent" || status === "shipped";
}

/** Adds one sentence to an order's story. */
export async function tell(
  sql: Sql,
  entry: {
    shop: string;
    orderId: string;
    vendorOrderId: string | null;
    who: "app" | "merchant" | "vendor" | "shopify";
    sentence: string;
  },
): Promise<void> {
  await sql.query(
    `INSERT INTO "TimelineEntry" ("shop", "orderId", "vendorOrderId", "who", "sentence") VALUES ($1, $2, $3, $4, $5)`,
    [entry.shop, entry.orderId, entry.vendorOrderId, entry.who, entry.sentence],
  );
}
