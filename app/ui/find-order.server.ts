// Which order in Shopify a merchant means: by its name ("#1001"), its web address, or Shopify's own number.
import { z } from "zod";

/** Asks Shopify's Admin API, as `authenticate.admin` gives it. */
export type AskShopify = (
  query: string,
  options: { variables: Record<string, unknown> },
) => Promise<{ json(): Promise<unknown> }>;

const answerSchema = z.object({
  data: z.object({ orders: z.object({ nodes: z.array(z.object({ id: z.string(), name: z.string() })) }) }),
});

// Shopify's own numbers have been longer than this for many years; names of orders are shorter.
const shopifyNumber = /^\d{11,20}$/;

/** Shopify's number of the order that was typed, or a sentence when there is none. */
export async function findShopifyOrder(
  graphql: AskShopify,
  typed: string,
): Promise<{ shopifyId: string } | { refused: string }> {
  const text = typed.trim();
  const address =
    /\/orders\/(\d{1,20})/.exec(text)?.[1] ?? /^gid:\/\/shopify\/Order\/(\d{1,20})$/.exec(text)?.[1];
  if (address) return { shopifyId: address };
  if (shopifyNumber.test(text)) return { shopifyId: text };
  const name = text.replace(/["\\]/g, "").slice(0, 60);
  if (name === "") return { refused: "Enter the order's number, for example #1001." };
  const response = await graphql(
    `
      #graphql
      query FindOrderByName($query: String!) {
        orders(first: 10, query: $query, sortKey: CREATED_AT, reverse: true) {
          nodes {
            id
            name
          }
        }
      }
    `,
    { variables: { query: `name:"${name.replace(/^#/, "")}"` } },
  );
  const { data } = answerSchema.parse(await response.json());
  const plain = (value: string): string => value.replace(/^#/, "").toLowerCase();
  const found = data.orders.nodes.find((node) => plain(node.name) === plain(name));
  return found
    ? { shopifyId: found.id.replace(/^gid:\/\/shopify\/Order\//, "") }
    : {
        refused: `Shopify shows us no order ${name}. Check the number; for an order older than 60 days, paste its web address from Shopify's admin.`,
      };
}
