// Which storefront page answers which address. The cart's endpoints follow Shopify's Ajax API; the pages of the theme
// structures are in themes/.
import { escape, formOf, json, notFound, redirect, type Asked, type Reply } from "../http.ts";
import type { World } from "../index.ts";
import type { ShopHandle } from "../shop.ts";
import type { Store } from "../store.ts";
import type { PropertyRecord } from "../types.ts";
import { answerThroughProxy, createProxySwitch } from "./app-proxy.ts";
import { customisedArt, productArt } from "./art.ts";
import { addLine, cookies, cartJson, countOf, createCarts, itemJson, type Cart, type Carts } from "./cart.ts";
import { addressFromForm, cartPage, checkoutPage, statusPage, statusPart } from "./checkout-page.ts";
import { homePage, productPage } from "./product-page.ts";
import { samplePhoto, samplePhotoPath } from "./sample-photo.ts";
import { cdnFile } from "./themes/files.ts";
import { cartDrawer, themedCart, themedLanding, themedList, themedProduct } from "./themes/pages.ts";
import { createUploads, type Uploads } from "./uploads.ts";

interface Visit {
  asked: Asked;
  shop: ShopHandle;
  store: Store;
  cart: Cart;
  carts: Carts;
  uploads: Uploads;
}

/** Answers every address that nothing else in the server took. */
export function storefront(world: World) {
  const carts = createCarts();
  const uploads = createUploads();
  const proxySwitch = createProxySwitch();
  return async (asked: Asked, shop: ShopHandle): Promise<Reply> => {
    const early =
      cdnFile(asked) ??
      proxySwitch.answer(asked) ??
      (await answerThroughProxy(world, { asked, shop: shop.shop, mostBytes: proxySwitch.mostBytes() }));
    if (early) return early;
    const visit: Visit = { asked, shop, store: shop.store, cart: carts.of(asked), carts, uploads };
    const reply = asked.method === "POST" ? await change(visit) : await show(visit);
    return { ...reply, headers: { ...cookies(visit.cart, shop.shop), ...reply.headers } };
  };
}

async function show(visit: Visit): Promise<Reply> {
  const { asked, store, cart, uploads } = visit;
  const inCart = countOf(cart);
  const [, first = "", second = ""] = asked.path.split("/");
  switch (first) {
    case "":
      return homePage(store, inCart);
    case "products":
      return productReply(visit, second);
    case "collections":
      return themedList(visit);
    case "pages":
      return themedLanding(visit);
    case "cart.js":
    case "cart.json":
      return json(cartJson(store, cart));
    case "cart":
      return cartReply(visit);
    case "checkout":
      return cart.lines.length > 0 ? checkoutPage(store, cart) : redirect("/cart");
    case "orders":
      return orderReply(store, { asked, token: second, inCart });
    case "cdn":
      return picture(asked);
    case "s":
      return uploads.read(asked.path) ?? notFound("There is no such file.");
    default:
      return notFound("There is no such page.");
  }
}

// The kit's page has the app's block, as in a shop that uses it; `?plain=1` is the page of a shop that does not, and
// `?theme=…` shows any product in a theme's structure.
function productReply(visit: Visit, name: string): Reply | Promise<Reply> {
  const { asked, store, cart } = visit;
  const { searchParams } = asked.url;
  const handle = name.replace(/\.js$/, "");
  const product = [...store.products.values()].find((one) => one.handle === handle);
  if (!product) return notFound("There is no such product.");
  const isPlain = searchParams.has("plain") || product.form !== "photo";
  if (!isPlain || searchParams.has("theme")) return themedProduct(visit, product);
  return productPage(store, product, {
    inCart: countOf(cart),
    samplePhoto: new URL(samplePhotoPath, asked.url).href,
    variantId: searchParams.get("variant"),
  });
}

function cartReply(visit: Visit): Reply | Promise<Reply> {
  const { searchParams } = visit.asked.url;
  if (searchParams.has("section_id")) return cartDrawer(visit);
  return searchParams.has("theme") ? themedCart(visit) : cartPage(visit.store, visit.cart);
}

function orderReply(store: Store, of: { asked: Asked; token: string; inCart: number }): Reply {
  const order = [...store.orders.values()].find((one) => one.token === of.token);
  if (!order) return notFound("There is no such order.");
  if (!of.asked.url.searchParams.has("part")) return statusPage(store, order, of.inCart);
  return { status: 200, body: statusPart(store, order), type: "text/html; charset=utf-8" };
}

function picture(asked: Asked): Reply {
  if (asked.path === samplePhotoPath) return { status: 200, body: samplePhoto(), type: "image/jpeg" };
  const handle = /^\/cdn\/products\/([\w-]+)\.svg$/.exec(asked.path)?.[1];
  const { searchParams } = asked.url;
  const svg = handle
    ? productArt(handle)
    : customisedArt(searchParams.get("town") ?? "", searchParams.get("words") ?? "");
  return { status: 200, body: svg, type: "image/svg+xml", headers: { "cache-control": "max-age=3600" } };
}

