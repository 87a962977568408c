// What of an order goes into Dora's cart, and what is refused with a sentence instead.
import { readFileSync } from "node:fs";
import fc from "fast-check";
import { expect, test } from "vitest";
import { dora } from "#app/vendors/dora/index.ts";
import { payloadSchema } from "#app/vendors/dora/payload.ts";
import { fieldsSchema } from "#app/vendors/fields.ts";
import { VendorError } from "#app/vendors/vendor.ts";
import { aPart, anyOrder } from "#test/support/builders.ts";
import { aRing, errorOf, orders, payloadOf, ringLine, ringPart, theSettings } from "./rings.ts";

const withProperties = (values: Record<string, string>) =>
  ringLine({ properties: Object.entries(values).map(([name, value]) => ({ name, value })) });

test("D1 one ring with all its options is the body of one addition to the cart", () => {
  expect(payloadOf()).toMatchInlineSnapshot(`
    {
      "lines": [
        {
          "collection_id": 12,
          "put": {
            "id": 310,
            "options": {
              "parts": [
                {
                  "color": "Yellow",
                  "finish": "Polished",
                  "metal_id": 5,
                  "name": "Band",
                },
              ],
              "size": 17.7,
              "width": 4,
            },
            "quantity": 1,
            "type": "ring",
          },
        },
      ],
    }
  `);
});

test("D10 two lines of the same ring are one cart line with the sum of their quantities", () => {
  const payload = payloadOf(
    ringPart([
      [ringLine({ id: "1", quantity: 1 }), aRing({ expectedPrice: 351.2 })],
      [ringLine({ id: "2", quantity: 2 }), aRing({ expectedPrice: 351.2 })],
    ]),
  );

  expect(payload.lines.map(({ put }) => put.quantity)).toEqual([3]);
  expect(payload.expected).toBe(1_053_600);
});

test("D20 a ring and another product go into one purchase", () => {
  const payload = payloadOf(
    ringPart([
      [ringLine({ id: "1" }), aRing({ expectedPrice: 351.2 })],
      [ringLine({ id: "2", quantity: 2, properties: [] }), { type: "product", id: 71 }],
    ]),
  );

  expect(payload.lines[1]).toEqual({ put: { type: "product", id: 71, quantity: 2 } });
  expect(payload.expected, "without all expected prices nothing is compared").toBeUndefined();
});

test("a line with nothing left of it is not sent, and an order of such lines is refused", async () => {
  const gone = ringLine({ id: "2", quantity: 0, properties: [] });

  expect(payloadOf(ringPart([[ringLine(), aRing()], [gone, aRing()]])).lines).toHaveLength(1); // prettier-ignore
  expect((await errorOf(() => payloadOf(ringPart([[gone, aRing()]])))).problem).toBe("rejected");
});

test.each(["Engraving", "_engraving_text", "Inscription:", "GRAVUR innen", "Gravure", "Éngraving"])(
  "D11 a ring with “%s” is held, because Dora cannot be told",
  async (name) => {
    const error = await errorOf(() =>
      payloadOf(ringPart([[withProperties({ "Ring size": "56", [name]: "Forever" }), aRing()]])),
    );

    expect(error.problem).toBe("rejected");
    expect(error.message).toContain(name.replace(":", ""));
  },
);

test("an empty engraving property is no engraving", () => {
  const line = withProperties({ "Ring size": "56", Engraving: "  " });

  expect(payloadOf(ringPart([[line, aRing()]])).lines).toHaveLength(1);
});

test("the merchant decides which personalisation cannot be sent", async () => {
  const settings = theSettings({ cannotBeSent: "initials" });
  const line = withProperties({ "Ring size": "56", "Your initials": "AT" });

  expect((await errorOf(() => payloadOf(ringPart([[line, aRing()]]), settings))).problem).toBe("rejected");
});

test("the size the shopper chose becomes the millimetres of the mapping's list", () => {
  const sizes = [
    { label: "54", sizeMm: 17.3 },
    { label: "P½", sizeMm: 17.7 },
    { label: "7 1/2", sizeMm: 17.75 },
  ];
  const sizeFor = (text: string): unknown => {
    const [line] = payloadOf(ringPart([[withProperties({ size: text }), aRing({ sizes })]])).lines;
    return line?.put.type === "ring" ? line.put.options.size : undefined;
  };

  expect(["54", " 54 ", "p 1/2", "P½", "7.5", "7,5", "7½", "Size 7.50"].map(sizeFor)).toEqual([
    17.3, 17.3, 17.7, 17.7, 17.75, 17.75, 17.75, 17.75,
  ]);
});

test.each(["not sure", "55", "17.3; drop table", "…"])("a ring size of “%s” is held", async (size) => {
  const error = await errorOf(() => payloadOf(ringPart([[withProperties({ "Ring size": size }), aRing()]])));

  expect(error.problem).toBe("rejected");
  expect(error.message).toContain("Products page");
});

test("two sizes on one line that disagree are held", async () => {
  const line = withProperties({ "Ring size": "54", Size: "56" });

  expect((await errorOf(() => payloadOf(ringPart([[line, aRing()]])))).problem).toBe("rejected");
});

test("without a size from the shopper the mapping's own counts, and without either the order is held", async () => {
  const line = ringLine({ properties: [] });
  const [sent] = payloadOf(ringPart([[line, aRing({ sizeMm: 18.1, sizes: [] })]])).lines;

  expect(sent?.put).toMatchObject({ options: { size: 18.1 } });
  expect((await errorOf(() => payloadOf(ringPart([[line, aRing()]])))).message).toContain("No ring size");
});

