// A Shopify of one's own on one loopback port: token endpoint, Admin API, webhooks, storefront and admin,
// for as many shops as asked for. It knows the app only by its URL and imports nothing of it.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { createAdminApi, type AdminFault, type AdminRequest } from "./admin-api/endpoint.ts";
import type { BucketSize } from "./admin-api/cost.ts";
import { handleOf } from "./admin-frame/handle.ts";
import { adminPages } from "./admin-frame/pages.ts";
import { startAppFrameProxy } from "./admin-frame/pass-through.ts";
import { createBulk, type BulkOperations } from "./bulk-operations.ts";
import { answerControl } from "./control.ts";
import { html, json, notFound, readAsked, send, type Asked, type Reply } from "./http.ts";
import { sequence } from "./ids.ts";
import { close, listen } from "./listen.ts";
import { createShop, type ShopHandle } from "./shop.ts";
import { createStore, type Ids } from "./store.ts";
import { storefront } from "./storefront/pages.ts";
import { readAppConfig, type AppConfig } from "./subscriptions.ts";
import { createTokens, type TokenIssue } from "./tokens.ts";
import { createSender, shopifySchedule, type Delivery } from "./webhooks.ts";

export { adminSchema, requiredAccess, type RequiredAccess } from "./schema.ts";
export { missingScopes } from "./scopes.ts";
export { findVariant, person, type Store } from "./store.ts";
export type { ShopHandle } from "./shop.ts";
export type { AdminFault, AdminRequest } from "./admin-api/endpoint.ts";
export type { BulkPlan, BulkRecord } from "./bulk-operations.ts";
export type { Delivery } from "./webhooks.ts";
export type { TokenIssue } from "./tokens.ts";
export type * from "./types.ts";

/** Everything has a default: `startShopify()` is one shop on a free port. */
export interface ShopifyOptions {
  /** 0 or absent: any free port. */
  port?: number;
  /** Port of the pass-through in front of the app that the admin's iframe loads; 0 or absent: any. */
  appProxyPort?: number;
  /** Where webhooks, the app proxy and the iframe go. May be set later with `pointAt`. */
  appUrl?: string;
  apiKey?: string;
  apiSecret?: string;
  /** Revoked only later: webhooks are signed with the oldest of them, as Shopify does while a rotation runs. */
  previousSecrets?: string[];
  shop?: string;
  /** Several shops in one server; the first is the default one. */
  shops?: string[];
  now?: () => Date;
  tokenSeconds?: number;
  /** Seconds before each further try of a failed webhook. */
  retrySchedule?: number[];
  /** Tries failed webhooks again by itself, every so many seconds. Off in tests, which call `retryDue`. */
  retryEverySeconds?: number;
  /** false: webhooks only collect. */
  deliver?: boolean;
  /** The Admin API's bucket, Shopify Plus by default. Standard is { size: 2000, restorePerSecond: 100 }. */
  bucket?: BucketSize;
  /** First order id; "9007199254740993" makes every order's id one that a JavaScript number cannot hold. */
  orderIdsFrom?: string;
  /** The app's shopify.app.toml; the repository's own by default. */
  config?: AppConfig;
  keepBodies?: number;
  /** How many bulk operations a shop may run at once: 1, the strictest, by default; Shopify's own are five. */
  bulkAtOnce?: number;
  /** What their download addresses begin with, e.g. "https://demo.myshopify.com"; this server by default. */
  bulkFilesAt?: string;
}

/** The server and its default shop in one: the deeds of ShopHandle are done in the first shop. */
export interface LocalShopify extends ShopHandle {
  url: string;
  port: number;
  apiKey: string;
  apiSecret: string;
  /** The app as the browser loads it inside the admin; the app's own public URL in a demo. */
  appProxyUrl: string;
  adminUrl: string;
  config: AppConfig;
  addShop(domain: string): ShopHandle;
  forShop(domain: string): ShopHandle;
  shops(): ShopHandle[];
  pointAt(appUrl: string): void;
  deliveries(): Delivery[];
  retryDue(now?: Date): Promise<void>;
  settled(): Promise<void>;
  fault(fault: AdminFault): void;
  clearFaults(): void;
  adminRequests(): AdminRequest[];
  /** Bulk operations of all shops: what goes wrong with them is planned here. */
  bulk: BulkOperations;
  tokensIssued(): TokenIssue[];
  stop(): Promise<void>;
}

const appToml = new URL("../../shopify.app.toml", import.meta.url);

