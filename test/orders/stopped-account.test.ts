// One account that nothing can go to, with a long queue, beside another one.
import { randomUUID } from "node:crypto";
import { expect, test } from "vitest";
import { claimVendorOrders } from "#app/orders/claim.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { aConnection, aPartRow, shop } from "./rows.ts";

const database = testDatabase();
const many = 600;

/** A shop's parts that have been due for long at one account; they were there before everything else. */
async function aQueueAt({ connectionId, accountId }: { connectionId: string; accountId: string }) {
  const { orderId } = await aPartRow(database.pool, { connectionId, accountId, shopifyId: "1" });
  await database.pool.query(
    `INSERT INTO "VendorOrder" (shop, "orderId", "connectionId", "accountId", vendor, part, "groupKey", reference, "nextRunAt", turn)
     SELECT $1, $2, $3, $4, 'dora', 'p' || n, n::text, 'M-' || n, now(), 0 FROM generate_series(1, $5) AS n`,
    [shop, orderId, connectionId, accountId, many],
  );
}

const stops: { why: string; how: string }[] = [
  { why: "a stopped account", how: `quarantine = 'Look into the basket.'` },
  { why: "an account whose basket is kept for an order that waits", how: `"holderId" = '${randomUUID()}'` },
  { why: "an account that has as many conversations as it allows", how: `"atOnce" = 0` },
];

test.each(stops)("however many parts wait at $why, the next account's part is taken", async ({ how }) => {
  const stopped = await aConnection(database.pool, { vendor: "dora", atOnce: 1 });
  await aQueueAt(stopped);
  await database.pool.query(`UPDATE "Account" SET ${how} WHERE id = $1`, [stopped.accountId]);
  const next = await aConnection(database.pool);
  const part = await aPartRow(database.pool, { ...next, shopifyId: "2", part: { turn: many } });

  const claims = await claimVendorOrders(database.pool, 5);
  expect(claims.map(({ id }) => id)).toEqual([part.vendorOrderId]);
});

test("the order that has the basket goes on, however many wait behind it", async () => {
  const account = await aConnection(database.pool, { vendor: "dora", atOnce: 1 });
  await aQueueAt(account);
  const holder = await aPartRow(database.pool, { ...account, shopifyId: "2", part: { turn: many } });
  await database.pool.query(`UPDATE "Account" SET "holderId" = $1`, [holder.vendorOrderId]);

  const claims = await claimVendorOrders(database.pool, 5);
  expect(claims.map(({ id }) => id)).toEqual([holder.vendorOrderId]);
});

test("of more accounts than one look takes, those that have waited longest come first", async () => {
  const waiting = [];
  for (let turn = 130; turn > 0; turn--) {
    const connection = await aConnection(database.pool);
    const part = await aPartRow(database.pool, { ...connection, shopifyId: String(turn), part: { turn } });
    if (turn <= 3) waiting.unshift(part.vendorOrderId);
  }
  const claims = await claimVendorOrders(database.pool, 3);
  expect(claims.map(({ id }) => id).sort()).toEqual(waiting.sort());
});
