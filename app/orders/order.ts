// The nouns of the road and which status may follow which. Imports nothing, so every part of the app may
// import it, the browser included.
//
//   Order        what a shopper bought in one Shopify order, as we understood it (OrderFacts)
//   VendorOrder  the part of an Order that one vendor connection makes
//   Attempt      one try at a vendor, and what came of it
//   Shipment     one parcel; it becomes one Shopify fulfillment
//   Connection   one shop's account at one vendor
//   Mapping      which vendor product a Shopify variant is

/** Money as whole minor units (cents, yen, fils) plus its ISO 4217 code. Never a float. */
export interface Money {
  minor: number;
  currency: string;
}

/** A postal address in our words; every part is trimmed text, absent when Shopify sent nothing. */
export interface Address {
  firstName?: string | undefined;
  lastName?: string | undefined;
  /** The whole name as Shopify joined it. */
  name?: string | undefined;
  company?: string | undefined;
  address1?: string | undefined;
  address2?: string | undefined;
  city?: string | undefined;
  province?: string | undefined;
  provinceCode?: string | undefined;
  zip?: string | undefined;
  country?: string | undefined;
  /** ISO 3166-1 alpha-2, upper case. */
  countryCode?: string | undefined;
  phone?: string | undefined;
}

/** One personalisation a shopper left on a line. Names may repeat; order is the shopper's. */
export interface Property {
  name: string;
  value: string;
}

/** One line of an Order. Ids are Shopify's numbers as text, because they may exceed 2^53. */
export interface LineFacts {
  id: string;
  variantId?: string | undefined;
  productId?: string | undefined;
  sku?: string | undefined;
  title: string;
  variantTitle?: string | undefined;
  /** What is still to be made: Shopify's current quantity, 0 after a full refund or removal. */
  quantity: number;
  /** What was ordered at first. */
  orderedQuantity: number;
  /** One unit, before discounts. */
  price?: Money | undefined;
  requiresShipping: boolean;
  giftCard: boolean;
  /** Already fulfilled by somebody (POS, by hand, another app). */
  fulfilled: boolean;
  /** How many are left to fulfill of a line of which some are fulfilled; absent on every other line. */
  unfulfilled?: number | undefined;
  properties: Property[];
}

/** How the shopper chose to have it shipped. */
export interface ShippingLine {
  code?: string | undefined;
  title?: string | undefined;
  price?: Money | undefined;
}

/** What we know of a Shopify order: the one shape intake makes, whatever Shopify sent. Personal data. */
export interface OrderFacts {
  /** Shopify's number as text, e.g. "5551234567890". */
  id: string;
  /** As the merchant sees it, e.g. "#1001". */
  name: string;
  currency: string;
  createdAt: string;
  updatedAt: string;
  /** True once Shopify says paid, partially refunded or refunded. */
  paid: boolean;
  financialStatus?: string | undefined;
  cancelledAt?: string | undefined;
  test: boolean;
  /** "web", "pos", "shopify_draft_order", an app's number … */
  source?: string | undefined;
  email?: string | undefined;
  phone?: string | undefined;
  note?: string | undefined;
  customer?:
    | {
        id?: string | undefined;
        email?: string | undefined;
        phone?: string | undefined;
        firstName?: string | undefined;
        lastName?: string | undefined;
      }
    | undefined;
  shippingAddress?: Address | undefined;
  billingAddress?: Address | undefined;
  shippingLines: ShippingLine[];
  total?: Money | undefined;
  subtotal?: Money | undefined;
  lines: LineFacts[];
}

/** Where an Order as a whole stands; what happens to its parts is on its VendorOrders. */
export type OrderStatus =
  | "routing" // intake is done, routing has not looked yet
  | "waiting" // not paid yet: routing looks again when Shopify says paid
  | "routed" // at least one line went to a vendor
  | "held" // a person must act before anything can be sent
  | "not ours"; // nothing for us in it, the reason is kept

/** Where one vendor's part stands. */
export type VendorOrderStatus =
  | "waiting" // will be sent when its hold window ends, or tried again
  | "held" // a person must act; `sentence` says what and how
  | "sent" // the vendor has it
  | "shipped" // every line of it left the vendor
  | "cancelled"; // never sent, because the order was cancelled, refunded or edited first; or taken back at the vendor

const moves: Record<VendorOrderStatus, readonly VendorOrderStatus[]> = {
  waiting: ["held", "sent", "cancelled"],
  held: ["waiting", "sent", "cancelled"],
  sent: ["held", "shipped", "cancelled"], // cancelled: a person took it back, and the vendor agreed
  shipped: [],
  cancelled: ["waiting"], // a cancelled line came back by an edit before anything was sent
};

/** Whether a VendorOrder may go from one status to another. Staying where it is is no move. */
export function mayMove(from: VendorOrderStatus, to: VendorOrderStatus): boolean {
  return moves[from].includes(to);
}

/** Why a person must act, as a word for code and tests; the merchant reads the sentence beside it. */
export type HoldCode =
  | "approval" // the merchant wants to look at every order first
  | "payload" // the order lacks something the vendor needs
  | "needs photo" // a line has no picture to be made from
  | "rejected" // the vendor refuses it
  | "unsure" // the vendor may or may not have it
  | "number unknown" // the vendor has it, but its number was lost
  | "tries" // tried for a day without success
  | "mapping" // a line looks like ours but no product is chosen for it
  | "given up" // the merchant does not want it made; kept on a cancelled part
  | "taken back" // the vendor had it and took it back; kept on a cancelled part
  | "our fault"; // a bug of ours; the raw thing is kept

const zeroDecimal = new Set([
  "BIF",
  "CLP",
  "DJF",
  "GNF",
  "JPY",
  "KMF",
  "KRW",
  "PYG",
  "RWF",
  "UGX",
  "VND",
  "VUV",
  "XAF",
  "XOF",
  "XPF",
]);
const threeDecimal = new Set(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"]);

/** How many decimals a currency has (ISO 4217). */
export function decimalsOf(currency: string): 0 | 2 | 3 {
  const code = currency.toUpperCase();
  return zeroDecimal.has(code) ? 0 : threeDecimal.has(code) ? 3 : 2;
}

/**
 * Reads a decimal text such as "19.90" as Money, digit by digit, so that no float ever rounds it.
 * Digits beyond the currency's own are dropped only when they are zeros; else, and for anything that is
 * not a plain decimal, the answer is undefined.
 */
export function toMoney(decimal: string, currency: string): Money | undefined {
  const match = /^(-?)(\d{1,12})(?:\.(\d+))?$/.exec(decimal.trim());
  if (!match) return undefined;
  const [, sign, whole = "", fraction = ""] = match;
  const decimals = decimalsOf(currency);
  if (/[1-9]/.test(fraction.slice(decimals))) return undefined;
  const minor = Number(whole + fraction.slice(0, decimals).padEnd(decimals, "0"));
  return { minor: sign === "-" ? -minor : minor, currency: currency.toUpperCase() };
}

/** Money as decimal text for a person or a payload: 1990 SGD is "19.90", 500 JPY is "500". */
export function toDecimal(money: Money): string {
  const decimals = decimalsOf(money.currency);
  const digits = String(Math.abs(money.minor)).padStart(decimals + 1, "0");
  const cut = digits.length - decimals;
  const text = decimals === 0 ? digits : `${digits.slice(0, cut)}.${digits.slice(cut)}`;
  return money.minor < 0 ? `-${text}` : text;
}
