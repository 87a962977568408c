// From a VendorOrder's row to what the pages know of it when they say how it stands.
import { vendorById } from "../vendors/index.server.ts";
import type { Vendor } from "../vendors/vendor.ts";
import type { PartStanding } from "./standing.ts";

interface Row {
  id: string;
  status: string;
  code: string | null;
  sentence: string | null;
  committingAt: Date | null;
  tries: number;
  nextRunAt: Date;
  vendor: string;
  vendorNumber: string | null;
  vendorState: string | null;
  trackAt: Date | null;
  connection: PartStanding["connection"] & { removedAt: Date | null };
  account: { quarantine: string | null; holderId: string | null };
}

interface OrderRow {
  redactedAt: Date | null;
  readAgain: boolean;
  sentence: string | null;
}

/** How a part of an order stands. A vendor that this version does not know goes by its id. */
export function standingOf(row: Row, order: OrderRow): PartStanding {
  const { status, code, sentence, tries, vendorNumber, vendorState } = row;
  const { label, status: connected, sentence: said } = row.connection;
  const vendor = vendorById(row.vendor);
  return {
    status,
    code,
    sentence,
    committing: row.committingAt !== null,
    tries,
    nextRunAt: row.nextRunAt.toISOString(),
    vendorNumber,
    vendorState,
    news: newsOf(row, { vendor, order }),
    vendorLabel: vendor?.label ?? row.vendor,
    connection: { label, status: connected, sentence: said },
    keptBy: keptBy(row, order),
  };
}

// As the claim leaves it lying (app/orders/claim.server.ts). Whose basket it is is not said: it may be another shop's.
function keptBy({ id, account }: Row, order: OrderRow): PartStanding["keptBy"] {
  if (account.quarantine !== null) return { what: "account" };
  if (account.holderId !== null && account.holderId !== id) return { what: "basket" };
  return order.readAgain ? { what: "change", sentence: order.sentence ?? undefined } : undefined;
}

// What the vendor's code could do is no promise: somebody must still ask it about this very part, or hear it.
function newsOf(
  row: Row,
  { vendor, order }: { vendor: Vendor | undefined; order: OrderRow },
): PartStanding["news"] {
  const { track, report } = vendor?.orders ?? {};
  if (!track && !report) return "none";
  if (row.connection.removedAt !== null || order.redactedAt !== null) return "over";
  if (!track) return "told";
  return row.trackAt === null ? "over" : "asked";
}
