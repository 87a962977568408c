// Who may work on a VendorOrder, and what is written down while somebody does. All SQL of submission is here.
//
//   lease   until when the claim holds, by the database's clock; a worker that dies loses it by itself
//   fence   grows with every claim; every write asks for its own, so a worker that lost the lease writes nothing
//   turn    the place in the fair queue; caps and fairness are decided here, at the claim, and nowhere else
import { sealJson } from "../crypto.server.ts";
import { inTransaction, type Db } from "../db.server.ts";
import type { Exchange } from "../vendors/http.server.ts";
import type { Notes } from "../vendors/vendor.ts";
import type { Ending } from "./ending.ts";
import { linesToMake, routeWhatWaits, type LineToMake } from "./lines.server.ts";

/** How long a claim holds without renewal. Longer than the longest single request, short enough to wait for. */
export const leaseSeconds = 45;

// Taken before the statement is sent, so that it ends before the row's lease does, however long that took.
function endOfLease(seconds: number = leaseSeconds): number {
  return performance.now() + seconds * 1000;
}

/** A VendorOrder that this worker holds, with everything it takes to send it. */
export interface Claim {
  id: string;
  shop: string;
  orderId: string;
  connectionId: string;
  accountId: string;
  vendor: string;
  reference: string;
  fence: number;
  tries: number;
  resend: number;
  firstTryAgeSeconds: number | null;
  /** Seconds since the buying request left whose outcome is unknown; null when there is none. */
  commitAgeSeconds: number | null;
  payload: Buffer | null;
  payloadHash: string | null;
  notes: Notes;
  facts: Buffer | null;
  cancelled: boolean;
  settings: Buffer;
  connectionLabel: string;
  atOnce: number;
  token: Buffer | null;
  tokenExpires: Date | null;
  lines: LineToMake[];
  /** A buying request has left once, without a clear no: what it said may not change any more. */
  frozen: boolean;
  /** When it was taken, nobody knew what had become of its buying request. */
  inDoubt: boolean;
  /** The session token of this run, once it is open. */
  openedToken: string;
  /** The performance.now() at which the lease runs out: the monotonic side of it, never later than the row's. */
  leaseEndsAt: number;
}

const connected = `"VendorOrder" v JOIN "Connection" c ON c.id = v."connectionId" AND c.status = 'on'`;
const isDue = `v.status = 'waiting' AND v."nextRunAt" <= now() AND (v."leaseUntil" IS NULL OR v."leaseUntil" < now())`;
// An order whose change is known but not yet read or worked out waits for that; only a question about a request that may
// already have bought is asked at once.
const isCurrent = `(v."committingAt" IS NOT NULL OR (o.routed >= o.version AND NOT o."readAgain"))`;

// Places that are free at the account `a`. A broken conversation (lease run out, never given back) keeps its place at an
// account with one basket until a request it may have sent can no longer take effect.
const free = `(a."atOnce" - (SELECT count(*) FROM "VendorOrder" w WHERE w."accountId" = a.id AND w."leaseUntil" IS NOT NULL
  AND w."leaseUntil" + CASE WHEN a."atOnce" = 1 THEN a."quietSeconds" ELSE 0 END * interval '1 second' > now()))`;

// Three statements, because each must see what the holders of the locks before it committed: lock the accounts whose
// turn it is; count and lock the parts, leaving those that routing or a person has in hand; then read and take them. In
// one statement the count would overshoot, and a part that was changed or given up in between would go as it was before.
// Each account is counted once and only while something of it can go: else the many parts that wait at a stopped one
// would be all that is looked at. A hundred more than needed, for those whose orders are being read again.
const lockAccounts = `
  SELECT a.id FROM "Account" a JOIN (
    SELECT v."accountId", min(v.turn) AS turn FROM ${connected} WHERE ${isDue} GROUP BY v."accountId") AS first ON first."accountId" = a.id
  WHERE a.quarantine IS NULL AND ${free} > 0
    AND (a."holderId" IS NULL OR EXISTS (SELECT 1 FROM "VendorOrder" v WHERE v.id = a."holderId" AND ${isDue}))
  ORDER BY first.turn LIMIT $1::int + 100 FOR UPDATE OF a SKIP LOCKED`;

