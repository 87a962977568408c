// The hold window: what the merchant or the shopper changes in it simply changes what will be sent.
import { expect, test } from "vitest";
import { sendNow, approve } from "#app/orders/decision.server.ts";
import { aTown, kitSku, printSku } from "#test/support/town.ts";

const town = aTown();

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
