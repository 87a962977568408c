// The pieces every answer of the Admin API is made of: lazy fields, connections with cursors, money.
import { GraphQLError } from "graphql";
import type { BulkOperations } from "../bulk-operations.ts";
import { decimal } from "../ids.ts";

/** One GraphQL object: each field a value, or a function called when the field is asked for. */
export type Node = Record<string, unknown> & { __typename?: string };

/** What every resolver is told beside its arguments. */
export interface AdminContext {
  apiKey: string;
  appUrl: string;
  scopes: string[];
  bulk: BulkOperations;
  /** Called by mutations; the sender turns topics into webhooks. */
  emit: (topics: string[], of: { orderId: string; fulfillmentId?: string; refundId?: string }) => void;
}

/** The arguments every connection takes. */
export interface PageArgs {
  first?: number | null;
  last?: number | null;
  after?: string | null;
  before?: string | null;
  reverse?: boolean | null;
  /** Set for bulk operations, which read connections to their end and take no page arguments. */
  whole?: boolean;
}

/** A connection read whole, its nodes not made yet: ten thousand of them would not be flat memory. */
export interface WholeConnection extends Node {
  items: Listed[];
  toNode: (item: Listed) => Node;
}

/** Whatever a connection lists. */
export interface Listed {
  id: string;
}

/** One page of `items` in their given order, `reverse` turned first. Cursors name the last id, as Shopify's do. */
export function connection<Item extends Listed>(
  items: Item[],
  args: PageArgs,
  toNode: (item: Item) => Node,
): Node {
  const ordered = args.reverse ? [...items].reverse() : items;
  if (args.whole)
    return { items: ordered, toNode, edges: () => ordered.map((item) => ({ node: toNode(item) })) };
  const { first, last } = args;
  if (typeof first !== "number" && typeof last !== "number") {
    throw new GraphQLError("you must provide one of first or last", { extensions: { code: "BAD_REQUEST" } });
  }
  if ((first ?? 0) > 250 || (last ?? 0) > 250) {
    throw new GraphQLError("the page size may not exceed 250", { extensions: { code: "BAD_REQUEST" } });
  }
  const start = args.after ? position(ordered, args.after) + 1 : 0;
  const end = args.before ? position(ordered, args.before) : ordered.length;
  const range = ordered.slice(start, end);
  const page = typeof first === "number" ? range.slice(0, first) : range.slice(-(last ?? 0));
  const cut = range.length > page.length;
  const firstItem = page[0];
  const lastItem = page.at(-1);
  return {
    nodes: () => page.map(toNode),
    edges: () => page.map((item) => ({ cursor: cursorOf(item), node: toNode(item) })),
    pageInfo: {
      hasNextPage: typeof first === "number" ? cut : args.before !== undefined && args.before !== null,
      hasPreviousPage: typeof first === "number" ? start > 0 : cut,
      startCursor: firstItem ? cursorOf(firstItem) : null,
      endCursor: lastItem ? cursorOf(lastItem) : null,
    },
  };
}

function cursorOf(item: Listed): string {
  return Buffer.from(JSON.stringify({ last_id: item.id })).toString("base64");
}

function position(items: Listed[], cursor: string): number {
  let id: string | null = null;
  try {
    const read = JSON.parse(Buffer.from(cursor, "base64").toString("utf8")) as { last_id?: unknown };
    id = typeof read.last_id === "string" ? read.last_id : null;
  } catch {
    // Falls through to the same refusal as an unknown cursor.
  }
  const at = items.findIndex((item) => item.id === id);
  if (at < 0) {
    throw new GraphQLError(`Invalid cursor for current pagination sort.`, {
      extensions: { code: "BAD_REQUEST" },
    });
  }
  return at;
}

/** A MoneyBag: the demo's shops sell in one currency, so both sides are equal. */
export function moneyBag(minor: number, currency: string): Node {
  const one = moneyV2(minor, currency);
  return { shopMoney: one, presentmentMoney: one };
}

/** A MoneyV2 from minor units. */
export function moneyV2(minor: number, currency: string): Node {
  return { amount: decimal(minor), currencyCode: currency };
}

/** A top-level error for an id that names nothing, as recorded: `Invalid id: gid://…`, RESOURCE_NOT_FOUND. */
export function noSuchId(id: string): GraphQLError {
  return new GraphQLError(`Invalid id: ${id}`, { extensions: { code: "RESOURCE_NOT_FOUND" } });
}
