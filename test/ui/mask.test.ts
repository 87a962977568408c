// Nobody sees a customer's name, street, phone or e-mail in what was sent unless they ask to.
import fc from "fast-check";
import { expect, test } from "vitest";
import { maskPayload, maskPersonalText, personalValues } from "#app/ui/mask.ts";
import { anAddress, anOrder } from "#test/support/builders.ts";

const personal = personalValues(
  anOrder({
    email: "ana.tan@example.com",
    shippingAddress: anAddress(),
    billingAddress: anAddress({ firstName: "Bo", name: "Bo Tan" }),
  }),
);

test("names, street, phone and e-mail are hidden by what their field is called", () => {
  const sent = {
    full_name: "Somebody Else",
    emailAddress: "x@y.example",
    shipping_phone: "12345678",
    addressLine1: "9 Other St",
    address_2: "",
    mobile: 6512345678,
    city: "Singapore",
    postcode: "018956",
    country: "SG",
    sku: "KIT-1",
    quantity: 2,
  };

  expect(maskPayload(sent, [])).toEqual({
    full_name: "•••",
    emailAddress: "•••",
    shipping_phone: "•••",
    addressLine1: "•••",
    address_2: "",
    mobile: "•••",
    city: "Singapore",
    postcode: "018956",
    country: "SG",
    sku: "KIT-1",
    quantity: 2,
  });
});

test("the customer's own values are hidden wherever they stand, whole words only", () => {
  const sent = { note: "For ANA TAN at 1 Main St, not for a banana", extra: [{ json: '{"who":"Tan"}' }] };

  expect(maskPayload(sent, personal)).toEqual({
    note: "For ••• at •••, not for a banana",
    extra: [{ json: '{"who":"•••"}' }],
  });
});

test("a secret is hidden whatever its kind, and its absence shows", () => {
  expect(maskPayload({ api_key: "k", accessToken: 5, password: { a: 1 }, token: null }, [])).toEqual({
    api_key: "•••",
    accessToken: "•••",
    password: "•••",
    token: null,
  });
});

test("a product's name stays readable", () => {
  expect(maskPayload({ parts: [{ name: "Band" }] }, personal)).toEqual({ parts: [{ name: "Band" }] });
});

test("a vendor's answer is masked as text", () => {
  expect(maskPersonalText("No street for ana.tan@example.com / +6581234567.", personal)).toBe(
    "No street for ••• / •••.",
  );
});

test("whatever the customer is called, the name is not in what is shown", () => {
  const name = fc
    .string({ unit: "grapheme", minLength: 2, maxLength: 20 })
    .filter((text) => text.trim().length > 1);
  fc.assert(
    fc.property(name, (firstName) => {
      const values = personalValues(anOrder({ shippingAddress: anAddress({ firstName }) }));
      const shown = JSON.stringify(maskPayload({ gift_message: `(${firstName.trim()})` }, values));
      expect(shown).toBe('{"gift_message":"(•••)"}');
    }),
  );
});
