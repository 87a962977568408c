// A full sync, brought on piece by piece: Shopify's export is asked for, looked after and read; the vendor's list is
// compared with it; a dry run ends there, a real one makes everything due and waits until it is sent. Every piece may
// be done twice, so a killed worker costs its piece and nothing else.
import { failConnection } from "../connections.server.ts";
import { openJson } from "../crypto.server.ts";
import { log, withLogContext } from "../log.server.ts";
import { retryAt } from "../orders/retry.ts";
import { adminFor, ShopifyError } from "../shopify/admin.server.ts";
import { readProductFile } from "../shopify/bulk-file.server.ts";
import { lookAtProductExport, startProductExport } from "../shopify/bulk-products.server.ts";
import { askVendor } from "../vendors/asking.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { VendorError, type Vendor } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import { othersThere } from "./claim.server.ts";
import { compare, type Comparison } from "./compare.ts";
import { keepExported, knownProducts } from "./known.server.ts";
import type { ProductFacts } from "./product.ts";
import {
  claimSyncs,
  countPublications,
  endReading,
  endSync,
  lookLater,
  noteExport,
  noteProgress,
  startPublishing,
  SyncLost,
  type SyncClaim,
} from "./sync-rows.server.ts";

const mostTries = 6;
const batch = 100;

/** Starts on up to `limit` full syncs that are due. Answers with what is under way. */
export async function startSyncs(world: World, limit: number): Promise<Promise<void>[]> {
  const claims = await claimSyncs(world.db, limit);
  return claims.map((claim) =>
    withLogContext({ shop: claim.shop, connection: claim.connectionId, sync: claim.id }, () =>
      bringOn(world, claim),
    ),
  );
}

async function bringOn(world: World, claim: SyncClaim): Promise<void> {
  try {
    switch (claim.state) {
      case "reading":
        await (claim.operationId === null ? askForExport(world, claim) : lookAtExport(world, claim));
        break;
      case "comparing":
        await startPublishing(
          world.db,
          claim,
          await compareWith(world, claim, knownProducts(world.db, claim.shop)),
        );
        world.wake("publishing");
        break;
      case "publishing":
        await waitForTheRest(world, claim);
    }
  } catch (error) {
    if (error instanceof SyncLost) return log.warn("sync.lease_lost");
    await keepTrouble(world, claim, error).catch((failed: unknown) =>
      log.warn({ err: failed }, "sync.close_failed"),
    );
  }
}

async function askForExport(world: World, claim: SyncClaim): Promise<void> {
  // By the database's clock, and from before the export began: what is read of a product later is newer.
  const now = await world.db.query<{ now: Date }>(`SELECT now() AS now`);
  const operationId = await startProductExport(adminFor(claim.shop, world.db));
  await noteExport(world.db, claim, { operationId, operationAt: now.rows[0]?.now ?? new Date() });
}

async function lookAtExport(world: World, claim: SyncClaim): Promise<void> {
  const found = await lookAtProductExport(adminFor(claim.shop, world.db), claim.operationId ?? "");
  switch (found.state) {
    case "running":
      // Shopify says when it is finished (bulk_operations/finish); this is for when that does not arrive.
      await noteProgress(world.db, claim, found.products);
      return lookLater(world.db, claim, { seconds: 3 });
    case "failed":
      if (claim.tries + 1 >= mostTries)
        return endSync(world.db, claim, { state: "failed", sentence: found.sentence });
      return lookLater(world.db, claim, {
        seconds: retryAt(claim.tries),
        sentence: `${found.sentence} It is tried again.`,
        counts: true,
        forgetExport: true,
      });
    case "done": {
      const products = found.url === undefined ? nothing() : readProductFile(found.url, found);
      return claim.dryRun ? tryDry(world, claim, products) : read(world, claim, products);
    }
  }
}

async function* nothing(): AsyncGenerator<ProductFacts> {
  // A shop without products has no file.
}

async function read(world: World, claim: SyncClaim, products: AsyncIterable<ProductFacts>): Promise<void> {
  let count = 0;
  let waiting: ProductFacts[] = [];
  const write = async (): Promise<void> => {
    await keepExported(world.db, {
      shop: claim.shop,
      syncId: claim.id,
      exportedAt: claim.operationAt ?? new Date(0),
      products: waiting,
    });
    count += waiting.length;
    waiting = [];
    await noteProgress(world.db, claim, count);
  };
  for await (const facts of products) {
    waiting.push(facts);
    if (waiting.length >= batch) await write();
  }
  await write();
  await endReading(world.db, claim, count);
  log.info({ products: count }, "sync.read");
}

