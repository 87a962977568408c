// Which order in Shopify a merchant means: by its name ("#1001"), its web address, or Shopify's own number.
import { z } from "zod";
import { ShopifyError, type Admin } from "../shopify/admin.server.ts";
import { gidNumber } from "../shopify/gid.ts";

const findOrderByName = `#graphql
  query FindOrderByName($query: String!) {
    orders(first: 10, query: $query, sortKey: CREATED_AT, reverse: true) {
      nodes {
        id
        name
      }
    }
  }
`;

const answerSchema = z.object({
  orders: z.object({ nodes: z.array(z.object({ id: gidNumber, name: z.string() })) }),
});

// Shopify's own numbers have been longer than this for many years; names of orders are shorter.
const shopifyNumber = /^\d{11,20}$/;

/** Shopify's number of the order that was typed, or a sentence when there is none. */
export async function findShopifyOrder(
  admin: Pick<Admin, "graphql">,
  typed: string,
): Promise<{ shopifyId: string } | { refused: string }> {
  const text = typed.trim();
  const address =
    /\/orders\/(\d{1,20})/.exec(text)?.[1] ?? /^gid:\/\/shopify\/Order\/(\d{1,20})$/.exec(text)?.[1];
  if (address) return { shopifyId: address };
  if (shopifyNumber.test(text)) return { shopifyId: text };
  // What could end the quoted value of Shopify's search language is no part of a name.
  const name = text.replace(/["'\\]/g, "").slice(0, 60);
  if (name === "") return { refused: "Enter the order's number, for example #1001." };
  const plain = (value: string): string => value.replace(/^#/, "").toLowerCase();
  try {
    const variables = { query: `name:"${name.replace(/^#/, "")}"` };
    const { orders } = await admin.graphql(findOrderByName, variables, answerSchema);
    const found = orders.nodes.find((node) => plain(node.name) === plain(name));
    return found
      ? { shopifyId: found.id }
      : {
          refused: `Shopify shows us no order ${name}. Check the number; for an order older than 60 days, paste its web address from Shopify's admin.`,
        };
  } catch (error) {
    if (!(error instanceof ShopifyError)) throw error;
    return { refused: `${error.message} Try again, or paste the order's web address.` };
  }
}
