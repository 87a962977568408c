// What a person still does about an order that its vendor has.
import { expect, test } from "vitest";
import { openJson } from "#app/crypto.server.ts";
import { cancelAtVendor, checkOrder, readChanging, updateAtVendor } from "#app/orders/decision.server.ts";
import { anAddress } from "#test/support/builders.ts";
import { drain, shop, takeIn } from "#test/support/road.ts";
import { anOmsShop, aPrint } from "./at-vendor.ts";
import { shipments, story } from "./rows.ts";
import { anOrder } from "#test/support/builders.ts";

const here = anOmsShop();

const changesAsked = (): string[] =>
  here.oms
    .requests()
    .filter(({ method }) => method === "DELETE" || method === "PUT")
    .map(({ method }) => method);

async function attempts(): Promise<{ kind: string; outcome: string | null; exchanges: number }[]> {
  const { rows } = await here.database.pool.query<{
    id: string;
    kind: string;
    outcome: string | null;
    exchanges: Buffer | null;
  }>(`SELECT id, kind, outcome, exchanges FROM "Attempt" ORDER BY number`);
  return rows.map(({ id, kind, outcome, exchanges }) => ({
    kind,
    outcome,
    exchanges: exchanges
      ? (openJson(exchanges, { table: "Attempt", column: "exchanges", shop, row: id }) as unknown[]).length
      : 0,
  }));
}

const later = "2026-11-22T09:00:00Z";

test("an order can be taken back at the vendor, and what was said is kept like any other try", async () => {
  const { orderId, at, part } = await here.order();
  expect(part.status).toBe("sent");

  expect(await cancelAtVendor(here.world, at)).toMatchObject({ done: true });

  expect(here.oms.ledger()[0]?.body).toHaveProperty("deleted_at");
  expect(await here.part(orderId)).toMatchObject({ status: "cancelled", code: "taken back" });
  expect((await story(here.database.pool, orderId)).at(-1)).toMatch(
    /^You took this part back at Ideal Factory/,
  );
  expect(await attempts()).toEqual([
    { kind: "submit", outcome: "accepted", exchanges: 1 },
    { kind: "cancel", outcome: "accepted", exchanges: 1 },
  ]);
});

test("what was taken back is never ordered again, whatever becomes of the order in Shopify", async () => {
  const { orderId, at } = await here.order();
  await cancelAtVendor(here.world, at);

  const edited = anOrder({ updatedAt: later, lines: [aPrint({ quantity: 3 })] });
  await takeIn(here.database.pool, edited);
  await drain(here.world);

  expect(here.oms.ledger()).toHaveLength(1);
  expect(await here.part(orderId)).toMatchObject({ status: "cancelled", code: "taken back" });
});

test("G17 two clicks at once take an order back once", async () => {
  const { at, orderId } = await here.order();
  const answers = await Promise.all([cancelAtVendor(here.world, at), cancelAtVendor(here.world, at)]);
  expect(answers.filter((answer) => "done" in answer).length).toBeGreaterThanOrEqual(1);
  expect(changesAsked()).toEqual(["DELETE"]);
  expect(await cancelAtVendor(here.world, at)).toMatchObject({ done: true });
  expect(changesAsked()).toEqual(["DELETE"]);
  expect((await here.part(orderId)).status).toBe("cancelled");
});

test("what has left is not taken back, and neither is what was never sent", async () => {
  const { at } = await here.order();
  await here.database.pool.query(`UPDATE "VendorOrder" SET status = 'shipped'`);
  expect(await cancelAtVendor(here.world, at)).toEqual({ refused: "This part was shipped already." });
  await here.database.pool.query(`UPDATE "VendorOrder" SET status = 'waiting'`);
  expect(await updateAtVendor(here.world, at)).toHaveProperty("refused");
  expect(changesAsked()).toEqual([]);
});

test("a vendor that refuses is quoted, and the order stays where it is", async () => {
  const { at, orderId } = await here.order();
  await here.database.pool.query(`UPDATE "VendorOrder" SET "vendorNumber" = NULL`);
  expect(await cancelAtVendor(here.world, at)).toMatchObject({ refused: expect.stringContaining("OMS") });
  expect(await here.part(orderId)).toMatchObject({ status: "sent" });
  expect((await attempts()).at(-1)).toMatchObject({ kind: "cancel", outcome: "rejected" });
});

test("when the answer is lost the order stays, and pressing once more ends it", async () => {
  const { at, orderId } = await here.order();
  here.oms.fault({ kind: "error-done", on: "DELETE /api/v1/orders/*" });
  expect(await cancelAtVendor(here.world, at)).toMatchObject({
    refused: expect.stringContaining("asking twice is harmless"),
  });
  expect(await here.part(orderId)).toMatchObject({ status: "sent" });
  expect(await cancelAtVendor(here.world, at)).toMatchObject({ done: true });
  expect(await here.part(orderId)).toMatchObject({ status: "cancelled" });
});

