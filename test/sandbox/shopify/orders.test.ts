import { expect, test } from "vitest";
import { defaultConfig } from "#sandbox/shopify/subscriptions.ts";
import type { LocalShopify } from "#sandbox/shopify/index.ts";
import { openShop } from "./world.ts";

const lines = [
  { sku: "DOT/VF/40X50/W/BLACK/STD", quantity: 2 },
  { sku: "MAP-A3", quantity: 1 },
];

const quiet = { deliver: false, config: defaultConfig };

function bodies(shop: LocalShopify, topic: string): unknown[] {
  return shop
    .deliveries()
    .filter((one) => one.topic === topic)
    .map((one) => JSON.parse(one.body) as unknown);
}

test("Removing pieces by an edit lowers what is left to ship and sends a delta, not an order", async () => {
  const shop = await openShop(quiet);
  const order = await shop.checkout({ lines });
  const lineId = order.lines[0]?.id ?? "";

  await shop.editOrder(order.id, { remove: [{ lineId, quantity: 1 }], add: [{ sku: "TEE-M" }] });

  const [edited] = bodies(shop, "orders/edited") as [{ order_edit: Record<string, unknown> }];
  expect(edited.order_edit["line_items"]).toEqual({
    additions: [{ id: Number(order.lines[2]?.id), delta: 1 }],
    removals: [{ id: Number(lineId), delta: 1 }],
  });
  expect(shop.orderAsWebhook(order.id)).toMatchObject({
    line_items: [{ quantity: 2, current_quantity: 1, fulfillable_quantity: 1 }, {}, { quantity: 1 }],
  });
  const parts = shop.store.fulfillmentOrdersOf.get(order.id) ?? [];
  expect(parts.map((part) => part.lines.map((line) => line.totalQuantity))).toEqual([[1, 1], [1]]);
});

test("A refund that restocks nothing leaves the pieces to be shipped; one that cancels takes them out", async () => {
  const shop = await openShop(quiet);
  const order = await shop.checkout({ lines });
  const [kit, print] = order.lines.map((line) => line.id);

  await shop.refundOrder(order.id, {
    lines: [{ lineId: kit ?? "", quantity: 1, restockType: "no_restock" }],
  });
  await shop.refundOrder(order.id, { lines: [{ lineId: print ?? "", quantity: 1, restockType: "cancel" }] });

  expect(shop.orderAsWebhook(order.id)).toMatchObject({
    financial_status: "partially_refunded",
    line_items: [
      { current_quantity: 1, fulfillable_quantity: 2 },
      { current_quantity: 0, fulfillable_quantity: 0 },
    ],
  });
  expect(bodies(shop, "refunds/create")).toMatchObject([
    { refund_line_items: [{ restock_type: "no_restock", quantity: 1 }] },
    { refund_line_items: [{ restock_type: "cancel", quantity: 1 }] },
  ]);
});

test("An order cancelled with its money given back has nothing left, and says so twice", async () => {
  const shop = await openShop(quiet);
  const order = await shop.checkout({ lines });

  await shop.cancelOrder(order.id, "customer", { refund: true });

  expect(shop.store.fulfillmentOrdersOf.get(order.id)).toMatchObject([
    { status: "CLOSED", lines: [{ totalQuantity: 0, remainingQuantity: 0 }, { remainingQuantity: 0 }] },
  ]);
  expect(bodies(shop, "orders/cancelled")).toMatchObject([
    { financial_status: "refunded", line_items: [{ current_quantity: 0, fulfillable_quantity: 0 }, {}] },
  ]);
  expect(bodies(shop, "refunds/create")).toHaveLength(1);
});

test("An order cancelled without a refund closes and keeps its remaining quantity", async () => {
  const shop = await openShop(quiet);
  const order = await shop.checkout({ lines });

  await shop.cancelOrder(order.id, "fraud");

  expect(shop.store.fulfillmentOrdersOf.get(order.id)).toMatchObject([
    { status: "CLOSED", lines: [{ remainingQuantity: 2 }, { remainingQuantity: 1 }] },
  ]);
  expect(bodies(shop, "orders/cancelled")).toMatchObject([
    { cancel_reason: "fraud", financial_status: "paid", line_items: [{ fulfillable_quantity: 2 }, {}] },
  ]);
});

test("An unpaid order waits for its payment", async () => {
  const shop = await openShop(quiet);
  const order = await shop.createOrder({ lines, financialStatus: "pending" });
  expect(bodies(shop, "orders/paid")).toEqual([]);

  await shop.markPaid(order.id);

  expect(bodies(shop, "orders/create")).toMatchObject([{ financial_status: "pending" }]);
  expect(bodies(shop, "orders/paid")).toMatchObject([{ financial_status: "paid" }]);
});

test("Gift cards and tips are never shipped", async () => {
  const shop = await openShop(quiet);
  const card = [...shop.store.variants.values()].find((one) => !one.requiresShipping)?.id;

  const order = await shop.checkout({ lines: [{ variantId: card }, { title: "Tip", priceMinor: 300 }] });

  expect(shop.store.fulfillmentOrdersOf.get(order.id)).toBeUndefined();
  expect(shop.orderAsWebhook(order.id)).toMatchObject({
    shipping_lines: [],
    line_items: [
      { gift_card: true, requires_shipping: false, fulfillable_quantity: 0 },
      { variant_id: null, product_id: null, title: "Tip" },
    ],
  });
});

test("An order may come without an address, as from a till", async () => {
  const shop = await openShop(quiet);

  const order = await shop.checkout({ lines, shippingAddress: null, email: null, sourceName: "pos" });

  expect(shop.orderAsWebhook(order.id)).toMatchObject({
    shipping_address: null,
    billing_address: null,
    customer: null,
    source_name: "pos",
  });
});

test("Properties arrive as the shopper typed them, repeated names and numbers included", async () => {
  const shop = await openShop(quiet);
  const properties = [
    { name: "Colour", value: "Red" },
    { name: "Colour", value: "Blue\r\n" },
    { name: "_template_config", value: "%7B%22a%22%3A1%7D" },
    { name: "Copies", value: 2 },
  ];

  const order = await shop.checkout({ lines: [{ sku: "MAP-A2", properties }] });

  expect(shop.orderAsWebhook(order.id)).toMatchObject({ line_items: [{ properties }] });
});

test("Every id in a webhook is a bare number", async () => {
  const shop = await openShop(quiet);
  const order = await shop.checkout({ lines });

  expect(JSON.stringify(shop.orderAsWebhook(order.id))).not.toMatch(/"(id|\w+_id)":"\d+"/);
});

test("The shops of one server share no id", async () => {
  const shop = await openShop({ ...quiet, shops: ["one.myshopify.com", "two.myshopify.com"] });
  const [one, two] = shop.shops();

  const first = await one?.checkout({ lines });
  const second = await two?.checkout({ lines });

  expect(first?.id).not.toBe(second?.id);
  expect([...(one?.store.variants.keys() ?? [])].filter((id) => two?.store.variants.has(id))).toEqual([]);
});
