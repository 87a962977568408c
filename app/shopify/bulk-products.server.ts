// The shop's whole catalogue as one file: asked for, looked after, and read line by line, so that a hundred thousand
// products take no more memory than one. Source: shopify.dev, Perform bulk operations, 2026-10; read 2026-11-22.
import { z } from "zod";
import type { Admin } from "./admin.server.ts";
import { gidNumber, toGid } from "./gid.ts";

// Five connections and two levels below the root are what Shopify allows, and all of it is used here.
const exported = `#graphql
  query ExportProducts {
    products {
      edges { node {
        id title handle descriptionHtml status vendor productType tags updatedAt
        media { edges { node { id alt ... on MediaImage { image { url } } } } }
        metafields { edges { node { id namespace key value } } }
        variants { edges { node {
          id title sku barcode price
          selectedOptions { name value }
          inventoryItem { measurement { weight { unit value } } }
          metafields { edges { node { id namespace key value } } }
        } } }
      } }
    }
  }`;

// Grouped: everything of a product follows it directly, which is what lets the reader forget each product at once.
const startOperation = `#graphql
  mutation StartProductExport($query: String!) {
    bulkOperationRunQuery(query: $query, groupObjects: true) {
      bulkOperation { id }
      userErrors { field message code }
    }
  }`;

const lookOperation = `#graphql
  query LookAtProductExport($id: ID!) {
    shop { currencyCode }
    bulkOperation(id: $id) { status errorCode rootObjectCount url }
  }`;

/**
 * Asks for the file. Answers with the operation's number as text. Throws ShopifyError; one that was lost costs nothing
 * but a file that nobody fetches.
 */
export async function startProductExport(admin: Admin): Promise<string> {
  const answer = await admin.graphql(startOperation, { query: exported }, started);
  return answer.bulkOperationRunQuery.bulkOperation.id;
}

const started = z.object({
  bulkOperationRunQuery: z.object({ bulkOperation: z.object({ id: gidNumber }) }),
});

/**
 * How far an export is. `done` without a `url` is a shop without products. `failed` may be asked for again; the
 * sentence says what Shopify gave as the reason.
 */
export type ProductExport =
  | { state: "running"; products: number }
  | { state: "done"; url: string | undefined; products: number; currency: string }
  | { state: "failed"; sentence: string };

/** Looks after an export. Throws ShopifyError. */
export async function lookAtProductExport(admin: Admin, operationId: string): Promise<ProductExport> {
  const { shop, bulkOperation } = await admin.graphql(
    lookOperation,
    { id: toGid("BulkOperation", operationId) },
    looked,
  );
  if (!bulkOperation) return { state: "failed", sentence: "Shopify does not know the export any more." };
  const products = bulkOperation.rootObjectCount;
  switch (bulkOperation.status) {
    case "COMPLETED":
      return {
        state: "done",
        url: bulkOperation.url ?? undefined,
        products,
        currency: shop.currencyCode,
      };
    case "CREATED":
    case "RUNNING":
    case "CANCELING":
      return { state: "running", products };
    default:
      return { state: "failed", sentence: reasonOf(bulkOperation.status, bulkOperation.errorCode) };
  }
}

// Counts are Shopify's unsigned 64-bit integers: text, or a number in older answers.
const looked = z.object({
  shop: z.object({ currencyCode: z.string() }),
  bulkOperation: z
    .object({
      status: z.string(),
      errorCode: z.string().nullish(),
      rootObjectCount: z.coerce.number(),
      url: z.string().nullish(),
    })
    .nullable(),
});

function reasonOf(status: string, code: string | null | undefined): string {
  if (code === "ACCESS_DENIED")
    return "Shopify does not let Makerlane read the products. Open Makerlane once and approve what it asks for.";
  if (status === "CANCELED") return "The export of the products was cancelled in Shopify.";
  return "Shopify could not finish the export of the products.";
}
