import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished, test } from "vitest";
import { defaultConfig } from "#sandbox/shopify/subscriptions.ts";
import { openPage } from "./browser.ts";
import { openShop } from "./world.ts";

interface SmallApp {
  url: string;
  /** Where App Bridge comes from; known only once the shop runs. */
  appBridge: string;
  calls: { path: string; authorization: string | undefined }[];
  refuseNext: boolean;
}

/** A page as an embedded app serves it: with App Bridge, a menu, a title bar, a form and Shopify's CSP. */
async function openApp(): Promise<SmallApp> {
  const app: SmallApp = { url: "", appBridge: "", calls: [], refuseNext: false };
  const server = createServer((request, response) => {
    const { authorization } = request.headers;
    const path = request.url ?? "";
    app.calls.push({ path, authorization });
    if (path.startsWith("/data")) {
      if (app.refuseNext) response.writeHead(401, { "X-Shopify-Retry-Invalid-Session-Request": "1" });
      app.refuseNext = false;
      response.end("{}");
      return;
    }
    response.writeHead(200, {
      "content-type": "text/html",
      "content-security-policy": "frame-ancestors https://demo.myshopify.com https://admin.shopify.com;",
      link: "<https://cdn.shopify.com/shopifycloud/app-bridge.js>; rel=preload; as=script",
    });
    response.end(`<!doctype html><script src="${app.appBridge}" data-api-key="key"></script>
<ui-nav-menu><a href="/app" rel="home">Home</a><a href="/app/vendors">Vendors</a></ui-nav-menu>
<ui-title-bar title="Small app"><button variant="primary" onclick="shopify.toast.show('Done')">Do it</button></ui-title-bar>
<h1>${path.split("?")[0] ?? ""}</h1>
<form data-save-bar onsubmit="event.preventDefault(); document.title = 'saved'"><input aria-label="Name"></form>
<button onclick="fetch('/data').then((response) => document.title = 'data ' + response.status)">Load</button>
<button onclick="shopify.resourcePicker({ type: 'variant' }).then((chosen) => document.title = chosen ? chosen[0].id : 'nothing')">Pick</button>
<a href="shopify:admin/orders">Orders in Shopify</a>
<script>addEventListener("shopify:navigate", (event) => { document.querySelector("h1").textContent = "moved to " + event.target.getAttribute("href"); });</script>`);
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  app.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return app;
}

async function openAdmin() {
  const app = await openApp();
  const shop = await openShop({ deliver: false, config: defaultConfig, appUrl: app.url });
  app.appBridge = `${shop.url}/app-bridge.js`;
  const { page, problems } = await openPage();
  await page.goto(`${shop.adminUrl}/apps/makerlane/app/orders?state=held`);
  const inside = page.frameLocator("#app");
  await inside.getByRole("heading").waitFor();
  const frame = page.frames()[1];
  if (!frame) throw new Error("the app's frame did not load");
  return { app, shop, page, inside, frame, problems };
}

test("The app opens in the admin at a deep address, knowing its shop, with menu and title in the admin's frame", async () => {
  const { app, page, inside, problems } = await openAdmin();

  expect(await inside.getByRole("heading").textContent()).toBe("/app/orders");
  const asked = new URL(app.calls[0]?.path ?? "", app.url).searchParams;
  expect(asked.get("state")).toBe("held");
  expect(asked.get("shop")).toBe("demo.myshopify.com");
  expect(Buffer.from(asked.get("host") ?? "", "base64").toString()).toBe("admin.shopify.com/store/demo");
  expect(asked.get("id_token")?.split(".")).toHaveLength(3);
  await page.getByRole("link", { name: "Vendors" }).waitFor();
  await page.getByText("Small app").waitFor();
  expect(page.url()).toMatch(/\/store\/demo\/apps\/makerlane\/app\/orders\?state=held$/);
  expect(problems).toEqual([]);
});

test("Menu items of the admin move the app without loading it again", async () => {
  const { app, page, inside } = await openAdmin();

  await page.getByRole("link", { name: "Vendors" }).click();

  await inside.getByText("moved to /app/vendors").waitFor();
  expect(app.calls).toHaveLength(1);
});

test("A title bar button and its toast reach the app and the merchant", async () => {
  const { page } = await openAdmin();

  await page.getByRole("button", { name: "Do it" }).click();

  await page.getByText("Done", { exact: true }).waitFor();
});

test("Calls to the app carry a session token, and a stale one is renewed once", async () => {
  const { app, inside, frame } = await openAdmin();
  app.refuseNext = true;

  await inside.getByRole("button", { name: "Load" }).click();
  await frame.waitForFunction(() => document.title === "data 200");

  const calls = app.calls.filter(({ path }) => path === "/data");
  expect(calls).toHaveLength(2);
  expect(calls.every(({ authorization }) => authorization?.startsWith("Bearer "))).toBe(true);
});

test("A changed form shows Save and Discard, and leaving asks first", async () => {
  const { page, inside, frame } = await openAdmin();
  await inside.getByLabel("Name").fill("Rosa");

  await page.getByRole("link", { name: "Vendors" }).click();
  await page.getByRole("button", { name: "Stay" }).click();
  expect(await inside.getByRole("heading").textContent()).toBe("/app/orders");

  await page.getByRole("button", { name: "Save", exact: true }).click();
  await frame.waitForFunction(() => document.title === "saved");
  expect(await page.getByText("Unsaved changes").isVisible()).toBe(false);
});

test("The picker gives the app what was chosen, or nothing when it was closed", async () => {
  const { page, inside, frame, shop } = await openAdmin();

  await inside.getByRole("button", { name: "Pick" }).click();
  await page.getByRole("button", { name: "Cancel" }).click();
  await frame.waitForFunction(() => document.title === "nothing");

  await inside.getByRole("button", { name: "Pick" }).click();
  await page.getByLabel("Search").fill("two-part");
  await page.getByLabel("Two-part ring with a setting, 54").check();
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const id = [...shop.store.variants.values()].find((one) => one.sku === "RING-2P-54")?.id ?? "";
  await frame.waitForFunction((gid) => document.title === gid, `gid://shopify/ProductVariant/${id}`);
});

test("A link into Shopify's admin leaves the app for it, where a merchant can cancel an order", async () => {
  const { page, inside, shop } = await openAdmin();
  const order = await shop.checkout({ lines: [{ sku: "MAP-A3" }] });

  await inside.getByRole("link", { name: "Orders in Shopify" }).click();
  await page.getByRole("link", { name: order.name }).click();
  await page.getByRole("button", { name: "Refund one" }).click();
  await page.getByRole("button", { name: "Cancel, keep the money" }).click();
  await page.getByText("Cancelled", { exact: true }).waitFor();

  expect(order).toMatchObject({ cancelReason: "customer", lines: [{ currentQuantity: 0 }] });
});
