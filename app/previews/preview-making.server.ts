// The step of the previews road: a wish → the vendor's preview → looks in our own store. Everything said here is
// harmless: a preview begun twice costs a piece of the vendor's quota, an order is never placed.
import { failConnection } from "../connections.server.ts";
import { openSettings } from "../connections/row.server.ts";
import { log, withLogContext } from "../log.server.ts";
import { askVendor } from "../vendors/asking.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { VendorError, type PreviewNews, type Vendor } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import { findArtwork } from "./artwork.server.ts";
import {
  claimPreviews,
  markFailed,
  markPictures,
  markReady,
  markStarted,
  PreviewLost,
  putBack,
  type PreviewClaim,
} from "./preview-claim.server.ts";
import { fetchLook, fileForVendor, forgetPreviewFiles, putLook } from "./preview-pictures.server.ts";
import { findPreview, forgetAtVendor } from "./preview-rows.server.ts";
import type { KeptLook } from "./preview.ts";
import { newKey } from "./storage.server.ts";

export { arePreviewsDue } from "./preview-claim.server.ts";

/** Claims up to `limit` previews that are due and starts on each. Answers with what is under way. */
export async function previews(world: World, limit: number): Promise<Promise<void>[]> {
  const claims = await claimPreviews(world.db, limit);
  return claims.map((claim) =>
    withLogContext({ shop: claim.shop, preview: claim.id }, () => bringOn(world, claim)),
  );
}

interface Maker {
  world: World;
  claim: PreviewClaim;
  vendor: Vendor;
  ability: NonNullable<Vendor["previews"]>;
  settings: Record<string, unknown>;
  accountId: string;
}

const ourFault = "Makerlane could not make this preview.";

async function bringOn(world: World, claim: PreviewClaim): Promise<void> {
  try {
    const maker = await openMaker(world, claim);
    if (!maker) return await markFailed(world.db, claim, unavailable("The vendor account was removed."));
    if (maker === "paused") return await markFailed(world.db, claim, unavailable("The account is paused."));
    await work(maker);
  } catch (error) {
    if (error instanceof PreviewLost) return lost(world, claim);
    await failed(world, claim, error).catch((again: unknown) => {
      // The lease runs out by itself, then it is tried again.
      if (!(again instanceof PreviewLost)) log.warn({ err: again }, "preview.close_failed");
    });
  }
}

// Its photo may have been deleted, and the preview with it, while files of it were on their way into the store.
async function lost({ db }: World, claim: PreviewClaim): Promise<void> {
  log.warn("preview.lease_lost");
  if (!(await findPreview(db, { shop: claim.shop, id: claim.id }))) await forgetPreviewFiles(claim);
}

async function openMaker(world: World, claim: PreviewClaim): Promise<Maker | "paused" | undefined> {
  const { rows } = await world.db.query<{
    id: string;
    shop: string;
    vendor: string;
    accountId: string;
    settings: Buffer;
    status: string;
  }>(
    `SELECT id, shop, vendor, "accountId", settings, status FROM "Connection" WHERE id = $1 AND shop = $2 AND "removedAt" IS NULL`,
    [claim.connectionId, claim.shop],
  );
  const [row] = rows;
  const vendor = row && vendorById(row.vendor);
  if (!row || !vendor?.previews) return undefined;
  if (row.status === "paused") return "paused";
  return {
    world,
    claim,
    vendor,
    ability: vendor.previews,
    settings: openSettings(row),
    accountId: row.accountId,
  };
}

function ask<T>(
  { world, vendor, settings, accountId, claim }: Maker,
  talk: Parameters<typeof askVendor<T>>[2],
): Promise<T> {
  return askVendor(world, { vendor, settings, accountId, shop: claim.shop }, talk);
}

async function work(maker: Maker): Promise<void> {
  const { world, claim, ability } = maker;
  const artwork = await findArtwork(world.db, { shop: claim.shop, id: claim.artworkId });
  if (!artwork) return markFailed(world.db, claim, gone("The photo is not kept any more."));
  if (artwork.state === "failed")
    return markFailed(world.db, claim, {
      error: artwork.error ?? "type",
      sentence: "The photo could not be read.",
    });
  // Asked for while the photo is being prepared.
  if (artwork.state === "new") return comeAgain(maker, 0.5);
  if (claim.vendorPreviewId === null) {
    await begin(maker, artwork);
    return comeAgain(maker, ability.nextLook(0));
  }
  await look(maker, claim.vendorPreviewId);
}

async function begin(
  maker: Maker,
  artwork: NonNullable<Awaited<ReturnType<typeof findArtwork>>>,
): Promise<void> {
  const { world, claim, ability, settings } = maker;
  const known = await madeBefore(maker);
  const file = await fileForVendor(world.db, claim, artwork);
  if (known !== undefined) return markStarted(world.db, claim, known);
  const { size, looks, crop } = claim;
  const wish = { file, size, looks, cropped: crop !== null };
  const vendorPreviewId = await ask(maker, (asking) => ability.start(wish, settings, asking));
  await markStarted(world.db, claim, vendorPreviewId);
}

// The same photo, size, looks and crop were previewed before, perhaps by another browser: the vendor made it once. A
// row that is still being made may stand for what the vendor forgot, so whoever was turned away once takes none of those:
// two such rows would hand it to each other until both fail.
async function madeBefore({ world, claim }: Maker): Promise<string | undefined> {
  const { rows } = await world.db.query<{ vendorPreviewId: string }>(
    `SELECT "vendorPreviewId" FROM "Preview" WHERE work = $1 AND shop = $2 AND id <> $3 AND "vendorPreviewId" IS NOT NULL
       AND ((state = 'working' AND $4::int = 0) OR (state = 'ready' AND "expiresAt" > now() + interval '1 hour')) ORDER BY "createdAt" DESC LIMIT 1`,
    [claim.work, claim.shop, claim.id, claim.tries],
  );
  return rows[0]?.vendorPreviewId;
}

