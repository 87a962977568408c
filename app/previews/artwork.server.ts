// Shoppers' pictures that we keep: a row, and a file under a random key. Reached only by short-lived signed links.
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import type { Sql } from "../db.server.ts";
import { env } from "../env.server.ts";
import { sha256 } from "../crypto.server.ts";

// A vendor fetches the picture some time after the order: longer than its production, shorter than for ever.
const linkDays = 45;

function fileOf(key: string): string {
  return path.join(env.DATA_DIR, "artwork", key.slice(0, 2), key);
}

/** Keeps a picture. The caller has checked and measured it. */
export async function keepArtwork(
  sql: Sql,
  picture: {
    shop: string;
    filename: string;
    contentType: "image/jpeg" | "image/png" | "image/webp";
    width: number;
    height: number;
    bytes: Uint8Array;
  },
): Promise<string> {
  const id = randomUUID();
  const key = randomBytes(24).toString("base64url");
  await mkdir(path.dirname(fileOf(key)), { recursive: true });
  await writeFile(fileOf(key), picture.bytes, { mode: 0o600 });
  await sql.query(
    `INSERT INTO "Artwork" (id, shop, key, filename, "contentType", width, height, bytes, sha256, "forgetAt") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, now() + interval '14 days')`,
    [
      id,
      picture.shop,
      key,
      picture.filename,
      picture.contentType,
      picture.width,
      picture.height,
      picture.bytes.length,
      sha256(picture.bytes),
    ],
  );
  return id;
}

/** The file's bytes, or undefined when it is gone. */
export async function readArtworkFile(key: string): Promise<Uint8Array | undefined> {
  try {
    return await readFile(fileOf(key));
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}

/** A picture by its id, for a link whose signature was checked; the signature stands for the shop. */
export async function findArtworkFile(
  sql: Sql,
  id: string,
): Promise<{ contentType: string; bytes: Uint8Array } | undefined> {
  const found = await sql.query<{ key: string; contentType: string }>(
    `SELECT key, "contentType" FROM "Artwork" WHERE id::text = $1`,
    [id],
  );
  const row = found.rows[0];
  const bytes = row && (await readArtworkFile(row.key));
  return row && bytes ? { contentType: row.contentType, bytes } : undefined;
}

/** Deletes a file whose row is gone or about to go. Deleting twice is harmless. */
export async function forgetArtworkFile(key: string): Promise<void> {
  await rm(fileOf(key), { force: true });
}

function signature(id: string, expires: number): string {
  const secret = env.ENCRYPTION_KEYS[0]?.key ?? "";
  return createHmac("sha256", secret).update(`artwork ${id} ${expires}`).digest("base64url");
}

/** A link under which a vendor can fetch the picture. It is the same all day, so that a payload stays the same. */
export function signedArtworkUrl(id: string, now: Date = new Date()): string {
  const expires = Math.floor(now.getTime() / 86_400_000 + linkDays) * 86_400;
  return `${env.SHOPIFY_APP_URL.replace(/\/+$/, "")}/artwork/${id}?expires=${expires}&signature=${signature(id, expires)}`;
}

/** Whether a link is one of ours and still good. */
export function isGoodLink(url: URL, now: Date = new Date()): boolean {
  const [, , id = ""] = url.pathname.split("/");
  const expires = Number(url.searchParams.get("expires"));
  const given = Buffer.from(url.searchParams.get("signature") ?? "");
  const right = Buffer.from(signature(id, expires));
  return expires * 1000 > now.getTime() && given.length === right.length && timingSafeEqual(given, right);
}
