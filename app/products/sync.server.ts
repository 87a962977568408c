// What the catalogue page asks and what a merchant decides there. Every row is asked for by shop.
import { findConnection, gone } from "../connections/row.server.ts";
import { inTransaction, type Sql } from "../db.server.ts";
import type { Decision } from "../orders/decision.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import type { World } from "../world.server.ts";
import type { Counts, Difference } from "./compare.ts";
import { askForProduct } from "./known.server.ts";
import { countPublications, type Standing } from "./sync-rows.server.ts";

export type { Counts, Difference } from "./compare.ts";
export type { Standing } from "./sync-rows.server.ts";

interface At {
  shop: string;
  connectionId: string;
}

// The page shows the latest one; a few more are for whoever looks into what happened.
const keptSyncs = 10;

/** Starts a full sync, or with `dryRun` finds out what one would change. One at a time a connection. */
export async function startSync(
  world: World,
  { shop, connectionId, dryRun }: At & { dryRun: boolean },
): Promise<Decision> {
  const connection = await findConnection(world.db, { shop, connectionId });
  if (!connection) return { refused: gone };
  if (!vendorById(connection.vendor)?.catalogue)
    return { refused: `${connection.label} does not take a catalogue.` };
  if (connection.status === "failing")
    return {
      refused: `${connection.label} does not accept us at the moment: ${connection.sentence ?? "test it on the Vendors page."}`,
    };
  if (connection.status === "paused" && !dryRun)
    return { refused: `${connection.label} is paused. Resume it on the Vendors page first.` };
  const started = await world.db.query(
    `INSERT INTO "CatalogueSync" (shop, "connectionId", "dryRun") SELECT $1, $2, $3
     WHERE NOT EXISTS (SELECT 1 FROM "CatalogueSync" WHERE "connectionId" = $2 AND state IN ('reading', 'comparing', 'publishing'))
     ON CONFLICT DO NOTHING`,
    [shop, connectionId, dryRun],
  );
  if (started.rowCount !== 1)
    return { refused: "A sync of this catalogue is running. Wait until it is done." };
  await world.db.query(
    `DELETE FROM "CatalogueSync" WHERE "connectionId" = $1 AND state IN ('done', 'failed') AND id NOT IN (
       SELECT id FROM "CatalogueSync" WHERE "connectionId" = $1 ORDER BY "startedAt" DESC LIMIT $2)`,
    [connectionId, keptSyncs],
  );
  world.wake("publishing");
  return { done: true };
}

/** Ends a sync that is running: what was sent stays, what is due is still sent. */
export async function stopSync(world: World, { shop, connectionId }: At): Promise<Decision> {
  const stopped = await world.db.query(
    `UPDATE "CatalogueSync" SET state = 'failed', sentence = 'Stopped by you.', "finishedAt" = now(), fence = fence + 1, "leaseUntil" = NULL
     WHERE shop = $1 AND "connectionId" = $2 AND state IN ('reading', 'comparing', 'publishing')`,
    [shop, connectionId],
  );
  return stopped.rowCount === 0 ? { refused: "No sync of this catalogue is running." } : { done: true };
}

/** The latest sync of a connection, and how its catalogue stands now. */
export interface SyncView {
  id: string;
  dryRun: boolean;
  /** reading (from Shopify), comparing (with the vendor's list), publishing, done, failed */
  state: "reading" | "comparing" | "publishing" | "done" | "failed";
  sentence: string | null;
  /** Products read so far. */
  products: number;
  /** Empty until it was compared. */
  counts: Partial<Counts>;
  /** The first 200. */
  differences: Difference[];
  startedAt: Date;
  finishedAt: Date | null;
  /** Seconds since the start, or that it took. */
  seconds: number;
  standing: Standing;
}

