// Dora's cart after an interruption: taking out ours only, never passing over that it was gone, a session that ends.
import { expect, test } from "vitest";
import { dora } from "#app/vendors/dora/index.ts";
import type { MemoryCalls } from "#test/vendors/calls.ts";
import { atDora, errorOf, orders, payloadOf } from "./rings.ts";

const at = atDora();
const payload = payloadOf();
const withdraw = async (calls: MemoryCalls): Promise<void> =>
  orders.withdraw?.(payload, at.settings(), calls);

/** Calls of an order whose ring lies in the cart, unbought. */
async function withAFullCart(): Promise<MemoryCalls> {
  const calls = await at.loggedIn();
  const { commit } = calls;
  calls.commit = () => Promise.reject(new Error("killed"));
  await expect(orders.submit(payload, at.settings(), calls)).rejects.toThrow("killed");
  calls.commit = commit;
  return calls;
}

test("D23 what is taken out is named in a JSON body", async () => {
  const calls = await withAFullCart();
  await withdraw(calls);
  await withdraw(calls);

  const [removal, ...more] = at.standIn.requests().filter((one) => one.method === "DELETE");
  expect(removal).toMatchObject({ status: 200, body: { item_key: expect.any(String) } });
  expect(removal?.headers["content-type"]).toBe("application/json");
  expect(more, "a second withdrawal has nothing to do").toEqual([]);
});

test("an order that was withdrawn can be sent afresh", async () => {
  const calls = await withAFullCart();
  await withdraw(calls);
  await orders.submit(payload, at.settings(), calls);

  expect(at.standIn.ledger()).toHaveLength(1);
});

test.each(["refuse", "reset-after", "error-done", "error-not-done"] as const)(
  "a withdrawal interrupted by %s is ended by the next one",
  async (kind) => {
    const calls = await withAFullCart();
    at.standIn.fault({ on: "DELETE /cart", kind });
    expect((await errorOf(() => withdraw(calls))).problem).toBe("retry");
    await withdraw(calls);

    await orders.submit(payload, at.settings(), await at.loggedIn({ reference: "M-1002-a" }));
    expect(at.standIn.ledger().flatMap((entry) => entry.lines)).toMatchObject([{ quantity: 1 }]);
  },
);

test("a cart that somebody bought in the meantime is not called withdrawn until a person looked", async () => {
  const calls = await withAFullCart();
  const person = await at.loggedIn();
  await person.commit({
    method: "POST",
    url: `${at.standIn.url}/cart`,
    headers: { authorization: `Bearer ${person.token}` },
  });
  const error = await errorOf(() => withdraw(calls));
  await withdraw(calls);

  expect(error).toMatchObject({
    problem: "unsure",
    message: expect.stringContaining("confirmation e-mails"),
  });
  expect(calls.notes["cart"]).toBe("given back");
});

test("a cart that we asked a person to empty is not missed", async () => {
  const calls = await withAFullCart();
  await errorOf(() => orders.submit(payload, at.settings({ maxTotal: 1 }), calls));
  const person = await at.loggedIn({ notes: calls.notes });
  await withdraw(person);
  await orders.submit(payload, at.settings(), calls);

  expect(at.standIn.ledger()).toHaveLength(1);
});

test("an order that was never begun has nothing to take out, and Dora is not asked", async () => {
  const calls = await at.loggedIn();
  await withdraw(calls);

  expect(at.said("GET")).toBe(0);
});

test("D17 a token that ends in the middle is renewed, and nothing is added twice", async () => {
  const calls = await at.loggedIn();
  at.standIn.fault({ on: "GET /cart", kind: "revoked-key", after: 1, times: 1 });
  const error = await errorOf(() => orders.submit(payload, at.settings(), calls));
  const login = await dora.login?.(at.settings(), calls);
  calls.token = login?.token ?? "";
  await orders.submit(payload, at.settings(), calls);

  expect(error).toMatchObject({ problem: "connection", status: 401 });
  expect(at.said("PUT")).toBe(1);
  expect(at.standIn.ledger()).toHaveLength(1);
});