/** Starts the server on loopback. Stop it, or its port stays taken. */
export async function startShopify(options: ShopifyOptions = {}): Promise<LocalShopify> {
  const now = options.now ?? (() => new Date());
  const config = options.config ?? readAppConfig(appToml);
  const apiKey = options.apiKey ?? "makerlane-demo";
  const apiSecret = options.apiSecret ?? "makerlane-demo-secret";
  const secrets = () => [apiSecret, ...(options.previousSecrets ?? [])];
  let appUrl = options.appUrl;

  const server = createServer();
  await listen(server, options.port ?? 0);
  const port = (server.address() as AddressInfo).port;
  const url = `http://127.0.0.1:${port}`;

  const tokens = createTokens({
    apiKey,
    secrets,
    scopes: config.scopes,
    seconds: options.tokenSeconds ?? 3600,
    now,
  });
  const sender = createSender({
    config,
    now,
    retrySchedule: options.retrySchedule ?? shopifySchedule,
    deliver: options.deliver ?? true,
    secret: () => secrets().at(-1) ?? apiSecret,
    appUrl: () => appUrl,
    keepBodies: options.keepBodies ?? 2000,
  });
  const ids: Ids = {
    order: sequence(options.orderIdsFrom ?? "6100000000001"),
    line: sequence("15200000000001"),
    fulfillmentOrder: sequence("7200000000001"),
    fulfillmentOrderLine: sequence("15900000000001"),
    fulfillment: sequence("5500000000001"),
    fulfillmentLine: sequence("13100000000001"),
    product: sequence("8300000000001"),
    variant: sequence("44000000000001"),
    inventoryItem: sequence("46000000000001"),
    image: sequence("35000000000001"),
    other: sequence("2900000000001"),
  };
  const shops = new Map<string, ShopHandle>();
  const addShop = (domain: string): ShopHandle => {
    const known = shops.get(domain);
    if (known) return known;
    const added = createShop({ store: createStore({ domain, index: shops.size, ids, now }), sender, tokens });
    added.install();
    added.store.picturesAt = url;
    shops.set(domain, added);
    return added;
  };
  const forShop = (domain: string): ShopHandle => {
    const found = shops.get(domain);
    if (!found) throw new Error(`there is no shop ${domain} here`);
    return found;
  };
  const first = addShop(options.shops?.[0] ?? options.shop ?? "demo.myshopify.com");
  for (const domain of options.shops ?? []) addShop(domain);

  const bulk = createBulk({
    now,
    atOnce: options.bulkAtOnce ?? 1,
    filesAt: () => options.bulkFilesAt ?? url,
    emit: ({ domain }, body) =>
      void sender.emit({ topic: "bulk_operations/finish", shop: domain, body: JSON.stringify(body) }),
  });

  const adminApi = createAdminApi({
    bucket: options.bucket ?? { size: 20_000, restorePerSecond: 1000 },
    now,
    keep: 20_000,
    context: (store) => ({
      apiKey,
      appUrl: appUrl ?? "",
      scopes: config.scopes,
      bulk,
      emit: (topics, of) => void forShop(store.domain).emit(topics, of),
    }),
  });

  const appFrame = await startAppFrameProxy({ port: options.appProxyPort ?? 0, appUrl: () => appUrl });
  const timer = options.retryEverySeconds
    ? setInterval(() => void sender.retryDue(), options.retryEverySeconds * 1000)
    : undefined;
  timer?.unref();

  const local: LocalShopify = {
    ...first,
    url,
    port,
    apiKey,
    apiSecret,
    appProxyUrl: appFrame.url,
    adminUrl: `${url}/store/${handleOf(first.shop)}`,
    config,
    addShop,
    forShop,
    shops: () => [...shops.values()],
    pointAt: (to) => void (appUrl = to),
    deliveries: sender.deliveries,
    retryDue: sender.retryDue,
    settled: sender.settled,
    fault: adminApi.addFault,
    clearFaults: adminApi.clearFaults,
    adminRequests: adminApi.requests,
    bulk,
    tokensIssued: () => tokens.issues,
    async stop() {
      clearInterval(timer);
      sender.stop();
      await Promise.all([close(server), appFrame.stop(), bulk.stop()]);
    },
  };

  const world: World = { local, secrets, appUrl: () => appUrl };
  const shopPages = storefront(world);
  const frame = adminPages(world);

  async function answer(asked: Asked, response: ServerResponse): Promise<Reply | null> {
    const shop = shopFor(asked);
    if (!shop) return notFound("There is no such shop here.");
    if (asked.path === "/admin/oauth/access_token" && asked.method === "POST") {
      const { status, body } = tokens.answer(shop.shop, readBody(asked));
      return json(body, status);
    }
    if (/^\/admin\/api\/[\w-]+\/graphql\.json$/.test(asked.path) && asked.method === "POST") {
      const given = asked.headers["x-shopify-access-token"];
      const token = tokens.accepts(shop.shop, typeof given === "string" ? given : undefined);
      const reply = await adminApi.answer({ store: shop.store, token, raw: asked.body.toString("utf8") });
      if (!("wire" in reply)) return reply;
      if (reply.wire === "cut") response.destroy();
      return null;
    }
    if (await bulk.serve(asked, response)) return null;
    if (asked.path.startsWith("/_sandbox/")) return answerControl({ local, adminApi }, asked);
    return (await frame(asked)) ?? (await shopPages(asked, shop));
  }

  /** By the header of the redirect, else by the cookie of the browser, else the default shop. */
  function shopFor(asked: Asked): ShopHandle | undefined {
    const host = asked.headers["x-standin-host"] ?? asked.url.searchParams.get("standin_shop");
    if (typeof host === "string") return shops.get(host);
    return shops.get(asked.cookies["standin_shop"] ?? "") ?? first;
  }

  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    readAsked(request, url)
      .then((asked) => answer(asked, response))
      .then((reply) => reply && send(response, reply))
      .catch((error: unknown) => {
        const text = error instanceof Error ? error.message : "failed";
        send(response, request.url?.startsWith("/_sandbox/") ? json({ error: text }, 400) : html(text, 500));
      });
  });
  return local;
}

/** What pages and endpoints of the sandbox share. */
export interface World {
  local: LocalShopify;
  secrets: () => string[];
  appUrl: () => string | undefined;
}

function readBody(asked: Asked): unknown {
  const text = asked.body.toString("utf8");
  if (!String(asked.headers["content-type"]).includes("json"))
    return Object.fromEntries(new URLSearchParams(text));
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
