// Nobody sees a customer's name, street, phone or e-mail in what was sent unless they ask to.
import fc from "fast-check";
import { expect, test } from "vitest";
import { maskCutText, maskPayload, maskPersonalText, personalValues } from "#app/ui/mask.ts";
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

test("a phone typed with brackets and spaces is hidden as it was sent, also in a body that was cut off and in a vendor's complaint", () => {
  const values = personalValues(
    anOrder({
      phone: "(030) 12 34",
      shippingAddress: anAddress({
        phone: "+65 (8123) 45-67",
        address1: "1  Main\tSt",
        company: 'The "Ana" Co',
      }),
    }),
  );

  const sent = { qty: 2, to: { note: "+6581234567", call: "0301234", where: "1 Main St" } };
  expect(maskPayload(sent, values)).toEqual({ qty: 2, to: { note: "•••", call: "•••", where: "•••" } });
  expect(maskCutText('{"a":"+6581234567","b":"1 Main St","c":"The \\"Ana\\" Co","d":"+65812', values)).toBe(
    '{"a":"•••","b":"•••","c":"•••","d":"•••',
  );
  expect(maskPersonalText("Phone 6581234567 / +65 (8123) 45-67 is no mobile.", values)).toBe(
    "Phone ••• / ••• is no mobile.",
  );
});

test("a short number is no phone: quantities and prices stay readable", () => {
  const values = personalValues(anOrder({ shippingAddress: anAddress({ phone: "1-2-3" }) }));

  expect(maskPayload({ quantity: "123", price: "12.30" }, values)).toEqual({
    quantity: "123",
    price: "12.30",
  });
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
