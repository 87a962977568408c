// A Shopify product as the product dotcph is told of: SKUs, variants, prices, and what holds it.
import { describe, expect, test } from "vitest";
import { commonBeginning } from "#app/vendors/brand/skus.ts";
import { aVariant, catalogue, heldWith, itemOf, onlyVariant, twoVariants } from "./support.ts";

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
      "pictures": {
        "as": "link",
        "list": [
          {
            "alt_text": "Front view",
            "url": "https://cdn.shopify.com/s/files/front.jpg?v=1",
          },
        ],
        "unchanged": "leave out",
      },
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

    expect(pictures?.list).toHaveLength(20);
    expect(pictures?.list[0]).toEqual({ url: "https://cdn.example.com/0.jpg" });
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
