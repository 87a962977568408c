// Between node:http and the pages and endpoints here: a request read whole, a reply written whole.
import type { IncomingMessage, ServerResponse } from "node:http";

/** Larger than any picture a shopper may send through the app proxy. */
const bodyCapBytes = 40 * 1024 * 1024;

/** A request read whole. */
export interface Asked {
  method: string;
  path: string;
  url: URL;
  headers: IncomingMessage["headers"];
  body: Buffer;
  cookies: Record<string, string>;
}

/** A reply before it is written; `content-length` is added by `send`. */
export interface Reply {
  status: number;
  body: string | Buffer;
  type: string;
  headers?: Record<string, string | string[]>;
}

/** A page, never cached. */
export function html(body: string, status = 200): Reply {
  return { status, body, type: "text/html; charset=utf-8", headers: { "cache-control": "no-store" } };
}

/** A JSON answer. */
export function json(body: unknown, status = 200): Reply {
  return { status, body: JSON.stringify(body), type: "application/json; charset=utf-8" };
}

/** 303: the browser asks again with GET. */
export function redirect(location: string, headers: Record<string, string> = {}): Reply {
  return { status: 303, body: "", type: "text/plain", headers: { location, ...headers } };
}

/** A plain 404 page that says what is missing. */
export const notFound = (what: string): Reply =>
  html(`<!doctype html><title>Not found</title><h1>${escape(what)}</h1>`, 404);

/** Reads the whole request. Rejects when it is larger than the cap. */
export async function readAsked(request: IncomingMessage, base: string): Promise<Asked> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > bodyCapBytes) throw new Error("the request is larger than 40 MB");
    chunks.push(chunk);
  }
  const url = new URL(request.url ?? "/", base);
  return {
    method: request.method ?? "GET",
    path: url.pathname,
    url,
    headers: request.headers,
    body: chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks),
    cookies: readCookies(request.headers.cookie),
  };
}

function readCookies(header: string | undefined): Record<string, string> {
  const pairs = (header ?? "").split(";").map((pair) => pair.trim().split("="));
  return Object.fromEntries(pairs.map(([name, value]) => [name ?? "", value ?? ""]));
}

/** Writes a reply, unless the client has gone. */
export function send(response: ServerResponse, reply: Reply): void {
  if (response.destroyed) return;
  response.writeHead(reply.status, {
    "content-type": reply.type,
    "content-length": Buffer.byteLength(reply.body),
    ...reply.headers,
  });
  response.end(reply.body);
}

/** A form post as a plain list of names and values, in order. */
export function formOf(asked: Asked): URLSearchParams {
  return new URLSearchParams(asked.body.toString("utf8"));
}

/** Text made safe for HTML, inside elements and quoted attributes. */
export function escape(text: unknown): string {
  return String(text ?? "").replace(
    /[&<>"']/g,
    (char) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;" })[char] ?? char,
  );
}
