import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from "vitest";
import { sealToken } from "#app/session-storage.server.ts";
import { inTransaction, type Db } from "#app/db.server.ts";
import { tellShopifyAgain } from "#app/orders/decision.server.ts";
import { claimShipments } from "#app/orders/telling.server.ts";
import { applyReport } from "#app/orders/tracking.ts";
import { writeback } from "#app/orders/writeback.ts";
import { startShopify, type AdminFault, type LocalShopify } from "#sandbox/shopify/index.ts";
import { testDatabase } from "#test/support/database.ts";
import { cutShopify, shopifyIsAt } from "#test/support/redirect.ts";
import { aConnection, aPartRow, aWorld, row, shipments, shop, story } from "./rows.ts";

const database = testDatabase();
let shopify: LocalShopify;

beforeAll(async () => {
  // Refilled at once: a drained bucket would slow the next test down, which no database clock can move on.
  const bucket = { size: 20_000, restorePerSecond: 10_000_000 };
  shopify = await startShopify({ shop, deliver: false, apiSecret: "shpss_test_secret", bucket });
});
beforeEach(async () => {
  shopifyIsAt(shopify.url);
  const token = shopify.grantToken();
  await database.pool.query(`INSERT INTO "Shop" (shop) VALUES ($1)`, [shop]);
  await database.pool.query(
    `INSERT INTO "Session" (id, shop, state, expires, "accessToken", "refreshToken", "refreshTokenExpires")
     VALUES ($1, $2, '', now() + interval '60 minutes', $3, $4, now() + interval '90 days')`,
    [
      `offline_${shop}`,
      shop,
      sealToken(token.accessToken, { column: "accessToken", shop }),
      sealToken(token.refreshToken ?? "", { column: "refreshToken", shop }),
    ],
  );
});
afterEach(() => {
  cutShopify(undefined);
  shopify.clearFaults();
});
afterAll(() => shopify.stop());

const world = () => aWorld(database.pool);

interface ParcelInput {
  number?: string | null;
  quantity?: number;
}

/** A paid order of three prints at Shopify, its part at a vendor, and parcels that Shopify is not told of yet. */
async function anOrderWith(parcels: ParcelInput[]) {
  const order = await shopify.checkout({ lines: [{ sku: "MAP-A3", quantity: 3 }] });
  const lineId = order.lines[0]?.id ?? "";
  const connection = await aConnection(database.pool);
  const part = await aPartRow(database.pool, {
    ...connection,
    shopifyId: order.id,
    name: order.name,
    lines: [{ lineId, quantity: 3 }],
    part: { status: "sent", sentAt: new Date() },
  });
  for (const [index, { number = "JD0146", quantity = 1 }] of parcels.entries())
    await database.pool.query(
      `INSERT INTO "Shipment" (id, shop, "vendorOrderId", parcel, carrier, "trackingNumber", lines) VALUES ($1, $2, $3, $4, 'DHL', $5, $6)`,
      [randomUUID(), shop, part.vendorOrderId, `p${index}`, number, JSON.stringify([{ lineId, quantity }])],
    );
  return { ...part, order, lineId };
}

const fulfillmentsOf = (orderId: string) =>
  [...shopify.store.fulfillments.values()].filter((one) => one.orderId === orderId);
const creations = (): number =>
  shopify.adminRequests().filter(({ roots }) => roots.includes("fulfillmentCreate")).length;

/** Lets the step run for five minutes of the database's clock. */
async function fiveMinutes(): Promise<void> {
  for (let minute = 0; minute < 5; minute++) {
    while ((await writeback(world())) > 0);
    await database.later("1 minute");
  }
}

