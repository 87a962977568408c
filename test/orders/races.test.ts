// Two things at the same moment: each test stops one of them in the middle and lets the other come.
import pg from "pg";
import { expect, test } from "vitest";
import { giveUp, itExists } from "#app/orders/decision.server.ts";
import { routing } from "#app/orders/routing.ts";
import { submission } from "#app/orders/submission.ts";
import { anOrder } from "#test/support/builders.ts";
import { gateBefore, lockedOr } from "#test/support/gate.ts";
import { drain, takeIn } from "#test/support/road.ts";
import { anOmsShop, aPrint } from "./at-vendor.ts";

const here = anOmsShop();
const updatedAt = "2026-11-22T09:00:00Z";

/** An order whose hold window is just over. */
async function aDueOrder(lines = [aPrint()]) {
  await here.database.pool.query(`UPDATE "Connection" SET "holdMinutes" = 30`);
  const order = await here.order({ lines });
  await here.database.later("31 minutes");
  return order;
}

async function send(): Promise<void> {
  await Promise.all(await submission(here.world, 20));
}

test("a part that is given up at the very moment at which a worker takes it is not sent", async () => {
  const { at, orderId } = await aDueOrder();
  const gate = gateBefore("COMMIT", here.database.pool);
  const given = giveUp({ ...here.world, db: gate.db }, at);
  await gate.reached;

  const sending = send();
  await lockedOr(here.database.pool, sending);
  gate.open();
  expect(await given).toEqual({ done: true });
  await sending;

  expect(here.oms.ledger()).toHaveLength(0);
  expect(await here.part(orderId)).toMatchObject({ status: "cancelled", code: "given up" });
});

test("a change that is being worked out while a worker takes the part is in what is sent", async () => {
  await aDueOrder([aPrint({ quantity: 3 })]);
  await takeIn(here.database.pool, anOrder({ updatedAt, lines: [aPrint({ quantity: 1 })] }));
  const gate = gateBefore("COMMIT", here.database.pool);
  const routed = routing({ ...here.world, db: gate.db });
  await gate.reached;

  const sending = send();
  await lockedOr(here.database.pool, sending);
  gate.open();
  await Promise.all([routed, sending]);
  await drain(here.world);

  expect(here.oms.ledger().map(({ lines }) => lines.map(({ quantity }) => quantity))).toEqual([[1]]);
});

test("a change that is known but not yet worked out is not overtaken by the sending", async () => {
  await aDueOrder([aPrint({ quantity: 3 })]);
  await takeIn(here.database.pool, anOrder({ updatedAt, lines: [aPrint({ quantity: 1 })] }));

  await send();
  expect(here.oms.ledger()).toHaveLength(0);
  await drain(here.world);

  expect(here.oms.ledger().map(({ lines }) => lines.map(({ quantity }) => quantity))).toEqual([[1]]);
});

test("a click that meets the working out of its own order is carried out all the same", async () => {
  const { at, orderId } = await here.order();
  await here.database.pool.query(
    `UPDATE "VendorOrder" SET status = 'held', code = 'unsure', sentence = 'Look.', "vendorNumber" = NULL, "committingAt" = now() - interval '1 hour'`,
  );
  await here.database.pool.query(`UPDATE "OrderLine" SET verdict = 'held'`);
  await takeIn(here.database.pool, anOrder({ updatedAt, lines: [aPrint({ quantity: 2 })] }));
  // PostgreSQL takes back whoever asks first whether it waits in a circle: here that is the click.
  const clicks = new pg.Pool({ connectionString: here.database.url, options: "-c deadlock_timeout=1ms" });
  const gate = gateBefore('UPDATE "Order" o SET version', clicks);
  const clicked = itExists({ ...here.world, db: gate.db }, { ...at, number: "P-77" });
  await gate.reached;

  const routed = routing(here.world);
  await lockedOr(here.database.pool, routed);
  gate.open();
  expect(await clicked).toEqual({ done: true });
  await routed;
  await clicks.end();

  expect(await here.part(orderId)).toMatchObject({ status: "sent", vendorNumber: "P-77" });
});
