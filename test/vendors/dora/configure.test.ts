// The configurator of the products page: what can be chosen at Dora, what it costs now, and what cannot be made.
import fc from "fast-check";
import { expect, test } from "vitest";
import { dora } from "#app/vendors/dora/index.ts";
import { fieldsSchema } from "#app/vendors/fields.ts";
import type { Configured } from "#app/vendors/vendor.ts";
import { aRing, atDora, errorOf, orders, payloadOf, ringLine, ringPart } from "./rings.ts";

const at = atDora();

async function configured(product: Record<string, unknown>, login = "dealer"): Promise<Configured> {
  const settings = at.settings({ username: login });
  const calls = await at.loggedIn({ settings });
  if (!dora.configure) throw new Error("Dora has a configurator");
  return dora.configure(product, settings, calls);
}

const factOf = ({ facts }: Configured, label: string): string | undefined =>
  facts.find(([name]) => name === label)?.[1];

test("at first a collection is chosen, then one of its rings", async () => {
  const start = await configured({});
  const shelf = await configured({ type: "ring", collectionId: 14 });

  expect(start).toMatchObject({ facts: [], problems: {} });
  expect(start.choices["collectionId"]).toEqual([
    { value: "12", label: "Wedding rings · Classics" },
    { value: "14", label: "Engagement rings · Solitaires" },
  ]);
  expect(shelf.choices["id"]?.map(({ value }) => value)).toEqual(["320", "321", "322", "323"]);
  expect(shelf.choices["id"]?.[0]?.label).toMatch(/^5102 · Solitaire, four prongs · EUR [\d.]+$/);
});

test("a chosen ring is filled in as Dora makes it, priced, and can be ordered as it is", async () => {
  const made = await configured({ type: "ring", collectionId: 14, id: 320 });

  expect(made.problems).toEqual({});
  expect(made.product).toMatchObject({
    width: 2.5,
    parts: [
      { name: "Band", metalId: 6, color: "White", finish: "Polished" },
      { name: "Setting", metalId: 6, color: "White", finish: "Polished" },
    ],
  });
  expect(made.product["sizes"]).toHaveLength(17);
  expect(factOf(made, "Price")).toBe(
    `EUR ${Number(made.product["expectedPrice"]).toFixed(2)} in size 56 (17.7 mm)`,
  );
  expect(factOf(made, "Diamonds")).toBe("1 × Brilliant 0.25, together 0.25, G/VS");
  expect(made.image).toContain("/media/style-320.png");
  expect(fieldsSchema(dora.product).safeParse(made.product).success).toBe(true);

  const payload = payloadOf(ringPart([[ringLine(), made.product]]));
  const receipt = await orders.submit(payload, at.settings({ priceTolerance: 0 }), await at.loggedIn());
  expect(receipt.number).toBe(at.standIn.ledger()[0]?.number);
});

test("a ring whose collection is not known gets it looked up", async () => {
  expect((await configured({ type: "ring", id: 320 })).product["collectionId"]).toBe(14);
  expect((await configured({ type: "ring", id: 999 })).problems).toHaveProperty("id");
  expect((await configured({ type: "ring", id: 310, collectionId: 14 })).problems["id"]).toContain(
    "no such ring in this collection",
  );
});

test("what can be chosen follows the metal, and the price follows what is chosen", async () => {
  const gold = await configured(aRing({ expectedPrice: 351.2 }));
  const parts = [{ name: "Band", metalId: 8, color: "White", finish: "Brushed" }];
  const platinum = await configured(aRing({ expectedPrice: 351.2, parts, width: 6 }));

  expect(gold.choices["parts.0.color"]?.map(({ value }) => value)).toEqual(["White", "Yellow", "Rose"]);
  expect(platinum.choices["parts.0.color"]?.map(({ value }) => value)).toEqual(["White"]);
  expect(platinum.choices["parts.0.metalId"]).toContainEqual({ value: "8", label: "Platinum 950 (PT950)" });
  expect(platinum.choices["width"]).toContainEqual({ value: "6", label: "6 mm" });
  expect(platinum.choices["sizeMm"]).toContainEqual({ value: "17.7", label: "56 (17.7 mm)" });
  expect(gold.product["expectedPrice"]).toBe(351.2);
  expect(platinum.product["expectedPrice"]).not.toBe(351.2);
  expect(platinum.choices["expectedPrice"]?.[0]?.value).toBe(String(platinum.product["expectedPrice"]));
  expect(factOf(platinum, "Weight")).not.toBe(factOf(gold, "Weight"));
});

test("a fixed size is what the price is for", async () => {
  const small = await configured(aRing({ sizeMm: 14.9, sizes: [] }));

  expect(factOf(small, "Price")).toMatch(/in size 47 \(14\.9 mm\)$/);
});

test("a merchant who wants no expected price keeps none, and an emptied list of sizes stays empty", async () => {
  const made = await configured(aRing({ sizes: [], sizeMm: 17.7 }));

  expect(made.product).not.toHaveProperty("expectedPrice");
  expect(made.product["sizes"]).toEqual([]);
  expect(made.choices["expectedPrice"]).toEqual([{ value: "351.2", label: "EUR 351.20" }]);
});

test("the same ring costs another dealer his own currency, in the sizes of his country", async () => {
  const made = await configured({ type: "ring", collectionId: 12, id: 310 }, "dealer-us");

  expect(factOf(made, "Price")).toBe("USD 400.37 in size 7.5 (17.7 mm)");
  expect(made.product["sizes"]).toContainEqual({ label: "7.5", sizeMm: 17.7 });
});

