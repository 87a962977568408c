// The saved views of the orders page: which orders are in each, and what a search looks for. Pure; the page asks
// the database with what comes out of here, always together with the shop.
import type { Prisma } from "@prisma/client";
import type { Cursor } from "./paging.ts";

/** The views, in the order of their tabs. An order with two parts may be in two of them. */
export const views = [
  { id: "all", label: "All" },
  { id: "needs-you", label: "Needs you" },
  { id: "waiting", label: "Waiting" },
  { id: "sent", label: "Sent" },
  { id: "shipped", label: "Shipped" },
  { id: "not-ours", label: "Not ours" },
] as const;

export type ViewId = (typeof views)[number]["id"];

/** The view named in the address; anything else is "all". */
export function readView(text: string | null): ViewId {
  return views.find((view) => view.id === text)?.id ?? "all";
}

/** Orders in which a person must act, or should know something. */
export function needsYou(): Prisma.OrderWhereInput {
  return {
    OR: [
      { status: "held" },
      { vendorOrders: { some: { status: "held" } } },
      { vendorOrders: { some: { notice: { not: null } } } },
      { vendorOrders: { some: { shipments: { some: { status: "held" } } } } },
    ],
  };
}

function inView(view: ViewId): Prisma.OrderWhereInput {
  switch (view) {
    case "all":
      return {};
    case "needs-you":
      return needsYou();
    case "waiting":
      return {
        OR: [{ status: { in: ["routing", "waiting"] } }, { vendorOrders: { some: { status: "waiting" } } }],
      };
    case "sent":
      return { vendorOrders: { some: { status: "sent" } } };
    case "shipped":
      return {
        vendorOrders: { some: { status: "shipped" }, none: { status: { in: ["waiting", "held", "sent"] } } },
      };
    case "not-ours":
      return { status: "not ours" };
  }
}

/** What may be typed: an order's name, our reference, the vendor's number or a tracking number. */
function matches(search: string): Prisma.OrderWhereInput {
  const text = search.trim().slice(0, 100);
  if (text === "") return {};
  const like = { contains: text, mode: "insensitive" } as const;
  return {
    OR: [
      { name: like },
      { shopifyId: text },
      {
        vendorOrders: {
          some: {
            OR: [
              { reference: like },
              { vendorNumber: like },
              { shipments: { some: { trackingNumber: like } } },
            ],
          },
        },
      },
    ],
  };
}

/** The rows before or after a cursor, newest first. */
function beyond(cursor: Cursor | undefined, backwards: boolean): Prisma.OrderWhereInput {
  if (!cursor) return {};
  const { at, id } = cursor;
  return backwards
    ? { OR: [{ placedAt: { gt: at } }, { placedAt: at, id: { gt: id } }] }
    : { OR: [{ placedAt: { lt: at } }, { placedAt: at, id: { lt: id } }] };
}

/** Everything the orders page asks for, of one shop. */
export function ordersWhere(asked: {
  shop: string;
  view: ViewId;
  search: string;
  cursor?: Cursor | undefined;
  backwards?: boolean;
}): Prisma.OrderWhereInput {
  return {
    shop: asked.shop,
    AND: [inView(asked.view), matches(asked.search), beyond(asked.cursor, asked.backwards ?? false)],
  };
}
