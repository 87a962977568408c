// What a merchant reads about an order, for every state it can be in.
import { describe, expect, test } from "vitest";
import {
  attemptSentence,
  connectionBadge,
  lineBadge,
  orderBadge,
  orderSaying,
  partBadge,
  partSaying,
  shipmentBadge,
  type PartStanding,
} from "#app/ui/standing.ts";

const now = "2026-11-22T10:00:00.000Z";

function aPart(overrides: Partial<PartStanding> = {}): PartStanding {
  return {
    status: "waiting",
    code: null,
    sentence: null,
    committing: false,
    tries: 0,
    nextRunAt: "2026-11-22T10:30:00.000Z",
    vendorNumber: null,
    vendorState: null,
    news: "asked",
    vendorLabel: "Mugs Ltd",
    connection: { label: "Main account", status: "on", sentence: null },
    ...overrides,
  };
}

describe("a part of an order", () => {
  test("that waits says when it will be sent and what still changes it", () => {
    expect(partSaying(aPart(), now)).toEqual({
      text: "It will be sent at",
      at: "2026-11-22T10:30:00.000Z",
      after: "Until then, a cancellation, refund or edit in Shopify changes what is sent.",
    });
    expect(partBadge(aPart()).label).toBe("Waiting");
  });

  test("that is due goes in the next moments", () => {
    expect(partSaying(aPart({ nextRunAt: now }), now).text).toBe("It goes to Mugs Ltd in the next moments.");
  });

  test("that waits behind another one's basket, a stopped account or for Shopify says so", () => {
    const due = aPart({ nextRunAt: now });
    const said = (keptBy: PartStanding["keptBy"]): string => partSaying({ ...due, keptBy }, now).text;
    expect(said({ what: "basket" })).toContain("basket at Mugs Ltd is kept for another order");
    expect(said({ what: "account" })).toContain("Release it under Vendors");
    expect(said({ what: "change" })).toContain("as soon as the change is read");
    expect(said({ what: "change", sentence: "Open Makerlane once." })).toBe("Open Makerlane once.");
    expect(partSaying(aPart({ keptBy: { what: "basket" } }), now).text).toBe("It will be sent at");
  });

  test("whose answer is not known says that it is looked for before it is sent again", () => {
    const part = aPart({ committing: true });
    expect(partBadge(part).label).toBe("Being sent");
    expect(partSaying(part, now).text).toContain("before anything is sent again");
  });

  test("that failed says why and when it is tried again", () => {
    const part = aPart({ tries: 2, sentence: "Mugs Ltd is busy." });
    expect(partBadge(part).label).toBe("Trying again");
    expect(partSaying(part, now)).toEqual({
      text: "Mugs Ltd is busy. It is tried again at",
      at: part.nextRunAt,
    });
  });

  test.each([
    ["paused", null, "Main account is paused, so this part waits. Resume the connection under Vendors"],
    ["failing", "The key was refused.", "The key was refused. This part goes out by itself"],
  ])("behind a %s connection says what it waits for", (status, sentence, expected) => {
    const part = aPart({ connection: { label: "Main account", status, sentence } });
    expect(partSaying(part, now).text).toContain(expected);
  });

  test("that is held shows the stored sentence, and approval is no alarm", () => {
    const part = aPart({
      status: "held",
      code: "rejected",
      sentence: "Mugs Ltd: unknown SKU. Choose again.",
    });
    expect(partSaying(part, now).text).toBe("Mugs Ltd: unknown SKU. Choose again.");
    expect(partBadge(part)).toMatchObject({ label: "Needs you", tone: "critical" });
    expect(partBadge({ ...part, code: "approval" })).toMatchObject({ label: "Needs your approval" });
  });

  test("that was sent names the vendor's number, its words, or what to do when it reports nothing", () => {
    const sent = aPart({ status: "sent", vendorNumber: "88" });
    expect(partSaying(sent, now).text).toBe(
      "Mugs Ltd has it as 88. Tracking is passed to Shopify as soon as Mugs Ltd reports it; enter it here if it never does.",
    );
    expect(partSaying({ ...sent, vendorState: "In the oven" }, now).text).toBe(
      "Mugs Ltd has it as 88. It says: In the oven.",
    );
    expect(partSaying({ ...sent, vendorNumber: null, news: "none" }, now).text).toContain(
      "enter the tracking number here",
    );
  });

  test.each([
    ["asked", "paused", "Main account is paused, so it is not asked for tracking: resume it under Vendors"],
    [
      "asked",
      "failing",
      "Main account does not work at the moment, so it is not asked for tracking: correct",
    ],
    [
      "over",
      "on",
      "Nothing more is heard of it from there: if a parcel leaves, enter its tracking number here",
    ],
  ] as const)("whose vendor is %s while the connection is %s is not waited for", (news, status, expected) => {
    const connection = { label: "Main account", status, sentence: null };
    const sent = aPart({ status: "sent", vendorNumber: "88", news, connection });
    expect(partSaying(sent, now).text).toContain(`Mugs Ltd has it as 88. ${expected}`);
    expect(partSaying({ ...sent, vendorState: "In the oven" }, now).text).toContain(
      `It last said: In the oven. ${expected}`,
    );
  });

  test("whose vendor calls by itself is waited for while the connection is paused, too", () => {
    const connection = { label: "Main account", status: "paused", sentence: null };
    const sent = aPart({ status: "sent", vendorNumber: "88", news: "told", connection });
    expect(partSaying(sent, now).text).toContain("Tracking is passed to Shopify as soon as");
  });

  test("whose number was lost says where to look for it", () => {
    const part = aPart({ status: "sent", sentence: "Look for #1001 at Mugs Ltd." });
    expect(partSaying(part, now).text).toMatch(/^Look for #1001 at Mugs Ltd\. /);
  });

  test.each(["waiting", "held", "sent", "shipped", "cancelled"])("that is %s has words", (status) => {
    const part = aPart({ status });
    expect(partBadge(part).label).not.toBe(status);
    expect(partSaying(part, now).text.length).toBeGreaterThan(10);
  });

  test("in a state from a newer version is shown as it is", () => {
    expect(partBadge(aPart({ status: "returned" }))).toEqual({ label: "returned" });
  });
});

describe("an order in the list", () => {
  const order = { status: "routed", sentence: null };
  const notice = null;

  test("says first what needs the merchant, even when another part was sent", () => {
    const parts = [
      { ...aPart({ status: "sent" }), notice },
      { ...aPart({ status: "held", code: "payload", sentence: "A phone number is missing." }), notice },
    ];
    expect(orderSaying(order, parts, now).text).toBe("A phone number is missing.");
  });

  test("tells a notice before it tells of waiting", () => {
    const parts = [
      { ...aPart({ status: "sent" }), notice: "Cancelled too late." },
      { ...aPart(), notice },
    ];
    expect(orderSaying(order, parts, now).text).toBe("Cancelled too late.");
  });

  test("that is not ours gives the reason", () => {
    const saying = orderSaying({ status: "not ours", sentence: "No line is chosen." }, [], now);
    expect(saying.text).toBe("No line is chosen.");
    expect(orderBadge({ status: "not ours", isCancelled: false })?.label).toBe("Not ours");
  });

  test("that was cancelled is not called somebody else's", () => {
    expect(orderBadge({ status: "not ours", isCancelled: true })).toBeUndefined();
  });

  test.each(["routing", "waiting", "held", "not ours", "routed"])("is never silent: %s", (status) => {
    expect(orderSaying({ status, sentence: null }, [], now).text.length).toBeGreaterThan(10);
  });
});

describe("a line of an order", () => {
  const line = { quantity: 1, verdict: "vendor" };

  test.each([
    ["held", null, "Goes to Mugs"],
    ["waiting", null, "Goes to Mugs"],
    ["sent", null, "Made by Mugs"],
    ["shipped", null, "Made by Mugs"],
    ["cancelled", "taken back", "Taken back from Mugs"],
    ["cancelled", null, "Not sent to Mugs"],
  ])("in a part that is %s (%s) says who makes it, or that nobody does", (status, code, label) => {
    expect(lineBadge({ ...line, maker: { label: "Mugs", status, code } }).label).toBe(label);
  });

  test("without a part needs somebody, is removed, or is not ours", () => {
    expect(lineBadge({ quantity: 1, verdict: "held" }).label).toBe("Needs you");
    expect(lineBadge({ quantity: 0, verdict: "vendor" }).label).toBe("Removed");
    expect(lineBadge({ quantity: 1, verdict: "not ours" }).label).toBe("Not ours");
    expect(lineBadge({ quantity: 1, verdict: null }).label).toBe("Not ours");
  });
});

test("a connection whose account nobody can explain needs a person, even when it works", () => {
  expect(connectionBadge({ status: "on", quarantine: "The basket is not ours." }).label).toBe("Needs you");
  expect(connectionBadge({ status: "on", quarantine: null }).label).toBe("Works");
  expect(connectionBadge({ status: "failing", quarantine: null }).tone).toBe("critical");
});

test("a parcel says whether Shopify knows", () => {
  expect(["waiting", "told", "already", "held"].map((status) => shipmentBadge(status).label)).toEqual([
    "Shopify is being told",
    "Shopify knows",
    "Already fulfilled in Shopify",
    "Needs you",
  ]);
});

test("a try is a sentence, also while it is under way", () => {
  expect(attemptSentence({ number: 2, kind: "submit", outcome: "rejected", sentence: "Unknown SKU." })).toBe(
    "Try 2, sending: refused. Unknown SKU.",
  );
  expect(attemptSentence({ number: 3, kind: "probe", outcome: null, sentence: null })).toBe(
    "Try 3, looking for it: still under way.",
  );
});
