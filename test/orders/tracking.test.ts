import fc from "fast-check";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { inTransaction } from "#app/db.server.ts";
import { leftOver, within, count } from "#app/orders/parcels.ts";
import { applyReport } from "#app/orders/report.server.ts";
import { nextLook, tracking } from "#app/orders/tracking.ts";
import type { Report } from "#app/vendors/vendor.ts";
import { startOms, type OmsStandIn } from "#sandbox/vendors/oms.ts";
import { testDatabase } from "#test/support/database.ts";
import { aConnection, aPartRow, aWorld, row, shipments, story } from "./rows.ts";

const database = testDatabase();
let oms: OmsStandIn;

beforeAll(async () => {
  oms = await startOms();
});
beforeEach(() => oms.reset());
afterAll(() => oms.stop());

const settings = (): Record<string, unknown> => ({
  baseUrl: oms.url,
  token: "oms_demo",
  storeId: "S1",
});

// As the OMS' create-order has it: one item whose print file can be asked for.
const payload = {
  store_id: "S1",
  items: [
    {
      ecommerce_order_item_id: "1",
      ecommerce_variant_id: "9001",
      quantity: 2,
      template_config: "%7B%22a%22%3A1%7D",
      thumbnails: ["https://cdn.example.com/a.png"],
    },
  ],
  ecommerce_order_id: "5551234567890",
  ecommerce_order_number: "1001",
  currency_code: "SGD",
  customer: {},
  addresses: [
    {
      type_id: "shipping",
      address_1: "1 Main St",
      post_code: "018956",
      city: "Singapore",
      country_code: "SG",
    },
  ],
  create_print_files: true,
};

async function atVendor(given: { part?: Record<string, unknown>; settings?: Record<string, unknown> } = {}) {
  const connection = await aConnection(database.pool, { settings: given.settings ?? settings() });
  const part = { status: "sent", sentAt: new Date(), trackAt: new Date(), ...given.part };
  return { ...connection, ...(await aPartRow(database.pool, { ...connection, payload, part })) };
}

async function order(): Promise<void> {
  await fetch(`${oms.url}/api/v1/orders`, {
    method: "POST",
    headers: { authorization: "Bearer oms_demo", "content-type": "application/json" },
    body: JSON.stringify(payload),
  });
}

const report = (vendorOrderId: string, told: Partial<Report>): Promise<boolean> =>
  inTransaction(database.pool, (sql) =>
    applyReport(sql, {
      vendorOrderId,
      report: { state: "In production", final: false, ...told },
      label: "Acme",
    }),
  );

