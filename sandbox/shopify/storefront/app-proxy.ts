// The app proxy: /apps/…/… on the storefront goes to the app, signed as Shopify signs it. The body and
// the method are not signed; cookies are dropped both ways (shopify.dev, authenticate app proxies).
import { createHash, createHmac } from "node:crypto";
import { request as httpRequest } from "node:http";
import { escape, html, json, type Asked, type Reply } from "../http.ts";
import type { World } from "../index.ts";

/** Sorted `key=value`, joined without anything between; several values of a key joined by commas. */
export function proxySignature(query: URLSearchParams, secret: string): string {
  const keys = [...new Set(query.keys())].filter((key) => key !== "signature");
  const text = keys
    .map((key) => `${key}=${query.getAll(key).join(",")}`)
    .sort()
    .join("");
  return createHmac("sha256", secret).update(text).digest("hex");
}

// Cookies never pass, and of the other headers only a list that is not published: here only what every request has,
// so that a custom header cannot come to be relied on. The browser's address travels in X-Forwarded-For.
const passed = new Set(["accept", "accept-language", "content-type", "user-agent", "if-none-match", "range"]);

/** The shop's path to the app: "/apps/dot". A merchant may have moved it; this one has not. */
function proxyPath(world: World): string {
  const { prefix, subpath } = world.local.config.proxy;
  return `/${prefix}/${subpath}`;
}

/**
 * How large a body the proxy takes. Shopify documents no limit, so none holds until one is set by
 * POST /_storefront/proxy?most=bytes; without `most` it is taken away.
 */
export function createProxySwitch() {
  let most = Infinity;
  return {
    mostBytes: () => most,
    answer(asked: Asked): Reply | null {
      if (asked.path !== "/_storefront/proxy" || asked.method !== "POST") return null;
      most = Number(asked.url.searchParams.get("most") ?? Infinity);
      return json({ most: Number.isFinite(most) ? most : null });
    },
  };
}

/** Null when the path is not under the proxy's prefix. `mostBytes` is what the switch above says. */
export async function answerThroughProxy(
  world: World,
  { asked, shop, mostBytes }: { asked: Asked; shop: string; mostBytes: number },
): Promise<Reply | null> {
  const under = proxyPath(world);
  if (asked.path !== under && !asked.path.startsWith(`${under}/`)) return null;
  if (asked.body.length > mostBytes) return html("<h1>413 Request Entity Too Large</h1>", 413);
  const appUrl = world.appUrl();
  if (!appUrl) return html("The sandbox was not told where the app is.", 502);
  const target = new URL(
    new URL(world.local.config.proxy.url, appUrl).pathname + asked.path.slice(under.length),
    appUrl,
  );
  const query = new URLSearchParams(asked.url.search);
  query.set("shop", shop);
  query.set("logged_in_customer_id", "");
  query.set("path_prefix", under);
  query.set("timestamp", String(Math.floor(Date.now() / 1000)));
  query.set("signature", proxySignature(query, world.secrets().at(-1) ?? ""));
  target.search = query.toString();
  return forward(target, asked, shop);
}

// Everybody here is on loopback; each visitor, known by the cart's cookie, gets an address of a range for tests
// (RFC 2544), so that what an app allows an address is counted for each of them alone.
function addressOf({ cookies }: Asked): string {
  const [one = 0, other = 0] = createHash("sha256")
    .update(cookies["cart"] ?? "")
    .digest();
  return `198.18.${one}.${other}`;
}

// What comes back. Whether Shopify passes a page's own policy on is not documented; it does here, where it is strictest.
const keptBack = [
  "cache-control",
  "content-security-policy",
  "location",
  "retry-after",
  "x-content-type-options",
  "content-disposition",
  "etag",
];

function forward(target: URL, asked: Asked, shop: string): Promise<Reply> {
  const headers: Record<string, string | string[]> = {
    "x-forwarded-host": shop,
    "x-forwarded-for": addressOf(asked),
    "content-length": String(asked.body.length),
  };
  for (const [name, value] of Object.entries(asked.headers)) {
    if (value !== undefined && passed.has(name)) headers[name] ??= value;
  }
  return new Promise((resolve) => {
    const outgoing = httpRequest(target, { method: asked.method, headers }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => {
        const { "content-type": type = "text/html" } = answer.headers;
        const kept = Object.fromEntries(
          keptBack.flatMap((name) =>
            typeof answer.headers[name] === "string" ? [[name, answer.headers[name]]] : [],
          ),
        );
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
