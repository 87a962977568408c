// The storefront page: which products can be previewed and whether their block was seen in the shop, what the theme
// editor is asked for, and the shop's rules for shoppers' photos. One shop's rows only.
import { openSettings } from "../connections/row.server.ts";
import { log } from "../log.server.ts";
import { vendorById, vendors } from "../vendors/index.server.ts";
import { VendorError, type Vendor } from "../vendors/vendor.ts";
import { prisma, world } from "../world.server.ts";
import { blockBadge, editorLinks, offeredLooks, seenBadge, type StorefrontView } from "./storefront.ts";

const pageSize = 50;

/** What vendors can preview, by their ids. */
export function previewing(): string[] {
  return vendors.filter(({ previews }) => previews).map(({ id }) => id);
}

interface Asked {
  shop: string;
  apiKey: string;
  view: StorefrontView;
  search: string;
  /** The page of the list, from 1. */
  page: number;
}

/** Everything of the storefront page. Times are ISO 8601. */
export async function readStorefrontPage({ shop, apiKey, view, search, page }: Asked) {
  const [row, connections, list] = await Promise.all([
    prisma.shop.findUnique({ where: { shop } }),
    prisma.connection.findMany({
      where: { shop, removedAt: null, vendor: { in: previewing() } },
      orderBy: { createdAt: "asc" },
      select: { id: true, shop: true, vendor: true, label: true, settings: true },
    }),
    readProducts({ shop, view, search, page }),
  ]);
  const looks = new Map(
    connections.flatMap(({ vendor }) => vendorById(vendor)?.previews?.looks ?? []).map((it) => [it.look, it]),
  );
  const all = [...looks.values()];
  return {
    view,
    search,
    page,
    pages: Math.max(1, Math.ceil(list.found / pageSize)),
    found: list.found,
    products: list.products,
    counts: list.counts,
    badge: blockBadge(list.counts),
    links: editorLinks({ shop, apiKey }),
    proxyPath: row?.proxyPath ?? undefined,
    connections: connections.map((connection) => ({
      id: connection.id,
      label: connection.label,
      to: `/app/vendors/${connection.vendor}?connection=${connection.id}`,
      madeAgain: madeAgainOf({ ...connection, settings: Buffer.from(connection.settings) }),
    })),
    looks: all,
    settings: {
      keepUnordered: row?.keepUnordered ?? 14,
      keepOrdered: row?.keepOrdered ?? 60,
      photosPerDay: row?.photosPerDay ?? 500,
      previewsADay: row?.previewsADay ?? 500,
      looks: offeredLooks(all, row?.looks ?? []).map(({ look }) => look),
    },
  };
}

/** What the storefront page is given. */
export type StorefrontPage = Awaited<ReturnType<typeof readStorefrontPage>>;

// Whether a preview that had to be made again is sent; undefined when the settings cannot be opened.
function madeAgainOf(connection: {
  id: string;
  shop: string;
  vendor: string;
  settings: Buffer;
}): ReturnType<NonNullable<Vendor["previews"]>["whenMadeAgain"]> | undefined {
  try {
    return vendorById(connection.vendor)?.previews?.whenMadeAgain(openSettings(connection));
  } catch (error) {
    log.error({ err: error, connection: connection.id }, "page.settings_unreadable");
    return undefined;
  }
}

interface Row {
  key: string;
  productId: string | null;
  seenAt: Date | null;
  variants: { id: string; title: string; sku: string | null; vendor: string; product: unknown }[];
  found: number;
  products: number;
  seen: number;
}

// A block seen before the app was uninstalled went with it, so what was seen before this installation does not count.
// A choice without a product's number stands for itself.
const listed = `
  WITH chosen AS (
    SELECT coalesce(m."productId", 'variant ' || m."variantId") AS key, m."productId", m."variantId", m.title, m.sku, c.vendor, m.product
    FROM "Mapping" m JOIN "Connection" c ON c.id = m."connectionId"
    WHERE m.shop = $1 AND m."goneAt" IS NULL AND c."removedAt" IS NULL AND c.vendor = ANY($2)),
  known AS (
    SELECT key, "productId", min(title) AS name, bool_or(title ILIKE $3) AS "isFound",
      json_agg(json_build_object('id', "variantId", 'title', title, 'sku', sku, 'vendor', vendor, 'product', product) ORDER BY title, "variantId") AS variants
    FROM chosen GROUP BY key, "productId"),
  told AS (
    SELECT k.*, p."seenAt" FROM known k LEFT JOIN "Shop" s ON s.shop = $1
    LEFT JOIN "StorefrontProduct" p ON p.shop = $1 AND p."productId" = k."productId" AND p."seenAt" >= s."installedAt"),
  counted AS (SELECT count(*)::int AS products, count("seenAt")::int AS seen FROM told),
  found AS (SELECT * FROM told WHERE "isFound" AND ($4 = 'all' OR ("seenAt" IS NOT NULL) = ($4 = 'seen'))),
  rows AS (SELECT *, (count(*) OVER ())::int AS found FROM found ORDER BY name, key LIMIT ${pageSize} OFFSET $5)
  SELECT r.key, r."productId", r."seenAt", r.variants, coalesce(r.found, 0) AS found, c.products, c.seen
  FROM counted c LEFT JOIN rows r ON true ORDER BY r.name, r.key`;

async function readProducts({ shop, view, search, page }: Omit<Asked, "apiKey">) {
  const { db } = await world();
  // What a merchant types is looked for as it is: % and _ mean themselves.
  const like = `%${search
    .trim()
    .slice(0, 100)
    .replace(/[\\%_]/g, "\\$&")}%`;
  const { rows } = await db.query<Row | (Row & { key: null })>(listed, [
    shop,
    previewing(),
    like,
    view,
    (page - 1) * pageSize,
  ]);
  const [first] = rows;
  return {
    counts: { products: first?.products ?? 0, seen: first?.seen ?? 0 },
    found: first?.found ?? 0,
    products: rows
      .filter(({ key }) => key !== null)
      .map(({ key, productId, seenAt, variants }) => ({
        key: key ?? "",
        productId: productId ?? undefined,
        seenAt: seenAt?.toISOString(),
        badge: seenBadge(seenAt?.toISOString()),
        variants: variants.map(({ id, title, sku, vendor, product }) => ({
          id,
          title,
          size: sizeText(vendorById(vendor), { product, sku: sku ?? undefined }),
        })),
      })),
  };
}

// "40 × 50 cm", or undefined when this variant's choice says no size, so that nothing can be previewed.
function sizeText(
  vendor: Vendor | undefined,
  { product, sku }: { product: unknown; sku: string | undefined },
): string | undefined {
  try {
    const size = vendor?.previews?.sizeOf(product, sku);
    return size && `${size.label} cm`;
  } catch (error) {
    if (error instanceof VendorError) return undefined;
    throw error;
  }
}
