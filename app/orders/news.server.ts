// News that a vendor's callbacks brought: kept before they are answered, worked in by the tracking step, each once. One
// that no sent order fits waits for it: a callback may be faster than the answer to our own request.
import { openJson, sealJson, type Place } from "../crypto.server.ts";
import { inTransaction, type Sql } from "../db.server.ts";
import { log, withLogContext } from "../log.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { VendorError, type About, type Notes, type Report } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import { partNamed, referenceAtVendor } from "./order-id.ts";
import type { VendorOrderStatus } from "./order.ts";
import { applyReport, notice } from "./report.server.ts";
import { retryAt } from "./retry.ts";

/** How long what fits no order is kept for one that may still appear, and a number against its replay, in days. */
const keptDays = 30;

/** The connection that a callback came to. */
export interface Receiver {
  id: string;
  shop: string;
  accountId: string;
}

// The parts that a callback may be about: those of its connection, and those of the shop's other connections to the
// same account, because a vendor knows one address for each account. $1 connection, $2 shop, $3 account, $4 number,
// $5 references, $6 line, $7 to $9 a part by its order. Four small questions, each answered by an index of its own.
const fits = `(v."connectionId" = $1 OR v."accountId" = $3) AND v.id IN (
  SELECT id FROM "VendorOrder" WHERE shop = $2 AND "vendorNumber" = $4
  UNION ALL SELECT id FROM "VendorOrder" WHERE shop = $2 AND reference = ANY($5)
  UNION ALL SELECT id FROM "VendorOrder" WHERE "orderId" = $7 AND part = $8 AND resend = $9
  UNION ALL SELECT "vendorOrderId" FROM "OrderLine" WHERE shop = $2 AND "shopifyLineId" = $6 AND "vendorOrderId" IS NOT NULL)`;

/** The same as it is kept. */
type KeptAbout = { [Name in keyof About]: About[Name] | null };

// A part that was sent again carries "-r2" behind its reference at the vendor.
function asked({ id, shop, accountId }: Receiver, { number, reference, lineId }: KeptAbout): unknown[] {
  const references = reference ? [reference, reference.replace(/-r\d+$/, "")] : [];
  const named = reference ? partNamed(shop, reference) : undefined;
  const part = [named?.orderId ?? null, named?.part ?? null, named?.resend ?? null];
  return [id, shop, accountId, number ?? null, references, lineId ?? null, ...part];
}

/**
 * Moves the next look at an order to now. The count of looks starts anew, so that a look under way does not put this one
 * off again. Answers whether there is an order to look at.
 */
export async function lookNow(sql: Sql, receiver: Receiver, about: About): Promise<boolean> {
  const found = await sql.query(
    `UPDATE "VendorOrder" SET "trackAt" = now(), "trackTries" = 0 WHERE id IN (
       SELECT v.id FROM "VendorOrder" v WHERE ${fits} AND v.status = 'sent' ORDER BY v."sentAt" DESC LIMIT 1)`,
    asked(receiver, about),
  );
  return found.rowCount === 1;
}

function placeOf(row: { shop: string; connectionId: string; callbackId: string }): Place {
  const { shop, connectionId, callbackId } = row;
  return { table: "VendorCallback", column: "data", shop, row: `${connectionId}/${callbackId}` };
}

/** Keeps news; durable when it returns. The same id told again changes nothing. */
export async function keepNews(
  sql: Sql,
  receiver: Receiver,
  news: { id: string; about: About; data: Record<string, unknown> },
): Promise<void> {
  const { shop, id: connectionId } = receiver;
  const { number, reference, lineId } = news.about;
  const callbackId = news.id.slice(0, 400);
  await sql.query(
    `WITH news AS (
       INSERT INTO "VendorCallback" (shop, "connectionId", "callbackId", number, reference, "lineId", data, "forgetAt")
       VALUES ($1, $2, $3, $4, $5, $6, $7, now() + $8 * interval '1 day') ON CONFLICT ("connectionId", "callbackId") DO NOTHING RETURNING 1)
     -- What waits for the same order goes first, so that it is worked in as it was told.
     UPDATE "VendorCallback" SET "nextRunAt" = now() WHERE "connectionId" = $2 AND state = 'orphan'
       AND (number = $4 OR reference = $5 OR "lineId" = $6) AND EXISTS (SELECT 1 FROM news)`,
    [
      shop,
      connectionId,
      callbackId,
      number ?? null,
      reference ?? null,
      lineId ?? null,
      sealJson(news.data, placeOf({ shop, connectionId, callbackId })),
      keptDays,
    ],
  );
}