const lockParts = `
  WITH room AS (SELECT a.*, ${free} AS free FROM "Account" a WHERE a.id = ANY($1))
  SELECT d.id FROM room r CROSS JOIN LATERAL (
    SELECT v.id, v.turn FROM ${connected} JOIN "Order" o ON o.id = v."orderId" AND ${isCurrent}
    WHERE ${isDue} AND v."accountId" = r.id AND (r."holderId" IS NULL OR r."holderId" = v.id)
    ORDER BY v.turn LIMIT greatest(r.free, 0) FOR UPDATE OF v SKIP LOCKED) d
  ORDER BY d.turn LIMIT $2`;

const take = `
  UPDATE "VendorOrder" v SET "leaseUntil" = now() + $2 * interval '1 second', fence = v.fence + 1, "firstTryAt" = coalesce(v."firstTryAt", now())
  FROM "Order" o, "Connection" c, "Account" a
  WHERE v.id = ANY($1) AND o.id = v."orderId" AND c.id = v."connectionId" AND a.id = v."accountId" AND ${isCurrent}
  RETURNING v.id, v.shop, v."orderId", v."connectionId", v."accountId", v.vendor, v.reference, v.fence, v.tries, v.resend,
    extract(epoch FROM now() - v."firstTryAt")::float AS "firstTryAgeSeconds",
    extract(epoch FROM now() - v."committingAt")::float AS "commitAgeSeconds", v.payload, v."payloadHash", v."frozenAt" IS NOT NULL AS frozen, v."committingAt" IS NOT NULL AS "inDoubt", v.notes,
    o.facts, o."cancelledAt" IS NOT NULL AS cancelled, c.settings, c.label AS "connectionLabel", a."atOnce", a.token, a."tokenExpires",
    ${linesToMake} AS lines`;

/** Takes up to `limit` VendorOrders that are due, fairly between shops and never more per account than it allows. */
export async function claimVendorOrders(db: Db, limit: number): Promise<Claim[]> {
  const leaseEndsAt = endOfLease();
  const claims = await inTransaction(db, async (sql) => {
    const accounts = await sql.query<{ id: string }>(lockAccounts, [limit]);
    if (accounts.rows.length === 0) return [];
    const parts = await sql.query<{ id: string }>(lockParts, [accounts.rows.map(({ id }) => id), limit]);
    if (parts.rows.length === 0) return [];
    const taken = [parts.rows.map(({ id }) => id), leaseSeconds];
    return (await sql.query<Omit<Claim, "leaseEndsAt" | "openedToken">>(take, taken)).rows;
  });
  return claims.map((claim) => ({ ...claim, leaseEndsAt, openedToken: "" }));
}

/** Somebody else holds the order now, or the lease cannot be trusted any more: stop at once and write nothing. */
export class LeaseLost extends Error {
  constructor() {
    super("the lease is lost");
    this.name = "LeaseLost";
  }
}

type Held = Pick<Claim, "id" | "shop" | "fence" | "accountId" | "atOnce">;

const mine = `id = $1 AND fence = $2 AND status = 'waiting' AND "leaseUntil" > now()`;

async function writeMine(db: Db, statement: string, values: unknown[]): Promise<void> {
  const written = await db.query(statement, values);
  if (written.rowCount !== 1) throw new LeaseLost();
}

/** Renews the lease, for longer when one request needs longer. Throws LeaseLost. */
export async function renewLease(db: Db, claim: Claim, seconds: number = leaseSeconds): Promise<void> {
  const leaseEndsAt = endOfLease(seconds);
  const renew = `UPDATE "VendorOrder" SET "leaseUntil" = now() + $3 * interval '1 second' WHERE ${mine}`;
  await writeMine(db, renew, [claim.id, claim.fence, seconds]);
  claim.leaseEndsAt = leaseEndsAt;
}

