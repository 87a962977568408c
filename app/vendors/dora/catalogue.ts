// Dora's catalogue as it is read: collections, pages of rings and products, and one ring in detail. Pure. The order road
// checks a ring against it, so what only a page shows may be missing or odd without holding anything up.
// Source: Dora API v2, 'Catalog', 'Directus' and 'Product Endpoints', read 2026-11-22.
import { z } from "zod";
import { number, spare, text } from "./numbers.ts";

const names = z
  .array(z.string())
  .nullish()
  .transform((list) => list ?? []);

const rows = <T>(row: z.ZodType<T>) =>
  z.union([z.array(row), z.record(z.string(), row)]).transform(Object.values<T>);

/** A list, also when PHP wrote it as an object; an empty one instead of anything that cannot be read. */
const spareRows = <T>(row: z.ZodType<T>) => rows(row).catch([]);

const material = z.object({
  id: number,
  name: text.nullish(),
  code: spare(text),
  available_colors: names,
  default_color: z.string().nullish(),
  available_finishes: names,
  default_finish: z.string().nullish(),
  /** Grams, in the size and width asked for. */
  weight: spare(number),
});
/** One metal that a part can be made of. */
export type Material = z.infer<typeof material>;

const part = z.object({
  name: z.string(),
  available_materials: z.array(material),
  default_material_id: number.nullish(),
  selected_material_id: spare(number),
});
/** One part of a ring, e.g. "Band". */
export type Part = z.infer<typeof part>;

const size = z.object({ size: text.nullish(), size_mm: number, selected: spare(z.boolean()) });
/** A row of a ring's size chart: the country's own word for it, and millimetres. */
export type Size = z.infer<typeof size>;

const diamond = z.object({
  cut: spare(text),
  cut_code: spare(text),
  count: spare(number),
  size: spare(number),
  total_weight: spare(number),
  black_diamond: spare(z.boolean()),
  quality: spare(text),
});
/** Diamonds that belong to a style. Their ids for the cart are not among this. */
export type Diamond = z.infer<typeof diamond>;

const related = z.object({ id: number, style_no: text.nullish(), collection_id: spare(number) });

/** One ring in detail. `size` of a row is in the country's unit, everything else in mm and dealer currency. */
export const itemSchema = z.object({
  id: number,
  style_no: text.nullish(),
  description: spare(text),
  collection_id: number.nullish(),
  collection_name: text.nullish(),
  default_size_mm: spare(number),
  default_width: number.nullish(),
  default_weight: spare(text),
  size: spare(number),
  width: number.nullish(),
  min_width: number.nullish(),
  max_width: number.nullish(),
  country_code: spare(text),
  currency: text.nullish(),
  total_price: number.nullish(),
  parts: z.array(part),
  sizes: z
    .array(size)
    .nullish()
    .transform((sizes) => sizes ?? []),
  widths: spareRows(z.object({ width: number })),
  diamonds: spareRows(diamond),
  related_weights: spare(
    z.object({ lighter: spare(related), default: spare(related), heavier: spare(related) }),
  ),
  related_rings: spareRows(related),
});
export type Item = z.infer<typeof itemSchema>;

const pagination = spare(z.object({ total: number, page: number, pages: number }));

/** A page of rings. `metals` are ids, whose names are in `available_metals`. */
export const itemPageSchema = z.object({
  items: z.array(
    z.object({
      id: number,
      style_no: text.nullish(),
      information: spare(text),
      collection_id: number,
      collection_name: text.nullish(),
      metals: spareRows(number),
      width: spare(number),
      currency: spare(text),
      price: spare(number),
      image: spare(z.string()),
    }),
  ),
  available_metals: spareRows(z.object({ id: number, name: text, count: spare(number) })),
  pagination,
});
export type ItemPage = z.infer<typeof itemPageSchema>;

const productRow = z.object({
  id: number,
  name: text.nullish(),
  description: spare(text),
  price: number.nullish(),
  image: spare(z.string()),
});
/** One thing that is no ring: GET /product/item/{id}. */
export const productSchema = productRow;
export type DoraProduct = z.infer<typeof productRow>;

/** A page of what is not a ring. */
export const productPageSchema = z.object({ items: z.array(productRow), pagination });
export type ProductPage = z.infer<typeof productPageSchema>;

/** GET /catalog/collections. */
export const collectionsSchema = rows(
  z.object({
    id: number,
    category_name: spare(text),
    collection_name: text,
    is_new: spare(z.union([z.boolean(), number.transform((value) => value !== 0)])),
    image: spare(z.string()),
  }),
);
export type Collection = z.infer<typeof collectionsSchema>[number];

/** POST /directus/collections: the collections of every country, from Dora's own website. */
export const siteCollectionsSchema = rows(
  z.object({ id: number, country_id: spare(number), country_name: spare(text), collection_name: text }),
);
export type SiteCollection = z.infer<typeof siteCollectionsSchema>[number];
