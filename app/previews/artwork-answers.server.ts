// What a browser may ask about its own photos: how far one is, its picture, and that it be deleted.
import { z } from "zod";
import type { Sql } from "../db.server.ts";
import { log } from "../log.server.ts";
import { browserHash, findArtwork, forgetArtworkFile, keyOfSize } from "./artwork.server.ts";
import { answerJson, browserToken, ownId, readJson, refuse, type Visitor } from "./proxy-door.server.ts";
import { contentTypeOf, pictureLink, readFile, readPictureLink, shopFolder } from "./storage.server.ts";

// Longer than a person looks at a page; a page that is opened again asks again.
const linkSeconds = 3600;

/** GET {base}/artworks/:id?browser= → how far a photo is. Throws "gone" for one that is not this browser's. */
export async function answerArtwork(
  sql: Sql,
  visitor: Visitor,
  { id, browser, now = new Date() }: { id: string; browser: string | null; now?: Date },
): Promise<Response> {
  const token = browserToken.safeParse(browser);
  if (!token.success) throw refuse("bad_request", 400);
  const artwork = await findArtwork(sql, { shop: visitor.shop, id, browser: token.data });
  if (!artwork) throw refuse("gone", 404);
  const { state, width, height, fromWidth, fromHeight, key, error } = artwork;
  if (state === "failed") return answerJson({ artwork: id, state, error: { code: error } });
  if (state === "new") return answerJson({ artwork: id, state: "preparing" });
  const image = pictureLink({ base: visitor.base, key: keyOfSize(key, "1200"), seconds: linkSeconds, now });
  return answerJson({ artwork: id, state, width, height, pixels: [fromWidth, fromHeight], image });
}

/** POST {base}/artworks/:id/delete with `{ browser }`: deletes a photo that nobody ordered. May be asked twice. */
export async function deleteArtwork(
  sql: Sql,
  visitor: Visitor,
  { id, request }: { id: string; request: Request },
): Promise<Response> {
  const { browser } = await readJson(request, z.object({ browser: browserToken }));
  // Nobody has a photo of such a number, and of one that is nobody's nothing is left either.
  if (!ownId.safeParse(id).success) return answerJson({});
  // One that is being prepared at this moment keeps its row until that is over: then the sweep knows of every file.
  const { rows } = await sql.query<{ key: string; isIdle: boolean }>(
    `UPDATE "Artwork" a SET "forgetAt" = now() WHERE a.shop = $1 AND a.id = $2 AND a.browser = $3 AND a."orderId" IS NULL
       AND NOT EXISTS (SELECT 1 FROM "ArtworkOrder" o WHERE o."artworkId" = a.id)
     RETURNING key, state <> 'new' OR tries = 0 AS "isIdle"`,
    [visitor.shop, id, browserHash(visitor.shop, browser)],
  );
  const [row] = rows;
  if (!row) return answerJson({});
  await forgetArtworkFile(row.key);
  if (row.isIdle)
    await sql.query(`DELETE FROM "Artwork" WHERE shop = $1 AND id = $2 AND "forgetAt" <= now()`, [
      visitor.shop,
      id,
    ]);
  log.info({ shop: visitor.shop, artwork: id }, "artwork.deleted_by_shopper");
  return answerJson({});
}

/**
 * GET {base}/uploads/:signed/:name → the picture. 403 for a link that is over, that nobody signed, or of another shop; 404
 * when the picture is not kept any more.
 */
export async function answerPicture(
  visitor: Pick<Visitor, "shop">,
  signed: string,
  now: Date = new Date(),
): Promise<Response> {
  const link = readPictureLink(signed, now);
  if (!link?.key.startsWith(`${shopFolder(visitor.shop)}/`)) return refuse("bad_request", 403);
  if (link.isExpired) return refuse("expired", 403);
  const bytes = await readFile(link.key);
  if (!bytes) return refuse("gone", 404);
  const ending = link.key.slice(link.key.lastIndexOf("."));
  return new Response(new Uint8Array(bytes), {
    headers: {
      "content-type": contentTypeOf(link.key),
      // Shown inside pages all the same; opened by itself it is a file, never a page of the shop's origin.
      "content-disposition": `attachment; filename="photo${ending}"`,
      "content-security-policy": "default-src 'none'; sandbox",
      "cache-control": "private, max-age=600",
    },
  });
}
