// What a line of an order becomes at the OMS: design, pictures, properties and ids.
import { expect, test } from "vitest";
import { properties } from "#test/support/builders.ts";
import { aDesignLine, encodedDesign, heldWith, payloadOf } from "./support.ts";

/** The design line with other properties; the design and the thumbnail stay unless they are given. */
const withProperties = (values: Record<string, string>) =>
  aDesignLine({
    properties: properties({
      _template_config: encodedDesign,
      _thumbnail: "https://cdn.example.com/t.png",
      ...values,
    }),
  });

test("O1 the design is sent byte for byte, ids as text, quantity and price as numbers", () => {
  const [item] = payloadOf({
    lines: [aDesignLine({ id: "9007199254740993123", price: { minor: 1990, currency: "SGD" } })],
  }).items;

  expect(item).toMatchObject({
    ecommerce_order_item_id: "9007199254740993123",
    ecommerce_variant_id: "9001",
    quantity: 1,
    price: 19.9,
    template_config: encodedDesign,
  });
});

test("O2 raw JSON is encoded once and says the same", () => {
  const [item] = payloadOf({ lines: [withProperties({ _template_config: '{"a":"50% off"}' })] }).items;

  expect(decodeURIComponent(item?.template_config ?? "")).toBe('{"a":"50% off"}');
});

test("O5 O6 a damaged design holds the order", () => {
  expect(heldWith({ lines: [withProperties({ _template_config: "%7B%22a%22%3A" })] })).toBe(
    'The design of "Made to order" is damaged or cut off. Ask the shopper to design it again.',
  );
  expect(heldWith({ lines: [withProperties({ _template_config: "null" })] })).toContain("damaged");
});

test("O7 a missing design holds the order and says which property was looked for", () => {
  expect(heldWith({ lines: [aDesignLine({ properties: [] })] })).toContain(
    "its property _template_config is missing",
  );
  expect(heldWith({ settings: { designProperty: "design" } })).toContain("its property design is missing");
});

test("two different designs on one line hold the order, the same one twice does not", () => {
  const twice = (second: string) =>
    aDesignLine({
      properties: [...aDesignLine().properties, { name: "_template_config", value: second }],
    });

  expect(heldWith({ lines: [twice("%7B%22a%22%3A2%7D")] })).toContain("two different designs");
  expect(payloadOf({ lines: [twice(encodedDesign)] }).items).toHaveLength(1);
});

test.each([
  ["O8 a list with something else in it", '["https://a/1.png","javascript:alert(1)"]', ["https://a/1.png"]],
  ["O8 links with commas between", "https://a/1.png,https://b/2.png", ["https://a/1.png", "https://b/2.png"]],
  ["commas and spaces", "https://a/1.png, https://b/2.png", ["https://a/1.png", "https://b/2.png"]],
  ["a comma inside a link", "https://a/w_3,h_3/1.png", ["https://a/w_3,h_3/1.png"]],
  ["another scheme after a comma", "https://a/1.png,javascript:alert(1)", ["https://a/1.png"]],
  ["the form of Shopify's themes", "//cdn.shopify.com/t.png", ["https://cdn.shopify.com/t.png"]],
  ["the same twice", "https://a/1.png,https://a/1.png", ["https://a/1.png"]],
  ["plain http beside https", "http://a/1.png,https://b/2.png", ["https://b/2.png"]],
])("thumbnails: %s", (_name, value, wanted) => {
  expect(payloadOf({ lines: [withProperties({ _thumbnail: value })] }).items[0]?.thumbnails).toEqual(wanted);
});

test("thumbnails come from both properties", () => {
  const [item] = payloadOf({ lines: [withProperties({ _thumbnails: '["https://a/1.png"]' })] }).items;

  expect(item?.thumbnails).toEqual(["https://a/1.png", "https://cdn.example.com/t.png"]);
});

test.each([
  "",
  "not a link",
  "http://a/1.png",
  "https://user:pass@a/1.png",
  "[",
  '{"a":1}',
  "data:image/png,x",
])(
  "O8 without a usable thumbnail (%j) the product's picture is sent, and without one the order is held",
  (value) => {
    const lines = [withProperties({ _thumbnail: value })];
    const [item] = payloadOf({ lines, product: { defaultThumbnailUrl: "https://a/default.png" } }).items;

    expect(item?.thumbnails).toEqual(["https://a/default.png"]);
    expect(heldWith({ lines })).toContain("has no picture of its design");
    expect(heldWith({ lines, product: { defaultThumbnailUrl: "http://a/default.png" } })).toContain(
      "picture",
    );
  },
);

test("O9 what the shopper chose goes along, what themes wrote does not, repeated names are joined", () => {
  const line = aDesignLine({
    properties: [
      ...aDesignLine({ properties: withProperties({}).properties }).properties,
      { name: "Engraving", value: "Ana\r\n& Bob" },
      { name: "_internal", value: "x" },
      { name: "__proto__", value: "x" },
      { name: "constructor", value: "y" },
      { name: "Color", value: "Red" },
      { name: "Color", value: "Blue" },
      { name: "Empty", value: " " },
    ],
  });

  expect(payloadOf({ lines: [line] }).items[0]?.properties).toEqual({
    Engraving: "Ana\n& Bob",
    constructor: "y",
    Color: "Red, Blue",
  });
});

test("without properties of the shopper there is no properties object", () => {
  expect(payloadOf({ lines: [withProperties({})] }).items[0]).not.toHaveProperty("properties");
});

test("a design property without an underscore is not sent a second time among the others", () => {
  const lines = [withProperties({ Design: "[1]", Version: "v7" })];
  const [item] = payloadOf({
    lines,
    settings: { designProperty: "Design", designVersionProperty: "Version" },
  }).items;

  expect(item).toMatchObject({ template_config: "%5B1%5D", design_version_id: "v7" });
  expect(item).not.toHaveProperty("properties");
});

test("O20 a line without a variant is held, unless the product says its OMS variant", () => {
  const lines = [aDesignLine({ variantId: undefined })];

  expect(heldWith({ lines })).toContain("has no variant");
  expect(payloadOf({ lines, product: { omsVariantId: "V-9" } }).items[0]?.ecommerce_variant_id).toBe("V-9");
});

test("the product's OMS variant comes before the Shopify variant", () => {
  expect(payloadOf({ product: { omsVariantId: "V-9" } }).items[0]?.ecommerce_variant_id).toBe("V-9");
});

test("a second and third sending have item ids of their own", () => {
  const idAfter = (resend: number) => payloadOf({ part: { resend } }).items[0]?.ecommerce_order_item_id;

  expect([idAfter(0), idAfter(1), idAfter(2)]).toEqual(["14001", "14001-r2", "14001-r3"]);
});

test("refunded lines are left out, and an order of nothing else is held", () => {
  const gone = aDesignLine({ id: "14002", quantity: 0 });

  expect(payloadOf({ lines: [aDesignLine(), gone] }).items).toHaveLength(1);
  expect(heldWith({ lines: [gone] })).toBe("Nothing in this order is left to be made.");
});
