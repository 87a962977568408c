// The files of a preview: what the vendor is given, and its pictures brought into our own store through the guarded way
// out, so that a shopper's browser never talks to the vendor.
import sharp from "sharp";
import { sha256 } from "../crypto.server.ts";
import type { Db, Sql } from "../db.server.ts";
import { log } from "../log.server.ts";
import { SendError } from "../vendors/http.server.ts";
import { VendorError, type ArtworkFile } from "../vendors/vendor.ts";
import type { World } from "../world.server.ts";
import type { Artwork } from "./artwork.server.ts";
import { markFile, type PreviewClaim } from "./preview-claim.server.ts";
import { cropPixels, type KeptLook } from "./preview.ts";
import { deleteFile, newKey, putFile, readFile } from "./storage.server.ts";

/**
 * The file that the vendor is given: the photo as we keep it, or the part of it that the shopper chose, which is kept
 * too, because it is what the goods will be made from.
 */
export async function fileForVendor(db: Db, claim: PreviewClaim, artwork: Artwork): Promise<ArtworkFile> {
  const { crop, fileKey } = claim;
  const kept = crop && fileKey !== null ? await readFile(fileKey) : undefined;
  if (kept) return { filename: "photo.jpg", contentType: "image/jpeg", bytes: kept };
  const whole = await readFile(artwork.key);
  if (!whole) throw new VendorError("rejected", "The photo is not kept any more.");
  if (!crop) {
    if (claim.fileSha256 === null) await markFile(db, claim, { key: null, sha256: sha256(whole) });
    return { filename: "photo.jpg", contentType: artwork.contentType, bytes: whole };
  }
  const bytes = await sharp(whole, { failOn: "error", limitInputPixels: 60e6 })
    .extract(cropPixels(crop, artwork))
    .jpeg({ quality: 90 })
    .toBuffer();
  // The name before the file: a worker that dies in between leaves a name, to which the next one writes, and never a
  // picture of a shopper's that nobody knows of.
  const key = fileKey ?? newKey(claim.shop, "jpg");
  await markFile(db, claim, { key, sha256: sha256(bytes) });
  await putFile(key, bytes);
  return { filename: "photo.jpg", contentType: "image/jpeg", bytes };
}

const mostBytes = 25 * 1024 * 1024;
const mostHops = 2;
const largePixels = 2000;
const smallPixels = 800;

/** Deletes every file of a preview. Deleting twice is harmless. */
export async function forgetPreviewFiles({
  fileKey,
  pictures,
}: Pick<PreviewClaim, "fileKey" | "pictures">): Promise<void> {
  for (const key of [fileKey, ...pictures.flatMap(({ image, large }) => [image, large])])
    if (key !== null) await deleteFile(key);
}

/**
 * Fetches one picture of the vendor's in two sizes, painted anew so that nothing but a picture is kept. undefined when
 * it cannot be had now.
 */
export async function fetchLook(
  world: Pick<World, "http">,
  url: string,
): Promise<{ large: Buffer; image: Buffer } | undefined> {
  const bytes = await fetchPicture(world, url);
  if (!bytes) return undefined;
  try {
    const source = sharp(bytes, { failOn: "error", limitInputPixels: 60e6, pages: 1 });
    const fit = { fit: "inside", withoutEnlargement: true } as const;
    const large = source.clone().resize(largePixels, largePixels, fit).webp({ quality: 84, effort: 2 });
    const image = source.clone().resize(smallPixels, smallPixels, fit).webp({ quality: 80, effort: 2 });
    return { large: await large.toBuffer(), image: await image.toBuffer() };
  } catch (error) {
    log.warn({ err: error }, "preview.picture_unreadable");
    return undefined;
  }
}

/** Stores what was fetched under the keys that the row has for it already. */
export async function putLook(
  keys: Pick<KeptLook, "image" | "large">,
  files: { large: Buffer; image: Buffer },
): Promise<void> {
  await putFile(keys.large, files.large);
  await putFile(keys.image, files.image);
}

// The address came from the vendor; each hop is held against the address guard, and no key goes along.
async function fetchPicture({ http }: Pick<World, "http">, url: string): Promise<Uint8Array | undefined> {
  let address = url;
  for (let hop = 0; hop <= mostHops; hop++) {
    try {
      const reply = await http(
        {
          method: "GET",
          url: address,
          headers: { accept: "image/*" },
          expect: "bytes",
          maxBytes: mostBytes,
        },
        false,
      );
      if (reply.status === 200) return reply.bytes;
      const next = reply.status >= 300 && reply.status < 400 ? reply.headers["location"] : undefined;
      if (next === undefined || !URL.canParse(next, address)) return undefined;
      address = new URL(next, address).href;
    } catch (error) {
      if (!(error instanceof SendError)) throw error;
      log.warn({ err: error }, "preview.picture_unreachable");
      return undefined;
    }
  }
  return undefined;
}

const batch = 100;

/**
 * Forgets previews and choices whose photo is gone or about to go: files first, then the row. Runs again and again; what
 * one run leaves, the next one takes. Answers how many.
 */
export async function sweepPreviews(sql: Sql): Promise<number> {
  const due = await sql.query<{ id: string; fileKey: string | null; pictures: KeptLook[] }>(
    `SELECT p.id, p."fileKey", p.pictures FROM "Preview" p LEFT JOIN "Artwork" a ON a.id = p."artworkId"
     WHERE a.id IS NULL OR a."forgetAt" <= now() LIMIT $1`,
    [batch],
  );
  for (const preview of due.rows) {
    await forgetPreviewFiles(preview);
    await sql.query(`DELETE FROM "Preview" WHERE id = $1`, [preview.id]);
  }
  await sql.query(
    `DELETE FROM "Selection" s WHERE NOT EXISTS (SELECT 1 FROM "Artwork" a WHERE a.id = s."artworkId" AND a."forgetAt" > now())`,
  );
  await sql.query(`DELETE FROM "PhotoLink" WHERE "expiresAt" < now() - interval '1 day'`);
  return due.rows.length;
}
