// Which buttons a merchant sees.
import { expect, test } from "vitest";
import { offersFor, unshippedOf, type Offered } from "#app/ui/offers.ts";

function aPart(overrides: Partial<Offered> = {}): Offered {
  return {
    status: "held",
    code: null,
    committing: false,
    tries: 0,
    notice: null,
    quarantine: null,
    unshipped: 2,
    ...overrides,
  };
}

test.each([
  ["a waiting part can go now or be cancelled", { status: "waiting" }, ["send now", "give up"]],
  ["a part that failed can be tried now", { status: "waiting", tries: 1 }, ["try again", "give up"]],
  ["an order with an unknown outcome offers nothing that buys", { status: "waiting", committing: true }, []],
  ["an approval is asked for", { code: "approval" }, ["approve", "give up"]],
  ["a refused part can be tried again once it is put right", { code: "rejected" }, ["try again", "give up"]],
  ["a lost answer asks what is true", { code: "unsure" }, ["it exists", "does not exist"]],
  ["a lost number asks for the number only", { code: "number unknown" }, ["it exists"]],
  [
    "a mistake of ours while the outcome is open asks what is true",
    { code: "our fault", committing: true },
    ["it exists", "does not exist"],
  ],
  ["a sent part takes tracking", { status: "sent" }, ["add shipment"]],
  ["a sent part with nothing left to ship takes none", { status: "sent", unshipped: 0 }, []],
  ["a shipped part is done", { status: "shipped", unshipped: 0 }, []],
  ["a cancelled part is done", { status: "cancelled" }, []],
  [
    "a notice and a stopped account can be put aside",
    { status: "sent", notice: "Cancelled too late.", quarantine: "The basket is not ours." },
    ["add shipment", "release account", "dismiss notice"],
  ],
] satisfies [string, Partial<Offered>, string[]][])("%s", (_, overrides, offers) => {
  expect(offersFor(aPart(overrides))).toEqual(offers);
});

test("what is left to ship is what no parcel holds yet", () => {
  const lines = [
    { lineId: "1", title: "Kit", quantity: 3 },
    { lineId: "2", title: "Ring", quantity: 1 },
  ];
  const parcels = [[{ lineId: "1", quantity: 1 }], [{ lineId: "2", quantity: 1 }], "unreadable", [null]];

  expect(unshippedOf(lines, parcels)).toEqual([{ lineId: "1", title: "Kit", quantity: 2 }]);
});
