// What a person may decide about an order, as pages call it. Each decision compares before it sets, so that two
// clicks, two windows or a worker in between never do a thing twice; what cannot be done says why.
import { z } from "zod";
import { failedToFind, standing, type Decision, type PartInHand, type Which } from "./standing.ts";
import { insistInTransaction, type Sql } from "../db.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import type { Step } from "../queue.server.ts";
import type { World } from "../world.server.ts";
import { freeAccount, settleAttempt, settleDoubt } from "./doubt.server.ts";
import { newsDue } from "./news.server.ts";
import { tell } from "./parcels.ts";
import { landingSeconds } from "./retry.ts";
import { soonest } from "./soonest.ts";

export type { Decision, Which } from "./standing.ts";
export { releaseAccount } from "../connections/health.server.ts";
export { importOrder, routeAgain } from "./again.server.ts";
export { cancelAtVendor, readChanging, updateAtVendor } from "./changing.server.ts";
export { checkOrder } from "./checking.server.ts";
export { addShipment, addShipmentsInBulk, tellShopifyAgain } from "./entered-parcels.server.ts";

/** What a decision does besides: a sentence for the order's story, and the step to wake after the commit. */
type Outcome = { refused: string } | { sentence?: string; wake?: Step };

// now() is when the transaction began, which for a click that waited for another click's lock is before that one's
// change: "waitsLonger" asks the clock itself, and is asked again when the lock is there.
const lock = `
  SELECT v.id, v.shop, v."orderId", v."connectionId", v."accountId", v.vendor, v.reference, v.status, v.code, v."vendorNumber",
    v."committingAt" IS NOT NULL AS committing, coalesce(v."leaseUntil" > now(), false) AS leased, v."approvedAt" IS NOT NULL AS approved,
    v."nextRunAt" > clock_timestamp() AS "waitsLonger",
    -- Where a person is asked although no buying request is open, one may have left before: since then nothing moved.
    extract(epoch FROM now() - coalesce(v."committingAt", v."changedAt"))::float AS "commitAgeSeconds", v."frozenAt" IS NOT NULL AS frozen,
    c.label, c.status AS "connectionStatus", c."removedAt" IS NOT NULL AS removed, a."holderId" = v.id AS "holdsBasket"
  FROM "VendorOrder" v JOIN "Connection" c ON c.id = v."connectionId" JOIN "Account" a ON a.id = v."accountId"
  WHERE v.id = $1 AND v.shop = $2 FOR UPDATE OF v`;

async function decide(
  world: World,
  { shop, vendorOrderId }: Which,
  work: (sql: Sql, part: PartInHand) => Promise<Outcome>,
): Promise<Decision> {
  if (!z.uuid().safeParse(vendorOrderId).success) return { refused: failedToFind };
  // Routing locks an order before its parts, and this a part before its order.
  const outcome = await insistInTransaction(world.db, async (sql): Promise<Outcome> => {
    const { rows } = await sql.query<PartInHand>(lock, [vendorOrderId, shop]);
    const part = rows[0];
    if (!part) return { refused: failedToFind };
    const outcome = await work(sql, part);
    if (!("refused" in outcome) && outcome.sentence !== undefined)
      await tell(sql, {
        shop,
        orderId: part.orderId,
        vendorOrderId,
        who: "merchant",
        sentence: outcome.sentence,
      });
    return outcome;
  });
  if ("refused" in outcome) return outcome;
  if (outcome.wake) world.wake(outcome.wake);
  return { done: true };
}

/** Why a part cannot go at all right now, whatever is decided about it; undefined when it can. */
function blocked(part: PartInHand): Outcome | undefined {
  if (part.removed)
    return {
      refused: `${part.label} was removed. Choose another vendor for these products under Products, or give this part up.`,
    };
  switch (part.connectionStatus) {
    case "paused":
      return { refused: `${part.label} is paused. Resume it on the Vendors page, then its orders go.` };
    case "failing":
      return {
        refused: `${part.label} does not accept the connection. Correct it on the Vendors page, then its orders go.`,
      };
    case "on":
      return undefined;
  }
}

const minutes = (count: number): string => (count === 1 ? "a minute" : `${count} minutes`);

/** Ends the hold window: a waiting part goes now. Pressing twice is harmless. */
export function sendNow(world: World, which: Which): Promise<Decision> {
  return decide(world, which, async (sql, part) => {
    if (part.status !== "waiting") return { refused: standing(part) };
    const hindered = blocked(part);
    if (hindered) return hindered;
    const { rows } = await sql.query<{ seconds: number }>(
      `UPDATE "VendorOrder" v SET "nextRunAt" = ${soonest} FROM "Account" a WHERE v.id = $1 AND v.status = 'waiting' AND a.id = v."accountId"
       RETURNING extract(epoch FROM v."nextRunAt" - now())::float AS seconds`,
      [part.id],
    );
    const wait = Math.ceil((rows[0]?.seconds ?? 0) / 60);
    if (wait > 0)
      return {
        refused: `A request of the last try may still arrive at ${part.label}. This part goes by itself in ${minutes(wait)}.`,
      };
    return {
      wake: "submission",
      ...(part.waitsLonger && { sentence: "You sent this part without waiting longer." }),
    };
  });
}

