import { expect, test } from "vitest";
import type { Db } from "#app/db.server.ts";
import { writeback } from "#app/orders/writeback.ts";
import type { AdminFault } from "#sandbox/shopify/index.ts";
import { cutShopify } from "#test/support/redirect.ts";
import { shipments } from "./rows.ts";
import { aToldShop } from "./told-shop.ts";

const town = aToldShop();
const { database, world, anOrderWith, fulfillmentsOf, creations, fiveMinutes } = town;

// In every case one piece of three is shipped, so that Shopify itself would not refuse a second fulfillment of it.
type Cut = (send: () => Promise<Response>) => Promise<Response>;
const lostCases: [what: string, fault: AdminFault | undefined, cut: Cut | undefined][] = [
  [
    "the line is cut after Shopify did it",
    { kind: "reset-after", operation: "fulfillmentCreate" },
    undefined,
  ],
  [
    "the line is cut before Shopify did it",
    { kind: "reset-before", operation: "fulfillmentCreate" },
    undefined,
  ],
  ["Shopify did it and answers 500", { kind: "500-done", operation: "fulfillmentCreate" }, undefined],
  [
    "Shopify did not do it and answers 500",
    { kind: "500-not-done", operation: "fulfillmentCreate" },
    undefined,
  ],
  ["Shopify is not available", { kind: "503", operation: "fulfillmentCreate" }, undefined],
  ["a page of something else comes back", { kind: "html-200", operation: "fulfillmentCreate" }, undefined],
  ["Shopify asks to slow down", { kind: "429", operation: "fulfillmentCreate" }, undefined],
  ["the bucket is empty", { kind: "throttled", operation: "fulfillmentCreate" }, undefined],
  ["the order cannot be read at first", { kind: "500-not-done", operation: "order" }, undefined],
  [
    "no answer comes in time although Shopify did it",
    undefined,
    async (send) => {
      const before = creations();
      const answer = await send();
      if (creations() > before)
        throw new TypeError("fetch failed", { cause: new DOMException("late", "TimeoutError") });
      return answer;
    },
  ],
];

test.each(lostCases.flatMap((lost) => ["JD0146", null].map((number) => [...lost, number] as const)))(
  "when %s, the parcel is one fulfillment in the end (%#)",
  async (_what, fault, cut, number) => {
    const { order, vendorOrderId } = await anOrderWith([{ number }]);
    if (fault) town.shopify.fault(fault);
    let left = 1;
    if (cut)
      cutShopify(async (send) => {
        if (left === 0) return send();
        try {
          return await cut(send);
        } catch (error) {
          left -= 1;
          throw error;
        }
      });

    await fiveMinutes();

    const [fulfillment, ...more] = fulfillmentsOf(order.id);
    expect(more).toEqual([]);
    expect(fulfillment).toMatchObject({ lines: [{ quantity: 1 }] });
    expect(await shipments(database.pool, vendorOrderId)).toMatchObject([
      { status: "told", fulfillmentIds: [fulfillment?.id], committingAt: null },
    ]);
  },
);

test("an answer that was lost is not asked for again before it can no longer take effect", async () => {
  await anOrderWith([{}]);
  town.shopify.fault({ kind: "reset-before", operation: "fulfillmentCreate" });
  const before = creations();
  await writeback(world());
  for (let quarter = 0; quarter < 7; quarter++) {
    await database.later("15 seconds");
    await writeback(world());
  }
  expect(creations()).toBe(before + 1);
  await database.later("30 seconds");
  await writeback(world());
  expect(creations()).toBe(before + 2);
});

/** A database that is gone from the first statement on that `fits`, as for a process that is killed there. */
function killedAt(fits: (statement: string) => boolean): Db {
  let dead = false;
  const check = (statement: unknown): void => {
    dead ||= typeof statement === "string" && fits(statement);
    if (dead) throw new Error("killed");
  };
  const { pool } = database;
  return {
    query: async (text: string, values?: unknown[]) => {
      check(text);
      return pool.query(text, values);
    },
    connect: async () => {
      check("");
      return pool.connect();
    },
  } as Db;
}

test.each([
  ["before it says that it will tell Shopify", /SET "committingAt" = now\(\)/, 1],
  ["after Shopify did it and before it is written down", /"fulfillmentIds" \|\|/, 1],
  ["after it is written down", /WITH mine AS/, 1],
])("a worker that is killed %s leaves one fulfillment in the end", async (_when, statement, total) => {
  for (const number of ["JD0146", null]) {
    const { order, vendorOrderId } = await anOrderWith([{ number }]);
    await writeback({ ...world(), db: killedAt((text) => statement.test(text)) });
    expect(await shipments(database.pool, vendorOrderId)).toMatchObject([{ status: "waiting" }]);

    await fiveMinutes();

    expect(fulfillmentsOf(order.id)).toHaveLength(total);
    expect(await shipments(database.pool, vendorOrderId)).toMatchObject([{ status: "told" }]);
  }
});

test("while a parcel's answer is missing, its sister parcel is told and neither is told twice", async () => {
  const { order, vendorOrderId } = await anOrderWith([{ number: null }, { number: null }]);
  town.shopify.fault({ kind: "reset-after", operation: "fulfillmentCreate" });
  await fiveMinutes();
  expect(fulfillmentsOf(order.id)).toHaveLength(2);
  const told = await shipments(database.pool, vendorOrderId);
  expect(told.map(({ status }) => status)).toEqual(["told", "told"]);
  expect(new Set(told.flatMap(({ fulfillmentIds }) => fulfillmentIds)).size).toBe(2);
});