async function change(visit: Visit): Promise<Reply> {
  const { asked, cart, store, carts } = visit;
  switch (asked.path) {
    case "/cart/add":
    case "/cart/add.js":
      return add(visit);
    case "/cart/buy-now":
      return buyNow(visit);
    case "/cart/change":
    case "/cart/change.js":
      setQuantity(cart, await pairs(visit));
      return asked.path.endsWith(".js") ? json(cartJson(store, cart)) : redirect("/cart");
    case "/cart/clear.js":
    case "/cart/clear":
      carts.empty(cart);
      return json(cartJson(store, cart));
    case "/checkout":
      return pay(visit);
    default:
      return notFound("There is no such page.");
  }
}

/** Form posts, multipart ones with uploads, and JSON `{id, quantity, properties}` or `{items: […]}`. */
async function add(visit: Visit): Promise<Reply> {
  const { asked, cart, store } = visit;
  const wantsJson = asked.path.endsWith(".js") || String(asked.headers.accept).includes("application/json");
  try {
    const lines = String(asked.headers["content-type"]).includes("json")
      ? linesFromJson(JSON.parse(asked.body.toString("utf8")))
      : [lineFromPairs(await pairs(visit))];
    const added = lines.map((line) => addLine(store, cart, line));
    const [one] = added;
    if (!wantsJson) return redirect("/cart");
    return json(
      one && added.length === 1
        ? itemJson(store, one)
        : { items: added.map((line) => itemJson(store, line)) },
    );
  } catch (error) {
    const description = error instanceof Error ? error.message : "failed";
    return wantsJson
      ? json({ status: 422, message: "Cart Error", description }, 422)
      : notFound(escape(description));
  }
}

// A dynamic checkout button makes a checkout of this one line; here it takes the place of the cart.
async function buyNow(visit: Visit): Promise<Reply> {
  const { cart, carts, store } = visit;
  const line = lineFromPairs(await pairs(visit));
  carts.empty(cart);
  addLine(store, cart, line);
  return redirect("/checkout");
}

interface Wanted {
  variantId: string;
  quantity: number;
  properties: PropertyRecord[];
}

function lineFromPairs(form: [string, string][]): Wanted {
  const field = (name: string) => form.find(([key]) => key === name)?.[1];
  const properties = form.flatMap(([key, value]) => {
    const name = /^properties\[(.+)\]$/s.exec(key)?.[1];
    return name ? [{ name, value }] : [];
  });
  return {
    variantId: field("id") ?? "",
    quantity: Math.max(1, Number(field("quantity") ?? 1) || 1),
    properties,
  };
}

function linesFromJson(body: unknown): Wanted[] {
  const one = body as {
    id?: unknown;
    quantity?: unknown;
    properties?: Record<string, unknown>;
    items?: unknown[];
  };
  if (Array.isArray(one.items)) return one.items.flatMap(linesFromJson);
  return [
    {
      variantId: String(one.id ?? ""),
      quantity: Math.max(1, Number(one.quantity ?? 1) || 1),
      properties: Object.entries(one.properties ?? {}).map(([name, value]) => ({
        name,
        value: typeof value === "number" ? value : String(value ?? ""),
      })),
    },
  ];
}

function setQuantity(cart: Cart, form: [string, string][]): void {
  const field = (name: string) => form.find(([key]) => key === name)?.[1];
  const line = cart.lines.find((one) => one.key === field("id") || one.variantId === field("id"));
  const quantity = Number(field("quantity") ?? 0);
  if (line && quantity > 0) line.quantity = quantity;
  else cart.lines = cart.lines.filter((one) => one !== line);
}

/** Names and values of any body a cart endpoint takes; a file becomes the address it was kept under. */
async function pairs({ asked, uploads, store }: Visit): Promise<[string, string][]> {
  const type = String(asked.headers["content-type"]);
  if (type.includes("json")) {
    const body = JSON.parse(asked.body.toString("utf8")) as Record<string, unknown>;
    return Object.entries(body).map(([name, value]) => [name, String(value)]);
  }
  if (!type.startsWith("multipart/")) return [...formOf(asked)];
  const form = await new Response(new Uint8Array(asked.body), {
    headers: { "content-type": type },
  }).formData();
  const read: [string, string][] = [];
  for (const [name, value] of form) {
    if (typeof value === "string") read.push([name, value]);
    else if (value.size > 0) read.push([name, await uploads.keep(store.shopId, value)]);
  }
  return read;
}

async function pay({ asked, shop, cart, carts }: Visit): Promise<Reply> {
  if (cart.lines.length === 0) return redirect("/cart");
  const form = formOf(asked);
  const order = await shop.createOrder({
    lines: cart.lines.map(({ variantId, quantity, properties }) => ({ variantId, quantity, properties })),
    email: form.get("email") || null,
    note: form.get("note") || null,
    test: form.has("test"),
    shippingAddress: addressFromForm(form),
    financialStatus: form.get("payment") === "later" ? "pending" : "paid",
  });
  carts.empty(cart);
  return redirect(`/orders/${order.token}`);
}
