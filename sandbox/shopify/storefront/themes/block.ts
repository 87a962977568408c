// Renders the app's blocks as Shopify's Liquid would: the extension's own files, with the few filters and tags they
// use. What else Shopify does around a block (the wrapper, the assets in the head) is here too.
import { readFileSync } from "node:fs";
import { Liquid, type Tag, type TagToken, type TopLevelToken } from "liquidjs";
import { namespaceOf } from "../../admin-api/metafield-node.ts";
import { escape } from "../../http.ts";
import { gid } from "../../ids.ts";
import type { Store } from "../../store.ts";
import type { ProductRecord } from "../../types.ts";
import { price } from "../look.ts";

/** Where the extension lies in the repository. */
export const extension = new URL("../../../../extensions/dot-preview/", import.meta.url);

/** Where a block of the extension is rendered. */
export interface Place {
  language: string;
  /** What asset addresses begin with: another origin than the shop's, as Shopify's CDN is. */
  assets: string;
}

/** What the photo block stands in. */
export interface BlockPlace extends Place {
  product: ProductRecord;
  variantId: string | null;
  /** Two blocks on one page have two. */
  blockId?: string;
  settings?: Record<string, unknown>;
}

/** The block in the wrapper Shopify gives to every app block. */
export async function renderBlock(store: Store, place: BlockPlace): Promise<string> {
  const { blockId = "AeHR3dotkit", settings = {}, product } = place;
  const own = { radius: 8, consent: false, own_button: "auto", ...settings };
  const block = { id: blockId, settings: own, shopify_attributes: `data-block-handle="dot-preview"` };
  const globals = { product: productDrop(product, place.variantId) };
  const markup = await render(store, place, { name: "dot-preview", globals, block });
  return `<div id="shopify-block-${escape(blockId)}" class="shopify-block shopify-app-block">${markup}</div>`;
}

/** The cart thumbnails' embed, as Shopify puts it at the end of the body when the merchant has switched it on. */
export async function renderThumbnails(store: Store, place: Place): Promise<string> {
  const block = { id: "AeHR3dotthumbs", settings: {}, shopify_attributes: "" };
  const markup = await render(store, place, { name: "dot-cart-thumbnails", globals: {}, block });
  return `<div id="shopify-block-${block.id}" class="shopify-block shopify-app-block">${markup}</div>`;
}

async function render(
  store: Store,
  place: Place,
  of: { name: string; globals: object; block: object },
): Promise<string> {
  const source = readFileSync(new URL(`blocks/${of.name}.liquid`, extension), "utf8");
  const request = { design_mode: false, locale: { iso_code: place.language } };
  const globals = { request, app: appDrop(store), ...of.globals };
  return String(await engine(store, place, globals).parseAndRender(source, { block: of.block }));
}

/** Liquid's `app`: the metafields that the app has put on its own installation, each with its value. */
function appDrop(store: Store) {
  const metafields: Record<string, Record<string, { value: string }>> = {};
  const own = namespaceOf("$app");
  for (const { namespace, key, value } of store.metafields
    .get(gid("AppInstallation", store.shopId))
    ?.values() ?? []) {
    const written = namespace.replace(`${own}--`, "$app:").replace(own, "$app");
    (metafields[written] ??= {})[key] = { value };
  }
  return { metafields };
}

/** What `content_for_header` adds on a page with the block: the stylesheet and script its schema names. */
export function blockHead(assets: string): string {
  return `<link href="${assets}/dot-preview.css" rel="stylesheet" media="all">
<script src="${assets}/dot-preview.js" defer></script>`;
}

// Liquid of an extension reads whole numbers for ids and prices; prices are minor units.
function productDrop(product: ProductRecord, variantId: string | null) {
  const variants = product.variants.map(({ id, title, priceMinor }) => ({
    id: Number(id),
    title,
    price: priceMinor,
    available: true,
  }));
  return {
    id: Number(product.id),
    title: product.title,
    url: `/products/${product.handle}`,
    variants,
    selected_or_first_available_variant: variants.find(({ id }) => String(id) === variantId) ?? variants[0],
  };
}

type Words = Record<string, Record<string, string> | undefined>;

function engine(store: Store, { language, assets }: Place, globals: object): Liquid {
  const words = readWords(language);
  const liquid = new Liquid({
    root: [new URL("snippets", extension).pathname],
    extname: ".liquid",
    globals,
  });
  liquid.registerFilter("asset_url", (name: string) => `${assets}/${name}`);
  liquid.registerFilter("money", (minor: number) => price(minor, store.currency));
  liquid.registerFilter("t", (key: string, ...fill: [string, unknown][]) => {
    const [group = "", name = ""] = key.split(".");
    const said = words[group]?.[name];
    if (said === undefined) return `Translation missing: ${language}.${key}`;
    const values = new Map(fill);
    return said.replace(/\{\{ ?(\w+) ?\}\}/g, (_, place: string) => escape(values.get(place)));
  });
  for (const name of ["schema", "doc"]) liquid.registerTag(name, skipped(name));
  return liquid;
}

// A language the extension does not have falls back to the default one, as at Shopify.
function readWords(language: string): Words {
  for (const name of [language.replace(/[^\w-]/g, ""), "en.default"])
    try {
      return JSON.parse(readFileSync(new URL(`locales/${name}.json`, extension), "utf8")) as Words;
    } catch {
      continue;
    }
  return {};
}

/** A tag whose content is not for the page. */
function skipped(name: string) {
  return {
    parse(this: Tag, _token: TagToken, rest: TopLevelToken[]) {
      for (let token = rest.shift(); token; token = rest.shift())
        if ("name" in token && token.name === `end${name}`) return;
    },
    render: () => "",
  };
}
