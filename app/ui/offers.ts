// Which buttons a part of an order shows. Only an offer: app/orders/decision.server.ts decides, and refuses with a
// sentence when the row has moved on since the page was drawn.

/** What a person may do about one part; the names are the page's form intents, but "choose products", which is a link. */
export type Offer =
  | "send now"
  | "approve"
  | "try again"
  | "it exists"
  | "does not exist"
  | "give up"
  | "choose products"
  | "add shipment"
  | "check"
  | "update at vendor"
  | "cancel at vendor"
  | "release account"
  | "dismiss notice";

/** What decides the offers. */
export interface Offered {
  status: string;
  code: string | null;
  committing: boolean;
  notice: string | null;
  quarantine: string | null;
  connectionStatus: string;
  /** How many pieces are not yet in a parcel. */
  unshipped: number;
  /** What the vendor's API can do about a part in this state. */
  can: { check: boolean; update: boolean; cancel: boolean };
  /** Whether the order was changed in Shopify since the vendor has it: else there is nothing to tell it. */
  isChanged: boolean;
}

/** The offers for a part, the most likely first. */
export function offersFor(part: Offered): Offer[] {
  const offers = decisions(part);
  if (part.status === "sent" && part.unshipped > 0) offers.push("add shipment");
  // While nobody knows whether the vendor has it, what it would say to a new order answers nothing. Before what
  // cannot be taken back, so that nobody reaches past that button for this one.
  if (part.can.check && !part.committing && !isUnknown(part.code)) {
    const last = offers.indexOf("give up");
    offers.splice(last < 0 ? offers.length : last, 0, "check");
  }
  if (part.can.update && part.isChanged) offers.push("update at vendor");
  if (part.can.cancel) offers.push("cancel at vendor");
  if (part.quarantine) offers.push("release account");
  if (part.notice) offers.push("dismiss notice");
  return offers;
}

const isUnknown = (code: string | null): boolean => code === "unsure" || code === "number unknown";

function decisions(part: Offered): Offer[] {
  if (part.status === "waiting") {
    // While its outcome is unknown nobody may send or cancel it: that is how an order is made twice, or lost.
    if (part.committing) return ["it exists"];
    return part.connectionStatus === "on" ? ["send now", "give up"] : ["give up"];
  }
  if (part.status !== "held") return [];
  switch (part.code) {
    case "approval":
      return ["approve", "give up"];
    case "unsure":
      return ["it exists", "does not exist"];
    case "number unknown":
      return ["it exists"];
    case "mapping":
      return ["choose products", "give up"];
    default:
      return part.committing ? ["try again"] : ["try again", "give up"];
  }
}