/** Lets what waits for an order of this connection look for it now, e.g. because a person said that it exists. */
export async function newsDue(sql: Sql, connectionId: string): Promise<void> {
  await sql.query(
    `UPDATE "VendorCallback" SET "nextRunAt" = now() WHERE "connectionId" = $1 AND state = 'orphan'`,
    [connectionId],
  );
}

interface NewsRow {
  id: string;
  shop: string;
  connectionId: string;
  accountId: string;
  vendor: string;
  callbackId: string;
  number: string | null;
  reference: string | null;
  lineId: string | null;
  data: Buffer;
  tries: number;
}

// In the order they were told. The row stays locked while it is worked in, so that each is worked in once.
const next = `
  SELECT n.id, n.shop, n."connectionId", c."accountId", c.vendor, n."callbackId", n.number, n.reference, n."lineId", n.data, n.tries
  FROM "VendorCallback" n JOIN "Connection" c ON c.id = n."connectionId"
  WHERE n.state <> 'done' AND n."nextRunAt" <= now() ORDER BY n."receivedAt", n.id LIMIT 1 FOR UPDATE OF n SKIP LOCKED`;

/** Works in up to `limit` news. Answers how many it looked at. */
export async function takeNews(world: World, limit = 100): Promise<number> {
  let count = 0;
  while (count < limit && (await takeOne(world))) count++;
  return count;
}

async function takeOne(world: World): Promise<boolean> {
  let row: NewsRow | undefined;
  try {
    const told = await inTransaction(world.db, async (sql) => {
      row = (await sql.query<NewsRow>(next)).rows[0];
      return row && (await workIn(sql, row));
    });
    if (told?.wake) world.wake(told.wake);
    return told !== undefined;
  } catch (error) {
    if (!row) throw error;
    log.error({ err: error, vendor: row.vendor, callback: row.id }, "news.failed");
    await world.db.query(
      `UPDATE "VendorCallback" SET tries = tries + 1, "nextRunAt" = now() + $2 * interval '1 second' WHERE id = $1`,
      [row.id, retryAt(row.tries)],
    );
    return true;
  }
}

interface PartRow {
  id: string;
  shop: string;
  orderId: string;
  status: VendorOrderStatus;
  code: string | null;
  label: string;
  reference: string;
  resend: number;
  payload: Buffer | null;
  vendorNumber: string | null;
  notes: Notes;
  committing: boolean;
}

async function workIn(sql: Sql, row: NewsRow): Promise<{ wake?: "writeback" | "submission" }> {
  const { shop, connectionId, accountId } = row;
  const { rows } = await sql.query<PartRow>(
    `SELECT v.id, v.shop, v."orderId", v.status, v.code, k.label, v.reference, v.resend, v.payload, v."vendorNumber", v.notes,
       v."committingAt" IS NOT NULL AS committing
     FROM "VendorOrder" v JOIN "Connection" k ON k.id = v."connectionId" WHERE ${fits}
     ORDER BY coalesce(v."vendorNumber" = $4, false) DESC, v.status IN ('sent', 'shipped') DESC, v."sentAt" DESC NULLS LAST LIMIT 1 FOR UPDATE OF v`,
    asked({ id: connectionId, shop, accountId }, row),
  );
  const [part] = rows;
  if (!part) return wait(sql, row, undefined);
  return withLogContext({ shop, order: part.orderId, vendorOrder: part.id, vendor: row.vendor }, () => {
    switch (part.status) {
      case "waiting":
      case "held":
        return tooEarly(sql, row, part);
      case "cancelled":
        return unexpected(sql, row, {
          part,
          outcome: "It is about a part that was cancelled.",
          sentence: `${part.label} sent news about this part, although it is cancelled here. Look there whether it is being made.`,
        });
      case "sent":
      case "shipped":
        return report(sql, row, part);
    }
  });
}

// A fault of ours may be mended by the next version; after this many tries, about two hours, a person is told.
const mostTries = 4;
const waits = [5, 15, 60, 300, 900, 3600];

