import { expect, test } from "vitest";
import { orderId } from "#app/orders/order-id.ts";
import {
  approve,
  dismissNotice,
  doesNotExist,
  giveUp,
  importOrder,
  itExists,
  releaseAccount,
  routeAgain,
  sendNow,
  tryAgain,
} from "#app/orders/decision.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { aConnection, aPartRow, aWorld, row, shop, story } from "./rows.ts";

const database = testDatabase();
const world = () => aWorld(database.pool);
const soon = (): Date => new Date(Date.now() + 1_800_000);

async function aPart(part: Record<string, unknown> = {}, more: { vendor?: string; atOnce?: number } = {}) {
  const connection = await aConnection(database.pool, more);
  const made = await aPartRow(database.pool, { ...connection, ...more, part });
  return { ...connection, ...made, which: { shop, vendorOrderId: made.vendorOrderId } };
}

const partRow = (id: string) => row(database.pool, "VendorOrder", id);
const isDue = async (id: string): Promise<boolean> =>
  (
    await database.pool.query(
      `SELECT 1 FROM "VendorOrder" WHERE id = $1 AND status = 'waiting' AND "nextRunAt" <= now()`,
      [id],
    )
  ).rowCount === 1;

test("send now ends the waiting time, once, however often it is pressed", async () => {
  const { which, vendorOrderId, orderId } = await aPart({ nextRunAt: soon() });
  const waker = world();
  const pressed = await Promise.all([sendNow(waker, which), sendNow(waker, which), sendNow(waker, which)]);
  expect(pressed).toEqual([{ done: true }, { done: true }, { done: true }]);
  expect(await isDue(vendorOrderId)).toBe(true);
  expect(waker.woken).toContain("submission");
  expect(await story(database.pool, orderId)).toEqual(["You sent this part without waiting longer."]);
});

test("nothing can be decided about another shop's order, or one that does not exist", async () => {
  const { vendorOrderId } = await aPart({ nextRunAt: soon() });
  for (const which of [
    { shop: "other.myshopify.com", vendorOrderId },
    { shop, vendorOrderId: "00000000-0000-4000-8000-000000000000" },
    { shop, vendorOrderId: "'; drop table orders; --" },
  ])
    for (const decide of [sendNow, approve, tryAgain, itExists, doesNotExist, giveUp, dismissNotice])
      expect(await decide(world(), which)).toHaveProperty("refused");
  expect(await isDue(vendorOrderId)).toBe(false);
});

test("sending now through a paused connection says that it is paused", async () => {
  const { which, connectionId } = await aPart({ nextRunAt: soon() });
  await database.pool.query(`UPDATE "Connection" SET status = 'paused' WHERE id = $1`, [connectionId]);
  expect(await sendNow(world(), which)).toEqual({ refused: expect.stringMatching(/is paused/) });
});

test("an order that waits for a look goes when it is approved, and a second click changes nothing", async () => {
  const { which, vendorOrderId, orderId } = await aPart({
    status: "held",
    code: "approval",
    sentence: "Look.",
  });
  expect(await sendNow(world(), which)).toEqual({ refused: expect.stringMatching(/press Approve/) });
  expect(await approve(world(), which)).toEqual({ done: true });
  expect(await approve(world(), which)).toEqual({ done: true });
  expect(await partRow(vendorOrderId)).toMatchObject({ code: null, approvedAt: expect.any(Date) });
  expect(await isDue(vendorOrderId)).toBe(true);
  expect(await story(database.pool, orderId)).toEqual(["You approved this part."]);
});

test.each(["payload", "rejected", "tries", "our fault"])(
  "a part held for “%s” is tried again afresh",
  async (code) => {
    const { which, vendorOrderId } = await aPart({
      status: "held",
      code,
      sentence: "x",
      tries: 7,
      firstTryAt: new Date(),
    });
    expect(await tryAgain(world(), which)).toEqual({ done: true });
    expect(await partRow(vendorOrderId)).toMatchObject({
      status: "waiting",
      tries: 0,
      firstTryAt: null,
      sentence: null,
    });
  },
);

test.each(["unsure", "number unknown", "approval", "mapping"])(
  "a part held for “%s” cannot just be tried again",
  async (code) => {
    const { which, vendorOrderId } = await aPart({
      status: "held",
      code,
      sentence: "x",
      committingAt: new Date(),
    });
    expect(await tryAgain(world(), which)).toHaveProperty("refused");
    expect(await partRow(vendorOrderId)).toMatchObject({ status: "held", code });
  },
);

