// The calls that read Dora's catalogue: collections, rings, products and the specification sheet. All are asks.
// Source of every path and field: Dora API v2, read 2026-11-22.
import { refuse, VendorError, type Asking, type VendorProduct } from "../vendor.ts";
import {
  collectionsSchema,
  itemPageSchema,
  itemSchema,
  productPageSchema,
  productSchema,
  siteCollectionsSchema,
  type Collection,
  type DoraProduct,
  type Item,
  type ItemPage,
  type ProductPage,
  type SiteCollection,
} from "./catalogue.ts";
import type { RingPut } from "./payload.ts";
import { askForSome, notDora, read, request, type Call } from "./request.ts";
import { productRow, ringRow } from "./rings.ts";
import { readUser } from "./sessions.ts";
import type { Settings } from "./settings.ts";
import { errorWords } from "./status.ts";

/** GET /catalog/collections: those of the login's country; none is an empty list. */
export async function readCollections(settings: Settings, asking: Asking): Promise<Collection[]> {
  const reply = await askForSome({ method: "GET", path: "/catalog/collections" }, settings, asking);
  return reply ? read(collectionsSchema, reply, "its collections") : [];
}

/** POST /directus/collections: what Dora's website shows, by country. */
export async function readSiteCollections(
  search: string | undefined,
  settings: Settings,
  asking: Asking,
): Promise<SiteCollection[]> {
  const json = search ? { search } : {};
  const reply = await askForSome({ method: "POST", path: "/directus/collections", json }, settings, asking);
  return reply ? read(siteCollectionsSchema, reply, "its collections") : [];
}

/** What rings are looked for. Pages begin at 1 and have at most 100 rings. */
export interface RingSearch {
  search?: string | undefined;
  ids?: number[] | undefined;
  collection_id?: number | undefined;
  metal_id?: number | undefined;
  sort_by?: "style_no" | "style_name" | "style_price" | undefined;
  sort_dir?: "asc" | "desc" | undefined;
  show_home?: boolean | undefined;
  page: number;
  limit: number;
}

const noRings: ItemPage = { items: [], available_metals: [], pagination: undefined };

/** POST /catalog/items: a page of rings. "No items found", a 404 at Dora, is an empty page. */
export async function findRings(search: RingSearch, settings: Settings, asking: Asking): Promise<ItemPage> {
  const reply = await askForSome({ method: "POST", path: "/catalog/items", json: search }, settings, asking);
  return reply ? read(itemPageSchema, reply, "its catalogue") : noRings;
}

/** What products are looked for, as for rings. */
export interface ProductSearch {
  search?: string | undefined;
  sort_by?: "product_name" | "product_price" | undefined;
  sort_dir?: "asc" | "desc" | undefined;
  page: number;
  limit: number;
}

/** POST /product/items: a page of what is not a ring. */
export async function findProducts(
  search: ProductSearch,
  settings: Settings,
  asking: Asking,
): Promise<ProductPage> {
  const reply = await askForSome({ method: "POST", path: "/product/items", json: search }, settings, asking);
  return reply ? read(productPageSchema, reply, "its catalogue") : { items: [], pagination: undefined };
}

/** GET /product/item/{id}; undefined when this login has no such product. */
export async function readProduct(
  id: number,
  settings: Settings,
  asking: Asking,
): Promise<DoraProduct | undefined> {
  const reply = await askForSome({ method: "GET", path: `/product/item/${id}` }, settings, asking);
  return reply ? read(productSchema, reply, "a product") : undefined;
}

// Each ring costs one more request, so the pick-list is short: the search narrows it.
const pageSize = 10;

/** The pick-list: rings and other products that fit the search, rings with all their defaults. */
export async function listProducts(
  settings: Settings,
  words: string,
  asking: Asking,
): Promise<VendorProduct[]> {
  const search = { ...(words.trim() !== "" && { search: words.trim() }), page: 1, limit: pageSize };
  const rings = await findRings(search, settings, asking);
  const others = await findProducts(search, settings, asking);
  const rows = await Promise.all(
    rings.items.map(async (found) => {
      const asked = { id: found.id, collection_id: found.collection_id };
      const item = await readRing(asked, settings, asking);
      return isRing(item) ? [ringRow(found, item)] : [];
    }),
  );
  const { currency_code } = others.items.length > 0 ? await readUser(settings, asking) : {};
  return [...rows.flat(), ...others.items.map((found) => productRow(found, currency_code))];
}

