// A connection as its row has it, and its settings opened.
import { z } from "zod";
import { openJson, type Place } from "../crypto.server.ts";
import type { Sql } from "../db.server.ts";

/** A connection as its row has it. */
export interface ConnectionRow {
  id: string;
  shop: string;
  vendor: string;
  label: string;
  accountId: string;
  settings: Buffer;
  status: "on" | "paused" | "failing";
  sentence: string | null;
  holdMinutes: number;
  takesTestOrders: boolean;
  approve: boolean;
}

/** The columns of a ConnectionRow. */
export const columns = `id, shop, vendor, label, "accountId", settings, status, sentence, "holdMinutes", "takesTestOrders", approve`;

/** Where a connection's settings are sealed. */
export function settingsPlace({ id, shop }: { id: string; shop: string }): Place {
  return { table: "Connection", column: "settings", shop, row: id };
}

/** Opens a connection's settings. */
export function openSettings(connection: {
  id: string;
  shop: string;
  settings: Buffer;
}): Record<string, unknown> {
  return openJson(connection.settings, settingsPlace(connection)) as Record<string, unknown>;
}

/** A shop's connection that is not removed. An id that is no id finds nothing. */
export async function findConnection(
  sql: Sql,
  { shop, connectionId }: { shop: string; connectionId: string },
): Promise<ConnectionRow | undefined> {
  if (!z.uuid().safeParse(connectionId).success) return undefined;
  const { rows } = await sql.query<ConnectionRow>(
    `SELECT ${columns} FROM "Connection" WHERE id = $1 AND shop = $2 AND "removedAt" IS NULL`,
    [connectionId, shop],
  );
  return rows[0];
}

/** What a page says about a connection that is not there. */
export const gone = "This vendor account is not connected any more. Reload the page.";
