// Previews as rows: asked for, found again by who asked, and read as the shopper's page sees them.
import { openJson, sha256, type Place } from "../crypto.server.ts";
import type { Sql } from "../db.server.ts";
import type { PreviewOption } from "../vendors/vendor.ts";
import { browserHash, type Artwork } from "./artwork.server.ts";
import { ownId } from "./proxy-door.server.ts";
import { pictureLink } from "./storage.server.ts";
import type { Crop, KeptLook, PreviewState } from "./preview.ts";
import type { Offer } from "./sizes.server.ts";

/** A preview as its row has it. */
export interface Preview {
  id: string;
  shop: string;
  connectionId: string;
  artworkId: string;
  variantId: string;
  size: string;
  looks: string[];
  crop: Crop | null;
  state: PreviewState;
  error: string | null;
  sentence: string | null;
  vendorPreviewId: string | null;
  fileKey: string | null;
  fileSha256: string | null;
  pictures: KeptLook[];
  options: Buffer | null;
  readyAt: Date | null;
}

/** The columns of a Preview; a ready one whose time is over reads as expired. */
export const previewColumns = `id, shop, "connectionId", "artworkId", "variantId", size, looks, crop,
  CASE WHEN state = 'ready' AND "expiresAt" <= now() THEN 'expired' ELSE state END AS state, error, sentence, "vendorPreviewId", "fileKey",
  "fileSha256", pictures, options, "readyAt"`;

/** What is to be made. Without `browser` it is made for an order, and no shopper's page may ask for it. */
export interface Wish {
  shop: string;
  offer: Pick<Offer, "variantId" | "connectionId" | "previews" | "size">;
  artwork: Pick<Artwork, "id" | "sha256">;
  browser?: string | undefined;
  looks?: readonly string[] | undefined;
  crop?: Crop | undefined;
  /** A failed one is made anew; otherwise the answer is the one that failed. */
  again?: boolean | undefined;
}

/**
 * Asks for a preview: the one that there is, when the same was asked for before. The row is the wish; the worker makes
 * it. `mayMake` is asked only when a new one would be made, and its refusal is the answer.
 */
export async function askForPreview<Refusal>(
  sql: Sql,
  wish: Wish,
  mayMake: () => Promise<Refusal | undefined> = () => Promise.resolve(undefined),
): Promise<{ id: string } | { refused: Refusal }> {
  const { shop, offer, artwork, crop } = wish;
  const looks = wish.looks ?? offer.previews.looks.map(({ look }) => look);
  const browser = wish.browser === undefined ? "" : browserHash(shop, wish.browser);
  const parts = [offer.connectionId, offer.size.code, looks, crop ?? null];
  const key = sha256(JSON.stringify([artwork.id, ...parts]));
  // A photo that is still being prepared has no hash yet: its work is its own, or two shoppers' would be one.
  const work = sha256(JSON.stringify([shop, artwork.sha256 || artwork.id, ...parts]));
  await sql.query(
    `UPDATE "Preview" SET state = 'expired' WHERE shop = $1 AND browser = $2 AND key = $3 AND state = 'ready' AND "expiresAt" <= now()`,
    [shop, browser, key],
  );
  const find = async (): Promise<string | undefined> => {
    const found = await sql.query<{ id: string }>(
      `SELECT id FROM "Preview" WHERE shop = $1 AND browser = $2 AND key = $3 AND (state IN ('new', 'working', 'ready') OR (state = 'failed' AND NOT $4::boolean))
       ORDER BY (state <> 'failed') DESC, "createdAt" DESC LIMIT 1`,
      [shop, browser, key, wish.again ?? false],
    );
    return found.rows[0]?.id;
  };
  const before = await find();
  if (before !== undefined) return { id: before };
  const refused = await mayMake();
  if (refused !== undefined) return { refused };
  const made = await sql.query<{ id: string }>(
    `INSERT INTO "Preview" (shop, "connectionId", "artworkId", browser, key, work, "variantId", size, looks, crop)
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
     ON CONFLICT (shop, browser, key) WHERE state IN ('new', 'working', 'ready') DO NOTHING RETURNING id`,
    [
      shop,
      offer.connectionId,
      artwork.id,
      browser,
      key,
      work,
      offer.variantId,
      offer.size.code,
      looks,
      crop ? JSON.stringify(crop) : null,
    ],
  );
  const id = made.rows[0]?.id ?? (await find());
  // Between the two somebody deleted the photo: there is nothing to preview any more.
  if (id === undefined) throw new Error("a preview came and went");
  return { id };
}

/** A preview of this shop; with `browser` (the token itself) only one that this browser asked for. */
export async function findPreview(
  sql: Sql,
  { shop, id, browser }: { shop: string; id: string; browser?: string | undefined },
): Promise<Preview | undefined> {
  // What a stranger writes is no id: PostgreSQL would throw at it.
  if (!ownId.safeParse(id).success) return undefined;
  const { rows } = await sql.query<Preview>(
    `SELECT ${previewColumns} FROM "Preview" WHERE shop = $1 AND id = $2 AND ($3::text IS NULL OR browser = $3)`,
    [shop, id, browser === undefined ? null : browserHash(shop, browser)],
  );
  return rows[0];
}

/**
 * The vendor keeps a preview no more, whichever row of ours told us: all that stand for it are over, or the next wish
 * would be given it from another shopper's row. The same vendor's preview is always the same work, which has an index.
 */
export async function forgetAtVendor(
  sql: Sql,
  { work, vendorPreviewId }: { work: string; vendorPreviewId: string },
): Promise<void> {
  await sql.query(
    `UPDATE "Preview" SET state = 'expired' WHERE work = $1 AND "vendorPreviewId" = $2 AND state = 'ready'`,
    [work, vendorPreviewId],
  );
}

/** Where the options of a preview are sealed. */
export function optionsPlace({ id, shop }: Pick<Preview, "id" | "shop">): Place {
  return { table: "Preview", column: "options", shop, row: id };
}

/** What can be ordered from a preview; none until it is ready. */
export function optionsOf(preview: Pick<Preview, "id" | "shop" | "options">): PreviewOption[] {
  return preview.options ? (openJson(preview.options, optionsPlace(preview)) as PreviewOption[]) : [];
}

// A page that stays open shows its pictures this long.
const linkSeconds = 24 * 3600;

/** A preview as the shopper's page sees it: no price, no number of the vendor's, no key. */
export function describePreview(preview: Preview, base: string): Record<string, unknown> {
  const { id, state, variantId, pictures, error } = preview;
  return {
    preview: id,
    state: state === "new" ? "working" : state,
    variant: variantId,
    looks: pictures.flatMap(({ look, label, image, large }) => {
      if (look === "") return [];
      const link = (key: string): string => pictureLink({ base, key, seconds: linkSeconds });
      return [{ look, label, image: link(image), large: link(large) }];
    }),
    ...(error !== null && { error: { code: error } }),
    ...(state === "expired" && { error: { code: "expired" } }),
  };
}