// A dry run writes nothing down but what it found: what is kept of a product would be sent.
async function tryDry(world: World, claim: SyncClaim, products: AsyncIterable<ProductFacts>): Promise<void> {
  let count = 0;
  const counted = async function* (): AsyncGenerator<ProductFacts> {
    for await (const facts of products) {
      if (++count % batch === 0) await noteProgress(world.db, claim, count);
      yield facts;
    }
  };
  const found = await compareWith(world, claim, counted());
  await endSync(world.db, claim, {
    state: "done",
    sentence: `Nothing was sent. ${sentenceOf(found.counts)}`,
    products: count,
    found,
  });
}

async function compareWith(
  world: World,
  claim: SyncClaim,
  products: AsyncIterable<ProductFacts>,
): Promise<Comparison> {
  const { shop, connectionId, accountId } = claim;
  const vendor = vendorById(claim.vendor);
  const catalogue: Vendor["catalogue"] = vendor?.catalogue;
  if (!vendor || !catalogue)
    throw new TypeError(`no vendor takes a catalogue under the name ${claim.vendor}`);
  const settings = openJson(claim.settings, {
    table: "Connection",
    column: "settings",
    shop,
    row: connectionId,
  }) as Record<string, unknown>;
  const listed = await askVendor(world, { vendor, settings, accountId, shop }, (asking) =>
    catalogue.list(settings, asking),
  );
  const there = await world.db.query<{ key: string; productId: string; title: string | null }>(
    `SELECT k AS key, p."productId", f.title FROM "Publication" p CROSS JOIN LATERAL unnest(p."keysThere") AS k
     LEFT JOIN "CatalogueProduct" f ON f.shop = p.shop AND f."productId" = p."productId" WHERE p."connectionId" = $1`,
    [connectionId],
  );
  const ours = new Map(
    there.rows.map(({ key, productId, title }) => [key, { productId, title: title ?? "" }] as const),
  );
  const others = await world.db.query<{ key: string }>(
    `SELECT DISTINCT o.key ${othersThere} AND o.key IS NOT NULL`,
    [connectionId, accountId],
  );
  const taken = new Set(others.rows.map(({ key }) => key));
  return compare({ products, listed, ours, taken, catalogue, settings });
}

async function waitForTheRest(world: World, claim: SyncClaim): Promise<void> {
  const standing = await countPublications(world.db, claim.connectionId);
  const reading = await world.db.query<{ is: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM "CatalogueProduct" WHERE shop = $1 AND read < asked AND tries = 0) AS is`,
    [claim.shop],
  );
  if (standing.untried > 0 || reading.rows[0]?.is === true) return lookLater(world.db, claim, { seconds: 3 });
  const { published, held, withdrawn, waiting } = standing;
  const parts = [
    `${published} published`,
    ...(held > 0 ? [`${held} held`] : []),
    ...(waiting > 0 ? [`${waiting} tried again by themselves`] : []),
    ...(withdrawn > 0 ? [`${withdrawn} not in the catalogue`] : []),
  ];
  await endSync(world.db, claim, { state: "done", sentence: `${parts.join(", ")}.` });
  log.info({ ...standing }, "sync.done");
}

async function keepTrouble(world: World, claim: SyncClaim, error: unknown): Promise<void> {
  const again = (sentence: string, seconds?: number): Promise<void> =>
    claim.tries + 1 >= mostTries
      ? endSync(world.db, claim, { state: "failed", sentence })
      : lookLater(world.db, claim, { seconds: seconds ?? retryAt(claim.tries), sentence, counts: true });
  if (error instanceof ShopifyError) {
    log.warn({ problem: error.problem }, "sync.shopify_refused");
    // A refusal to start may only mean that too many exports are running in this shop.
    const isStart = claim.state === "reading" && claim.operationId === null;
    if (error.problem === "retry" || error.problem === "unsure" || (error.problem === "rejected" && isStart))
      return again(error.message, error.retryAfterSeconds ?? (isStart ? 30 : undefined));
    return endSync(world.db, claim, { state: "failed", sentence: error.message });
  }
  if (error instanceof VendorError) {
    log.warn({ problem: error.problem, status: error.status }, "sync.vendor_refused");
    if (error.problem === "rejected")
      return endSync(world.db, claim, { state: "failed", sentence: error.message });
    if (error.problem !== "connection") return again(error.message, error.retryAfterSeconds);
    await failConnection(world.db, { connectionId: claim.connectionId, sentence: error.message });
    return again(error.message);
  }
  log.error({ err: error }, "sync.failed");
  return again("Makerlane failed in the middle of the sync. It is tried again.");
}

/** Counts as a sentence: "3 to create, 1 to hold." */
function sentenceOf({ create, update, same, deactivate, hold, elsewhere }: Comparison["counts"]): string {
  const parts = [
    `${create} to create`,
    `${update} to bring up to date`,
    `${deactivate} to take out`,
    `${hold} to hold`,
    `${same} are the same`,
    ...(elsewhere > 0 ? [`${elsewhere} at the vendor are not from here and stay`] : []),
  ];
  return `${parts.join(", ")}.`;
}
