// One Shopify product to the product dotcph takes. Pure: nothing is asked, nothing is read.
import { z } from "zod";
import type { ProductFacts, ProductVariant } from "../../products/product.ts";
import { oneLine, refuse, toPlainText } from "../vendor.ts";
import { choosePictures, picture } from "./pictures.ts";
import { called, mustHaveRule, pricesOf, toAmount, type Prices } from "./prices.ts";
import type { Settings } from "./settings.ts";
import { hasNoOptions, skusOf, type Skus } from "./skus.ts";

const text = z.string().min(1);
const price = z
  .number()
  .positive()
  .refine((value) => /^\d+(\.\d{1,2})?$/.test(String(value)), "A price has at most two decimals.");

const variant = z.strictObject({
  name: text,
  sku_suffix: text,
  size: text.optional(),
  color: text.optional(),
  fabric_material: text.optional(),
  composition: text.optional(),
  purchase_price_override: price.nullable(),
  selling_price_override: price.nullable(),
});

/** A product as it is pushed, but for its pictures (Brand Product API, "Field Reference", read 2026-11-22). */
export const productBody = z.strictObject({
  sku: text,
  name: text,
  purchase_price: price,
  selling_price: price,
  description: z.string(),
  lead_time_days: z.number().int().nonnegative().optional(),
  variants: z
    .array(variant)
    .min(1)
    .refine((all) => new Set(all.map(({ sku_suffix }) => sku_suffix)).size === all.length, {
      error: "Two variants have the same suffix.",
    })
    .optional(),
  metadata: z.record(z.string(), z.unknown()),
});
export type ProductBody = z.infer<typeof productBody>;
export type VariantBody = z.infer<typeof variant>;

/** What is kept of one product to be published: the body, the pictures that belong to it, and what a person should know. */
export const item = z.strictObject({
  product: productBody,
  /** Absent when pictures are not sent at all. How they are sent is part of it: another way is news for dotcph. */
  pictures: z
    .strictObject({
      as: z.enum(["link", "upload"]),
      unchanged: z.enum(["leave out", "send again"]),
      list: z.array(picture).max(20),
    })
    .optional(),
  remarks: z.array(z.string()),
});
export type Item = z.infer<typeof item>;

/**
 * The item of one Shopify product. Throws VendorError `rejected` with a sentence for what dotcph cannot be told, and
 * `connection` when the settings do not say what the agency pays.
 */
export function toItem(product: ProductFacts, settings: Settings): Item {
  mustHaveRule(settings);
  const name = oneLine(product.title) ?? refuse(`Product ${product.handle || product.id} has no title.`);
  const skus = skusOf(product, settings);
  const prices = product.variants.map((each) => pricesOf(each, { product, baseSku: skus.base }, settings));
  const base = cheapest(prices);
  const leadTime = leadTimeOf(product, settings);
  const pictures = settings.pictures === "none" ? undefined : choosePictures(product.images);
  return {
    product: {
      sku: skus.base,
      name,
      purchase_price: toAmount(base.wholesale),
      selling_price: toAmount(base.retail),
      // Sent when empty too: a field left out may keep what it was.
      description: toPlainText(product.descriptionHtml),
      ...(leadTime.days !== undefined && { lead_time_days: leadTime.days }),
      ...(!hasNoOptions(product) && {
        variants: product.variants.map((each, at) =>
          toVariant(each, {
            product,
            settings,
            base,
            prices: prices[at] ?? base,
            suffix: skus.suffixes[at] ?? "",
          }),
        ),
      }),
      metadata: toMetadata(product, skus, settings),
    },
    ...(pictures &&
      settings.pictures !== "none" && {
        pictures: { as: settings.pictures, unchanged: settings.unchangedPictures, list: pictures.chosen },
      }),
    remarks: [
      ...(prices.some(({ retail, wholesale }) => wholesale.minor > retail.minor)
        ? [`The wholesale price of ${called(product)} is higher than its retail price.`]
        : []),
      ...(prices.some(({ isRounded }) => isRounded)
        ? [`Prices of ${called(product)} were rounded: dotcph is told two decimals, not three.`]
        : []),
      ...(leadTime.remark ? [leadTime.remark] : []),
      ...(skus.base.includes("/")
        ? [`Its SKU ${skus.base} has a slash in it, so dotcph may not find it when it is to be taken out.`]
        : []),
      ...(pictures?.remarks ?? []),
    ],
  };
}

