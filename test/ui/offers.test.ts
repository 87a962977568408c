// Which buttons a merchant sees.
import { expect, test } from "vitest";
import { offersFor, type Offered } from "#app/ui/offers.ts";

function aPart(overrides: Partial<Offered> = {}): Offered {
  return {
    status: "held",
    code: null,
    committing: false,
    connectionStatus: "on",
    notice: null,
    quarantine: null,
    unshipped: 2,
    can: { check: false, update: false, cancel: false },
    isChanged: false,
    ...overrides,
  };
}

test.each([
  ["a waiting part can go now or be cancelled", { status: "waiting" }, ["send now", "give up"]],
  [
    "a part behind a paused connection can only be cancelled",
    { status: "waiting", connectionStatus: "paused" },
    ["give up"],
  ],
  ["a part with an unchosen product leads to Products", { code: "mapping" }, ["choose products", "give up"]],
  [
    "a part whose outcome is unknown offers nothing that buys",
    { status: "waiting", committing: true },
    ["it exists"],
  ],
  ["an approval is asked for", { code: "approval" }, ["approve", "give up"]],
  ["a refused part can be tried again once it is put right", { code: "rejected" }, ["try again", "give up"]],
  ["a lost answer asks what is true", { code: "unsure" }, ["it exists", "does not exist"]],
  ["a lost number asks for the number only", { code: "number unknown" }, ["it exists"]],
  [
    "a mistake of ours while the outcome is open is looked into, not cancelled",
    { code: "our fault", committing: true },
    ["try again"],
  ],
  ["a sent part takes tracking", { status: "sent" }, ["add shipment"]],
  ["a sent part with nothing left to ship takes none", { status: "sent", unshipped: 0 }, []],
  ["a shipped part is done", { status: "shipped", unshipped: 0 }, []],
  [
    "a part that waits can be shown to a vendor that would check it",
    { status: "waiting", can: { check: true, update: false, cancel: false } },
    ["send now", "check", "give up"],
  ],
  [
    "a part that may be there already is not checked as if it were new",
    { code: "unsure", can: { check: true, update: false, cancel: false } },
    ["it exists", "does not exist"],
  ],
  [
    "a sent part can be taken back where the vendor has a way",
    { status: "sent", can: { check: false, update: true, cancel: true } },
    ["add shipment", "cancel at vendor"],
  ],
  [
    "a vendor is told of a change only once there is one",
    { status: "sent", can: { check: false, update: true, cancel: true }, isChanged: true },
    ["add shipment", "update at vendor", "cancel at vendor"],
  ],
  ["a cancelled part is done", { status: "cancelled" }, []],
  [
    "a notice and a stopped account can be put aside",
    { status: "sent", notice: "Cancelled too late.", quarantine: "The basket is not ours." },
    ["add shipment", "release account", "dismiss notice"],
  ],
] satisfies [string, Partial<Offered>, string[]][])("%s", (_, overrides, offers) => {
  expect(offersFor(aPart(overrides))).toEqual(offers);
});
