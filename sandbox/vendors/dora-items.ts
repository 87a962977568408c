// Dora's catalogue routes: collections, the item search, and one item configured with its live price.
// Source: Dora API v2, "Catalog Endpoints", read 2026-11-22.
import { z } from "zod";
import { collections, gramsOf, metals, priceMinor, rings, type Made, type Ring } from "./dora-catalogue.ts";
import { defaultSizeMm, hasSize, sizesIn, type Country } from "./dora-countries.ts";
import { json, type Reply } from "./stand-in.ts";

const refuse = (status: number, message: string): Reply => json(status, { error: { message } });

const oneOrMore = z.union([z.int(), z.array(z.int())]).optional();
const searchSchema = z.strictObject({
  search: z.string().optional(),
  page: z.int().min(1).optional(),
  limit: z.int().min(1).optional(),
  ids: oneOrMore,
  collection_id: oneOrMore,
  metal_id: oneOrMore,
  sort_by: z.enum(["style_no", "style_name", "style_price"]).optional(),
  sort_dir: z.enum(["asc", "desc"]).optional(),
  show_home: z.boolean().optional(),
});

const partsSchema = z.array(
  z.strictObject({
    name: z.string().min(1),
    metal_id: z.int().optional(),
    color: z.string().optional(),
    finish: z.string().optional(),
  }),
);
export type AskedPart = z.infer<typeof partsSchema>[number];

const itemSchema = z.strictObject({
  id: z.int(),
  collection_id: z.int(),
  mode: z.enum(["ring", "sample"]).optional(),
  size: z.number().optional(),
  width: z.number().optional(),
  parts: partsSchema.optional(),
});

export function pictureUrl(url: string, name: string): string {
  return `${url}/media/${name}.png`;
}

/** GET /catalog/collections */
export function showCollections(url: string): Reply {
  return json(
    200,
    collections.map((one) => ({ ...one, image: pictureUrl(url, `collection-${one.id}`) })),
  );
}

/** Fills every choice that was left open; a sentence when a choice does not exist. Throws nothing. */
export function configure(
  ring: Ring,
  asked: { size?: number | undefined; width?: number | undefined; parts?: AskedPart[] | undefined },
): Made | string {
  const size = asked.size ?? defaultSizeMm;
  const width = asked.width ?? ring.defaultWidth;
  if (!hasSize(size)) return "Invalid size";
  if (width < ring.minWidth || width > ring.maxWidth) {
    return `Width must be between ${ring.minWidth} and ${ring.maxWidth}`;
  }
  const names = (asked.parts ?? []).map((part) => part.name);
  if (
    new Set(names).size !== names.length ||
    names.some((name) => !ring.parts.some((one) => one.name === name))
  ) {
    return "Invalid parts";
  }
  const parts: Made["parts"] = [];
  for (const part of ring.parts) {
    const chosen = asked.parts?.find((one) => one.name === part.name);
    const metal = metals.find((one) => one.id === (chosen?.metal_id ?? ring.defaultMetalId));
    if (!metal || !part.metalIds.includes(metal.id)) return "Invalid metal";
    const color = chosen?.color ?? metal.colors[0] ?? "White";
    if (!metal.colors.some((one) => one === color)) return "Invalid color";
    const finish = chosen?.finish ?? part.finishes[0] ?? "Polished";
    if (!part.finishes.some((one) => one === finish)) return "Invalid finish";
    parts.push({ name: part.name, metal_id: metal.id, color, finish, metal_name: metal.name });
  }
  return { ring, size, width, parts };
}

/** A ring with nothing chosen. Its own defaults always exist, so this never fails. */
function plainly(ring: Ring): Made {
  const made = configure(ring, {});
  if (typeof made === "string") throw new Error(`ring ${ring.id}: ${made}`);
  return made;
}

