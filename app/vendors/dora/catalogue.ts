// Dora's catalogue, read: what the pick-list shows, and whether a mapped ring can be made as it is mapped. Pure.
// Source: Dora API v2, 'Get Items', 'Get Item Details' and 'Get Products', read 2026-11-22.
import { z } from "zod";
import type { VendorProduct } from "../vendor.ts";
import { number, text } from "./cart.ts";
import type { RingPut } from "./payload.ts";
import { colors, finishes } from "./settings.ts";

const names = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

const material = z.object({
  id: number,
  name: text.nullish(),
  available_colors: names,
  default_color: z.string().nullish(),
  available_finishes: names,
  default_finish: z.string().nullish(),
});

const part = z.object({
  name: z.string(),
  available_materials: z.array(material),
  default_material_id: number.nullish(),
});
type CataloguePart = z.infer<typeof part>;

/** One ring in detail. `size` of a row is in the country's unit, everything else in mm and dealer currency. */
export const itemSchema = z.object({
  id: number,
  style_no: text.nullish(),
  collection_id: number.nullish(),
  collection_name: text.nullish(),
  default_width: number.nullish(),
  width: number.nullish(),
  min_width: number.nullish(),
  max_width: number.nullish(),
  currency: text.nullish(),
  total_price: number.nullish(),
  parts: z.array(part),
  sizes: z
    .array(z.object({ size: text.nullish(), size_mm: number }))
    .nullish()
    .transform((sizes) => sizes ?? []),
});
export type Item = z.infer<typeof itemSchema>;

/** A page of rings. */
export const itemPageSchema = z.object({
  items: z.array(
    z.object({
      id: number,
      style_no: text.nullish(),
      collection_id: number,
      collection_name: text.nullish(),
    }),
  ),
});
export type ItemPage = z.infer<typeof itemPageSchema>;

/** A page of what is not a ring. */
export const productPageSchema = z.object({
  items: z.array(z.object({ id: number, name: text.nullish(), price: number.nullish() })),
});
export type ProductPage = z.infer<typeof productPageSchema>;

/** Why a ring cannot be made as it is mapped; undefined when it can. Asked before anything is in the cart. */
export function troubleWithRing(put: RingPut, item: Item): string | undefined {
  const style = `style ${item.style_no ?? put.id}`;
  const { width, size, parts } = put.options;
  const { min_width: least, max_width: most } = item;
  if ((typeof least === "number" && width < least) || (typeof most === "number" && width > most))
    return `Dora makes ${style} from ${least} to ${most} mm wide, not ${width} mm`;
  if (item.sizes.length > 0 && !item.sizes.some((row) => Math.abs(row.size_mm - size) < 0.0005))
    return `Dora does not make ${style} in the size of ${size} mm`;
  const chosen = parts.map((one) => one.name).sort();
  const there = item.parts.map((one) => one.name.trim()).sort();
  if (chosen.join("\n") !== there.join("\n"))
    return `Dora's ${style} has the parts ${there.join(" and ")}, but the product has ${chosen.join(" and ")}`;
  for (const one of parts) {
    const trouble = troubleWithPart(
      one,
      item.parts.find((known) => known.name.trim() === one.name),
    );
    if (trouble) return `Dora does not make the ${one.name} of ${style} ${trouble}`;
  }
  return undefined;
}

function troubleWithPart(
  chosen: RingPut["options"]["parts"][number],
  known: CataloguePart | undefined,
): string | undefined {
  const metal = known?.available_materials.find((one) => one.id === chosen.metal_id);
  if (!metal) return `in the metal ${chosen.metal_id}`;
  // What is left out, Dora fills in by itself: nobody would have chosen that colour.
  if (!agrees(chosen.color, metal.available_colors))
    return chosen.color ? `in ${chosen.color}` : "without a choice of colour";
  if (!agrees(chosen.finish, metal.available_finishes))
    return chosen.finish ? `with the finish ${chosen.finish}` : "without a choice of finish";
  return undefined;
}

function agrees(chosen: string | undefined, available: readonly string[]): boolean {
  return chosen === undefined ? available.length === 0 : available.includes(chosen);
}

/** A ring as a row of the pick-list: complete with what Dora makes when nobody chooses. */
export function ringRow(found: ItemPage["items"][number], item: Item): VendorProduct {
  const parts = item.parts.map(partRow);
  const width = item.default_width ?? item.width ?? undefined;
  const price = item.total_price ?? undefined;
  return {
    label: [item.style_no ?? found.style_no ?? `Ring ${item.id}`, found.collection_name]
      .filter(Boolean)
      .join(" · "),
    detail: [
      ...parts.map((one) => `${one.name}: ${[one.metal, one.color, one.finish].filter(Boolean).join(" ")}`),
      ...(width === undefined ? [] : [`${width} mm`]),
      ...priceText(price, item.currency),
    ].join(", "),
    config: {
      type: "ring",
      id: item.id,
      collectionId: found.collection_id,
      ...(width !== undefined && { width }),
      parts: parts.map(({ name, metalId, color, finish }) => ({
        name,
        ...(metalId !== undefined && { metalId }),
        ...(color !== undefined && { color }),
        ...(finish !== undefined && { finish }),
      })),
      sizes: item.sizes.map((row) => ({ label: row.size ?? String(row.size_mm), sizeMm: row.size_mm })),
      diamonds: [],
      ...(price !== undefined && { expectedPrice: price }),
    },
  };
}

function partRow(one: CataloguePart): {
  name: string;
  metal: string | undefined;
  metalId: number | undefined;
  color: string | undefined;
  finish: string | undefined;
} {
  const { available_materials: metals, default_material_id: wanted } = one;
  const metal = metals.find(({ id }) => id === wanted) ?? metals[0];
  return {
    name: one.name.trim(),
    metal: metal?.name ?? undefined,
    metalId: metal?.id,
    color: chosen(metal?.default_color, metal?.available_colors, colors),
    finish: chosen(metal?.default_finish, metal?.available_finishes, finishes),
  };
}

/** The default, else the first there is; only words that the cart takes. */
function chosen(
  preset: string | null | undefined,
  available: readonly string[] | undefined,
  known: readonly string[],
): string | undefined {
  return (
    [preset, ...(available ?? [])].find((word) => typeof word === "string" && known.includes(word)) ??
    undefined
  );
}

/** Another product as a row of the pick-list. */
export function productRow(
  found: ProductPage["items"][number],
  currency: string | null | undefined,
): VendorProduct {
  const price = found.price ?? undefined;
  return {
    label: found.name ?? `Product ${found.id}`,
    detail: ["Not a ring", ...priceText(price, currency)].join(", "),
    config: {
      type: "product",
      id: found.id,
      parts: [],
      sizes: [],
      diamonds: [],
      ...(price !== undefined && { expectedPrice: price }),
    },
  };
}

function priceText(price: number | undefined, currency: string | null | undefined): string[] {
  return price === undefined ? [] : [[currency, price.toFixed(2)].filter(Boolean).join(" ")];
}