// A part whose things lie in a shared basket waits on until what its last try lost can no longer arrive there.
const release = `
  UPDATE "VendorOrder" v SET status = 'waiting', code = NULL, sentence = NULL, tries = 0, "firstTryAt" = NULL, "changedAt" = now(),
    "nextRunAt" = CASE WHEN a."holderId" = v.id THEN greatest(v."nextRunAt", now()) ELSE now() END,
    "approvedAt" = CASE WHEN $2::boolean THEN now() ELSE v."approvedAt" END
  FROM "Account" a WHERE v.id = $1 AND v.status = 'held' AND a.id = v."accountId"`;

/** Lets a part go that waited for the merchant's look. */
export function approve(world: World, which: Which): Promise<Decision> {
  return decide(world, which, async (sql, part) => {
    if (part.status === "waiting" && part.approved) return {};
    if (part.status !== "held" || part.code !== "approval") return { refused: standing(part) };
    if (part.removed) return blocked(part) ?? {};
    await sql.query(release, [part.id, true]);
    return { sentence: "You approved this part.", wake: "submission" };
  });
}

const mayTryAgain = ["payload", "needs photo", "rejected", "tries", "our fault"];

/** Tries a held part again, after the merchant mended what its sentence named. */
export function tryAgain(world: World, which: Which): Promise<Decision> {
  return decide(world, which, async (sql, part) => {
    if (part.status === "waiting") return {};
    if (part.status !== "held" || !mayTryAgain.includes(part.code ?? "")) return { refused: standing(part) };
    if (part.removed) return blocked(part) ?? {};
    await sql.query(release, [part.id, false]);
    return { sentence: "You asked to try this part again.", wake: "submission" };
  });
}

/**
 * The merchant found the order at the vendor. It is never sent again; `number` is the vendor's own, when they have
 * it. Refused while a conversation about it is going on, because that may answer the question itself.
 */
export function itExists(world: World, which: Which & { number?: string | undefined }): Promise<Decision> {
  const number = which.number?.trim().slice(0, 100) || null;
  return decide(world, which, async (sql, part) => {
    if (part.status === "sent" || part.status === "shipped") return keepNumber(sql, part, number);
    const isOpen =
      (part.status === "held" && (part.code === "unsure" || part.code === "number unknown")) ||
      (part.status === "waiting" && part.committing);
    if (!isOpen) return { refused: standing(part) };
    if (part.leased) return { refused: inConversation(part) };
    const tracks = vendorById(part.vendor)?.orders?.track !== undefined && !part.removed;
    await sql.query(
      `UPDATE "VendorOrder" SET status = 'sent', code = NULL, sentence = NULL, "sentAt" = coalesce("sentAt", "committingAt", now()),
         "committingAt" = NULL, "leaseUntil" = NULL, fence = fence + 1, "vendorNumber" = coalesce($2, "vendorNumber"),
         notice = CASE WHEN "committingAt" IS NULL THEN concat_ws(' ', notice, $4::text) ELSE notice END,
         "trackAt" = CASE WHEN $3::boolean AND payload IS NOT NULL THEN now() END, "trackTries" = 0, "changedAt" = now() WHERE id = $1`,
      // Without an open request the order may have been changed here since it was sent.
      [
        part.id,
        number,
        tracks,
        `Compare it at ${part.label} with the order: it may be as the order was before its last change.`,
      ],
    );
    await settleDoubt(sql, part);
    await freeAccount(sql, part);
    await newsDue(sql, part.connectionId);
    const named = number === null ? "" : ` as ${number}`;
    return {
      sentence: `You found this part at ${part.label}${named}. It is not sent again.`,
      ...(tracks && { wake: "tracking" as const }),
    };
  });
}

async function keepNumber(sql: Sql, part: PartInHand, number: string | null): Promise<Outcome> {
  if (number === null || number === part.vendorNumber) return {};
  if (part.vendorNumber !== null)
    return { refused: `This part has the number ${part.vendorNumber} at ${part.label} already.` };
  await sql.query(`UPDATE "VendorOrder" SET "vendorNumber" = $2, "changedAt" = now() WHERE id = $1`, [
    part.id,
    number,
  ]);
  return { sentence: `You entered the vendor's number ${number}.` };
}

