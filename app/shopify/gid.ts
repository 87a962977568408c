// Shopify's global ids and ours: we keep only the number, as text, because it may exceed 2^53.
import { z } from "zod";

/** "5551234567890" as Order → "gid://shopify/Order/5551234567890". */
export function toGid(type: string, id: string): string {
  return `gid://shopify/${type}/${id}`;
}

/** A global id in an answer, read as its number: "gid://shopify/LineItem/77?x=1" → "77". */
export const gidNumber = z.string().transform((gid, context) => {
  const number = /^gid:\/\/shopify\/\w+\/(\d+)(\?.*)?$/.exec(gid)?.[1];
  if (number !== undefined) return number;
  context.addIssue("is no global id with a number");
  return z.NEVER;
});

/** Where a list goes on. */
export const pageInfo = z.object({ hasNextPage: z.boolean(), endCursor: z.string().nullish() });

/** The cursor of the next page; undefined when this was the last. */
export function nextCursor(page: z.infer<typeof pageInfo>): string | undefined {
  return page.hasNextPage ? (page.endCursor ?? undefined) : undefined;
}
