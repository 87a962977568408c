// An order is read from Shopify, which takes its time, and meanwhile it changes there: the older answer must not win.
import { expect, test } from "vitest";
import { takeInbox } from "#app/inbox.ts";
import { askForOrder, readAgain } from "#app/orders/intake.ts";
import { gateBefore } from "#test/support/gate.ts";
import { aTown, kitSku } from "#test/support/town.ts";

const town = aTown();

/** Lets somebody read the order and stop with Shopify's answer in hand; `finish` lets it be written. */
async function readAndStop(shopifyId: string): Promise<{ finish(): Promise<void> }> {
  await askForOrder(town.database.pool, { shop: town.shopify.shop, shopifyId });
  const gate = gateBefore('INSERT INTO "Order" (id, shop, "shopifyId", name, facts', town.database.pool);
  const reading = readAgain({ ...town.world, db: gate.db }, 8);
  await gate.reached;
  return {
    finish: async () => {
      gate.open();
      await reading;
    },
  };
}

test("an order that is cancelled while it is read stays cancelled", async () => {
  await town.connect("dot", { holdMinutes: 30 });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.rest();
  const stopped = await readAndStop(order.id);

  await town.shopify.cancelOrder(order.id);
  await town.shopify.settled();
  await takeInbox(town.world);
  await stopped.finish();
  await town.rest();
  await town.database.later("31 minutes");
  await town.rest();

  expect(await town.parts(order.id)).toMatchObject([{ status: "cancelled" }]);
  expect(town.dot.ledger()).toHaveLength(0);
});

test("a refund that is told while the order is read is read too, and not made", async () => {
  await town.connect("dot", { holdMinutes: 30 });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku, 3)] });
  await town.rest();
  const stopped = await readAndStop(order.id);

  town.shopify.pointAt("http://127.0.0.1:1");
  const lineId = order.lines[0]?.id ?? "";
  await town.shopify.refundOrder(order.id, { lines: [{ lineId, quantity: 2, restockType: "cancel" }] });
  await town.shopify.settled();
  town.shopify.pointAt(town.doorUrl);
  await town.shopify.webhook("refunds/create", { order_id: Number(order.id) });
  await takeInbox(town.world, 1);
  await stopped.finish();
  await town.rest();
  await town.database.later("31 minutes");
  await town.rest();

  expect(town.dot.ledger().map(({ lines }) => lines.map(({ quantity }) => quantity))).toEqual([[1]]);
});
