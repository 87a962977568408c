// What themes and extensions load from Shopify's CDN: served from another origin than the shop's pages, with the
// headers of a CDN, because a module that works only from the same origin would fail in every real shop.
import { readFileSync } from "node:fs";
import path from "node:path";
import type { Asked, Reply } from "../../http.ts";
import { extension } from "./block.ts";

const types: Record<string, string | undefined> = {
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".jpg": "image/jpeg",
  ".svg": "image/svg+xml",
};

/** What asset addresses begin with. Behind a forwarded port there is only the shop's own origin. */
export function cdnOf({ headers }: Asked): string {
  const [host, port] = String(headers.host).split(":");
  return host === "127.0.0.1" ? `http://localhost:${port ?? "80"}/cdn` : "/cdn";
}

const folders: Record<string, URL | undefined> = {
  extensions: new URL("assets/", extension),
  themes: new URL("assets/", import.meta.url),
};

/** `/cdn/extensions/…` and `/cdn/themes/…`; null for every other address. */
export function cdnFile(asked: Asked): Reply | null {
  const [, kind = "", name = ""] = /^\/cdn\/(\w+)\/([\w.-]+)$/.exec(asked.path) ?? [];
  const folder = folders[kind];
  const type = types[path.extname(name)];
  if (!folder || !type) return null;
  try {
    const body = readFileSync(new URL(name, folder));
    // Never cached: whoever edits a file sees it at the next reload.
    return {
      status: 200,
      body,
      type,
      headers: { "access-control-allow-origin": "*", "cache-control": "no-store" },
    };
  } catch {
    return null;
  }
}
