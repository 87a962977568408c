// Hides personal data in what was sent to a vendor, before it reaches a browser. Two nets: names of fields that
// hold such data whatever the vendor calls the rest, and every place where a value of the order's own customer stands.
import type { Address, OrderFacts } from "../orders/order.ts";
import { oneLine } from "../vendors/text.ts";

const hidden = "•••";

// Whole names of fields, without case and separators. City, postcode and country stay: a merchant needs them to
// see that a parcel goes to the right place.
const personalName =
  /^(?:(?:first|last|full|sur|given|family|customer|recipient|contact|shipping|billing|delivery|attention|ship(?:to)?)+name|attn|attention|recipient|addressee|company|(?:address|street|addressline)(?:line)?(?:one|two|\d)?|(?:house|building)(?:number|no)|(?:[a-z]*)e?mail(?:address)?|(?:[a-z]*)(?:phone|mobile|telephone|tel)(?:number|no)?|vatnumber|taxid)$/;
const secretName = /(?:password|secret|token|apikey|authorization|credential)/;

/**
 * The values of an order that tell who the customer is, as they were typed and as vendors get them; longest first, so
 * that a whole name goes before its parts.
 */
export function personalValues(facts: OrderFacts): string[] {
  const { customer, shippingAddress, billingAddress } = facts;
  const of = (address: Address | undefined): (string | undefined)[] => [
    address?.name,
    address?.firstName,
    address?.lastName,
    address?.company,
    address?.address1,
    address?.address2,
  ];
  const values = [
    facts.email,
    customer?.email,
    customer?.firstName,
    customer?.lastName,
    ...of(shippingAddress),
    ...of(billingAddress),
  ].flatMap((value) => [value, oneLine(value)]);
  const phones = [facts.phone, customer?.phone, shippingAddress?.phone, billingAddress?.phone].flatMap(
    (phone) => [phone, oneLine(phone), ...digitsOf(phone)],
  );
  const told = [...values, ...phones].flatMap((value) => value?.trim() ?? []);
  // One letter would hide half of every text and names nobody. A text that is no longer whole JSON has quotes and
  // line breaks as JSON writes them.
  const named = told.filter((value) => value.length > 1);
  const written = named.flatMap((value) => [value, JSON.stringify(value).slice(1, -1)]);
  return [...new Set(written)].sort((a, b) => b.length - a.length);
}

// A phone number goes out as digits with a "+" in front or without one. Fewer than six digits call nobody, and would
// hide a quantity or a price.
function digitsOf(phone: string | undefined): string[] {
  const digits = (phone ?? "").replace(/\D/g, "");
  return digits.length < 6 ? [] : [`+${digits}`, digits];
}

/** A payload with personal data and secrets as •••; its shape, ids, products and pictures stay readable. */
export function maskPayload(payload: unknown, personal: readonly string[]): unknown {
  const pattern = patternOf(personal);
  const walk = (value: unknown, name: string): unknown => {
    const plain = name.replace(/[^\p{L}\p{N}]/gu, "").toLowerCase();
    if (secretName.test(plain)) return value === null || value === "" ? value : hidden;
    if (Array.isArray(value)) return value.map((entry) => walk(entry, name));
    if (typeof value === "object" && value !== null)
      return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, walk(entry, key)]));
    if (typeof value === "number") return personalName.test(plain) ? hidden : value;
    if (typeof value !== "string" || value === "") return value;
    return personalName.test(plain) ? hidden : maskText(value, pattern);
  };
  return walk(payload, "");
}

/** Text, e.g. a vendor's answer, with the order's personal values as •••. */
export function maskPersonalText(text: string, personal: readonly string[]): string {
  return maskText(text, patternOf(personal));
}

/** The same for text that was cut off somewhere: the beginning of a value at its very end is hidden too. */
export function maskCutText(text: string, personal: readonly string[]): string {
  const masked = maskPersonalText(text, personal);
  const begun = personal
    .flatMap((value) => beginningAtEnd(masked, value))
    .sort((a, b) => b.length - a.length)[0];
  return begun === undefined ? masked : masked.slice(0, -begun.length) + hidden;
}

// The longest one that begins a word; two letters tell nothing.
function beginningAtEnd(text: string, value: string): string[] {
  const wanted = value.toLowerCase();
  for (let length = value.length - 1; length > 2; length--) {
    const end = text.slice(-length);
    if (end.toLowerCase() === wanted.slice(0, length) && !/[\p{L}\p{N}]$/u.test(text.slice(0, -length)))
      return [end];
  }
  return [];
}

function patternOf(personal: readonly string[]): RegExp | undefined {
  if (personal.length === 0) return undefined;
  const parts = personal.map((value) => value.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  // Not inside a word: the customer Ana must not hide the middle of "banana".
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.join("|")})(?![\\p{L}\\p{N}])`, "giu");
}

function maskText(text: string, pattern: RegExp | undefined): string {
  return pattern ? text.replace(pattern, hidden) : text;
}