// Shopify's "from" price. The first of several equal ones, so that the choice does not change from push to push.
function cheapest(prices: readonly Prices[]): Prices {
  const [first, ...others] = prices;
  if (!first) return refuse("This product has no variants.");
  return others.reduce((best, each) => (each.retail.minor < best.retail.minor ? each : best), first);
}

interface Made {
  product: ProductFacts;
  settings: Settings;
  base: Prices;
  prices: Prices;
  suffix: string;
}

function toVariant(each: ProductVariant, { product, settings, base, prices, suffix }: Made): VariantBody {
  const option = (names: string): string | undefined => {
    const wanted = namesIn(names);
    const values = each.options
      .filter(({ name }) => wanted.includes(oneLine(name)?.toLowerCase() ?? ""))
      .flatMap(({ value }) => oneLine(value) ?? []);
    return values.length > 0 ? values.join(" / ") : undefined;
  };
  const key = settings.compositionMetafield;
  const composition =
    key === undefined ? undefined : (oneLine(each.metafields[key]) ?? oneLine(product.metafields[key]));
  const size = option(settings.sizeOptions);
  const color = option(settings.colorOptions);
  const material = option(settings.materialOptions);
  return {
    name: oneLine(each.title) ?? each.id,
    sku_suffix: suffix,
    ...(size !== undefined && { size }),
    ...(color !== undefined && { color }),
    ...(material !== undefined && { fabric_material: material }),
    ...(composition !== undefined && { composition }),
    // null means "as the product": a number that is equal today would not follow the product tomorrow.
    purchase_price_override:
      prices.wholesale.minor === base.wholesale.minor ? null : toAmount(prices.wholesale),
    selling_price_override: prices.retail.minor === base.retail.minor ? null : toAmount(prices.retail),
  };
}

function leadTimeOf(product: ProductFacts, settings: Settings): { days?: number; remark?: string } {
  const key = settings.leadTimeMetafield;
  const said = key === undefined ? undefined : oneLine(product.metafields[key]);
  if (said === undefined) return settings.leadTimeDays === undefined ? {} : { days: settings.leadTimeDays };
  if (/^\d{1,4}$/.test(said)) return { days: Number(said) };
  return {
    remark: `Its lead time was left out: the metafield ${key ?? ""} says "${said.slice(0, 40)}", which is no whole number of days.`,
  };
}

function toMetadata(product: ProductFacts, { suffixes }: Skus, settings: Settings): Record<string, unknown> {
  const weights = new Set(product.variants.map(({ weight }) => weight));
  const [only] = product.variants;
  const facts: [string, unknown][] = [
    ["vendor", oneLine(product.productVendor)],
    ["product_type", oneLine(product.productType)],
    ["tags", product.tags.length > 0 ? product.tags : undefined],
    ["weight_kg", weights.size === 1 ? kilograms(only?.weight) : undefined],
  ];
  if (suffixes.length === 0) facts.push(["barcode", oneLine(only?.barcode)]);
  else {
    const rows = product.variants.map((each, at) => [
      suffixes[at] ?? "",
      known([
        ["sku", oneLine(each.sku)],
        ["barcode", oneLine(each.barcode)],
        ["weight_kg", weights.size > 1 ? kilograms(each.weight) : undefined],
      ]),
    ]);
    facts.push(["variants", Object.fromEntries(rows)]);
  }
  for (const { metafield, name } of settings.metadata) {
    const value = product.metafields[metafield];
    if (oneLine(value) !== undefined) facts.push([name.trim(), readMetafield(value ?? "")]);
  }
  return known(facts);
}

function known(facts: readonly [string, unknown][]): Record<string, unknown> {
  return Object.fromEntries(facts.filter(([, value]) => value !== undefined));
}

function kilograms(grams: number | undefined): number | undefined {
  return grams === undefined || grams <= 0 ? undefined : Math.round(grams) / 1000;
}

// Lists, measures and JSON become what they are; a number stays text, because it may be an article number with a
// zero in front.
function readMetafield(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) return text.trim();
  try {
    return JSON.parse(text);
  } catch {
    return text.trim();
  }
}

// The names in a list that a merchant wrote with commas, in lower case.
function namesIn(list: string): string[] {
  return list.split(",").flatMap((name) => oneLine(name)?.toLowerCase() ?? []);
}
