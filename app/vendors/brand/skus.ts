// One SKU for a product and a suffix for each of its variants, out of Shopify's SKUs. Both are dotcph's match keys
// ("Best Practices: Changing a SKU creates a new product", read 2026-11-22), so nothing here is guessed twice. Pure.
import type { ProductFacts, ProductVariant } from "../../products/product.ts";
import { oneLine, refuse } from "../vendor.ts";
import { called } from "./prices.ts";
import type { Settings } from "./settings.ts";

/** A product's SKU, and its variants' suffixes in their order; none for a product without options. */
export interface Skus {
  base: string;
  suffixes: string[];
}

const separator = /[-_./ ]/;

/** True for a product that only has the variant Shopify makes by itself. */
export function hasNoOptions({ variants }: ProductFacts): boolean {
  return variants.length === 1 && variants[0]?.title === "Default Title";
}

/** Throws VendorError `rejected` where the merchant has to name a product, or two variants cannot be told apart. */
export function skusOf(product: ProductFacts, settings: Settings): Skus {
  if (product.variants.length === 0) return refuse(`${called(product)} has no variants.`);
  const base = baseOf(product, settings);
  // A path piece of only dots is taken for a folder, so such a product could never be read or taken out.
  if (/^\.{1,2}$/.test(base))
    return refuse(`The SKU of ${called(product)} is only dots. Correct it in Shopify.`);
  if (hasNoOptions(product)) return { base, suffixes: [] };
  const suffixes = product.variants.map((variant) => suffixOf(variant, base));
  const seen = new Map<string, ProductVariant>();
  for (const [at, variant] of product.variants.entries()) {
    // Without case, because the vendor's database may compare without it, and one would overwrite the other.
    const key = (suffixes[at] ?? "").toLowerCase();
    const other = seen.get(key);
    if (other)
      return refuse(
        `${called(product, other)} and ${called(product, variant)} would have the same SKU at dotcph, ${base}${suffixes[at] ?? ""}. Give each variant its own SKU in Shopify.`,
      );
    seen.set(key, variant);
  }
  return { base, suffixes };
}

function baseOf(product: ProductFacts, settings: Settings): string {
  switch (settings.skuRule) {
    case "metafield": {
      const key = settings.skuMetafield;
      if (key === undefined)
        return refuse("The dotcph settings do not say which metafield holds the product SKU.");
      return (
        oneLine(product.metafields[key]) ??
        refuse(`${called(product)} has no product SKU: its metafield ${key} is empty. Fill it in in Shopify.`)
      );
    }
    case "handle":
      return handleOf(product);
    case "prefix": {
      const skus = product.variants.flatMap(({ sku }) => oneLine(sku) ?? []);
      if (hasNoOptions(product) && skus[0] !== undefined) return skus[0];
      // One SKU among several variants would be one variant's name, not the product's.
      if (skus.length === 0 || (skus.length === 1 && product.variants.length > 1))
        return refuse(
          `${called(product)} has no SKUs to go by. Give its variants SKUs in Shopify, or choose the handle as product SKU in the dotcph settings.`,
        );
      return commonBeginning(skus) ?? handleOf(product);
    }
  }
}

function handleOf(product: ProductFacts): string {
  return oneLine(product.handle) ?? refuse(`${called(product)} has no handle in Shopify.`);
}

/**
 * What all SKUs begin with, up to where a part of them ends: "FIBER-BLK" and "FIBER-BRN" begin with "FIBER" and not
 * with "FIBER-B". Undefined when that is nothing, or so short that other products would share it.
 */
export function commonBeginning(skus: readonly string[]): string | undefined {
  const [first = "", ...others] = skus;
  let length = first.length;
  for (const sku of others) {
    let same = 0;
    while (same < length && sku[same] === first[same]) same++;
    length = same;
  }
  const ends = (at: number): boolean =>
    skus.every((sku) => sku.length === at || separator.test(sku[at] ?? "")) &&
    !separator.test(first[at - 1] ?? "");
  while (length > 0 && !ends(length)) length--;
  return length >= 3 ? first.slice(0, length) : undefined;
}

function suffixOf(variant: ProductVariant, base: string): string {
  const sku = oneLine(variant.sku) ?? "";
  if (sku.length > base.length && sku.startsWith(base)) return sku.slice(base.length);
  const words = variant.options.map(({ value }) => value).join(" ") || variant.title;
  const slug = words
    .normalize("NFC")
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]+/gu, "-")
    .replace(/^-+|-+$/g, "");
  return `-${slug === "" ? variant.id : slug}`;
}
