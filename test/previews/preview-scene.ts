// A shopper's way through the preview for tests: a photo kept, a preview made by the stand-in, a look chosen.
import { deleteArtwork } from "#app/previews/artwork-answers.server.ts";
import { browserHash } from "#app/previews/artwork.server.ts";
import { previews } from "#app/previews/preview-making.server.ts";
import { answerPreview, answerProduct, select, startPreview } from "#app/previews/preview-answers.server.ts";
import type { Visitor } from "#app/previews/proxy-door.server.ts";
import { findVariant } from "#sandbox/shopify/index.ts";
import { keepArtwork } from "./kept-artwork.ts";
import { aBrowser, aPhoto, base } from "./shopper.ts";
import type { Town } from "#test/support/town.ts";

/** What a handler says, thrown or returned. */
export interface Heard {
  status: number;
  text: string;
  body: Record<string, unknown>;
}

export async function heard(answer: Promise<Response>): Promise<Heard> {
  const response = await answer.catch((error: unknown) => {
    if (error instanceof Response) return error;
    throw error;
  });
  const text = await response.text();
  return { status: response.status, text, body: text ? (JSON.parse(text) as Heard["body"]) : {} };
}

/** A shopper of the town's shop, with a browser of their own. */
export function aShopper(town: Town, browser: string = aBrowser()) {
  const visitor = (): Visitor => ({
    shop: town.shopify.shop,
    base,
    address: "198.51.100.4",
    host: "kits.example.com",
  });
  const request = (value: unknown): Request =>
    new Request("https://makerlane.test/x", { method: "POST", body: JSON.stringify(value) });
  const db = () => town.database.pool;
  const self = {
    browser,
    /** Keeps a photo of this shopper as an upload leaves it. */
    photo: async (width = 1200, height = 1500): Promise<string> => {
      const bytes = await aPhoto(width, height);
      const { shop } = town.shopify;
      const picture = { filename: "photo.jpg", contentType: "image/jpeg" as const, width, height, bytes };
      const id = await keepArtwork(db(), { shop, ...picture });
      await db().query(
        `UPDATE "Artwork" SET browser = $2, "fromWidth" = width, "fromHeight" = height WHERE id = $1`,
        [id, browserHash(shop, browser)],
      );
      return id;
    },
    ask: (artwork: string, sku: string, more: object = {}): Promise<Heard> =>
      heard(
        startPreview(
          { db: db(), wake: () => undefined },
          visitor(),
          request({ browser, artwork, variant: variantOf(town, sku), ...more }),
        ),
      ),
    look: (id: string): Promise<Heard> => heard(answerPreview(db(), visitor(), { id, browser })),
    /** "Delete my photo". */
    forget: (id: string): Promise<Heard> =>
      heard(deleteArtwork(db(), visitor(), { id, request: request({ browser }) })),
    product: (productId: string): Promise<Heard> => heard(answerProduct(db(), visitor(), { productId })),
    select: (preview: string, look: string, sku: string): Promise<Heard> =>
      heard(select(db(), visitor(), request({ browser, preview, look, variant: variantOf(town, sku) }))),
    /** Photo, preview and choice in one go: the cart's reference. */
    choose: async (sku: string, look = "drama", artwork?: string): Promise<string> => {
      const photo = artwork ?? (await self.photo());
      const preview = String((await self.ask(photo, sku)).body["preview"]);
      await makeAll(town);
      const chosen = await self.select(preview, look, sku);
      return String(chosen.body["ref"]);
    },
  };
  return self;
}

/** Shopify's number of the variant with this SKU. */
export function variantOf(town: Town, sku: string): string {
  return findVariant(town.shopify.store, { sku }).id;
}

/** Shopify's number of the product with this SKU. */
export function productOf(town: Town, sku: string): string {
  const products = [...town.shopify.store.products.values()];
  return products.find(({ variants }) => variants.some((variant) => variant.sku === sku))?.id ?? "";
}

/** Runs the step until no preview waits; time is moved on instead of waited for. */
export async function makeAll(town: Town, rounds = 30): Promise<void> {
  for (let round = 0; round < rounds; round++) {
    await town.database.pool.query(
      `UPDATE "Preview" SET "nextRunAt" = now() WHERE state IN ('new', 'working') AND "leaseUntil" IS NULL`,
    );
    const started = await previews(town.world, 8);
    if (started.length === 0) return;
    await Promise.all(started);
  }
  throw new Error("the previews do not come to an end");
}

/** Maps a variant of the demo shop to an MGE kit. */
export async function mapKit(
  town: Town,
  {
    connectionId,
    sku,
    kit = sku,
    lowestPrice,
  }: { connectionId: string; sku: string; kit?: string; lowestPrice?: number },
): Promise<void> {
  await town.database.pool.query(
    `INSERT INTO "Mapping" (shop, "variantId", "productId", title, sku, "connectionId", product) VALUES ($1, $2, $3, $4, $4, $5, $6)
     ON CONFLICT (shop, "variantId") DO UPDATE SET product = EXCLUDED.product, "productId" = EXCLUDED."productId"`,
    [
      town.shopify.shop,
      variantOf(town, sku),
      productOf(town, sku),
      sku,
      connectionId,
      JSON.stringify({ sku: kit, lowestPrice }),
    ],
  );
}
