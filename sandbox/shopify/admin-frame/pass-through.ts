// The app as the admin's iframe loads it: every byte passed on, but the two headers dropped that only make
// sense at admin.shopify.com: the CSP's frame-ancestors and the preload of App Bridge from Shopify's CDN.
import { createServer, request as httpRequest, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { close, listen } from "../listen.ts";

/** Its `url` is the app's address as the browser knows it. */
export interface AppFrameProxy {
  url: string;
  stop(): Promise<void>;
}

/** Starts it; the app's own address may become known, or change, later. */
export async function startAppFrameProxy(options: {
  port: number;
  appUrl: () => string | undefined;
}): Promise<AppFrameProxy> {
  const server = createServer((request, response) => pass(options.appUrl(), request, response));
  await listen(server, options.port);
  const { port } = server.address() as AddressInfo;
  return { url: `http://127.0.0.1:${port}`, stop: () => close(server) };
}

function pass(appUrl: string | undefined, request: IncomingMessage, response: ServerResponse): void {
  if (!appUrl) {
    response
      .writeHead(502, { "content-type": "text/plain" })
      .end("No app yet: the sandbox was not told its URL.");
    return;
  }
  // The Host stays the one the browser asked for: the app compares Origin and Host of what it is sent.
  const outgoing = httpRequest(new URL(request.url ?? "/", appUrl), {
    method: request.method,
    headers: request.headers,
  });
  outgoing.on("response", (answer) => {
    response.writeHead(answer.statusCode ?? 502, withoutAdminHeaders(answer));
    answer.pipe(response);
  });
  outgoing.on("error", (error) => {
    if (!response.headersSent) response.writeHead(502, { "content-type": "text/plain" });
    response.end(`The app did not answer: ${error.message}`);
  });
  request.pipe(outgoing);
}

function withoutAdminHeaders(answer: IncomingMessage): Record<string, string | string[]> {
  const kept: Record<string, string | string[]> = {};
  for (const [name, value] of Object.entries(answer.headers)) {
    if (value === undefined || (name === "link" && /app-bridge/.test(String(value)))) continue;
    if (name !== "content-security-policy") kept[name] = value;
    else {
      const rest = withoutFrameAncestors(String(value));
      if (rest) kept[name] = rest;
    }
  }
  return kept;
}

function withoutFrameAncestors(policy: string): string {
  return policy
    .split(";")
    .map((part) => part.trim())
    .filter((part) => part && !part.startsWith("frame-ancestors"))
    .join("; ");
}
