// What is not bought: rings Dora does not make, prices nobody agreed to; and what remains wherever the wire is cut.
import { expect, test } from "vitest";
import { dora } from "#app/vendors/dora/index.ts";
import { VendorError } from "#app/vendors/vendor.ts";
import type { MemoryCalls } from "#test/vendors/calls.ts";
import { aRing, atDora, errorOf, orders, payloadOf, ringLine, ringPart } from "./rings.ts";

const at = atDora();
const submit = (calls: MemoryCalls, what: unknown, settings = at.settings()) =>
  orders.submit(what, settings, calls);

test("D13 a width Dora does not make is held before anything is in the cart", async () => {
  const wide = payloadOf(ringPart([[ringLine(), aRing({ width: 9 })]]));
  const calls = await at.loggedIn();
  const error = await errorOf(() => submit(calls, wide));

  expect(error.problem).toBe("rejected");
  expect(error.message).toContain("Width must be between 2.5 and 8");
  expect(at.said("PUT")).toBe(0);
  expect(calls.notes).toEqual({});
});

test("D14 a ring of two parts with only one configured is held before anything is in the cart", async () => {
  const half = payloadOf(ringPart([[ringLine(), aRing({ id: 320, collectionId: 14, width: 2.5 })]]));
  const error = await errorOf(async () => submit(await at.loggedIn(), half));

  expect(error.message).toContain("has the parts Band and Setting, but the product has Band");
  expect(at.said("PUT")).toBe(0);
});

test("an item Dora does not have is held with Dora's own words", async () => {
  const unknown = payloadOf(ringPart([[ringLine({ properties: [] }), { type: "product", id: 999 }]]));
  const error = await errorOf(async () => submit(await at.loggedIn(), unknown));

  expect(error).toMatchObject({ problem: "rejected", message: "Dora: Product not found" });
});

test("a price beyond the merchant's limits is not paid, and the cart is given back", async () => {
  const priced = payloadOf(ringPart([[ringLine(), aRing({ expectedPrice: 100 })]]));
  for (const limits of [{ maxTotal: 100 }, { priceTolerance: 0 }]) {
    const calls = await at.loggedIn();
    const error = await errorOf(() => submit(calls, priced, at.settings(limits)));
    await orders.withdraw?.(priced, at.settings(limits), calls);
    expect(error).toMatchObject({
      problem: "rejected",
      message: expect.stringContaining("Dora wants 351.20"),
    });
  }
  await submit(await at.loggedIn(), priced, at.settings({ maxTotal: 351.2 }));

  expect(at.standIn.ledger()).toHaveLength(1);
});

/** What the engine does with each problem, until the order is sent or held. */
async function untilTheEnd(calls: MemoryCalls, what: unknown): Promise<string> {
  for (let tries = 0; tries < 6; tries++) {
    try {
      return `sent ${(await submit(calls, what)).number}`;
    } catch (error) {
      if (!(error instanceof VendorError)) throw error;
      if (error.problem === "rejected") {
        await orders.withdraw?.(what, at.settings(), calls);
        return "held";
      }
      if (error.problem === "unsure")
        return "cannotTell" in (await orders.probe(what, at.settings(), calls)) ? "held" : "lost";
      if (error.problem === "connection")
        calls.token = (await dora.login?.(at.settings(), { ...calls, token: "" }))?.token ?? "";
    }
  }
  return "tries";
}

const kinds = ["refuse", "reset-after", "too-many", "error-not-done", "error-done", "html-502", "html-502-done", "truncated", "revoked-key"] as const; // prettier-ignore

test.each(kinds)("wherever %s hits the conversation, the order is bought once or held", async (kind) => {
  const mixed = payloadOf(
    ringPart([
      [ringLine({ quantity: 2 }), aRing()],
      [ringLine({ properties: [] }), { type: "product", id: 71 }],
    ]),
  );
  for (let after = 0; after < 7; after++) {
    at.standIn.reset();
    const calls = await at.loggedIn();
    at.standIn.fault({ kind, after, times: 1 });
    const ended = await untilTheEnd(calls, mixed);
    const ledger = at.standIn.ledger();
    const where = `${kind} at request ${after}: ${ended}`;

    expect(ledger.length, where).toBeLessThanOrEqual(1);
    if (ended !== "held")
      expect(
        ledger.map((entry) => `sent ${entry.number}`),
        where,
      ).toEqual([ended]);
    for (const { lines } of ledger)
      expect(lines.map((line) => [line.sku, line.quantity]), where).toEqual([["4021", 2], ["product 71", 1]]); // prettier-ignore
    // Only the purchase itself may end with a person: everything before it is taken up again.
    if (after !== 5) expect(ended, where).toMatch(/^sent/);
  }
});
