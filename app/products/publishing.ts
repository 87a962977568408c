// Products, step 2: what Shopify has → what each vendor's catalogue has. Publishing is an upsert, so nothing is asked
// before it is repeated; what decides is that one worker holds one account, and that rows say what is not sure.
import { failConnection } from "../connections.server.ts";
import { openJson, sha256 } from "../crypto.server.ts";
import { log, withLogContext } from "../log.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { VendorError, type Vendor } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import {
  CatalogueLost,
  claimCatalogues,
  giveBack,
  takeSettings,
  type CatalogueClaim,
} from "./claim.server.ts";
import { startReads } from "./known.server.ts";
import { planAll } from "./planning.server.ts";
import { publishBatch } from "./sending.server.ts";
import { startSyncs } from "./syncing.server.ts";
import type { Sender } from "./talking.server.ts";
import { withdrawBatch } from "./withdrawing.server.ts";

type Start = (world: World, limit: number) => Promise<Promise<void>[]>;

/**
 * Starts up to `limit` pieces of what is due: products to read, full syncs to bring on, one batch of each catalogue.
 * Answers with what is under way; each piece ends by itself and leaves the next one due.
 */
export async function publishing(world: World, limit: number): Promise<Promise<void>[]> {
  const started: Promise<void>[] = [];
  let isReading = false;
  // In another order each time, so that a thousand products to read do not keep the catalogues waiting.
  for (const start of turns.next()) {
    if (started.length >= limit) break;
    // A product that is being read may have the key of one in the batch: those that came together are planned together.
    if (start === startBatches && isReading) continue;
    try {
      const pieces = await start(world, limit - started.length);
      // Whoever waits for a piece hears of its failure; one that fails before that would end the whole process.
      for (const piece of pieces) piece.catch(() => undefined);
      started.push(...pieces);
      isReading ||= start === startReads && pieces.length > 0;
    } catch (error) {
      // What is under way must reach whoever waits for it.
      if (started.length === 0) throw error;
      log.warn({ err: error }, "publishing.not_started");
      break;
    }
  }
  return started;
}

const turns = {
  at: 0,
  next(): Start[] {
    const kinds: Start[] = [startBatches, startReads, startSyncs];
    this.at = (this.at + 1) % kinds.length;
    return [...kinds.slice(this.at), ...kinds.slice(0, this.at)];
  },
};

/** Starts on up to `limit` catalogues that have something to send: one batch of each. */
export async function startBatches(world: World, limit: number): Promise<Promise<void>[]> {
  const claims = await claimCatalogues(world.db, limit);
  return claims.map((claim) =>
    withLogContext({ shop: claim.shop, connection: claim.connectionId, vendor: claim.vendor }, () =>
      bringOn(world, claim),
    ),
  );
}

async function bringOn(world: World, claim: CatalogueClaim): Promise<void> {
  const vendor = vendorById(claim.vendor);
  let quiet = false;
  try {
    if (!vendor?.catalogue) throw new Error(`no vendor takes a catalogue under the name ${claim.vendor}`);
    const settings = openJson(claim.settings, {
      table: "Connection",
      column: "settings",
      shop: claim.shop,
      row: claim.connectionId,
    }) as Record<string, unknown>;
    const sender: Sender = { world, claim, vendor, catalogue: vendor.catalogue, settings };
    await takeSettings(world.db, claim, placeOf(claim, vendor, settings));
    await planAll(world.db, claim, sender);
    const sent = await publishBatch(sender);
    quiet = sent.quiet;
    const out = quiet || sent.count > 0 ? undefined : await withdrawBatch(sender);
    quiet ||= out?.quiet ?? false;
    log.info({ published: sent.count, withdrawn: out?.count ?? 0, quiet }, "publishing.sent");
  } catch (error) {
    if (error instanceof CatalogueLost) return log.warn("publishing.lease_lost");
    if (error instanceof VendorError) {
      log.warn({ problem: error.problem, status: error.status }, "publishing.refused");
      await failConnection(world.db, { connectionId: claim.connectionId, sentence: error.message });
    } else {
      // Ours: what was about to leave is not sure, and is sent again when the lease has run out.
      log.error({ err: error }, "publishing.failed");
      return;
    }
  }
  await giveBack(world.db, claim, quiet);
}

// An account's addresses are part of it: the same key at another host is another catalogue.
function placeOf({ accountId }: CatalogueClaim, vendor: Vendor, settings: Record<string, unknown>): string {
  const addresses = vendor.settings.filter(({ kind }) => kind === "url").map(({ key }) => settings[key]);
  return sha256(JSON.stringify([accountId, addresses]));
}
