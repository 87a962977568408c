// The promise in one breath: a mixed order is paid, every vendor gets its part, Shopify hears of the parcels.
import { expect, test } from "vitest";
import { addShipment } from "#app/orders/decision.server.ts";
import { aTown, kitSku, printSku, ringSku } from "#test/support/town.ts";

const town = aTown();

test("a kit, a print and a ring in one order each reach the vendor that makes them", async () => {
  await town.connectAll();
  const order = await town.shopify.checkout({
    lines: [
      town.line(kitSku, 2),
      town.line(printSku),
      town.line(ringSku),
      { sku: "TEE-M" },
      { sku: kitSku, quantity: 1, properties: town.line(kitSku).properties },
    ],
  });
  await town.rest();

  expect(await town.parts(order.id)).toMatchObject([
    { vendor: "dora", status: "sent" },
    { vendor: "dot", status: "sent" },
    { vendor: "oms", status: "sent" },
  ]);
  expect(town.dot.ledger().map(({ lines }) => lines.map(({ sku, quantity }) => [sku, quantity]))).toEqual([
    [
      [kitSku, 2],
      [kitSku, 1],
    ],
  ]);
  expect(town.dora.ledger()).toHaveLength(1);
  const [print] = town.oms.ledger();
  expect(decodeURIComponent(String(print?.lines[0]?.detail["template_config"]))).toBe(
    '{"town":"Łódź","words":"50% us"}',
  );
  expect((await town.parts(order.id)).find(({ vendor }) => vendor === "dot")?.vendorNumber).toBe(
    town.dot.ledger()[0]?.number,
  );
});

test("a parcel the merchant enters is told to Shopify once, with its tracking number", async () => {
  await town.connect("dot");
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.rest();
  const [part] = await town.parts(order.id);
  const at = { shop: town.shopify.shop, vendorOrderId: part?.id ?? "" };

  expect(
    await addShipment(town.world, { ...at, carrier: "DHL", trackingNumber: "JD0146", notify: true }),
  ).toEqual({ done: true });
  await town.rest();
  await town.rest();

  const fulfillments = [...town.shopify.store.fulfillments.values()].filter(
    ({ orderId }) => orderId === order.id,
  );
  expect(fulfillments).toHaveLength(1);
  expect(fulfillments[0]).toMatchObject({ tracking: [{ company: "DHL", number: "JD0146" }] });
  expect(await town.parts(order.id)).toMatchObject([{ status: "shipped" }]);
});

test("what nobody makes is not ours, and says so", async () => {
  await town.connectAll();
  const order = await town.shopify.checkout({ lines: [{ sku: "TEE-M" }] });
  await town.rest();
  expect(await town.order(order.id)).toMatchObject({
    status: "not ours",
    sentence: "No vendor product is chosen for it.",
  });
});

test("G5 one vendor's trouble does not stop another vendor's part of the same order", async () => {
  await town.connectAll();
  const kit = town.line(kitSku);
  const order = await town.shopify.checkout({ lines: [{ ...kit, properties: {} }, town.line(printSku)] });
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([
    { vendor: "dot", status: "held", code: "needs photo" },
    { vendor: "oms", status: "sent" },
  ]);
});
