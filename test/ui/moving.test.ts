// Which pages look again by themselves: those of an order about which something is going on, and no other.
import { beforeAll, expect, test } from "vitest";
import { pagesDatabase } from "./pages-database.ts";

const database = pagesDatabase();
const shop = "demo.myshopify.com";

async function load() {
  return {
    ...(await import("#test/orders/rows.ts")),
    ...(await import("#app/ui/order-page.server.ts")),
    ...(await import("#app/ui/orders-page.server.ts")),
  };
}
let app: Awaited<ReturnType<typeof load>>;

beforeAll(async () => {
  app = await load();
});

/** Whether the page of the order and the list look again. */
async function isMoving(orderId: string) {
  const now = new Date();
  const page = await app.readOrderPage({ shop, id: orderId, now });
  const asked = { shop, view: "all", search: "", cursor: undefined, backwards: false, now } as const;
  return { page: page?.isMoving, list: (await app.readOrdersPage(asked)).isMoving };
}

const inAnHour = new Date(Date.now() + 3_600_000);

test("a part that is due, being sent or told to Shopify is looked at again; one that only waits is not", async () => {
  const connection = await app.aConnection(database.pool);
  const { orderId, vendorOrderId } = await app.aPartRow(database.pool, { ...connection });
  const set = (columns: string) => database.pool.query(`UPDATE "VendorOrder" SET ${columns}`);
  expect(await isMoving(orderId)).toEqual({ page: true, list: false });

  // Its hold window.
  await database.pool.query(`UPDATE "VendorOrder" SET "nextRunAt" = $1`, [inAnHour]);
  expect((await isMoving(orderId)).page).toBe(false);
  await set(`"nextRunAt" = now(), "committingAt" = now()`);
  expect((await isMoving(orderId)).page).toBe(true);

  await set(`status = 'sent', "committingAt" = NULL`);
  expect((await isMoving(orderId)).page).toBe(false);
  await database.pool.query(
    `INSERT INTO "Shipment" (shop, "vendorOrderId", parcel, lines) VALUES ($1, $2, 'p', '[]')`,
    [shop, vendorOrderId],
  );
  expect((await isMoving(orderId)).page).toBe(true);
  await database.pool.query(`UPDATE "Shipment" SET status = 'told'`);
  expect((await isMoving(orderId)).page).toBe(false);
});

test("a look that was put off for an hour is not watched", async () => {
  const connection = await app.aConnection(database.pool);
  const { orderId, vendorOrderId } = await app.aPartRow(database.pool, { ...connection });
  // The vendor's answer to the order is missing, and the vendor is asked about it again in an hour.
  await database.pool.query(`UPDATE "VendorOrder" SET "committingAt" = now(), "nextRunAt" = $1`, [inAnHour]);
  expect((await isMoving(orderId)).page).toBe(false);

  // So is Shopify about a parcel.
  await database.pool.query(`UPDATE "VendorOrder" SET status = 'sent', "committingAt" = NULL`);
  await database.pool.query(
    `INSERT INTO "Shipment" (shop, "vendorOrderId", parcel, lines, "nextRunAt") VALUES ($1, $2, 'p', '[]', $3)`,
    [shop, vendorOrderId, inAnHour],
  );
  expect((await isMoving(orderId)).page).toBe(false);
});

test.each([
  ["whose connection is paused", `"Connection" SET status = 'paused'`],
  ["whose connection does not work", `"Connection" SET status = 'failing'`],
  ["whose account is stopped", `"Account" SET quarantine = 'Somebody must look.'`],
  ["that is held", `"VendorOrder" SET status = 'held', code = 'payload', sentence = 'A phone is missing.'`],
])("a part %s waits for a person, and is not looked at again", async (_which, change) => {
  const connection = await app.aConnection(database.pool);
  const { orderId } = await app.aPartRow(database.pool, { ...connection });

  await database.pool.query(`UPDATE ${change}`);

  expect(await isMoving(orderId)).toEqual({ page: false, list: false });
});

test("an order that is being read, or worked out again, is looked at again on its page and in the list", async () => {
  const connection = await app.aConnection(database.pool);
  const { orderId } = await app.aPartRow(database.pool, { ...connection, part: { status: "sent" } });
  const set = (columns: string) => database.pool.query(`UPDATE "Order" SET ${columns}`);
  expect(await isMoving(orderId)).toEqual({ page: false, list: false });

  for (const columns of [`status = 'routing'`, `"readAgain" = true`, `version = routed + 1`]) {
    await set(columns);
    expect(await isMoving(orderId), columns).toEqual({ page: true, list: true });
    await set(`status = 'routed', "readAgain" = false, version = routed`);
  }
  // What did not work is tried again by itself, later and later.
  await set(`status = 'held', version = routed + 1, tries = 5`);
  expect(await isMoving(orderId)).toEqual({ page: false, list: false });
});
