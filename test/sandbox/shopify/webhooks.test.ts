import { createHmac } from "node:crypto";
import { expect, test } from "vitest";
import { parseToml, defaultConfig, readAppConfig } from "#sandbox/shopify/subscriptions.ts";
import { shopifySchedule } from "#sandbox/shopify/webhooks.ts";
import { clock, openDoor, openShop } from "./world.ts";

const kit = { sku: "DOT/VF/40X50/W/BLACK/STD", properties: { Photo: "https://cdn.example.com/dog.jpg" } };

test("A paid checkout tells the app twice, under one event id and two webhook ids, signed over the bytes that arrive", async () => {
  const door = await openDoor();
  const shop = await openShop({ appUrl: door.url, config: defaultConfig });

  await shop.checkout({ lines: [kit] });
  await shop.settled();

  expect(door.received.map(({ headers }) => headers["x-shopify-topic"]).sort()).toEqual([
    "orders/create",
    "orders/paid",
  ]);
  for (const { headers, body, path } of door.received) {
    const signature = createHmac("sha256", shop.apiSecret).update(body).digest("base64");
    expect(headers["x-shopify-hmac-sha256"]).toBe(signature);
    expect(headers["x-shopify-shop-domain"]).toBe("demo.myshopify.com");
    expect(headers["x-shopify-api-version"]).toBe("2026-10");
    expect(path).toBe("/webhooks/orders");
  }
  expect(new Set(door.received.map(({ headers }) => headers["x-shopify-event-id"])).size).toBe(1);
  expect(new Set(door.received.map(({ headers }) => headers["x-shopify-webhook-id"])).size).toBe(2);
});

test("A webhook the app fails to take comes again with the same id and the same bytes, until it is taken", async () => {
  const door = await openDoor();
  const time = clock();
  const shop = await openShop({ appUrl: door.url, config: defaultConfig, now: time.now });
  door.answer = { status: 503 };
  await shop.webhook("orders/paid", { id: 1 });

  time.pass(30);
  await shop.retryDue();
  expect(door.received).toHaveLength(1);

  time.pass(30);
  door.answer = { status: 200 };
  await shop.retryDue();

  const [first, second] = door.received;
  expect(second?.headers["x-shopify-webhook-id"]).toBe(first?.headers["x-shopify-webhook-id"]);
  expect(second?.body).toEqual(first?.body);
  expect(shop.deliveries()[0]?.state).toBe("delivered");
  time.pass(20_000);
  await shop.retryDue();
  expect(door.received).toHaveLength(2);
});

test("Shopify gives up after eight more tries in four hours", async () => {
  const door = await openDoor();
  const time = clock();
  const shop = await openShop({ appUrl: door.url, config: defaultConfig, now: time.now });
  door.answer = { status: 500 };

  await shop.webhook("orders/paid", { id: 1 });
  for (const seconds of shopifySchedule) {
    time.pass(seconds);
    await shop.retryDue();
  }

  expect(shop.deliveries()[0]).toMatchObject({ state: "given-up", nextTryAt: null });
  expect(door.received).toHaveLength(9);
  expect(shopifySchedule.reduce((sum, one) => sum + one, 0)).toBe(4 * 3600);
});

test("A redirect is a failure and is not followed", async () => {
  const door = await openDoor();
  const shop = await openShop({ appUrl: door.url, config: defaultConfig });
  door.answer = { status: 302, headers: { location: "/elsewhere" } };

  const delivery = await shop.webhook("orders/paid", { id: 1 });

  expect(delivery.state).toBe("waiting");
  expect(door.received.map(({ path }) => path)).toEqual(["/webhooks/orders"]);
});

test("An app that is not there is a failed try, not a crash", async () => {
  const shop = await openShop({ appUrl: "http://127.0.0.1:1", config: defaultConfig });

  const delivery = await shop.webhook("orders/paid", { id: 1 });

  expect(delivery.tries[0]).toMatchObject({ status: null });
  expect(delivery.state).toBe("waiting");
});

test("Ids that a JavaScript number cannot hold arrive with every digit", async () => {
  const door = await openDoor();
  const shop = await openShop({
    appUrl: door.url,
    config: defaultConfig,
    orderIdsFrom: "9007199254740993",
  });

  const order = await shop.checkout({ lines: [{ sku: "RING-2P-52" }] });
  await shop.settled();

  const text = String(door.received[0]?.body);
  expect(order.id).toBe("9007199254740993");
  expect(text).toContain('"id":9007199254740993,');
  expect(text).toContain('"product_id":9007199254740993,');
  expect(text).toContain('"variant_id":9007199254740995,');
});

test("While a secret is being rotated the oldest one still signs", async () => {
  const door = await openDoor();
  const shop = await openShop({ appUrl: door.url, config: defaultConfig, previousSecrets: ["older"] });

  await shop.webhook("orders/paid", { id: 1 });

  const [received] = door.received;
  const signature = createHmac("sha256", "older")
    .update(received?.body ?? "")
    .digest("base64");
  expect(received?.headers["x-shopify-hmac-sha256"]).toBe(signature);
});

test("With delivery switched off webhooks only collect", async () => {
  const door = await openDoor();
  const shop = await openShop({ appUrl: door.url, config: defaultConfig, deliver: false });

  await shop.checkout({ lines: [kit] });
  await shop.settled();

  expect(door.received).toEqual([]);
  expect(shop.deliveries().map(({ state }) => state)).toEqual(["collected", "collected"]);
});

test("A subscription may ask for a few fields only, and keeps the digits of ids", async () => {
  const door = await openDoor();
  const subscriptions = [
    { topic: "orders/paid", path: "/in", includeFields: ["id", "line_items.id"], name: "few" },
  ];
  const shop = await openShop({
    appUrl: door.url,
    config: { ...defaultConfig, subscriptions },
    orderIdsFrom: "9007199254740993",
  });

  await shop.checkout({ lines: [kit] });
  await shop.settled();

  expect(String(door.received[0]?.body)).toMatch(/^\{"id":9007199254740993,"line_items":\[/);
  expect(door.received[0]?.headers["x-shopify-name"]).toBe("few");
});

test("Topics, paths, scopes and the app proxy are read from the app's toml", () => {
  const sections = parseToml(`
client_id = "x" # a comment
[access_scopes]
scopes = "read_orders,write_orders"
[webhooks]
api_version = "2026-10"
  [[webhooks.subscriptions]]
  topics = [
    "orders/paid", # the trigger
    "orders/edited",
  ]
  uri = "/webhooks/orders"
  [[webhooks.subscriptions]]
  compliance_topics = ["shop/redact"]
  uri = "/webhooks/privacy"
[app_proxy]
url = "https://app.example.com/proxy#not-a-comment"
`);

  expect(sections).toEqual([
    { name: "", values: { client_id: "x" } },
    { name: "access_scopes", values: { scopes: "read_orders,write_orders" } },
    { name: "webhooks", values: { api_version: "2026-10" } },
    {
      name: "webhooks.subscriptions",
      values: { topics: ["orders/paid", "orders/edited"], uri: "/webhooks/orders" },
    },
    {
      name: "webhooks.subscriptions",
      values: { compliance_topics: ["shop/redact"], uri: "/webhooks/privacy" },
    },
    { name: "app_proxy", values: { url: "https://app.example.com/proxy#not-a-comment" } },
  ]);
  expect(readAppConfig("/nowhere/shopify.app.toml")).toBe(defaultConfig);
});
