// What a vendor was sent stays what it was, whatever the order says since.
import { expect, test } from "vitest";
import { addShipment, doesNotExist } from "#app/orders/decision.server.ts";
import type { LineFacts, OrderFacts } from "#app/orders/order.ts";
import { anAddress, anOrder } from "#test/support/builders.ts";
import { drain, takeIn } from "#test/support/road.ts";
import { anOmsShop, aPrint } from "./at-vendor.ts";

const here = anOmsShop();

/** Shopify tells of the order again, a minute later than before. */
async function told(
  line: Partial<LineFacts>,
  { minute = 1, ...changes }: Partial<OrderFacts> & { minute?: number } = {},
): Promise<void> {
  const updatedAt = `2026-11-22T09:0${minute}:00Z`;
  await takeIn(here.database.pool, anOrder({ updatedAt, lines: [aPrint(line)], ...changes }));
  await drain(here.world);
}

const two = { quantity: 2, orderedQuantity: 2 };
const parcel = { carrier: "DHL", trackingNumber: "JD1", notify: true };

test.each([1, 3, 0])(
  "a parcel holds what the vendor was sent, not what the order says since (%d)",
  async (now) => {
    const { orderId, at } = await here.order({ lines: [aPrint(two)] });
    await told({ ...two, quantity: now });
    await told({ ...two, quantity: now }, { minute: 2 });
    expect(await addShipment(here.world, { ...at, ...parcel })).toEqual({ done: true });
    const shipments = await here.database.pool.query(`SELECT lines FROM "Shipment"`);
    expect(shipments.rows).toEqual([{ lines: [{ lineId: "14001", quantity: 2 }] }]);
    expect(await here.part(orderId)).toMatchObject({ status: "shipped" });
  },
);

test("what was changed while nobody knew whether the vendor has it is made as it is now, and a parcel holds that", async () => {
  here.oms.fault({ kind: "error-not-done", on: "POST /api/v1/orders" });
  const { orderId, at } = await here.order({ lines: [aPrint(two)] });
  await here.database.later("2 hours");
  await drain(here.world);
  expect(await here.part(orderId)).toMatchObject({ status: "held", code: "unsure" });
  await told({ quantity: 3, orderedQuantity: 3 });
  expect(await doesNotExist(here.world, at)).toEqual({ done: true });
  await drain(here.world);

  expect(here.oms.ledger().map(({ lines }) => lines.map(({ quantity }) => quantity))).toEqual([[3]]);
  expect(await addShipment(here.world, { ...at, ...parcel })).toEqual({ done: true });
  const shipments = await here.database.pool.query(`SELECT lines FROM "Shipment"`);
  expect(shipments.rows).toEqual([{ lines: [{ lineId: "14001", quantity: 3 }] }]);
});

test("what comes back after it was delivered is nothing for the vendor, nor is a new address", async () => {
  const { orderId, at } = await here.order({ lines: [aPrint(two)] });
  expect(await addShipment(here.world, { ...at, ...parcel })).toEqual({ done: true });
  await told({ ...two, quantity: 1 }, { shippingAddress: anAddress({ address1: "9 Other Rd" }) });
  await told({ ...two, quantity: 0 }, { minute: 2, cancelledAt: "2026-11-22T09:02:00Z" });
  expect(await here.part(orderId)).toMatchObject({ status: "shipped", notice: null });
});

test("pieces that are added after everything has left are told of, because nobody makes them", async () => {
  const { orderId, at } = await here.order({ lines: [aPrint(two)] });
  expect(await addShipment(here.world, { ...at, ...parcel })).toEqual({ done: true });
  await told({ quantity: 3, orderedQuantity: 3 });
  const { notice } = await here.part(orderId);
  expect(notice).toContain("is now 3 instead of 2");
  expect(notice).toContain("If more are to be made, order them at the vendor yourself.");
});
