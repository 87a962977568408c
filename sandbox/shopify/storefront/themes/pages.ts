// The pages of the three theme structures: product page, single sections of it, a list with quick add, and a landing
// page where the block stands alone. The address says which: ?theme=dawn|horizon|vintage, ?locale, ?dark, ?blocks.
import { escape, html, notFound, type Asked, type Reply } from "../../http.ts";
import type { Store } from "../../store.ts";
import type { ProductRecord } from "../../types.ts";
import { shownProperties } from "../checkout-page.ts";
import { countOf, totalOf, type Cart } from "../cart.ts";
import { page, price } from "../look.ts";
import { blockHead, renderBlock } from "./block.ts";
import { overlays, viewOf, type Shown, type View } from "./parts.ts";
import { sections } from "./sections.ts";

/** What a theme's page is made of. */
export interface Themed {
  asked: Asked;
  store: Store;
  cart: Cart;
  /** The shop's path to the app: "/apps/dot". */
  proxy: string;
}

/** A product's page, or with `?section_id=…` the one section of it. */
export async function themedProduct(themed: Themed, product: ProductRecord): Promise<Reply> {
  const { asked, store } = themed;
  const view = viewOf(asked, themed.proxy);
  const { searchParams } = asked.url;
  const wanted = searchParams.get("variant");
  const variant = product.variants.find(({ id }) => id === wanted) ?? product.variants[0];
  if (!variant) return notFound("There is no such product.");
  const only = searchParams.get("section_id");
  const section = only ?? "main";
  const kit = await blocks(themed, { product, variantId: variant.id, view });
  const shown: Shown = { store, product, variant, view, section, kit };
  const inside = `<div id="shopify-section-${escape(section)}" class="shopify-section">${sections[view.theme](shown)}</div>`;
  if (only) return html(inside);
  const more = `<section aria-label="More"><button type="button" class="plain" data-quick-add="/products/${escape(product.handle)}${escape(view.query)}">Quick add: ${escape(product.title)}</button></section>`;
  return framed(themed, { view, title: product.title, body: inside + more, withBlock: view.blocks > 0 });
}

/** Every product with a quick-add button; no block, and so none of its scripts, is on this page. */
export function themedList(themed: Themed): Reply {
  const view = viewOf(themed.asked, themed.proxy);
  const cards = [...themed.store.products.values()]
    .filter(({ status, form }) => status === "active" && form === "photo")
    .map(
      ({ handle, title }) =>
        `<li class="panel"><a href="/products/${escape(handle)}${escape(view.query)}">${escape(title)}</a>
<button type="button" data-quick-add="/products/${escape(handle)}${escape(view.query)}">Quick add</button></li>`,
    );
  const body = `<div class="shopify-section"><h1>All products</h1><ul>${cards.join("")}</ul></div>`;
  return framed(themed, { view, title: "All products", body, withBlock: false });
}

/** A landing page: the block in a section for apps, with no product form near it. */
export async function themedLanding(themed: Themed): Promise<Reply> {
  const view = viewOf(themed.asked, themed.proxy);
  const product = [...themed.store.products.values()].find(({ form }) => form === "photo");
  if (!product) return notFound("There is no such page.");
  const kit = await blocks(themed, { product, variantId: null, view });
  const body = `<h1>Paint your own photo</h1><div class="shopify-section">${kit}</div>`;
  return framed(themed, { view, title: "Paint your own photo", body, withBlock: true });
}

/** The cart's drawer, as a section of its own. */
export function cartDrawer({ store, cart }: Themed): Reply {
  const lines = cart.lines.map((line) => {
    const variant = store.variants.get(line.variantId);
    const product = variant && store.products.get(variant.productId);
    return `<li class="cart-item" data-key="${escape(line.key)}"><img src="/cdn/products/${escape(product?.handle)}.svg" alt="" width="80" height="80"> <strong>${escape(product?.title)}</strong><p class="props">${escape(variant?.title)} × ${line.quantity}</p>${shownProperties(line.properties)}</li>`;
  });
  return html(`<h2>Your cart</h2><ul>${lines.join("")}</ul>
<p>Subtotal ${price(totalOf(store, cart), store.currency)}</p><a class="button" href="/checkout">Check out</a>
<form method="dialog"><button class="plain">Close</button></form><span hidden data-count>${countOf(cart)}</span>`);
}

async function blocks(
  { store }: Themed,
  of: { product: ProductRecord; variantId: string | null; view: View },
): Promise<string> {
  const { view, ...rest } = of;
  const place = { ...rest, language: view.language, assets: view.assets, proxy: view.proxy };
  const rendered = Array.from({ length: Math.min(view.blocks, 3) }, (_, n) =>
    renderBlock(store, { ...place, blockId: `AeHR3dotkit${n || ""}` }),
  );
  return (await Promise.all(rendered)).join("\n");
}

function framed(
  { store, cart }: Themed,
  of: { view: View; title: string; body: string; withBlock: boolean },
): Reply {
  const { view, title, body, withBlock } = of;
  const { theme, language, dark, scripts } = view;
  const head = `${overlays}
<script>window.Shopify = { shop: ${JSON.stringify(store.domain)}, locale: ${JSON.stringify(language)}, routes: { root: "/" }, theme: { name: ${JSON.stringify(theme)} } };</script>
<script src="${scripts}/storefront.js" defer></script>
<script src="${scripts}/${theme}.js" defer></script>
${withBlock ? blockHead(view.assets) : ""}`;
  const after = `<dialog class="over drawer" id="cart-drawer" aria-label="Cart"></dialog><dialog class="over" id="quick-add" aria-label="Quick add"><button type="button" class="plain" data-close>Close</button><div data-inside></div></dialog>`;
  return page(store, { title, body, inCart: countOf(cart), theme: { language, dark, head, after } });
}