test("an order found at the vendor is sent with its number, followed, and frees the shared basket", async () => {
  const { which, vendorOrderId, accountId, orderId } = await aPart(
    { status: "held", code: "unsure", sentence: "Look.", committingAt: new Date() },
    { atOnce: 1 },
  );
  await database.pool.query(`UPDATE "Account" SET "holderId" = $1`, [vendorOrderId]);
  const waker = world();

  expect(await itExists(waker, { ...which, number: " OMS-77 " })).toEqual({ done: true });

  expect(await partRow(vendorOrderId)).toMatchObject({
    status: "sent",
    committingAt: null,
    leaseUntil: null,
    vendorNumber: "OMS-77",
    sentAt: expect.any(Date),
    trackAt: expect.any(Date),
  });
  expect(await row(database.pool, "Account", accountId)).toMatchObject({ holderId: null });
  expect(waker.woken).toEqual(["tracking"]);
  expect(await story(database.pool, orderId)).toEqual([
    "You found this part at Ideal Factory OMS as OMS-77. It is not sent again.",
  ]);
});

test("a vendor that reports nothing is not asked after its order was found", async () => {
  const { which, vendorOrderId } = await aPart(
    { status: "held", code: "number unknown", sentence: "x", committingAt: new Date(), vendor: "dora" },
    { vendor: "dora" },
  );
  expect(await itExists(world(), which)).toEqual({ done: true });
  expect(await partRow(vendorOrderId)).toMatchObject({ status: "sent", trackAt: null, vendorNumber: null });
  expect(await itExists(world(), { ...which, number: "D-1" })).toEqual({ done: true });
  expect(await partRow(vendorOrderId)).toMatchObject({ vendorNumber: "D-1" });
  expect(await itExists(world(), { ...which, number: "D-2" })).toHaveProperty("refused");
});

test("while a worker is asking the vendor about an order, a person's word has to wait", async () => {
  const leaseUntil = new Date(Date.now() + 40_000);
  const { which, vendorOrderId } = await aPart({ committingAt: new Date(), leaseUntil });
  expect(await itExists(world(), which)).toEqual({ refused: expect.stringMatching(/at this moment/) });
  await database.later("1 minute");
  expect(await itExists(world(), which)).toEqual({ done: true });
  expect(await partRow(vendorOrderId)).toMatchObject({ status: "sent", fence: 1 });
});

test("an order that was never sent cannot be said to exist", async () => {
  const { which } = await aPart({ nextRunAt: soon() });
  expect(await itExists(world(), which)).toHaveProperty("refused");
});

test("“it does not exist” has to wait until a late request can no longer arrive, then sends once more", async () => {
  const { which, vendorOrderId, accountId } = await aPart({
    status: "held",
    code: "unsure",
    sentence: "x",
    committingAt: new Date(),
    frozenAt: new Date(),
    notes: '{"a":1}',
    payloadHash: "h",
  });
  await database.pool.query(`UPDATE "Account" SET "holderId" = $1`, [vendorOrderId]);
  expect(await doesNotExist(world(), which)).toEqual({ refused: expect.stringMatching(/in 6 minutes/) });
  expect(await partRow(vendorOrderId)).toMatchObject({
    status: "held",
    resend: 0,
    committingAt: expect.any(Date),
  });

  await database.later("361 seconds");
  const clicks = await Promise.all([doesNotExist(world(), which), doesNotExist(world(), which)]);
  expect(clicks).toEqual([{ done: true }, { done: true }]);
  expect(await partRow(vendorOrderId)).toMatchObject({
    status: "waiting",
    committingAt: null,
    frozenAt: null,
    resend: 1,
    payload: null,
    payloadHash: null,
    notes: {},
  });
  expect(await row(database.pool, "Account", accountId)).toMatchObject({ holderId: null });
});

test("an order whose number was lost is at the vendor and cannot be sent again", async () => {
  const { which } = await aPart({ status: "held", code: "number unknown", sentence: "x" });
  expect(await doesNotExist(world(), which)).toHaveProperty("refused");
});

