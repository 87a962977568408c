// Which buttons a part of an order shows. Only an offer: app/orders/decision.server.ts decides, and refuses with a
// sentence when the row has moved on since the page was drawn.

/** What a person may ask for one part; the names are the page's form intents. */
export type Offer =
  | "send now"
  | "approve"
  | "try again"
  | "it exists"
  | "does not exist"
  | "give up"
  | "add shipment"
  | "release account"
  | "dismiss notice";

/** What decides the offers. */
export interface Offered {
  status: string;
  code: string | null;
  committing: boolean;
  tries: number;
  notice: string | null;
  quarantine: string | null;
  /** How many pieces are not yet in a parcel. */
  unshipped: number;
}

/** The offers for a part, the most likely first. */
export function offersFor(part: Offered): Offer[] {
  const offers = decisions(part);
  if (part.status === "sent" && part.unshipped > 0) offers.push("add shipment");
  if (part.quarantine) offers.push("release account");
  if (part.notice) offers.push("dismiss notice");
  return offers;
}

function decisions(part: Offered): Offer[] {
  if (part.status === "waiting") {
    // While its outcome is unknown nobody may send or cancel it: that is how an order is made twice, or lost.
    if (part.committing) return [];
    return [part.tries > 0 ? "try again" : "send now", "give up"];
  }
  if (part.status !== "held") return [];
  switch (part.code) {
    case "approval":
      return ["approve", "give up"];
    case "unsure":
      return ["it exists", "does not exist"];
    case "number unknown":
      return ["it exists"];
    default:
      return part.committing ? ["it exists", "does not exist"] : ["try again", "give up"];
  }
}

/** One line of a part and how much of it is not yet in a parcel. */
export interface Unshipped {
  lineId: string;
  title: string;
  quantity: number;
}

/**
 * What is left to ship: each line's quantity less what its parcels hold. `parcels` are the stored
 * `Shipment.lines`, read leniently because they come from a JSON column.
 */
export function unshippedOf(
  lines: readonly { lineId: string; title: string; quantity: number }[],
  parcels: readonly unknown[],
): Unshipped[] {
  const shipped = new Map<string, number>();
  for (const entry of parcels.flat()) {
    if (typeof entry !== "object" || entry === null || !("lineId" in entry) || !("quantity" in entry))
      continue;
    const id = String(entry.lineId);
    shipped.set(id, (shipped.get(id) ?? 0) + Number(entry.quantity));
  }
  return lines
    .map((line) => ({ ...line, quantity: line.quantity - (shipped.get(line.lineId) ?? 0) }))
    .filter((line) => line.quantity > 0);
}
