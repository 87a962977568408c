// Which admin page answers which address under /store/{shop}: home, orders, products, settings, and the app.
import { readFileSync } from "node:fs";
import { escape, json, notFound, redirect, type Asked, type Reply } from "../http.ts";
import { gid, money } from "../ids.ts";
import type { World } from "../index.ts";
import type { ShopHandle } from "../shop.ts";
import { pictureOf, type Store } from "../store.ts";
import type { ProductRecord } from "../types.ts";
import { handleOf } from "./handle.ts";
import { adminPage } from "./look.ts";
import { orderDeed, orderPage, ordersPage } from "./order-pages.ts";

const script = (path: string) => readFileSync(new URL(path, import.meta.url), "utf8");
const appBridge = `${script("../app-bridge.js")}\n${script("../app-bridge-elements.js")}`;
const frameScript = script("frame.js");

/** Answers everything under /store/… and the two scripts; null for any other address. */
export function adminPages(world: World) {
  return async (asked: Asked): Promise<Reply | null> => {
    if (asked.path === "/app-bridge.js") return javascript(appBridge);
    if (asked.path === "/admin-frame.js") return javascript(frameScript);
    const match = /^\/store\/([\w-]+)(\/.*)?$/.exec(asked.path);
    if (!match?.[1]) return null;
    const shop = world.local.shops().find((one) => handleOf(one.shop) === match[1]);
    if (!shop) return notFound("There is no such shop here.");
    return inAdmin(world, shop, { asked, rest: match[2] ?? "/" });
  };
}

function javascript(body: string): Reply {
  return {
    status: 200,
    body,
    type: "text/javascript; charset=utf-8",
    headers: { "cache-control": "no-store" },
  };
}

async function inAdmin(
  world: World,
  shop: ShopHandle,
  { asked, rest }: { asked: Asked; rest: string },
): Promise<Reply> {
  const [, area = "", id = "", deed = ""] = rest.split("/");
  if (area === "orders") {
    if (asked.method === "POST") return orderDeed(shop, asked, { id, deed });
    return id ? orderPage(shop, id) : ordersPage(shop);
  }
  switch (area) {
    case "":
      return homePage(world, shop);
    case "products":
      return id ? redirect(`/products/${handleOfProduct(shop.store, id)}`) : productsPage(shop);
    case "apps":
      return appPage(world, shop, { asked, rest });
    case "id-token":
      return json({ token: shop.sessionToken() });
    case "picker":
      return json(pickable(shop.store, asked.url.searchParams.get("type") ?? "product"));
    case "settings":
      return settings(world, shop, asked);
    default:
      return notFound("This part of Shopify's admin is not in the sandbox.");
  }
}

function frameOf(shop: ShopHandle) {
  return { handle: handleOf(shop.shop), shopName: shop.store.shopName };
}

function homePage(world: World, shop: ShopHandle): Reply {
  const deliveries = world.local.deliveries().filter((one) => one.shop === shop.shop);
  const waiting = deliveries.filter((one) => one.state === "waiting").length;
  const last = deliveries.slice(-15).reverse();
  const rows = last.map(
    (one) =>
      `<tr><td>${escape(one.topic)}</td><td><span class="badge ${one.state === "delivered" ? "good" : one.state === "waiting" ? "warn" : ""}">${escape(one.state)}</span></td><td>${one.tries.map((each) => escape(each.status ?? each.error)).join(", ")}</td></tr>`,
  );
  const body = `<h1>${escape(shop.store.shopName)}</h1>
<div class="card"><p>${shop.store.orders.size} orders, ${shop.store.fulfillments.size} fulfillments, ${deliveries.length} webhooks, ${waiting} of them waiting for another try.</p>
<p><a class="button" href="/">Open the online store</a> <a class="button" href="/store/${handleOf(shop.shop)}/apps/makerlane/app">Open Makerlane</a></p></div>
<div class="card"><h2>Last webhooks</h2><table><tbody>${rows.join("")}</tbody></table></div>`;
  return adminPage({ ...frameOf(shop), title: "Home", body, at: "home" });
}

function productsPage(shop: ShopHandle): Reply {
  const rows = [...shop.store.products.values()].map(
    (product) =>
      `<tr><td><a href="/products/${escape(product.handle)}">${escape(product.title)}</a></td><td>${escape(product.vendor)}</td><td>${product.variants.map((one) => `<p class="soft">${escape(one.title)} · ${escape(one.sku)} · ${money(one.priceMinor)} · ${one.id}</p>`).join("")}</td></tr>`,
  );
  const body = `<h1>Products</h1><div class="card"><table><tbody>${rows.join("")}</tbody></table></div>`;
  return adminPage({ ...frameOf(shop), title: "Products", body, at: "products" });
}

