// What can be asked of WHCC without ordering: whether it would take an order, and whether the keys are good.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { whcc } from "#app/vendors/whcc/index.ts";
import { anAttempt, failing, orders, startThere, type Attempt, type Given, type There } from "./support.ts";

let there: There;
beforeAll(async () => {
  there = await startThere();
});
afterAll(() => there.stop());
beforeEach(() => there.standIn.reset());

const attempt = (given: Given = {}): Attempt => anAttempt(there, given);

describe("asking without ordering", () => {
  test("a check says what WHCC would, and orders nothing", async () => {
    const check = (one: Attempt) => orders().check?.(one.payload, one.mine, one.calls);

    expect(await check(attempt())).toEqual([]);
    expect(await check(attempt({ settings: { maxOrderUsd: 1 } }))).toEqual([
      expect.stringContaining("USD 81.86"),
    ]);
    expect(await check(attempt({ product: { productUids: "1" } }))).toEqual([
      expect.stringContaining("product 186"),
    ]);
    expect(there.standIn.ledger()).toHaveLength(0);
  });

  test("trying the settings shows what the keys can do", async () => {
    const { mine, calls } = attempt();

    expect(await whcc.test(mine, calls)).toBe(
      "Connected to WHCC: 3 products to design. The Order Submit API accepts its keys too.",
    );
    for (const wrong of [{ secret: "no" }, { consumerSecret: "no" }]) {
      const error = await failing(whcc.test({ ...mine, ...wrong }, calls));
      expect(error).toMatchObject({ problem: "connection" });
      expect(error.message).toContain("Incorrect consumer");
    }
  });
});
