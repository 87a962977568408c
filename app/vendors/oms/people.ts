// Who and where: an order's people and places to the customer, addresses and note of an OMS order. Pure.
// An OMS address has no name, company or phone, so the name rides on the customer and the rest in the note.
import type { Address, OrderFacts } from "../../orders/order.ts";
import { cityOf, emailOf, needsNoPostcode, noAddressSentence, phoneOf } from "../address.ts";
import { oneLine, refuse, severalLines, withoutGaps } from "../vendor.ts";
import type { AddressPayload, CustomerPayload } from "./payload.ts";
import type { Settings } from "./settings.ts";

// No limit is documented. A longer note is no instruction for a parcel any more, and cutting it could lose one.
const longestNote = 1000;

interface PersonName {
  name: string;
  surname?: string | undefined;
  whole: string;
}

/** The customer: by default the person the parcel goes to, because the label carries the customer's name. */
export function toCustomer(order: OrderFacts, settings: Settings): CustomerPayload {
  const person = customerName(order, settings);
  const email = oneLine(emailOf(order));
  return withoutGaps({
    // Optional for the OMS: an order must not be refused for an address that cannot be one.
    email: email !== undefined && /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(email) ? email : undefined,
    ecommerce_customer_id: oneLine(order.customer?.id),
    name: person.name,
    surname: person.surname,
    phone: phoneOf(order),
  });
}

function customerName(order: OrderFacts, settings: Settings): PersonName {
  const recipient = nameOn(order.shippingAddress);
  const buyer = nameOn(order.billingAddress);
  const person = settings.recipient === "billing" ? (buyer ?? recipient) : (recipient ?? buyer);
  return (
    person ?? refuse("This order names nobody to deliver to. Add a name to the delivery address in Shopify.")
  );
}

function nameOn(address: Address | undefined): PersonName | undefined {
  const first = oneLine(address?.firstName);
  const last = oneLine(address?.lastName);
  const joined = oneLine([first, last].filter(Boolean).join(" "));
  if (joined === undefined) {
    // One text only: divided at the last space, so that name and surname side by side read as it did.
    const whole = oneLine(address?.name);
    if (whole === undefined) return undefined;
    const cut = whole.lastIndexOf(" ");
    return cut < 0
      ? { name: whole, whole }
      : { name: whole.slice(0, cut), surname: whole.slice(cut + 1), whole };
  }
  return first !== undefined && last !== undefined
    ? { name: first, surname: last, whole: joined }
    : { name: joined, whole: joined };
}

/** The order note, and below it what the address has no field for. Undefined when switched off or empty. */
export function toNote(order: OrderFacts, settings: Settings): string | undefined {
  if (!settings.sendNote) return undefined;
  const recipient = nameOn(order.shippingAddress)?.whole;
  const buyer = nameOn(order.billingAddress)?.whole;
  const company = oneLine(order.shippingAddress?.company);
  const twoPeople = recipient !== undefined && buyer !== undefined && recipient !== buyer;
  const deliverTo = company !== undefined || (twoPeople && settings.recipient === "billing");
  const note = [
    severalLines(order.note),
    deliverTo ? `Deliver to: ${[recipient ?? buyer, company].filter(Boolean).join(", ")}` : undefined,
    twoPeople ? `Ordered by: ${buyer}` : undefined,
  ]
    .filter((line) => line !== undefined)
    .join("\n");
  if (note.length > longestNote)
    refuse(
      `The order note is longer than ${longestNote} characters. Shorten it in Shopify, or switch off "Send the order note" in the settings.`,
    );
  return note === "" ? undefined : note;
}

/** The delivery address, and the billing address when the merchant wants it sent and it is complete. */
export function toAddresses(order: OrderFacts, settings: Settings): AddressPayload[] {
  const { shippingAddress, billingAddress } = order;
  if (!shippingAddress) return refuse(noAddressSentence);
  const shipping = readAddress(shippingAddress, settings);
  if ("missing" in shipping) return refuse(shipping.missing);
  const billing =
    settings.sendBillingAddress && billingAddress ? readAddress(billingAddress, settings) : undefined;
  return [
    { type_id: "shipping", ...shipping },
    ...(billing && !("missing" in billing) ? [{ type_id: "billing" as const, ...billing }] : []),
  ];
}

type Place = Omit<AddressPayload, "type_id">;

function readAddress(address: Address, settings: Settings): Place | { missing: string } {
  // Never the second line in place of the first: a flat is no street, and the parcel would go nowhere.
  const address_1 = oneLine(address.address1);
  const country_code = oneLine(address.countryCode)?.toUpperCase();
  if (address_1 === undefined) return { missing: lacks("street") };
  if (country_code === undefined || !/^[A-Z]{2}$/.test(country_code)) return { missing: lacks("country") };
  const city = oneLine(cityOf(address));
  if (city === undefined) return { missing: lacks("city") };
  const postcode = readPostcode({ zip: oneLine(address.zip), countryCode: country_code, settings });
  if ("missing" in postcode) return postcode;
  return withoutGaps({
    address_1,
    address_2: oneLine(address.address2),
    post_code: postcode.code,
    city,
    county: oneLine(address.province) ?? oneLine(address.provinceCode),
    country_code,
  });
}

function readPostcode(given: {
  zip: string | undefined;
  countryCode: string;
  settings: Settings;
}): { code: string } | { missing: string } {
  if (given.zip !== undefined) return { code: given.zip };
  if (!needsNoPostcode(given.countryCode)) return { missing: lacks("postcode") };
  const placeholder = oneLine(given.settings.placeholderPostcode);
  return placeholder !== undefined
    ? { code: placeholder }
    : {
        missing: `The OMS needs a postcode and this delivery address (${given.countryCode}) has none. Add one in Shopify, or fill in "Postcode for countries without one" in the settings.`,
      };
}

const lacks = (part: string): string =>
  `The delivery address has no ${part}, which the OMS needs. Add it in Shopify.`;
