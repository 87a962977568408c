// The rows of full syncs: who brings one on, how far it is, how it ended.
import { inTransaction, type Db, type Sql } from "../db.server.ts";
import type { Comparison } from "./compare.ts";
import { askForUnseen, catalogueVendors, openCatalogue } from "./known.server.ts";

// An export of ten thousand products is read in seconds; the vendor's list may take two minutes.
const leaseSeconds = 180;

/** A sync that this worker brings on. */
export interface SyncClaim {
  id: string;
  shop: string;
  connectionId: string;
  accountId: string;
  vendor: string;
  label: string;
  settings: Buffer;
  dryRun: boolean;
  state: "reading" | "comparing" | "publishing";
  operationId: string | null;
  operationAt: Date | null;
  fence: number;
  tries: number;
}

/** Somebody else brings the sync on now. */
export class SyncLost extends Error {
  constructor() {
    super("the lease of the sync is lost");
    this.name = "SyncLost";
  }
}

/** What makes a sync due; `s` is the CatalogueSync, `c` its Connection. $1 are the vendors that take a catalogue. */
export const dueSync = `s.state IN ('reading', 'comparing', 'publishing') AND s."nextRunAt" <= now() AND (s."leaseUntil" IS NULL OR s."leaseUntil" < now())
    AND c."removedAt" IS NULL AND c.vendor = ANY($1) AND (c.status = 'on' OR (c.status = 'paused' AND s."dryRun"))`;

const take = `
  UPDATE "CatalogueSync" t SET "leaseUntil" = now() + $3 * interval '1 second', fence = t.fence + 1
  FROM "Connection" o WHERE o.id = t."connectionId" AND t.id IN (
    SELECT s.id FROM "CatalogueSync" s JOIN "Connection" c ON c.id = s."connectionId" WHERE ${dueSync}
    ORDER BY s."nextRunAt" LIMIT $2 FOR UPDATE OF s SKIP LOCKED)
  RETURNING t.id, t.shop, t."connectionId", o."accountId", o.vendor, o.label, o.settings, t."dryRun", t.state, t."operationId", t."operationAt", t.fence, t.tries`;

/** Takes up to `limit` syncs that are due. */
export async function claimSyncs(db: Db, limit: number): Promise<SyncClaim[]> {
  return (await db.query<SyncClaim>(take, [catalogueVendors(), limit, leaseSeconds])).rows;
}

const mine = `id = $1 AND fence = $2 AND "leaseUntil" > now()`;

async function writeMine(sql: Sql, statement: string, values: unknown[]): Promise<void> {
  if ((await sql.query(statement, values)).rowCount !== 1) throw new SyncLost();
}

/** Notes which export the sync reads; what is read of a product from now on is newer than it. */
export async function noteExport(
  db: Db,
  { id, fence }: SyncClaim,
  { operationId, operationAt }: { operationId: string; operationAt: Date },
): Promise<void> {
  await writeMine(
    db,
    `UPDATE "CatalogueSync" SET "operationId" = $3, "operationAt" = $4, "leaseUntil" = NULL, "nextRunAt" = now() + interval '1 second' WHERE ${mine}`,
    [id, fence, operationId, operationAt],
  );
}

/** Says how many products were read so far, and keeps the lease. */
export async function noteProgress(db: Db, { id, fence }: SyncClaim, products: number): Promise<void> {
  await writeMine(
    db,
    `UPDATE "CatalogueSync" SET products = $3, "leaseUntil" = now() + $4 * interval '1 second' WHERE ${mine}`,
    [id, fence, products, leaseSeconds],
  );
}

/** Looks again in a while; `forgetExport` asks Shopify for a new one. */
export async function lookLater(
  db: Db,
  { id, fence }: SyncClaim,
  given: { seconds: number; sentence?: string; counts?: boolean; forgetExport?: boolean },
): Promise<void> {
  await writeMine(
    db,
    `UPDATE "CatalogueSync" SET "leaseUntil" = NULL, "nextRunAt" = now() + $3 * interval '1 second', sentence = $4, tries = tries + $5,
       "operationId" = CASE WHEN $6::boolean THEN NULL ELSE "operationId" END WHERE ${mine}`,
    [id, fence, given.seconds, given.sentence ?? null, given.counts ? 1 : 0, given.forgetExport ?? false],
  );
}

