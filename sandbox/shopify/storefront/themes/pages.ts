// The pages of the three theme structures: product page, single sections of it, a list with quick add, a landing page
// where the block stands alone, and the cart. The address says which: ?theme=dawn|horizon|vintage, ?locale, ?dark,
// ?blocks, ?thumbnails.
import { escape, html, notFound, type Asked, type Reply } from "../../http.ts";
import type { Store } from "../../store.ts";
import type { ProductRecord } from "../../types.ts";
import { cartBody, shownProperties, type CartRow } from "../checkout-page.ts";
import { countOf, totalOf, type Cart } from "../cart.ts";
import { page, price } from "../look.ts";
import { blockHead, renderBlock, renderThumbnails } from "./block.ts";
import { viewOf, type Shown, type ThemeName, type View } from "./parts.ts";
import { sections } from "./sections.ts";

/** What a theme's page is made of. */
export interface Themed {
  asked: Asked;
  store: Store;
  cart: Cart;
}

/** A product's page, or with `?section_id=…` the one section of it. */
export async function themedProduct(themed: Themed, product: ProductRecord): Promise<Reply> {
  const { asked, store } = themed;
  const view = viewOf(asked);
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
export async function themedList(themed: Themed): Promise<Reply> {
  const view = viewOf(themed.asked);
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
  const view = viewOf(themed.asked);
  const product = [...themed.store.products.values()].find(({ form }) => form === "photo");
  if (!product) return notFound("There is no such page.");
  const kit = await blocks(themed, { product, variantId: null, view });
  const body = `<h1>Paint your own photo</h1><div class="shopify-section">${kit}</div>`;
  return framed(themed, { view, title: "Paint your own photo", body, withBlock: true });
}

// What a script may know a line of the cart by, in each structure.
const cartRows: Record<ThemeName, CartRow> = {
  dawn: (_, n) => `class="cart-item" id="CartItem-${n + 1}"`,
  horizon: ({ key }) => `class="cart-items__table-row" data-key="${escape(key)}"`,
  vintage: () => `class="cart__row"`,
};

/** The cart as a page. */
export async function themedCart(themed: Themed): Promise<Reply> {
  const view = viewOf(themed.asked);
  const body = cartBody(themed.store, themed.cart, cartRows[view.theme]);
  return framed(themed, { view, title: "Cart", body, withBlock: false });
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
  const place = { ...rest, ...placeOf(view) };
  const rendered = Array.from({ length: Math.min(view.blocks, 3) }, (_, n) =>
    renderBlock(store, { ...place, blockId: `AeHR3dotkit${n || ""}` }),
  );
  return (await Promise.all(rendered)).join("\n");
}

const placeOf = ({ language, cdn }: View) => ({ language, assets: `${cdn}/extensions` });

async function framed(
  { store, cart }: Themed,
  of: { view: View; title: string; body: string; withBlock: boolean },
): Promise<Reply> {
  const { view, title, body, withBlock } = of;
  const { theme, language, dark, cdn, thumbnails } = view;
  const place = placeOf(view);
  const head = `<script>window.Shopify = { shop: ${JSON.stringify(store.domain)}, locale: ${JSON.stringify(language)}, routes: { root: "/" }, theme: { name: ${JSON.stringify(theme)} } };</script>
<script src="${cdn}/themes/storefront.js" defer></script>
<script src="${cdn}/themes/${theme}.js" defer></script>
${withBlock ? blockHead(place.assets) : ""}`;
  const after = `<dialog class="over drawer" id="cart-drawer" aria-label="Cart"></dialog><dialog class="over" id="quick-add" aria-label="Quick add"><button type="button" class="plain" data-close>Close</button><div data-inside></div></dialog>
${thumbnails ? await renderThumbnails(store, place) : ""}`;
  return page(store, { title, body, inCart: countOf(cart), theme: { language, dark, cdn, head, after } });
}
