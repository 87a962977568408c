// A Shopify product as the product dotcph is told of: SKUs, variants, prices, and what holds it.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { productBody } from "#app/vendors/brand/payload.ts";
import { commonBeginning } from "#app/vendors/brand/skus.ts";
import { VendorError } from "#app/vendors/vendor.ts";
import {
  aProduct,
  aVariant,
  catalogue,
  heldWith,
  itemOf,
  onlyVariant,
  settings,
  twoVariants,
} from "./support.ts";

const suffixes = (given: Parameters<typeof itemOf>[0], changed?: Record<string, unknown>) =>
  itemOf(given, changed).product.variants?.map(({ sku_suffix }) => sku_suffix);

test("the whole product, as the agency gets it", () => {
  const chair = itemOf(
    {
      productVendor: "Muuto",
      productType: "Chairs",
      tags: ["oak", "shell"],
      descriptionHtml: "<p>Innovative shell chair&hellip;</p><ul><li>Oak</li><li>51 &times; 77 cm</li></ul>",
      images: [{ url: "https://cdn.shopify.com/s/files/front.jpg?v=1", alt: "Front view" }],
      variants: [
        aVariant({ weight: 5200, barcode: "5701234567890" }),
        aVariant({ ...twoVariants[1], weight: 5200, price: { minor: 260_000, currency: "DKK" } }),
      ],
      metafields: {
        "custom.designer": "Iskos-Berlin",
        "custom.certifications": '["FSC","EU Ecolabel"]',
        "custom.lead": "28",
      },
    },
    {
      leadTimeMetafield: "custom.lead",
      metadata: [
        { metafield: "custom.designer", name: "designer" },
        { metafield: "custom.certifications", name: "certifications" },
      ],
    },
  );

  expect(chair).toMatchInlineSnapshot(`
    {
      "pictures": [
        {
          "alt_text": "Front view",
          "url": "https://cdn.shopify.com/s/files/front.jpg?v=1",
        },
      ],
      "product": {
        "description": "Innovative shell chair…

    - Oak
    - 51 × 77 cm",
        "lead_time_days": 28,
        "metadata": {
          "certifications": [
            "FSC",
            "EU Ecolabel",
          ],
          "designer": "Iskos-Berlin",
          "product_type": "Chairs",
          "tags": [
            "oak",
            "shell",
          ],
          "variants": {
            "-BLK-OAK": {
              "barcode": "5701234567890",
              "sku": "FIBER-CHAIR-001-BLK-OAK",
            },
            "-WHT-ASH": {
              "sku": "FIBER-CHAIR-001-WHT-ASH",
            },
          },
          "vendor": "Muuto",
          "weight_kg": 5.2,
        },
        "name": "Fiber Armchair",
        "purchase_price": 1200,
        "selling_price": 2400,
        "sku": "FIBER-CHAIR-001",
        "variants": [
          {
            "color": "Black",
            "fabric_material": "Oak",
            "name": "Black / Oak",
            "purchase_price_override": null,
            "selling_price_override": null,
            "sku_suffix": "-BLK-OAK",
          },
          {
            "color": "White",
            "fabric_material": "Ash",
            "name": "White / Ash",
            "purchase_price_override": 1300,
            "selling_price_override": 2600,
            "sku_suffix": "-WHT-ASH",
          },
        ],
      },
      "remarks": [],
    }
  `);
});

