// Which orders changed since a moment: the catch-up's question, for the webhooks that never came.
import { z } from "zod";
import type { Admin } from "./admin.server.ts";
import { gidNumber, nextCursor, pageInfo } from "./gid.ts";
import { isPaid } from "./webhook-order.ts";

/** An order as the list has it: Shopify's number as text, its updated_at (ISO 8601), and what is never taken back. */
export interface ChangedOrder {
  id: string;
  updatedAt: string;
  paid: boolean;
  cancelled: boolean;
}

/** Orders by when they changed, oldest change first. */
export interface ChangedOrders {
  orders: ChangedOrder[];
  /** Where the next page begins; absent on the last. */
  next?: string | undefined;
}

/** Lists up to 250 orders that changed at or after `since`, open, closed and cancelled ones. */
export async function listOrderIdsUpdatedSince(
  admin: Admin,
  since: Date,
  cursor?: string,
): Promise<ChangedOrders> {
  const answer = await admin.graphql(
    operation,
    { query: `updated_at:>='${since.toISOString()}'`, cursor: cursor ?? null },
    z.object({ orders: z.object({ pageInfo, nodes: z.array(changed) }) }),
  );
  return { orders: answer.orders.nodes, next: nextCursor(answer.orders.pageInfo) };
}

const changed = z
  .object({
    id: gidNumber,
    updatedAt: z.string(),
    displayFinancialStatus: z.string().nullish(),
    cancelledAt: z.string().nullish(),
  })
  .transform(({ id, updatedAt, displayFinancialStatus, cancelledAt }): ChangedOrder => ({
    id,
    updatedAt,
    paid: isPaid(displayFinancialStatus),
    cancelled: cancelledAt != null,
  }));

const operation = `#graphql
  query ListChangedOrders($query: String!, $cursor: String) {
    orders(first: 250, after: $cursor, query: $query, sortKey: UPDATED_AT) {
      pageInfo { hasNextPage endCursor }
      nodes { id updatedAt displayFinancialStatus cancelledAt }
    }
  }`;
