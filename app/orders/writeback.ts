// Step 5: Shipment → Shopify fulfillment with its tracking number, once.
//
// `fulfillmentCreate` is not idempotent, so the row says `committingAt`, committed, before the request leaves, and
// says so until its outcome is known. A run that finds it set looks at Shopify first: timeouts, crashes and kills
// all come down to that look, and a customer never gets two e-mails for one parcel.
import { inTransaction } from "../db.server.ts";
import { log, withLogContext } from "../log.server.ts";
import { adminFor, ShopifyError, type Admin } from "../shopify/admin.server.ts";
import { createFulfillment, type Tracking } from "../shopify/create-fulfillment.server.ts";
import { readFulfillmentOrders } from "../shopify/fulfillment-orders.server.ts";
import { updateTracking } from "../shopify/update-tracking.server.ts";
import type { World } from "../world.server.ts";
import { nameParcel, sameNumber, settleShipped } from "./parcels.ts";
import {
  planFulfillment,
  type FulfillmentPlan,
  type KnownFulfillment,
  type OpenOrder,
  type Portion,
} from "./plan-fulfillment.ts";
import { retryAt } from "./retry.ts";
import {
  claimShipments,
  clearCommitting,
  endTelling,
  keepFulfillments,
  markCommitting,
  readSiblings,
  TellingLost,
  type Telling,
  type TellingClaim,
} from "./telling.server.ts";

/** Tells Shopify of up to `limit` parcels. Answers how many it worked on. */
export async function writeback(world: World, limit = 12): Promise<number> {
  const claims = await claimShipments(world.db, limit);
  await Promise.all(
    claims.map((claim) =>
      withLogContext({ shop: claim.shop, order: claim.orderId, shipment: claim.id }, () =>
        tellOne({ world, claim, admin: adminFor(claim.shop, world.db) }),
      ),
    ),
  );
  // What waited behind a parcel of the same order may go now.
  if (claims.length > 0) world.wake("writeback");
  return claims.length;
}

interface Talk {
  world: World;
  claim: TellingClaim;
  admin: Admin;
}

async function tellOne(talk: Talk): Promise<void> {
  const { world, claim } = talk;
  try {
    const telling = await (claim.toldAt === null ? tellShopify(talk) : correctTracking(talk));
    await endTelling(world.db, claim, telling);
    if (telling.status === "told")
      await inTransaction(world.db, (sql) => settleShipped(sql, claim.vendorOrderId));
    log.info({ status: telling.status, wait: telling.waitSeconds }, "writeback.attempted");
  } catch (error) {
    if (error instanceof TellingLost) return log.warn("writeback.lease_lost");
    if (error instanceof ShopifyError) log.warn({ problem: error.problem }, "writeback.refused");
    else log.error({ err: error }, "writeback.failed");
    await endTelling(world.db, claim, afterError(claim, error)).catch((failed: unknown) =>
      log.warn({ err: failed }, "writeback.end_failed"),
    );
  }
}

async function tellShopify(talk: Talk): Promise<Telling> {
  const { world, claim } = talk;
  let refused: { error: ShopifyError; portions: string } | undefined;
  for (;;) {
    const state = await readState(talk);
    if (!state)
      return held(`Shopify has no such order any more, so it was not told of ${nameParcel(claim)}.`);
    const plan = planFulfillment({ shipment: claim, ...state, ...(await readSiblings(world.db, claim)) });
    if ("found" in plan && plan.found.length > 0) {
      await keepFulfillments(world.db, claim, plan.found);
      claim.fulfillmentIds.push(...plan.found);
      claim.committingAt = null;
    }
    if (!("create" in plan)) {
      if ("told" in plan) await bringTracking(talk, state.fulfillments);
      return ending(claim, plan);
    }
    // Refused, and the order has not changed since it was read: only a person can help.
    const portions = JSON.stringify(plan.create);
    if (refused?.portions === portions) return held(refused.error.message);
    const error = await create(talk, plan.create);
    if (!error) return plan.rest ? waiting(claim, plan.rest) : told(claim);
    refused = { error, portions };
  }
}

/** Makes the fulfillments, one after another. Answers with the error when Shopify refuses one. */
async function create({ world, claim, admin }: Talk, portions: Portion[]): Promise<ShopifyError | undefined> {
  for (const portion of portions) {
    await markCommitting(world.db, claim);
    let id: string;
    try {
      id = await createFulfillment(admin, { ...portion, tracking: trackingOf(claim), notify: claim.notify });
    } catch (error) {
      if (!(error instanceof ShopifyError) || mayHaveShipped(error)) throw error;
      await clearCommitting(world.db, claim);
      claim.committingAt = null;
      if (error.problem !== "rejected") throw error;
      return error;
    }
    await keepFulfillments(world.db, claim, [id]);
    claim.fulfillmentIds.push(id);
    claim.committingAt = null;
  }
  return undefined;
}

