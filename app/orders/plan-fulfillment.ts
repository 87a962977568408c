// The decision of writeback, pure: what Shopify has to be told of a parcel, after what it knows already. The one
// rule: a fulfillment that may exist is looked for before another one is made.
import { count, leftOver, nameParcel, within, type Pieces } from "./parcels.ts";

/** A fulfillment order as Shopify has it now. Ids are Shopify's, opaque here. */
export interface OpenOrder {
  id: string;
  /** OPEN, IN_PROGRESS, ON_HOLD, SCHEDULED, CLOSED, CANCELLED, INCOMPLETE */
  status: string;
  lines: { id: string; lineId: string; remainingQuantity: number }[];
}

/** A fulfillment that the order has, whoever made it. */
export interface KnownFulfillment {
  id: string;
  /** SUCCESS, CANCELLED, … */
  status: string;
  createdAt: Date;
  trackingNumbers: string[];
  lines: Pieces[];
}

/** The parcel to tell of. */
export interface ParcelToTell {
  carrier: string | null;
  trackingNumber: string | null;
  lines: Pieces[];
  /** Fulfillments that are known to be this parcel's. */
  fulfillmentIds: string[];
  /** When a request left whose answer is missing; null when there is none. */
  committingAt: Date | null;
  /** How long ago that was, by the database's clock. */
  committingSeconds: number | null;
}

/** One fulfillment to make: exactly one for each fulfillment order. */
export interface Portion {
  fulfillmentOrderId: string;
  lines: { id: string; quantity: number }[];
}

/** What to do now. `found` are fulfillments that turned out to be this parcel's. */
export type FulfillmentPlan =
  /** Shopify knows all of it. */
  | { told: true; found: string[] }
  /** Make these; when something of the parcel cannot be told yet, `rest` says why and when to look again. */
  | { create: Portion[]; found: string[]; rest?: Wait }
  /** Somebody fulfilled these lines without us. */
  | { already: string }
  | { wait: Wait; found: string[] }
  /** A person must look. */
  | { held: string };

/** Why it waits, and for how many seconds. No sentence: only a lost answer is waited for. */
export interface Wait {
  seconds: number;
  sentence?: string;
}

/** A lost request is taken for dead after this many seconds without a trace of it. */
export const quietSeconds = 120;

// Shopify's clock and ours differ, and its times are whole seconds.
const skewMs = 60_000;

interface Question {
  shipment: ParcelToTell;
  fulfillmentOrders: readonly OpenOrder[];
  fulfillments: readonly KnownFulfillment[];
  /** Fulfillments that other parcels of the order are known to be. */
  claimedIds: readonly string[];
}

/** Decides what Shopify is told of a parcel. */
export function planFulfillment(question: Question): FulfillmentPlan {
  const { shipment, fulfillmentOrders } = question;
  const { fulfillments } = question;
  const ours = fulfillments.filter(({ id }) => shipment.fulfillmentIds.includes(id));
  const before = leftOver(
    shipment.lines,
    ours.map(({ lines }) => lines),
  );
  const lost = shipment.committingAt === null ? [] : findLost(question, before);
  const found = lost.map(({ id }) => id);
  const missing = leftOver(
    before,
    lost.map(({ lines }) => lines),
  );
  if (missing.length === 0) return { told: true, found };
  const age = shipment.committingSeconds;
  if (shipment.committingAt !== null && found.length === 0 && age !== null && age < quietSeconds)
    return { wait: { seconds: Math.max(1, Math.ceil(quietSeconds - age)) }, found };

  const { portions, untold } = share(missing, fulfillmentOrders);
  const blocked = whyBlocked(untold, fulfillmentOrders);
  if (portions.length > 0) return { create: portions, found, ...(blocked && { rest: blocked }) };
  if (blocked) return { wait: blocked, found };
  // Part of it was told, and of the rest nothing is left to fulfill: that is all Shopify can take.
  if (ours.length + lost.length > 0) return { told: true, found };
  return byHand(question, missing) ?? { held: nothingLeft(shipment) };
}