test("a variant with one fixed size is held when the shopper names another", async () => {
  const fixed = aRing({ sizeMm: 17.7, sizes: [] });

  expect(payloadOf(ringPart([[withProperties({ Size: "17,7 mm" }), fixed]])).lines).toHaveLength(1);
  expect((await errorOf(() => payloadOf(ringPart([[withProperties({ Size: "60" }), fixed]])))).problem).toBe(
    "rejected",
  );
});

test("metal, width and diamonds come from the mapping, whatever the shopper's properties say", () => {
  const diamonds = [{ cutId: 1, countSize: 2, size: 0.02, qualityId: "7" }];
  const line = withProperties({ "Ring size": "56", metal_id: "8", Width: "8", options: "{}", id: "322" });
  const [sent] = payloadOf(ringPart([[line, aRing({ diamonds })]])).lines;

  expect(sent?.put).toEqual({
    type: "ring",
    id: 310,
    quantity: 1,
    options: {
      size: 17.7,
      width: 4,
      parts: [{ name: "Band", metal_id: 5, color: "Yellow", finish: "Polished" }],
      diamonds: [{ diamond_cut_id: 1, diamond_count_size: 2, diamond_size: 0.02, diamond_quality_id: "7" }],
    },
  });
});

test("D15 the finish “brushed” is Dora's Brushed when the mapping allows it, and “matte” is held", async () => {
  const parts = [
    { name: "Band", metalId: 5, color: "Yellow", finish: "Polished", finishes: "brushed, Iced" },
  ];
  const part = (finish: string, product = aRing({ parts })) =>
    ringPart([[withProperties({ "Ring size": "56", Finish: finish }), product]]);

  expect(payloadOf(part("brushed")).lines[0]?.put).toMatchObject({
    options: { parts: [{ finish: "Brushed" }] },
  });
  expect(payloadOf(part("POLISHED", aRing())).lines[0]?.put).toMatchObject({
    options: { parts: [{ finish: "Polished" }] },
  });
  for (const refused of [part("matte"), part("Hammered"), part("Brushed", aRing())])
    expect((await errorOf(() => payloadOf(refused))).message).toContain("finish");
});

test.each([
  ["no collection", { collectionId: undefined }],
  ["no width", { width: undefined }],
  ["no parts", { parts: [] }],
  ["no id", { id: undefined }],
  ["half a diamond", { diamonds: [{ cutId: 1 }] }],
  [
    "a finish Dora does not know",
    { parts: [{ name: "Band", metalId: 5, color: "Yellow", finish: "Matte" }] },
  ],
])("a mapped ring with %s is held with a way out", async (_, overrides) => {
  const error = await errorOf(() => payloadOf(ringPart([[ringLine(), aRing(overrides)]])));

  expect(error.problem).toBe("rejected");
  expect(error.message).toContain("Open Products");
});

test("nothing about the customer is in what Dora gets", () => {
  const text = JSON.stringify(payloadOf());

  for (const personal of ["Ana", "Tan", "a@ex.com", "Main St", "#1001", "Leave at door", "5551234567890"])
    expect(text).not.toContain(personal);
});

test("D24 the merchant is told before connecting that the customer's address is not transmitted", () => {
  const readme = readFileSync(new URL("../../../app/vendors/dora/README.md", import.meta.url), "utf8");

  expect(dora.goodToKnow.join(" ")).toMatch(/address are not transmitted.*login of its own.*Engraving/s);
  expect(readme).toContain("The customer's name and address are not transmitted.");
});

test("two shops with the same login are one account", () => {
  const key = (baseUrl: string, username: string) => dora.accountKey?.(theSettings({ baseUrl, username }));

  expect(key("https://api.configuredora.com", "Dealer ")).toBe(
    key("https://API.configuredora.com/", "dealer"),
  );
  expect(key("https://api.configuredora.com", "other")).not.toBe(
    key("https://api.configuredora.com", "dealer"),
  );
  expect(dora.atOnce).toBe(1);
});

test("a line looks like ours only with a name that nobody uses by accident", () => {
  expect(orders.looksLikeOurs(ringLine())).toBe(false);
  expect(orders.looksLikeOurs(withProperties({ _dora_item: "310" }))).toBe(true);
});

test("a price tolerance left empty is none, and 0 is one", () => {
  const schema = fieldsSchema(dora.settings);

  expect(schema.parse(theSettings())).not.toHaveProperty("priceTolerance");
  expect(schema.parse(theSettings({ priceTolerance: 0 }))).toMatchObject({ priceTolerance: 0 });
});

test("any order is either a payload Dora takes or a sentence, never anything else", () => {
  const names = ["Ring size", "Size", "Finish", "Engraving", "_dora_item"];
  const products = fc.constantFrom(
    aRing({ sizeMm: 17.7 }),
    aRing({ sizeMm: 17.7, expectedPrice: 123456789.99 }),
    aRing(),
    aRing({ parts: [{ name: " ", metalId: 5 }], sizeMm: 17.7 }),
    { type: "product", id: 71 },
  );
  const resends = fc.integer({ min: 0, max: 3 });
  fc.assert(
    fc.property(anyOrder(names), products, resends, (order, product, resend) => {
      const part = aPart<unknown>(order.lines.map((line) => ({ line, product })), { order, resend }); // prettier-ignore
      try {
        expect(payloadSchema.safeParse(orders.toPayload(part, theSettings())).success).toBe(true);
      } catch (error) {
        if (!(error instanceof VendorError)) throw error;
        expect(error.problem).toBe("rejected");
        expect(error.message).toMatch(/[.:!?]$/);
      }
    }),
    { numRuns: 400 },
  );
});
