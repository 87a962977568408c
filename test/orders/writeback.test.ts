import { expect, test } from "vitest";
import { inTransaction } from "#app/db.server.ts";
import { tellShopifyAgain } from "#app/orders/decision.server.ts";
import { claimShipments } from "#app/orders/telling.server.ts";
import { applyReport } from "#app/orders/report.server.ts";
import { writeback } from "#app/orders/writeback.ts";
import { sealToken } from "#app/session-storage.server.ts";
import { cutShopify } from "#test/support/redirect.ts";
import { aConnection, aPartRow, row, shipments, shop, story } from "./rows.ts";
import { aToldShop } from "./told-shop.ts";

const town = aToldShop();
const { database, world, anOrderWith, fulfillmentsOf, creations, fiveMinutes } = town;

test("Shopify is told of a parcel once, with carrier and number, and the customer hears of it", async () => {
  const { order, vendorOrderId, orderId } = await anOrderWith([{ quantity: 3 }]);
  const waker = world();

  expect(await writeback(waker)).toBe(1);
  expect(await writeback(waker)).toBe(0);

  expect(fulfillmentsOf(order.id)).toMatchObject([
    { tracking: [{ company: "DHL", number: "JD0146" }], notifyCustomer: true, lines: [{ quantity: 3 }] },
  ]);
  const [fulfillment] = fulfillmentsOf(order.id);
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([
    {
      status: "told",
      fulfillmentIds: [fulfillment?.id],
      committingAt: null,
      leaseUntil: null,
      sentence: null,
    },
  ]);
  expect(await row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({ status: "shipped" });
  expect(await story(database.pool, orderId)).toEqual(["Shopify was told: 1 parcel with DHL JD0146."]);
});

test("a shop with one parcel does not wait behind another shop's backlog", async () => {
  for (let n = 0; n < 20; n++) await anOrderWith([{}]);
  const small = "small.myshopify.com";
  const connection = await aConnection(database.pool, { shop: small });
  const { vendorOrderId } = await aPartRow(database.pool, {
    ...connection,
    shop: small,
    part: { status: "sent", sentAt: new Date() },
  });
  await database.pool.query(
    `INSERT INTO "Shipment" (shop, "vendorOrderId", parcel, lines) VALUES ($1, $2, 'p', '[{"lineId":"1","quantity":2}]')`,
    [small, vendorOrderId],
  );

  const claims = await claimShipments(database.pool, 4);
  expect(claims.map((claim) => claim.shop).sort()).toEqual([shop, shop, shop, small]);
});

test("three parcels of one order are three fulfillments, also when three workers run at once", async () => {
  const numbers = ["1", "2", "3"];
  const { order } = await anOrderWith(numbers.map((number) => ({ number })));
  for (let round = 0; round < 4; round++)
    await Promise.all([writeback(world()), writeback(world()), writeback(world())]);
  const told = fulfillmentsOf(order.id).map(({ tracking }) => tracking[0]?.number);
  expect(told.toSorted()).toEqual(numbers);
});

test("while one parcel of an order is being told, its sister parcels wait for their turn", async () => {
  const { order, vendorOrderId } = await anOrderWith(["1", "2", "3"].map((number) => ({ number })));
  const first = await claimShipments(database.pool, 12);
  const rest = await Promise.all([1, 2, 3].map(() => claimShipments(database.pool, 12)));

  expect(first).toHaveLength(1);
  expect(rest.flat()).toEqual([]);

  await database.later("61 seconds");
  const again = await Promise.all([1, 2, 3].map(() => claimShipments(database.pool, 12)));
  expect(again.flat()).toHaveLength(1);
  await database.later("61 seconds");
  for (let round = 0; round < 4; round++) await writeback(world());
  expect(fulfillmentsOf(order.id)).toHaveLength(3);
  expect(await row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({ status: "shipped" });
});

test("lines that a person fulfilled in Shopify are left alone, with a sentence", async () => {
  const { order, vendorOrderId } = await anOrderWith([{ quantity: 3 }]);
  await town.shopify.fulfilByHand(order.id);
  await writeback(world());
  expect(fulfillmentsOf(order.id)).toHaveLength(1);
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([
    { status: "already", sentence: expect.stringMatching(/Somebody fulfilled/) },
  ]);
});

test("what was refunded is not told as shipped", async () => {
  const { order, lineId } = await anOrderWith([{ quantity: 3 }]);
  await town.shopify.refundOrder(order.id, { lines: [{ lineId, quantity: 2 }] });
  await writeback(world());
  expect(fulfillmentsOf(order.id)).toMatchObject([{ lines: [{ quantity: 1 }] }]);
});

test("a parcel of a cancelled order is held with a sentence, and told again when asked after it is possible", async () => {
  const { order, vendorOrderId } = await anOrderWith([{ quantity: 3 }]);
  await town.shopify.cancelOrder(order.id);
  await writeback(world());
  const [shipment] = await shipments(database.pool, vendorOrderId);
  expect(shipment).toMatchObject({ status: "held", sentence: expect.stringMatching(/cancelled/) });
  expect(await tellShopifyAgain(world(), { shop, shipmentId: String(shipment?.["id"]) })).toEqual({
    done: true,
  });
  await writeback(world());
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([{ status: "held" }]);
});

test("a hold in Shopify is waited for, said once, and the parcel is told when it is released", async () => {
  const { order, vendorOrderId, orderId } = await anOrderWith([{ quantity: 3 }]);
  const [waiting] = town.shopify.store.fulfillmentOrdersOf.get(order.id) ?? [];
  if (!waiting) throw new Error("no fulfillment order");
  waiting.status = "ON_HOLD";

  await writeback(world());
  await database.later("16 minutes");
  await writeback(world());
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([
    { status: "waiting", sentence: expect.stringMatching(/Release the hold/) },
  ]);
  expect(await story(database.pool, orderId)).toHaveLength(1);

  waiting.status = "OPEN";
  await database.later("16 minutes");
  await writeback(world());
  expect(fulfillmentsOf(order.id)).toHaveLength(1);
});

test("a revoked token is said on the shop, and the parcel goes when the merchant came by", async () => {
  const { order, vendorOrderId } = await anOrderWith([{}]);
  town.shopify.fault({ kind: "401", times: 2 });
  await writeback(world());
  const shops = await database.pool.query<{ reconnect: string | null }>(`SELECT reconnect FROM "Shop"`);
  expect(shops.rows[0]?.reconnect).toMatch(/Open Makerlane once/);
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([
    { status: "waiting", committingAt: null, sentence: expect.stringMatching(/Open Makerlane once/) },
  ]);

  const token = sealToken(town.shopify.grantToken().accessToken, { column: "accessToken", shop });
  await database.pool.query(`UPDATE "Shop" SET reconnect = NULL`);
  await database.pool.query(`UPDATE "Session" SET "accessToken" = $1, expires = now() + interval '1 hour'`, [
    token,
  ]);
  await database.later("6 minutes");
  await writeback(world());
  expect(fulfillmentsOf(order.id)).toHaveLength(1);
});

test("a shop that removed the app is left alone", async () => {
  await anOrderWith([{}]);
  await database.pool.query(`UPDATE "Shop" SET "uninstalledAt" = now()`);
  expect(await writeback(world())).toBe(0);
});

test("a number that comes later, or is corrected, is brought to the same fulfillment", async () => {
  const { order, vendorOrderId, orderId } = await anOrderWith([{ number: null, quantity: 3 }]);
  await writeback(world());
  const report = (trackingNumber: string) =>
    inTransaction(database.pool, (sql) =>
      applyReport(sql, {
        vendorOrderId,
        label: "Acme",
        report: { state: "Shipped", final: true, parcels: [{ id: "p0", trackingNumber }] },
      }),
    );

  expect(await report("77")).toBe(true);
  await writeback(world());
  expect(fulfillmentsOf(order.id)).toMatchObject([{ tracking: [{ number: "77" }] }]);

  town.shopify.fault({ kind: "reset-after", operation: "fulfillmentTrackingInfoUpdate" });
  await report("78");
  await fiveMinutes();
  expect(fulfillmentsOf(order.id)).toMatchObject([{ tracking: [{ number: "78" }] }]);
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([{ status: "told" }]);
  expect(await story(database.pool, orderId)).toContain("Shopify was told the new tracking: DHL 78.");
});

test("a number that is corrected while the first one is on its way to Shopify arrives too", async () => {
  const { order, vendorOrderId } = await anOrderWith([{ number: "1", quantity: 3 }]);
  let corrected = false;
  cutShopify(async (send) => {
    const answer = await send();
    if (creations() > 0 && !corrected) {
      corrected = true;
      const parcels = [{ id: "p0", trackingNumber: "2" }];
      await inTransaction(database.pool, (sql) =>
        applyReport(sql, {
          vendorOrderId,
          label: "Acme",
          report: { state: "Shipped", final: true, parcels },
        }),
      );
    }
    return answer;
  });
  await fiveMinutes();
  expect(fulfillmentsOf(order.id)).toMatchObject([{ tracking: [{ number: "2" }] }]);
});

test("an order that Shopify does not have any more is said to be gone", async () => {
  const { vendorOrderId, order } = await anOrderWith([{}]);
  town.shopify.store.orders.delete(order.id);
  await writeback(world());
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([
    { status: "held", sentence: expect.stringMatching(/no such order/) },
  ]);
});