/** POST /catalog/items */
export function searchItems(body: unknown, { country, url }: { country: Country; url: string }): Reply {
  const read = searchSchema.safeParse(body ?? {});
  if (!read.success) return refuse(400, "Invalid request format");
  const { search = "", page = 1, sort_by = "style_no", sort_dir = "asc", show_home } = read.data;
  const limit = Math.min(read.data.limit ?? 20, 100);
  const wanted = (filter: number | number[] | undefined, value: number): boolean =>
    filter === undefined || [filter].flat().includes(value);

  const found = rings.filter(
    (ring) =>
      ring.styleNo.toLowerCase().includes(search.toLowerCase()) &&
      wanted(read.data.ids, ring.id) &&
      wanted(read.data.collection_id, ring.collectionId) &&
      (show_home === undefined || ring.showHome === show_home),
  );
  const inMetal = found.filter((ring) => metalsOf(ring).some((id) => wanted(read.data.metal_id, id)));
  if (inMetal.length === 0) return refuse(404, "No items found");

  const price = (ring: Ring): number => priceMinor(plainly(ring), { country, mode: "ring" });
  const compare = {
    style_no: (a: Ring, b: Ring) => a.styleNo.localeCompare(b.styleNo),
    style_name: (a: Ring, b: Ring) => a.information.localeCompare(b.information),
    style_price: (a: Ring, b: Ring) => price(a) - price(b),
  }[sort_by];
  const sorted = inMetal.toSorted((a, b) => (sort_dir === "asc" ? compare(a, b) : compare(b, a)));
  const shown = sorted.slice((page - 1) * limit, page * limit);
  if (shown.length === 0) return refuse(404, "No items found");
  return json(200, {
    items: shown.map((ring) => ({
      id: ring.id,
      style_no: ring.styleNo,
      information: ring.information,
      ...collectionOf(ring),
      metals: metalsOf(ring),
      width: ring.defaultWidth,
      size: defaultSizeMm,
      currency: country.currency,
      currency_symbol: country.symbol,
      price: price(ring) / 100,
      image: pictureUrl(url, `style-${ring.id}`),
    })),
    available_metals: metals.flatMap(({ id, name }) => {
      const count = found.filter((ring) => metalsOf(ring).includes(id)).length;
      return count > 0 ? [{ id, name, count }] : [];
    }),
    pagination: { total: sorted.length, page, limit, pages: Math.ceil(sorted.length / limit) },
  });
}

function metalsOf(ring: Ring): number[] {
  return metals
    .map((metal) => metal.id)
    .filter((id) => ring.parts.some((part) => part.metalIds.includes(id)));
}

function collectionOf(ring: Ring) {
  const found = collections.find((one) => one.id === ring.collectionId);
  return {
    collection_id: ring.collectionId,
    category_name: found?.category_name ?? "",
    collection_name: found?.collection_name ?? "",
  };
}

/** POST /catalog/item */
export function showItem(body: unknown, country: Country): Reply {
  const given = typeof body === "object" && body !== null ? body : {};
  if (!("id" in given) || !("collection_id" in given))
    return refuse(400, "Item ID and Collection ID are required");
  const read = itemSchema.safeParse(body);
  if (!read.success) return refuse(400, "Invalid request format");
  const ring = rings.find((one) => one.id === read.data.id && one.collectionId === read.data.collection_id);
  if (!ring) return refuse(404, "Item not found");
  const made = configure(ring, read.data);
  if (typeof made === "string") return refuse(400, made);
  return json(200, detail(made, { country, mode: read.data.mode ?? "ring" }));
}

function detail(made: Made, { country, mode }: { country: Country; mode: "ring" | "sample" }) {
  const { ring, size, width } = made;
  const widths = Array.from(
    { length: Math.floor((ring.maxWidth - ring.minWidth) * 2) + 1 },
    (_, at) => ring.minWidth + at / 2,
  );
  return {
    id: ring.id,
    style_no: ring.styleNo,
    mode,
    description: ring.information,
    default_size_mm: defaultSizeMm,
    default_width: ring.defaultWidth,
    default_metal_id: ring.defaultMetalId,
    default_weight: ring.weightLabel,
    collection_id: ring.collectionId,
    collection_name: collectionOf(ring).collection_name,
    shape: ring.shape,
    size,
    width,
    min_width: ring.minWidth,
    max_width: ring.maxWidth,
    country_code: country.code,
    currency: country.currency,
    currency_symbol: country.symbol,
    total_price: priceMinor(made, { country, mode }) / 100,
    parts: ring.parts.map((part, at) => ({
      name: part.name,
      available_materials: metals
        .filter((metal) => part.metalIds.includes(metal.id))
        .map((metal) => ({
          id: metal.id,
          name: metal.name,
          code: metal.code,
          available_colors: metal.colors,
          default_color: metal.colors[0] ?? null,
          available_finishes: part.finishes,
          default_finish: part.finishes[0] ?? null,
          weight: gramsOf(part, { metal, size, width, ring }),
        })),
      default_material_id: ring.defaultMetalId,
      selected_material_id: made.parts[at]?.metal_id ?? null,
      selected_color: made.parts[at]?.color ?? null,
      selected_finish: made.parts[at]?.finish ?? null,
    })),
    sizes: sizesIn(country).map((one) => ({ ...one, selected: one.size_mm === size })),
    widths: widths.map((one) => ({ width: one, selected: one === width })),
    diamonds: ring.diamonds,
    related_weights: {
      lighter: related(ring.lighter),
      default: related(ring.standard),
      heavier: related(ring.heavier),
    },
    related_rings: ring.related.map(related),
  };
}

function related(id: number | undefined) {
  const ring = rings.find((one) => one.id === id);
  if (!ring) return null;
  return { id: ring.id, collection_id: ring.collectionId, style_no: ring.styleNo, shape: ring.shape };
}
