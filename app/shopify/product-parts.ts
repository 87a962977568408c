// The pieces of a product as the Admin API answers them, alone or as lines of a bulk operation's file → ProductFacts.
// Both ways make the very same facts, else a full sync would seem to change what no merchant changed. Pure.
import { z } from "zod";
import { toMoney } from "../orders/order.ts";
import type { ProductFacts, ProductImage, ProductVariant } from "../products/product.ts";
import { gidNumber } from "./gid.ts";

// PostgreSQL's JSON takes no NUL, and no half of a surrogate pair.
const text = z
  .string()
  .nullish()
  .transform((value) => (value ?? "").replaceAll("\u0000", "").toWellFormed());

/** How much of each list is kept: as much as one question may ask for, also where a file has more. */
const most = { media: 50, metafields: 100, variantMetafields: 10 };

/** What a product says of itself. */
export const productPart = z.object({
  id: gidNumber,
  title: text,
  handle: text,
  descriptionHtml: text,
  status: z.string(),
  vendor: text,
  productType: text,
  tags: z.array(text),
  updatedAt: z.string(),
});

/** One variant. */
export const variantPart = z.object({
  id: gidNumber,
  title: text,
  sku: text,
  barcode: text,
  price: z.string(),
  selectedOptions: z.array(z.object({ name: text, value: text })),
  inventoryItem: z
    .object({
      measurement: z
        .object({ weight: z.object({ unit: z.string(), value: z.number() }).nullish() })
        .nullish(),
    })
    .nullish(),
});

/** One picture, or a video or 3D model, which has no image. */
export const mediaPart = z.object({ alt: text, image: z.object({ url: z.string() }).nullish() });

/** One metafield. */
export const metafieldPart = z.object({ namespace: text, key: text, value: text });

/** What belongs to a product beside itself, each list in Shopify's order. */
export interface Parts {
  variants: ProductVariant[];
  media: z.output<typeof mediaPart>[];
  metafields: z.output<typeof metafieldPart>[];
}

/** A product with its parts, in our words. */
export function toProduct(
  product: z.output<typeof productPart>,
  { variants, media, metafields }: Parts,
  currency: string,
): ProductFacts {
  const { id, title, handle, descriptionHtml, vendor, productType } = product;
  return {
    id,
    title,
    handle,
    descriptionHtml,
    status: statusOf(product.status),
    ...(vendor !== "" && { productVendor: vendor }),
    ...(productType !== "" && { productType }),
    // Shopify promises no order of them, and another order is no change.
    tags: product.tags.toSorted(),
    currency,
    updatedAt: new Date(product.updatedAt).toISOString(),
    images: media
      .slice(0, most.media)
      .flatMap(({ alt, image }): ProductImage[] =>
        image ? [{ url: image.url, ...(alt !== "" && { alt }) }] : [],
      ),
    variants,
    metafields: byName(metafields.slice(0, most.metafields)),
  };
}

/** A variant with its metafields, in our words. A price that is no amount of this currency is left out. */
export function toVariant(
  variant: z.output<typeof variantPart>,
  metafields: z.output<typeof metafieldPart>[],
  currency: string,
): ProductVariant {
  const { id, title, sku, barcode } = variant;
  const price = toMoney(variant.price, currency);
  const weight = gramsOf(variant.inventoryItem?.measurement?.weight);
  return {
    id,
    title,
    ...(sku !== "" && { sku }),
    ...(barcode !== "" && { barcode }),
    ...(price && { price }),
    ...(weight !== undefined && { weight }),
    options: variant.selectedOptions,
    metafields: byName(metafields.slice(0, most.variantMetafields)),
  };
}

// UNLISTED (2025-10 and later) sells only to who has the link: the merchant took it out of every list, so it is none
// for a catalogue either. A status that is new to us is treated the same way.
function statusOf(status: string): ProductFacts["status"] {
  if (status === "ACTIVE") return "active";
  return status === "ARCHIVED" ? "archived" : "draft";
}

const gramsPer: Record<string, number> = {
  GRAMS: 1,
  KILOGRAMS: 1000,
  OUNCES: 28.349523125,
  POUNDS: 453.59237,
};

function gramsOf(weight: { unit: string; value: number } | null | undefined): number | undefined {
  const factor = weight ? gramsPer[weight.unit] : undefined;
  if (!weight || factor === undefined || weight.value <= 0) return undefined;
  return Math.round(weight.value * factor);
}

// In the order of their names, because Shopify promises none. No prototype: a merchant may name one "__proto__".
function byName(metafields: z.output<typeof metafieldPart>[]): Record<string, string> {
  const pairs = metafields.map(({ namespace, key, value }) => [`${namespace}.${key}`, value] as const);
  return Object.fromEntries(pairs.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
