// A connection that changes its account, or goes, at the very moment at which something else happens to its orders.
import pg from "pg";
import { expect, test } from "vitest";
import { removeConnection, saveConnection } from "#app/connections.server.ts";
import type { Db } from "#app/db.server.ts";
import { orderId } from "#app/orders/order-id.ts";
import { routing } from "#app/orders/routing.ts";
import { aLine, anOrder } from "#test/support/builders.ts";
import { gateBefore, lockedOr, type Gate } from "#test/support/gate.ts";
import { aShop, takeIn } from "#test/support/road.ts";
import { aPartRow, row, shop } from "./rows.ts";
import { aVendorShop } from "./vendor-shop.ts";

const { database, world, doraForm, connected } = aVendorShop();

async function aRingShop() {
  await aShop(database.pool);
  const connection = await connected("dora", { holdMinutes: "0" });
  await database.pool.query(
    `INSERT INTO "Mapping" (shop, "variantId", title, "connectionId", product) VALUES ($1, '9001', 'Ring', $2, '{}')`,
    [shop, connection.connectionId],
  );
  return connection;
}

/** The merchant enters another login. */
async function move(connectionId: string, db: Db = database.pool): Promise<void> {
  const form = doraForm({ username: "dealer-us", holdMinutes: "0" });
  const saved = await saveConnection({ ...world(), db }, { shop, vendorId: "dora", connectionId, form });
  expect(saved).toHaveProperty("sentence");
}

/** Whether every part of the connection belongs to the account that it means now. */
async function expectAtNewAccount(connectionId: string, old: string): Promise<void> {
  const { accountId } = await row(database.pool, "Connection", connectionId);
  expect(accountId).not.toBe(old);
  const parts = await database.pool.query(`SELECT "accountId" FROM "VendorOrder"`);
  expect(parts.rows).toEqual([{ accountId }]);
}

/** Lets the second one come while the first one stands at its gate, and then both end. */
async function meet(gate: Gate, first: Promise<unknown>, second: () => Promise<unknown>): Promise<void> {
  await gate.reached;
  const met = second();
  await lockedOr(database.pool, met);
  gate.open();
  await Promise.all([first, met]);
}

test("a part that is made while its connection is moved belongs to the new account", async () => {
  const { connectionId, accountId } = await aRingShop();
  await takeIn(database.pool, anOrder());
  const gate = gateBefore(`INSERT INTO "VendorOrder"`, database.pool);
  await meet(gate, routing({ ...world(), db: gate.db }), () => move(connectionId));
  await expectAtNewAccount(connectionId, accountId);
});

test("a part that is made while its connection is being moved waits until it has", async () => {
  const { connectionId, accountId } = await aRingShop();
  await takeIn(database.pool, anOrder());
  const gate = gateBefore("COMMIT", database.pool);
  await meet(gate, move(connectionId, gate.db), () => routing(world()));
  await expectAtNewAccount(connectionId, accountId);
});

test("a connection is removed although one of its orders is being worked out at that moment", async () => {
  const { connectionId } = await aRingShop();
  await takeIn(database.pool, anOrder());
  await routing(world());
  const updatedAt = "2026-11-22T09:00:00Z";
  await takeIn(database.pool, anOrder({ updatedAt, lines: [aLine({ quantity: 1 })] }));
  // PostgreSQL takes back whoever asks first whether it waits in a circle: here that is the removal.
  const clicks = new pg.Pool({ connectionString: database.url, options: "-c deadlock_timeout=1ms" });
  const gate = gateBefore(`code = 'mapping'`, clicks);
  const removed = removeConnection({ ...world(), db: gate.db }, { shop, connectionId });
  await meet(gate, removed, () => routing(world()));
  expect(await removed).toEqual({ done: true });
  await clicks.end();
  await routing(world());
  const parts = await database.pool.query(`SELECT status FROM "VendorOrder"`);
  expect(parts.rows).toEqual([{ status: "cancelled" }]);
  expect(await row(database.pool, "Order", orderId(shop, anOrder().id))).toMatchObject({ status: "held" });
});

test("what a merchant has not read yet stays on a part whose connection is removed", async () => {
  const at = await connected("dot");
  const notice = "The order was cancelled in Shopify after this part was sent.";
  const sent = await aPartRow(database.pool, {
    ...at,
    vendor: "dot",
    part: { status: "sent", trackAt: new Date(), notice },
  });
  expect(await removeConnection(world(), { shop, connectionId: at.connectionId })).toEqual({ done: true });
  const { notice: now } = await row(database.pool, "VendorOrder", sent.vendorOrderId);
  expect(now).toContain(notice);
  expect(now).toMatch(/was removed/);
});
