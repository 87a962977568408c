// What is changed in Shopify while nobody knows whether the vendor has a part, or right after it surely has not.
import { expect, test } from "vitest";
import { approve, doesNotExist, giveUp } from "#app/orders/decision.server.ts";
import { drain } from "#test/support/road.ts";
import { aTown, kitSku, ringSku } from "#test/support/town.ts";
import { lateIn } from "./late.ts";

const town = aTown();
const submit = "POST /api/v1/order-drafts/*/submit/";
const look = "GET /api/v1/order-drafts/*/";

const pieces = (vendor: "dot" | "dora"): number[][] =>
  town[vendor].ledger().map(({ lines }) => lines.map(({ quantity }) => quantity));

/** A kit whose submit MGE never got. */
async function aLostSubmit() {
  await town.connect("dot");
  town.dot.fault({ on: submit, kind: "refuse" });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku, 3)] });
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "waiting", committingAt: expect.any(Date) }]);
  return order;
}

/** MGE says that it has no order of it, and has trouble at the very next question. */
async function surelyNotBought(shopifyId: string): Promise<void> {
  town.dot.fault({ on: look, kind: "error-not-done", after: 1 });
  await town.database.later("10 seconds");
  await town.rest();
  expect(await town.parts(shopifyId)).toMatchObject([{ status: "waiting", committingAt: null }]);
}

async function goesOn(): Promise<void> {
  await town.database.later("1 hour");
  await town.rest();
}

test("what was changed while a part was in doubt, or after it was surely not bought, is what is made", async () => {
  const added = await aLostSubmit();
  await town.shopify.editOrder(added.id, { add: [town.line(kitSku, 1)] });
  await town.rest();
  await surelyNotBought(added.id);
  await goesOn();
  expect(pieces("dot")).toEqual([[3, 1]]);
});

test("a line that became less after its part was surely not bought is made as it is now", async () => {
  const order = await aLostSubmit();
  await surelyNotBought(order.id);
  await town.shopify.editOrder(order.id, { remove: [{ lineId: lineOf(order), quantity: 2 }] });
  await town.rest();
  await goesOn();
  expect(pieces("dot")).toEqual([[1]]);
  expect(await town.story(order.id)).toContain(
    "The order was changed in Shopify before this part was sent. The change is in.",
  );
});

test("only the new line is made when every line was taken out while the part was in doubt", async () => {
  const order = await aLostSubmit();
  await town.shopify.editOrder(order.id, { remove: [{ lineId: lineOf(order), quantity: 3 }] });
  await town.rest();
  await surelyNotBought(order.id);
  await town.shopify.editOrder(order.id, { add: [town.line(kitSku, 1)] });
  await town.rest();
  await goesOn();
  expect(pieces("dot")).toEqual([[1]]);
  expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }]);
});

test("a lost submit that arrives after its order was changed makes nothing", async () => {
  await town.connect("dot");
  const late = lateIn(town.world, { method: "POST", path: "/submit/", until: "POST" });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku, 3)] });
  await town.shopify.settled();
  await drain(late.world);
  await surelyNotBought(order.id);
  await town.shopify.editOrder(order.id, { remove: [{ lineId: lineOf(order), quantity: 2 }] });
  await town.rest();
  await town.database.later("1 hour");
  await drain(late.world);
  expect(late.onTheWay()).toBe(0);
  expect(pieces("dot")).toEqual([[1]]);
});

test("an order that DOT was sent directly cannot be said not to exist while its request may still arrive", async () => {
  await town.connect("dot", { settings: { submission: "direct" } });
  const late = lateIn(town.world, { method: "POST", path: "/api/v1/orders/" });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.shopify.settled();
  await drain(late.world);
  await town.database.later("10 seconds");
  await town.rest();
  const [part] = await town.parts(order.id);
  expect(part).toMatchObject({ status: "held", code: "unsure" });
  const at = { shop: town.shopify.shop, vendorOrderId: part?.id ?? "" };

  expect(await doesNotExist(town.world, at)).toEqual({
    refused: expect.stringMatching(/may still arrive .* in 10 minutes/),
  });
  await town.rest();
  await late.arrive();
  expect(town.dot.ledger()).toHaveLength(1);
});

test("an order that DOT was sent directly is sent again when it is not there after ten minutes", async () => {
  await town.connect("dot", { settings: { submission: "direct" } });
  town.dot.fault({ on: "POST /api/v1/orders/", kind: "refuse" });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.rest();
  await town.database.later("601 seconds");
  await town.rest();
  const [part] = await town.parts(order.id);
  const at = { shop: town.shopify.shop, vendorOrderId: part?.id ?? "" };
  expect(await doesNotExist(town.world, at)).toEqual({ done: true });
  await town.rest();
  expect(town.dot.ledger()).toHaveLength(1);
});

/** A ring that lay in Dora's cart when the app was interrupted; a person then bought the cart by hand. */
async function boughtByHand() {
  await town.connect("dora");
  town.dora.fault({ on: "GET /cart", kind: "error-not-done", after: 1 });
  const order = await town.shopify.checkout({ lines: [town.line(ringSku, 2)] });
  await town.rest();
  const authorization = String(town.dora.requests().at(-1)?.headers["authorization"]);
  await fetch(`${town.dora.url}/cart`, { method: "POST", headers: { authorization } });
  await town.database.later("10 minutes");
  await town.rest();
  const [part] = await town.parts(order.id);
  expect(part).toMatchObject({ status: "held", code: "unsure", committingAt: null });
  return { order, sentence: part?.sentence, at: { shop: town.shopify.shop, vendorOrderId: part?.id ?? "" } };
}

test("a part of which a person was asked whether it exists keeps that question, whatever becomes of its order", async () => {
  const { order, at, sentence } = await boughtByHand();
  const question = { status: "held", code: "unsure", sentence };

  await town.database.pool.query(`UPDATE "Connection" SET approve = true`);
  await town.shopify.editOrder(order.id, { remove: [{ lineId: lineOf(order), quantity: 1 }] });
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([question]);
  expect(await approve(town.world, at)).toHaveProperty("refused");
  expect(await giveUp(town.world, at)).toEqual({ refused: expect.stringMatching(/may have this part/) });

  await town.shopify.cancelOrder(order.id);
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([question]);
  expect(await town.story(order.id)).not.toContain(expect.stringMatching(/Nothing was ordered/));
  expect(pieces("dora")).toEqual([[2]]);
});

function lineOf({ lines: [line] }: { lines: { id: string }[] }): string {
  return line?.id ?? "";
}