test.each<[string, Record<string, unknown>, string, string]>([
  ["a width out of range", { width: 9 }, "width", "from 2.5 to 8 mm"],
  [
    "a metal it is not made of",
    { parts: [{ name: "Band", metalId: 77 }] },
    "parts.0.metalId",
    "Choose another",
  ],
  [
    "a colour the metal has not",
    { parts: [{ name: "Band", metalId: 8, color: "Rose", finish: "Polished" }] },
    "parts.0.color",
    "For this metal: White.",
  ],
  [
    "a finish a shopper may choose and Dora does not make",
    { parts: [{ name: "Band", metalId: 5, finishes: "Brushed, Sandblasted" }] },
    "parts.0.finishes",
    "Sandblasted",
  ],
  [
    "a part it does not have",
    { parts: [{ name: "Band", metalId: 5 }, { name: "Setting", metalId: 5 }] }, // prettier-ignore
    "parts.1.name",
    "Remove this row",
  ],
  [
    "the same part twice",
    { parts: [{ name: "Band", metalId: 5 }, { name: "Band", metalId: 8 }] }, // prettier-ignore
    "parts.1.name",
    "Remove this row",
  ],
  ["a fixed size it is not made in", { sizeMm: 17.71 }, "sizeMm", "not make this ring in this size"],
  ["neither a size nor sizes", { sizes: [] }, "sizeMm", "Choose one size here"],
  [
    "a size of the list it is not made in",
    { sizes: [{ label: "56", sizeMm: 5.6 }] },
    "sizes.0.sizeMm",
    "not make this ring in this size",
  ],
  [
    "one size twice with different millimetres",
    { sizes: [{ label: "7½", sizeMm: 17.7 }, { label: "7.5", sizeMm: 17.3 }] }, // prettier-ignore
    "sizes.1.label",
    "also listed with 17.7 mm",
  ],
  [
    "diamonds it does not have",
    { diamonds: [{ cutId: 1, countSize: 1, size: 1, qualityId: "1" }] },
    "diamonds",
    "has no diamonds",
  ],
])(
  "D13 %s is said at its field, nothing chosen is changed, and no price is named",
  async (_, given, field, words) => {
    const made = await configured(aRing(given));

    expect(made.problems[field]).toContain(words);
    expect(made.product).toMatchObject(given);
    expect(factOf(made, "Price")).toBeUndefined();
  },
);

test("D14 a part that was not named is added with what Dora makes, one that was named is kept", async () => {
  const parts = [{ name: "Setting", metalId: 8, color: "White", finish: "Brushed", finishes: "Polished" }];
  const made = await configured(aRing({ id: 320, collectionId: 14, width: 2.5, parts }));

  expect(made.product["parts"]).toEqual([
    parts[0],
    { name: "Band", metalId: 6, color: "White", finish: "Polished" },
  ]);
  expect(made.problems).toEqual({});
});

test("what is half typed is no reason to fail, and stays in the form", async () => {
  const made = await configured({ ...aRing(), width: "4 m", sizeMm: "abc", parts: "none", diamonds: null });

  expect(made.product).toMatchObject({ width: "4 m", sizeMm: "abc" });
  expect(made.facts.length).toBeGreaterThan(0);
});

test("a product that is no ring is chosen from the list, with its price and picture", async () => {
  const start = await configured({ type: "product" });
  const made = await configured({ type: "product", id: 71 });

  expect(start.choices["id"]).toContainEqual({ value: "71", label: "Ring box, oak · EUR 19.00" });
  expect(made).toMatchObject({ product: { type: "product", id: 71, expectedPrice: 19 }, problems: {} });
  expect(made.image).toContain("/media/product-71.png");
  expect((await configured({ type: "product", id: 310 })).problems).toHaveProperty("id");
});

test("the configurator never comes near the cart, and its trouble is the vendor's sentence", async () => {
  await configured(aRing());
  expect(at.standIn.requests().some(({ path }) => path === "/cart")).toBe(false);

  at.standIn.fault({ on: "POST /catalog/item", kind: "error-not-done" });
  expect((await errorOf(() => configured(aRing()))).problem).toBe("retry");
});

test("asked about what it filled in, the configurator fills in nothing else", async () => {
  const rings = fc.constantFrom([310, 12], [311, 12], [314, 12], [320, 14], [322, 14], [323, 14]);
  const part = fc.record(
    {
      name: fc.constantFrom("Band", "Setting", "", "Stone"),
      metalId: fc.constantFrom(1, 5, 6, 8, 99),
      color: fc.constantFrom("White", "Yellow", "Rose", ""),
      finish: fc.constantFrom("Polished", "Iced", ""),
    },
    { requiredKeys: [] },
  );
  const products = fc.record(
    {
      width: fc.constantFrom(2.5, 4, 9, "x"),
      parts: fc.array(part, { maxLength: 3 }),
      sizeMm: fc.constantFrom(17.7, 55),
      sizes: fc.array(fc.record({ label: fc.constantFrom("56", "P½"), sizeMm: fc.constantFrom(17.7, 1) })),
      expectedPrice: fc.constantFrom(0, 351.2),
    },
    { requiredKeys: [] },
  );
  const settings = at.settings();
  const calls = await at.loggedIn();
  const ask = async (product: Record<string, unknown>): Promise<Configured> => {
    const made = await dora.configure?.(product, settings, calls);
    if (!made) throw new Error("Dora has a configurator");
    return made;
  };
  const asJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

  await fc.assert(
    fc.asyncProperty(rings, products, async ([id, collectionId], given) => {
      const once = await ask({ type: "ring", id, collectionId, ...given });
      const twice = await ask(asJson(once.product) as Record<string, unknown>);
      expect(asJson(twice)).toEqual(asJson(once));
    }),
    { numRuns: 60 },
  );
}, 60_000);