describe("variants and SKUs", () => {
  test("C1 a product without options has no variants, and the four required fields", () => {
    const { product } = itemOf();

    expect(product).not.toHaveProperty("variants");
    expect(product).toMatchObject({
      sku: "FIBER-CHAIR-001",
      name: "Fiber Armchair",
      purchase_price: 1200,
      selling_price: 2400,
    });
  });

  test("C2 the SKU is what the variants' SKUs begin with, the suffix is the rest", () => {
    const { product } = itemOf({ variants: twoVariants });

    expect(product.sku).toBe("FIBER-CHAIR-001");
    expect(product.variants).toMatchObject([
      { sku_suffix: "-BLK-OAK", color: "Black", fabric_material: "Oak" },
      { sku_suffix: "-WHT-ASH", color: "White", fabric_material: "Ash" },
    ]);
  });

  test("C3 SKUs that begin differently fall back to the handle, and every suffix says its options", () => {
    const variants = [aVariant({ sku: "17-BLK" }), aVariant({ ...twoVariants[1], sku: "99-WHT" })];

    expect(itemOf({ variants }).product.sku).toBe("fiber-armchair");
    expect(suffixes({ variants })).toEqual(["-black-oak", "-white-ash"]);
  });

  test("C3 a variant whose SKU is the product's own, or who has none, still gets a suffix", () => {
    const variants = [
      aVariant({ sku: "FIBER" }),
      aVariant({ id: "9002", sku: "FIBER-WHT", options: [{ name: "Colour", value: "White" }] }),
      aVariant({ id: "9003", sku: undefined, options: [{ name: "Colour", value: "红" }] }),
      aVariant({ id: "9004", sku: undefined, options: [{ name: "Colour", value: "❤" }] }),
    ];

    expect(suffixes({ variants })).toEqual(["-black-oak", "-WHT", "-红", "-9004"]);
  });

  test("C3 two variants that would be one at dotcph hold the product, also when only capitals differ", () => {
    const variants = [
      aVariant({ sku: "FIBER-BLK" }),
      aVariant({ id: "9002", sku: "FIBER-blk", title: "Coal" }),
    ];

    expect(heldWith({ variants })).toMatchObject({
      problem: "rejected",
      sentence: expect.stringContaining("would have the same SKU at dotcph"),
    });
  });

  test("without SKUs a product is held, unless its handle or a metafield is the SKU", () => {
    const variants = [onlyVariant({ sku: undefined })];

    expect(heldWith({ variants }).sentence).toContain("has no SKUs to go by");
    expect(itemOf({ variants }, { skuRule: "handle" }).product.sku).toBe("fiber-armchair");
    const byMetafield = { skuRule: "metafield", skuMetafield: "custom.sku" };
    expect(heldWith({ variants }, byMetafield).sentence).toContain("its metafield custom.sku is empty");
    expect(itemOf({ variants, metafields: { "custom.sku": " F-1 " } }, byMetafield).product.sku).toBe("F-1");
    expect(heldWith({ metafields: { "custom.sku": ".." } }, byMetafield).sentence).toContain("only dots");
  });

  test.each([
    [["A-1", "A-2"], undefined],
    [["ABC1", "ABC2"], undefined],
    [["SHIRT-RED", "SHIRT-ROSE"], "SHIRT"],
    [["SHIRT-BLK-S", "SHIRT-BLK-M"], "SHIRT-BLK"],
    [["CHAIR", "CHAIR-BLK"], "CHAIR"],
    [["CHAIR--A", "CHAIR--B"], "CHAIR"],
  ])("%j begin with %s", (skus, base) => {
    expect(commonBeginning(skus)).toBe(base);
  });

  test("C13 two products with one SKU have one key, so both can be held", () => {
    const key = (product: Parameters<typeof itemOf>[0]) => catalogue().keyOf(itemOf(product));

    expect(key({ id: "1", handle: "one" })).toBe(key({ id: "2", handle: "two" }));
  });

  test("an option is known by whatever the merchant calls it, and the composition by its metafield", () => {
    const variants = [
      aVariant({
        options: [
          { name: "Størrelse", value: "40 × 50" },
          { name: "Farve", value: "Sort" },
        ],
        metafields: { "custom.mix": "70% wood\n30% PP" },
      }),
    ];
    const changed = {
      sizeOptions: "Size, størrelse",
      colorOptions: "Farve",
      compositionMetafield: "custom.mix",
    };

    expect(itemOf({ variants }, changed).product.variants).toMatchObject([
      { size: "40 × 50", color: "Sort", composition: "70% wood 30% PP" },
    ]);
  });
});

