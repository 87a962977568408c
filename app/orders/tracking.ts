// Step 4: the vendor's report, asked for or told by itself → how far a VendorOrder is, and one Shipment for every parcel
// it tells of.
import { failConnection } from "../connections.server.ts";
import { openJson } from "../crypto.server.ts";
import { inTransaction, type Sql } from "../db.server.ts";
import { log, withLogContext } from "../log.server.ts";
import { askVendor } from "../vendors/asking.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { VendorError, type Notes, type Report, type Vendor } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import { takeNews } from "./news.server.ts";
import { referenceAtVendor } from "./order-id.ts";
import { applyReport, notice } from "./report.server.ts";

/** A VendorOrder whose vendor is asked now. */
interface Due {
  id: string;
  shop: string;
  orderId: string;
  connectionId: string;
  accountId: string;
  vendor: string;
  reference: string;
  resend: number;
  payload: Buffer;
  vendorNumber: string | null;
  notes: Notes;
  trackTries: number;
  /** Days since it was sent. */
  age: number;
  settings: Buffer;
}

// Asking twice is harmless, so the claim is only a later moment: a worker that dies is replaced in five minutes.
const claim = `
  UPDATE "VendorOrder" v SET "trackAt" = now() + interval '5 minutes', "trackTries" = v."trackTries" + 1
  FROM "Connection" c
  WHERE c.id = v."connectionId" AND v.id IN (
    SELECT t.id FROM "VendorOrder" t JOIN "Connection" o ON o.id = t."connectionId" AND o.status = 'on' AND o."removedAt" IS NULL
    WHERE t."trackAt" <= now() AND t.status IN ('sent', 'shipped') AND t.payload IS NOT NULL
    ORDER BY t."trackAt" LIMIT $1 FOR UPDATE OF t SKIP LOCKED)
  RETURNING v.id, v.shop, v."orderId", v."connectionId", v."accountId", v.vendor, v.reference, v.resend, v.payload, v."vendorNumber",
    v.notes, v."trackTries", coalesce(extract(epoch FROM now() - v."sentAt") / 86400, 0)::float AS age, c.settings`;

/**
 * Works in what vendors told by themselves, and asks the vendors of up to `limit` VendorOrders how far they are. Answers
 * how many news and questions there were.
 */
export async function tracking(world: World, limit = 24): Promise<number> {
  const news = await takeNews(world);
  const due = (await world.db.query<Due>(claim, [limit])).rows;
  // One question at a time per account: an account's rate is small, and its orders are not in a hurry.
  const accounts = Map.groupBy(due, ({ accountId }) => accountId);
  await Promise.all([...accounts.values()].map((rows) => trackAccount(world, rows)));
  return news + due.length;
}

// A vendor that does not answer is not asked about its next order: every question may take until its deadline, and
// meanwhile nobody else's news would be worked in. The claim has put what is left off by five minutes.
async function trackAccount(world: World, rows: Due[]): Promise<void> {
  for (const row of rows) {
    const context = { shop: row.shop, vendorOrder: row.id, vendor: row.vendor };
    const answers = await withLogContext(context, () => trackOne(world, row));
    if (!answers) return;
  }
}

/** Asks about one order. false when there is no sense in asking this account about another one now. */
async function trackOne(world: World, row: Due): Promise<boolean> {
  const vendor = vendorById(row.vendor);
  try {
    const report = await askReport(world, vendor, row);
    const told = await inTransaction(world.db, async (sql) => {
      const told = await applyReport(sql, {
        vendorOrderId: row.id,
        report,
        label: vendor?.label ?? row.vendor,
      });
      await later(sql, row, report.final ? null : nextLook(row.trackTries, row.age));
      if (!report.final && row.age > lastDays) await giveUpLooking(sql, row);
      return told;
    });
    if (told) world.wake("writeback");
    log.info({ state: report.state, final: report.final }, "tracking.reported");
    return true;
  } catch (error) {
    if (error instanceof VendorError) {
      await keepTrouble(world, row, error);
      return error.problem === "rejected";
    }
    log.error({ err: error }, "tracking.failed");
    await later(world.db, row, nextLook(row.trackTries, row.age));
    return true;
  }
}

async function askReport(world: World, vendor: Vendor | undefined, row: Due): Promise<Report> {
  const track = vendor?.orders?.track;
  // A vendor that stopped reporting with a newer version of this app: nothing more will be known.
  if (!vendor || !track) return { state: "Sent", final: true };
  const { shop, id, connectionId, accountId } = row;
  const settings = openJson(row.settings, {
    table: "Connection",
    column: "settings",
    shop,
    row: connectionId,
  }) as Record<string, unknown>;
  const payload = openJson(row.payload, { table: "VendorOrder", column: "payload", shop, row: id });
  const sent = {
    payload,
    number: row.vendorNumber ?? undefined,
    notes: row.notes,
    reference: referenceAtVendor(row),
  };
  return askVendor(world, { vendor, settings, accountId, shop }, (asking) => track(sent, settings, asking));
}

async function keepTrouble(world: World, row: Due, error: VendorError): Promise<void> {
  log.warn({ problem: error.problem, status: error.status }, "tracking.refused");
  const wait = nextLook(row.trackTries, row.age);
  await inTransaction(world.db, async (sql) => {
    // The connection before its part, as routing locks them.
    if (error.problem === "connection")
      await failConnection(sql, { connectionId: row.connectionId, sentence: error.message });
    await later(sql, row, Math.max(wait, error.retryAfterSeconds ?? 0));
    switch (error.problem) {
      case "rejected":
        await notice(sql, { ...row, vendorOrderId: row.id }, { who: "vendor", sentence: error.message });
        break;
      case "connection":
      case "retry":
      case "unsure": // an ask is never that; were it so, asking again would still cost nothing
        break;
    }
  });
}

const waits = [30, 60, 120, 300, 900, 3600];
/** A parcel that nobody heard of for this many days is not asked for any more. */
const lastDays = 180;

/**
 * Seconds until the next look after `tries` looks: soon at first, then hourly; for what was sent weeks ago (`age`
 * in days) less often, so that orders whose vendor never says the last word do not add up. Pure.
 */
export function nextLook(tries: number, age: number): number {
  if (age > 60) return 24 * 3600;
  if (age > 14) return 6 * 3600;
  return waits[Math.min(Math.max(0, tries - 1), waits.length - 1)] ?? 3600;
}

// Not when somebody else set the moment meanwhile, e.g. a person who entered the vendor's number.
async function later(sql: Sql, row: Due, seconds: number | null): Promise<void> {
  await sql.query(
    `UPDATE "VendorOrder" SET "trackAt" = now() + $3 * interval '1 second' WHERE id = $1 AND "trackTries" = $2 AND "trackAt" IS NOT NULL`,
    [row.id, row.trackTries, seconds],
  );
}

async function giveUpLooking(sql: Sql, row: Due): Promise<void> {
  await sql.query(`UPDATE "VendorOrder" SET "trackAt" = NULL WHERE id = $1`, [row.id]);
  await notice(
    sql,
    { ...row, vendorOrderId: row.id },
    {
      who: "app",
      sentence: `The vendor has not said for ${lastDays} days that this part is finished, so it is not asked any more. If a parcel left, enter its tracking number here.`,
    },
  );
}
