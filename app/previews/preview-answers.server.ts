// What a shopper's page may ask about previews: what is on offer, make one, how far one is, and keep my choice.
import { z } from "zod";
import type { Sql } from "../db.server.ts";
import { log } from "../log.server.ts";
import type { World } from "../world.server.ts";
import { findArtwork, type Artwork } from "./artwork.server.ts";
import { countOfDay } from "./limits.server.ts";
import { askForPreview, describePreview, findPreview } from "./preview-rows.server.ts";
import { cropPixels, cropShape, type Crop } from "./preview.ts";
import {
  answerJson,
  browserToken,
  ownId,
  readJson,
  refuse,
  shopifyNumber,
  type Visitor,
} from "./proxy-door.server.ts";
import { keepSelection } from "./selection.server.ts";
import { describeOffers, offeredVariant, offeredVariants, pixelsFor, type Offer } from "./sizes.server.ts";
import { pictureLink } from "./storage.server.ts";
import { maxPhotoBytes } from "./upload-types.server.ts";

/** What answering takes. */
export type AnswerWorld = Pick<World, "db" | "wake">;

/** GET {base}/products/:product → what of it is made from photos, in which looks. */
export async function answerProduct(
  sql: Sql,
  visitor: Visitor,
  {
    productId,
    variantId,
    isOrdered = false,
  }: { productId: string; variantId?: string | null | undefined; isOrdered?: boolean },
): Promise<Response> {
  if (!shopifyNumber.safeParse(productId).success) throw refuse("bad_request", 400);
  let offers = await offeredVariants(sql, { shop: visitor.shop, productId });
  // A Mapping made by hand may not know its product.
  if (offers.length === 0 && variantId && shopifyNumber.safeParse(variantId).success) {
    const offer = await offeredVariant(sql, { shop: visitor.shop, variantId });
    if (offer && (offer.productId === null || offer.productId === productId)) offers = [offer];
  }
  // What was paid is settled: no other size is spoken of, and the page that asks is ours, not the product's.
  if (isOrdered) offers = offers.filter((offer) => offer.variantId === variantId);
  else if (offers.length > 0) await saw(sql, { shop: visitor.shop, productId });
  const { looks: chosen, keepUnordered } = await shopWishes(sql, visitor.shop);
  const { sizes, looks } = describeOffers(offers);
  return answerJson({
    sizes,
    looks: looks.filter(({ look }) => isOnOffer(look, chosen)),
    retention_days: keepUnordered,
    max_bytes: maxPhotoBytes,
  });
}

// The block is on this product's page. A page view should cost no write, so at most one an hour.
async function saw(sql: Sql, { shop, productId }: { shop: string; productId: string }): Promise<void> {
  await sql.query(
    `INSERT INTO "StorefrontProduct" (shop, "productId") VALUES ($1, $2)
     ON CONFLICT (shop, "productId") DO UPDATE SET "seenAt" = now() WHERE "StorefrontProduct"."seenAt" < now() - interval '1 hour'`,
    [shop, productId],
  );
}

interface ShopWishes {
  looks: string[];
  keepUnordered: number;
  previewsADay: number;
}

async function shopWishes(sql: Sql, shop: string): Promise<ShopWishes> {
  const { rows } = await sql.query<ShopWishes>(
    `SELECT looks, "keepUnordered", "previewsADay" FROM "Shop" WHERE shop = $1`,
    [shop],
  );
  return rows[0] ?? { looks: [], keepUnordered: 14, previewsADay: 0 };
}

const isOnOffer = (look: string, chosen: readonly string[]): boolean =>
  chosen.length === 0 || chosen.includes(look);

const previewWish = z.object({
  browser: browserToken,
  artwork: ownId,
  variant: shopifyNumber,
  crop: cropShape.nullish(),
  again: z.boolean().optional(),
});

/** POST {base}/previews → 202 with the preview's id; the same wish is the same preview. */
export async function startPreview(
  { db, wake }: AnswerWorld,
  visitor: Visitor,
  request: Request,
): Promise<Response> {
  const { browser, artwork: id, variant, crop, again } = await readJson(request, previewWish);
  const { shop } = visitor;
  const artwork = await findArtwork(db, { shop, id, browser });
  if (!artwork) throw refuse("gone", 404);
  if (artwork.state === "failed") throw refuse("type", 422);
  const offer = await offeredVariant(db, { shop, variantId: variant });
  if (!offer) throw refuse("not_offered", 404);
  if (isTooSmall({ artwork, offer, crop: crop ?? undefined })) throw refuse("too_small", 422);
  const wishes = await shopWishes(db, shop);
  const looks = offer.previews.looks.map(({ look }) => look).filter((look) => isOnOffer(look, wishes.looks));
  if (looks.length === 0) throw refuse("not_offered", 404);
  const asked = await askForPreview(
    db,
    { shop, offer, artwork, browser, looks, crop: crop ?? undefined, again },
    // What was made before the account was paused is still shown, and may be chosen.
    async () =>
      offer.paused
        ? refuse("unavailable", 503)
        : overLimit(db, { shop, artworkId: id, previewsADay: wishes.previewsADay }),
  );
  if ("refused" in asked) throw asked.refused;
  wake("previews");
  return answerJson({ preview: asked.id }, 202);
}

