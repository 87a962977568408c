// What the three theme structures share: the option picker's inputs, the place of the cart's drawer, and the frame.
import { escape, type Asked } from "../../http.ts";
import type { Store } from "../../store.ts";
import type { ProductRecord } from "../../types.ts";
import { price } from "../look.ts";
import { cdnOf } from "./files.ts";

/** The structures in which shops are built today. */
export const themeNames = ["dawn", "horizon", "vintage"] as const;
export type ThemeName = (typeof themeNames)[number];

/** How one visitor sees the shop: by the address alone, so that a test or a link can ask for any of it. */
export interface View {
  theme: ThemeName;
  language: string;
  dark: boolean;
  /** Blocks on the page: 1, or `?blocks=0` to compare without, `?blocks=2` for a merchant who added it twice. */
  blocks: number;
  /** Whether the merchant has switched on the cart thumbnails' embed: `?thumbnails`. */
  thumbnails: boolean;
  /** What addresses of the CDN begin with. */
  cdn: string;
  /** What links of the theme carry on. */
  query: string;
}

/** Reads the view; Dawn's structure is the default because most shops have it. */
export function viewOf(asked: Asked): View {
  const { searchParams } = asked.url;
  const theme = themeNames.find((name) => name === searchParams.get("theme")) ?? "dawn";
  const language = searchParams.get("locale") ?? "en";
  const dark = searchParams.has("dark");
  const thumbnails = searchParams.has("thumbnails");
  return {
    theme,
    language,
    dark,
    blocks: Number(searchParams.get("blocks") ?? 1),
    thumbnails,
    cdn: cdnOf(asked),
    query: `?theme=${theme}&locale=${encodeURIComponent(language)}${dark ? "&dark" : ""}${thumbnails ? "&thumbnails" : ""}`,
  };
}

/** One product as a theme's section shows it. */
export interface Shown {
  store: Store;
  product: ProductRecord;
  /** The chosen variant. */
  variant: ProductRecord["variants"][number];
  view: View;
  /** "main", or what a quick-add window made of it. */
  section: string;
  /** The blocks, rendered. */
  kit: string;
}

/** The option fieldsets; `form` ties their radios to a form they do not stand in. */
export function optionFields({ product, variant, section }: Shown, form = ""): string {
  const tied = form ? ` form="${escape(form)}"` : "";
  return product.options
    .map((option, n) => {
      const pills = option.values.map(
        (value) =>
          `<label><input type="radio" name="${escape(option.name)}-${escape(section)}-${n}" value="${escape(value)}" data-option="${n}"${tied}${variant.options[n] === value ? " checked" : ""}><span>${escape(value)}</span></label>`,
      );
      return `<fieldset><legend>${escape(option.name)}</legend><div class="pills">${pills.join("")}</div></fieldset>`;
    })
    .join("");
}

/** The variants as every theme leaves them for its picker. */
export function variantData({ store, product }: Shown): string {
  const list = product.variants.map(({ id, options, priceMinor }) => ({
    id,
    options,
    price: price(priceMinor, store.currency),
  }));
  // "<" would end the script element early.
  return `<script type="application/json" data-variants>${JSON.stringify(list).replaceAll("<", "\\u003c")}</script>`;
}

/** The button Shopify puts into a product form for those who skip the cart; its script is in assets/storefront.js. */
export const paymentButton = `<div data-shopify="payment-button" class="shopify-payment-button"><button type="button" class="shopify-payment-button__button wide">Buy it now</button></div>`;

/** Vendor, title and price. */
export function head({ store, product, variant, section }: Shown): string {
  return `<span class="vendor">${escape(product.vendor)}</span><h1>${escape(product.title)}</h1>
<p class="price" id="price-${escape(section)}" data-price>${price(variant.priceMinor, store.currency)}</p>`;
}

/** The picture's column. */
export function media({ product }: Shown): string {
  return `<div class="pic"><img src="/cdn/products/${escape(product.handle)}.svg" alt="${escape(product.title)}" width="600" height="600"></div>`;
}