describe("prices", () => {
  test("C4 the lowest price is the product's, others are overrides, an equal one is null", () => {
    const priced = (id: string, minor: number) =>
      aVariant({ id, sku: `FIBER-CHAIR-001-${id}`, price: { minor, currency: "DKK" } });
    const { product } = itemOf({
      variants: [priced("A", 135_000), priced("B", 120_000), priced("C", 120_000)],
    });

    expect(product).toMatchObject({ selling_price: 1200, purchase_price: 600 });
    expect(product.variants).toMatchObject([
      { selling_price_override: 1350, purchase_price_override: 675 },
      { selling_price_override: null, purchase_price_override: null },
      { selling_price_override: null, purchase_price_override: null },
    ]);
  });

  test.each([[undefined], [{ minor: 0, currency: "DKK" }]])(
    "a retail price of %j holds the product",
    (price) => {
      expect(heldWith({ variants: [onlyVariant({ price })] })).toMatchObject({
        problem: "rejected",
        sentence: expect.stringContaining("has no price"),
      });
    },
  );

  test("C14 another currency holds the product until there is an exchange rate", () => {
    const american = {
      currency: "USD",
      variants: [onlyVariant({ price: { minor: 9_999, currency: "USD" } })],
    };

    expect(heldWith(american)).toMatchObject({
      problem: "rejected",
      sentence: expect.stringContaining("is priced in USD, and your brand at dotcph uses DKK"),
    });
    const { product } = itemOf(american, { exchangeRate: 6.85 });
    expect(product).toMatchObject({ selling_price: 684.93, purchase_price: 342.47 });
  });

  test("currencies without decimals and with three are converted to what dotcph takes", () => {
    const yen = { currency: "JPY", variants: [onlyVariant({ price: { minor: 12_345, currency: "JPY" } })] };
    expect(itemOf(yen, { exchangeRate: 0.0451 }).product.selling_price).toBe(556.76);

    const dinar = itemOf({}, { currency: "KWD", exchangeRate: 0.0443 });
    expect(dinar.product.selling_price).toBe(106.32);
    expect(itemOf({}, { currency: "JPY", exchangeRate: 22.17 }).product.selling_price).toBe(53_208);
  });

  test.each([
    ["percent", { wholesalePercent: undefined }],
    ["metafield", {}],
    ["list", {}],
  ])(
    "C15 without its wholesale rule (%s) nothing is priced, and no cost stands in for it",
    (wholesaleRule, more) => {
      const held = heldWith({}, { wholesaleRule, ...more });

      expect(held.problem).toBe("connection");
      expect(held.sentence).toContain("your own cost is never used instead");
    },
  );

  test("C15 a wholesale price comes from the variant's metafield, else the product's, as a number or as money", () => {
    const rule = { wholesaleRule: "metafield", wholesaleMetafield: "custom.wholesale" };
    const money = '{"amount":"950.50","currency_code":"DKK"}';
    const variants = [onlyVariant({ metafields: { "custom.wholesale": money } })];

    expect(itemOf({ variants }, rule).product.purchase_price).toBe(950.5);
    expect(itemOf({ metafields: { "custom.wholesale": "880,00" } }, rule).product.purchase_price).toBe(880);
    expect(heldWith({}, rule).sentence).toContain("its metafield custom.wholesale is empty");
    expect(heldWith({ metafields: { "custom.wholesale": "ask" } }, rule).sentence).toContain('says "ask"');
    expect(heldWith({ metafields: { "custom.wholesale": "0" } }, rule).sentence).toContain("is nothing");
  });

  test("C15 a wholesale price comes from the price list by the variant's SKU, else the product's", () => {
    const rows = (...wholesalePrices: { sku: string; price: number }[]) => ({
      wholesaleRule: "list",
      wholesalePrices,
    });
    const both = rows(
      { sku: "FIBER-CHAIR-001", price: 1000 },
      { sku: "FIBER-CHAIR-001-WHT-ASH", price: 1100.5 },
    );

    expect(itemOf({ variants: twoVariants }, both).product).toMatchObject({
      purchase_price: 1000,
      variants: [{ purchase_price_override: null }, { purchase_price_override: 1100.5 }],
    });
    expect(heldWith({}, rows({ sku: "OTHER", price: 1 })).sentence).toContain(
      "is not in the dotcph price list",
    );
    expect(heldWith({}, rows({ sku: "FIBER-CHAIR-001", price: 1.234 })).sentence).toContain("more decimals");
  });

  test("a wholesale price above the retail price goes, with a word to the merchant", () => {
    const rule = { wholesaleRule: "list", wholesalePrices: [{ sku: "FIBER-CHAIR-001", price: 3000 }] };

    expect(itemOf({}, rule).remarks).toEqual([
      'The wholesale price of "Fiber Armchair" is higher than its retail price.',
    ]);
  });
});

