// A ring of the catalogue beside what was chosen: whether it can be made as it is mapped, and what Dora makes when nobody
// chooses. Pure. Source: Dora API v2, 'Get Item Details', read 2026-11-22.
import type { VendorProduct } from "../vendor.ts";
import type { Item, ItemPage, Part, ProductPage } from "./catalogue.ts";
import type { RingPut } from "./payload.ts";
import { colors, finishes } from "./settings.ts";

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
  known: Part | undefined,
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

/** The metal a part is made of when nobody chooses. */
export function defaultMetal({ available_materials: metals, default_material_id: wanted }: Part) {
  return metals.find(({ id }) => id === wanted) ?? metals[0];
}

function partRow(one: Part): {
  name: string;
  metal: string | undefined;
  metalId: number | undefined;
  color: string | undefined;
  finish: string | undefined;
} {
  const metal = defaultMetal(one);
  return {
    name: one.name.trim(),
    metal: metal?.name ?? undefined,
    metalId: metal?.id,
    color: chosen(metal?.default_color, metal?.available_colors, colors),
    finish: chosen(metal?.default_finish, metal?.available_finishes, finishes),
  };
}

/** The default, else the first there is; only words that the cart takes. */
export function chosen(
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
  return price === undefined ? [] : [money(price, currency)];
}

/** "EUR 351.20"; "not told" without a price. */
export function money(price: number | null | undefined, currency: string | null | undefined): string {
  return typeof price === "number" ? [currency, price.toFixed(2)].filter(Boolean).join(" ") : "not told";
}
