// Whether a vendor accepts a connection: tested by hand, found failing by a step, tried again by itself.
import { inTransaction, type Sql } from "../db.server.ts";
import type { Decision } from "../orders/standing.ts";
import { askVendor, forgetToken } from "../vendors/asking.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { VendorError, type Vendor } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import { soonest } from "../orders/soonest.ts";
import { columns, findConnection, gone, openSettings, type ConnectionRow } from "./row.server.ts";

/** Lets parts that were tried before the key was good go now. Those in their hold window wait on. */
export async function makeDue(sql: Sql, connectionId: string): Promise<void> {
  await sql.query(
    `UPDATE "VendorOrder" v SET "nextRunAt" = ${soonest} FROM "Account" a
     WHERE a.id = v."accountId" AND v."connectionId" = $1 AND v.status = 'waiting' AND v."firstTryAt" IS NOT NULL AND v."nextRunAt" > now()`,
    [connectionId],
  );
}

/** Wakes the steps that a connection which is on again concerns. */
export function wakeFor(world: World): void {
  for (const step of ["submission", "tracking", "publishing", "previews"] as const) world.wake(step);
}

/** Tries a connection's settings again. A failing connection that works again goes on by itself. */
export async function testConnection(
  world: World,
  at: { shop: string; connectionId: string },
): Promise<{ done: true; sentence: string } | { refused: string }> {
  const connection = await findConnection(world.db, at);
  const vendor = connection && vendorById(connection.vendor);
  if (!connection || !vendor) return { refused: gone };
  return retest(world, { connection, vendor });
}

async function retest(
  world: World,
  { connection, vendor }: { connection: ConnectionRow; vendor: Vendor },
): Promise<{ done: true; sentence: string } | { refused: string }> {
  const { id, shop, accountId } = connection;
  const settings = openSettings(connection);
  // A session from before the trouble would hide a wrong password.
  if (connection.status === "failing") await forgetToken(world.db, accountId);
  try {
    const sentence = await askVendor(world, { vendor, settings, accountId, shop }, (asking) =>
      vendor.test(settings, asking),
    );
    // Compared with the settings that were tried: the merchant may have saved others meanwhile.
    const good = await world.db.query(
      `UPDATE "Connection" SET "testedAt" = now(), "retestAt" = NULL, status = CASE WHEN status = 'failing' THEN 'on' ELSE status END,
         sentence = CASE WHEN status = 'failing' THEN NULL ELSE sentence END WHERE id = $1 AND settings = $2 AND "removedAt" IS NULL`,
      [id, connection.settings],
    );
    if (good.rowCount === 1 && connection.status === "failing") {
      await makeDue(world.db, id);
      wakeFor(world);
    }
    return { done: true, sentence };
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    if (error.problem === "connection")
      await failConnection(world.db, { connectionId: id, sentence: error.message });
    return { refused: error.message };
  }
}

/**
 * Notes that the vendor does not accept a connection. Its orders wait, and it is tried again in 15 minutes. Answers
 * whether this is news: the merchant is told once, however many orders run into it.
 */
export async function failConnection(
  sql: Sql,
  { connectionId, sentence }: { connectionId: string; sentence: string },
): Promise<boolean> {
  const failed = await sql.query(
    `UPDATE "Connection" SET status = 'failing', sentence = $2, "retestAt" = now() + interval '15 minutes'
     WHERE id = $1 AND status = 'on' AND "removedAt" IS NULL`,
    [connectionId, sentence],
  );
  return failed.rowCount === 1;
}

/** Tries failing connections again: first after 15 minutes, then every hour. Answers how many it tried. */
export async function retestConnections(world: World, limit = 10): Promise<number> {
  const due = await world.db.query<ConnectionRow>(
    `UPDATE "Connection" SET "retestAt" = now() + interval '1 hour'
     WHERE id IN (SELECT id FROM "Connection" WHERE status = 'failing' AND "retestAt" <= now() AND "removedAt" IS NULL
       ORDER BY "retestAt" LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING ${columns}`,
    [limit],
  );
  await Promise.all(
    due.rows.map(async (connection) => {
      const vendor = vendorById(connection.vendor);
      if (vendor) await retest(world, { connection, vendor });
    }),
  );
  return due.rows.length;
}

/** The merchant put the vendor account in order: its orders go on. */
export async function releaseAccount(
  world: World,
  { shop, connectionId }: { shop: string; connectionId: string },
): Promise<Decision> {
  if (!(await findConnection(world.db, { shop, connectionId }))) return { refused: gone };
  const decision = await inTransaction(world.db, async (sql): Promise<Decision> => {
    const { rows } = await sql.query<{
      id: string;
      holder: string | null;
      committing: boolean;
      leased: boolean;
    }>(
      `SELECT a.id, v.reference AS holder, v."committingAt" IS NOT NULL AS committing, coalesce(v."leaseUntil" > now(), false) AS leased
       FROM "Connection" c JOIN "Account" a ON a.id = c."accountId" LEFT JOIN "VendorOrder" v ON v.id = a."holderId" AND v.status IN ('waiting', 'held')
       WHERE c.id = $1 AND c.shop = $2 AND c."removedAt" IS NULL FOR UPDATE OF a`,
      [connectionId, shop],
    );
    const account = rows[0];
    if (!account) return { refused: gone };
    if (account.leased)
      return {
        refused: `Makerlane is using this account for ${account.holder} at this moment. Try again in a minute.`,
      };
    if (account.committing)
      return {
        refused: `First say whether ${account.holder} exists at the vendor: open that order and decide.`,
      };
    await sql.query(`UPDATE "Account" SET quarantine = NULL, "holderId" = NULL WHERE id = $1`, [account.id]);
    return { done: true };
  });
  if ("done" in decision) world.wake("submission");
  return decision;
}