describe("the rest of a product", () => {
  test("a lead time that is no whole number of days is left out, with a word to the merchant", () => {
    const changed = { leadTimeDays: 10, leadTimeMetafield: "custom.lead" };

    expect(itemOf({}, changed).product.lead_time_days).toBe(10);
    expect(itemOf({ metafields: { "custom.lead": "28" } }, changed).product.lead_time_days).toBe(28);
    const odd = itemOf({ metafields: { "custom.lead": "4-6 weeks" } }, changed);
    expect(odd.product).not.toHaveProperty("lead_time_days");
    expect(odd.remarks).toEqual([expect.stringContaining('says "4-6 weeks"')]);
  });

  test("C17 a picture is sent as a link only; HEIC is left out with a word; the first 20 go", () => {
    const images = Array.from({ length: 23 }, (_, n) => ({ url: `https://cdn.example.com/${n}.jpg` }));
    const { pictures, remarks } = itemOf({
      images: [{ url: "https://cdn.example.com/a.HEIC?v=1" }, ...images],
    });

    expect(pictures).toHaveLength(20);
    expect(pictures?.[0]).toEqual({ url: "https://cdn.example.com/0.jpg" });
    expect(remarks).toEqual([
      "Picture 1 was left out: dotcph shows JPG, PNG, GIF and WebP, not HEIC.",
      "The first 20 of 23 pictures were sent.",
    ]);
    expect(itemOf({ images }, { pictures: "none" })).not.toHaveProperty("pictures");
  });

  test("a product without a title or a variant is held", () => {
    expect(heldWith({ title: " \u0000 " }).sentence).toBe("Product fiber-armchair has no title.");
    expect(heldWith({ variants: [] }).sentence).toContain("has no variants");
  });

  test("weights and barcodes go to the further facts, each variant's under its suffix when they differ", () => {
    const one = itemOf({ variants: [onlyVariant({ weight: 5200, barcode: "123" })] });
    const two = itemOf({
      variants: [aVariant({ weight: 900 }), aVariant({ ...twoVariants[1], weight: 1100 })],
    });

    expect(one.product.metadata).toEqual({ weight_kg: 5.2, barcode: "123" });
    expect(two.product.metadata).toEqual({
      variants: {
        "-BLK-OAK": { sku: "FIBER-CHAIR-001-BLK-OAK", weight_kg: 0.9 },
        "-WHT-ASH": { sku: "FIBER-CHAIR-001-WHT-ASH", weight_kg: 1.1 },
      },
    });
  });
});

test("whatever a merchant typed, a product either fits what dotcph takes or is held with a sentence", () => {
  const word = fc.oneof(
    fc.string({ unit: "grapheme", maxLength: 12 }),
    fc.constantFrom("A-1", "A-2", "", "/", "é"),
  );
  const variant = fc.record({
    id: fc.stringMatching(/^[1-9]\d{0,3}$/),
    title: word,
    sku: fc.option(word, { nil: undefined }),
    price: fc.option(
      fc.record({ minor: fc.integer({ min: -5, max: 1e9 }), currency: fc.constantFrom("DKK", "USD") }),
      {
        nil: undefined,
      },
    ),
    weight: fc.option(fc.double({ min: 0, max: 1e6, noNaN: true }), { nil: undefined }),
    options: fc.array(fc.record({ name: fc.constantFrom("Size", "Colour", "Mat"), value: word }), {
      maxLength: 3,
    }),
    metafields: fc.constant({}),
  });
  const product = fc.record({
    title: word,
    handle: word,
    descriptionHtml: fc.oneof(word, fc.constant("<p>x<script>y")),
    tags: fc.array(word, { maxLength: 3 }),
    currency: fc.constantFrom("DKK", "USD"),
    images: fc.array(fc.record({ url: fc.oneof(word, fc.webUrl()), alt: word }), { maxLength: 3 }),
    variants: fc.array(variant, { maxLength: 5 }),
  });
  const rates = fc.option(fc.double({ min: 0.000001, max: 1e6, noNaN: true }), { nil: undefined });

  fc.assert(
    fc.property(product, rates, (changes, exchangeRate) => {
      try {
        const item = catalogue().toItem(aProduct(changes), settings({ exchangeRate })) as {
          product: unknown;
        };
        const body = productBody.parse(item.product);
        for (const { sku_suffix } of body.variants ?? []) expect(sku_suffix).not.toBe("");
        // What was made is what arrives: nothing in it is lost in JSON.
        expect(JSON.parse(JSON.stringify(body))).toEqual(body);
      } catch (error) {
        if (!(error instanceof VendorError)) throw error;
        expect(error.problem).toBe("rejected");
        expect(error.message).toMatch(/[.!?]"?$/);
      }
    }),
    { numRuns: 500 },
  );
});
