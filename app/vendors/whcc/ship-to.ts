// Where the parcel goes and where it comes from, as WHCC's export takes it. Pure.
import type { Address, OrderFacts } from "../../orders/order.ts";
import { cityOf, needsNoPostcode, noAddressSentence, phoneOf, recipientName } from "../address.ts";
import { oneLine, refuse, withoutGaps } from "../vendor.ts";
import type { AddressPayload } from "./payload.ts";
import type { Settings } from "./settings.ts";

/**
 * The recipient. A company is the name on the parcel and the person goes beside it (`contact.attn`), because the
 * export has one name only. Throws VendorError `rejected` for a country that is not allowed and for what is missing.
 */
export function toShipTo(order: OrderFacts, settings: Settings): AddressPayload {
  const address = order.shippingAddress ?? refuse(noAddressSentence);
  const country = countryOf(address, settings);
  return withoutGaps({
    name: oneLine(address.company) ?? oneLine(recipientName(order)) ?? refuse(lacks("name")),
    // Never the second line in place of the first: a flat is no street, and the parcel would go nowhere.
    addr1: oneLine(address.address1) ?? refuse(lacks("street")),
    addr2: oneLine(address.address2),
    city: oneLine(cityOf(address)) ?? refuse(lacks("city")),
    state: stateOf(address, country),
    zip: zipOf(address, country),
    country,
  });
}

/** What the export has no field for and is put into its order afterwards: a phone number, the person at a company. */
export function toContact(order: OrderFacts): { phone?: string | undefined; attn?: string | undefined } {
  const company = oneLine(order.shippingAddress?.company);
  const person = oneLine(recipientName(order));
  return withoutGaps({
    phone: phoneOf(order)?.replace(/\D/g, ""),
    attn: company !== undefined && person !== company ? person : undefined,
  });
}

/** The sender, from the settings. */
export function toShipFrom(settings: Settings): AddressPayload {
  return withoutGaps({
    name: settings.fromName,
    addr1: settings.fromAddr1,
    addr2: oneLine(settings.fromAddr2),
    city: settings.fromCity,
    state: settings.fromState,
    zip: settings.fromZip,
    country: settings.fromCountry.toUpperCase(),
  });
}

function countryOf(address: Address, settings: Settings): string {
  const country = oneLine(address.countryCode)?.toUpperCase();
  if (country === undefined || !/^[A-Z]{2}$/.test(country)) return refuse(lacks("country"));
  const allowed: string[] = settings.countries.toUpperCase().match(/[A-Z]{2}/g) ?? [];
  return allowed.includes(country)
    ? country
    : refuse(
        `This order goes to ${country}, and WHCC ships only to ${allowed.join(", ")} for you. Add the country in the WHCC settings if your WHCC account ships there.`,
      );
}

// WHCC's own checks refuse the whole entry for one wrong state, so the two countries with state codes are strict.
function stateOf(address: Address, country: string): string {
  const code = oneLine(address.provinceCode)?.toUpperCase();
  if (country !== "US" && country !== "CA") return code ?? oneLine(address.province) ?? "";
  return code !== undefined && /^[A-Z]{2}$/.test(code) ? code : refuse(lacks("state"));
}

function zipOf(address: Address, country: string): string {
  const zip = oneLine(address.zip);
  if (country === "US")
    return zip !== undefined && /^\d{5}(-?\d{4})?$/.test(zip)
      ? zip
      : refuse(
          `The ZIP code of the delivery address ${zip === undefined ? "is missing" : `(${zip}) is not one`}. It has 5 digits, or 5 and 4. Correct it in Shopify.`,
        );
  return zip ?? (needsNoPostcode(country) ? "" : refuse(lacks("postcode")));
}

const lacks = (part: string): string =>
  `The delivery address has no ${part}, which WHCC needs. Add it in Shopify.`;
