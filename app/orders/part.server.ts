// What a vendor's payload is made from: the order's facts, the lines of this part, and the pictures that we keep.
import { readArtworkFile, signedArtworkUrl } from "../previews/artwork.server.ts";
import type { Sql } from "../db.server.ts";
import { VendorError, type ArtworkFile, type Part, type PartLine, type Vendor } from "../vendors/vendor.ts";
import type { Claim } from "./claim.server.ts";
import { picturesOfLines } from "./line-pictures.server.ts";
import type { OrderFacts } from "./order.ts";

interface ArtworkRow {
  id: string;
  key: string;
  filename: string;
  contentType: string;
  width: number;
  height: number;
}

/** What a part is made from: a claim, or a part that a person asks about. */
export type PartSource = Pick<Claim, "shop" | "orderId" | "lines" | "reference" | "resend">;

/** Gathers the part a claim is about. Throws VendorError `rejected` when a line has lost its Mapping. */
export async function partOf(
  sql: Sql,
  {
    claim,
    facts,
    vendor,
    settings,
  }: { claim: PartSource; facts: OrderFacts; vendor: Vendor; settings: Record<string, unknown> },
): Promise<Part<unknown>> {
  const wanted = claim.lines.map((entry) => ({
    ...entry,
    line: facts.lines.find(({ id }) => id === entry.lineId),
  }));
  const pictures = vendor.previews
    ? await picturesOfLines(sql, { ...claim, fromPhoto: isFromPhoto(vendor, settings) })
    : undefined;
  const ids = [...(pictures?.values() ?? [])].flatMap(({ artworkId }) => artworkId);
  const artworks = await findArtworks(sql, claim.shop, ids);
  const lines = wanted.map(({ line, product, mapped, quantity, variantId, productId }): PartLine<unknown> => {
    if (!line)
      throw new VendorError(
        "rejected",
        "A line of this part is not in the order any more. Open the order and press Route again.",
      );
    if (!mapped)
      throw new VendorError(
        "rejected",
        `No ${vendor.label} product is chosen for “${line.title}”. Choose one under Products and the order goes on by itself.`,
      );
    const { artworkId, preview } = pictures?.get(line.id) ?? {};
    const artwork = artworks.find(({ id }) => id === artworkId);
    return {
      line: {
        ...line,
        quantity,
        variantId: line.variantId ?? variantId ?? undefined,
        productId: line.productId ?? productId ?? undefined,
      },
      product,
      ...(artwork && { artwork: { ...artwork, url: signedArtworkUrl(artwork.id) } }),
      ...(preview && { preview }),
    };
  });
  const isShipped = facts.lines.filter(
    (line) => line.quantity > 0 && line.requiresShipping && !line.giftCard,
  );
  return {
    order: facts,
    lines,
    reference: claim.reference,
    resend: claim.resend,
    whole: isShipped.every(({ id }) => wanted.some(({ lineId }) => lineId === id)),
  };
}

/** Whether the merchant wants orders made from the photo, and not from the preview of it. */
export function isFromPhoto(vendor: Vendor, settings: Record<string, unknown>): boolean {
  return vendor.previews?.ordersPhotos(settings) ?? false;
}

async function findArtworks(sql: Sql, shop: string, ids: string[]): Promise<ArtworkRow[]> {
  if (ids.length === 0) return [];
  return (
    await sql.query<ArtworkRow>(
      `SELECT id, key, filename, "contentType", width, height FROM "Artwork" WHERE shop = $1 AND id = ANY($2)`,
      [shop, ids],
    )
  ).rows;
}

/** The bytes of a picture that we keep, for vendors that take the file itself. */
export async function readArtwork(
  sql: Sql,
  { shop, id }: { shop: string; id: string },
): Promise<ArtworkFile> {
  const [row] = await findArtworks(sql, shop, [id]);
  const bytes = row && (await readArtworkFile(row.key));
  if (!row || !bytes)
    throw new VendorError(
      "rejected",
      "The shopper's picture is not kept any more. Ask the customer for it again.",
    );
  return { filename: row.filename, contentType: row.contentType, bytes };
}
