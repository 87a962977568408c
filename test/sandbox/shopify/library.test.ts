// Shopify's own library against the sandbox: what it accepts here it would accept from Shopify.
import "@shopify/shopify-api/adapters/web-api";
import { ApiVersion, RequestedTokenType, shopifyApi } from "@shopify/shopify-api";
import { setAbstractFetchFunc } from "@shopify/shopify-api/runtime";
import { expect, test } from "vitest";
import type { LocalShopify } from "#sandbox/shopify/index.ts";
import { defaultConfig } from "#sandbox/shopify/subscriptions.ts";
import { openDoor, openShop } from "./world.ts";

const quiet = { deliver: false, config: defaultConfig };

/** The library, with its calls to *.myshopify.com sent to the sandbox. */
function libraryFor(shop: LocalShopify) {
  setAbstractFetchFunc((input, init) => {
    const url = new URL(input instanceof Request ? input.url : String(input));
    const headers = new Headers(init?.headers);
    headers.set("x-standin-host", url.hostname);
    return fetch(new URL(`${url.pathname}${url.search}`, shop.url), { ...init, headers });
  });
  return shopifyApi({
    apiKey: shop.apiKey,
    apiSecretKey: shop.apiSecret,
    apiVersion: ApiVersion.October26,
    hostName: "app.example.com",
    isEmbeddedApp: true,
    logger: { log: () => undefined },
  });
}

test("The library turns a session token into a session, refreshes it and reads an order with it", async () => {
  const shop = await openShop(quiet);
  const order = await shop.checkout({ lines: [{ sku: "MAP-A3" }] });
  const library = libraryFor(shop);

  const { session } = await library.auth.tokenExchange({
    shop: shop.shop,
    sessionToken: shop.sessionToken(),
    requestedTokenType: RequestedTokenType.OfflineAccessToken,
    expiring: true,
  });
  const refreshed = await library.auth.refreshToken({
    shop: shop.shop,
    refreshToken: session.refreshToken ?? "",
  });
  const client = new library.clients.Graphql({ session: refreshed.session });
  const { data } = await client.request(`query($id: ID!) { order(id: $id) { name } }`, {
    variables: { id: `gid://shopify/Order/${order.id}` },
  });

  expect(session).toMatchObject({ id: "offline_demo.myshopify.com", isOnline: false });
  expect(session.expires?.getTime()).toBeGreaterThan(Date.now() + 3_500_000);
  expect(refreshed.session.accessToken).not.toBe(session.accessToken);
  expect(data).toEqual({ order: { name: "#1001" } });
});

test("The library waits and asks again when it is throttled", async () => {
  const shop = await openShop(quiet);
  const library = libraryFor(shop);
  const { session } = await library.auth.tokenExchange({
    shop: shop.shop,
    sessionToken: shop.sessionToken(),
    requestedTokenType: RequestedTokenType.OfflineAccessToken,
  });
  const client = new library.clients.Graphql({ session });
  shop.fault({ kind: "429" });

  const { data } = await client.request("{ shop { myshopifyDomain } }", { retries: 1 });

  expect(data).toEqual({ shop: { myshopifyDomain: "demo.myshopify.com" } });
  expect(shop.adminRequests().map(({ status }) => status)).toEqual([429, 200]);
});

test("The library finds the sandbox's webhooks genuine, and changed ones not", async () => {
  const door = await openDoor();
  const shop = await openShop({ config: defaultConfig, appUrl: door.url });
  const library = libraryFor(shop);
  await shop.checkout({ lines: [{ sku: "RING-2P-52" }] });
  await shop.settled();
  const [received] = door.received;
  const headers = new Headers(received?.headers as Record<string, string>);
  const request = () => new Request("https://app.example.com/webhooks", { method: "POST", headers });

  const good = await library.webhooks.validate({ rawBody: String(received?.body), rawRequest: request() });
  const bad = await library.webhooks.validate({
    rawBody: `${String(received?.body)} `,
    rawRequest: request(),
  });

  expect(good).toMatchObject({ valid: true, domain: "demo.myshopify.com" });
  expect(bad.valid).toBe(false);
});
