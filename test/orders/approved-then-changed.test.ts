// An approval is of what was looked at.
import { expect, test } from "vitest";
import { approve } from "#app/orders/decision.server.ts";
import { anOrder } from "#test/support/builders.ts";
import { drain, takeIn } from "#test/support/road.ts";
import { anOmsShop, aPrint } from "./at-vendor.ts";

const here = anOmsShop();
const updatedAt = "2026-11-22T09:00:00Z";

/** One print that a person approved; the OMS was too busy to take it. */
async function anApprovedPrint() {
  await here.database.pool.query(`UPDATE "Connection" SET approve = true`);
  const order = await here.order();
  here.oms.fault({ kind: "too-many", on: "POST /api/v1/orders", retryAfterSeconds: 60 });
  expect(await approve(here.world, order.at)).toEqual({ done: true });
  await drain(here.world);
  expect(await here.part(order.orderId)).toMatchObject({ status: "waiting", tries: 1 });
  return order;
}

async function goesOn(): Promise<number[][]> {
  await here.database.later("5 minutes");
  await drain(here.world);
  return here.oms.ledger().map(({ lines }) => lines.map(({ quantity }) => quantity));
}

test("what was approved is asked for again when the order is changed before it was sent", async () => {
  const { orderId, at } = await anApprovedPrint();
  const gone = aPrint({ quantity: 0 });
  await takeIn(
    here.database.pool,
    anOrder({ updatedAt, lines: [gone, aPrint({ id: "14002", quantity: 40 })] }),
  );
  expect(await goesOn()).toEqual([]);
  expect(await here.part(orderId)).toMatchObject({ status: "held", code: "approval" });

  expect(await approve(here.world, at)).toEqual({ done: true });
  expect(await goesOn()).toEqual([[40]]);
});

test("what was approved and did not change goes on by itself, whatever else became new in its order", async () => {
  await anApprovedPrint();
  await takeIn(here.database.pool, anOrder({ updatedAt, note: "A gift", lines: [aPrint()] }));
  expect(await goesOn()).toEqual([[1]]);
});
