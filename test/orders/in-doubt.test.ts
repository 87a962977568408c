// What the merchant changes while nobody knows whether the vendor has a part.
import { expect, test } from "vitest";
import { doesNotExist, itExists } from "#app/orders/decision.server.ts";
import { anOrder } from "#test/support/builders.ts";
import { drain, partsOf, takeIn } from "#test/support/road.ts";
import { anOmsShop, aPrint } from "./at-vendor.ts";

const here = anOmsShop();
const updatedAt = "2026-11-22T09:00:00Z";
const one = aPrint();
const more = aPrint({ id: "14002" });

/** An order whose answer was lost; it was not made. */
async function anOrderInDoubt() {
  here.oms.fault({ kind: "error-not-done", on: "POST /api/v1/orders" });
  const order = await here.order({ lines: [one] });
  await here.database.later("2 hours");
  await drain(here.world);
  expect(await here.part(order.orderId)).toMatchObject({ status: "held", code: "unsure" });
  return order;
}

const made = (): string[][] =>
  here.oms.ledger().map(({ lines }) => lines.map(({ quantity }) => String(quantity)));

async function orderRow(id: string): Promise<{ status: string; sentence: string | null }> {
  const { rows } = await here.database.pool.query<{ status: string; sentence: string | null }>(
    `SELECT status, sentence FROM "Order" WHERE id = $1`,
    [id],
  );
  return rows[0] ?? { status: "none", sentence: null };
}

test("a line that is added while a part is in doubt waits until that is known, and says so", async () => {
  const { orderId, at } = await anOrderInDoubt();
  await takeIn(here.database.pool, anOrder({ updatedAt, lines: [one, more] }));
  await drain(here.world);

  expect(await orderRow(orderId)).toMatchObject({
    status: "held",
    sentence: expect.stringMatching(/may have .* already/),
  });
  expect(await partsOf(here.database.pool, orderId)).toHaveLength(1);

  expect(await itExists(here.world, { ...at, number: "OMS-1" })).toEqual({ done: true });
  await drain(here.world);
  expect(await orderRow(orderId)).toMatchObject({ status: "routed", sentence: null });
  expect((await partsOf(here.database.pool, orderId)).map(({ status }) => status)).toEqual(["sent", "sent"]);
  expect(made()).toEqual([["1"]]);
});

test("a line that was added meanwhile goes in the same part when the vendor does not have it", async () => {
  const { orderId, at } = await anOrderInDoubt();
  await takeIn(here.database.pool, anOrder({ updatedAt, lines: [one, more] }));
  await drain(here.world);
  expect(await doesNotExist(here.world, at)).toEqual({ done: true });
  await drain(here.world);

  expect(made()).toEqual([["1", "1"]]);
  expect(await partsOf(here.database.pool, orderId)).toMatchObject([{ status: "sent" }]);
});

test("a line that was taken out of an order which is not paid in full any more is not made", async () => {
  await here.database.pool.query(`UPDATE "Connection" SET "holdMinutes" = 30`);
  await here.order({ lines: [one, more] });
  const added = aPrint({ id: "14003" });
  await takeIn(
    here.database.pool,
    anOrder({ updatedAt, paid: false, lines: [{ ...one, quantity: 0 }, more, added] }),
  );
  await here.database.later("31 minutes");
  await drain(here.world);
  expect(made()).toEqual([["1"]]);
});
