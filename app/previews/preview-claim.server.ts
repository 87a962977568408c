// Who works on a preview, and what is written down while somebody does. The row is the truth: a worker that dies leaves
// it where it was, and the next one goes on from there.
import { sealJson } from "../crypto.server.ts";
import type { Db } from "../db.server.ts";
import type { PreviewOption } from "../vendors/vendor.ts";
import { optionsPlace, previewColumns, type Preview } from "./preview-rows.server.ts";
import type { KeptLook } from "./preview.ts";

/** How long a claim holds: the longest look at a vendor, with its pictures to fetch, and some room. */
const leaseSeconds = 180;

/** A preview that this worker holds. */
export interface PreviewClaim extends Preview {
  fence: number;
  tries: number;
  work: string;
  /** Seconds since the vendor began; null before. */
  ageSeconds: number | null;
}

// A shopper's preview of a paused account is taken too, to be told that it will not come; one made for an order waits
// with its order.
const isDue = `p.state IN ('new', 'working') AND p."nextRunAt" <= now() AND (p."leaseUntil" IS NULL OR p."leaseUntil" < now())
  AND EXISTS (SELECT 1 FROM "Connection" c WHERE c.id = p."connectionId" AND (c.status <> 'paused' OR p.browser <> ''))`;

/** Whether a preview waits for its turn. */
export async function arePreviewsDue({ db }: { db: Db }): Promise<boolean> {
  const { rows } = await db.query<{ isDue: boolean }>(
    `SELECT EXISTS (SELECT 1 FROM "Preview" p WHERE ${isDue}) AS "isDue"`,
  );
  return rows[0]?.isDue ?? false;
}

/** Takes up to `limit` previews that are due, each shop's in its turn. */
export async function claimPreviews(db: Db, limit: number): Promise<PreviewClaim[]> {
  const { rows } = await db.query<PreviewClaim>(
    `WITH due AS (
       SELECT p.id, row_number() OVER (PARTITION BY p.shop ORDER BY p."nextRunAt") AS turn, p."nextRunAt" AS at FROM "Preview" p
       WHERE ${isDue}
     ), mine AS (
       SELECT p.id FROM "Preview" p JOIN due ON due.id = p.id ORDER BY due.turn, due.at LIMIT $1 FOR UPDATE OF p SKIP LOCKED
     )
     UPDATE "Preview" SET "leaseUntil" = now() + $2 * interval '1 second', fence = fence + 1 WHERE id IN (SELECT id FROM mine)
       AND state IN ('new', 'working') AND ("leaseUntil" IS NULL OR "leaseUntil" < now())
     RETURNING ${previewColumns}, fence, tries, work, extract(epoch FROM now() - "startedAt")::float AS "ageSeconds"`,
    [limit, leaseSeconds],
  );
  return rows;
}

/** Somebody else works on it now, or it is gone: write nothing more. */
export class PreviewLost extends Error {
  constructor() {
    super("the lease of the preview is lost");
    this.name = "PreviewLost";
  }
}

async function writeMine(
  db: Db,
  { claim, set, values }: { claim: PreviewClaim; set: string; values: unknown[] },
): Promise<void> {
  const written = await db.query(
    `UPDATE "Preview" SET ${set} WHERE id = $1 AND fence = $2 AND "leaseUntil" > now()`,
    [claim.id, claim.fence, ...values],
  );
  if (written.rowCount !== 1) throw new PreviewLost();
}

/** The vendor has begun, or a preview that it made before is looked at. Durable before anything is asked about it. */
export async function markStarted(db: Db, claim: PreviewClaim, vendorPreviewId: string): Promise<void> {
  await writeMine(db, {
    claim,
    set: `state = 'working', "vendorPreviewId" = $3, "startedAt" = now()`,
    values: [vendorPreviewId],
  });
  claim.vendorPreviewId = vendorPreviewId;
  claim.state = "working";
  claim.ageSeconds = 0;
}

/** The file that the vendor is given. Written before it leaves. */
export async function markFile(
  db: Db,
  claim: PreviewClaim,
  file: { key: string | null; sha256: string },
): Promise<void> {
  await writeMine(db, {
    claim,
    set: `"fileKey" = $3, "fileSha256" = $4`,
    values: [file.key, file.sha256],
  });
  claim.fileKey = file.key;
  claim.fileSha256 = file.sha256;
}

/** A look is there: the shopper's page shows it at once. */
export async function markPictures(db: Db, claim: PreviewClaim, pictures: KeptLook[]): Promise<void> {
  await writeMine(db, { claim, set: `pictures = $3`, values: [JSON.stringify(pictures)] });
  claim.pictures = pictures;
}

/** Everything is there and can be ordered for so many seconds. */
export async function markReady(
  db: Db,
  claim: PreviewClaim,
  { options, lifeSeconds }: { options: PreviewOption[]; lifeSeconds: number },
): Promise<void> {
  // The vendor's own clock runs since it began, not since we looked: also when it began for another browser's photo,
  // whose row says since when, or, once that is gone, until when.
  await writeMine(db, {
    claim,
    set: `state = 'ready', error = NULL, sentence = NULL, options = $3, "readyAt" = now(), "leaseUntil" = NULL,
      "expiresAt" = (SELECT least(coalesce(min(o."startedAt"), now()) + $4 * interval '1 second', min(o."expiresAt")) FROM "Preview" o
        WHERE o.work = "Preview".work AND o."vendorPreviewId" = "Preview"."vendorPreviewId")`,
    values: [sealJson(options, optionsPlace(claim)), lifeSeconds],
  });
}

/** Not yet: looked at again in so many seconds. `counts` for a try that went wrong. */
export async function putBack(
  db: Db,
  claim: PreviewClaim,
  { seconds, counts = false, anew = false }: { seconds: number; counts?: boolean; anew?: boolean },
): Promise<void> {
  await writeMine(db, {
    claim,
    set: `"nextRunAt" = now() + $3 * interval '1 second', tries = tries + $4, "leaseUntil" = NULL,
      state = CASE WHEN $5::boolean THEN 'new' ELSE state END, "vendorPreviewId" = CASE WHEN $5::boolean THEN NULL ELSE "vendorPreviewId" END`,
    values: [seconds, counts ? 1 : 0, anew],
  });
}

/** It will not come: a code for the shopper, a sentence for the merchant. */
export async function markFailed(
  db: Db,
  claim: PreviewClaim,
  { error, sentence }: { error: string; sentence: string },
): Promise<void> {
  await writeMine(db, {
    claim,
    set: `state = 'failed', error = $3, sentence = $4, "leaseUntil" = NULL`,
    values: [error, sentence],
  });
}
