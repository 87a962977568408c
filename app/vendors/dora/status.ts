// What Dora's answers mean for a person: the words in its errors, and what a cart says about a purchase whose
// answer was lost. Pure. Dora has no order status, no order list and no tracking.
import { z } from "zod";
import { VendorError, type Notes, type Probe, type VendorReply } from "../vendor.ts";
import { namesOf, nameOf, type Cart } from "./cart.ts";

// The cart says {"error": "text"}, everything else {"error": {"message": "text"}}. Source: Dora API v2,
// 'Update Cart' and 'Get Item Details', read 2026-11-22.
const errorBody = z.object({ error: z.union([z.string(), z.object({ message: z.string() })]) });

/** The words of an error body in either of Dora's two shapes; undefined when it is not Dora who speaks. */
export function errorWords(reply: VendorReply): string | undefined {
  const read = errorBody.safeParse(reply.json);
  if (!read.success) return undefined;
  const { error } = read.data;
  return (typeof error === "string" ? error : error.message) || undefined;
}

/** Dora's statuses mean what they mean everywhere; where a call is different, the call says so itself. */
export function readError(reply: VendorReply): { words?: string | undefined } {
  return { words: errorWords(reply) };
}

/** For an answer that is none: right status, wrong content. Harmless to ask again. */
export function unreadable(what: string): VendorError {
  return new VendorError("retry", `Dora's answer about ${what} could not be read. It is asked again.`);
}

/** The role that may look and not buy cannot be used; every other one may. */
export function refuseNoPurchase(role: string | null | undefined): void {
  if (role?.toLowerCase() === "nopurchase")
    throw new VendorError(
      "connection",
      "This Dora login may look but not buy (its role is “nopurchase”). Ask Dora for the right to purchase, or enter another login on the Vendors page.",
    );
}

/** Why a cart may not be bought at its price; undefined when it may. Prices are in the dealer's currency. */
export function troubleWithPrice(
  total: number | null | undefined,
  expected: number | undefined,
  limits: { priceTolerance: number | undefined; maxTotal: number | undefined },
): string | undefined {
  const { priceTolerance, maxTotal } = limits;
  const compares = priceTolerance !== undefined && expected !== undefined;
  if (maxTotal === undefined && !compares) return undefined;
  if (total === null || total === undefined)
    return "Dora did not say what this order costs, so nothing was bought. Clear the price limits on the Vendors page to order without them, then send it again.";
  if (maxTotal !== undefined && total > maxTotal)
    return `Dora wants ${total.toFixed(2)} for this order, more than the ${maxTotal.toFixed(2)} you allow. Nothing was bought. Raise the limit on the Vendors page to accept it, then send it again.`;
  if (!compares) return undefined;
  const drift = Math.abs(Math.round(total * 1000) - expected);
  if (drift * 100 <= expected * priceTolerance) return undefined;
  return `Dora wants ${total.toFixed(2)} for this order instead of the expected ${(expected / 1000).toFixed(2)}. Nothing was bought. Correct the expected prices on the Products page or the tolerance on the Vendors page, then send it again.`;
}

/**
 * Whether notes of our cart are still to be held against this try: the reference changes when a person looked
 * and said "send it again".
 */
export function sameRound(notes: Readonly<Notes>, reference: string): boolean {
  return notes["cart"] === "ours" && notes["reference"] === reference;
}

/** For an order that was in the cart, was not bought by us, and is not there any more. */
export const goneSentence =
  "This order was in Dora's cart and is gone from it, and this app did not buy it. Somebody who uses the same login either bought it or emptied the cart. Look into Dora's confirmation e-mails: if the order is there, enter its number here; else send it again.";

/**
 * What the cart says after a purchase without an answer. Never `found` and never `sendAgain`: an empty cart
 * does not tell the number, a full one may be an order that was made and not cleared away.
 */
export function judgeCart(cart: Cart, notes: Readonly<Notes>, reference: string): Probe {
  const holds = namesOf(cart.items.map(nameOf));
  const noted = sameRound(notes, reference) ? notes : {};
  const gone = noted["gone"] === true || typeof noted["refused"] === "number";
  if (cart.items.length > 0) {
    const what = gone
      ? `This order was in Dora's cart and is not there any more as it was; the cart holds ${holds}. Somebody who uses the same login may have bought or changed it, or Dora changed what was added.`
      : `Dora did not confirm this order, and its cart still holds ${holds}.`;
    return {
      cannotTell: `${what} Look at Dora whether the order exists, and empty the cart there. Until then no order is sent with this login.`,
      quarantine: `Dora's cart holds ${holds}, and nobody knows whether that was ordered. Empty it at Dora once you know.`,
      code: "unsure",
    };
  }
  if (gone) return { cannotTell: goneSentence, code: "unsure" };
  return {
    cannotTell:
      "Dora took the order but its number was lost. Find it in Dora's confirmation e-mail and enter it here.",
    code: "number unknown",
  };
}