test("Shopify is told of a parcel once, with carrier and number, and the customer hears of it", async () => {
  const { order, vendorOrderId, orderId } = await anOrderWith([{ quantity: 3 }]);
  const waker = world();

  expect(await writeback(waker)).toBe(1);
  expect(await writeback(waker)).toBe(0);

  expect(fulfillmentsOf(order.id)).toMatchObject([
    { tracking: [{ company: "DHL", number: "JD0146" }], notifyCustomer: true, lines: [{ quantity: 3 }] },
  ]);
  const [fulfillment] = fulfillmentsOf(order.id);
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([
    {
      status: "told",
      fulfillmentIds: [fulfillment?.id],
      committingAt: null,
      leaseUntil: null,
      sentence: null,
    },
  ]);
  expect(await row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({ status: "shipped" });
  expect(await story(database.pool, orderId)).toEqual(["Shopify was told: 1 parcel with DHL JD0146."]);
});

test("three parcels of one order are three fulfillments, also when three workers run at once", async () => {
  const numbers = ["1", "2", "3"];
  const { order } = await anOrderWith(numbers.map((number) => ({ number })));
  for (let round = 0; round < 4; round++)
    await Promise.all([writeback(world()), writeback(world()), writeback(world())]);
  const told = fulfillmentsOf(order.id).map(({ tracking }) => tracking[0]?.number);
  expect(told.toSorted()).toEqual(numbers);
});

test("while one parcel of an order is being told, its sister parcels wait for their turn", async () => {
  const { order, vendorOrderId } = await anOrderWith(["1", "2", "3"].map((number) => ({ number })));
  const first = await claimShipments(database.pool, 12);
  const rest = await Promise.all([1, 2, 3].map(() => claimShipments(database.pool, 12)));

  expect(first).toHaveLength(1);
  expect(rest.flat()).toEqual([]);

  await database.later("61 seconds");
  const again = await Promise.all([1, 2, 3].map(() => claimShipments(database.pool, 12)));
  expect(again.flat()).toHaveLength(1);
  await database.later("61 seconds");
  for (let round = 0; round < 4; round++) await writeback(world());
  expect(fulfillmentsOf(order.id)).toHaveLength(3);
  expect(await row(database.pool, "VendorOrder", vendorOrderId)).toMatchObject({ status: "shipped" });
});

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
    if (fault) shopify.fault(fault);
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
  shopify.fault({ kind: "reset-before", operation: "fulfillmentCreate" });
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
  shopify.fault({ kind: "reset-after", operation: "fulfillmentCreate" });
  await fiveMinutes();
  expect(fulfillmentsOf(order.id)).toHaveLength(2);
  const told = await shipments(database.pool, vendorOrderId);
  expect(told.map(({ status }) => status)).toEqual(["told", "told"]);
  expect(new Set(told.flatMap(({ fulfillmentIds }) => fulfillmentIds)).size).toBe(2);
});

test("lines that a person fulfilled in Shopify are left alone, with a sentence", async () => {
  const { order, vendorOrderId } = await anOrderWith([{ quantity: 3 }]);
  await shopify.fulfilByHand(order.id);
  await writeback(world());
  expect(fulfillmentsOf(order.id)).toHaveLength(1);
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([
    { status: "already", sentence: expect.stringMatching(/Somebody fulfilled/) },
  ]);
});

test("what was refunded is not told as shipped", async () => {
  const { order, lineId } = await anOrderWith([{ quantity: 3 }]);
  await shopify.refundOrder(order.id, { lines: [{ lineId, quantity: 2 }] });
  await writeback(world());
  expect(fulfillmentsOf(order.id)).toMatchObject([{ lines: [{ quantity: 1 }] }]);
});

test("a parcel of a cancelled order is held with a sentence, and told again when asked after it is possible", async () => {
  const { order, vendorOrderId } = await anOrderWith([{ quantity: 3 }]);
  await shopify.cancelOrder(order.id);
  await writeback(world());
  const [shipment] = await shipments(database.pool, vendorOrderId);
  expect(shipment).toMatchObject({ status: "held", sentence: expect.stringMatching(/cancelled/) });
  expect(await tellShopifyAgain(world(), { shop, shipmentId: String(shipment?.["id"]) })).toEqual({
    done: true,
  });
  await writeback(world());
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([{ status: "held" }]);
});