/** What a try sends: kept before it is sent. What an earlier payload left in the notes is forgotten with it. */
export interface Frozen {
  payload: unknown;
  hash: string;
  /** Of the delivery address, when the payload names it. */
  addressHash?: string;
}

/** Opens an Attempt and freezes what it sends, together. A try that was left open by a dead worker is closed first. */
export async function openAttempt(
  db: Db,
  {
    claim,
    attemptId,
    kind,
    frozen,
  }: {
    claim: Claim;
    attemptId: string;
    kind: "submit" | "probe" | "withdraw";
    frozen?: Frozen;
  },
): Promise<void> {
  const leaseEndsAt = endOfLease();
  const sealed = frozen
    ? sealJson(frozen.payload, { table: "VendorOrder", column: "payload", shop: claim.shop, row: claim.id })
    : null;
  await writeMine(
    db,
    `WITH mine AS (
       UPDATE "VendorOrder" SET "leaseUntil" = now() + $3 * interval '1 second', payload = coalesce($4, payload),
         "payloadHash" = coalesce($5, "payloadHash"),
         notes = CASE WHEN $4::bytea IS NULL THEN notes ELSE '{}' END, "addressHash" = CASE WHEN $4::bytea IS NULL THEN "addressHash" ELSE $6 END WHERE ${mine} RETURNING id, shop
     ), left_open AS (
       UPDATE "Attempt" SET "closedAt" = now(), outcome = 'interrupted', sentence = 'This try was interrupted; the next one went on from there.'
       WHERE "vendorOrderId" = $1 AND "closedAt" IS NULL AND EXISTS (SELECT 1 FROM mine) RETURNING id
     )
     INSERT INTO "Attempt" (id, shop, "vendorOrderId", number, kind)
     SELECT $7, shop, id, (SELECT coalesce(max(number), 0) + 1 FROM "Attempt" WHERE "vendorOrderId" = $1), $8
     FROM mine WHERE (SELECT count(*) FROM left_open) >= 0`,
    [
      claim.id,
      claim.fence,
      leaseSeconds,
      sealed,
      frozen?.hash ?? null,
      frozen?.addressHash ?? null,
      attemptId,
      kind,
    ],
  );
  claim.leaseEndsAt = leaseEndsAt;
  // What is frozen now may have to be taken back in this very run.
  if (sealed) claim.payload = sealed;
}

/** Adds to the notes; an account with one basket is kept for this order from now on. */
export async function rememberNotes(
  db: Db,
  claim: Held & { leaseEndsAt: number },
  notes: Notes,
): Promise<void> {
  const leaseEndsAt = endOfLease();
  await writeMine(
    db,
    `WITH mine AS (
       UPDATE "VendorOrder" SET notes = notes || $3::jsonb, "leaseUntil" = now() + $4 * interval '1 second' WHERE ${mine} RETURNING id, "accountId"
     ), held AS (
       UPDATE "Account" a SET "holderId" = mine.id FROM mine WHERE a.id = mine."accountId" AND a."atOnce" = 1 RETURNING a.id
     ) SELECT id FROM mine`,
    [claim.id, claim.fence, JSON.stringify(notes), leaseSeconds],
  );
  claim.leaseEndsAt = leaseEndsAt;
}

/** Says, committed, that the buying request is about to leave. After this only an answer, a probe or a person decides. */
export async function markCommitting(db: Db, claim: Held & { leaseEndsAt: number }): Promise<void> {
  const leaseEndsAt = endOfLease();
  await writeMine(
    db,
    `WITH mine AS (
       UPDATE "VendorOrder" SET "committingAt" = now(), "frozenAt" = coalesce("frozenAt", now()), "leaseUntil" = now() + $3 * interval '1 second' WHERE ${mine} AND "committingAt" IS NULL RETURNING id, "accountId"
     ), held AS (
       UPDATE "Account" a SET "holderId" = mine.id FROM mine WHERE a.id = mine."accountId" AND a."atOnce" = 1 RETURNING a.id
     ) SELECT id FROM mine`,
    [claim.id, claim.fence, leaseSeconds],
  );
  claim.leaseEndsAt = leaseEndsAt;
}