async function wait(
  sql: Sql,
  row: NewsRow,
  part: PartRow | undefined,
): Promise<{ wake?: "writeback" | "submission" }> {
  const seconds = waits[Math.min(row.tries, waits.length - 1)] ?? 3600;
  await sql.query(
    `UPDATE "VendorCallback" SET state = 'orphan', tries = tries + 1, "nextRunAt" = now() + $2 * interval '1 second', "vendorOrderId" = $3,
       outcome = 'No order that the vendor surely has fits it yet.' WHERE id = $1`,
    [row.id, seconds, part?.id ?? null],
  );
  return {};
}

// The vendor speaks of an order whose answer we do not have (yet). It is good reason to look there now, and for a person
// who was asked whether the order exists it is the answer.
async function tooEarly(
  sql: Sql,
  row: NewsRow,
  part: PartRow,
): Promise<{ wake?: "writeback" | "submission" }> {
  await wait(sql, row, part);
  if (part.status === "held" && (part.code === "unsure" || part.code === "number unknown"))
    await notice(
      sql,
      { ...part, vendorOrderId: part.id },
      {
        who: "vendor",
        sentence: `${part.label} sent news about this part, so it is there. Say here that it exists, and the news is taken in.`,
      },
    );
  if (part.status !== "waiting" || !part.committing || row.tries > 0) return {};
  const due = await sql.query(
    `UPDATE "VendorOrder" SET "nextRunAt" = least("nextRunAt", now()) WHERE id = $1 AND coalesce("leaseUntil" < now(), true)`,
    [part.id],
  );
  return due.rowCount === 1 ? { wake: "submission" } : {};
}

async function unexpected(
  sql: Sql,
  row: NewsRow,
  { part, outcome, sentence }: { part: PartRow; outcome: string; sentence: string },
): Promise<{ wake?: "writeback" }> {
  await notice(sql, { ...part, vendorOrderId: part.id }, { who: "vendor", sentence });
  await done(sql, row, { part, outcome });
  return {};
}

async function report(sql: Sql, row: NewsRow, part: PartRow): Promise<{ wake?: "writeback" }> {
  const vendor = vendorById(row.vendor);
  if (!vendor?.orders?.report) {
    await done(sql, row, { part, outcome: "This version has no use for it." });
    return {};
  }
  if (!part.payload)
    return unexpected(sql, row, {
      part,
      outcome: "What was sent is erased.",
      sentence: `${part.label} sent news about this part, but what was sent is not kept here any more. Look there.`,
    });
  const payload = openJson(part.payload, {
    table: "VendorOrder",
    column: "payload",
    shop: part.shop,
    row: part.id,
  });
  const news = openJson(row.data, placeOf(row)) as Record<string, unknown>;
  const sent = {
    payload,
    number: part.vendorNumber ?? row.number ?? undefined,
    notes: part.notes,
    reference: referenceAtVendor(part),
  };
  let said: Report;
  try {
    said = vendor.orders.report(news, sent);
  } catch (error) {
    if (!(error instanceof VendorError) && row.tries < mostTries) throw error;
    log.warn({ err: error }, "news.refused");
    const unread = `${part.label} sent news about this part that Makerlane cannot read. Look there how far it is.`;
    const sentence = error instanceof VendorError ? error.message : unread;
    return unexpected(sql, row, { part, outcome: sentence, sentence });
  }
  const told = await applyReport(sql, { vendorOrderId: part.id, report: said, label: vendor.label });
  // A number that was lost with its answer is known now, and its parcels are named by it from the first on.
  await sql.query(
    `UPDATE "VendorOrder" SET "vendorNumber" = $2, "trackAt" = CASE WHEN $3 THEN NULL ELSE "trackAt" END WHERE id = $1`,
    [part.id, sent.number ?? null, said.final],
  );
  await done(sql, row, { part, outcome: said.state });
  log.info({ state: said.state, final: said.final }, "news.reported");
  return told ? { wake: "writeback" } : {};
}

// The number stays, against a replay; what was said goes.
async function done(
  sql: Sql,
  row: NewsRow,
  { part, outcome }: { part: PartRow; outcome: string },
): Promise<void> {
  await sql.query(
    `UPDATE "VendorCallback" SET state = 'done', data = NULL, outcome = $2, "vendorOrderId" = $3 WHERE id = $1`,
    [row.id, outcome, part.id],
  );
}