async function look(maker: Maker, vendorPreviewId: string): Promise<void> {
  const { world, claim, ability, settings } = maker;
  const age = claim.ageSeconds ?? 0;
  const news = await ask(maker, (asking) => ability.read(vendorPreviewId, settings, asking));
  switch (news.state) {
    case "failed":
      return markFailed(world.db, claim, refused(`${maker.vendor.label} could not make this preview.`));
    case "gone":
      await forgetAtVendor(world.db, { work: claim.work, vendorPreviewId });
      // It is forgotten there before it was ready: begun anew, a few times.
      if (claim.tries >= 2)
        return markFailed(world.db, claim, refused(`${maker.vendor.label} lost this preview.`));
      return putBack(world.db, claim, { seconds: 1, counts: true, anew: true });
    case "working":
      if (age > ability.longestSeconds)
        return markFailed(world.db, claim, refused(`${maker.vendor.label} took too long for this preview.`));
      await keepLooks(maker, news);
      return comeAgain(maker, ability.nextLook(age));
    case "ready":
      if (!(await keepLooks(maker, news))) {
        if (age > ability.longestSeconds)
          return markFailed(world.db, claim, refused("The pictures of this preview could not be fetched."));
        return comeAgain(maker, ability.nextLook(age));
      }
      await markReady(world.db, claim, {
        options: news.options,
        lifeSeconds: ability.lifeSeconds(settings),
      });
      log.info({ seconds: Math.round(age) }, "preview.ready");
  }
}

/** Fetches what is there and not kept yet. Answers whether every look that was asked for is kept for good. */
async function keepLooks({ world, claim }: Maker, { state, looks }: PreviewNews): Promise<boolean> {
  let isWhole = true;
  for (const wanted of looks) {
    // One picture of each look: the vendor may make several to compare.
    const kept = claim.pictures.find(({ look }) => look === wanted.look);
    if (kept && (!kept.early || state !== "ready")) continue;
    if (wanted.imageUrl === undefined) {
      isWhole = false;
      continue;
    }
    const files = await fetchLook(world, wanted.imageUrl);
    if (!files) {
      isWhole = false;
      continue;
    }
    const keys = await keysFor({ world, claim }, wanted.look);
    await putLook(keys, files);
    const look: KeptLook = {
      ...keys,
      look: wanted.look,
      label: wanted.label,
      ...(state !== "ready" && { early: true }),
    };
    const others = claim.pictures.flatMap((each) => {
      if (each === keys) return [];
      return each === kept ? { ...each, look: "" } : each;
    });
    await markPictures(world.db, claim, [...others, look].sort(inOrder(claim.looks)));
  }
  return isWhole && looks.length > 0;
}

// Keys for a look's files, written down before a file is: whoever dies in between leaves names that the next worker
// writes to, and that the sweep deletes; never a shopper's picture that no row knows of.
async function keysFor({ world, claim }: Pick<Maker, "world" | "claim">, look: string): Promise<KeptLook> {
  const { shop, pictures } = claim;
  const left = pictures.find((each) => each.look === "" && each.label === look);
  if (left) return left;
  const keys = { look: "", label: look, image: newKey(shop, "webp"), large: newKey(shop, "webp") };
  await markPictures(world.db, claim, [...pictures, keys]);
  return keys;
}

const inOrder =
  (looks: readonly string[]) =>
  (one: KeptLook, other: KeptLook): number =>
    looks.indexOf(one.look) - looks.indexOf(other.look);

// A wake-up from here is more exact than the sweep's three seconds; lost, it costs just those.
async function comeAgain({ world, claim }: Maker, seconds: number): Promise<void> {
  await putBack(world.db, claim, { seconds });
  setTimeout(() => world.wake("previews"), seconds * 1000 + 5).unref();
}

const mostTries = 6;

async function failed(world: World, claim: PreviewClaim, error: unknown): Promise<void> {
  if (!(error instanceof VendorError)) {
    log.error({ err: error }, "preview.failed");
    if (claim.tries >= mostTries) return markFailed(world.db, claim, refused(ourFault));
    return putBack(world.db, claim, { seconds: 2 ** claim.tries, counts: true });
  }
  log.warn({ problem: error.problem, status: error.status }, "preview.refused");
  switch (error.problem) {
    case "rejected":
      return markFailed(world.db, claim, refused(error.message));
    case "connection":
      // A key may lack the right to make previews (403) and still be good for orders: only a revoked one stops them.
      if (error.status === 401)
        await failConnection(world.db, { connectionId: claim.connectionId, sentence: error.message });
      return markFailed(world.db, claim, unavailable(error.message));
    case "unsure":
    case "retry": {
      if (claim.tries >= mostTries)
        return markFailed(world.db, claim, { error: "busy", sentence: error.message });
      const seconds = Math.min(60, error.retryAfterSeconds ?? 2 ** claim.tries);
      return putBack(world.db, claim, { seconds, counts: true });
    }
  }
}

const refused = (sentence: string): { error: string; sentence: string } => ({
  error: "preview_failed",
  sentence,
});
const unavailable = (sentence: string): { error: string; sentence: string } => ({
  error: "unavailable",
  sentence,
});
const gone = (sentence: string): { error: string; sentence: string } => ({ error: "gone", sentence });
