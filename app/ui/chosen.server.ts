// What a tool works on: the orders that a connection's vendor has, or the shop's products; those that were chosen,
// and those that can be.
import { z } from "zod";
import { adminFor, ShopifyError } from "../shopify/admin.server.ts";
import { gidNumber, toGid } from "../shopify/gid.ts";
import { listProducts } from "../shopify/products.server.ts";
import { prisma, world } from "../world.server.ts";

/** One thing that is chosen or can be. `id` is a VendorOrder's for orders, Shopify's number for products. */
export interface Choosable {
  id: string;
  name: string;
  detail?: string | undefined;
}

/** What the page of a tool is given about its choice. */
export interface Choosing {
  chosen: Choosable[];
  /** How many of what the address named cannot be used here. */
  leftOut: number;
  /** How many of them nobody could look up right now: the address still names them. */
  unseen: number;
  /** What a search found, or the latest. */
  found: Choosable[];
  /** Where more of it begins. */
  next?: string | undefined;
  /** Why nothing could be listed. */
  trouble?: string | undefined;
}

interface Asked {
  shop: string;
  connectionId: string;
  /** From the address: ids of Orders, or Shopify's numbers of products. */
  ids: string[];
  search: string;
  cursor?: string | undefined;
}

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const shownOrders = 25;

const columns = {
  id: true,
  reference: true,
  vendorNumber: true,
  orderId: true,
  order: { select: { name: true } },
} as const;

interface PartRow {
  id: string;
  reference: string;
  vendorNumber: string | null;
  order: { name: string };
}

function partView({ id, reference, vendorNumber, order }: PartRow): Choosable {
  return { id, name: order.name, detail: vendorNumber ? `${reference}, ${vendorNumber} there` : reference };
}

/** The parts of orders that the connection's vendor has. */
export async function chooseOrders({ shop, connectionId, ids, search }: Asked): Promise<Choosing> {
  const has = { shop, connectionId, status: { in: ["sent", "shipped"] } };
  const like = { contains: search, mode: "insensitive" } as const;
  const asked = ids.filter((id) => uuid.test(id));
  const [chosen, found] = await Promise.all([
    asked.length === 0
      ? []
      : prisma.vendorOrder.findMany({
          where: { ...has, OR: [{ orderId: { in: asked } }, { id: { in: asked } }] },
          orderBy: { createdAt: "desc" },
          select: columns,
        }),
    prisma.vendorOrder.findMany({
      where: {
        ...has,
        ...(search && { OR: [{ reference: like }, { vendorNumber: like }, { order: { name: like } }] }),
      },
      orderBy: [{ sentAt: "desc" }, { id: "desc" }],
      take: shownOrders,
      select: columns,
    }),
  ]);
  const known = new Set(chosen.flatMap(({ id, orderId }) => [id, orderId]));
  return {
    chosen: chosen.map((part) => partView(part)),
    leftOut: ids.filter((id) => !known.has(id)).length,
    unseen: 0,
    found: found.map((part) => partView(part)),
  };
}

const titlesOperation = `#graphql
  query ProductTitles($ids: [ID!]!) { nodes(ids: $ids) { ... on Product { id title } } }`;

const titlesSchema = z.object({
  nodes: z.array(z.object({ id: gidNumber, title: z.string() }).nullable()),
});

/** The shop's products, as Shopify has them. */
export async function chooseProducts({ shop, ids, search, cursor }: Asked): Promise<Choosing> {
  const { db } = await world();
  const admin = adminFor(shop, db);
  const asked = ids.filter((id) => /^\d{1,20}$/.test(id));
  try {
    const [named, page] = await Promise.all([
      asked.length === 0
        ? { nodes: [] }
        : admin.graphql(titlesOperation, { ids: asked.map((id) => toGid("Product", id)) }, titlesSchema),
      listProducts(admin, { search, ...(cursor && { cursor }) }),
    ]);
    const chosen = named.nodes.flatMap((node) => (node ? [{ id: node.id, name: node.title }] : []));
    return {
      chosen,
      leftOut: ids.length - chosen.length,
      unseen: 0,
      found: page.products.map(({ id, title, variants }) => ({
        id,
        name: title,
        detail: variants.length === 1 ? "One variant" : `${variants.length} variants`,
      })),
      next: page.next,
    };
  } catch (error) {
    if (!(error instanceof ShopifyError)) throw error;
    return { chosen: [], leftOut: 0, unseen: asked.length, found: [], trouble: error.message };
  }
}
