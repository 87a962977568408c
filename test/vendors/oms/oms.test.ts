// What an order becomes at Ideal Factory's OMS: the mapping, case by case, and then for any order at all.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { oms } from "#app/vendors/oms/index.ts";
import { payload, toAmount } from "#app/vendors/oms/payload.ts";
import { VendorError } from "#app/vendors/vendor.ts";
import { anAddress, anyOrder, aPart, properties } from "#test/support/builders.ts";
import { aDesignLine, heldWith, orders, payloadOf, settings } from "./support.ts";

test("the whole order as the OMS gets it", () => {
  expect(payloadOf()).toMatchInlineSnapshot(`
    {
      "addresses": [
        {
          "address_1": "1 Main St",
          "address_2": "#04-12",
          "city": "Singapore",
          "country_code": "SG",
          "post_code": "018956",
          "type_id": "shipping",
        },
      ],
      "create_print_files": true,
      "currency_code": "SGD",
      "customer": {
        "ecommerce_customer_id": "77",
        "email": "a@ex.com",
        "name": "Ana",
        "phone": "+6581234567",
        "surname": "Tan",
      },
      "ecommerce_order_id": "5551234567890",
      "ecommerce_order_number": "#1001",
      "items": [
        {
          "ecommerce_order_item_id": "14001",
          "ecommerce_variant_id": "9001",
          "price": 110,
          "properties": {
            "Colour": "Red",
          },
          "quantity": 1,
          "template_config": "%7B%22a%22%3A1%7D",
          "thumbnails": [
            "https://cdn.example.com/t.png",
          ],
        },
      ],
      "note": "Leave at door",
      "shippings": [
        {
          "code": "STANDARD",
          "shipping_price": 10,
        },
      ],
      "store_id": "S1",
      "subtotal_price": 110,
      "total_price": 120,
    }
  `);
});

describe("money and shipping", () => {
  test("O11 beside another vendor's part the totals are left out", () => {
    const sent = payloadOf({ part: { whole: false } });

    expect(sent).not.toHaveProperty("total_price");
    expect(sent).not.toHaveProperty("subtotal_price");
    expect(sent.items[0]?.price).toBe(110);
  });

  test("every amount is the number its decimal text says", () => {
    expect(toAmount({ minor: 1990, currency: "SGD" }, "SGD")).toBe(19.9);
    expect(toAmount({ minor: 10, currency: "EUR" }, "eur")).toBe(0.1);
    expect(toAmount({ minor: 500, currency: "JPY" }, "JPY")).toBe(500);
    expect(toAmount({ minor: 1005, currency: "KWD" }, "KWD")).toBe(1.005);
    fc.assert(
      fc.property(fc.nat({ max: 2 ** 31 - 1 }), (minor) => {
        const cents = String(minor).padStart(3, "0");
        expect(toAmount({ minor, currency: "USD" }, "USD")?.toFixed(2)).toBe(
          `${cents.slice(0, -2)}.${cents.slice(-2)}`,
        );
      }),
    );
  });

  test("an amount below zero or in another currency is not sent", () => {
    expect(toAmount({ minor: -1, currency: "SGD" }, "SGD")).toBeUndefined();
    expect(toAmount({ minor: 100, currency: "USD" }, "SGD")).toBeUndefined();
  });

  test("O13 free shipping costs 0, and of two shipping lines the first counts", () => {
    const free = { code: "STD", title: "Standard", price: { minor: 0, currency: "SGD" } };
    const other = { code: "EXP", title: "Express", price: { minor: 900, currency: "SGD" } };

    expect(payloadOf({ order: { shippingLines: [free, other] } }).shippings).toEqual([
      { code: "STANDARD", shipping_price: 0 },
    ]);
  });

  test("O14 an unknown shipping method takes the default code, and without one the order is held", () => {
    const express = { title: "Express (2-3 days)", price: { minor: 900, currency: "SGD" } };
    const order = { shippingLines: [express] };

    expect(payloadOf({ order, settings: { defaultShippingCode: "STD2" } }).shippings?.[0]?.code).toBe("STD2");
    expect(heldWith({ order })).toBe(
      'The shipping method "Express (2-3 days)" has no OMS shipping code. Add it to the shipping codes in the settings.',
    );
  });

  test("a shipping method is found by its name as well, however it is capitalised", () => {
    const express = { code: "x1", title: "EXPRESS", price: { minor: 900, currency: "SGD" } };
    const shippingCodes = [{ shopify: "express ", code: "FAST" }];

    expect(payloadOf({ order: { shippingLines: [express] }, settings: { shippingCodes } }).shippings).toEqual(
      [{ code: "FAST", shipping_price: 9 }],
    );
  });

  test("an order without a shipping method has no shippings", () => {
    expect(payloadOf({ order: { shippingLines: [] } })).not.toHaveProperty("shippings");
  });

  test("the # goes when the merchant wants it gone", () => {
    expect(payloadOf({ settings: { stripHash: true } }).ecommerce_order_number).toBe("1001");
  });
});

test("any order becomes a payload the OMS takes, or a sentence", () => {
  const names = ["_template_config", "_thumbnails", "_thumbnail", "_design_version_id"];
  let sent = 0;
  const complete = fc.record({ order: anyOrder(names), whole: fc.boolean(), usable: fc.boolean() });
  fc.assert(
    fc.property(complete, ({ order: raw, whole, usable }) => {
      // Half of them are given what every order needs, or hardly one would get as far as a payload.
      const order = usable
        ? {
            ...raw,
            note: undefined,
            shippingAddress: anAddress({
              ...raw.shippingAddress,
              countryCode: "SG",
              zip: "1",
              city: "S",
              name: "A B",
            }),
            lines: raw.lines.map((line) => ({
              ...line,
              properties: [
                ...line.properties.filter(({ name }) => !names.includes(name)),
                ...aDesignLine().properties,
              ],
            })),
          }
        : raw;
      const lines = order.lines.map((line) => ({ line, product: {} }));
      try {
        const result = orders().toPayload(
          aPart(lines, { order, whole }),
          settings({ defaultShippingCode: "STD", sendBillingAddress: true }),
        );
        sent += 1;
        expect(payload.parse(result)).toEqual(result);
        expect(JSON.parse(JSON.stringify(result))).toEqual(result);
      } catch (error) {
        if (!(error instanceof VendorError)) throw error;
        expect(error.problem).toBe("rejected");
        expect(error.message).toMatch(/^[A-Z"].+[.?]/su);
        expect(error.message).not.toMatch(/would refuse this order/);
      }
    }),
    { numRuns: 400 },
  );
  expect(sent).toBeGreaterThan(20);
});

test("a line with a design looks like ours, another does not", () => {
  expect(orders().looksLikeOurs(aDesignLine())).toBe(true);
  expect(orders().looksLikeOurs(aDesignLine({ properties: properties({ Colour: "Red" }) }))).toBe(false);
  expect(orders().looksLikeOurs(aDesignLine({ properties: properties({ _template_config: " " }) }))).toBe(
    false,
  );
});

test("incomplete settings pause the connection and name the field", () => {
  const part = aPart([{ line: aDesignLine(), product: {} }]);

  expect(() => orders().toPayload(part, settings({ storeId: "" }))).toThrow("Store ID is missing.");
  expect(() => orders().toPayload(part, settings({ token: "Bearer abc" }))).toThrow(
    "without the word Bearer",
  );
  expect(() => orders().toPayload(part, settings({ baseUrl: undefined }))).toThrow("API address is missing.");
  expect(oms.settings.find((field) => field.key === "baseUrl")).not.toHaveProperty("default");
});
