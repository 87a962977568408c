// Which variants a shopper may preview, and what a photo needs for each: the Mapping of the variant decides, as it
// does when the order is paid.
import { openSettings } from "../connections/row.server.ts";
import type { Sql } from "../db.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import type { PreviewSize, Vendor } from "../vendors/vendor.ts";
import { VendorError } from "../vendors/vendor.ts";

/** A variant whose vendor makes previews. */
export interface Offer {
  variantId: string;
  productId: string | null;
  connectionId: string;
  accountId: string;
  vendor: Vendor;
  previews: NonNullable<Vendor["previews"]>;
  settings: Record<string, unknown>;
  size: PreviewSize;
  /** The merchant paused the account: the variant needs its photo all the same, but nothing new is painted now. */
  paused: boolean;
}

/** Pixels a picture needs for a size, by its shorter and longer side. */
export interface PixelNeed {
  min: readonly [number, number];
  good: readonly [number, number];
}

// Fewer than two pixels a dot leave nothing to recognise; from four on more of them change nothing that is seen.
const minPixelsPerDot = 2;
const goodPixelsPerDot = 4;

/** What a photo needs for a size. Pure. */
export function pixelsFor({ dots }: PreviewSize): PixelNeed {
  const [short, long] = [Math.min(...dots), Math.max(...dots)];
  return {
    min: [short * minPixelsPerDot, long * minPixelsPerDot],
    good: [short * goodPixelsPerDot, long * goodPixelsPerDot],
  };
}

interface Row {
  variantId: string;
  productId: string | null;
  sku: string | null;
  product: unknown;
  id: string;
  shop: string;
  vendor: string;
  accountId: string;
  settings: Buffer;
  status: string;
}

// With a paused account too: a variant that is told to need no photo is sold without one.
const select = `
  SELECT m."variantId", m."productId", m.sku, m.product, c.id, c.shop, c.vendor, c."accountId", c.settings, c.status
  FROM "Mapping" m JOIN "Connection" c ON c.id = m."connectionId"
  WHERE m.shop = $1 AND m."goneAt" IS NULL AND c."removedAt" IS NULL`;

/** The variant as it can be previewed, or undefined when it is not offered. */
export async function offeredVariant(
  sql: Sql,
  { shop, variantId }: { shop: string; variantId: string },
): Promise<Offer | undefined> {
  const { rows } = await sql.query<Row>(`${select} AND m."variantId" = $2`, [shop, variantId]);
  return rows[0] && offerOf(rows[0]);
}

/** The offered variants of a product, at most a hundred as Shopify has them. */
export async function offeredVariants(
  sql: Sql,
  { shop, productId }: { shop: string; productId: string },
): Promise<Offer[]> {
  const { rows } = await sql.query<Row>(
    `${select} AND m."productId" = $2 ORDER BY m."variantId" LIMIT 2000`,
    [shop, productId],
  );
  return rows.flatMap((row) => offerOf(row) ?? []);
}

function offerOf(row: Row): Offer | undefined {
  const vendor = vendorById(row.vendor);
  const previews = vendor?.previews;
  if (!vendor || !previews) return undefined;
  const size = sizeOrNone(previews, row);
  if (!size) return undefined;
  const { variantId, productId, id: connectionId, accountId } = row;
  return {
    variantId,
    productId,
    connectionId,
    accountId,
    vendor,
    previews,
    settings: openSettings(row),
    size,
    paused: row.status === "paused",
  };
}

// A Mapping that is not complete is not offered; the order's own check says to the merchant what is missing.
function sizeOrNone(previews: Offer["previews"], { product, sku }: Row): PreviewSize | undefined {
  try {
    return previews.sizeOf(product, sku ?? undefined);
  } catch (error) {
    if (error instanceof VendorError) return undefined;
    throw error;
  }
}

/** What the storefront is told of a product. Never a SKU, a price or a number of the vendor's. */
export function describeOffers(offers: readonly Offer[]): {
  sizes: Record<string, object>;
  looks: { look: string; label: string }[];
} {
  const sizes: Record<string, object> = {};
  const looks = new Map<string, string>();
  for (const { variantId, size, previews } of offers) {
    const { label, widthMm, heightMm, dots } = size;
    sizes[variantId] = { label, width_mm: widthMm, height_mm: heightMm, dots, ...pixelsFor(size) };
    for (const { look, label } of previews.looks) looks.set(look, label);
  }
  return { sizes, looks: [...looks].map(([look, label]) => ({ look, label })) };
}
