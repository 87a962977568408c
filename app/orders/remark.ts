// What a merchant reads when an order changes in Shopify after a vendor has its part: what changed, and what can be done
// about it there. Pure but for the hash.
import { sha256 } from "../crypto.server.ts";
import type { Address } from "./order.ts";

/** What the vendor offers for a part that it has. */
export interface Remedies {
  /** As the buttons name the vendor. */
  label: string;
  cancel: boolean;
  update: boolean;
  /** What to do about what no button does. */
  instead: string;
}

/** What is different now. */
export interface Change {
  cancelled: boolean;
  /** "“Mug” is now 1 instead of 2", one for each line. */
  lines: string[];
  address: boolean;
}

/** How every such sentence begins: a change that was told to the vendor takes its sentence away. */
export const changedInShopify = "The order was changed in Shopify (";

/** The sentence, or undefined when nothing is different. */
export function remarkOn({ cancelled, lines, address }: Change, remedies: Remedies): string | undefined {
  const { label, cancel, update, instead } = remedies;
  const otherwise =
    instead || "Contact the vendor with reference and number if it must be stopped or changed.";
  if (cancelled) {
    const advice = cancel ? `Press “Cancel at ${label}” if it must be stopped.` : otherwise;
    return `The order was cancelled in Shopify after this part was sent. The vendor was not told. ${advice}`;
  }
  const what = [...lines, ...(address ? ["the delivery address is another one"] : [])];
  if (what.length === 0) return undefined;
  const advice = [
    ...(address && update ? [`Press “Send the new address to ${label}”.`] : []),
    ...(lines.length > 0 && cancel ? [`Press “Cancel at ${label}” if the whole part must be stopped.`] : []),
  ];
  if (advice.length === 0) advice.push(otherwise);
  return `${changedInShopify}${what.join(", ")}) after this part was sent. The vendor was not told. ${advice.join(" ")}`;
}

/** The SHA-256 of a delivery address, to see later that it is another one. */
export function hashOf(address: Address): string {
  const parts = Object.entries(address).filter(([, value]) => value !== undefined && value !== "");
  return sha256(JSON.stringify(parts.sort(([one], [other]) => (one < other ? -1 : 1))));
}

/**
 * The hash of the address that a payload names; undefined when it names none, because the parcel goes elsewhere (to the
 * dealer) and the shopper's address does not matter to this vendor.
 */
export function namedAddress(payload: unknown, address: Address | undefined): string | undefined {
  const street = plain(address?.address1 ?? "");
  if (!address || street === "") return undefined;
  return plain(JSON.stringify(payload)).includes(street) ? hashOf(address) : undefined;
}

// Letters and digits alone: a vendor's payload may have other spaces, signs and capitals.
function plain(text: string): string {
  return text
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, "");
}
