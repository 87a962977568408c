// A person is asked whether a part exists although no buying request of it is open: it stopped half way, or what had been
// left at the vendor turned out to be an order.
import { expect, test } from "vitest";
import { leaveAccount } from "#app/connections/leaving.server.ts";
import { doesNotExist, giveUp, itExists } from "#app/orders/decision.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { aConnection, aPartRow, aWorld, row, shop, story } from "./rows.ts";

const database = testDatabase();

async function asked(part: Record<string, unknown> = {}) {
  const connection = await aConnection(database.pool, { vendor: "dot" });
  const question = { status: "held", code: "unsure", sentence: "Look.", notes: { draftId: "D-1" }, ...part };
  const made = await aPartRow(database.pool, { ...connection, vendor: "dot", part: question });
  return { ...connection, ...made, which: { shop, vendorOrderId: made.vendorOrderId } };
}

const partRow = (id: string) => row(database.pool, "VendorOrder", id);

test("“it does not exist” waits until a request of an earlier try can no longer arrive", async () => {
  const { which, vendorOrderId } = await asked();
  expect(await doesNotExist(aWorld(database.pool), which)).toEqual({
    refused: expect.stringMatching(/may still arrive .* in 10 minutes/),
  });

  await database.later("11 minutes");
  expect(await doesNotExist(aWorld(database.pool), which)).toEqual({ done: true });
  expect(await partRow(vendorOrderId)).toMatchObject({ status: "waiting", resend: 1 });
});

test("“it exists” says that the order there may be an older one than here", async () => {
  const { which, vendorOrderId } = await asked();
  // What was sent is not known any more, so nothing can be asked about it.
  await database.pool.query(`UPDATE "VendorOrder" SET payload = NULL`);
  expect(await itExists(aWorld(database.pool), { ...which, number: "M-9" })).toEqual({ done: true });
  expect(await partRow(vendorOrderId)).toMatchObject({
    status: "sent",
    vendorNumber: "M-9",
    trackAt: null,
    notice: expect.stringMatching(/as the order was before its last change/),
  });
});

test("a part of a removed vendor that is not there ends, and its lines are free for another one", async () => {
  const { which, vendorOrderId, orderId, connectionId } = await asked();
  await database.pool.query(`UPDATE "Connection" SET "removedAt" = now() WHERE id = $1`, [connectionId]);
  await database.later("11 minutes");

  expect(await doesNotExist(aWorld(database.pool), which)).toEqual({ done: true });
  expect(await partRow(vendorOrderId)).toMatchObject({ status: "cancelled", code: null });
  expect((await story(database.pool, orderId)).join()).toMatch(/does not have this part/);
});

test("a question that was asked of one account stays at that account when the connection changes to another", async () => {
  const { vendorOrderId, connectionId, accountId } = await asked();
  const other = await aConnection(database.pool, { vendor: "dot" });
  await leaveAccount(database.pool, { connectionId, accountId: other.accountId, left: accountId });
  expect(await partRow(vendorOrderId)).toMatchObject({ accountId, notes: { draftId: "D-1" } });
});

test("giving up a part whose request left once says where to look", async () => {
  const { which, orderId } = await asked({ code: "tries", frozenAt: new Date() });
  expect(await giveUp(aWorld(database.pool), which)).toEqual({ done: true });
  expect((await story(database.pool, orderId)).join()).toMatch(/may still have reached/);
});
