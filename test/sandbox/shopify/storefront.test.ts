import { expect, test } from "vitest";
import { defaultConfig } from "#sandbox/shopify/subscriptions.ts";
import { setMetafields } from "#sandbox/shopify/admin-api/metafield-node.ts";
import { proxySignature } from "#sandbox/shopify/storefront/app-proxy.ts";
import { openPage } from "./browser.ts";
import { openDoor, openShop } from "./world.ts";

const quiet = { deliver: false, config: defaultConfig };

test("A shopper designs a print, pays, and watches the parcel leave", async () => {
  const shop = await openShop(quiet);
  const { page, problems } = await openPage();

  await page.goto(`${shop.url}/products/custom-map-print`);
  await page.getByText("A2", { exact: true }).click();
  await page.getByLabel("Town").fill("Łódź");
  await page.waitForFunction(() => document.body.innerHTML.includes("Łódź</text>"));
  await page.getByRole("button", { name: "Add to cart" }).click();
  await page.getByRole("link", { name: "Check out" }).click();
  await page.getByLabel("City").fill("Salem");
  await page.getByLabel("Company").fill("");
  await page.getByRole("button", { name: "Pay now" }).click();
  await page.getByText("Being made").waitFor();

  const [order] = [...shop.store.orders.values()];
  expect(order).toMatchObject({
    financialStatus: "paid",
    shippingAddress: { city: "Salem", company: null },
    lines: [{ sku: "MAP-A2", quantity: 1 }],
  });
  const properties = Object.fromEntries(
    order?.lines[0]?.properties.map((one) => [one.name, one.value]) ?? [],
  );
  expect(properties).toMatchObject({ Town: "Łódź" });
  expect(JSON.parse(decodeURIComponent(String(properties["_template_config"])))).toMatchObject({
    town: "Łódź",
  });
  expect(properties["_thumbnail"]).toMatch(/^https:\/\/demo\.myshopify\.com\/cdn\/customised\.svg/);

  await shop.fulfilByHand(order?.id ?? "", { tracking: { company: "DHL", number: "JD014" } });
  await page.getByText("DHL JD014").waitFor();
  expect(problems).toEqual([]);
});

test("A theme's script adds to the cart and reads it back", async () => {
  const shop = await openShop(quiet);
  const variantId = [...shop.store.variants.values()].find((one) => one.sku === "MAP-A3")?.id;
  const added = await fetch(`${shop.url}/cart/add.js`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ items: [{ id: variantId, quantity: 2, properties: { _ref: "r1", Gift: "" } }] }),
  });
  const cookie = added.headers
    .getSetCookie()
    .map((one) => one.split(";")[0])
    .join("; ");
  const cart = await fetch(`${shop.url}/cart.js`, { headers: { cookie } }).then((response) =>
    response.json(),
  );

  expect(cart).toMatchObject({
    item_count: 2,
    total_price: 7000,
    items: [{ variant_id: Number(variantId), properties: { _ref: "r1" } }],
  });
  const unknown = await fetch(`${shop.url}/cart/add.js`, { method: "POST", body: "id=1" });
  expect(unknown.status).toBe(422);
});

test("A picture uploaded with the line becomes a public address in its property", async () => {
  const shop = await openShop(quiet);
  const form = new FormData();
  form.set("id", [...shop.store.variants.keys()][0] ?? "");
  form.set("properties[Photo]", new File(["picture"], "dog.jpeg", { type: "image/jpeg" }));

  const added = await fetch(`${shop.url}/cart/add.js`, { method: "POST", body: form });
  const item = (await added.json()) as { properties: Record<string, string> };

  expect(item.properties["Photo"]).toMatch(
    /^https:\/\/cdn\.shopify\.com\/s\/files\/1\/\d+\/uploads\/\w{32}\.jpeg$/,
  );
  const kept = await fetch(new URL(new URL(item.properties["Photo"] ?? "").pathname, shop.url));
  expect(await kept.text()).toBe("picture");
});

