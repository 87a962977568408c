// What the pictures of an order's lines are, for the payload and for the merchant's eyes afterwards.
import type { Sql } from "../db.server.ts";
import { forgetAtVendor, optionsOf } from "../previews/preview-rows.server.ts";
import type { PreviewOption } from "../vendors/vendor.ts";
import type { Claim } from "./claim.server.ts";

/** What one line is made from. */
export interface PartPicture {
  artworkId: string;
  preview: { previewId: string; look: string; options: readonly PreviewOption[] } | undefined;
}

interface Row {
  lineId: string;
  artworkId: string;
  look: string;
  id: string | null;
  vendorPreviewId: string | null;
  options: Buffer | null;
}

/**
 * The pictures of an order's lines, by line. Reads only. A line whose preview is not there (any more) has none, so that
 * it is never made from another picture by accident; with `fromPhoto` the vendor makes it from the photo itself.
 */
export async function picturesOfLines(
  sql: Sql,
  { shop, orderId, fromPhoto }: { shop: string; orderId: string; fromPhoto: boolean },
): Promise<Map<string, PartPicture>> {
  const { rows } = await sql.query<Row>(
    `SELECT p."lineId", s."artworkId", s.look, v.id, v."vendorPreviewId", v.options FROM "OrderPicture" p
     JOIN "Selection" s ON s.id = p."selectionId" LEFT JOIN "Preview" v ON v.id = p."previewId" AND v.state = 'ready'
     WHERE p."orderId" = $1 AND p.shop = $2`,
    [orderId, shop],
  );
  return new Map(
    rows.flatMap(({ lineId, artworkId, look, id, vendorPreviewId, options }): [string, PartPicture][] => {
      if (fromPhoto) return [[lineId, { artworkId, preview: undefined }]];
      if (id === null || vendorPreviewId === null) return [];
      const preview = { previewId: vendorPreviewId, look, options: optionsOf({ id, shop, options }) };
      return [[lineId, { artworkId, preview }]];
    }),
  );
}

/**
 * The vendor says that a preview of this part cannot be ordered any more: it is made again at the next try. false when
 * none of the part's lines has one that we could make again. One may be over already, because another order was told so
 * at the same moment: it is made again too, unless the payload is frozen and could not name the new one.
 */
export async function expirePreviews(
  sql: Sql,
  { shop, orderId, lines, frozen }: Pick<Claim, "shop" | "orderId" | "lines" | "frozen">,
): Promise<boolean> {
  const { rows } = await sql.query<{ work: string; vendorPreviewId: string }>(
    `SELECT v.work, v."vendorPreviewId" FROM "OrderPicture" p JOIN "Preview" v ON v.id = p."previewId"
     WHERE p."orderId" = $1 AND p.shop = $2 AND p."lineId" = ANY($3) AND v."vendorPreviewId" IS NOT NULL
       AND (v.state = 'ready' OR (v.state = 'expired' AND NOT $4::boolean))`,
    [orderId, shop, lines.map(({ lineId }) => lineId), frozen],
  );
  for (const made of rows) await forgetAtVendor(sql, made);
  return rows.length > 0;
}

/**
 * Writes down from which file the vendor makes each line, before the order leaves: its SHA-256 stays when the file is
 * long forgotten.
 */
export async function noteFiles(
  sql: Sql,
  { orderId, lines, fromPhoto }: Pick<Claim, "orderId" | "lines"> & { fromPhoto: boolean },
): Promise<void> {
  await sql.query(
    `UPDATE "OrderPicture" p SET "sentAt" = now(), "sentSha256" = coalesce(
       CASE WHEN NOT $3::boolean THEN (SELECT v."fileSha256" FROM "Preview" v WHERE v.id = p."previewId") END,
       (SELECT a.sha256 FROM "Selection" s JOIN "Artwork" a ON a.id = s."artworkId" WHERE s.id = p."selectionId"))
     WHERE p."orderId" = $1 AND p."lineId" = ANY($2)`,
    [orderId, lines.map(({ lineId }) => lineId), fromPhoto],
  );
}
