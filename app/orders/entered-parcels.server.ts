// Parcels that a person enters, because their vendor does not report them: one by one, or many from a list.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { inTransaction, type Sql } from "../db.server.ts";
import type { World } from "../world.server.ts";
import {
  leftOver,
  nameParcel,
  readParcels,
  sameNumber,
  settleShipped,
  tell,
  within,
  count,
  type Pieces,
} from "./parcels.ts";
import { failedToFind, standing, type Decision, type PartInHand, type Which } from "./standing.ts";

/** A parcel as a person enters it. Without `lines` it holds all that is in no other parcel. */
export interface EnteredParcel {
  carrier: string;
  trackingNumber: string;
  trackingUrl?: string | undefined;
  /** Shopify line numbers and how many of each. */
  lines?: Pieces[] | undefined;
  /** Whether Shopify tells the customer. */
  notify: boolean;
}

const entered = z.object({
  carrier: z.string().trim().max(100, "Keep the carrier under 100 characters."),
  trackingNumber: z.string().trim().max(100, "Keep the tracking number under 100 characters."),
  trackingUrl: z
    .string()
    .trim()
    .max(2000)
    .refine(
      (url) => url === "" || (/^https?:\/\//i.test(url) && URL.canParse(url)),
      "The tracking link must be a web address that starts with https://.",
    ),
});

/** Enters a parcel for a part that the vendor has. Shopify is told; entering the same one twice makes one. */
export async function addShipment(world: World, given: Which & EnteredParcel): Promise<Decision> {
  if (!z.uuid().safeParse(given.vendorOrderId).success) return { refused: failedToFind };
  const read = entered.safeParse({ ...given, trackingUrl: given.trackingUrl ?? "" });
  if (!read.success) return { refused: read.error.issues[0]?.message ?? "The parcel cannot be read." };
  if (read.data.trackingNumber === "" && read.data.carrier === "")
    return { refused: "Enter at least the carrier or the tracking number." };
  const decision = await inTransaction(world.db, async (sql): Promise<Decision> => {
    const { rows } = await sql.query<Pick<PartInHand, "orderId" | "status" | "code" | "label">>(
      `SELECT v."orderId", v.status, v.code, c.label FROM "VendorOrder" v JOIN "Connection" c ON c.id = v."connectionId"
       WHERE v.id = $1 AND v.shop = $2 FOR UPDATE OF v`,
      [given.vendorOrderId, given.shop],
    );
    const part = rows[0];
    if (!part) return { refused: failedToFind };
    if (part.status !== "sent" && part.status !== "shipped")
      return { refused: `Only what the vendor has can be shipped. ${standing(part)}` };
    return enter(sql, { ...given, ...read.data, orderId: part.orderId });
  });
  if ("done" in decision) world.wake("writeback");
  return decision;
}

async function enter(
  sql: Sql,
  given: Which & EnteredParcel & { orderId: string; trackingUrl: string },
): Promise<Decision> {
  const { lines, parcels } = await readParcels(sql, given.vendorOrderId);
  const named = nameParcel(given);
  const isKnown = parcels.some((one) =>
    given.trackingNumber === ""
      ? one.trackingNumber === null && sameNumber(one.carrier, given.carrier)
      : sameNumber(one.trackingNumber, given.trackingNumber) &&
        (one.carrier === null || sameNumber(one.carrier, given.carrier)),
  );
  if (isKnown) return { refused: `The parcel with ${named} is here already.` };
  const left = leftOver(
    lines,
    parcels.map((parcel) => parcel.lines),
  );
  if (left.length === 0) return { refused: "Everything of this part is in a parcel already." };
  const wanted = given.lines?.filter(({ quantity }) => quantity !== 0);
  const pieces = wanted ? within(wanted, left) : left;
  if (pieces.length === 0) return { refused: "Choose at least one piece for this parcel." };
  if (
    wanted &&
    (count(pieces) !== count(wanted) || wanted.some(({ quantity }) => !Number.isInteger(quantity)))
  )
    return { refused: "That is more than what is left of this part. Check the quantities." };
  await sql.query(
    `INSERT INTO "Shipment" (id, shop, "vendorOrderId", parcel, carrier, "trackingNumber", "trackingUrl", lines, notify)
     VALUES ($1, $2, $3, $4, nullif($5, ''), nullif($6, ''), nullif($7, ''), $8, $9)`,
    [
      randomUUID(),
      given.shop,
      given.vendorOrderId,
      `entered:${randomUUID()}`,
      given.carrier,
      given.trackingNumber,
      given.trackingUrl,
      JSON.stringify(pieces),
      given.notify,
    ],
  );
  const { shop, orderId, vendorOrderId } = given;
  const isAll = await settleShipped(sql, vendorOrderId);
  await tell(sql, {
    shop,
    orderId,
    vendorOrderId,
    who: "merchant",
    sentence: `You entered a parcel: ${named}.${isAll ? " Everything of this part has left." : ""}`,
  });
  return { done: true };
}

/** One row of a list of parcels: the part's reference, or the order's name when only one part of it is with a vendor. */
export interface ListedParcel {
  reference: string;
  carrier: string;
  trackingNumber: string;
}

/** Enters many parcels, each with all that is left of its part. `row` counts from 1. */
export async function addShipmentsInBulk(
  world: World,
  { shop, rows, notify = true }: { shop: string; rows: ListedParcel[]; notify?: boolean },
): Promise<{ done: number; problems: { row: number; sentence: string }[] }> {
  const problems: { row: number; sentence: string }[] = [];
  let done = 0;
  for (const [index, { reference, carrier, trackingNumber }] of rows.entries()) {
    const found = await findPart(world.db, { shop, reference: reference.trim() });
    const decision =
      "refused" in found
        ? found
        : await addShipment(world, { shop, vendorOrderId: found.id, carrier, trackingNumber, notify });
    if ("refused" in decision) problems.push({ row: index + 1, sentence: decision.refused });
    else done++;
  }
  return { done, problems };
}

async function findPart(
  sql: Sql,
  { shop, reference }: { shop: string; reference: string },
): Promise<{ id: string } | { refused: string }> {
  if (reference === "") return { refused: "The reference is missing." };
  const byReference = await sql.query<{ id: string }>(
    `SELECT id FROM "VendorOrder" WHERE reference = $2 AND shop = $1`,
    [shop, reference],
  );
  if (byReference.rows[0]) return byReference.rows[0];
  const byName = await sql.query<{ id: string }>(
    `SELECT v.id FROM "Order" o JOIN "VendorOrder" v ON v."orderId" = o.id AND v.status IN ('sent', 'shipped')
     WHERE o.shop = $1 AND o.name = ANY($2) LIMIT 2`,
    [shop, [reference, `#${reference}`]],
  );
  const [only, another] = byName.rows;
  if (!only) return { refused: `No part with the reference ${reference} is with a vendor.` };
  if (another)
    return { refused: `${reference} has parts at several vendors. Use the reference of the part instead.` };
  return only;
}

/** Tells Shopify again of a parcel that is held, after the merchant put the order in order. */
export async function tellShopifyAgain(
  world: World,
  { shop, shipmentId }: { shop: string; shipmentId: string },
): Promise<Decision> {
  const gone = "This parcel is not here any more. Reload the page.";
  if (!z.uuid().safeParse(shipmentId).success) return { refused: gone };
  const { rows } = await world.db.query<{ status: string; pieces: number }>(
    `UPDATE "Shipment" s SET status = 'waiting', sentence = NULL, tries = 0, "nextRunAt" = now()
     FROM "Shipment" b WHERE b.id = s.id AND s.id = $1 AND s.shop = $2 AND s.status = 'held' AND jsonb_array_length(s.lines) > 0
     RETURNING b.status, jsonb_array_length(s.lines) AS pieces`,
    [shipmentId, shop],
  );
  if (rows.length === 1) {
    world.wake("writeback");
    return { done: true };
  }
  const found = await world.db.query<{ status: string }>(
    `SELECT status FROM "Shipment" WHERE id = $1 AND shop = $2`,
    [shipmentId, shop],
  );
  switch (found.rows[0]?.status) {
    case undefined:
      return { refused: gone };
    case "waiting":
      return { done: true };
    case "held":
      return { refused: "There is nothing in this parcel that Shopify could be told of." };
    default:
      return { refused: "Shopify knows of this parcel already." };
  }
}
