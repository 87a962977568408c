// One harmless talk with a connection's vendor, for who has only the connection's id: settings are opened, a key that
// is not accepted pauses the connection, and every other trouble comes back as the sentence to show.
import { askVendor } from "../vendors/asking.server.ts";
import type { Exchange } from "../vendors/http.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { VendorError, type Asking, type Vendor } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import { failConnection } from "./health.server.ts";
import { findConnection, openSettings, type ConnectionRow } from "./row.server.ts";

/** A connection with what it takes to talk to its vendor. */
export interface OpenConnection {
  row: ConnectionRow;
  vendor: Vendor;
  settings: Record<string, unknown>;
}

/** Opens a shop's connection; undefined when the shop has none with this id, or it was removed. */
export async function openConnection(
  world: World,
  at: { shop: string; connectionId: string },
): Promise<OpenConnection | undefined> {
  const row = await findConnection(world.db, at);
  const vendor = row && vendorById(row.vendor);
  return row && vendor ? { row, vendor, settings: openSettings(row) } : undefined;
}

/** What came of a talk. `problem` is absent when there was nobody to talk to. */
export type Answer<T> = { answer: T } | { refused: string; problem?: VendorError["problem"] };

/** Talks to an open connection's vendor. What it throws beside VendorError is a fault of ours and goes through. */
export async function askOpen<T>(
  world: World,
  given: OpenConnection & {
    exchanges?: Exchange[];
    beforeSend?: () => Promise<void>;
    withoutLogin?: boolean;
  },
  talk: (asking: Asking) => Promise<T>,
): Promise<Answer<T>> {
  const { row, vendor, settings, exchanges, beforeSend, withoutLogin = false } = given;
  const { shop, accountId } = row;
  const whom = {
    vendor,
    settings,
    accountId,
    shop,
    withoutLogin,
    ...(exchanges && { exchanges }),
    ...(beforeSend && { beforeSend }),
  };
  try {
    return { answer: await askVendor(world, whom, talk) };
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    if (error.problem === "connection")
      await failConnection(world.db, { connectionId: row.id, sentence: error.message });
    return { refused: error.message, problem: error.problem };
  }
}
