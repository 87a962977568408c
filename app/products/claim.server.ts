// Who sends a catalogue at this moment, and the lease that keeps everybody else out.
//
// The vendor keeps what it was told last, so an older and a newer state of one product must never be on their way at
// once. One worker holds one account, one request at a time. What a dead worker sent lands within its lease; what we
// gave up on gets a quiet minute to land, and then the newest state is sent again: that converges, whatever arrives
// late, and a read back right after a lost answer would not (both searched exhaustively with a small model).
import { createHash } from "node:crypto";
import { inTransaction, type Db, type Sql } from "../db.server.ts";
import { catalogueVendors } from "./known.server.ts";

/** How long a claim holds without renewal, in seconds. */
export const leaseSeconds = 180;
// The longest request of a catalogue vendor takes two minutes; none begins that could outlive the lease.
const roomMs = 130_000;
/** How long nothing is sent after an answer was lost or the vendor asked us to slow down, in seconds. */
export const quietSeconds = 60;

/** A catalogue that this worker holds. */
export interface CatalogueClaim {
  connectionId: string;
  shop: string;
  vendor: string;
  label: string;
  accountId: string;
  settings: Buffer;
  fence: number;
  /** The settings are others than those the plans were made with. */
  changed: boolean;
  /** Where the items were sent so far; null before the first. */
  place: string | null;
  /** The performance.now() at which the lease runs out. */
  leaseEndsAt: number;
}

/** Somebody else holds the catalogue now: stop at once and write nothing. */
export class CatalogueLost extends Error {
  constructor() {
    super("the lease of the catalogue is lost");
    this.name = "CatalogueLost";
  }
}

/** What makes a catalogue due; `g` is the Catalogue, `c` its Connection. $1 are the vendors that take one. */
export const dueCatalogue = `c.status = 'on' AND c."removedAt" IS NULL AND c.vendor = ANY($1)
    AND (g."leaseUntil" IS NULL OR g."leaseUntil" < now())
    AND (g.settings IS DISTINCT FROM sha256(c.settings) OR EXISTS (SELECT 1 FROM "Publication" p
      WHERE p."connectionId" = g."connectionId" AND (p.planned < p.version OR (p.state = 'waiting' AND p."nextRunAt" <= now()))))`;

// Two statements, because the second must see which sibling of the same account the holder of the lock before us
// took: two shops with one key write one catalogue at the vendor.
const lockAccounts = `
  SELECT a.id FROM "Account" a WHERE a.id IN (
    SELECT c."accountId" FROM "Catalogue" g JOIN "Connection" c ON c.id = g."connectionId" WHERE ${dueCatalogue} LIMIT $2)
  ORDER BY a.id FOR UPDATE SKIP LOCKED`;
const take = `
  UPDATE "Catalogue" t SET "leaseUntil" = now() + $3 * interval '1 second', fence = t.fence + 1
  FROM "Connection" o WHERE o.id = t."connectionId" AND t."connectionId" IN (
    SELECT DISTINCT ON (c."accountId") g."connectionId" FROM "Catalogue" g JOIN "Connection" c ON c.id = g."connectionId"
    WHERE c."accountId" = ANY($2) AND ${dueCatalogue}
      AND NOT EXISTS (SELECT 1 FROM "Catalogue" h JOIN "Connection" d ON d.id = h."connectionId"
        WHERE d."accountId" = c."accountId" AND h."leaseUntil" >= now())
    ORDER BY c."accountId", g."leaseUntil" NULLS FIRST)
  RETURNING t."connectionId", t.shop, o.vendor, o.label, o."accountId", o.settings, t.fence, t.place,
    t.settings IS DISTINCT FROM sha256(o.settings) AS changed`;

