// The account of a connection is changed at the very moment at which an order is on its way to it.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { saveConnection } from "#app/connections.server.ts";
import type { Db } from "#app/db.server.ts";
import { routing } from "#app/orders/routing.ts";
import { submission } from "#app/orders/submission.ts";
import { startOms, type OmsStandIn } from "#sandbox/vendors/oms.ts";
import { anOrder } from "#test/support/builders.ts";
import { gateBefore, lockedOr } from "#test/support/gate.ts";
import { aWorld, drain, hostOf, shop, takeIn } from "#test/support/road.ts";
import { anOmsShop, aPrint } from "./at-vendor.ts";
import { aForm } from "./rows.ts";

const here = anOmsShop();
let other: OmsStandIn;
let world: ReturnType<typeof aWorld>;

beforeAll(async () => {
  other = await startOms();
  world = aWorld(here.database.pool, [hostOf(here.oms.url), hostOf(other.url)]);
});
beforeEach(() => other.reset());
afterAll(async () => {
  await world.close();
  await other.stop();
});

/** The merchant saves the connection with the address of this OMS. */
async function save(oms: OmsStandIn, db: Db = here.database.pool): Promise<void> {
  const form = aForm({
    baseUrl: oms.url,
    token: "oms_demo",
    storeId: "S1",
    defaultShippingCode: "STANDARD",
    createPrintFiles: "on",
    afterSilence: "send-again",
    holdMinutes: "0",
  });
  const at = { shop, vendorId: "oms", connectionId: here.connectionId() };
  expect(await saveConnection({ ...world, db }, { ...at, form })).toHaveProperty("sentence");
}

const made = (): number => here.oms.ledger().length + other.ledger().length;

test("an order that is about to be bought while its account is changed is bought at one of them", async () => {
  await save(here.oms);
  here.oms.fault({ on: "POST /api/v1/orders", kind: "reset-after" });
  await takeIn(here.database.pool, anOrder({ lines: [aPrint()] }));
  await routing(world);
  const buying = gateBefore(`"committingAt" = now()`, here.database.pool);
  const sending = submission({ ...world, db: buying.db }, 5).then((started) => Promise.all(started));
  await buying.reached;
  const leaving = gateBefore(`SET "accountId" = $2`, here.database.pool);
  const saved = save(other, leaving.db);
  await leaving.reached;

  buying.open();
  await lockedOr(here.database.pool, sending);
  leaving.open();
  await Promise.all([saved, sending]);
  for (let hours = 0; hours < 3; hours++) {
    await drain(world);
    await here.database.later("1 hour");
  }
  expect(made()).toBe(1);
});

test("an order that was being bought when its account was changed is asked about, never bought again", async () => {
  await save(here.oms);
  here.oms.fault({ on: "POST /api/v1/orders", kind: "reset-after" });
  const orderId = await takeIn(here.database.pool, anOrder({ lines: [aPrint()] }));
  await drain(world);
  await save(other);
  await here.database.later("1 hour");
  await drain(world);
  expect(await here.part(orderId)).toMatchObject({ status: "held", code: "unsure" });
  expect(made()).toBe(1);
});
