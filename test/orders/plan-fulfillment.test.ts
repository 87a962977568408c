import fc from "fast-check";
import { expect, test } from "vitest";
import { count, type Pieces } from "#app/orders/parcels.ts";
import {
  planFulfillment,
  quietSeconds,
  type KnownFulfillment,
  type OpenOrder,
  type ParcelToTell,
} from "#app/orders/plan-fulfillment.ts";

const noon = new Date("2026-11-22T12:00:00Z");
const secondsAfter = (seconds: number): Date => new Date(noon.getTime() + seconds * 1000);

const parcel = (changes: Partial<ParcelToTell> = {}): ParcelToTell => ({
  carrier: "DHL",
  trackingNumber: "123",
  lines: [{ lineId: "1", quantity: 2 }],
  fulfillmentIds: [],
  committingAt: null,
  committingSeconds: null,
  ...changes,
});
const openOrder = (changes: Partial<OpenOrder> = {}): OpenOrder => ({
  id: "fo1",
  status: "OPEN",
  mayCreate: true,
  location: "Warehouse",
  lines: [{ id: "fol1", lineId: "1", remainingQuantity: 3 }],
  ...changes,
});
const fulfillment = (changes: Partial<KnownFulfillment> = {}): KnownFulfillment => ({
  id: "f1",
  status: "SUCCESS",
  createdAt: secondsAfter(1),
  trackingNumbers: ["123"],
  lines: [{ lineId: "1", quantity: 2 }],
  ...changes,
});
const plan = (
  shipment: ParcelToTell,
  orders: OpenOrder[],
  more: { fulfillments?: KnownFulfillment[]; claimedIds?: string[]; otherNumbers?: string[] } = {},
) =>
  planFulfillment({
    shipment,
    fulfillmentOrders: orders,
    fulfillments: more.fulfillments ?? [],
    claimedIds: more.claimedIds ?? [],
    otherNumbers: more.otherNumbers ?? [],
  });
const lost = (seconds: number, changes: Partial<ParcelToTell> = {}): ParcelToTell =>
  parcel({ committingAt: noon, committingSeconds: seconds, ...changes });

test("a parcel becomes one fulfillment with exactly its pieces", () => {
  expect(plan(parcel(), [openOrder()])).toEqual({
    create: [{ fulfillmentOrderId: "fo1", lines: [{ id: "fol1", quantity: 2 }] }],
    found: [],
  });
});

test("of what was refunded or fulfilled by hand meanwhile, only the rest is told", () => {
  const one = openOrder({ lines: [{ id: "fol1", lineId: "1", remainingQuantity: 1 }] });
  expect(plan(parcel(), [one])).toMatchObject({ create: [{ lines: [{ id: "fol1", quantity: 1 }] }] });
});

test("pieces at two locations become one fulfillment for each", () => {
  const orders = [
    openOrder({ lines: [{ id: "a", lineId: "1", remainingQuantity: 1 }] }),
    openOrder({ id: "fo2", lines: [{ id: "b", lineId: "1", remainingQuantity: 5 }] }),
  ];
  expect(plan(parcel(), orders)).toMatchObject({
    create: [
      { fulfillmentOrderId: "fo1", lines: [{ id: "a", quantity: 1 }] },
      { fulfillmentOrderId: "fo2", lines: [{ id: "b", quantity: 1 }] },
    ],
  });
});

test("a hold in Shopify is waited for, with a sentence that says how to end it", () => {
  expect(plan(parcel(), [openOrder({ status: "ON_HOLD" })])).toMatchObject({
    wait: { sentence: expect.stringMatching(/Release the hold/) },
  });
  expect(plan(parcel(), [openOrder({ status: "SCHEDULED" })])).toMatchObject({
    wait: { sentence: expect.stringMatching(/later/) },
  });
  expect(plan(parcel(), [openOrder({ mayCreate: false })])).toMatchObject({
    wait: { sentence: expect.stringMatching(/belong to Warehouse/) },
  });
});