/** Takes up to `limit` catalogues that have something to send, at most one an account. */
export async function claimCatalogues(db: Db, limit: number): Promise<CatalogueClaim[]> {
  // Taken before the statement is sent, so that it ends before the row's lease does.
  const leaseEndsAt = performance.now() + leaseSeconds * 1000;
  const ids = catalogueVendors();
  const claims = await inTransaction(db, async (sql) => {
    const accounts = await sql.query<{ id: string }>(lockAccounts, [ids, limit]);
    if (accounts.rows.length === 0) return [];
    const values = [ids, accounts.rows.map(({ id }) => id), leaseSeconds];
    return (await sql.query<Omit<CatalogueClaim, "leaseEndsAt">>(take, values)).rows;
  });
  return claims.map((claim) => ({ ...claim, leaseEndsAt }));
}

/**
 * What other connections of the same account publish, or may have there: two shops with one key write one catalogue,
 * and whoever had a key first keeps it. `o` is their Publication; $1 is the own connection, $2 the account.
 */
export const othersThere = `FROM "Publication" o JOIN "Connection" s ON s.id = o."connectionId" AND s."accountId" = $2 AND s."removedAt" IS NULL
  WHERE o."connectionId" <> $1 AND o.wants = 'publish' AND (o.state IN ('waiting', 'published') OR o.key = ANY(o."keysThere"))`;

/** What a write asks for, so that a worker which lost its lease writes nothing. `$1` connection, `$2` fence. */
export const mine = `EXISTS (SELECT 1 FROM "Catalogue" WHERE "connectionId" = $1 AND fence = $2 AND "leaseUntil" > now())`;

/** Renews the lease. Throws CatalogueLost. */
export async function renew(sql: Sql, claim: CatalogueClaim): Promise<void> {
  const leaseEndsAt = performance.now() + leaseSeconds * 1000;
  const renewed = await sql.query(
    `UPDATE "Catalogue" SET "leaseUntil" = now() + $3 * interval '1 second' WHERE "connectionId" = $1 AND fence = $2 AND "leaseUntil" > now()`,
    [claim.connectionId, claim.fence, leaseSeconds],
  );
  if (renewed.rowCount !== 1) throw new CatalogueLost();
  claim.leaseEndsAt = leaseEndsAt;
}

/** Makes sure that a request which leaves now ends before the lease does, by the monotonic clock. */
export async function outlast(sql: Sql, claim: CatalogueClaim): Promise<void> {
  const outlasts = (): boolean => claim.leaseEndsAt - performance.now() > roomMs;
  if (outlasts()) return;
  await renew(sql, claim);
  if (!outlasts()) throw new CatalogueLost();
}

/** Gives the catalogue back, where it needs quiet only after its minute. */
export async function giveBack(sql: Sql, claim: CatalogueClaim, quiet: boolean): Promise<void> {
  await sql.query(
    `UPDATE "Catalogue" SET "leaseUntil" = CASE WHEN $3::boolean THEN now() + $4 * interval '1 second' END WHERE "connectionId" = $1 AND fence = $2`,
    [claim.connectionId, claim.fence, quiet, quietSeconds],
  );
}

/**
 * Notes with which settings this worker plans from now on. Other settings make every product be planned anew; another
 * account or address besides means that nothing of ours is there yet.
 */
export async function takeSettings(db: Db, claim: CatalogueClaim, place: string): Promise<void> {
  if (!claim.changed) return;
  const isElsewhere = claim.place !== null && claim.place !== place;
  await inTransaction(db, async (sql) => {
    await renew(sql, claim);
    await sql.query(
      `UPDATE "Publication" SET version = version + 1, "nextRunAt" = now(), tries = 0,
         "itemHash" = CASE WHEN $2::boolean THEN NULL ELSE "itemHash" END, "keysThere" = CASE WHEN $2::boolean THEN '{}' ELSE "keysThere" END,
         notes = CASE WHEN $2::boolean THEN '{}' ELSE notes END, state = CASE WHEN $2::boolean AND state = 'published' THEN 'waiting' ELSE state END
       WHERE "connectionId" = $1`,
      [claim.connectionId, isElsewhere],
    );
    const seen = createHash("sha256").update(claim.settings).digest();
    await sql.query(`UPDATE "Catalogue" SET settings = $2, place = $3 WHERE "connectionId" = $1`, [
      claim.connectionId,
      seen,
      place,
    ]);
  });
}