// While the photo is being prepared nothing is known of its pixels; the worker looks again.
function isTooSmall({
  artwork,
  offer,
  crop,
}: {
  artwork: Artwork;
  offer: Offer;
  crop: Crop | undefined;
}): boolean {
  if (artwork.state !== "ready") return false;
  const { width, height } = crop ? cropPixels(crop, artwork) : artwork;
  const { min } = pixelsFor(offer.size);
  return Math.min(width, height) < min[0] || Math.max(width, height) < min[1];
}

/** Previews that one photo may have: sizes, crops and another try. */
const previewsAPhoto = 30;

// The photo first: one that has had its share uses up nothing of the shop's. The day is counted and not looked up in the
// rows, which go with their photo: whoever deletes a photo would have its previews back.
async function overLimit(
  sql: Sql,
  { shop, artworkId, previewsADay }: { shop: string; artworkId: string; previewsADay: number },
): Promise<Response | undefined> {
  const { rows } = await sql.query<{ photo: number }>(
    `SELECT count(*)::int AS photo FROM "Preview" WHERE "artworkId" = $1`,
    [artworkId],
  );
  const photo = rows[0]?.photo ?? 0;
  const seconds =
    photo < previewsAPhoto ? await countOfDay(sql, shop, { name: "previews", most: previewsADay }) : 3600;
  if (seconds === undefined) return undefined;
  log.warn({ shop, photo, seconds }, "preview.quota");
  return refuse("quota", 429, seconds);
}

/** GET {base}/previews/:id?browser= → how far it is, with the looks that are there. */
export async function answerPreview(
  sql: Sql,
  visitor: Visitor,
  { id, browser }: { id: string; browser: string | null },
): Promise<Response> {
  const token = browserToken.safeParse(browser);
  if (!token.success) throw refuse("bad_request", 400);
  const preview = await findPreview(sql, { shop: visitor.shop, id, browser: token.data });
  if (!preview) throw refuse("gone", 404);
  return answerJson(describePreview(preview, visitor.base));
}

const choice = z.object({
  browser: browserToken,
  preview: ownId,
  look: z.string().min(1).max(64),
  variant: shopifyNumber,
});

// A cart is kept for weeks; the photo goes before.
const thumbnailSeconds = 30 * 86_400;

/** What was chosen, checked: the rest of a selection is where it goes. */
export type Choice = Awaited<ReturnType<typeof readChoice>>;

/** Reads a choice and holds it against what this browser was shown. Throws a refusal. */
export async function readChoice(sql: Sql, visitor: Visitor, request: Request) {
  const { browser, preview: id, look, variant } = await readJson(request, choice);
  const { shop } = visitor;
  const preview = await findPreview(sql, { shop, id, browser });
  if (!preview) throw refuse("gone", 404);
  if (preview.state === "expired") throw refuse("expired", 410);
  const picture = preview.pictures.find((each) => each.look === look);
  if (preview.state !== "ready" || !picture) throw refuse("bad_request", 409);
  const offer = await offeredVariant(sql, { shop, variantId: variant });
  // Another size than was previewed is previewed first; the paid variant is looked at again when the order comes.
  if (!offer) throw refuse("not_offered", 404);
  if (offer.size.code !== preview.size || offer.connectionId !== preview.connectionId)
    throw refuse("bad_request", 409);
  return { browser, preview, look, picture, offer };
}

/** POST {base}/selections → the reference for the cart, and a small picture to show there. */
export async function select(sql: Sql, visitor: Visitor, request: Request): Promise<Response> {
  const chosen = await readChoice(sql, visitor, request);
  const productId = await productOf(sql, { visitor, chosen });
  const ref = await keepSelection(sql, {
    shop: visitor.shop,
    productId,
    variantId: chosen.offer.variantId,
    browser: chosen.browser,
    preview: chosen.preview,
    look: chosen.look,
  });
  // A link that is shown in e-mails too, so with its host; only a shop on this machine has no certificate.
  const scheme = /^(localhost|127\.0\.0\.1)(:|$)/.test(visitor.host) ? "http" : "https";
  const origin = `${scheme}://${visitor.host}${visitor.base}`;
  return answerJson({
    ref,
    thumbnail: pictureLink({ base: origin, key: chosen.picture.image, seconds: thumbnailSeconds }),
  });
}

// The product of the Mapping; one made by hand may not know it, then the photo's, which the page named.
async function productOf(
  sql: Sql,
  { visitor, chosen }: { visitor: Visitor; chosen: Choice },
): Promise<string> {
  if (chosen.offer.productId !== null) return chosen.offer.productId;
  const artwork = await findArtwork(sql, { shop: visitor.shop, id: chosen.preview.artworkId });
  return artwork?.productId ?? "";
}
