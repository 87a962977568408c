// One GraphQL operation → Shopify's answer, parsed, or a ShopifyError that says what to do next. Nothing here
// waits or tries again, but for one thing: a token that turns out dead is renewed and the operation sent once more.
import { ApiVersion } from "@shopify/shopify-api";
import { z } from "zod";
import type { Db } from "../db.server.ts";
import { readReply, type AdminReply } from "./admin-reply.ts";
import { ShopifyError } from "./shopify-error.ts";
import { accessToken, refuseToken } from "./token.server.ts";

export { ShopifyError, type ShopifyProblem, type UserError } from "./shopify-error.ts";

/** A shop's Admin API. */
export interface Admin {
  shop: string;
  /**
   * Runs one operation and parses its `data`. Throws ShopifyError; a refusal of any part (`userErrors`) is a
   * refusal of the whole.
   */
  graphql<T>(operation: string, variables: Record<string, unknown>, schema: z.ZodType<T>): Promise<T>;
}

// A request of ours never takes this long at Shopify; a mutation that does may still take effect.
const deadlineMs = 20_000;
// Only Shopify's own addresses get a token; the name comes from rows that a webhook's header began.
const shopName = /^[a-z0-9][a-z0-9-]{0,99}\.myshopify\.com$/i;

/** The Admin API of `shop`, with a token that is looked up and renewed as needed. */
export function adminFor(shop: string, db: Db): Admin {
  return {
    shop,
    graphql: async (operation, variables, schema) => {
      if (!shopName.test(shop)) throw new ShopifyError("This is no Shopify shop.", { problem: "gone" });
      const call = { shop, operation, variables };
      const token = await accessToken(db, shop);
      let reply = await send(call, token);
      if (reply.dead) {
        const renewed = await accessToken(db, shop, token);
        reply = await send(call, renewed);
        if (reply.dead) throw await refuseToken(db, shop, renewed);
      }
      if (reply.error) throw reply.error;
      const parsed = schema.safeParse(reply.data);
      if (parsed.success) return parsed.data;
      // A mutation's odd answer hides whether it was carried out; a query's is a bug of ours.
      if (isMutation(operation))
        throw new ShopifyError("Shopify answered something unreadable. We look before we try again.", {
          problem: "unsure",
          cause: parsed.error,
        });
      throw new Error("Shopify's answer does not have the shape the operation asks for", {
        cause: parsed.error,
      });
    },
  };
}

interface Call {
  shop: string;
  operation: string;
  variables: Record<string, unknown>;
}

async function send({ shop, operation, variables }: Call, token: string): Promise<AdminReply> {
  const mutation = isMutation(operation);
  let response: Response;
  let text: string;
  try {
    response = await fetch(`https://${shop}/admin/api/${ApiVersion.October26}/graphql.json`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        accept: "application/json",
        "x-shopify-access-token": token,
        "user-agent": "Makerlane",
      },
      body: JSON.stringify({ query: operation, variables }),
      // Followed, a redirect would carry the token to wherever it points.
      redirect: "manual",
      signal: AbortSignal.timeout(deadlineMs),
    });
    text = await response.text();
  } catch (error) {
    return { error: silence(error, mutation) };
  }
  return readReply({
    status: response.status,
    retryAfter: response.headers.get("retry-after"),
    text,
    mutation,
  });
}

function isMutation(operation: string): boolean {
  return /^\s*(#graphql\s+)?mutation\b/.test(operation);
}

// Codes that say the connection was never made, so nothing was sent over it.
const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "EHOSTUNREACH",
  "ENETUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
]);

function silence(error: unknown, mutation: boolean): ShopifyError {
  const cause = error instanceof Error ? error.cause : undefined;
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const lost = mutation && !neverSent.has(code);
  return new ShopifyError(
    lost
      ? "Shopify's answer was lost on the way. We look before we try again."
      : "Shopify could not be reached. It is tried again.",
    { problem: lost ? "unsure" : "retry", cause: error },
  );
}
