// Products as nobody would type them: what comes of them fits dotcph's document, or is held with a sentence.
import fc from "fast-check";
import { expect, test } from "vitest";
import { productBody } from "#app/vendors/brand/payload.ts";
import { VendorError } from "#app/vendors/vendor.ts";
import { aProduct, catalogue, settings } from "./support.ts";

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