// Besides lost answers: an error of the whole query may come after the fulfillment was made. Only an error that
// names a field of what we sent, or one before Shopify looked at it, surely had no effect.
function mayHaveShipped(error: ShopifyError): boolean {
  return error.lost || (error.problem === "rejected" && error.userErrors.some(({ field }) => field === ""));
}

async function readState({
  claim,
  admin,
}: Talk): Promise<{ fulfillmentOrders: OpenOrder[]; fulfillments: KnownFulfillment[] } | undefined> {
  const state = await readFulfillmentOrders(admin, claim.shopifyId);
  return (
    state && {
      fulfillmentOrders: state.fulfillmentOrders.map(({ supportedActions, lines, ...order }) => ({
        ...order,
        mayCreate: supportedActions.includes("CREATE_FULFILLMENT"),
        lines: lines.map(({ lineItemId, ...line }) => ({ ...line, lineId: lineItemId })),
      })),
      fulfillments: state.fulfillments.map(({ lines, ...fulfillment }) => ({
        ...fulfillment,
        lines: lines.map(({ lineItemId, quantity }) => ({ lineId: lineItemId, quantity })),
      })),
    }
  );
}

function trackingOf({ carrier, trackingNumber, trackingUrl }: TellingClaim): Tracking {
  return {
    ...(carrier !== null && { company: carrier }),
    ...(trackingNumber !== null && { number: trackingNumber }),
    ...(trackingUrl !== null && { url: trackingUrl }),
  };
}

// A fulfillment that was found after a lost answer may lack our number, when the vendor corrected it meanwhile.
async function bringTracking({ claim, admin }: Talk, fulfillments: KnownFulfillment[]): Promise<void> {
  for (const one of fulfillments) {
    if (claim.trackingNumber === null || !claim.fulfillmentIds.includes(one.id)) continue;
    if (
      one.status === "CANCELLED" ||
      one.trackingNumbers.some((each) => sameNumber(each, claim.trackingNumber))
    )
      continue;
    await updateTracking(admin, { fulfillmentId: one.id, tracking: trackingOf(claim), notify: false });
  }
}

/** Shopify knows the parcel; only how it can be followed has changed. Saying it twice changes nothing. */
async function correctTracking({ claim, admin }: Talk): Promise<Telling> {
  for (const fulfillmentId of claim.fulfillmentIds) {
    try {
      await updateTracking(admin, { fulfillmentId, tracking: trackingOf(claim), notify: claim.notify });
    } catch (error) {
      if (!(error instanceof ShopifyError) || error.problem !== "rejected") throw error;
      return held(error.message);
    }
  }
  return { status: "told", story: `Shopify was told the new tracking: ${nameParcel(claim)}.` };
}

function ending(claim: TellingClaim, plan: Exclude<FulfillmentPlan, { create: Portion[] }>): Telling {
  if ("told" in plan) return told(claim);
  if ("already" in plan) return { status: "already", sentence: plan.already, story: plan.already };
  if ("held" in plan) return held(plan.held);
  return waiting(claim, plan.wait);
}

function told(claim: TellingClaim): Telling {
  return { status: "told", story: `Shopify was told: 1 parcel with ${nameParcel(claim)}.` };
}

function held(sentence: string): Telling {
  return { status: "held", sentence, story: sentence };
}

function waiting(
  claim: TellingClaim,
  { seconds, sentence }: { seconds: number; sentence?: string },
): Telling {
  const isNews = sentence !== undefined && sentence !== claim.sentence;
  return { status: "waiting", waitSeconds: seconds, sentence, ...(isNews && { story: sentence }) };
}

/** How a run ends that something came between. What became of a request is not touched here. */
function afterError(claim: TellingClaim, error: unknown): Telling {
  if (!(error instanceof ShopifyError)) {
    const sentence = "Makerlane made a mistake with this parcel. It is tried again by itself.";
    if (claim.tries < 10)
      return { status: "waiting", sentence, waitSeconds: retryAt(claim.tries), counts: true };
    return held(
      "Makerlane could not tell Shopify of this parcel. Press Tell Shopify again; if it stays, contact support.",
    );
  }
  return { status: "waiting", sentence: error.message, waitSeconds: waitAfter(claim, error), counts: true };
}

function waitAfter(claim: TellingClaim, error: ShopifyError): number {
  switch (error.problem) {
    case "retry":
      return error.retryAfterSeconds ?? retryAt(claim.tries);
    case "unsure":
      // Good news may be there at once; nothing is concluded from its absence before the plan's quiet time.
      return 15;
    case "reconnect":
      return 300;
    case "rejected":
    case "gone":
      return 3600;
  }
}
