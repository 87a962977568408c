// A bulk query over products as an app that publishes them asks it, and its JSONL read as Shopify's clients do.
import type { LocalShopify } from "#sandbox/shopify/index.ts";
import { adminOf } from "./world.ts";

/** Five connections, two deep: the most that Shopify runs. */
export const everything = `{
  products(query: "status:active") {
    edges {
      node {
        id title handle status vendor productType tags descriptionHtml updatedAt
        variants {
          edges {
            node {
              id sku barcode price
              selectedOptions { name value }
              inventoryItem { measurement { weight { unit value } } }
              metafields { edges { node { namespace key value } } }
            }
          }
        }
        media { edges { node { alt mediaContentType ... on MediaImage { id image { url } } } } }
        metafields { edges { node { namespace key value } } }
      }
    }
  }
}`;

export interface Line extends Record<string, unknown> {
  id?: string;
  __parentId?: string;
}

export interface Operation {
  id: string;
  status: string;
  errorCode: string | null;
  objectCount: string;
  rootObjectCount: string;
  fileSize: string | null;
  url: string | null;
  partialDataUrl: string | null;
  completedAt: string | null;
}

const fields = `id status errorCode objectCount rootObjectCount fileSize url partialDataUrl completedAt`;

interface Started {
  bulkOperation: Operation | null;
  userErrors: { field: string[] | null; message: string; code: string }[];
}

/** Starts, cancels and reads bulk operations of the default shop. */
export function bulkOf(shop: LocalShopify) {
  const admin = adminOf(shop);
  return {
    admin,
    async start(query: string, groupObjects = false): Promise<Started> {
      const { data, errors } = await admin(
        `mutation Start($query: String!, $groupObjects: Boolean!) {
          bulkOperationRunQuery(query: $query, groupObjects: $groupObjects) {
            bulkOperation { ${fields} } userErrors { field message code }
          }
        }`,
        { query, groupObjects },
      );
      if (errors) throw new Error(errors[0]?.message);
      return (data as { bulkOperationRunQuery: Started }).bulkOperationRunQuery;
    },
    async cancel(id: string) {
      const { data } = await admin(
        `mutation Stop($id: ID!) {
          bulkOperationCancel(id: $id) { bulkOperation { status } userErrors { field message } }
        }`,
        { id },
      );
      return (data as { bulkOperationCancel: unknown }).bulkOperationCancel;
    },
    async read(id: string): Promise<Operation> {
      const { data } = await admin(
        `query Read($id: ID!) { node(id: $id) { ... on BulkOperation { ${fields} } } }`,
        { id },
      );
      return (data as { node: Operation }).node;
    },
  };
}

/** The lines of a file that was answered with 200. */
export async function linesOf(url: string | null): Promise<Line[]> {
  const response = await fetch(url ?? "");
  if (response.status !== 200) throw new Error(`the file was answered with ${response.status}`);
  const text = await response.text();
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line) as Line);
}
