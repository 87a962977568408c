// A local Shopify and a stand-in for the app's door that writes down what it is sent.
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { onTestFinished } from "vitest";
import { startShopify, type LocalShopify, type ShopifyOptions } from "#sandbox/shopify/index.ts";

export interface Received {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

export interface Door {
  url: string;
  received: Received[];
  /** What the door answers from now on; 200 at first. */
  answer: { status: number; headers?: Record<string, string> };
}

/** A door that answers as told. Closed when the test ends. */
export async function openDoor(): Promise<Door> {
  const door: Door = { url: "", received: [], answer: { status: 200 } };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      door.received.push({ path: request.url ?? "", headers: request.headers, body: Buffer.concat(chunks) });
      response.writeHead(door.answer.status, door.answer.headers).end("seen");
    });
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  door.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  onTestFinished(() => {
    server.close();
    server.closeAllConnections();
  });
  return door;
}

/** A clock that moves only when told. */
export function clock(start = "2026-11-22T10:00:00Z") {
  let at = Date.parse(start);
  return {
    now: () => new Date(at),
    pass(seconds: number): void {
      at += seconds * 1000;
    },
  };
}

/** A shop that stops with the test. */
export async function openShop(options: ShopifyOptions = {}): Promise<LocalShopify> {
  const shopify = await startShopify(options);
  onTestFinished(() => shopify.stop());
  return shopify;
}

/** POST /admin/oauth/access_token as the app's library sends it. */
export async function askToken(shopify: LocalShopify, body: Record<string, string>) {
  const response = await fetch(`${shopify.url}/admin/oauth/access_token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ client_id: shopify.apiKey, client_secret: shopify.apiSecret, ...body }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}

export const exchange = "urn:ietf:params:oauth:grant-type:token-exchange";

interface GraphQLReply {
  status: number;
  data?: unknown;
  errors?: { message: string; extensions?: Record<string, unknown> }[];
  extensions?: Record<string, unknown>;
}

/** An Admin API client with a token of its own. */
export function adminOf(shopify: LocalShopify, token = shopify.grantToken().accessToken) {
  return async (query: string, variables: Record<string, unknown> = {}): Promise<GraphQLReply> => {
    const response = await fetch(`${shopify.url}/admin/api/2026-10/graphql.json`, {
      method: "POST",
      headers: { "content-type": "application/json", "x-shopify-access-token": token },
      body: JSON.stringify({ query, variables }),
    });
    return { ...((await response.json()) as Omit<GraphQLReply, "status">), status: response.status };
  };
}