const inConversation = (part: PartInHand): string =>
  `Makerlane is talking to ${part.label} about this part at this moment. Look again in a minute.`;

/**
 * The merchant looked and the order is not at the vendor: it is sent again, as a new one. Refused until a request
 * that was lost on the way can no longer take effect there.
 */
export function doesNotExist(world: World, which: Which): Promise<Decision> {
  return decide(world, which, async (sql, part) => {
    if (part.status === "waiting" && !part.committing) return {};
    if (part.status !== "held" || part.code !== "unsure") return { refused: standing(part) };
    const own = vendorById(part.vendor)?.orders?.quiescenceSeconds ?? 0;
    const quiet = own > 0 ? own : landingSeconds;
    const wait = Math.ceil((quiet - (part.commitAgeSeconds ?? quiet)) / 60);
    if (wait > 0)
      return {
        refused: `The request may still arrive at ${part.label}. Look there again in ${minutes(wait)}, then decide.`,
      };
    if (part.removed) return endRemoved(sql, part);
    await sql.query(
      `UPDATE "VendorOrder" v SET status = 'waiting', code = NULL, sentence = NULL, "committingAt" = NULL, "frozenAt" = NULL, resend = resend + 1, payload = NULL,
         "payloadHash" = NULL, notes = '{}', tries = 0, "firstTryAt" = NULL, "nextRunAt" = now(), fence = fence + 1, "leaseUntil" = NULL,
         "changedAt" = now(), "accountId" = c."accountId" FROM "Connection" c WHERE v.id = $1 AND c.id = v."connectionId"`,
      [part.id],
    );
    await settleDoubt(sql, part);
    await freeAccount(sql, part);
    return {
      sentence: `You looked: ${part.label} does not have this part. It is sent again.`,
      wake: "submission",
    };
  });
}

// There is nobody any more to send it to again. Its lines are free for another vendor.
async function endRemoved(sql: Sql, part: PartInHand): Promise<Outcome> {
  const sentence = `You looked: ${part.label} does not have this part. Nothing was ordered.`;
  await sql.query(
    `UPDATE "OrderLine" SET "vendorOrderId" = NULL, "sentQuantity" = NULL WHERE "vendorOrderId" = $1`,
    [part.id],
  );
  await sql.query(
    `UPDATE "VendorOrder" SET status = 'cancelled', code = NULL, sentence = $2, "committingAt" = NULL, "frozenAt" = NULL,
       fence = fence + 1, "leaseUntil" = NULL, "changedAt" = now() WHERE id = $1`,
    [part.id, sentence],
  );
  await settleAttempt(sql, part.id);
  await freeAccount(sql, part);
  await sql.query(
    `UPDATE "Order" SET version = version + 1, "nextRunAt" = now() WHERE id = $1 AND facts IS NOT NULL`,
    [part.orderId],
  );
  return { sentence, wake: "routing" };
}

/** Takes an unsent part back for good. What may already be at the vendor cannot be given up from here. */
export function giveUp(world: World, which: Which): Promise<Decision> {
  return decide(world, which, async (sql, part) => {
    if (part.status === "cancelled") return {};
    if (part.status !== "waiting" && part.status !== "held") return { refused: standing(part) };
    if (part.leased) return { refused: inConversation(part) };
    if (part.committing || part.code === "unsure" || part.code === "number unknown")
      return {
        refused: `${part.label} may have this part already. Look there first, then say here whether it exists.`,
      };
    // A request left once, and the vendor's answer said only that asking for the same again does no harm.
    const sentence = part.frozen
      ? `You gave this part up. A request of an earlier try may still have reached ${part.label}: look there for ${part.reference}.`
      : "You gave this part up. Nothing was ordered.";
    await sql.query(
      `UPDATE "VendorOrder" SET status = 'cancelled', code = 'given up', sentence = $2,
         fence = fence + 1, "leaseUntil" = NULL, "changedAt" = now() WHERE id = $1`,
      [part.id, sentence],
    );
    await settleAttempt(sql, part.id);
    if (part.holdsBasket)
      await sql.query(
        `UPDATE "Account" SET "holderId" = NULL, quarantine = coalesce(quarantine, $2) WHERE id = $1`,
        [
          part.accountId,
          `The basket may still hold things of ${part.reference}, which was given up. Empty the basket at the vendor, then release the account.`,
        ],
      );
    return { sentence };
  });
}

/** Puts away a notice that was read. */
export function dismissNotice(world: World, which: Which): Promise<Decision> {
  return decide(world, which, async (sql, part) => {
    await sql.query(`UPDATE "VendorOrder" SET notice = NULL, "changedAt" = now() WHERE id = $1`, [part.id]);
    return {};
  });
}