/** Reads the latest sync; undefined when there was none. `now` is for how long it has been running. */
export async function readSync(
  world: { db: Sql },
  { shop, connectionId }: At,
  now: Date,
): Promise<SyncView | undefined> {
  if (!(await findConnection(world.db, { shop, connectionId }))) return undefined;
  const { rows } = await world.db.query<Omit<SyncView, "seconds" | "standing">>(
    `SELECT id, "dryRun", state, sentence, products, counts, differences, "startedAt", "finishedAt" FROM "CatalogueSync"
     WHERE shop = $1 AND "connectionId" = $2 ORDER BY "startedAt" DESC LIMIT 1`,
    [shop, connectionId],
  );
  const sync = rows[0];
  if (!sync) return undefined;
  const seconds = Math.max(0, ((sync.finishedAt ?? now).getTime() - sync.startedAt.getTime()) / 1000);
  return { ...sync, seconds: Math.round(seconds), standing: await countPublications(world.db, connectionId) };
}

/** What the list of a catalogue shows. */
export type PublicationFilter = "all" | "held" | "waiting" | "published" | "withdrawn";

/** One product in a catalogue, as the list shows it. */
export interface PublicationRow {
  productId: string;
  title: string;
  key: string | null;
  state: "waiting" | "published" | "held" | "withdrawn";
  sentence: string | null;
  /** When it last changed its state. */
  at: Date;
}

/** Rows on one page of the list. */
export const publicationsPerPage = 50;

const filters: Record<PublicationFilter, string> = {
  all: "true",
  waiting: "shown.state = 'waiting'",
  held: "shown.state = 'held'",
  published: "shown.state = 'published'",
  withdrawn: "shown.state = 'withdrawn'",
};

/** One page (from 1) of a catalogue, by title; `search` is a part of a title or a key. */
export async function readPublications(
  world: { db: Sql },
  given: At & { filter: PublicationFilter; search: string; page: number },
): Promise<{ rows: PublicationRow[]; total: number; pages: number; page: number }> {
  const { shop, connectionId, filter, search } = given;
  if (!(await findConnection(world.db, { shop, connectionId })))
    return { rows: [], total: 0, pages: 1, page: 1 };
  // Whoever has news waits, whatever came of the news before.
  const shown = `
    FROM (SELECT p."productId", coalesce(f.title, '') AS title, coalesce(p.key, p."keysThere"[1]) AS key, p.sentence, p."changedAt" AS at,
        CASE WHEN p.planned < p.version THEN 'waiting' ELSE p.state END AS state
      FROM "Publication" p LEFT JOIN "CatalogueProduct" f ON f.shop = p.shop AND f."productId" = p."productId"
      WHERE p.shop = $1 AND p."connectionId" = $2) AS shown
    WHERE ${filters[filter]} AND ($3 = '' OR strpos(lower(shown.title), lower($3)) > 0 OR strpos(lower(shown.key), lower($3)) > 0)`;
  const values = [shop, connectionId, search.trim().slice(0, 200)];
  const counted = await world.db.query<{ total: number }>(`SELECT count(*)::int AS total ${shown}`, values);
  const total = counted.rows[0]?.total ?? 0;
  const pages = Math.max(1, Math.ceil(total / publicationsPerPage));
  const page = Math.min(Math.max(1, Math.trunc(given.page) || 1), pages);
  const { rows } = await world.db.query<PublicationRow>(
    `SELECT shown.* ${shown} ORDER BY shown.title, shown."productId" LIMIT ${publicationsPerPage} OFFSET $4`,
    [...values, (page - 1) * publicationsPerPage],
  );
  return { rows, total, pages, page };
}

/** Reads a product from Shopify again and sends it again, whatever is known of it. */
export async function publishAgain(
  world: World,
  { shop, connectionId, productId }: At & { productId: string },
): Promise<Decision> {
  if (!(await findConnection(world.db, { shop, connectionId }))) return { refused: gone };
  const decision = await inTransaction(world.db, async (sql): Promise<Decision> => {
    const again = await sql.query(
      `UPDATE "Publication" SET version = version + 1, "itemHash" = NULL, tries = 0, "nextRunAt" = now(),
         state = CASE WHEN state = 'published' THEN 'waiting' ELSE state END WHERE shop = $1 AND "connectionId" = $2 AND "productId" = $3`,
      [shop, connectionId, productId],
    );
    if (again.rowCount !== 1) return { refused: "This product is not in the catalogue. Reload the page." };
    await askForProduct(sql, { shop, productId });
    return { done: true };
  });
  if ("done" in decision) world.wake("publishing");
  return decision;
}
