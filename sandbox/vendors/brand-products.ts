// What dotcph keeps of a product, and the strict reading of what is pushed. Source: Brand Product API, "POST /products"
// with its three field tables, read 2026-11-22: every field they do not name is refused.
import { z } from "zod";
import { isInteger, isMoney, isText, readStrictly, type Trouble } from "./strict.ts";

const anyText = z.string({ error: "Not a valid string." });
const override = isMoney.nullable().optional();

const variantSchema = z.strictObject({
  name: isText,
  sku_suffix: isText.optional(),
  size: anyText.optional(),
  color: anyText.optional(),
  fabric_material: anyText.optional(),
  composition: anyText.optional(),
  purchase_price_override: override,
  selling_price_override: override,
});

const imageSchema = z.strictObject({
  data: isText.optional(),
  url: z.url({ protocol: /^https?$/, error: "Not a public URL." }).optional(),
  filename: isText.optional(),
  alt_text: anyText.optional(),
});

const productSchema = z.strictObject({
  sku: isText,
  name: isText,
  purchase_price: isMoney,
  selling_price: isMoney,
  description: anyText.optional(),
  lead_time_days: isInteger.nonnegative("Must be at least 0.").optional(),
  variants: z.array(variantSchema).optional(),
  images: z.array(imageSchema).optional(),
  metadata: z.record(z.string(), z.unknown()).optional(),
});

/** A pushed product that can be read. */
export type Pushed = z.infer<typeof productSchema>;

/** The body around the products. More than 100 is refused, since the document says "up to 100" and not what is beyond. */
export const envelopeSchema = z.strictObject({
  products: z
    .array(z.record(z.string(), z.unknown()), { error: "Must be a list of products." })
    .min(1, "Holds no products.")
    .max(100, "Holds more than 100 products."),
});

export interface VariantRow {
  name: string;
  sku_suffix: string | null;
  size: string | null;
  color: string | null;
  fabric_material: string | null;
  composition: string | null;
  purchase_price_override: number | null;
  selling_price_override: number | null;
  is_active: boolean;
}

/** A product as "GET /products" shows it. */
export interface ProductRow {
  id: number;
  sku: string;
  name: string;
  description: string | null;
  purchase_price: number;
  selling_price: number;
  lead_time_days: number | null;
  is_active: boolean;
  synced_via_api: boolean;
  metadata: Record<string, unknown> | null;
  images: { url: string; alt_text: string | null; sort_order: number }[];
  variants: VariantRow[];
}

/** Reads one pushed product, or says in one line what is wrong with it. */
export function readProduct(raw: unknown): Pushed | string {
  const read = readStrictly(productSchema, raw);
  if (!read.ok) return told(read.troubles);
  const suffixes = (read.value.variants ?? []).map(({ sku_suffix, name }) => sku_suffix ?? name);
  const twice = suffixes.find((suffix, at) => suffixes.indexOf(suffix) !== at);
  if (twice !== undefined) return `variants: two of them have the sku_suffix ${twice}.`;
  for (const [at, image] of (read.value.images ?? []).entries())
    if ((image.data === undefined) === (image.url === undefined))
      return `images.${at}: exactly one of data and url is needed.`;
  return read.value;
}

/** Troubles as one line of text. */
export function told(troubles: Trouble[]): string {
  return troubles.map(({ path, text }) => `${path.join(".")}: ${text}`).join(" ");
}

/** The row of a product that is not there yet. */
export function newRow(id: number, sku: string): ProductRow {
  return {
    id,
    sku,
    name: "",
    description: null,
    purchase_price: 0,
    selling_price: 0,
    lead_time_days: null,
    is_active: true,
    synced_via_api: true,
    metadata: null,
    images: [],
    variants: [],
  };
}

/**
 * Brings a row up to date in place. What a push leaves out stays as it was, variants included: the document does not
 * say that it goes, and a client that counts on it must find out.
 */
export function applyPush(row: ProductRow, pushed: Pushed): void {
  row.name = pushed.name;
  row.purchase_price = pushed.purchase_price;
  row.selling_price = pushed.selling_price;
  row.description = pushed.description ?? row.description;
  row.lead_time_days = pushed.lead_time_days ?? row.lead_time_days;
  row.metadata = pushed.metadata ?? row.metadata;
  row.is_active = true;
  for (const variant of pushed.variants ?? []) {
    const key = variant.sku_suffix ?? null;
    const known = row.variants.findIndex((each) =>
      key === null ? each.sku_suffix === null && each.name === variant.name : each.sku_suffix === key,
    );
    const next: VariantRow = {
      name: variant.name,
      sku_suffix: key,
      size: variant.size ?? null,
      color: variant.color ?? null,
      fabric_material: variant.fabric_material ?? null,
      composition: variant.composition ?? null,
      purchase_price_override: variant.purchase_price_override ?? null,
      selling_price_override: variant.selling_price_override ?? null,
      is_active: true,
    };
    if (known < 0) row.variants.push(next);
    else row.variants[known] = next;
  }
}