test("a hold in Shopify is waited for, said once, and the parcel is told when it is released", async () => {
  const { order, vendorOrderId, orderId } = await anOrderWith([{ quantity: 3 }]);
  const [waiting] = shopify.store.fulfillmentOrdersOf.get(order.id) ?? [];
  if (!waiting) throw new Error("no fulfillment order");
  waiting.status = "ON_HOLD";

  await writeback(world());
  await database.later("16 minutes");
  await writeback(world());
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([
    { status: "waiting", sentence: expect.stringMatching(/Release the hold/) },
  ]);
  expect(await story(database.pool, orderId)).toHaveLength(1);

  waiting.status = "OPEN";
  await database.later("16 minutes");
  await writeback(world());
  expect(fulfillmentsOf(order.id)).toHaveLength(1);
});

test("a revoked token is said on the shop, and the parcel goes when the merchant came by", async () => {
  const { order, vendorOrderId } = await anOrderWith([{}]);
  shopify.fault({ kind: "401", times: 2 });
  await writeback(world());
  const shops = await database.pool.query<{ reconnect: string | null }>(`SELECT reconnect FROM "Shop"`);
  expect(shops.rows[0]?.reconnect).toMatch(/Open Makerlane once/);
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([
    { status: "waiting", committingAt: null, sentence: expect.stringMatching(/Open Makerlane once/) },
  ]);

  const token = sealToken(shopify.grantToken().accessToken, { column: "accessToken", shop });
  await database.pool.query(`UPDATE "Shop" SET reconnect = NULL`);
  await database.pool.query(`UPDATE "Session" SET "accessToken" = $1, expires = now() + interval '1 hour'`, [
    token,
  ]);
  await database.later("6 minutes");
  await writeback(world());
  expect(fulfillmentsOf(order.id)).toHaveLength(1);
});

test("a shop that removed the app is left alone", async () => {
  await anOrderWith([{}]);
  await database.pool.query(`UPDATE "Shop" SET "uninstalledAt" = now()`);
  expect(await writeback(world())).toBe(0);
});

test("a number that comes later, or is corrected, is brought to the same fulfillment", async () => {
  const { order, vendorOrderId, orderId } = await anOrderWith([{ number: null, quantity: 3 }]);
  await writeback(world());
  const report = (trackingNumber: string) =>
    inTransaction(database.pool, (sql) =>
      applyReport(sql, {
        vendorOrderId,
        label: "Acme",
        report: { state: "Shipped", final: true, parcels: [{ id: "p0", trackingNumber }] },
      }),
    );

  expect(await report("77")).toBe(true);
  await writeback(world());
  expect(fulfillmentsOf(order.id)).toMatchObject([{ tracking: [{ number: "77" }] }]);

  shopify.fault({ kind: "reset-after", operation: "fulfillmentTrackingInfoUpdate" });
  await report("78");
  await fiveMinutes();
  expect(fulfillmentsOf(order.id)).toMatchObject([{ tracking: [{ number: "78" }] }]);
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([{ status: "told" }]);
  expect(await story(database.pool, orderId)).toContain("Shopify was told the new tracking: DHL 78.");
});

test("a number that is corrected while the first one is on its way to Shopify arrives too", async () => {
  const { order, vendorOrderId } = await anOrderWith([{ number: "1", quantity: 3 }]);
  let corrected = false;
  cutShopify(async (send) => {
    const answer = await send();
    if (creations() > 0 && !corrected) {
      corrected = true;
      const parcels = [{ id: "p0", trackingNumber: "2" }];
      await inTransaction(database.pool, (sql) =>
        applyReport(sql, {
          vendorOrderId,
          label: "Acme",
          report: { state: "Shipped", final: true, parcels },
        }),
      );
    }
    return answer;
  });
  await fiveMinutes();
  expect(fulfillmentsOf(order.id)).toMatchObject([{ tracking: [{ number: "2" }] }]);
});

test("an order that Shopify does not have any more is said to be gone", async () => {
  const { vendorOrderId, order } = await anOrderWith([{}]);
  shopify.store.orders.delete(order.id);
  await writeback(world());
  expect(await shipments(database.pool, vendorOrderId)).toMatchObject([
    { status: "held", sentence: expect.stringMatching(/no such order/) },
  ]);
});
