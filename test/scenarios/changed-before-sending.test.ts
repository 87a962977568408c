// The hold window: what the merchant or the shopper changes in it simply changes what will be sent.
import { expect, test } from "vitest";
import { addShipment, sendNow, approve } from "#app/orders/decision.server.ts";
import { askForOrder } from "#app/orders/intake.ts";
import { aTown, kitSku, printSku, ringSku } from "#test/support/town.ts";

const town = aTown();

/** Shopify tells of the order as it is in so many minutes: this of it, and of its lines, or of one of them, is otherwise. */
async function told(
  shopifyId: string,
  change: { minutes: number; order?: object; line?: object; sku?: string },
): Promise<void> {
  const body = town.shopify.orderAsWebhook(shopifyId) as { line_items: { sku: string }[] };
  const { minutes, order, line: changed, sku } = change;
  await town.shopify.webhook("orders/updated", {
    ...body,
    updated_at: new Date(Date.now() + minutes * 60_000).toISOString(),
    ...order,
    line_items: body.line_items.map((line) =>
      sku === undefined || line.sku === sku ? { ...line, ...changed } : line,
    ),
  });
  await town.rest();
}

const made = (vendor: "dot" | "oms" | "dora") =>
  town[vendor].ledger().map(({ lines }) => lines.map(({ quantity }) => quantity));

test("G9 an order cancelled in its hold window is never sent", async () => {
  await town.connect("dot", { holdMinutes: 30 });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "waiting" }]);

  await town.shopify.cancelOrder(order.id);
  await town.rest();
  await town.database.later("31 minutes");
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "cancelled" }]);
  expect(town.dot.ledger()).toHaveLength(0);
});

test("a line refunded in the hold window is not made; the others are", async () => {
  await town.connect("dot", { holdMinutes: 30 });
  await town.connect("oms", { holdMinutes: 30 });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku, 3), town.line(printSku)] });
  await town.rest();
  const [kit, print] = order.lines;
  await town.shopify.refundOrder(order.id, {
    lines: [
      { lineId: kit?.id ?? "", quantity: 1, restockType: "cancel" },
      { lineId: print?.id ?? "", quantity: 1, restockType: "cancel" },
    ],
  });
  await town.rest();
  await town.database.later("31 minutes");
  await town.rest();
  expect(town.dot.ledger().map(({ lines }) => lines.map(({ quantity }) => quantity))).toEqual([[2]]);
  expect(town.oms.ledger()).toHaveLength(0);
});

test("pieces that were added and are not paid yet are not made; those that were paid are", async () => {
  await town.connect("dot", { holdMinutes: 30 });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku, 2)] });
  await town.rest();
  await told(order.id, {
    minutes: 1,
    order: { financial_status: "partially_paid" },
    line: { quantity: 9, current_quantity: 9 },
  });
  await town.database.later("31 minutes");
  await town.rest();
  expect(made("dot")).toEqual([[2]]);

  await told(order.id, { minutes: 40, line: { quantity: 9, current_quantity: 9 } });
  const [part] = await town.parts(order.id);
  expect(part?.notice).toContain("is now 9 instead of 2");
  expect(made("dot")).toEqual([[2]]);
});

test("pieces that were added are made with the others once they are paid", async () => {
  await town.connect("dot", { holdMinutes: 30 });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku, 2)] });
  await town.rest();
  const line = { quantity: 9, current_quantity: 9 };
  await told(order.id, { minutes: 1, order: { financial_status: "partially_paid" }, line });
  await told(order.id, { minutes: 2, line });
  await town.database.later("31 minutes");
  await town.rest();
  expect(made("dot")).toEqual([[9]]);
});

test("what somebody fulfilled by hand is not made while something else of the order is not paid", async () => {
  await town.connect("dot", { holdMinutes: 30 });
  await town.connect("oms", { holdMinutes: 30 });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku), town.line(printSku)] });
  await town.rest();
  await told(order.id, {
    minutes: 1,
    order: { financial_status: "partially_paid" },
    sku: kitSku,
    line: { fulfillment_status: "fulfilled" },
  });
  await town.database.later("31 minutes");
  await town.rest();
  expect(made("dot")).toEqual([]);
  expect(made("oms")).toEqual([[1]]);
});

test.each([
  ["dora", ringSku],
  ["oms", printSku],
] as const)(
  "an order that waits is made although its product was deleted in Shopify meanwhile (%s)",
  async (vendor, sku) => {
    await town.connect(vendor, { holdMinutes: 30 });
    const order = await town.shopify.checkout({ lines: [town.line(sku)] });
    await town.rest();
    await told(order.id, { minutes: 1, line: { variant_id: null, product_id: null } });
    await town.database.later("31 minutes");
    await town.rest();
    expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }]);
  },
);