test("a sent order says how far the vendor is, and is asked less and less often until it is finished", async () => {
  const { vendorOrderId, orderId } = await atVendor();
  await order();
  oms.setPrint("1", "processing");
  const world = aWorld(database.pool, [oms.url]);

  expect(await tracking(world)).toBe(1);
  expect(await tracking(world)).toBe(0);
  expect(await row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({
    vendorState: "0 of 1 print file ready",
    status: "sent",
    trackTries: 1,
  });

  oms.setPrint("1", "ready");
  await database.later("31 seconds");
  expect(await tracking(world)).toBe(1);
  expect(await row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({
    vendorState: "1 of 1 print file ready",
    trackAt: null,
  });
  expect(await story(database.pool, orderId)).toEqual([
    "Ideal Factory OMS: 0 of 1 print file ready.",
    "Ideal Factory OMS: 1 of 1 print file ready.",
  ]);
});

test("a print file that could not be made is shown until the vendor made it", async () => {
  const { vendorOrderId } = await atVendor();
  await order();
  oms.setPrint("1", "processingfailed");
  const world = aWorld(database.pool, [oms.url]);

  await tracking(world);
  expect((await row(database.pool, "VendorOrder", vendorOrderId))["notice"]).toMatch(/could not be made/);

  oms.setPrint("1", "ready");
  await database.later("1 minute");
  await tracking(world);
  expect((await row(database.pool, "VendorOrder", vendorOrderId))["notice"]).toBeNull();
});

test("a vendor that is down is asked again later, and nothing else changes", async () => {
  const { vendorOrderId, connectionId } = await atVendor();
  oms.fault({ kind: "error-not-done" });
  const world = aWorld(database.pool, [oms.url]);

  await tracking(world);

  expect(await row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({
    vendorState: null,
    notice: null,
  });
  expect(await row(database.pool, "Connection", connectionId)).toMatchObject({ status: "on" });
  expect(await tracking(world)).toBe(0);
  await database.later("31 seconds");
  expect(await tracking(world)).toBe(1);
});

test("a revoked key makes the connection failing once, and its orders are not asked for until it works", async () => {
  const { connectionId } = await atVendor({ settings: { ...settings(), token: "old" } });
  const world = aWorld(database.pool, [oms.url]);

  await tracking(world);
  expect(await row(database.pool, "Connection", connectionId)).toMatchObject({ status: "failing" });

  await database.later("10 minutes");
  expect(await tracking(world)).toBe(0);
});

test("two workers at once ask about each order once", async () => {
  await atVendor();
  await order();
  const world = aWorld(database.pool, [oms.url]);
  const worked = await Promise.all([tracking(world), tracking(world), tracking(world)]);
  expect(worked.reduce((sum, each) => sum + each, 0)).toBe(1);
});

test("an order that a paused connection sent is not asked for", async () => {
  const { connectionId } = await atVendor();
  await database.pool.query(`UPDATE "Connection" SET status = 'paused' WHERE id = $1`, [connectionId]);
  expect(await tracking(aWorld(database.pool, [oms.url]))).toBe(0);
});

test("looks are soon at first, then hourly, and rare after weeks", () => {
  expect([1, 2, 3, 4, 5, 6, 7, 100].map((tries) => nextLook(tries, 0))).toEqual([
    30, 60, 120, 300, 900, 3600, 3600, 3600,
  ]);
  expect(nextLook(500, 20)).toBe(6 * 3600);
  expect(nextLook(900, 90)).toBe(24 * 3600);
});

test("after half a year without a last word the merchant is told and nobody asks any more", async () => {
  const { vendorOrderId } = await atVendor({ part: { sentAt: new Date(Date.now() - 200 * 86_400_000) } });
  await order();
  oms.setPrint("1", "processing");
  await tracking(aWorld(database.pool, [oms.url]));
  const part = await row(database.pool, "VendorOrder", vendorOrderId);
  expect(part["trackAt"]).toBeNull();
  expect(part["notice"]).toMatch(/not asked any more/);
});

test("the same parcel told twice is one parcel, and its tracking number may come later", async () => {
  const { vendorOrderId, orderId } = await atVendor();

  expect(await report(vendorOrderId, { parcels: [{ id: "p1" }] })).toBe(true);
  expect(await report(vendorOrderId, { parcels: [{ id: "p1" }] })).toBe(false);
  expect(
    await report(vendorOrderId, { parcels: [{ id: "p1", carrier: "DHL", trackingNumber: "123" }] }),
  ).toBe(true);
  expect(await report(vendorOrderId, { parcels: [{ id: "p1" }] })).toBe(false);

  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([
    {
      parcel: "p1",
      carrier: "DHL",
      trackingNumber: "123",
      status: "waiting",
      lines: [{ lineId: "1", quantity: 2 }],
    },
  ]);
  expect(await row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({ status: "shipped" });
  expect(await story(database.pool, orderId)).toEqual([
    "Acme: In production.",
    "A parcel has left: no tracking number.",
    "The parcel's tracking is now DHL 123.",
  ]);
});

test("two parcels with a piece each ship the order only together", async () => {
  const { vendorOrderId } = await atVendor();
  const one = { id: "p1", trackingNumber: "1", lines: [{ lineId: "1", quantity: 1 }] };

  await report(vendorOrderId, { parcels: [one] });
  expect(await row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({ status: "sent" });

  await report(vendorOrderId, { parcels: [one, { id: "p2", trackingNumber: "2" }] });
  expect(await row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({ status: "shipped" });
  expect((await shipments(database.pool, vendorOrderId)).map(({ lines }) => lines)).toEqual([
    [{ lineId: "1", quantity: 1 }],
    [{ lineId: "1", quantity: 1 }],
  ]);
});

test("late news of an earlier state does not make a shipped order look unfinished", async () => {
  const { vendorOrderId } = await atVendor();
  await report(vendorOrderId, {
    state: "Shipped",
    final: true,
    parcels: [{ id: "p1", trackingNumber: "1" }],
  });
  await report(vendorOrderId, { state: "In production" });
  expect(await row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({
    status: "shipped",
    vendorState: "Shipped",
  });
});

test("a corrected number of a parcel that Shopify knows goes to Shopify as a correction", async () => {
  const { vendorOrderId } = await atVendor();
  await report(vendorOrderId, { parcels: [{ id: "p1", trackingNumber: "1" }] });
  await database.pool.query(
    `UPDATE "Shipment" SET status = 'told', "toldAt" = now(), "fulfillmentIds" = '{77}'`,
  );
  expect(await report(vendorOrderId, { parcels: [{ id: "p1", trackingNumber: "2" }] })).toBe(true);
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([
    { status: "waiting", trackingNumber: "2", fulfillmentIds: ["77"] },
  ]);
});

test("a parcel more than there are pieces is shown to the merchant and not told to Shopify", async () => {
  const { vendorOrderId } = await atVendor();
  await report(vendorOrderId, {
    parcels: [
      { id: "p1", trackingNumber: "1" },
      { id: "p2", trackingNumber: "2" },
    ],
  });
  const [, second] = await shipments(database.pool, vendorOrderId);
  expect(second).toMatchObject({ parcel: "p2", status: "held", lines: [] });
  expect(second?.["sentence"]).toMatch(/one more parcel \(2\)/);
});

test("a vendor that wants no more questions is not asked about its next order; that one comes five minutes later", async () => {
  const connection = await aConnection(database.pool, { settings: settings() });
  const part = { status: "sent", sentAt: new Date(), trackAt: new Date() };
  for (const shopifyId of ["1", "2"])
    await aPartRow(database.pool, { ...connection, payload, part, shopifyId });
  oms.fault({ kind: "too-many", retryAfterSeconds: 60 });

  await tracking(aWorld(database.pool, [oms.url]));
  expect(oms.requests()).toHaveLength(1);
  await database.later("6 minutes");
  await tracking(aWorld(database.pool, [oms.url]));
  expect(oms.requests()).toHaveLength(3);
});

test("a part that is not with the vendor takes no report", async () => {
  const { vendorOrderId } = await atVendor({ part: { status: "cancelled" } });
  expect(await report(vendorOrderId, { parcels: [{ id: "p1" }] })).toBe(false);
  expect(await shipments(database.pool, vendorOrderId)).toEqual([]);
});

test("whatever parcels a vendor tells of, no piece is shipped twice and none out of thin air", () => {
  const pieces = fc.array(
    fc.record({ lineId: fc.constantFrom("1", "2", "3", "x"), quantity: fc.integer({ min: -2, max: 6 }) }),
    { maxLength: 4 },
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 6 }), (told) => {
      const all = [
        { lineId: "1", quantity: 3 },
        { lineId: "2", quantity: 1 },
      ];
      const kept: { lineId: string; quantity: number }[][] = [];
      for (const parcel of told) kept.push(within(parcel, leftOver(all, kept)));
      expect(kept.flat().every(({ quantity }) => quantity > 0)).toBe(true);
      expect(count(kept.flat()) + count(leftOver(all, kept))).toBe(4);
    }),
  );
});
