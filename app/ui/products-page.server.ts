// The products page: the shop's variants from Shopify with what was chosen for each, or the choices themselves.
import type { LineFacts } from "../orders/order.ts";
import { ShopifyError, adminFor } from "../shopify/admin.server.ts";
import { listProducts, type Product, type Variant } from "../shopify/products.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { prisma, world } from "../world.server.ts";
import { cutPage, readCursor, writeCursor } from "./paging.ts";
import {
  choiceBadge,
  variantStanding,
  type Choice,
  type ProductView,
  type VariantStanding,
} from "./products.ts";
import type { BadgeLook } from "./standing.ts";
import { readTools } from "./tool-page.server.ts";
import { offeredTools, type OfferedTool } from "./tools.ts";

const pageSize = 50;

interface Asked {
  shop: string;
  view: ProductView;
  search: string;
  /** Shopify's own cursor in the first two views, ours in the others. */
  cursor: string | null;
}

/** What the products page is given: products or choices by its view, or Shopify's trouble instead of products. */
export interface ProductsPage {
  view: ProductView;
  search: string;
  /** How many choices point to a connection that was removed. */
  broken: number;
  /** What vendors can do with chosen products. */
  tools: OfferedTool[];
  products?: ProductWithChoices[];
  choices?: { variantId: string; title: string; sku?: string | undefined; badge: BadgeLook }[];
  trouble?: string;
  isEmptyShop?: boolean;
  /** Whether Shopify found any product for this page, open or not. */
  isAnyFound?: boolean;
  isFirst?: boolean;
  /** Where the next page begins. */
  next?: string | undefined;
}

interface ProductWithChoices {
  id: string;
  title: string;
  image?: string | undefined;
  /** How many variants it has and how many of them are chosen, whatever the view leaves out below. */
  counts: { all: number; chosen: number };
  variants: ({ id: string; title: string; sku?: string | undefined } & VariantStanding)[];
}

/** One page of the view. */
export async function readProductsPage(asked: Asked): Promise<ProductsPage> {
  const { shop, view, search } = asked;
  const [broken, connections] = await Promise.all([
    prisma.mapping.count({ where: { shop, goneAt: null, connection: { removedAt: { not: null } } } }),
    readTools(shop),
  ]);
  const common = { view, search, broken, tools: offeredTools(connections, "products") };
  return view === "chosen" || view === "broken"
    ? { ...common, ...(await readChoices(asked)) }
    : { ...common, ...(await readProducts(asked)) };
}

const withConnection = { connection: { select: { label: true, removedAt: true } } } as const;

interface MappingRow {
  variantId: string;
  sku: string | null;
  goneAt: Date | null;
  connection: { label: string; removedAt: Date | null };
}

function choiceOf({ variantId, sku, goneAt, connection }: MappingRow): Choice {
  return {
    variantId,
    sku,
    label: connection.label,
    isRemoved: connection.removedAt !== null,
    isGone: goneAt !== null,
  };
}

async function readProducts({ shop, view, search, cursor }: Asked) {
  const { db } = await world();
  try {
    const page = await listProducts(adminFor(shop, db), { search, ...(cursor && { cursor }) });
    const products = await withChoices(shop, page.products);
    return {
      products:
        view === "not-chosen"
          ? products
              .map((product) => ({
                ...product,
                variants: product.variants.filter(({ isChosen }) => !isChosen),
              }))
              .filter(({ variants }) => variants.length > 0)
          : products,
      isEmptyShop: page.products.length === 0 && !search && !cursor,
      isAnyFound: page.products.length > 0,
      isFirst: !cursor,
      next: page.next,
    };
  } catch (error) {
    if (!(error instanceof ShopifyError)) throw error;
    return { trouble: error.message };
  }
}

async function withChoices(shop: string, products: Product[]): Promise<ProductWithChoices[]> {
  const variants = products.flatMap((product) => product.variants);
  const skus = [...new Set(variants.flatMap(({ sku }) => (sku ? [sku] : [])))];
  const [row, connected, mappings] = await Promise.all([
    prisma.shop.findUnique({ where: { shop }, select: { matchBySku: true } }),
    prisma.connection.findMany({
      where: { shop, removedAt: null },
      select: { vendor: true },
      distinct: ["vendor"],
    }),
    prisma.mapping.findMany({
      where: {
        shop,
        OR: [{ variantId: { in: variants.map(({ id }) => id) } }, { sku: { in: skus }, goneAt: null }],
      },
      select: { variantId: true, sku: true, goneAt: true, ...withConnection },
    }),
  ]);
  // It is on Shopify's list, so it is not gone, whatever an earlier message said.
  const choices = mappings.map((mapping) => ({ ...choiceOf(mapping), isGone: false }));
  return products.map(({ id, title, image, variants }) => {
    const standing = variants.map((variant) => ({
      id: variant.id,
      title: variant.title,
      sku: variant.sku,
      ...variantStanding(variant, {
        choices,
        matchBySku: row?.matchBySku ?? false,
        likely: likelyVendor(connected, { product: title, id, variant }),
      }),
    }));
    const chosen = standing.filter(({ isChosen }) => isChosen).length;
    return { id, title, image, counts: { all: standing.length, chosen }, variants: standing };
  });
}

// As routing will ask of a line with this variant; what a shopper adds to the line is not known yet.
function likelyVendor(
  connected: { vendor: string }[],
  { product, id, variant }: { product: string; id: string; variant: Variant },
): string | undefined {
  const line: LineFacts = {
    id: "0",
    variantId: variant.id,
    productId: id,
    sku: variant.sku,
    title: product,
    variantTitle: variant.title,
    quantity: 1,
    orderedQuantity: 1,
    requiresShipping: true,
    giftCard: false,
    fulfilled: false,
    properties: [],
  };
  return connected
    .map(({ vendor }) => vendorById(vendor))
    .find((vendor) => vendor?.orders?.looksLikeOurs(line))?.label;
}

async function readChoices({ shop, view, search, cursor }: Asked) {
  const after = readCursor(cursor);
  const like = { contains: search, mode: "insensitive" } as const;
  const found = await prisma.mapping.findMany({
    where: {
      shop,
      AND: [
        view === "broken" ? { goneAt: null, connection: { removedAt: { not: null } } } : {},
        search ? { OR: [{ title: like }, { sku: like }] } : {},
        after ? { OR: [{ createdAt: { lt: after.at } }, { createdAt: after.at, id: { lt: after.id } }] } : {},
      ],
    },
    orderBy: [{ createdAt: "desc" }, { id: "desc" }],
    take: pageSize + 1,
    select: {
      id: true,
      title: true,
      variantId: true,
      sku: true,
      goneAt: true,
      createdAt: true,
      ...withConnection,
    },
  });
  const { rows, more } = cutPage(found, { size: pageSize, backwards: false });
  const last = rows.at(-1);
  return {
    choices: rows.map((mapping) => ({
      variantId: mapping.variantId,
      title: mapping.title,
      sku: mapping.sku ?? undefined,
      badge: choiceBadge(choiceOf(mapping)),
    })),
    isFirst: after === undefined,
    next: more && last ? writeCursor({ at: last.createdAt, id: last.id }) : undefined,
  };
}
