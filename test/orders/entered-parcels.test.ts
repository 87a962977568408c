import { expect, test } from "vitest";
import { addShipment, addShipmentsInBulk, tellShopifyAgain } from "#app/orders/decision.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { aConnection, aPartRow, aWorld, row, shipments, shop, story } from "./rows.ts";

const database = testDatabase();
const world = () => aWorld(database.pool);

async function aPart(part: Record<string, unknown>) {
  const made = await aPartRow(database.pool, { ...(await aConnection(database.pool)), part });
  return { ...made, which: { shop, vendorOrderId: made.vendorOrderId } };
}

const partRow = (id: string) => row(database.pool, "VendorOrder", id);

const parcel = { carrier: "DHL", trackingNumber: "JD 0145", notify: true };

test("an entered parcel holds all that is left, and the order is shipped", async () => {
  const { which, vendorOrderId, orderId } = await aPart({ status: "sent" });
  const waker = world();
  expect(
    await addShipment(waker, { ...which, ...parcel, trackingUrl: "https://dhl.example/JD0145" }),
  ).toEqual({ done: true });
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([
    {
      status: "waiting",
      carrier: "DHL",
      trackingNumber: "JD 0145",
      lines: [{ lineId: "1", quantity: 2 }],
      notify: true,
    },
  ]);
  expect(await partRow(vendorOrderId)).toMatchObject({ status: "shipped" });
  expect(waker.woken).toEqual(["writeback"]);
  expect(await story(database.pool, orderId)).toEqual([
    "You entered a parcel: DHL JD 0145. Everything of this part has left.",
  ]);
});

test("the same parcel entered twice, or by two people at once, is one parcel", async () => {
  const { which, vendorOrderId } = await aPart({ status: "sent" });
  const one = { ...which, ...parcel, lines: [{ lineId: "1", quantity: 1 }] };
  const entered = await Promise.all([addShipment(world(), one), addShipment(world(), one)]);
  expect(entered.filter((each) => "done" in each)).toHaveLength(1);
  expect(await addShipment(world(), { ...one, carrier: "dhl", trackingNumber: "jd-0145" })).toEqual({
    refused: expect.stringMatching(/here already/),
  });
  expect(await shipments(database.pool, vendorOrderId)).toHaveLength(1);
});

test("a parcel cannot hold more than what is left, nothing, or what is not with the vendor", async () => {
  const { which } = await aPart({ status: "sent" });
  const enter = (lines: { lineId: string; quantity: number }[]) =>
    addShipment(world(), { ...which, ...parcel, lines });
  expect(await enter([{ lineId: "1", quantity: 3 }])).toEqual({
    refused: expect.stringMatching(/more than what is left/),
  });
  expect(await enter([{ lineId: "9", quantity: 1 }])).toHaveProperty("refused");
  expect(await enter([{ lineId: "1", quantity: 0 }])).toHaveProperty("refused");
  expect(await enter([{ lineId: "1", quantity: 0.5 }])).toHaveProperty("refused");
  expect(await enter([{ lineId: "1", quantity: -1 }])).toHaveProperty("refused");
  expect(
    await addShipment(world(), { ...which, carrier: " ", trackingNumber: "", notify: true }),
  ).toHaveProperty("refused");
  const script = { ...which, ...parcel, trackingUrl: "javascript:alert(1)" };
  expect(await addShipment(world(), script)).toHaveProperty("refused");
  expect(await addShipment(world(), { ...which, ...parcel })).toEqual({ done: true });
  expect(await addShipment(world(), { ...which, ...parcel, trackingNumber: "2" })).toEqual({
    refused: expect.stringMatching(/Everything/),
  });
});

test("what was not sent yet cannot be shipped", async () => {
  const { which } = await aPart({ nextRunAt: new Date(Date.now() + 1_800_000) });
  expect(await addShipment(world(), { ...which, ...parcel })).toHaveProperty("refused");
});

test("a list of parcels enters the good rows and says what is wrong with the others", async () => {
  const connection = await aConnection(database.pool);
  const one = await aPartRow(database.pool, {
    ...connection,
    shopifyId: "1",
    name: "#1001",
    part: { status: "sent" },
  });
  const two = await aPartRow(database.pool, {
    ...connection,
    shopifyId: "2",
    name: "#1002",
    part: { status: "sent" },
  });
  await aPartRow(database.pool, { ...connection, shopifyId: "3", name: "#1003" });
  const rows = [
    { reference: ` ${one.reference} `, carrier: "DHL", trackingNumber: "1" },
    { reference: "1002", carrier: "DHL", trackingNumber: "2" },
    { reference: "#1003", carrier: "DHL", trackingNumber: "3" },
    { reference: "nobody", carrier: "DHL", trackingNumber: "4" },
    { reference: one.reference, carrier: "DHL", trackingNumber: "1" },
    { reference: "", carrier: "", trackingNumber: "" },
  ];
  const entered = await addShipmentsInBulk(world(), { shop, rows });
  expect(entered.done).toBe(2);
  expect(entered.problems.map(({ row }) => row)).toEqual([3, 4, 5, 6]);
  expect(await partRow(two.vendorOrderId)).toMatchObject({ status: "shipped" });
  expect(
    await addShipmentsInBulk(world(), { shop: "other.myshopify.com", rows: rows.slice(0, 1) }),
  ).toMatchObject({ done: 0 });
});

test("an order name with parts at two vendors is not guessed", async () => {
  const [first, second] = [await aConnection(database.pool), await aConnection(database.pool)];
  await aPartRow(database.pool, { ...first, part: { status: "sent" } });
  await aPartRow(database.pool, {
    ...second,
    part: { status: "sent" },
    lines: [{ lineId: "2", quantity: 1 }],
  });
  const rows = [{ reference: "#1001", carrier: "DHL", trackingNumber: "1" }];
  expect((await addShipmentsInBulk(world(), { shop, rows })).problems[0]?.sentence).toMatch(
    /several vendors/,
  );
});

test("a held parcel is told to Shopify again", async () => {
  const { which, vendorOrderId } = await aPart({ status: "sent" });
  await addShipment(world(), { ...which, ...parcel });
  const [shipment] = await shipments(database.pool, vendorOrderId);
  const shipmentId = String(shipment?.["id"]);
  await database.pool.query(`UPDATE "Shipment" SET status = 'held', sentence = 'No.', tries = 3`);
  expect(await tellShopifyAgain(world(), { shop: "other.myshopify.com", shipmentId })).toHaveProperty(
    "refused",
  );
  expect(await tellShopifyAgain(world(), { shop, shipmentId })).toEqual({ done: true });
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([
    { status: "waiting", sentence: null, tries: 0 },
  ]);
  await database.pool.query(`UPDATE "Shipment" SET status = 'told'`);
  expect(await tellShopifyAgain(world(), { shop, shipmentId })).toHaveProperty("refused");
});