/** What is written when a try ends. */
export interface Closing {
  claim: Claim;
  attemptId: string | undefined;
  exchanges: Exchange[];
  ending: Ending;
  /** The order stays in this worker's hands: the lease is kept. */
  goesOn?: boolean;
  /** What lay at the vendor was taken back. */
  forgetsNotes?: boolean;
  /** The buying request got a clear no: what is sent may change again. */
  thaws?: boolean;
}

/**
 * Closes the Attempt and writes how it ended, in one statement. Throws LeaseLost when somebody else holds it now, or
 * when it was closed already.
 */
export async function closeAttempt(
  db: Db,
  { claim, attemptId, exchanges, ending, goesOn = false, forgetsNotes = false, thaws = false }: Closing,
): Promise<void> {
  const sealed =
    attemptId && exchanges.length > 0
      ? sealJson(exchanges, { table: "Attempt", column: "exchanges", shop: claim.shop, row: attemptId })
      : null;
  await writeMine(
    db,
    `WITH mine AS (
       UPDATE "VendorOrder" SET status = $3, code = $4, sentence = $5, "nextRunAt" = now() + $6 * interval '1 second', tries = tries + $7,
         "committingAt" = CASE WHEN $8::boolean THEN NULL ELSE "committingAt" END, "vendorNumber" = coalesce($9, "vendorNumber"), notes = CASE WHEN $19::boolean THEN '{}'::jsonb ELSE notes || $10::jsonb END,
         "trackAt" = CASE WHEN $11::float IS NULL THEN "trackAt" ELSE now() + $11 * interval '1 second' END, "leaseUntil" = CASE WHEN $18::boolean THEN "leaseUntil" END,
         "frozenAt" = CASE WHEN $20::boolean THEN NULL ELSE "frozenAt" END,
         "sentAt" = CASE WHEN $3 = 'sent' THEN now() ELSE "sentAt" END, "changedAt" = now()
       WHERE id = $1 AND fence = $2 AND status = 'waiting' AND "leaseUntil" IS NOT NULL RETURNING id, shop, "orderId", "accountId"
     ), attempt AS (
       UPDATE "Attempt" SET "closedAt" = now(), outcome = $12, sentence = $5, exchanges = $13 WHERE id = $14 AND EXISTS (SELECT 1 FROM mine) RETURNING id
     ), story AS (
       INSERT INTO "TimelineEntry" (shop, "orderId", "vendorOrderId", sentence) SELECT shop, "orderId", id, $15 FROM mine WHERE $15::text IS NOT NULL RETURNING id
     ), account AS (
       UPDATE "Account" a SET "holderId" = CASE WHEN $16::boolean THEN mine.id ELSE NULL END, quarantine = coalesce($17, a.quarantine)
       FROM mine WHERE a.id = mine."accountId" AND a."atOnce" = 1 AND (a."holderId" IS NULL OR a."holderId" = mine.id) RETURNING a.id
     ), waiting AS (
       ${routeWhatWaits} AND o.id = (SELECT "orderId" FROM mine) AND $21::boolean RETURNING o.id
     ) SELECT id FROM mine`,
    [
      claim.id,
      claim.fence,
      ending.status,
      ending.code ?? null,
      ending.sentence ?? null,
      ending.waitSeconds ?? 0,
      ending.counts ? 1 : 0,
      ending.settled,
      ending.number ?? null,
      JSON.stringify(ending.notes ?? {}),
      ending.trackAfterSeconds ?? null,
      ending.outcome,
      sealed,
      attemptId ?? null,
      ending.story ?? null,
      ending.keepsAccount,
      ending.quarantine ?? null,
      goesOn,
      forgetsNotes,
      thaws,
      claim.inDoubt && ending.settled,
    ],
  );
}