/** The export is read to its end: what it did not have is asked for, and the vendor's list comes next. */
export async function endReading(db: Db, claim: SyncClaim, products: number): Promise<void> {
  await inTransaction(db, async (sql) => {
    await writeMine(
      sql,
      `UPDATE "CatalogueSync" SET state = 'comparing', products = $3, tries = 0, "leaseUntil" = NULL, "nextRunAt" = now() WHERE ${mine}`,
      [claim.id, claim.fence, products],
    );
    await askForUnseen(sql, {
      shop: claim.shop,
      syncId: claim.id,
      exportedAt: claim.operationAt ?? new Date(0),
    });
  });
}

/** Makes every product of the shop due for this catalogue, and unsure what the vendor has not as it should. */
export async function startPublishing(db: Db, claim: SyncClaim, found: Comparison): Promise<void> {
  const { id, fence, shop, connectionId } = claim;
  await inTransaction(db, async (sql) => {
    await writeMine(
      sql,
      `UPDATE "CatalogueSync" SET state = 'publishing', counts = $3, differences = $4, tries = 0, "leaseUntil" = NULL, "nextRunAt" = now() WHERE ${mine}`,
      [id, fence, JSON.stringify(found.counts), JSON.stringify(found.differences)],
    );
    await openCatalogue(sql, { shop, connectionId });
    // In the order of their numbers, which is the order in which the merchant made them; of those that are gone in
    // Shopify, the ones that the vendor may still show.
    await sql.query(
      `INSERT INTO "Publication" AS p (shop, "connectionId", "productId")
       SELECT f.shop, $2, f."productId" FROM "CatalogueProduct" f WHERE f.shop = $1 AND (f.facts IS NOT NULL OR EXISTS (
         SELECT 1 FROM "Publication" w WHERE w."connectionId" = $2 AND w."productId" = f."productId" AND w."keysThere" <> '{}'))
       ORDER BY length(f."productId"), f."productId"
       ON CONFLICT ("connectionId", "productId") DO UPDATE SET version = p.version + 1, tries = 0, "nextRunAt" = now()`,
      [shop, connectionId],
    );
    await sql.query(
      `UPDATE "Publication" SET "itemHash" = NULL, state = CASE WHEN state = 'published' THEN 'waiting' ELSE state END WHERE "connectionId" = $1 AND "productId" = ANY($2)`,
      [connectionId, found.differing],
    );
  });
}

/** Ends a sync. */
export async function endSync(
  db: Db,
  { id, fence }: SyncClaim,
  ending: { state: "done" | "failed"; sentence: string; products?: number; found?: Comparison },
): Promise<void> {
  await writeMine(
    db,
    `UPDATE "CatalogueSync" SET state = $3, sentence = $4, "finishedAt" = now(), "leaseUntil" = NULL, products = coalesce($5, products),
       counts = coalesce($6, counts), differences = coalesce($7, differences) WHERE ${mine}`,
    [
      id,
      fence,
      ending.state,
      ending.sentence,
      ending.products ?? null,
      ending.found ? JSON.stringify(ending.found.counts) : null,
      ending.found ? JSON.stringify(ending.found.differences) : null,
    ],
  );
}

/** How many publications of a connection stand where. `untried` have not been sent since they last had news. */
export interface Standing {
  waiting: number;
  untried: number;
  published: number;
  held: number;
  withdrawn: number;
}

/** Counts them. */
export async function countPublications(sql: Sql, connectionId: string): Promise<Standing> {
  const { rows } = await sql.query<Standing>(
    `SELECT count(*) FILTER (WHERE state = 'waiting' OR planned < version)::int AS waiting,
       count(*) FILTER (WHERE planned < version OR (state = 'waiting' AND tries = 0))::int AS untried,
       count(*) FILTER (WHERE state = 'published' AND planned = version)::int AS published,
       count(*) FILTER (WHERE state = 'held' AND planned = version)::int AS held,
       count(*) FILTER (WHERE state = 'withdrawn' AND planned = version)::int AS withdrawn
     FROM "Publication" WHERE "connectionId" = $1`,
    [connectionId],
  );
  return rows[0] ?? { waiting: 0, untried: 0, published: 0, held: 0, withdrawn: 0 };
}