// A fulfillment that a request of ours made although its answer was lost. With a tracking number it is known by that;
// without one it must hold exactly our quantities and be no older than the request.
function findLost({ shipment, fulfillments, claimedIds }: Question, missing: Pieces[]): KnownFulfillment[] {
  const { committingAt, trackingNumber, fulfillmentIds } = shipment;
  const since = (committingAt?.getTime() ?? Infinity) - skewMs;
  const found: KnownFulfillment[] = [];
  let left = missing;
  for (const one of fulfillments) {
    if (claimedIds.includes(one.id) || fulfillmentIds.includes(one.id) || one.lines.length === 0) continue;
    const fits = count(within(one.lines, left)) === count(one.lines);
    const isOurs =
      trackingNumber !== null
        ? fits && one.trackingNumbers.some((number) => number.trim() === trackingNumber.trim())
        : one.trackingNumbers.length === 0 && one.createdAt.getTime() >= since && isExact(one.lines, left);
    if (!isOurs) continue;
    found.push(one);
    left = leftOver(left, [one.lines]);
  }
  return found;
}

// Whole lines of what is missing, no more and no less of each. Not all lines: a parcel may need one fulfillment for
// each of several fulfillment orders.
function isExact(lines: Pieces[], missing: Pieces[]): boolean {
  return lines.every(({ lineId, quantity }) =>
    missing.some((one) => one.lineId === lineId && one.quantity === quantity),
  );
}

const isOpen = ({ status }: OpenOrder): boolean => status === "OPEN" || status === "IN_PROGRESS";

// Never more than remains: what was refunded or fulfilled by somebody else is not told again.
function share(missing: Pieces[], orders: readonly OpenOrder[]): { portions: Portion[]; untold: Pieces[] } {
  let untold = missing;
  const portions = orders.filter(isOpen).flatMap((order): Portion[] => {
    const lines = order.lines.flatMap(({ id, lineId, remainingQuantity }) => {
      const [taken] = within([{ lineId, quantity: remainingQuantity }], untold);
      if (!taken) return [];
      untold = leftOver(untold, [[taken]]);
      return [{ id, quantity: taken.quantity }];
    });
    return lines.length > 0 ? [{ fulfillmentOrderId: order.id, lines }] : [];
  });
  return { portions, untold };
}

function whyBlocked(untold: Pieces[], orders: readonly OpenOrder[]): Wait | undefined {
  const holds = (status: string): boolean =>
    orders.some(
      (order) =>
        order.status === status &&
        order.lines.some(
          ({ lineId, remainingQuantity }) =>
            remainingQuantity > 0 && untold.some((one) => one.lineId === lineId),
        ),
    );
  if (holds("ON_HOLD"))
    return {
      seconds: 15 * 60,
      sentence:
        "Fulfillment of this order is on hold in Shopify. Release the hold there, then Shopify is told of the parcel by itself.",
    };
  if (holds("SCHEDULED"))
    return {
      seconds: 3600,
      sentence:
        "Shopify has scheduled this order for later. Shopify is told of the parcel when that time has come.",
    };
  return undefined;
}

function byHand({ shipment, fulfillments }: Question, missing: Pieces[]): FulfillmentPlan | undefined {
  const others = fulfillments.filter(
    ({ status, lines }) => status !== "CANCELLED" && within(lines, missing).length > 0,
  );
  if (others.length === 0) return undefined;
  const number = shipment.trackingNumber;
  const isThere = number === null || others.some(({ trackingNumbers }) => trackingNumbers.includes(number));
  return {
    already: isThere
      ? "Somebody fulfilled these lines in Shopify already, so nothing was added."
      : `Somebody fulfilled these lines in Shopify already, without this parcel's tracking (${nameParcel(shipment)}). Add it there if the customer needs it.`,
  };
}

function nothingLeft(shipment: ParcelToTell): string {
  return `Shopify has nothing left to fulfill for this parcel (${nameParcel(shipment)}): the order was cancelled there, or its lines were removed. If the parcel left all the same, tell the customer yourself.`;
}
