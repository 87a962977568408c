// A product's number → the product as Shopify has it now, in our words: what is asked after every product webhook,
// because a webhook's body has no metafields and may be older than the next one's.
import { z } from "zod";
import type { ProductFacts } from "../products/product.ts";
import type { Admin } from "./admin.server.ts";
import { nextCursor, pageInfo, toGid } from "./gid.ts";
import {
  mediaPart,
  metafieldPart,
  productPart,
  toProduct,
  toVariant,
  variantPart,
  type Parts,
} from "./product-parts.ts";
import { ShopifyError } from "./shopify-error.ts";

/**
 * Reads a product with all its variants. undefined: Shopify has no such product any more. Throws ShopifyError;
 * `retry` also when it changed between two pages of its variants.
 */
export async function readProduct(admin: Admin, productId: string): Promise<ProductFacts | undefined> {
  const id = toGid("Product", productId);
  const { shop, product } = await admin.graphql(readOperation, { id }, answer);
  if (!product) return undefined;
  const nodes = product.variants.nodes;
  let cursor = nextCursor(product.variants.pageInfo);
  while (cursor !== undefined) {
    const more = await admin.graphql(variantsOperation, { id, cursor }, moreVariants);
    if (!more.product) return undefined;
    // A change between two pages would make a product that never was.
    if (more.product.updatedAt !== product.updatedAt)
      throw new ShopifyError("The product changed while it was read. It is read again.", {
        problem: "retry",
        retryAfterSeconds: 1,
      });
    nodes.push(...more.product.variants.nodes);
    cursor = nextCursor(more.product.variants.pageInfo);
  }
  const parts: Parts = {
    variants: nodes.map((node) => toVariant(node, node.metafields.nodes, shop.currencyCode)),
    media: product.media.nodes,
    metafields: product.metafields.nodes,
  };
  return toProduct(product, parts, shop.currencyCode);
}

const readOperation = `#graphql
  query ReadProduct($id: ID!) {
    shop { currencyCode }
    product(id: $id) {
      id title handle descriptionHtml status vendor productType tags updatedAt
      media(first: 50) { nodes { id alt ... on MediaImage { image { url } } } }
      metafields(first: 100) { nodes { namespace key value } }
      variants(first: 50) { pageInfo { hasNextPage endCursor } nodes { ...Variant } }
    }
  }
  fragment Variant on ProductVariant {
    id title sku barcode price
    selectedOptions { name value }
    inventoryItem { measurement { weight { unit value } } }
    metafields(first: 10) { nodes { namespace key value } }
  }`;

const variantsOperation = `#graphql
  query ReadProductVariants($id: ID!, $cursor: String!) {
    product(id: $id) {
      updatedAt
      variants(first: 50, after: $cursor) { pageInfo { hasNextPage endCursor } nodes { ...Variant } }
    }
  }
  fragment Variant on ProductVariant {
    id title sku barcode price
    selectedOptions { name value }
    inventoryItem { measurement { weight { unit value } } }
    metafields(first: 10) { nodes { namespace key value } }
  }`;

const metafields = z.object({ nodes: z.array(metafieldPart) });
const variants = z.object({ pageInfo, nodes: z.array(variantPart.extend({ metafields })) });
const answer = z.object({
  shop: z.object({ currencyCode: z.string() }),
  product: productPart
    .extend({ media: z.object({ nodes: z.array(mediaPart) }), metafields, variants })
    .nullable(),
});
const moreVariants = z.object({ product: z.object({ updatedAt: z.string(), variants }).nullable() });
