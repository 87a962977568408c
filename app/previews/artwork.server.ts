// Shoppers' pictures that we keep: a row, and files under a random key. A browser asks for its own by shop, id and its
// token; a vendor is given a signed link.
import { createHmac, timingSafeEqual } from "node:crypto";
import type { Sql } from "../db.server.ts";
import { env } from "../env.server.ts";
import { sha256 } from "../crypto.server.ts";
import { ownId } from "./proxy-door.server.ts";
import { deleteFile, pictureLink, readFile } from "./storage.server.ts";

export { pictureLink };

// A vendor fetches the picture some time after the order: longer than its production, shorter than for ever.
const linkDays = 45;

/** A picture as its row has it. `width` and `height` are 0 until it is ready. */
export interface Artwork {
  id: string;
  shop: string;
  key: string;
  state: "new" | "ready" | "failed";
  /** The storefront's code of why it failed. */
  error: string | null;
  contentType: string;
  width: number;
  height: number;
  /** Pixels of what was uploaded, upright. */
  fromWidth: number | null;
  fromHeight: number | null;
  bytes: number;
  sha256: string;
  productId: string | null;
  variantId: string | null;
  forgetAt: Date;
}

/** Which copy of a picture: the whole (at most 3000 px, JPEG), or a smaller one (WebP of at most so many pixels). */
export type ArtworkSize = "whole" | "1200" | "320";

/** The key of one copy. */
export function keyOfSize(key: string, size: ArtworkSize): string {
  return size === "whole" ? key : key.replace(/\.[a-z]+$/, `.${size}.webp`);
}

/** Where an upload waits until it is prepared. */
export function incomingKey(key: string): string {
  return `incoming/${key.replace(/\.[a-z]+$/, "").replaceAll("/", "-")}`;
}

/** What is kept of a browser's own token: bound to the shop, so that two shops cannot compare their visitors. */
export function browserHash(shop: string, browser: string): string {
  return sha256(`${shop} ${browser}`);
}

const columns = `id, shop, key, state, error, "contentType", width, height, "fromWidth", "fromHeight", bytes, sha256, "productId", "variantId", "forgetAt"`;

/**
 * A picture of this shop that this browser uploaded, if it is still kept. `browser` is the browser's own token, not
 * its hash; without it (the worker, the merchant) the picture is looked for by the shop alone.
 */
export async function findArtwork(
  sql: Sql,
  { shop, id, browser }: { shop: string; id: string; browser?: string | undefined },
): Promise<Artwork | undefined> {
  // What a stranger writes is no id: PostgreSQL would throw at it.
  if (!ownId.safeParse(id).success) return undefined;
  const { rows } = await sql.query<Artwork>(
    `SELECT ${columns} FROM "Artwork" WHERE shop = $1 AND id = $2 AND "forgetAt" > now() AND ($3::text IS NULL OR browser = $3)`,
    [shop, id, browser === undefined ? null : browserHash(shop, browser)],
  );
  return rows[0];
}

/**
 * Says that an order is made from a picture: it is kept until the order is delivered and the shop's days after that
 * are over, and a privacy request about the order reaches it. May be said again. False when the picture is gone, or in
 * its last minute: the sweep, or its shopper, may delete the files while the caller's transaction is still under way.
 */
export async function bindArtwork(
  sql: Sql,
  { shop, id, orderId }: { shop: string; id: string; orderId: string },
): Promise<boolean> {
  const { rows } = await sql.query(
    `WITH mine AS (
       UPDATE "Artwork" SET "orderId" = coalesce("orderId", $3), "forgetAt" = greatest("forgetAt", now() + interval '2 years')
       WHERE shop = $1 AND id = $2 AND "forgetAt" > now() + interval '1 minute' RETURNING id),
     bound AS (INSERT INTO "ArtworkOrder" (shop, "artworkId", "orderId") SELECT $1, id, $3 FROM mine ON CONFLICT DO NOTHING)
     SELECT 1 FROM mine`,
    [shop, id, orderId],
  );
  return rows.length === 1;
}

/** The file's bytes, or undefined when it is gone. */
export async function readArtworkFile(key: string): Promise<Uint8Array | undefined> {
  return await readFile(key);
}

/** A picture by its id, for a link whose signature was checked; the signature stands for the shop. */
export async function findArtworkFile(
  sql: Sql,
  id: string,
): Promise<{ contentType: string; bytes: Uint8Array } | undefined> {
  if (!ownId.safeParse(id).success) return undefined;
  const found = await sql.query<{ key: string; contentType: string }>(
    `SELECT key, "contentType" FROM "Artwork" WHERE id = $1 AND state = 'ready' AND "forgetAt" > now()`,
    [id],
  );
  const row = found.rows[0];
  const bytes = row && (await readFile(row.key));
  return row && bytes ? { contentType: row.contentType, bytes } : undefined;
}

/** Deletes every file of a picture whose row is about to go. Deleting twice is harmless. */
export async function forgetArtworkFile(key: string): Promise<void> {
  await deleteFile(incomingKey(key));
  for (const size of ["whole", "1200", "320"] as const) await deleteFile(keyOfSize(key, size));
}

function signature(id: string, expires: number, key: Buffer): string {
  return createHmac("sha256", key).update(`artwork ${id} ${expires}`).digest("base64url");
}

/** A link under which a vendor can fetch the picture. It is the same all day, so that a payload stays the same. */
export function signedArtworkUrl(id: string, now: Date = new Date()): string {
  const [current] = env.ENCRYPTION_KEYS;
  if (!current) throw new Error("no encryption key");
  const expires = Math.floor(now.getTime() / 86_400_000 + linkDays) * 86_400;
  return `${env.SHOPIFY_APP_URL.replace(/\/+$/, "")}/artwork/${id}?expires=${expires}&signature=${signature(id, expires, current.key)}`;
}

/** Whether a link is one of ours and still good. A link outlives the changing of the key that signed it. */
export function isGoodLink(url: URL, now: Date = new Date()): boolean {
  const [, , id = ""] = url.pathname.split("/");
  const expires = Number(url.searchParams.get("expires"));
  const given = Buffer.from(url.searchParams.get("signature") ?? "");
  return (
    expires * 1000 > now.getTime() &&
    env.ENCRYPTION_KEYS.some(({ key }) => {
      const right = Buffer.from(signature(id, expires, key));
      return given.length === right.length && timingSafeEqual(given, right);
    })
  );
}
