// Whether what a page shows will soon be different without anybody's doing: then the page looks again by itself, and
// stops once nothing moves any more.

// The database's clock may be a little ahead of ours, and what is due in a moment moves as well.
const momentMs = 5_000;
/** What did not work is tried again later and later: nobody watches that. */
const watchedTries = 2;

/** What decides it for an order. */
interface MovingOrder {
  status: string;
  readAgain: boolean;
  /** Set once it is forgotten: then it is never worked out again. */
  redactedAt: Date | null;
  routed: number;
  version: number;
  tries: number;
}

/** Whether an order is being read, or worked out again after a change. */
export function isBeingRead(order: MovingOrder): boolean {
  if (order.status === "routing") return true;
  const isChanged = order.redactedAt === null && (order.readAgain || order.routed < order.version);
  return isChanged && order.tries < watchedTries;
}

/** What decides it for a part of an order. */
interface MovingPart {
  id: string;
  status: string;
  nextRunAt: Date;
  connection: { status: string; removedAt: Date | null };
  account: { quarantine: string | null; holderId: string | null };
  shipments: { status: string; nextRunAt: Date }[];
}

/**
 * Whether a part is being sent, or Shopify is being told of one of its parcels. What was put off, a look at the vendor
 * after a lost answer as well, is watched again once it is due.
 */
export function isPartMoving(part: MovingPart, now: Date): boolean {
  const isDue = (at: Date): boolean => at.getTime() <= now.getTime() + momentMs;
  if (part.shipments.some(({ status, nextRunAt }) => status === "waiting" && isDue(nextRunAt))) return true;
  const { connection, account } = part;
  if (connection.status !== "on" || connection.removedAt !== null || account.quarantine !== null)
    return false;
  // An account with one basket, and another order's things in it.
  if (account.holderId !== null && account.holderId !== part.id) return false;
  return part.status === "waiting" && isDue(part.nextRunAt);
}
