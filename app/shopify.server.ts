// How a merchant gets in: Shopify's library checks the session token, and exchanges it for an offline token when
// the shop has none. Pages ask `authenticate.admin`; the worker never comes here (app/shopify/token.server.ts).
import "@shopify/shopify-app-remix/adapters/node";
import { LogSeverity } from "@shopify/shopify-api";
import { ApiVersion, AppDistribution, shopifyApp } from "@shopify/shopify-app-remix/server";
import { env } from "./env.server.ts";
import { log } from "./log.server.ts";
import { createSessionStorage } from "./session-storage.server.ts";
import { welcomeShop } from "./shopify/installation.server.ts";
import { world } from "./world.server.ts";

const { db } = await world();

const shopify = shopifyApp({
  apiKey: env.SHOPIFY_API_KEY,
  apiSecretKey: env.SHOPIFY_API_SECRET,
  appUrl: env.SHOPIFY_APP_URL,
  apiVersion: ApiVersion.October26,
  distribution: AppDistribution.AppStore,
  authPathPrefix: "/auth",
  sessionStorage: createSessionStorage(db),
  future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
  hooks: {
    // Runs after every token exchange: at the first install, after a re-install, and when a token had run out.
    afterAuth: async ({ session }) => {
      await welcomeShop(db, session.shop);
    },
  },
  // Not below warning: the library's debug lines hold whole session tokens.
  logger: {
    level: LogSeverity.Warning,
    log: (severity, message) => {
      if (severity === LogSeverity.Error) log.error({ message }, "shopify.library");
      else log.warn({ message }, "shopify.library");
    },
  },
});

type Authenticated = Awaited<ReturnType<typeof shopify.authenticate.admin>>;
const first = new Map<string, Promise<unknown>>();

// The first document of a shop runs the parent's and the child's loader at once, and each would exchange the same
// session token (measured: two exchanges). So the others wait for the first, and then find its session.
async function admin(request: Request): Promise<Authenticated> {
  const { searchParams } = new URL(request.url);
  if (!isShop(searchParams.get("shop")) || !isReadableHost(searchParams.get("host")))
    throw new Response(null, { status: 302, headers: { location: "/auth/login" } });
  const token = request.headers.get("authorization") ?? new URL(request.url).searchParams.get("id_token");
  if (!token) return await shopify.authenticate.admin(request);
  const before = first.get(token);
  if (before) {
    await before.catch(() => undefined); // its own caller is told; we only wait for the session it leaves
    return await shopify.authenticate.admin(request);
  }
  const mine = shopify.authenticate.admin(request);
  first.set(token, mine);
  return await mine.finally(() => first.delete(token));
}

// The library's page that asks for a token may be framed by whatever `shop` says, unseen.
function isShop(shop: string | null): boolean {
  return shop === null || /^[a-z0-9][a-z0-9-]*\.myshopify\.com$/i.test(shop);
}

// The library decodes it unseen, and throws at anybody's nonsense as if something of ours had failed.
function isReadableHost(host: string | null): boolean {
  try {
    return host === null || URL.canParse(`https://${atob(host)}`);
  } catch {
    return false;
  }
}

/** Checks who asks. `authenticate.admin(request)` in every loader and action of the embedded pages. */
export const authenticate = { ...shopify.authenticate, admin };

/** The way in for a merchant who comes without Shopify's admin around the page. */
export const login = shopify.login;

/** Headers that let Shopify's admin, and nobody else, put a page of ours in its frame. */
export const addDocumentResponseHeaders = shopify.addDocumentResponseHeaders;

/** What the frame around all pages hands to AppProvider. `appBridgeUrl` is Shopify's own unless redirected. */
export const frame = { apiKey: env.SHOPIFY_API_KEY, appBridgeUrl: env.APP_BRIDGE_URL || undefined };
