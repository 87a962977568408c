// Renders the app's blocks as Shopify's Liquid would: the extension's own files, with the few filters and tags they
// use. What else Shopify does around a block (the wrapper, the assets in the head) is here too.
import { readFileSync } from "node:fs";
import { Liquid, type Tag, type TagToken, type TopLevelToken } from "liquidjs";
import { escape } from "../../http.ts";
import type { Store } from "../../store.ts";
import type { ProductRecord } from "../../types.ts";
import { price } from "../look.ts";

/** Where the extension lies in the repository. */
export const extension = new URL("../../../../extensions/dot-preview/", import.meta.url);

/** What the block stands in. */
export interface BlockPlace {
  product: ProductRecord;
  variantId: string | null;
  language: string;
  /** What asset addresses begin with: another origin than the shop's, as Shopify's CDN is. */
  assets: string;
  /** The shop's path to the app; a merchant may have moved it. */
  proxy: string;
  /** Two blocks on one page have two. */
  blockId?: string;
  settings?: Record<string, unknown>;
}

/** The block in the wrapper Shopify gives to every app block. */
export async function renderBlock(store: Store, place: BlockPlace): Promise<string> {
  const { blockId = "AeHR3dotkit", settings = {}, product } = place;
  const source = readFileSync(new URL("blocks/dot-preview.liquid", extension), "utf8");
  const globals = {
    request: { design_mode: false, locale: { iso_code: place.language } },
    shop: { metafields: {} },
    product: productDrop(product, place.variantId),
  };
  const own = { radius: 8, consent: false, own_button: "auto", proxy: place.proxy, ...settings };
  const block = { id: blockId, settings: own, shopify_attributes: `data-block-handle="dot-preview"` };
  const markup = String(await engine(store, { place, globals }).parseAndRender(source, { block }));
  return `<div id="shopify-block-${escape(blockId)}" class="shopify-block shopify-app-block">${markup}</div>`;
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

function engine(store: Store, of: { place: BlockPlace; globals: object }): Liquid {
  const { language, assets } = of.place;
  const words = readWords(language);
  const liquid = new Liquid({
    root: [new URL("snippets", extension).pathname],
    extname: ".liquid",
    globals: of.globals,
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
