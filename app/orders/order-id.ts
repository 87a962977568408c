// The id of an Order row: made from shop and Shopify number, so that every webhook of one order, in whatever
// process it lands, means the same row, and a sealed value can be bound to it before the row exists.
import { createHash } from "node:crypto";

/** A UUID (version 8) from shop and Shopify order number. */
export function orderId(shop: string, shopifyId: string): string {
  const hash = createHash("sha256").update(`${shop}\u0000${shopifyId}`).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x80;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  return hash.toString("hex", 0, 16).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

/**
 * Our reference for a part of an order, e.g. "M-1001-a-7F3K2": the order's name for people, the part, and five
 * characters that keep two shops with the same order name apart at one vendor account.
 */
export function referenceFor(order: { shop: string; shopifyId: string; name: string }, part: string): string {
  const readable = order.name.replace(/[^A-Za-z0-9-]/g, "").slice(0, 16) || order.shopifyId.slice(-8);
  const hash = createHash("sha256").update(`${order.shop}\u0000${order.shopifyId}`).digest();
  const alphabet = "23456789ABCDEFGHJKMNPQRSTUVWXYZ";
  const mark = Array.from(hash.subarray(0, 5), (byte) => alphabet[byte % alphabet.length]).join("");
  return `M-${readable}-${part}-${mark}`;
}

/** A part's reference as the vendor has it: one that was sent again, on a person's word, is another order there. */
export function referenceAtVendor({ reference, resend }: { reference: string; resend: number }): string {
  return resend > 0 ? `${reference}-r${resend + 1}` : reference;
}

/**
 * The part that a vendor names by the order's Shopify number, e.g. "5551234567890-a": for a vendor that is not told our
 * reference. Its "-r2" counts, unlike behind a reference: an earlier sending is another order there.
 */
export function partNamed(
  shop: string,
  name: string,
): { orderId: string; part: string; resend: number } | undefined {
  const [, shopifyId, part, sending] = /^(\d+)-([a-z]\d*)(?:-r(\d+))?$/.exec(name) ?? [];
  if (shopifyId === undefined || part === undefined) return undefined;
  return { orderId: orderId(shop, shopifyId), part, resend: sending === undefined ? 0 : Number(sending) - 1 };
}

/** The first of "a", "b" … "z", "a1" … that no part of the order has: references are never used twice. */
export function freePartName(taken: readonly string[]): string {
  for (let number = 0; ; number++) {
    const name =
      String.fromCharCode(97 + (number % 26)) + (number >= 26 ? String(Math.floor(number / 26)) : "");
    if (!taken.includes(name)) return name;
  }
}
