// The door for storefronts: Shopify forwards a shopper's request with a signed query. Which shop asks is only what
// that signature says (shopify.dev, authenticate app proxies, read 2026-11-22). The body is not signed.
import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import type { Sql } from "../db.server.ts";
import { env } from "../env.server.ts";

/** Who asks, by a signature that was checked. The same for a request that came by a signed link of an order. */
export interface Visitor {
  shop: string;
  /** Where the visitor's browser reaches our answers: "/apps/dot". Links are built on it. */
  base: string;
  /** The address of the browser, as Shopify saw it. */
  address: string;
  /** The host of the storefront: "kits.example.com". */
  host: string;
  /** Shopify's number of the shopper, when logged in. */
  customerId?: string | undefined;
}

/** The words of a refusal; the storefront has the sentences for them. */
export type RefusalCode =
  | "too_big"
  | "type"
  | "too_small"
  | "too_many_pixels"
  | "busy"
  | "quota"
  | "expired"
  | "gone"
  | "preview_failed"
  | "not_offered"
  | "bad_request"
  | "unavailable";

// "nosniff" stands on every answer of the web process already; said here as well it would be there twice.
const ownHeaders = { "cache-control": "no-store" };

/** A JSON answer for the storefront; nothing between us and the browser may keep it. */
export function answerJson(value: unknown, status = 200): Response {
  return Response.json(value, { status, headers: ownHeaders });
}

/** A refusal; `seconds` says when to come again. */
export function refuse(code: RefusalCode, status: number, seconds?: number): Response {
  const error = { code, ...(seconds !== undefined && { seconds }) };
  const headers = { ...ownHeaders, ...(seconds !== undefined && { "retry-after": String(seconds) }) };
  return Response.json({ error }, { status, headers });
}

const toleranceSeconds = 300;
const hostName = /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?(?::\d{1,5})?$/;
const asked = z.object({
  shop: z.string().regex(/^[a-z0-9][a-z0-9-]*\.myshopify\.com$/),
  path_prefix: z.string().regex(/^\/(a|apps|community|tools)\/[\w-]{1,64}$/),
  timestamp: z.string().regex(/^\d{1,12}$/),
  logged_in_customer_id: z.string().regex(/^\d{0,20}$/),
});

/**
 * Checks a forwarded request and answers with its visitor. Throws a Response: 403 for one that Shopify did not sign,
 * or signed more than five minutes from `now` (the tolerance is ours, none is documented), or for a shop without the
 * app. Learns the proxy's path and the storefront's host, both of which a merchant can change.
 */
export async function readProxy(sql: Sql, request: Request, now: Date = new Date()): Promise<Visitor> {
  const query = new URL(request.url).searchParams;
  if (!isSigned(query)) throw refuse("bad_request", 403);
  const given = asked.safeParse({
    shop: single(query, "shop"),
    path_prefix: single(query, "path_prefix"),
    timestamp: single(query, "timestamp"),
    logged_in_customer_id: single(query, "logged_in_customer_id") ?? "",
  });
  if (!given.success) throw refuse("bad_request", 403);
  const { shop, path_prefix: base, timestamp, logged_in_customer_id: customerId } = given.data;
  if (Math.abs(now.getTime() / 1000 - Number(timestamp)) > toleranceSeconds) throw refuse("bad_request", 403);
  // Only now are Shopify's headers believed: whoever cannot sign cannot claim an address or a host.
  const host = readHost(request.headers.get("x-forwarded-host")) ?? shop;
  await meet(sql, { shop, base, host });
  return {
    shop,
    base,
    host,
    address: readAddress(request.headers.get("x-forwarded-for")),
    ...(customerId && { customerId }),
  };
}

function single(query: URLSearchParams, name: string): string | undefined {
  const values = query.getAll(name);
  return values.length === 1 ? values[0] : undefined;
}

// Every pair as `key=value` with several values joined by commas, sorted, joined without anything between.
function isSigned(query: URLSearchParams): boolean {
  const given = Buffer.from(single(query, "signature") ?? "", "latin1");
  const text = [...new Set(query.keys())]
    .filter((key) => key !== "signature")
    .map((key) => `${key}=${query.getAll(key).join(",")}`)
    .sort()
    .join("");
  return [env.SHOPIFY_API_SECRET, env.SHOPIFY_API_SECRET_PREVIOUS].filter(Boolean).some((secret) => {
    const right = Buffer.from(createHmac("sha256", secret).update(text).digest("hex"), "latin1");
    return given.length === right.length && timingSafeEqual(given, right);
  });
}

function readHost(header: string | null): string | undefined {
  const host = header?.split(",")[0]?.trim().toLowerCase();
  return host && hostName.test(host) ? host : undefined;
}

// The first entry is the browser's: Shopify puts it there, and what proxies of ours add comes behind it.
function readAddress(header: string | null): string {
  const address = header?.split(",")[0]?.trim() ?? "";
  return address !== "" && address.length <= 64 ? address : "unknown";
}

const mostHosts = 20;

async function meet(sql: Sql, { shop, base, host }: Pick<Visitor, "shop" | "base" | "host">): Promise<void> {
  const { rows } = await sql.query<{ isNews: boolean }>(
    `SELECT "proxyPath" IS DISTINCT FROM $2 OR NOT $3 = ANY("hosts") AS "isNews" FROM "Shop" WHERE "shop" = $1 AND "uninstalledAt" IS NULL`,
    [shop, base, host],
  );
  if (!rows[0]) throw refuse("unavailable", 403);
  if (rows[0].isNews)
    await sql.query(
      `UPDATE "Shop" SET "proxyPath" = $2, "hosts" = (array_prepend($3, array_remove("hosts", $3)))[1:${mostHosts}] WHERE "shop" = $1`,
      [shop, base, host],
    );
}

const mostJson = 16 * 1024;

/** Reads a small JSON body by its schema, whatever content type it came with; throws a Response when it does not fit. */
export async function readJson<T>(request: Request, schema: z.ZodType<T>): Promise<T> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body?.getReader();
  for (let part = await reader?.read(); part && !part.done; part = await reader?.read()) {
    size += part.value.length;
    if (size > mostJson) throw refuse("bad_request", 413);
    chunks.push(part.value);
  }
  let value: unknown;
  try {
    value = JSON.parse(Buffer.concat(chunks).toString());
  } catch {
    throw refuse("bad_request", 400);
  }
  const read = schema.safeParse(value);
  if (!read.success) throw refuse("bad_request", 400);
  return read.data;
}

/** A browser's own token: 128 random bits in hex. It stands for nobody but the browser that made it. */
export const browserToken = z.string().regex(/^[0-9a-f]{32}$/);

/** Shopify's number of a product or a variant, as text. */
export const shopifyNumber = z.string().regex(/^\d{1,20}$/);

/** Our own id of a picture or a preview. */
export const ownId = z.uuid();
