// The shoppers' carts, in memory by cookie, with the shape of Shopify's /cart.js for scripts of a theme.
import { randomBytes } from "node:crypto";
import type { Asked } from "../http.ts";
import { num } from "../ids.ts";
import { pictureOf, type Store } from "../store.ts";
import type { PropertyRecord } from "../types.ts";

/** `key` is what /cart/change names it by. */
export interface CartLine {
  key: string;
  variantId: string;
  quantity: number;
  properties: PropertyRecord[];
}

/** One visitor's cart. */
export interface Cart {
  token: string;
  note: string;
  lines: CartLine[];
}

/** What `createCarts` gives. */
export type Carts = ReturnType<typeof createCarts>;

/** All visitors' carts. */
export function createCarts() {
  const carts = new Map<string, Cart>();
  return {
    /** The visitor's cart, a new one when the cookie names none. */
    of(asked: Asked): Cart {
      const token = asked.cookies["cart"] ?? "";
      const known = carts.get(token);
      if (known) return known;
      const cart = { token: randomBytes(12).toString("hex"), note: "", lines: [] };
      carts.set(cart.token, cart);
      return cart;
    },
    empty(cart: Cart): void {
      cart.lines = [];
      cart.note = "";
    },
  };
}

/** The cookies that let the browser find its cart and its shop again. */
export function cookies(cart: Cart, shop: string): Record<string, string[]> {
  const attributes = "Path=/; HttpOnly; SameSite=Lax";
  return { "set-cookie": [`cart=${cart.token}; ${attributes}`, `standin_shop=${shop}; ${attributes}`] };
}

/** Adds a line; one with the same variant and equal properties only grows. Empty properties are dropped. */
export function addLine(store: Store, cart: Cart, line: Omit<CartLine, "key">): CartLine {
  if (!store.variants.has(line.variantId)) throw new Error("Cannot find variant");
  const properties = line.properties.filter(({ value }) => value !== "");
  const same = cart.lines.find(
    (one) =>
      one.variantId === line.variantId && JSON.stringify(one.properties) === JSON.stringify(properties),
  );
  if (same) {
    same.quantity += line.quantity;
    return same;
  }
  const added = { ...line, properties, key: `${line.variantId}:${randomBytes(8).toString("hex")}` };
  cart.lines.unshift(added);
  return added;
}

/** Pieces, not lines. */
export function countOf(cart: Cart): number {
  return cart.lines.reduce((sum, line) => sum + line.quantity, 0);
}

/** Minor units. */
export function totalOf(store: Store, cart: Cart): number {
  return cart.lines.reduce(
    (sum, line) => sum + line.quantity * (store.variants.get(line.variantId)?.priceMinor ?? 0),
    0,
  );
}

/** One item as /cart.js and /cart/add.js answer it: prices in minor units, ids as numbers. */
export function itemJson(store: Store, line: CartLine): Record<string, unknown> {
  const variant = store.variants.get(line.variantId);
  const product = variant ? store.products.get(variant.productId) : undefined;
  const minor = variant?.priceMinor ?? 0;
  return {
    id: num(line.variantId),
    variant_id: num(line.variantId),
    product_id: num(variant?.productId ?? "0"),
    key: line.key,
    quantity: line.quantity,
    title: `${product?.title ?? ""} - ${variant?.title ?? ""}`,
    product_title: product?.title ?? "",
    variant_title: variant?.title ?? null,
    handle: product?.handle ?? "",
    url: `/products/${product?.handle ?? ""}?variant=${line.variantId}`,
    sku: variant?.sku ?? "",
    vendor: product?.vendor ?? "",
    price: minor,
    original_price: minor,
    line_price: minor * line.quantity,
    final_line_price: minor * line.quantity,
    requires_shipping: variant?.requiresShipping ?? false,
    gift_card: product?.giftCard ?? false,
    image: product ? pictureOf(store, product) : null,
    properties: Object.fromEntries(line.properties.map(({ name, value }) => [name, value])),
  };
}

/** The whole of /cart.js. */
export function cartJson(store: Store, cart: Cart): Record<string, unknown> {
  const total = totalOf(store, cart);
  return {
    token: cart.token,
    note: cart.note,
    attributes: {},
    item_count: countOf(cart),
    items: cart.lines.map((line) => itemJson(store, line)),
    items_subtotal_price: total,
    original_total_price: total,
    total_price: total,
    total_discount: 0,
    total_weight: 0,
    currency: store.currency,
    requires_shipping: cart.lines.some((line) => store.variants.get(line.variantId)?.requiresShipping),
  };
}
