// The peer: a webhook route as Shopify's app template has it, served by Remix as the template serves it: the library
// checks the signature and loads the shop's session through Prisma, the route answers 200. It stores nothing.
// Source: Shopify/shopify-app-template-remix, app/shopify.server.ts and app/routes/webhooks.app.uninstalled.tsx, read
// 2026-11-22. Left out in its favour: the request log and compression of remix-serve, the route's own log line.
import "@shopify/shopify-app-remix/adapters/node";
import type { AddressInfo } from "node:net";
import { PrismaPg } from "@prisma/adapter-pg";
import { PrismaClient } from "@prisma/client";
import { createRequestHandler } from "@remix-run/express";
import type { ActionFunctionArgs, ServerBuild } from "@remix-run/node";
import { LogSeverity } from "@shopify/shopify-api";
import { ApiVersion, AppDistribution, shopifyApp } from "@shopify/shopify-app-remix/server";
import { PrismaSessionStorage } from "@shopify/shopify-app-session-storage-prisma";
import express from "express";

const given = (name: string): string => process.env[name] ?? "";

const prisma = new PrismaClient({
  adapter: new PrismaPg({ connectionString: given("DATABASE_URL"), max: 10 }),
});
const shopify = shopifyApp({
  apiKey: given("SHOPIFY_API_KEY"),
  apiSecretKey: given("SHOPIFY_API_SECRET"),
  apiVersion: ApiVersion.October26,
  appUrl: given("SHOPIFY_APP_URL"),
  authPathPrefix: "/auth",
  sessionStorage: new PrismaSessionStorage(prisma),
  distribution: AppDistribution.AppStore,
  future: { unstable_newEmbeddedAuthStrategy: true, expiringOfflineAccessTokens: true },
  logger: { level: LogSeverity.Error },
});

async function action({ request }: ActionFunctionArgs): Promise<Response> {
  const { session } = await shopify.authenticate.webhook(request);
  // A handler without the session would be let off the SELECT that the library makes for it.
  return new Response(null, { status: session ? 200 : 500 });
}

const build: ServerBuild = {
  mode: "production",
  entry: { module: { default: () => new Response("no page", { status: 404 }) } },
  routes: {
    "routes/webhooks": {
      id: "routes/webhooks",
      path: "webhooks/orders",
      module: { action } as ServerBuild["routes"][string]["module"],
    },
  },
  assets: { entry: { module: "", imports: [] }, routes: {}, url: "", version: "bench" },
  publicPath: "/",
  assetsBuildDirectory: "build/client",
  basename: "/",
  future: {
    v3_fetcherPersist: true,
    v3_relativeSplatPath: true,
    v3_throwAbortReason: true,
    v3_singleFetch: true,
    v3_lazyRouteDiscovery: true,
  },
  isSpaMode: false,
};

const app = express();
app.disable("x-powered-by");
app.all("*", (request, response, next) => {
  void remix(request, response, next);
});
const remix = createRequestHandler({ build, mode: "production" });
const server = app.listen(0, "127.0.0.1", () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ url: `http://127.0.0.1:${port}`, port })}\n`);
});
server.keepAliveTimeout = 65_000;
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => process.exit(0));
