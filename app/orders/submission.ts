// Step 3: VendorOrder → the vendor's payload → the vendor's answer → Attempt. The step that costs money.
//
// The rule above all: the row says `committingAt`, committed, before the buying request leaves, and says so until
// the outcome is known. A run that finds it set must probe before it may submit. Timeouts, crashes, kills and our
// own bugs all come down to these two lines, and an order is never placed twice because we do not remember.
import { openJson, sha256 } from "../crypto.server.ts";
import { log, withLogContext } from "../log.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { VendorError } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import { attempt, frozenPayload, type Conversation } from "./attempt.server.ts";
import { claimVendorOrders, closeAttempt, LeaseLost, type Claim, type Frozen } from "./claim.server.ts";
import { afterProbe, afterReceipt, beforeSending, bug, type Ending } from "./ending.ts";
import { expirePreviews, noteFiles } from "./line-pictures.server.ts";
import type { OrderFacts } from "./order.ts";
import { isFromPhoto, partOf } from "./part.server.ts";
import { readyPictures } from "./pictures.server.ts";
import { checkPrices } from "./prices.server.ts";
import { namedAddress } from "./remark.ts";
import { landingSeconds } from "./retry.ts";

/** Claims up to `limit` due VendorOrders and starts on each. Answers with what is under way. */
export async function submission(world: World, limit: number): Promise<Promise<void>[]> {
  const claims = await claimVendorOrders(world.db, limit);
  return claims.map((claim) =>
    withLogContext(
      { shop: claim.shop, order: claim.orderId, vendorOrder: claim.id, vendor: claim.vendor },
      () => submitClaim(world, claim),
    ),
  );
}

async function submitClaim(world: World, claim: Claim): Promise<void> {
  const vendor = vendorById(claim.vendor);
  try {
    if (!vendor?.orders) throw new Error(`no vendor takes orders under the name ${claim.vendor}`);
    const settings = openJson(claim.settings, {
      table: "Connection",
      column: "settings",
      shop: claim.shop,
      row: claim.connectionId,
    }) as Record<string, unknown>;
    await converseOnce({ world, claim, vendor, orders: vendor.orders, settings });
  } catch (error) {
    if (error instanceof LeaseLost) return log.warn("submission.lease_lost");
    // Ours, not the vendor's: kept, tried again, then held. The row still says what is known.
    log.error({ err: error }, "submission.failed");
    await closeAttempt(world.db, { claim, attemptId: undefined, exchanges: [], ending: bug(claim) }).catch(
      (failed: unknown) => log.warn({ err: failed }, "submission.close_failed"),
    );
  }
}

async function converseOnce(conversation: Conversation): Promise<void> {
  const { claim } = conversation;
  if (claim.commitAgeSeconds !== null) {
    const mayGoOn = await probe(conversation, claim.commitAgeSeconds);
    if (!mayGoOn) return;
  }
  if (claim.lines.length === 0 || claim.cancelled) return withdraw(conversation);
  await submit(conversation);
}

/** Finds out what became of a buying request whose answer was lost. Answers whether it may be sent again now. */
async function probe(conversation: Conversation, secondsSinceCommit: number): Promise<boolean> {
  const { claim, orders, settings } = conversation;
  // A cancelled order ends here for good, so that even a vendor whose lost request is harmless to repeat gets the
  // time to show that it did not land.
  const quiet = claim.cancelled
    ? Math.max(orders.quiescenceSeconds, landingSeconds)
    : orders.quiescenceSeconds;
  const known = secondsSinceCommit >= quiet;
  const sendAgain = await attempt(conversation, { kind: "probe" }, async (calls) => {
    const found = await orders.probe(frozenPayload(claim), settings, { ...calls, secondsSinceCommit });
    return afterProbe({
      claim,
      found,
      known,
      remainingSeconds: quiet - secondsSinceCommit,
      tracks: orders.track !== undefined,
    });
  });
  if (sendAgain) claim.commitAgeSeconds = null;
  return sendAgain;
}

async function submit(conversation: Conversation): Promise<void> {
  const { claim, orders, settings } = conversation;
  const frozen = await prepare(conversation);
  if (!frozen) return;
  await attempt(conversation, { kind: "submit", ...(frozen.isNew && { frozen }) }, async (calls) => {
    const receipt = await orders
      .submit(frozen.payload, settings, calls)
      .catch((error: unknown) => againWithNewPreview(conversation, error));
    return afterReceipt({ claim, receipt, tracks: orders.track !== undefined });
  });
}