test("what can be told is told although the rest is on hold", () => {
  const orders = [
    openOrder({ lines: [{ id: "a", lineId: "1", remainingQuantity: 1 }] }),
    openOrder({ id: "fo2", status: "ON_HOLD", lines: [{ id: "b", lineId: "1", remainingQuantity: 1 }] }),
  ];
  expect(plan(parcel(), orders)).toMatchObject({
    create: [{ fulfillmentOrderId: "fo1" }],
    rest: { sentence: expect.stringMatching(/hold/) },
  });
});

test("lines that somebody fulfilled by hand are not fulfilled again", () => {
  const closed = openOrder({ status: "CLOSED", lines: [{ id: "a", lineId: "1", remainingQuantity: 0 }] });
  const hand = fulfillment({ trackingNumbers: [] });
  expect(plan(parcel(), [closed], { fulfillments: [hand] })).toEqual({
    already: expect.stringMatching(/without this parcel's tracking \(DHL 123\)/),
  });
  expect(plan(parcel(), [closed], { fulfillments: [fulfillment()] })).toEqual({
    already: expect.stringMatching(/nothing was added/),
  });
});

test("a cancelled order has nothing left although its quantities still stand there", () => {
  expect(plan(parcel(), [openOrder({ status: "CLOSED" })])).toEqual({
    held: expect.stringMatching(/cancelled/),
  });
});

test("after a lost answer the fulfillment with our number is found at once", () => {
  expect(plan(lost(1), [openOrder()], { fulfillments: [fulfillment()] })).toEqual({
    told: true,
    found: ["f1"],
  });
});

test("without a number the fulfillment is known by its quantities and its time", () => {
  const nameless = lost(1, { trackingNumber: null });
  const bare = { trackingNumbers: [] };
  const found = (changes: Partial<KnownFulfillment>) =>
    plan(nameless, [openOrder()], { fulfillments: [fulfillment({ ...bare, ...changes })] });
  expect(found({})).toEqual({ told: true, found: ["f1"] });
  expect(found({ createdAt: secondsAfter(-3600) })).toHaveProperty("wait");
  expect(found({ lines: [{ lineId: "1", quantity: 1 }] })).toHaveProperty("wait");
});

test("a number that the vendor corrected meanwhile does not make a second fulfillment", () => {
  const old = fulfillment({ trackingNumbers: ["122"] });
  expect(plan(lost(1), [openOrder()], { fulfillments: [old] })).toEqual({ told: true, found: ["f1"] });
});

test("another parcel's fulfillment is never taken for ours", () => {
  const fulfillments = [fulfillment({ trackingNumbers: ["999"] })];
  expect(plan(lost(1), [openOrder()], { fulfillments, otherNumbers: ["999"] })).toHaveProperty("wait");
  expect(plan(lost(1), [openOrder()], { fulfillments, claimedIds: ["f1"] })).toHaveProperty("wait");
});

test("without a trace nothing is made again before a late request can no longer arrive", () => {
  expect(plan(lost(30), [openOrder()])).toEqual({ wait: { seconds: quietSeconds - 30 }, found: [] });
  expect(plan(lost(quietSeconds), [openOrder()])).toHaveProperty("create");
});

test("half of a parcel that is told is not told again", () => {
  const half = lost(1, {
    lines: [
      { lineId: "1", quantity: 1 },
      { lineId: "2", quantity: 1 },
    ],
    fulfillmentIds: ["f1"],
    committingAt: null,
    committingSeconds: null,
  });
  const orders = [
    openOrder({
      lines: [
        { id: "a", lineId: "1", remainingQuantity: 4 },
        { id: "b", lineId: "2", remainingQuantity: 4 },
      ],
    }),
  ];
  const fulfillments = [fulfillment({ lines: [{ lineId: "1", quantity: 1 }] })];
  expect(plan(half, orders, { fulfillments })).toEqual({
    create: [{ fulfillmentOrderId: "fo1", lines: [{ id: "b", quantity: 1 }] }],
    found: [],
  });
});

test("a fulfillment that a person cancelled is not made again", () => {
  const told = parcel({ fulfillmentIds: ["f1"] });
  const fulfillments = [fulfillment({ status: "CANCELLED" })];
  expect(plan(told, [openOrder()], { fulfillments })).toEqual({ told: true, found: [] });
});

test("when Shopify does not show what was made, a person looks instead of making it again", () => {
  expect(plan(parcel({ fulfillmentIds: ["f9"] }), [openOrder()])).toHaveProperty("held");
});

// Any parcels of an order with three pieces each of two lines, told in any order while answers are lost in any way.
const anyParcels = fc
  .array(
    fc.record({
      one: fc.integer({ min: 0, max: 3 }),
      two: fc.integer({ min: 0, max: 3 }),
      named: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  )
  .map((wanted) => {
    const left = { one: 3, two: 3 };
    return wanted.flatMap(({ one, two, named }, index): ParcelToTell[] => {
      const taken = { one: Math.min(one, left.one), two: Math.min(two, left.two) };
      left.one -= taken.one;
      left.two -= taken.two;
      const lines: Pieces[] = [
        { lineId: "1", quantity: taken.one },
        { lineId: "2", quantity: taken.two },
      ].filter(({ quantity }) => quantity > 0);
      return lines.length > 0 ? [parcel({ lines, trackingNumber: named ? `N${index}` : null })] : [];
    });
  })
  .filter((parcels) => parcels.length > 0);

test("whatever answers are lost, every piece is told exactly once", () => {
  const steps = fc.array(
    fc.record({
      which: fc.nat({ max: 3 }),
      seconds: fc.constantFrom(1, 20, 70, 130),
      outcome: fc.constantFrom("fine", "lost but done", "lost and not done"),
    }),
    { maxLength: 25 },
  );
  fc.assert(
    fc.property(anyParcels, steps, (wanted, script) => {
      const parcels = structuredClone(wanted);
      const order = openOrder({
        lines: [
          { id: "a", lineId: "1", remainingQuantity: 3 },
          { id: "b", lineId: "2", remainingQuantity: 3 },
        ],
      });
      const made: KnownFulfillment[] = [];
      let now = 0;
      const run = (shipment: ParcelToTell, outcome: string): void => {
        shipment.committingSeconds =
          shipment.committingAt && (secondsAfter(now).getTime() - shipment.committingAt.getTime()) / 1000;
        const others = parcels.filter((one) => one !== shipment);
        const decided = plan(shipment, [order], {
          fulfillments: made,
          claimedIds: others.flatMap(({ fulfillmentIds }) => fulfillmentIds),
          otherNumbers: others.flatMap(({ trackingNumber }) => trackingNumber ?? []),
        });
        if ("found" in decided && decided.found.length > 0) {
          shipment.fulfillmentIds.push(...decided.found);
          shipment.committingAt = null;
        }
        if ("told" in decided) shipment.committingAt = null;
        if (!("create" in decided)) return;
        for (const portion of decided.create) {
          shipment.committingAt = secondsAfter(now);
          if (outcome === "lost and not done") return;
          const id = `f${made.length}`;
          const lines = portion.lines.map(({ id: lineId, quantity }) => {
            const line = order.lines.find((one) => one.id === lineId);
            if (!line || line.remainingQuantity < quantity) throw new Error("more than remains");
            line.remainingQuantity -= quantity;
            return { lineId: line.lineId, quantity };
          });
          const { trackingNumber } = shipment;
          made.push(
            fulfillment({
              id,
              lines,
              createdAt: secondsAfter(now),
              trackingNumbers: trackingNumber === null ? [] : [trackingNumber],
            }),
          );
          if (outcome !== "fine") return;
          shipment.fulfillmentIds.push(id);
          shipment.committingAt = null;
        }
      };
      for (const { which, seconds, outcome } of script) {
        const shipment = parcels[which % parcels.length];
        if (shipment) run(shipment, outcome);
        now += seconds;
      }
      for (let round = 0; round < 3; round++) {
        for (const shipment of parcels) run(shipment, "fine");
        now += 130;
      }

      expect(count(made.flatMap(({ lines }) => lines))).toBe(count(parcels.flatMap(({ lines }) => lines)));
      expect(new Set(parcels.flatMap(({ fulfillmentIds }) => fulfillmentIds)).size).toBe(made.length);
      expect(made).toHaveLength(parcels.length);
    }),
    { numRuns: 2000 },
  );
});
