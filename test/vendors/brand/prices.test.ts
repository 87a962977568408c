// Retail and wholesale prices in the brand's currency, and what holds a product that has none.
import { describe, expect, test } from "vitest";
import { aVariant, heldWith, itemOf, onlyVariant, twoVariants } from "./support.ts";

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

  test.each(["1.200", "1,200", "12.345", "100.000"])(
    "a wholesale price that could be thousands or decimals holds the product: %s",
    (said) => {
      const rule = { wholesaleRule: "metafield", wholesaleMetafield: "custom.wholesale" };
      const metafields = { "custom.wholesale": said };

      expect(heldWith({ metafields }, rule)).toEqual({
        problem: "rejected",
        sentence: `The wholesale price of "Fiber Armchair" cannot be read: its metafield custom.wholesale says "${said}". Write it without a sign for thousands, for example 1200.50.`,
      });
    },
  );

  test.each([
    ["1200", "DKK", 1200],
    ["1200.50", "DKK", 1200.5],
    ["12,34", "DKK", 12.34],
    ["0,950", "DKK", 0.95],
    ["12.340", "KWD", 12.34],
  ])("a wholesale price that can be read in one way only is read: %s %s", (said, currency, price) => {
    const rule = { wholesaleRule: "metafield", wholesaleMetafield: "custom.wholesale", currency };
    const variants = [onlyVariant({ price: { minor: 240_000, currency } })];
    const product = { currency, variants, metafields: { "custom.wholesale": said } };

    expect(itemOf(product, rule).product.purchase_price).toBe(price);
  });

  test("a price with three decimals goes rounded, with a word to the merchant", () => {
    const priced = (minor: number) => ({
      currency: "KWD",
      variants: [onlyVariant({ price: { minor, currency: "KWD" } })],
    });
    const rounded = itemOf(priced(12_345), { currency: "KWD" });

    expect(rounded.product).toMatchObject({ selling_price: 12.35, purchase_price: 6.18 });
    expect(rounded.remarks).toEqual([
      'Prices of "Fiber Armchair" were rounded: dotcph is told two decimals, not three.',
    ]);
    expect(itemOf(priced(12_340), { currency: "KWD" }).remarks).toEqual([]);
    expect(heldWith(priced(4), { currency: "KWD" }).problem).toBe("rejected");
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