// The vendor refused because it keeps the preview no more: with the photo in our hands that is no end.
async function againWithNewPreview({ world, claim, vendor }: Conversation, error: unknown): Promise<never> {
  const isStale =
    error instanceof VendorError && error.problem === "rejected" && vendor.previews?.isStale(error.message);
  if (!isStale || !(await expirePreviews(world.db, claim))) throw error;
  throw new VendorError("retry", `${vendor.label} keeps the preview of this order no more.`, {
    retryAfterSeconds: 1,
    status: error.status,
    cause: error,
  });
}

/**
 * The payload as it will be sent: made anew on every try, because the merchant may have mended the order, and
 * frozen as soon as it is sent. When it changed after something was left at the vendor, that is taken back first.
 */
async function prepare(conversation: Conversation): Promise<(Frozen & { isNew: boolean }) | undefined> {
  const { world, claim, vendor, orders, settings } = conversation;
  // Once a buying request has left without a clear no, what it bought may not change any more.
  if (claim.frozen && claim.payload && claim.payloadHash !== null) {
    return { payload: frozenPayload(claim), hash: claim.payloadHash, isNew: false };
  }
  let payload: unknown;
  let addressHash: string | undefined;
  try {
    const facts = factsOf(claim);
    await checkPrices(world.db, { claim, facts, vendor });
    await readyPictures(world, { claim, facts, vendor, settings });
    payload = orders.toPayload(await partOf(world.db, { claim, facts, vendor, settings }), settings);
    if (vendor.previews) await noteFiles(world.db, { ...claim, fromPhoto: isFromPhoto(vendor, settings) });
    addressHash = namedAddress(payload, facts.shippingAddress);
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    await end(conversation, beforeSending(error, claim.tries));
    return undefined;
  }
  const hash = sha256(JSON.stringify(payload));
  const isNew = hash !== claim.payloadHash;
  if (isNew && claim.payload && Object.keys(claim.notes).length > 0 && orders.withdraw) {
    const isGone = await takeBack(conversation, "waiting");
    if (!isGone) return undefined;
  }
  if (isNew) claim.notes = {};
  return { payload, hash, isNew, ...(addressHash !== undefined && { addressHash }) };
}

/** Nothing of this part is wanted any more: takes back what lies at the vendor, then ends. */
async function withdraw(conversation: Conversation): Promise<void> {
  const { claim, orders } = conversation;
  const sentence = claim.cancelled
    ? "Cancelled in Shopify before it was sent. Nothing was ordered."
    : "No line of it is left. Nothing was ordered.";
  if (orders.withdraw && claim.payload && Object.keys(claim.notes).length > 0) {
    await takeBack(conversation, "cancelled", sentence);
    return;
  }
  await end(conversation, {
    outcome: "withdrawn",
    status: "cancelled",
    sentence,
    settled: true,
    keepsAccount: false,
    story: sentence,
  });
}

/** Takes our things back out of the vendor's basket. Answers whether the order may go on in this run. */
async function takeBack(
  conversation: Conversation,
  status: "waiting" | "cancelled",
  sentence?: string,
): Promise<boolean> {
  const { claim, orders, settings } = conversation;
  return attempt(conversation, { kind: "withdraw" }, async (calls) => {
    await orders.withdraw?.(frozenPayload(claim), settings, calls);
    if (status === "waiting") return "go on";
    return {
      outcome: "withdrawn",
      status,
      settled: true,
      keepsAccount: false,
      ...(sentence && { sentence, story: sentence }),
    };
  });
}

async function end({ world, claim }: Conversation, ending: Ending): Promise<void> {
  await closeAttempt(world.db, { claim, attemptId: undefined, exchanges: [], ending });
}

function factsOf(claim: Claim): OrderFacts {
  if (!claim.facts)
    throw new VendorError(
      "rejected",
      "The personal data of this order was erased, so it cannot be sent any more.",
    );
  return openJson(claim.facts, {
    table: "Order",
    column: "facts",
    shop: claim.shop,
    row: claim.orderId,
  }) as OrderFacts;
}
