// Artwork, the step: an upload → a safe picture and its small copies → the upload itself is deleted. The row says who
// prepares it and until when, so a process that is killed costs two minutes and no photo.
import { sha256 } from "../crypto.server.ts";
import { log, withLogContext } from "../log.server.ts";
import type { World } from "../world.server.ts";
import { forgetArtworkFile, incomingKey, keyOfSize } from "./artwork.server.ts";
import { normalise, type Normalised, type Outcome } from "./normalise.server.ts";
import { deleteFile, putFile, readFile } from "./storage.server.ts";

/** How many photos a worker process takes apart at once: each takes a core and up to 400 MB. */
export const photosAtOnce = 2;

// Longer than a HEIC may wait for the one before it and both take, shorter than a shopper's patience.
const lease = "2 minutes";
// A photo whose process dies twice is at fault itself.
const mostTries = 2;

interface Claim {
  id: string;
  shop: string;
  key: string;
  fence: number;
  tries: number;
}

/** What preparing needs of the world. */
export type PreparingWorld = Pick<World, "db" | "wake">;

/** What takes a picture apart; tests give it less time. */
export type Normalise = (bytes: Uint8Array) => Promise<Outcome>;

/** Starts up to `limit` photos that are due. Each ends by itself: ready, failed with a code, or due again. */
export async function preparing(
  world: PreparingWorld,
  limit: number,
  take: Normalise = normalise,
): Promise<Promise<void>[]> {
  const { rows } = await world.db.query<Claim>(
    `UPDATE "Artwork" SET "nextRunAt" = now() + $2::interval, fence = fence + 1, tries = tries + 1
     WHERE id IN (SELECT id FROM "Artwork" WHERE state = 'new' AND "nextRunAt" <= now() AND "forgetAt" > now()
                  ORDER BY "nextRunAt" LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING id, shop, key, fence, tries`,
    [limit, lease],
  );
  return rows.map((claim) =>
    withLogContext({ shop: claim.shop, artwork: claim.id }, () =>
      prepare(world, claim, take).catch((error: unknown) => letGo(world, claim, error)),
    ),
  );
}

// The store or the database is away, which is not the photo's fault: it is tried again, and not counted. After an hour
// its shopper has long gone, and a page that is opened again should not wait.
async function letGo({ db }: PreparingWorld, { id, fence }: Claim, error: unknown): Promise<void> {
  log.error({ err: error }, "artwork.not_prepared");
  await db.query(
    `UPDATE "Artwork" SET "nextRunAt" = now() + interval '10 seconds', tries = tries - 1,
       state = CASE WHEN "createdAt" < now() - interval '1 hour' THEN 'failed' ELSE state END,
       error = CASE WHEN "createdAt" < now() - interval '1 hour' THEN 'unavailable' END
     WHERE id = $1 AND fence = $2 AND state = 'new'`,
    [id, fence],
  );
}

async function prepare(world: PreparingWorld, claim: Claim, take: Normalise): Promise<void> {
  const started = performance.now();
  const raw = await readFile(incomingKey(claim.key));
  // The upload ended between its row and its file: the browser was told so, or will send it again.
  if (!raw) return fail(world, claim, "gone");
  // One that was begun more often than it was let go again has killed whole workers, not only its own process.
  const outcome: Outcome =
    claim.tries > mostTries + 1 ? { kind: "crashed", why: "too many tries" } : await take(raw);
  log.info({ outcome: outcome.kind, ms: Math.round(performance.now() - started) }, "artwork.prepared");
  if (outcome.kind === "refused") return fail(world, claim, outcome.code);
  if (outcome.kind === "ready") return keep(world, claim, outcome.picture);
  log.warn({ why: outcome.why, tries: claim.tries }, "artwork.crashed");
  if (claim.tries >= mostTries) return fail(world, claim, "too_many_pixels");
  await world.db.query(
    `UPDATE "Artwork" SET "nextRunAt" = now() + interval '5 seconds' WHERE id = $1 AND fence = $2 AND state = 'new'`,
    [claim.id, claim.fence],
  );
}

const isMine = `id = $1 AND fence = $2 AND state = 'new' AND "forgetAt" > now()`;

async function keep(world: PreparingWorld, claim: Claim, picture: Normalised): Promise<void> {
  const { db } = world;
  const mine = await db.query(`SELECT 1 FROM "Artwork" WHERE ${isMine}`, [claim.id, claim.fence]);
  if (mine.rows.length === 0) return;
  await putFile(claim.key, picture.whole);
  await putFile(keyOfSize(claim.key, "1200"), picture.medium);
  await putFile(keyOfSize(claim.key, "320"), picture.small);
  const kept = await db.query(
    `UPDATE "Artwork" SET state = 'ready', width = $3, height = $4, "fromWidth" = $5, "fromHeight" = $6, bytes = $7, sha256 = $8
     WHERE ${isMine}`,
    [
      claim.id,
      claim.fence,
      picture.width,
      picture.height,
      picture.fromWidth,
      picture.fromHeight,
      picture.whole.length,
      sha256(picture.whole),
    ],
  );
  if (kept.rowCount === 1) {
    await callPreviews(world, claim);
    return deleteFile(incomingKey(claim.key));
  }
  // Deleted by its shopper meanwhile, or taken over by another worker, whose files these then are too.
  const { rows } = await db.query(`SELECT 1 FROM "Artwork" WHERE id = $1 AND "forgetAt" > now()`, [claim.id]);
  if (rows.length === 0) await forgetArtworkFile(claim.key);
}

async function fail(world: PreparingWorld, claim: Claim, code: string): Promise<void> {
  const failed = await world.db.query(
    `UPDATE "Artwork" SET state = 'failed', error = $3 WHERE id = $1 AND fence = $2 AND state = 'new'`,
    [claim.id, claim.fence, code],
  );
  if (failed.rowCount !== 1) return;
  await callPreviews(world, claim);
  await deleteFile(incomingKey(claim.key));
}

// A preview may be asked for before its photo is ready, and looks again twice a second: now it need not wait for that.
async function callPreviews({ db, wake }: PreparingWorld, { id }: Claim): Promise<void> {
  const called = await db.query(
    `UPDATE "Preview" SET "nextRunAt" = now() WHERE "artworkId" = $1 AND state = 'new' AND "leaseUntil" IS NULL`,
    [id],
  );
  if (called.rowCount) wake("previews");
}
