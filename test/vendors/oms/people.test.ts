// Who a parcel from the OMS is for and where it goes, although its addresses have no field for a name.
import { expect, test } from "vitest";
import { anAddress } from "#test/support/builders.ts";
import { heldWith, payloadOf } from "./support.ts";

const gift = { shippingAddress: anAddress({ firstName: "Bob", lastName: "Ray", name: "Bob Ray" }) };

test("O10 a gift is addressed to who gets it, the note says who ordered it", () => {
  const sent = payloadOf({ order: gift });

  expect(sent.customer).toMatchObject({ name: "Bob", surname: "Ray" });
  expect(sent.note).toBe("Leave at door\nOrdered by: Ana Tan");
  expect(payloadOf({ order: gift, settings: { sendNote: false } })).not.toHaveProperty("note");
});

test("with the buyer as customer the note says who gets the gift", () => {
  const sent = payloadOf({ order: gift, settings: { recipient: "billing" } });

  expect(sent.customer).toMatchObject({ name: "Ana", surname: "Tan" });
  expect(sent.note).toBe("Leave at door\nDeliver to: Bob Ray\nOrdered by: Ana Tan");
});

test("a company, for which the address has no field, is in the note", () => {
  const order = { shippingAddress: anAddress({ company: "Acme Ltd" }), note: undefined };

  expect(payloadOf({ order }).note).toBe("Deliver to: Ana Tan, Acme Ltd");
});

test("a note too long to be one is held, not cut", () => {
  expect(payloadOf({ order: { note: "x".repeat(1000) } }).note).toHaveLength(1000);
  expect(heldWith({ order: { note: "x".repeat(1001) } })).toContain("longer than 1000 characters");
});

test.each([
  [{ firstName: "Cher", lastName: undefined }, { name: "Cher" }],
  [{ firstName: undefined, lastName: "Prince" }, { name: "Prince" }],
  [
    { firstName: undefined, lastName: undefined, name: "Ana Maria Tan" },
    { name: "Ana Maria", surname: "Tan" },
  ],
  [{ firstName: undefined, lastName: undefined, name: "Cher" }, { name: "Cher" }],
  [
    { firstName: " Łucja\n", lastName: "O’Connor" },
    { name: "Łucja", surname: "O’Connor" },
  ],
])("the name %j becomes %j", (address, wanted) => {
  const { customer } = payloadOf({ order: { shippingAddress: anAddress(address) } });

  expect({ name: customer.name, surname: customer.surname }).toEqual({ surname: undefined, ...wanted });
});

test("a delivery address without a name takes the buyer's, and with neither the order is held", () => {
  const nobody = anAddress({ firstName: undefined, lastName: undefined, name: undefined });

  expect(payloadOf({ order: { shippingAddress: nobody } }).customer.name).toBe("Ana");
  expect(heldWith({ order: { shippingAddress: nobody, billingAddress: undefined } })).toContain(
    "names nobody",
  );
});

test("O21 a guest's order has no customer id, and nothing in it is null or undefined", () => {
  const sent = payloadOf({ order: { customer: undefined, email: undefined, phone: undefined } });

  expect(sent.customer).toEqual({ name: "Ana", surname: "Tan", phone: "+6581234567" });
  expect(JSON.stringify(sent)).not.toContain("null");
  expect(JSON.parse(JSON.stringify(sent))).toStrictEqual(sent);
});

test("an e-mail address that cannot be one is left out", () => {
  expect(payloadOf({ order: { email: "none" } }).customer).not.toHaveProperty("email");
});

test.each([
  ["street", { address1: undefined, address2: undefined }],
  ["city", { countryCode: "DE", city: undefined }],
  ["country", { countryCode: undefined }],
  ["postcode", { countryCode: "DE", zip: undefined }],
])("an address without %s is held with the word in the sentence", (word, address) => {
  expect(heldWith({ order: { shippingAddress: anAddress(address) } })).toContain(`has no ${word}`);
});

test("an address with only a second line is held, not sent with the flat as its street", () => {
  const flat = anAddress({ address1: " ", address2: "Apt 4" });
  const settings = { sendBillingAddress: true };

  expect(heldWith({ order: { shippingAddress: flat } })).toContain("has no street");
  expect(payloadOf({ settings, order: { billingAddress: flat } }).addresses).toHaveLength(1);
});

test("an order without a delivery address is held", () => {
  expect(heldWith({ order: { shippingAddress: undefined } })).toContain("no delivery address");
});

test("line breaks become spaces and odd letters stay as they are", () => {
  const address = anAddress({
    address1: "1 Main\nSt",
    address2: undefined,
    city: "Łódź 👋",
    province: "Ōita",
  });

  expect(payloadOf({ order: { shippingAddress: address } }).addresses).toEqual([
    {
      type_id: "shipping",
      address_1: "1 Main St",
      post_code: "018956",
      city: "Łódź 👋",
      county: "Ōita",
      country_code: "SG",
    },
  ]);
});

test("O15 where there are no postcodes the merchant's placeholder is sent, elsewhere the order is held", () => {
  const irish = { shippingAddress: anAddress({ countryCode: "IE", zip: undefined }) };
  const german = { shippingAddress: anAddress({ countryCode: "DE", zip: undefined }) };
  const placeholder = { placeholderPostcode: "-" };

  expect(payloadOf({ order: irish, settings: placeholder }).addresses[0]?.post_code).toBe("-");
  expect(heldWith({ order: irish })).toContain("Postcode for countries without one");
  expect(heldWith({ order: german, settings: placeholder })).toContain("has no postcode");
});

test("the billing address goes along only when asked for and complete", () => {
  const settings = { sendBillingAddress: true };
  const types = (given: Parameters<typeof payloadOf>[0]) => payloadOf(given).addresses.map((a) => a.type_id);

  expect(types({})).toEqual(["shipping"]);
  expect(types({ settings })).toEqual(["shipping", "billing"]);
  expect(types({ settings, order: { billingAddress: anAddress({ address1: "", address2: "" }) } })).toEqual([
    "shipping",
  ]);
});
