// Dora's one basket, and a request to it that was lost on its way and may still arrive there.
import { expect, test } from "vitest";
import { saveConnection } from "#app/connections.server.ts";
import { approve, sendNow, type Decision } from "#app/orders/decision.server.ts";
import { drain } from "#test/support/road.ts";
import { aTown, ringSku } from "#test/support/town.ts";
import { lateIn } from "./late.ts";
import { aForm } from "./rows.ts";

const town = aTown();

/** A ring whose way into the basket got no answer. What was lost arrives at the worst moment: right before a purchase. */
async function aLostRing() {
  const connectionId = await town.connect("dora");
  const late = lateIn(town.world, { method: "PUT", path: "/cart", until: "POST" });
  const order = await town.shopify.checkout({ lines: [town.line(ringSku, 1)] });
  await town.shopify.settled();
  await drain(late.world);
  const [part] = await town.parts(order.id);
  expect(part).toMatchObject({ status: "waiting", tries: 1 });
  return {
    late,
    order,
    connection: { shop: town.shopify.shop, connectionId },
    at: { shop: town.shopify.shop, vendorOrderId: part?.id ?? "" },
  };
}

/** What is bought when the worker runs at once, when the lost request arrives, and when its time is over. */
async function bought({ late }: Awaited<ReturnType<typeof aLostRing>>): Promise<number[][]> {
  await drain(late.world);
  await late.arrive();
  await town.database.later("3 minutes");
  await drain(late.world);
  return town.dora.ledger().map(({ lines }) => lines.map(({ quantity }) => quantity));
}

test("nobody's click hastens a part whose lost request may still land in the shared basket", async () => {
  const ring = await aLostRing();
  const answer: Decision = await sendNow(ring.late.world, ring.at);
  expect(answer).toEqual({
    refused: expect.stringMatching(/may still arrive at Dora.*goes by itself in 2 minutes/),
  });
  expect(await town.story(ring.order.id)).not.toContain("You sent this part without waiting longer.");
  expect(await bought(ring)).toEqual([[1]]);
});

test("a connection that is saved again hastens no part whose lost request may still land in the shared basket", async () => {
  const ring = await aLostRing();
  const form = aForm({ baseUrl: town.dora.url, username: "dealer", password: "dora_demo", holdMinutes: "0" });
  const saved = await saveConnection(ring.late.world, { ...ring.connection, vendorId: "dora", form });
  expect(saved).toHaveProperty("sentence");
  expect(await bought(ring)).toEqual([[1]]);
});

test("nor does an approval, when the order was changed while that time runs", async () => {
  const ring = await aLostRing();
  await town.database.pool.query(`UPDATE "Connection" SET approve = true`);
  await town.shopify.editOrder(ring.order.id, { staffNote: "Hurry." });
  await town.rest();
  expect(await town.parts(ring.order.id)).toMatchObject([{ status: "held", code: "approval" }]);
  expect(await approve(ring.late.world, ring.at)).toEqual({ done: true });
  expect(await bought(ring)).toEqual([[1]]);
});

test("a ring that waits for its first try goes at once when it is sent now", async () => {
  await town.connect("dora", { holdMinutes: 60 });
  const order = await town.shopify.checkout({ lines: [town.line(ringSku, 1)] });
  await town.rest();
  const [part] = await town.parts(order.id);
  expect(await sendNow(town.world, { shop: town.shopify.shop, vendorOrderId: part?.id ?? "" })).toEqual({
    done: true,
  });
  await town.rest();
  expect(town.dora.ledger()).toHaveLength(1);
});
