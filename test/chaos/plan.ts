// Everything that will be done to the app, decided before it starts: which orders when, who is killed when, which
// request meets which fault. Pure; one seed, one plan.
import { faultKinds, type Fault } from "#sandbox/vendors/faults.ts";
import type { Wish } from "./orders.ts";
import { chanceOf, type Chance } from "./random.ts";
import type { VendorId } from "./vendors.ts";

/** Something done to the app's processes or its database. */
export type Strike =
  | { kind: "kill worker"; worker: number }
  | { kind: "kill both workers" }
  | { kind: "kill web" }
  | { kind: "crash database"; downMs: number }
  /** SIGSTOP, and SIGCONT after `forMs`; a freeze is one that outlasts the lease. */
  | { kind: "pause worker" | "freeze worker"; worker: number; forMs: number };

/** One thing that happens in a round, `at` milliseconds after its beginning. */
export type Deed = { at: number } & (
  Strike | { kind: "order"; wish: Wish } | { kind: "vendor fault"; vendor: VendorId; fault: Fault }
);

/** A stretch of time with its deeds. Between two rounds lies a night, in which hours pass for the database. */
export interface Round {
  milliseconds: number;
  deeds: Deed[];
}

const stormMs = 14_000;
const freezeMs = 54_000;
/** Longer than the lease of 45 s, so that somebody else has taken over before the sleeper wakes. */
const frozenMs = 47_500;
const stormOrders = 20;
const freezeOrders = 30;

/** The rounds of a run: storms, and one or two freezes in which a worker sleeps past its lease. */
export function planRounds(wishes: Wish[], seed: number): Round[] {
  const freezes = wishes.length < 100 ? 1 : 2;
  const storms = Math.max(1, Math.ceil((wishes.length - freezes * freezeOrders) / stormOrders));
  const kinds = Array.from({ length: storms }, () => "storm");
  for (let n = 0; n < freezes; n++)
    kinds.splice(Math.floor(((n + 1) * kinds.length) / (freezes + 1)) + n, 0, "freeze");
  const rest = [...wishes];
  return kinds.map((kind, index) => {
    const isLast = index === kinds.length - 1;
    const share = isLast ? rest.length : kind === "storm" ? stormOrders : freezeOrders;
    return planRound(kind === "freeze", rest.splice(0, share), chanceOf(seed, `round ${index}`));
  });
}

function planRound(isFreeze: boolean, wishes: Wish[], chance: Chance): Round {
  const milliseconds = isFreeze ? freezeMs : stormMs;
  const moment = (): number => chance.between(0, milliseconds - 1_000);
  const deeds: Deed[] = wishes.map((wish) => ({
    at: isFreeze && chance.happens(0.5) ? chance.between(0, 6_000) : moment(),
    kind: "order",
    wish,
  }));
  const strikes = isFreeze ? chance.between(5, 7) : chance.between(8, 10);
  for (let n = 0; n < strikes; n++) deeds.push({ at: moment(), ...strike(chance) });
  for (const [vendor, least, most] of [
    ["dot", 3, 6],
    ["oms", 2, 4],
    ["dora", 1, 2],
  ] as const) {
    const faults = chance.between(least, most);
    for (let n = 0; n < faults; n++)
      deeds.push({ at: moment(), kind: "vendor fault", vendor, fault: vendorFault(vendor, chance) });
  }
  if (isFreeze) deeds.push(...freeze(chance));
  return { milliseconds, deeds: deeds.toSorted((a, b) => a.at - b.at) };
}

function strike(chance: Chance): Strike {
  const worker = chance.between(0, 1);
  const roll = chance.next();
  if (roll < 0.4) return { kind: "kill worker", worker };
  if (roll < 0.48) return { kind: "kill both workers" };
  if (roll < 0.68) return { kind: "kill web" };
  if (roll < 0.88) return { kind: "crash database", downMs: chance.between(0, 1_500) };
  return { kind: "pause worker", worker, forMs: chance.between(300, 4_000) };
}

// Slow answers first, so that the sleeper is likely to be in the middle of a conversation.
function freeze(chance: Chance): Deed[] {
  const slow = (vendor: VendorId, on: string): Deed => ({
    at: 1_000,
    kind: "vendor fault",
    vendor,
    fault: { kind: "slow", on, delayMs: 8_000, times: 2 },
  });
  return [
    slow("dot", buying.dot),
    slow("oms", buying.oms),
    slow("dora", chance.pick([buying.dora, "PUT /cart", "GET /cart"])),
    {
      at: chance.between(3_000, 5_000),
      kind: "freeze worker",
      worker: chance.between(0, 1),
      forMs: frozenMs,
    },
  ];
}

const buying: Record<VendorId, string> = {
  dot: "POST /api/v1/order-drafts/*/submit/",
  oms: "POST /api/v1/orders",
  dora: "POST /cart",
};
const asking: Record<VendorId, readonly string[]> = {
  dot: ["POST /api/v1/order-drafts/", "GET /api/v1/order-drafts/*/", "POST /api/v1/order-drafts/*/validate/"],
  oms: ["GET /api/v1/order-items/*/print"],
  dora: ["POST /auth/login", "GET /cart", "PUT /cart", "PUT /cart", "POST /catalog/item", "DELETE /cart"],
};

function vendorFault(vendor: VendorId, chance: Chance): Fault {
  const kind = chance.pick(faultKinds.filter((one) => one !== "expired-preview" || vendor === "dot"));
  return {
    kind,
    on: chance.happens(0.5) ? buying[vendor] : chance.pick(asking[vendor]),
    times: 1,
    ...(kind === "slow" && { delayMs: chance.between(300, 4_000) }),
    ...(kind === "too-many" && { retryAfterSeconds: chance.between(1, 5) }),
  };
}
