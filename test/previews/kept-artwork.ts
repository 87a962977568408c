// A photo as an upload leaves it when it is ready, put there without the upload.
import { randomUUID } from "node:crypto";
import { sha256 } from "#app/crypto.server.ts";
import type { Sql } from "#app/db.server.ts";
import { newKey, putFile } from "#app/previews/storage.server.ts";

/** Keeps a ready picture; its id. */
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
  const ending = { "image/jpeg": "jpg", "image/png": "png", "image/webp": "webp" } as const;
  const key = newKey(picture.shop, ending[picture.contentType]);
  await putFile(key, picture.bytes);
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
