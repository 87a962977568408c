// Shopify delivers at least once, late and in any order; the vendor must not notice.
import { expect, test } from "vitest";
import { catchUp } from "#app/orders/catch-up.ts";
import { aTown, kitSku } from "#test/support/town.ts";

const town = aTown();

test("G1 the same delivery five times is one order at the vendor", async () => {
  await town.connect("dot");
  const order = await town.shopify.createOrder({ lines: [town.line(kitSku)], financialStatus: "pending" });
  await town.shopify.settled();
  const body = { ...town.shopify.orderAsWebhook(order.id), financial_status: "paid" };
  for (let times = 0; times < 5; times++) {
    await town.shopify.webhook("orders/paid", body, { "X-Shopify-Webhook-Id": "the-same" });
    await town.rest();
  }
  expect(town.dot.ledger()).toHaveLength(1);
});

test("G2 orders/create, orders/paid and orders/updated of one order are one order at the vendor", async () => {
  await town.connect("dot");
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.rest();
  for (const topic of ["orders/updated", "orders/paid", "orders/create"]) {
    await town.shopify.webhook(topic, town.shopify.orderAsWebhook(order.id));
    await town.rest();
  }
  expect(town.dot.ledger()).toHaveLength(1);
  expect(await town.parts(order.id)).toHaveLength(1);
});

test("late news of an unpaid order does not take back that it is paid", async () => {
  await town.connect("dot", { holdMinutes: 30 });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.rest();
  await town.shopify.webhook("orders/create", {
    ...town.shopify.orderAsWebhook(order.id),
    financial_status: "pending",
  });
  await town.rest();
  await town.database.later("31 minutes");
  await town.rest();
  expect(town.dot.ledger()).toHaveLength(1);
});

test("G8 an unpaid order waits, says so, and is sent once when it is paid", async () => {
  await town.connect("dot");
  const order = await town.shopify.createOrder({ lines: [town.line(kitSku)], financialStatus: "pending" });
  await town.rest();
  expect(await town.order(order.id)).toMatchObject({
    status: "waiting",
    sentence: "Waits until Shopify says that it is paid.",
  });
  expect(town.dot.ledger()).toHaveLength(0);

  await town.shopify.markPaid(order.id);
  await town.rest();
  expect(town.dot.ledger()).toHaveLength(1);
});

test("a webhook that holds only the order's number leads to the whole order", async () => {
  await town.connect("dot");
  town.shopify.pointAt("http://127.0.0.1:1");
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.shopify.settled();
  town.shopify.pointAt(town.doorUrl);
  expect(await town.order(order.id)).toBeUndefined();

  await town.shopify.webhook("orders/paid", { id: Number(order.id) });
  await town.rest();
  expect(town.dot.ledger()).toHaveLength(1);
});

test("an order whose webhooks were all lost is found by the regular look at Shopify", async () => {
  await town.connect("dot");
  town.shopify.pointAt("http://127.0.0.1:1");
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.shopify.settled();
  town.shopify.pointAt(town.doorUrl);
  await town.rest();
  expect(await town.order(order.id)).toBeUndefined();

  await town.database.later("15 minutes");
  expect(await catchUp(town.world)).toBeGreaterThan(0);
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }]);
  await town.database.later("15 minutes");
  expect(await catchUp(town.world), "what is known is not asked for again").toBe(0);
});

test("an order whose payment was never told is found although it was paid in the second in which it was placed", async () => {
  await town.connect("dot");
  town.shopify.pointAt("http://127.0.0.1:1");
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.shopify.settled();
  town.shopify.pointAt(town.doorUrl);
  await town.shopify.webhook("orders/create", {
    ...town.shopify.orderAsWebhook(order.id),
    financial_status: "pending",
  });
  await town.rest();
  expect(await town.order(order.id)).toMatchObject({ status: "waiting" });

  await town.database.later("15 minutes");
  expect(await catchUp(town.world)).toBeGreaterThan(0);
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }]);
  await town.database.later("15 minutes");
  expect(await catchUp(town.world), "what is known is not asked for again").toBe(0);
});

test("shops that cannot be looked at keep no other shop from being looked at", async () => {
  await town.connect("dot");
  town.shopify.pointAt("http://127.0.0.1:1");
  await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.shopify.settled();
  town.shopify.pointAt(town.doorUrl);
  await town.database.later("15 minutes");
  await town.database.pool.query(
    `INSERT INTO "Shop" (shop, "catchUpAt") SELECT 'broken-' || n || '.myshopify.com', now() - interval '1 day' FROM generate_series(1, 25) AS n`,
  );
  // A token that nobody can open is a fault of ours, not an answer of Shopify's.
  await town.database.pool.query(
    `INSERT INTO "Session" (id, shop, state, "accessToken") SELECT 'offline_' || shop, shop, '', 'no sealed text' FROM "Shop" WHERE shop LIKE 'broken%'`,
  );
  expect(await catchUp(town.world)).toBeGreaterThan(0);
});

test("G14 a webhook with a bad signature is refused and nothing of it is kept", async () => {
  const refused = await fetch(`${town.doorUrl}/webhooks/orders`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "X-Shopify-Topic": "orders/paid",
      "X-Shopify-Hmac-Sha256": "AAAA",
      "X-Shopify-Shop-Domain": town.shopify.shop,
      "X-Shopify-API-Version": "2026-10",
      "X-Shopify-Webhook-Id": "forged",
    },
    body: JSON.stringify({ id: 1 }),
  });
  expect(refused.status).toBe(401);
  const kept = await town.database.pool.query<{ count: number }>(
    `SELECT count(*)::int AS count FROM "WebhookEvent"`,
  );
  expect(kept.rows[0]?.count).toBe(0);
});
