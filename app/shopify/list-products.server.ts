// Which products changed since a moment: the catch-up's question, for the webhooks that never came.
import { z } from "zod";
import type { Admin } from "./admin.server.ts";
import { gidNumber, nextCursor, pageInfo } from "./gid.ts";

/** Products by when they changed, oldest change first. */
export interface ChangedProducts {
  /** Shopify's numbers as text, each with its updated_at (ISO 8601). */
  products: { id: string; updatedAt: string }[];
  /** Where the next page begins; absent on the last. */
  next?: string | undefined;
}

const operation = `#graphql
  query ListChangedProducts($query: String!, $cursor: String) {
    products(first: 250, after: $cursor, query: $query, sortKey: UPDATED_AT) {
      pageInfo { hasNextPage endCursor }
      nodes { id updatedAt }
    }
  }`;

const answer = z.object({
  products: z.object({ pageInfo, nodes: z.array(z.object({ id: gidNumber, updatedAt: z.string() })) }),
});

/** Lists up to 250 products of any status that changed at or after `since`. Throws ShopifyError. */
export async function listProductIdsUpdatedSince(
  admin: Admin,
  since: Date,
  cursor?: string,
): Promise<ChangedProducts> {
  const { products } = await admin.graphql(
    operation,
    { query: `updated_at:>='${since.toISOString()}'`, cursor: cursor ?? null },
    answer,
  );
  return { products: products.nodes, next: nextCursor(products.pageInfo) };
}
