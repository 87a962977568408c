// What every test of dotcph starts from: settings that work, and the chair of the document's own example.
import type { ProductFacts, ProductVariant } from "#app/products/product.ts";
import { brand } from "#app/vendors/brand/index.ts";
import { item, type Item } from "#app/vendors/brand/payload.ts";
import { VendorError } from "#app/vendors/vendor.ts";

export const apiKey = "bk_abc123:your_secret_here";

/** Complete settings: the agency pays half, everything is in DKK. */
export function settings(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    apiKey,
    baseUrl: "https://dotcph.com/api/v1",
    currency: "DKK",
    wholesaleRule: "percent",
    wholesalePercent: 50,
    ...overrides,
  };
}

/** A variant, Black / Oak for 2400, changed by `overrides`. */
export function aVariant(overrides: Partial<ProductVariant> = {}): ProductVariant {
  return {
    id: "9001",
    title: "Black / Oak",
    sku: "FIBER-CHAIR-001-BLK-OAK",
    price: { minor: 240_000, currency: "DKK" },
    options: [
      { name: "Colour", value: "Black" },
      { name: "Material", value: "Oak" },
    ],
    metafields: {},
    ...overrides,
  };
}

/** The one variant of a product without options. */
export function onlyVariant(overrides: Partial<ProductVariant> = {}): ProductVariant {
  return aVariant({
    title: "Default Title",
    sku: "FIBER-CHAIR-001",
    options: [{ name: "Title", value: "Default Title" }],
    ...overrides,
  });
}

/** The chair without options, changed by `overrides`. */
export function aProduct(overrides: Partial<ProductFacts> = {}): ProductFacts {
  return {
    id: "8001",
    title: "Fiber Armchair",
    handle: "fiber-armchair",
    descriptionHtml: "<p>Innovative shell chair</p>",
    status: "active",
    tags: [],
    currency: "DKK",
    updatedAt: "2026-11-22T08:00:00Z",
    images: [],
    variants: [onlyVariant()],
    metafields: {},
    ...overrides,
  };
}

/** The two chairs of C2. */
export const twoVariants = [
  aVariant(),
  aVariant({
    id: "9002",
    title: "White / Ash",
    sku: "FIBER-CHAIR-001-WHT-ASH",
    options: [
      { name: "Colour", value: "White" },
      { name: "Material", value: "Ash" },
    ],
  }),
];

/** The catalogue ability, which is what this vendor is. */
export function catalogue(): NonNullable<typeof brand.catalogue> {
  if (!brand.catalogue) throw new Error("dotcph takes a catalogue");
  return brand.catalogue;
}

/** The item of a product given by what is special about it. */
export function itemOf(product: Partial<ProductFacts> = {}, changed: Record<string, unknown> = {}): Item {
  return item.parse(catalogue().toItem(aProduct(product), settings(changed)));
}

/** A product by its SKU alone, as an item. */
export function namedItem(sku: string, product: Partial<ProductFacts> = {}): Item {
  return itemOf({
    handle: sku.toLowerCase(),
    title: `Chair ${sku}`,
    variants: [onlyVariant({ sku })],
    ...product,
  });
}

/** What a product is held with; `problem` too, because a missing rule is not the product's fault. */
export function heldWith(
  product: Partial<ProductFacts>,
  changed: Record<string, unknown> = {},
): { problem: string; sentence: string } {
  try {
    itemOf(product, changed);
  } catch (error) {
    if (error instanceof VendorError) return { problem: error.problem, sentence: error.message };
    throw error;
  }
  throw new Error("the product was not held");
}

/** What a conversation fails with. */
export async function failing(promise: Promise<unknown>): Promise<VendorError> {
  return promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: VendorError) => error,
  );
}