test("The app proxy signs what Shopify adds, passes the body on and keeps cookies to itself", async () => {
  const door = await openDoor();
  const shop = await openShop({ ...quiet, appUrl: door.url });

  const response = await fetch(`${shop.url}/apps/makerlane/previews?size=40X50&size=30X40`, {
    method: "POST",
    headers: { cookie: "cart=secret", "content-type": "image/jpeg" },
    body: "picture",
  });

  expect(await response.text()).toBe("seen");
  const [received] = door.received;
  const asked = new URL(received?.path ?? "", door.url);
  expect(asked.pathname).toBe("/proxy/previews");
  expect(asked.searchParams.get("shop")).toBe("demo.myshopify.com");
  expect(asked.searchParams.get("path_prefix")).toBe("/apps/makerlane");
  expect(asked.searchParams.get("signature")).toBe(proxySignature(asked.searchParams, shop.apiSecret));
  expect(String(received?.body)).toBe("picture");
  expect(received?.headers.cookie).toBeUndefined();
});

test("The proxy's signature is Shopify's own example", () => {
  // shopify.dev, 'Authenticate app proxies': the query and secret of its worked example.
  const query = new URLSearchParams(
    "extra=1&extra=2&shop=shop-name.myshopify.com&logged_in_customer_id=1&path_prefix=%2Fapps%2Fawesome_reviews&timestamp=1317327555&signature=4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb",
  );

  expect(proxySignature(query, "hush")).toBe(
    "4c68c8624d737112c91818c11017d24d334b524cb5c2b8ba08daa056f7395ddb",
  );
});

test("The photo block reads the proxy's path where the app has written it, and until then takes the usual one", async () => {
  const shop = await openShop(quiet);
  const proxyOf = async () => {
    const page = await fetch(`${shop.url}/products/dot-painting-kit`).then((response) => response.text());
    return /data-proxy="([^"]*)"/.exec(page)?.[1];
  };
  expect(await proxyOf()).toBe("/apps/dot");

  const ownerId = `gid://shopify/AppInstallation/${shop.store.shopId}`;
  const type = "single_line_text_field";
  setMetafields(shop.store, [{ ownerId, namespace: "$app:dot", key: "proxy", type, value: "/tools/photo" }]);

  expect(await proxyOf()).toBe("/tools/photo");
});

test("A theme's page takes its look from the CDN's address, as in a real shop", async () => {
  const shop = await openShop(quiet);
  const page = await fetch(`${shop.url}/products/dot-painting-kit?theme=vintage`).then((one) => one.text());
  const [, href = ""] = /<link rel="stylesheet" href="([^"]*theme\.css)">/.exec(page) ?? [];

  expect(new URL(href).origin).not.toBe(new URL(shop.url).origin);
  const sheet = await fetch(href);
  expect(sheet.headers.get("content-type")).toBe("text/css; charset=utf-8");
  expect(await sheet.text()).toContain("data-cart-count");
  expect(page).not.toContain("<style>");
});

test("Text from orders and carts cannot become a script on a page", async () => {
  const shop = await openShop(quiet);
  const evil = `<img src=x onerror=alert(1)>"'`;
  const order = await shop.checkout({
    lines: [{ sku: "MAP-A3", properties: { [evil]: evil } }],
    note: evil,
    shippingAddress: { city: evil },
    tags: [evil],
  });
  await shop.fulfilByHand(order.id, {
    tracking: { company: evil, number: evil, url: `javascript:alert(1)` },
  });

  for (const path of [`/orders/${order.token}`, `/store/demo/orders/${order.id}`, "/store/demo/orders"]) {
    const text = await fetch(`${shop.url}${path}`).then((response) => response.text());
    expect(text).not.toContain("<img src=x");
    expect(text).not.toMatch(/href="javascript/);
  }
});
