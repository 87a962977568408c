// The orders page, read by shop: one page of a view or a search, each order with what went where and why.
import { readChanging } from "../orders/changing.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { prisma } from "../world.server.ts";
import { isBeingRead } from "./moving.ts";
import { needsYou, ordersWhere, type ViewId } from "./order-views.ts";
import { cutPage, writeCursor, type Cursor } from "./paging.ts";
import { standingOf } from "./part-standing.server.ts";
import { orderBadge, orderSaying, partBadge, type PartStanding } from "./standing.ts";
import { readTools } from "./tool-page.server.ts";
import { offeredTools } from "./tools.ts";

/** Orders on one page. */
export const pageSize = 50;

const columns = {
  id: true,
  name: true,
  status: true,
  sentence: true,
  placedAt: true,
  cancelledAt: true,
  redactedAt: true,
  test: true,
  readAgain: true,
  routed: true,
  version: true,
  tries: true,
  vendorOrders: {
    orderBy: { part: "asc" },
    select: {
      id: true,
      status: true,
      code: true,
      sentence: true,
      notice: true,
      committingAt: true,
      tries: true,
      nextRunAt: true,
      vendor: true,
      vendorNumber: true,
      vendorState: true,
      trackAt: true,
      connection: { select: { label: true, status: true, sentence: true, removedAt: true } },
      account: { select: { quarantine: true, holderId: true } },
      shipments: { where: { status: "held" }, select: { sentence: true }, take: 1 },
    },
  },
} as const;

/** What is asked for: a view, a search, and a place in the list. */
export interface Asked {
  shop: string;
  view: ViewId;
  search: string;
  cursor: Cursor | undefined;
  backwards: boolean;
  now: Date;
}

function findOrders(asked: Asked) {
  const order = asked.backwards ? "asc" : "desc";
  return prisma.order.findMany({
    where: ordersWhere(asked),
    orderBy: [{ placedAt: order }, { id: order }],
    take: pageSize + 1,
    select: columns,
  });
}

type Row = Awaited<ReturnType<typeof findOrders>>[number];

/** One page of orders, how many need the merchant, and whether the shop has any order at all. */
export async function readOrdersPage(asked: Asked) {
  const { shop, view, search, cursor, backwards, now } = asked;
  const [found, needing, first, connections] = await Promise.all([
    findOrders(asked),
    prisma.order.count({ where: { shop, ...needsYou() } }),
    prisma.order.findFirst({ where: { shop }, select: { id: true } }),
    readTools(shop),
  ]);
  const { rows, more } = cutPage(found, { size: pageSize, backwards });
  const top = rows[0];
  const bottom = rows.at(-1);
  const hasNewer = backwards ? more : cursor !== undefined;
  const hasOlder = backwards ? true : more;
  return {
    view,
    search,
    needing,
    isNewShop: first === null,
    isConnected: connections.length > 0,
    /** What vendors can do with chosen orders. */
    tools: offeredTools(connections, "orders"),
    /** Whether any connected vendor makes files for orders. */
    hasFiles: connections.some(({ vendor }) => vendorById(vendor)?.orders?.files !== undefined),
    rows: rows.map((row) => rowOf(row, now.toISOString())),
    /** An order on this page is being read: it will soon say something else. */
    isMoving: rows.some((row) => isBeingRead(row)),
    newer: hasNewer && top ? writeCursor({ at: top.placedAt, id: top.id }) : undefined,
    older: hasOlder && bottom ? writeCursor({ at: bottom.placedAt, id: bottom.id }) : undefined,
  };
}

/** What the orders page is given. */
export type OrdersPage = Awaited<ReturnType<typeof readOrdersPage>>;

function hasFiles(part: { vendor: string; status: string } | undefined): boolean {
  return part !== undefined && readChanging(part).files;
}

function rowOf(row: Row, now: string) {
  const parts = row.vendorOrders.map((part): PartStanding & { notice: string | null } => ({
    ...standingOf(part, row),
    // A parcel that Shopify could not be told of is news about a part that is else done.
    notice: part.notice ?? part.shipments[0]?.sentence ?? null,
  }));
  return {
    id: row.id,
    name: row.name,
    placedAt: row.placedAt.toISOString(),
    isCancelled: row.cancelledAt !== null,
    isTest: row.test,
    badge: orderBadge({ status: row.status, isCancelled: row.cancelledAt !== null }),
    parts: parts.map((part, index) => ({
      id: row.vendorOrders[index]?.id ?? String(index),
      label: part.connection.label,
      badge: partBadge(part),
      hasFiles: hasFiles(row.vendorOrders[index]),
    })),
    saying: orderSaying(row, parts, now),
  };
}