test.each(["told by a webhook", "read from Shopify"])(
  "of a line that was partly fulfilled by hand only the rest is made (%s)",
  async (how) => {
    await town.connect("dot", { holdMinutes: 30 });
    const order = await town.shopify.checkout({ lines: [town.line(kitSku, 3)] });
    await town.rest();
    const isRead = how === "read from Shopify";
    if (isRead) town.shopify.pointAt("http://127.0.0.1:1");
    await town.shopify.fulfilByHand(order.id, { lines: [{ lineId: order.lines[0]?.id ?? "", quantity: 2 }] });
    await town.shopify.settled();
    town.shopify.pointAt(town.doorUrl);
    if (isRead) await askForOrder(town.database.pool, { shop: town.shopify.shop, shopifyId: order.id });
    await town.rest();
    await town.database.later("31 minutes");
    await town.rest();
    expect(made("dot")).toEqual([[1]]);

    // Shopify goes on counting three, whatever it tells of the order next.
    await told(order.id, { minutes: 60 });
    expect(await town.parts(order.id)).toMatchObject([{ status: "sent", notice: null }]);
  },
);

test("a parcel that Shopify was told of changes nothing about what the vendor has", async () => {
  await town.connect("dot");
  const order = await town.shopify.checkout({ lines: [town.line(kitSku, 3)] });
  await town.rest();
  const [part] = await town.parts(order.id);
  const which = { shop: town.shopify.shop, vendorOrderId: part?.id ?? "" };
  const parcel = { ...which, carrier: "DHL", notify: false };
  const lines = [{ lineId: order.lines[0]?.id ?? "", quantity: 1 }];
  expect(await addShipment(town.world, { ...parcel, trackingNumber: "1", lines })).toEqual({ done: true });
  await town.rest();
  await told(order.id, { minutes: 1 });
  expect(await town.parts(order.id)).toMatchObject([{ status: "sent", notice: null }]);

  expect(await addShipment(town.world, { ...parcel, trackingNumber: "2" })).toEqual({ done: true });
  await town.rest();
  await told(order.id, { minutes: 2 });
  expect(await town.parts(order.id)).toMatchObject([{ status: "shipped", notice: null }]);
  const shipments = await town.database.pool.query(
    `SELECT status, lines FROM "Shipment" ORDER BY "createdAt"`,
  );
  expect(shipments.rows).toMatchObject([
    { status: "told", lines: [{ quantity: 1 }] },
    { status: "told", lines: [{ quantity: 2 }] },
  ]);
  expect(made("dot")).toEqual([[3]]);
});

test("G10 a cancellation after sending is a task for the merchant, not a call to the vendor", async () => {
  await town.connect("dot");
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.rest();
  const asked = town.dot.requests().length;
  await town.shopify.cancelOrder(order.id);
  await town.rest();
  const [part] = await town.parts(order.id);
  expect(part).toMatchObject({ status: "sent" });
  expect(part?.notice).toContain("cancelled in Shopify after this part was sent");
  expect(town.dot.requests()).toHaveLength(asked);
});

test("G17 pressing Send now twice sends once", async () => {
  await town.connect("dot", { holdMinutes: 60 });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.rest();
  const [part] = await town.parts(order.id);
  const at = { shop: town.shopify.shop, vendorOrderId: part?.id ?? "" };
  await Promise.all([sendNow(town.world, at), sendNow(town.world, at)]);
  await town.rest();
  await sendNow(town.world, at);
  await town.rest();
  expect(town.dot.ledger()).toHaveLength(1);
});

test("with approval on, nothing is sent before a person has pressed Approve", async () => {
  await town.connect("dot", { approve: true });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.rest();
  await town.database.later("3 days");
  await town.rest();
  const [part] = await town.parts(order.id);
  expect(part).toMatchObject({ status: "held", code: "approval" });
  expect(town.dot.ledger()).toHaveLength(0);
  expect(await approve(town.world, { shop: town.shopify.shop, vendorOrderId: part?.id ?? "" })).toEqual({
    done: true,
  });
  await town.rest();
  expect(town.dot.ledger()).toHaveLength(1);
});

test("an order of somebody else's shop cannot be decided on", async () => {
  await town.connect("dot", { holdMinutes: 60 });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.rest();
  const [part] = await town.parts(order.id);
  expect(
    await sendNow(town.world, { shop: "other.myshopify.com", vendorOrderId: part?.id ?? "" }),
  ).toHaveProperty("refused");
  await town.rest();
  expect(town.dot.ledger()).toHaveLength(0);
});