test("what was not sent can be given up; what may be at the vendor cannot", async () => {
  const open = await aPart({ nextRunAt: soon() });
  expect(await giveUp(world(), open.which)).toEqual({ done: true });
  expect(await partRow(open.vendorOrderId)).toMatchObject({ status: "cancelled", code: "given up" });
  expect(await giveUp(world(), open.which)).toEqual({ done: true });
  expect(await sendNow(world(), open.which)).toHaveProperty("refused");
});

test.each([
  { status: "held", code: "unsure", sentence: "x", committingAt: new Date() },
  { status: "waiting", committingAt: new Date() },
  { status: "waiting", leaseUntil: soon() },
  { status: "sent" },
])("a part is not given up while it may be at the vendor (%o)", async (part) => {
  const { which, vendorOrderId } = await aPart(part);
  expect(await giveUp(world(), which)).toHaveProperty("refused");
  expect(await partRow(vendorOrderId)).toMatchObject({ status: part.status });
});

test("giving up an order that filled the shared basket stops the account until a person emptied it", async () => {
  const { which, accountId, vendorOrderId, connectionId } = await aPart(
    { notes: '{"cart":"ours"}' },
    { atOnce: 1 },
  );
  await database.pool.query(`UPDATE "Account" SET "holderId" = $1`, [vendorOrderId]);
  await giveUp(world(), which);
  expect(await row(database.pool, "Account", accountId)).toMatchObject({
    holderId: null,
    quarantine: expect.stringMatching(/Empty the basket/),
  });
  expect(await releaseAccount(world(), { shop: "other.myshopify.com", connectionId })).toHaveProperty(
    "refused",
  );
  const waker = world();
  expect(await releaseAccount(waker, { shop, connectionId })).toEqual({ done: true });
  expect(await row(database.pool, "Account", accountId)).toMatchObject({ quarantine: null });
  expect(waker.woken).toEqual(["submission"]);
});

test("an account is not released before somebody says whether its unanswered order exists", async () => {
  const part = { status: "held", code: "unsure", sentence: "x", committingAt: new Date() };
  const { accountId, vendorOrderId, connectionId, which } = await aPart(part, { atOnce: 1 });
  await database.pool.query(`UPDATE "Account" SET "holderId" = $1, quarantine = 'Look.'`, [vendorOrderId]);
  expect(await releaseAccount(world(), { shop, connectionId })).toEqual({
    refused: expect.stringMatching(/exists/),
  });
  await itExists(world(), which);
  expect(await row(database.pool, "Account", accountId)).toMatchObject({
    holderId: null,
    quarantine: "Look.",
  });
  expect(await releaseAccount(world(), { shop, connectionId })).toEqual({ done: true });
});

test("a notice that was read goes away", async () => {
  const { which, vendorOrderId } = await aPart({ status: "sent", notice: "Too late." });
  expect(await dismissNotice(world(), which)).toEqual({ done: true });
  expect(await partRow(vendorOrderId)).toMatchObject({ notice: null });
});

test("an order is worked out again on request, unless its details are gone", async () => {
  const { orderId: id } = await aPart();
  const waker = world();
  expect(await routeAgain(waker, { shop, orderId: id })).toEqual({ done: true });
  expect(await row(database.pool, "Order", id)).toMatchObject({ version: 2 });
  expect(waker.woken).toEqual(["routing"]);
  expect(await routeAgain(world(), { shop: "other.myshopify.com", orderId: id })).toHaveProperty("refused");
  await database.pool.query(`UPDATE "Order" SET facts = NULL`);
  expect(await routeAgain(world(), { shop, orderId: id })).toHaveProperty("refused");
});

test("an order that no webhook told of is brought in by its number, once", async () => {
  const waker = world();
  expect(await importOrder(waker, { shop, shopifyId: "gid://shopify/Order/9007199254740993" })).toEqual({
    done: true,
  });
  expect(await importOrder(waker, { shop, shopifyId: "9007199254740993" })).toEqual({ done: true });
  const id = orderId(shop, "9007199254740993");
  expect(await row(database.pool, "Order", id)).toMatchObject({
    readAgain: true,
    shopifyId: "9007199254740993",
    facts: null,
  });
  expect(waker.woken).toEqual(["intake", "intake"]);
  expect(await importOrder(world(), { shop, shopifyId: "#1001" })).toHaveProperty("refused");
  await database.pool.query(`UPDATE "Order" SET "redactedAt" = now()`);
  expect(await importOrder(world(), { shop, shopifyId: "9007199254740993" })).toHaveProperty("refused");
});
