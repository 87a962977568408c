// What the pages promise about the tracking of a part that was sent: only what comes by itself.
import { beforeAll, expect, test } from "vitest";
import { pagesDatabase } from "./pages-database.ts";

const database = pagesDatabase();
const shop = "demo.myshopify.com";
const now = new Date("2026-11-22T10:00:00Z");

async function load() {
  return {
    ...(await import("#test/orders/rows.ts")),
    ...(await import("#app/connections.server.ts")),
    ...(await import("#app/privacy/erase.server.ts")),
    ...(await import("#app/ui/connect.server.ts")),
    ...(await import("#app/ui/order-page.server.ts")),
    ...(await import("#app/ui/orders-page.server.ts")),
  };
}
let app: Awaited<ReturnType<typeof load>>;

beforeAll(async () => {
  app = await load();
});

async function aSentPart(vendor = "oms") {
  const connection = await app.aConnection(database.pool, { vendor });
  const part = { status: "sent", vendorNumber: "V-77", trackAt: vendor === "oms" ? new Date() : null };
  return { ...connection, ...(await app.aPartRow(database.pool, { ...connection, vendor, part })) };
}

/** What the page of the order says of its part, and what the list says of the order. */
async function saidOf(orderId: string) {
  const page = await app.readOrderPage({ shop, id: orderId, now });
  const asked = { shop, view: "all", search: "", cursor: undefined, backwards: false, now } as const;
  const list = await app.readOrdersPage(asked);
  const [part] = page?.parts ?? [];
  return {
    page: part?.saying.text,
    notice: part?.notice,
    by: part?.noticeBy,
    list: list.rows[0]?.saying.text,
  };
}

const promise = /Tracking is passed to Shopify/;

test("a sent part whose vendor is not asked any more never promises tracking by itself", async () => {
  const { orderId } = await aSentPart();
  const set = (what: string) => database.pool.query(`UPDATE ${what}`);
  expect(await saidOf(orderId)).toMatchObject({ page: promise, list: promise });

  for (const [change, undo] of [
    [`"Connection" SET status = 'paused'`, `"Connection" SET status = 'on'`],
    [`"Connection" SET status = 'failing'`, `"Connection" SET status = 'on'`],
    [`"Connection" SET "removedAt" = now()`, `"Connection" SET "removedAt" = NULL`],
    // Looked for long enough.
    [`"VendorOrder" SET "trackAt" = NULL`, `"VendorOrder" SET "trackAt" = now()`],
  ] as const) {
    await set(change);
    const { page, list } = await saidOf(orderId);
    expect(page, change).toMatch(/enter (the|its tracking) number here/);
    expect(`${page} ${list}`, change).not.toMatch(promise);
    await set(undo);
  }

  await app.eraseOrders(database.pool, { shop, ids: [orderId], why: "The customer asked." });
  expect((await saidOf(orderId)).page).not.toMatch(promise);
});

test("a vendor that calls by itself is waited for while its connection is there", async () => {
  const { orderId } = await aSentPart("whcc");
  await database.pool.query(`UPDATE "Connection" SET status = 'paused'`);
  expect((await saidOf(orderId)).page).toMatch(promise);

  await database.pool.query(`UPDATE "Connection" SET "removedAt" = now()`);
  expect((await saidOf(orderId)).page).not.toMatch(promise);
});

test("who removes a connection is told to enter the tracking, also on a part that says something already", async () => {
  const { orderId, connectionId, vendorOrderId } = await aSentPart();
  const trouble = "The print file could not be made.";
  await database.pool.query(`UPDATE "VendorOrder" SET notice = $1`, [trouble]);
  await database.pool.query(
    `INSERT INTO "TimelineEntry" (shop, "orderId", "vendorOrderId", who, sentence) VALUES ($1, $2, $3, 'vendor', $4)`,
    [shop, orderId, vendorOrderId, trouble],
  );

  const world = app.aWorld(database.pool);
  expect(await app.removeConnection(world, { shop, connectionId })).toEqual({ done: true });

  // The vendor's trouble goes on being the vendor's.
  expect(await saidOf(orderId)).toMatchObject({
    notice: expect.stringMatching(/^The print file could not be made\. .* Enter the tracking number here/),
    by: "vendor",
  });
});

test("who pauses a connection is told in a blink that tracking waits too, where it is asked for", async () => {
  const form = app.aForm({ intent: "pause" });
  const said = [];
  for (const vendorId of ["oms", "dora"]) {
    const { connectionId } = await app.aConnection(database.pool, { vendor: vendorId });
    said.push(await app.connect({ shop, vendorId, connectionId, form }));
  }

  expect(said).toEqual([
    { done: "Paused. Its orders and their tracking wait until you resume it." },
    { done: "Paused. Its orders wait until you resume it." },
  ]);
});