test("a process that died in the middle keeps nobody from the order for longer than a minute", async () => {
  const { at } = await here.order();
  await here.database.pool.query(
    `UPDATE "VendorOrder" SET "leaseUntil" = now() + interval '60 seconds', fence = fence + 1`,
  );
  await here.database.pool.query(
    `INSERT INTO "Attempt" (shop, "vendorOrderId", number, kind) VALUES ($1, $2, 2, 'cancel')`,
    [shop, at.vendorOrderId],
  );
  expect(await cancelAtVendor(here.world, at)).toHaveProperty("refused");
  await here.database.later("61 seconds");
  expect(await cancelAtVendor(here.world, at)).toMatchObject({ done: true });
  expect((await attempts()).map(({ outcome }) => outcome)).toEqual(["accepted", "interrupted", "accepted"]);
});

test("a delivery address that changes after sending is said, and can be brought to the vendor by a button", async () => {
  const { at, orderId } = await here.order();
  const moved = anAddress({ address1: "77 New Road" });
  await takeIn(here.database.pool, anOrder({ updatedAt: later, lines: [aPrint()], shippingAddress: moved }));
  await drain(here.world);
  expect((await here.part(orderId)).notice).toBe(
    "The order was changed in Shopify (the delivery address is another one) after this part was sent. The vendor was not told. Press “Send the new address to Ideal Factory OMS”.",
  );

  expect(await updateAtVendor(here.world, at)).toMatchObject({ done: true });
  await drain(here.world);

  expect(JSON.stringify(here.oms.ledger()[0]?.body)).toContain("77 New Road");
  expect(here.oms.ledger()).toHaveLength(1);
  expect(await here.part(orderId)).toMatchObject({ status: "sent", notice: null });
  expect((await attempts()).at(-1)).toMatchObject({ kind: "update", outcome: "accepted", exchanges: 1 });
});

test("an order that did not change is not remarked on, whatever else Shopify tells of it", async () => {
  const { orderId } = await here.order();
  await takeIn(here.database.pool, anOrder({ updatedAt: later, lines: [aPrint()], note: "thanks" }));
  await drain(here.world);
  expect((await here.part(orderId)).notice).toBeNull();
});

test("a cancellation in Shopify after sending names the button, and does nothing by itself", async () => {
  const { orderId } = await here.order();
  await takeIn(here.database.pool, anOrder({ updatedAt: later, cancelledAt: later, lines: [aPrint()] }));
  await drain(here.world);
  expect((await here.part(orderId)).notice).toContain("Press “Cancel at Ideal Factory OMS”");
  expect(changesAsked()).toEqual([]);
});

test("another shop can neither change nor check an order, and a removed account is not asked", async () => {
  const { at } = await here.order();
  const theirs = { ...at, shop: "other.myshopify.com" };
  for (const ask of [cancelAtVendor, updateAtVendor, checkOrder])
    expect(await ask(here.world, theirs)).toHaveProperty("refused");
  await here.database.pool.query(`UPDATE "Connection" SET "removedAt" = now()`);
  expect(await cancelAtVendor(here.world, at)).toMatchObject({
    refused: expect.stringContaining("was removed"),
  });
  expect(changesAsked()).toEqual([]);
});

test("the page offers what the vendor can do in each state, and what to do instead", () => {
  expect(readChanging({ vendor: "oms", status: "sent" })).toMatchObject({
    cancel: true,
    update: true,
    files: true,
  });
  expect(readChanging({ vendor: "oms", status: "waiting" })).toMatchObject({ cancel: false, update: false });
  expect(readChanging({ vendor: "dot", status: "sent" })).toMatchObject({
    cancel: false,
    instead: expect.stringContaining("MGE"),
  });
  expect(readChanging({ vendor: "gone", status: "sent" })).toMatchObject({ cancel: false, instead: "" });
});

test("what was sent since the page was loaded is not checked any more", async () => {
  const { at } = await here.order();
  expect(await checkOrder(here.world, at)).toEqual({ refused: expect.stringContaining("has this part") });
});

test("checking an order says what is wrong with it today, and sends nothing", async () => {
  await here.database.pool.query(`UPDATE "Connection" SET "holdMinutes" = 60`);
  const { at } = await here.order({ shippingAddress: undefined, billingAddress: undefined });
  const answer = await checkOrder(here.world, at);
  expect(answer).toHaveProperty("problems");
  expect("problems" in answer ? answer.problems.length : 0).toBeGreaterThan(0);
  expect(here.oms.ledger()).toEqual([]);
  expect(await shipments(here.database.pool, at.vendorOrderId)).toEqual([]);
});
