// Hides personal data in what was sent to a vendor, before it reaches a browser. Two nets: names of fields that
// hold such data whatever the vendor calls the rest, and every place where a value of the order's own customer stands.
import type { Address, OrderFacts } from "../orders/order.ts";

const hidden = "•••";

// Whole names of fields, without case and separators. City, postcode and country stay: a merchant needs them to
// see that a parcel goes to the right place.
const personalName =
  /^(?:(?:first|last|full|sur|given|family|customer|recipient|contact|shipping|billing|delivery|attention|ship(?:to)?)+name|attn|attention|recipient|addressee|company|(?:address|street|addressline)(?:line)?(?:one|two|\d)?|(?:house|building)(?:number|no)|(?:[a-z]*)e?mail(?:address)?|(?:[a-z]*)(?:phone|mobile|telephone|tel)(?:number|no)?|vatnumber|taxid)$/;
const secretName = /(?:password|secret|token|apikey|authorization|credential)/;

/** The values of an order that tell who the customer is, longest first, so that a whole name goes before its parts. */
export function personalValues(facts: OrderFacts): string[] {
  const of = (address: Address | undefined): (string | undefined)[] =>
    address
      ? [
          address.name,
          address.firstName,
          address.lastName,
          address.company,
          address.address1,
          address.address2,
          address.phone,
        ]
      : [];
  const { customer } = facts;
  const values = [
    facts.email,
    facts.phone,
    customer?.email,
    customer?.phone,
    customer?.firstName,
    customer?.lastName,
    ...of(facts.shippingAddress),
    ...of(facts.billingAddress),
  ];
  // One letter would hide half of every text and names nobody.
  const told = values.filter((value): value is string => value !== undefined && value.trim().length > 1);
  return [...new Set(told.map((value) => value.trim()))].sort((a, b) => b.length - a.length);
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

function patternOf(personal: readonly string[]): RegExp | undefined {
  if (personal.length === 0) return undefined;
  const parts = personal.map((value) => value.replace(/[.*+?^${}()|[\]\\/]/g, "\\$&"));
  // Not inside a word: the customer Ana must not hide the middle of "banana".
  return new RegExp(`(?<![\\p{L}\\p{N}])(?:${parts.join("|")})(?![\\p{L}\\p{N}])`, "giu");
}

function maskText(text: string, pattern: RegExp | undefined): string {
  return pattern ? text.replace(pattern, hidden) : text;
}
