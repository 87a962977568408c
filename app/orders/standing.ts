// What a person decides about, and where it stands as a sentence when the decision does not fit any more. Pure.
import type { VendorOrderStatus } from "./order.ts";

/** What came of a decision: done, or the sentence that says why not. */
export type Decision = { done: true } | { refused: string };

/** Which part a decision is about. */
export interface Which {
  shop: string;
  vendorOrderId: string;
}

/** A VendorOrder in the hands of a decision: locked, with what the decision depends on. */
export interface PartInHand {
  id: string;
  shop: string;
  orderId: string;
  connectionId: string;
  accountId: string;
  vendor: string;
  reference: string;
  status: VendorOrderStatus;
  code: string | null;
  vendorNumber: string | null;
  /** Its buying request left, and nobody knows what came of it. */
  committing: boolean;
  /** A worker is in conversation about it. */
  leased: boolean;
  approved: boolean;
  /** Its next try is in the future. */
  waitsLonger: boolean;
  /** Since its buying request left, or since nothing moved any more. */
  commitAgeSeconds: number | null;
  /** A buying request left once without a clear no. */
  frozen: boolean;
  label: string;
  connectionStatus: "on" | "paused" | "failing";
  /** Its connection was removed. */
  removed: boolean;
  holdsBasket: boolean | null;
}

/** What a decision says about a part that the shop does not have. */
export const failedToFind = "This part is not here any more. Reload the page.";

/** Why a decision does not fit: where the part stands, and what can be done there. */
export function standing({ status, code, label }: Pick<PartInHand, "status" | "code" | "label">): string {
  switch (status) {
    case "waiting":
      return "This part is on its way already: it is sent by itself.";
    case "sent":
      return `${label} has this part already.`;
    case "shipped":
      return "This part was shipped already.";
    case "cancelled":
      return "This part was taken back and is not sent any more.";
    case "held":
      return heldFor(code, label);
  }
}

function heldFor(code: string | null, label: string): string {
  switch (code) {
    case "approval":
      return "This part waits for your approval. Look at it, then press Approve.";
    case "needs photo":
      return "This part waits for a photo. Send the shopper the link, or press Try again when you have mended what its sentence says.";
    case "mapping":
      return "This part waits until a vendor product is chosen for each of its lines, under Products.";
    case "unsure":
      return `${label} may have this part already. Look there first, then say here whether it exists.`;
    case "number unknown":
      return `${label} has this part, but its number was lost. Enter the number here.`;
    default:
      return "This part is held. Mend what its sentence says, then press Try again.";
  }
}
