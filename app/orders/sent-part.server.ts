// A part of an order together with what it takes to talk to its vendor about it, for what a person asks of one part.
import { z } from "zod";
import type { OpenConnection } from "../connections/ask.server.ts";
import { columns, openSettings, type ConnectionRow } from "../connections/row.server.ts";
import { openJson } from "../crypto.server.ts";
import type { Sql } from "../db.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { VendorError, type Notes, type Sent } from "../vendors/vendor.ts";
import { linesToMake, type LineToMake } from "./lines.server.ts";
import { referenceAtVendor } from "./order-id.ts";
import type { OrderFacts, VendorOrderStatus } from "./order.ts";
import { failedToFind } from "./standing.ts";

/** A part as its row has it, with the order's facts and the Mapping of each of its lines as they are today. */
export interface AskedPart {
  id: string;
  shop: string;
  orderId: string;
  orderName: string;
  status: VendorOrderStatus;
  code: string | null;
  reference: string;
  resend: number;
  payload: Buffer | null;
  vendorNumber: string | null;
  notes: Notes;
  facts: Buffer | null;
  lines: LineToMake[];
}

interface Row extends AskedPart {
  connectionId: string;
}

const read = `
  SELECT v.id, v.shop, v."orderId", o.name AS "orderName", v.status, v.code, v.reference, v.resend, v.payload, v."vendorNumber", v.notes, o.facts, v."connectionId",
    ${linesToMake} AS lines
  FROM "VendorOrder" v JOIN "Order" o ON o.id = v."orderId" WHERE v.id = $1 AND v.shop = $2`;

/** A part of a shop and its connection, or why nothing can be asked about it. */
export async function openPart(
  sql: Sql,
  { shop, vendorOrderId }: { shop: string; vendorOrderId: string },
): Promise<{ part: AskedPart; open: OpenConnection } | { refused: string }> {
  if (!z.uuid().safeParse(vendorOrderId).success) return { refused: failedToFind };
  const part = (await sql.query<Row>(read, [vendorOrderId, shop])).rows[0];
  if (!part) return { refused: failedToFind };
  const { rows } = await sql.query<ConnectionRow & { removed: boolean }>(
    `SELECT ${columns}, "removedAt" IS NOT NULL AS removed FROM "Connection" WHERE id = $1 AND shop = $2`,
    [part.connectionId, shop],
  );
  const [row] = rows;
  const vendor = row && vendorById(row.vendor);
  if (!row || !vendor) return { refused: failedToFind };
  if (row.removed)
    return {
      refused: `${row.label} was removed, so it cannot be asked any more. Contact the vendor yourself.`,
    };
  return { part, open: { row, vendor, settings: openSettings(row) } };
}

/** What the vendor has of a part. Throws VendorError `rejected` when it is not kept any more. */
export function sentOf(part: AskedPart): Sent<unknown> {
  if (!part.payload) throw new VendorError("rejected", "What was sent for this part is not kept any more.");
  const place = { table: "VendorOrder", column: "payload", shop: part.shop, row: part.id };
  return {
    payload: openJson(part.payload, place),
    number: part.vendorNumber ?? undefined,
    notes: part.notes,
    reference: referenceAtVendor(part),
  };
}

/** The order's facts as they are today. Throws VendorError `rejected` when they were erased. */
export function factsOf(part: Pick<AskedPart, "facts" | "shop" | "orderId">): OrderFacts {
  if (!part.facts)
    throw new VendorError(
      "rejected",
      "The personal data of this order was erased, so it cannot be sent any more.",
    );
  const place = { table: "Order", column: "facts", shop: part.shop, row: part.orderId };
  return openJson(part.facts, place) as OrderFacts;
}
