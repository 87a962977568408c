// The shop's products with their variants, for the page where a merchant says what each of them is at a vendor.
import { z } from "zod";
import { toMoney, type Money } from "../orders/order.ts";
import type { Admin } from "./admin.server.ts";
import { gidNumber, nextCursor, pageInfo, toGid } from "./gid.ts";

/** One thing a shopper can buy. Ids are Shopify's numbers as text. */
export interface Variant {
  id: string;
  /** "Default Title" when the product has no options. */
  title: string;
  sku?: string | undefined;
  price?: Money | undefined;
}

/** One product. */
export interface Product {
  id: string;
  title: string;
  /** A small picture, at most 120 pixels wide. */
  image?: string | undefined;
  variants: Variant[];
}

/** A page of products. */
export interface ProductPage {
  products: Product[];
  /** Where the next page begins; absent on the last. */
  next?: string | undefined;
}

/** What to look for: words of a title or SKU; a cursor of an earlier page. */
export interface ProductSearch {
  search?: string | undefined;
  cursor?: string | undefined;
}

const listOperation = `#graphql
  query ListProducts($query: String!, $cursor: String) {
    shop { currencyCode }
    products(first: 25, after: $cursor, query: $query, sortKey: TITLE) {
      pageInfo { hasNextPage endCursor }
      nodes {
        id title
        featuredMedia { preview { image { url(transform: { maxWidth: 120, maxHeight: 120 }) } } }
        variants(first: 100) { pageInfo { hasNextPage endCursor } nodes { id title sku price } }
      }
    }
  }`;

const variantsOperation = `#graphql
  query ListVariants($id: ID!, $cursor: String!) {
    product(id: $id) {
      variants(first: 250, after: $cursor) { pageInfo { hasNextPage endCursor } nodes { id title sku price selectedOptions { name value } } }
    }
  }`;

/** The options of a variant as Shopify tells them. */
export const variantOptions = z.array(z.object({ name: z.string(), value: z.string() }));

const variants = z.object({
  pageInfo,
  nodes: z.array(
    z.object({
      id: gidNumber,
      title: z.string(),
      sku: z.string().nullish(),
      price: z.string(),
      selectedOptions: variantOptions.default([]),
    }),
  ),
});
const answer_ = z.object({
  shop: z.object({ currencyCode: z.string() }),
  products: z.object({
    pageInfo,
    nodes: z.array(
      z.object({
        id: gidNumber,
        title: z.string(),
        featuredMedia: z
          .object({ preview: z.object({ image: z.object({ url: z.string() }).nullish() }).nullish() })
          .nullish(),
        variants,
      }),
    ),
  }),
});

/** Lists products by title, 25 a page, each with all its variants; archived ones are left out. */
export async function listProducts(
  admin: Admin,
  { search = "", cursor }: ProductSearch,
): Promise<ProductPage> {
  const answer = await admin.graphql(
    listOperation,
    { query: searchQuery(search), cursor: cursor ?? null },
    answer_,
  );
  const currency = answer.shop.currencyCode;
  const products: Product[] = [];
  for (const { id, title, featuredMedia, variants: found } of answer.products.nodes) {
    const nodes = [...found.nodes, ...(await variantsBehind(admin, { productId: id, ...found }))];
    products.push({
      id,
      title,
      image: featuredMedia?.preview?.image?.url,
      variants: nodes.map((node) => ({
        id: node.id,
        title: node.title,
        sku: node.sku ?? undefined,
        price: toMoney(node.price, currency),
      })),
    });
  }
  return { products, next: nextCursor(answer.products.pageInfo) };
}

/** The variants of a product that did not fit on the first page of them: a product may have two thousand. */
export async function variantsBehind(
  admin: Admin,
  first: { productId: string; pageInfo: z.infer<typeof pageInfo> },
): Promise<z.infer<typeof variants>["nodes"]> {
  const nodes: z.infer<typeof variants>["nodes"] = [];
  let more = nextCursor(first.pageInfo);
  while (more !== undefined) {
    const rest = await admin.graphql(
      variantsOperation,
      { id: toGid("Product", first.productId), cursor: more },
      z.object({ product: z.object({ variants }).nullable() }),
    );
    nodes.push(...(rest.product?.variants.nodes ?? []));
    more = rest.product ? nextCursor(rest.product.variants.pageInfo) : undefined;
  }
  return nodes;
}

// What a person types is words, not Shopify's search language: its signs are taken out, each word may be a beginning.
function searchQuery(typed: string): string {
  const words = typed
    .replace(/[^\p{L}\p{N}\s._-]/gu, " ")
    .split(/\s+/)
    .map((word) => word.replace(/^-+/, ""))
    .filter((word) => word !== "" && !/^(AND|OR|NOT)$/.test(word));
  return [...words.slice(0, 10).map((word) => `${word}*`), "-status:archived"].join(" ");
}