/** A ring as it is asked about; what is left out, Dora fills in. Size and width in mm. */
export interface AskedRing {
  id: number;
  collection_id: number;
  mode?: "ring" | "sample" | undefined;
  size?: number | undefined;
  width?: number | undefined;
  parts?: readonly AskedPart[] | undefined;
}

/** One part of it. */
export interface AskedPart {
  name: string;
  metal_id?: number | undefined;
  color?: string | undefined;
  finish?: string | undefined;
}

/** Why a ring cannot be had, in Dora's words; `isMissing` when this login has no such ring in this collection. */
export interface NoRing {
  words: string;
  isMissing: boolean;
}

/** Whether Dora told of a ring or why not. */
export function isRing(told: Item | NoRing): told is Item {
  return "parts" in told;
}

/**
 * POST /catalog/item: a ring in detail, with its price as it is asked about, or why Dora does not make it like that.
 */
export async function readRing(asked: AskedRing, settings: Settings, asking: Asking): Promise<Item | NoRing> {
  const call: Call = { method: "POST", path: "/catalog/item", json: asked, alsoFine: [400, 404] };
  const reply = await asking.ask(request(call, settings, asking.token));
  if (reply.status < 400) return read(itemSchema, reply, "a ring");
  const words = errorWords(reply);
  if (words === undefined) throw notDora();
  return { words, isMissing: reply.status === 404 };
}

/** POST /catalog/item as it would be made. Throws `rejected` when Dora does not make it like that. */
export async function readConfiguredItem(
  { put, collectionId }: { put: RingPut; collectionId: number },
  settings: Settings,
  asking: Asking,
): Promise<Item> {
  const { size, width, parts } = put.options;
  const asked = { id: put.id, collection_id: collectionId, mode: "ring", size, width, parts } as const;
  const item = await readRing(asked, settings, asking);
  if (isRing(item)) return item;
  return refuse(
    `Dora does not make ring ${put.id} as it is set up: ${item.words}. Correct the product on the Products page, then send this order again.`,
  );
}

/** What is printed on a specification sheet. `image` is a PNG in base64, shown instead of Dora's own picture. */
export interface Sheet {
  style_id: number;
  mode?: "ring" | "sample" | undefined;
  size?: number | undefined;
  width?: number | undefined;
  metal_id?: number | undefined;
  image?: string | undefined;
  color?: string | undefined;
  finish?: string | undefined;
  engraving_text?: string | undefined;
  engraving_font?: string | undefined;
}

const mostSheetBytes = 20 * 1024 * 1024;

/** POST /catalog/pdf: a ring's specification sheet. undefined: no such ring. Throws `rejected` with Dora's words. */
export async function readSheet(
  sheet: Sheet,
  settings: Settings,
  asking: Asking,
): Promise<{ filename: string; bytes: Uint8Array } | undefined> {
  const call: Call = {
    method: "POST",
    path: "/catalog/pdf",
    json: sheet,
    expect: "bytes",
    maxBytes: mostSheetBytes,
    deadlineMs: 60_000,
  };
  const reply = await askForSome(call, settings, asking);
  if (!reply) return undefined;
  // A page that says sorry comes with a 200, too.
  if (new TextDecoder().decode(reply.bytes.subarray(0, 5)) !== "%PDF-")
    throw new VendorError("retry", "What Dora sent is not a PDF. Try it again later.", {
      status: reply.status,
    });
  const named = /filename="?([\w.-]+\.pdf)"?/i.exec(reply.headers["content-disposition"] ?? "")?.[1];
  return { filename: named ?? `style_${sheet.style_id}.pdf`, bytes: reply.bytes };
}
