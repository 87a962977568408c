// The decision of writeback, pure: what Shopify has to be told of a parcel, after what it knows already. The one
// rule: a fulfillment that may exist is looked for before another one is made.
import { count, leftOver, merge, nameParcel, sameNumber, within, type Pieces } from "./parcels.ts";

/** A fulfillment order as Shopify has it now. Ids are Shopify's, opaque here. */
export interface OpenOrder {
  id: string;
  /** OPEN, IN_PROGRESS, ON_HOLD, SCHEDULED, CLOSED, CANCELLED, INCOMPLETE */
  status: string;
  /** Whether Shopify lets us fulfill it; not when a fulfillment service has it. */
  mayCreate: boolean;
  /** The name of the place that has it. */
  location: string;
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
  /** Tracking numbers of the order's other parcels. */
  otherNumbers: readonly string[];
}

/** Decides what Shopify is told of a parcel. */
export function planFulfillment(question: Question): FulfillmentPlan {
  const { shipment, fulfillmentOrders, fulfillments } = question;
  const ours = fulfillments.filter(({ id }) => shipment.fulfillmentIds.includes(id));
  // What was made once and is not shown now cannot be counted, and what is not counted would be made again.
  if (ours.length < shipment.fulfillmentIds.length)
    return {
      held: `Shopify does not show a fulfillment that was made for this parcel (${nameParcel(shipment)}). Look at the order in Shopify and fulfill what is missing there.`,
    };
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

// A fulfillment that a request of ours made although its answer was lost: one with our tracking number, else one no
// older than the request that holds exactly our quantities. The number may differ because the vendor corrected it
// after the request left; that of another parcel it never is.
function findLost(
  { shipment, fulfillmentOrders, fulfillments, claimedIds, otherNumbers }: Question,
  missing: Pieces[],
): KnownFulfillment[] {
  const { committingAt, trackingNumber, fulfillmentIds } = shipment;
  const since = (committingAt?.getTime() ?? Infinity) - skewMs;
  const free = fulfillments.filter(
    ({ id, lines }) => !claimedIds.includes(id) && !fulfillmentIds.includes(id) && lines.length > 0,
  );
  const named = free.filter(({ trackingNumbers }) =>
    trackingNumbers.some((number) => sameNumber(number, trackingNumber)),
  );
  const exact = free.filter(
    (one) =>
      !named.includes(one) &&
      one.createdAt.getTime() >= since &&
      !one.trackingNumbers.some((number) => otherNumbers.some((other) => sameNumber(number, other))),
  );
  // A request is for one fulfillment order, so it holds all that is missing unless that lies in several of them.
  const isSplit = fulfillmentOrders.filter((order) => hasAny(order, missing)).length > 1;
  const found: KnownFulfillment[] = [];
  let left = missing;
  for (const one of [...named, ...exact]) {
    const isOurs = named.includes(one)
      ? count(within(one.lines, left)) === count(one.lines)
      : isExact(one.lines, left) && (isSplit || count(one.lines) === count(left));
    if (!isOurs) continue;
    found.push(one);
    left = leftOver(left, [one.lines]);
  }
  return found;
}

// Whole lines of what is missing, no more and no less of each.
function isExact(lines: Pieces[], missing: Pieces[]): boolean {
  const wanted = merge(missing);
  return merge(lines).every(({ lineId, quantity }) =>
    wanted.some((one) => one.lineId === lineId && one.quantity === quantity),
  );
}

const hasAny = ({ lines }: OpenOrder, pieces: Pieces[]): boolean =>
  lines.some((line) => pieces.some(({ lineId }) => lineId === line.lineId));

const isOpen = ({ status }: OpenOrder): boolean => status === "OPEN" || status === "IN_PROGRESS";

const mayShip = (order: OpenOrder): boolean => isOpen(order) && order.mayCreate;

// Never more than remains: what was refunded or fulfilled by somebody else is not told again.
function share(missing: Pieces[], orders: readonly OpenOrder[]): { portions: Portion[]; untold: Pieces[] } {
  let untold = missing;
  const portions = orders.filter(mayShip).flatMap((order): Portion[] => {
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
  const having = orders.filter(({ lines }) =>
    lines.some(
      ({ lineId, remainingQuantity }) => remainingQuantity > 0 && untold.some((one) => one.lineId === lineId),
    ),
  );
  if (having.some(({ status }) => status === "ON_HOLD"))
    return {
      seconds: 15 * 60,
      sentence:
        "Fulfillment of this order is on hold in Shopify. Release the hold there, then Shopify is told of the parcel by itself.",
    };
  if (having.some(({ status }) => status === "SCHEDULED"))
    return {
      seconds: 3600,
      sentence:
        "Shopify has scheduled this order for later. Shopify is told of the parcel when that time has come.",
    };
  const elsewhere = having.find((order) => isOpen(order) && !order.mayCreate);
  return (
    elsewhere && {
      seconds: 3600,
      sentence: `In Shopify these lines belong to ${elsewhere.location}, which Makerlane may not fulfill for. Move them to a location of your own there, then Shopify is told of the parcel by itself.`,
    }
  );
}

function byHand({ shipment, fulfillments }: Question, missing: Pieces[]): FulfillmentPlan | undefined {
  const others = fulfillments.filter(
    ({ status, lines }) => status !== "CANCELLED" && within(lines, missing).length > 0,
  );
  if (others.length === 0) return undefined;
  const number = shipment.trackingNumber;
  const isThere =
    number === null ||
    others.some(({ trackingNumbers }) => trackingNumbers.some((each) => sameNumber(each, number)));
  return {
    already: isThere
      ? "Somebody fulfilled these lines in Shopify already, so nothing was added."
      : `Somebody fulfilled these lines in Shopify already, without this parcel's tracking (${nameParcel(shipment)}). Add it there if the customer needs it.`,
  };
}

function nothingLeft(shipment: ParcelToTell): string {
  return `Shopify has nothing left to fulfill for this parcel (${nameParcel(shipment)}): the order was cancelled there, or its lines were removed. If the parcel left all the same, tell the customer yourself.`;
}
