// A vendor with one basket per login: one order at a time, strictly, whoever it belongs to.
import { expect, test } from "vitest";
import { aTown, ringSku } from "#test/support/town.ts";

const town = aTown();

test("D3 two orders for one login are bought one after the other, each alone", async () => {
  await town.connect("dora");
  await town.shopify.checkout({ lines: [town.line(ringSku, 1)] });
  await town.shopify.checkout({ lines: [town.line(ringSku, 2)] });
  await town.rest();
  expect(quantities()).toEqual([[1], [2]]);
});

test("an order that stopped half way keeps the cart, and the next one waits instead of failing on it", async () => {
  await town.connect("dora");
  town.dora.fault({ on: "PUT /cart", kind: "reset-after" });
  const first = await town.shopify.checkout({ lines: [town.line(ringSku, 1)] });
  await town.rest();
  const second = await town.shopify.checkout({ lines: [town.line(ringSku, 2)] });
  await town.rest();
  expect(await town.parts(first.id)).toMatchObject([{ status: "waiting" }]);
  expect(await town.parts(second.id)).toMatchObject([{ status: "waiting", tries: 0 }]);

  await town.database.later("3 minutes");
  await town.rest();
  expect(await town.parts(first.id)).toMatchObject([{ status: "sent" }]);
  expect(await town.parts(second.id)).toMatchObject([{ status: "sent" }]);
  expect(quantities()).toEqual([[1], [2]]);
});

test("D9 a purchase that got no answer and left the cart full stops the login until a person has looked", async () => {
  await town.connect("dora");
  town.dora.fault({ on: "POST /cart", kind: "error-not-done" });
  const first = await town.shopify.checkout({ lines: [town.line(ringSku, 1)] });
  await town.rest();
  const second = await town.shopify.checkout({ lines: [town.line(ringSku, 2)] });
  await town.rest();
  await town.database.later("10 minutes");
  await town.rest();
  await town.database.later("10 minutes");
  await town.rest();
  expect(await town.parts(first.id)).toMatchObject([{ status: "held", code: "unsure" }]);
  expect(await town.parts(second.id)).toMatchObject([{ status: "waiting", tries: 0 }]);
  expect(town.dora.ledger()).toHaveLength(0);
});

test("an order refused half way takes its rings out of the cart in the same run", async () => {
  await town.connect("dora", { settings: { maxTotal: 1 } });
  const order = await town.shopify.checkout({ lines: [town.line(ringSku, 1)] });
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "held", code: "rejected", tries: 0 }]);
  const puts = town.dora.requests().filter(({ method, path }) => method === "PUT" && path === "/cart");
  const taken = town.dora.requests().filter(({ method, path }) => method === "DELETE" && path === "/cart");
  expect(taken).toHaveLength(puts.length);
  expect(town.dora.ledger()).toHaveLength(0);
});

function quantities(): number[][] {
  const bought = town.dora.ledger().map(({ lines }) => lines.map(({ quantity }) => quantity));
  return bought.sort(([one = 0], [other = 0]) => one - other);
}
