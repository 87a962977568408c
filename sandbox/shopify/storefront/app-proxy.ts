// The app proxy: /apps/makerlane/… on the storefront goes to the app, signed as Shopify signs it. The body and
// the method are not signed; cookies are dropped both ways (shopify.dev, authenticate app proxies).
import { createHmac } from "node:crypto";
import { request as httpRequest } from "node:http";
import { html, type Asked, type Reply } from "../http.ts";
import type { World } from "../index.ts";
import { escape } from "../http.ts";

/** Sorted `key=value`, joined without anything between; several values of a key joined by commas. */
export function proxySignature(query: URLSearchParams, secret: string): string {
  const keys = [...new Set(query.keys())].filter((key) => key !== "signature");
  const text = keys
    .map((key) => `${key}=${query.getAll(key).join(",")}`)
    .sort()
    .join("");
  return createHmac("sha256", secret).update(text).digest("hex");
}

const dropped = new Set([
  "host",
  "cookie",
  "connection",
  "content-length",
  "transfer-encoding",
  "x-standin-host",
]);

/** Null when the path is not under the proxy's prefix. */
export async function answerThroughProxy(world: World, asked: Asked, shop: string): Promise<Reply | null> {
  const { url, prefix, subpath } = world.local.config.proxy;
  const under = `/${prefix}/${subpath}`;
  if (asked.path !== under && !asked.path.startsWith(`${under}/`)) return null;
  const appUrl = world.appUrl();
  if (!appUrl) return html("The sandbox was not told where the app is.", 502);
  const target = new URL(new URL(url, appUrl).pathname + asked.path.slice(under.length), appUrl);
  const query = new URLSearchParams(asked.url.search);
  query.set("shop", shop);
  query.set("logged_in_customer_id", "");
  query.set("path_prefix", under);
  query.set("timestamp", String(Math.floor(Date.now() / 1000)));
  query.set("signature", proxySignature(query, world.secrets().at(-1) ?? ""));
  target.search = query.toString();
  return forward(target, asked, shop);
}

function forward(target: URL, asked: Asked, shop: string): Promise<Reply> {
  const headers: Record<string, string | string[]> = {
    "x-forwarded-host": shop,
    "x-forwarded-for": "203.0.113.7",
    "content-length": String(asked.body.length),
  };
  for (const [name, value] of Object.entries(asked.headers)) {
    if (value !== undefined && !dropped.has(name)) headers[name] ??= value;
  }
  return new Promise((resolve) => {
    const outgoing = httpRequest(target, { method: asked.method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        const { "content-type": type = "text/html", "cache-control": cache, location } = answer.headers;
        const kept = { ...(cache ? { "cache-control": cache } : {}), ...(location ? { location } : {}) };
        // Liquid would be rendered inside the theme; here it is shown as it came.
        const shown = type.startsWith("application/liquid") ? "text/html; charset=utf-8" : type;
        resolve({
          status: answer.statusCode ?? 502,
          body: Buffer.concat(chunks),
          type: shown,
          headers: kept,
        });
      });
    });
    outgoing.setTimeout(15_000, () => outgoing.destroy(new Error("no answer within 15 s")));
    outgoing.on("error", (error) => {
      resolve(
        html(
          `<h1>There was an error in the third-party application.</h1><p>${escape(error.message)}</p>`,
          502,
        ),
      );
    });
    outgoing.end(asked.body);
  });
}
