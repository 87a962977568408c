// What every vendor needs from an order's people and places, read the same way for all: pure.
import type { Address, OrderFacts } from "../orders/order.ts";

/** The name on the parcel: shipping name, else first and last name, else the billing name; undefined when nobody is named. */
export function recipientName(order: OrderFacts): string | undefined {
  return nameOf(order.shippingAddress) ?? nameOf(order.billingAddress);
}

function nameOf(address: Address | undefined): string | undefined {
  const joined = [address?.firstName, address?.lastName].filter(Boolean).join(" ");
  return address?.name || joined || undefined;
}

/**
 * The first phone number of shipping, order, customer, billing and the merchant's `own`, as "+" and digits; undefined
 * when there is none.
 */
export function phoneOf(order: OrderFacts, own?: string): string | undefined {
  for (const phone of [
    order.shippingAddress?.phone,
    order.phone,
    order.customer?.phone,
    order.billingAddress?.phone,
    own,
  ]) {
    const digits = phone?.replace(/[^\d+]/g, "").replace(/(?!^)\+/g, "");
    if (digits && /\d{3}/.test(digits)) return digits;
  }
  return undefined;
}

/** The buyer's e-mail: the order's, else the customer's. */
export function emailOf(order: OrderFacts): string | undefined {
  return order.email || order.customer?.email || undefined;
}

// A Map, because a country code is somebody's text: "constructor" must not find anything.
const cityStates = new Map([
  ["SG", "Singapore"],
  ["MC", "Monaco"],
  ["VA", "Vatican City"],
  ["GI", "Gibraltar"],
]);

/** The city; a city-state without one is its own city. */
export function cityOf(address: Address): string | undefined {
  return address.city || (address.countryCode ? cityStates.get(address.countryCode) : undefined);
}

// Universal Postal Union, countries that use no postcode (general knowledge, not a vendor's statement).
const noPostcode = new Set(
  "AE AG AN AO AW BF BI BJ BM BO BS BW BZ CD CF CG CI CK CM DJ DM ER FJ GD GH GM GN GQ GY HK IE JM KE KI KM KN KP LC ML MO MR MS MU MW NR NU PA QA RW SB SC SL SO SR ST SY TF TG TK TL TO TT TV TZ UG VU YE ZA ZW".split(
    " ",
  ),
);

/** Whether parcels to this country may go without a postcode. */
export function needsNoPostcode(countryCode: string): boolean {
  return noPostcode.has(countryCode.toUpperCase());
}

/** The sentence for an order without a delivery address; it names the other reason an address can be missing. */
export const noAddressSentence =
  "This order has no delivery address. Add one in Shopify and the order goes on by itself. If Shopify shows an address, this app was not given access to customer addresses yet.";