function handleOfProduct(store: Store, id: string): string {
  return store.products.get(id)?.handle ?? id;
}

/** The app in its frame. What follows /apps/makerlane is the app's own path; `?direct=1` skips the pass-through. */
function appPage(world: World, shop: ShopHandle, { asked, rest }: { asked: Asked; rest: string }): Reply {
  shop.install();
  const { local } = world;
  const base = `/store/${handleOf(shop.shop)}`;
  const appBase = `${base}/apps/makerlane`;
  const direct = asked.url.searchParams.has("direct");
  const path = rest.replace(/^\/apps\/[\w-]+/, "") || "/";
  const target = new URL(path, direct ? world.appUrl() : local.appProxyUrl);
  for (const [name, value] of asked.url.searchParams)
    if (name !== "direct") target.searchParams.append(name, value);
  target.searchParams.set("embedded", "1");
  target.searchParams.set("shop", shop.shop);
  target.searchParams.set(
    "host",
    Buffer.from(`admin.shopify.com${base}`).toString("base64").replace(/=+$/, ""),
  );
  target.searchParams.set("locale", "en");
  target.searchParams.set("id_token", shop.sessionToken());
  const settingsJson = JSON.stringify({ base, appBase, scopes: local.config.scopes }).replaceAll(
    "<",
    "\\u003c",
  );
  const body = `<div class="app-bar"><strong>Makerlane</strong><span id="title"></span><div id="title-actions"></div></div>
<iframe id="app" name="app-iframe" title="Makerlane" data-src="${escape(target.href)}" allow="clipboard-write"></iframe>`;
  return adminPage({
    ...frameOf(shop),
    title: "Makerlane",
    body,
    at: "app",
    wide: true,
    script: `<script type="application/json" id="settings">${settingsJson}</script><script type="module" src="/admin-frame.js"></script>`,
  });
}

async function settings(world: World, shop: ShopHandle, asked: Asked): Promise<Reply> {
  if (asked.method === "POST") {
    await shop.uninstall();
    return redirect(`/store/${handleOf(shop.shop)}/settings`);
  }
  const { local } = world;
  const body = `<h1>Settings</h1><div class="card"><h2>Apps</h2><p>Makerlane, access: ${escape(local.config.scopes.join(", "))}</p>
<form method="post"><button class="critical">Uninstall Makerlane</button></form>
<p class="soft">Opening the app again installs it again.</p></div>`;
  return adminPage({ ...frameOf(shop), title: "Settings", body, at: "settings" });
}

/** What the resource picker lists: the words to search in, the label, and what the app gets. */
function pickable(store: Store, type: string) {
  const products = [...store.products.values()].map((product) => ({
    product,
    payload: productPayload(store, product),
  }));
  if (type !== "variant") {
    return products.map(({ product, payload }) => ({
      id: payload.id,
      label: product.title,
      search: `${product.title} ${product.variants.map((one) => one.sku).join(" ")}`.toLowerCase(),
      payload,
    }));
  }
  return products.flatMap(({ product, payload }) =>
    payload.variants.map((variant) => ({
      id: variant.id,
      label: `${product.title}, ${variant.title}`,
      search: `${product.title} ${variant.title} ${variant.sku}`.toLowerCase(),
      payload: { ...variant, product: { id: payload.id, title: product.title } },
    })),
  );
}

function productPayload(store: Store, product: ProductRecord) {
  return {
    id: gid("Product", product.id),
    title: product.title,
    handle: product.handle,
    vendor: product.vendor,
    productType: product.productType,
    status: product.status.toUpperCase(),
    tags: product.tags,
    totalVariants: product.variants.length,
    hasOnlyDefaultVariant: false,
    images: [
      {
        id: gid("ProductImage", `9${product.id.slice(-10)}`),
        originalSrc: pictureOf(store, product),
        altText: product.title,
      },
    ],
    variants: product.variants.map((variant) => ({
      id: gid("ProductVariant", variant.id),
      title: variant.title,
      displayName: `${product.title} - ${variant.title}`,
      sku: variant.sku,
      price: money(variant.priceMinor),
      position: variant.position,
      product: { id: gid("Product", product.id) },
    })),
  };
}
