// One shop's vendor accounts, as pages and steps use them. Each part of the work has its file in connections/.
import type { Decision } from "./orders/decision.server.ts";
import { maskValues } from "./vendors/fields.ts";
import { vendorById } from "./vendors/index.server.ts";
import type { World } from "./world.server.ts";
import { testConnection, wakeFor } from "./connections/health.server.ts";
import { findConnection, gone, openSettings, type ConnectionRow } from "./connections/row.server.ts";

export { failConnection, retestConnections, testConnection } from "./connections/health.server.ts";
export { removeConnection } from "./connections/leaving.server.ts";
export { configureProduct, pickProducts, removeMapping, saveMapping } from "./connections/mapping.server.ts";
export { freeName } from "./connections/name.server.ts";
export { saveConnection } from "./connections/saving.server.ts";

/** Stops sending through a connection until the merchant resumes it. */
export async function pauseConnection(
  world: World,
  at: { shop: string; connectionId: string },
): Promise<Decision> {
  if (!(await findConnection(world.db, at))) return { refused: gone };
  await world.db.query(
    `UPDATE "Connection" SET status = 'paused', sentence = 'Paused by you. Its orders wait.', "retestAt" = NULL WHERE id = $1 AND shop = $2`,
    [at.connectionId, at.shop],
  );
  return { done: true };
}

/** Goes on sending. A failing connection is tried first and stays failing when the vendor still refuses it. */
export async function resumeConnection(
  world: World,
  at: { shop: string; connectionId: string },
): Promise<Decision> {
  const connection = await findConnection(world.db, at);
  if (!connection) return { refused: gone };
  if (connection.status === "failing") {
    const tested = await testConnection(world, at);
    return "refused" in tested ? tested : { done: true };
  }
  await world.db.query(
    `UPDATE "Connection" SET status = 'on', sentence = NULL WHERE id = $1 AND shop = $2 AND status = 'paused' AND "removedAt" IS NULL`,
    [at.connectionId, at.shop],
  );
  wakeFor(world);
  return { done: true };
}

/** A connection as its form may show it: secrets are masked. undefined when the shop has no such connection. */
export async function shownSettings(
  world: World,
  at: { shop: string; connectionId: string },
): Promise<
  | (Omit<ConnectionRow, "settings" | "shop" | "accountId"> & {
      values: Record<string, unknown>;
      quarantine: string | null;
    })
  | undefined
> {
  const connection = await findConnection(world.db, at);
  const vendor = connection && vendorById(connection.vendor);
  if (!connection || !vendor) return undefined;
  const { settings: _sealed, shop: _shop, accountId, ...shown } = connection;
  const account = await world.db.query<{ quarantine: string | null }>(
    `SELECT quarantine FROM "Account" WHERE id = $1`,
    [accountId],
  );
  return {
    ...shown,
    values: maskValues(vendor.settings, openSettings(connection)),
    quarantine: account.rows[0]?.quarantine ?? null,
  };
}
