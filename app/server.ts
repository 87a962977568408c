// The web process. In this order: health, the webhook door, files, pages. The first two are plain node, so that
// neither express nor Remix stands between Shopify and the inbox.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { createRequestHandler } from "@remix-run/express";
import type { ServerBuild } from "@remix-run/node";
import express from "express";
import { createAssets } from "./assets.server.ts";
import { createPool, databaseUrl } from "./db.server.ts";
import { describeEnv, env } from "./env.server.ts";
import { createHealth } from "./health.server.ts";
import { log } from "./log.server.ts";
import { createWaker } from "./queue.server.ts";
import { createWebhookDoor } from "./webhook-door.server.ts";

const url = await databaseUrl();
const doorPool = createPool(url, { max: 6, name: "door", planOnce: true });
const pool = createPool(url, { max: 3, name: "web" });
const waker = createWaker(pool);
let draining = false;

const health = await createHealth(pool, { draining: () => draining });
const door = createWebhookDoor({
  db: doorPool,
  secrets: [env.SHOPIFY_API_SECRET, env.SHOPIFY_API_SECRET_PREVIOUS].filter(Boolean),
  wake: () => waker.wake("intake"),
});
const pages = await createPages();

const server = createServer(
  {
    headersTimeout: 10_000,
    requestTimeout: 60_000,
    keepAliveTimeout: 65_000,
    connectionsCheckingInterval: 5_000,
  },
  (request: IncomingMessage, response: ServerResponse) => {
    // An answer that came before the body was read leaves the body in the connection: the next request on it would
    // wait behind it for ever.
    response.once("finish", () => {
      if (request.complete) return;
      request.removeAllListeners("data");
      request.resume();
    });
    if (isShopifys(request.url)) return door(request, response);
    if (health(request, response)) return;
    pages(request, response);
  },
);
server.listen(env.PORT, env.HOST, () => log.info({ ...describeEnv(env), listening: port() }, "web.started"));
for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void stop(signal));

function port(): number | undefined {
  const address = server.address();
  return address && typeof address === "object" ? address.port : undefined;
}

// Vendors call back below /webhooks/vendors/, signed in their own ways; a page's action takes those.
function isShopifys(address = ""): boolean {
  return address.startsWith("/webhooks/") && !address.startsWith("/webhooks/vendors/");
}

async function createPages(): Promise<express.Express> {
  const file = path.resolve("build/server/index.js");
  // The build is made by Vite and has no types; the shape is Remix's own.
  const build = (await import(pathToFileURL(file).href)) as ServerBuild;
  const app = express();
  app.disable("x-powered-by");
  // TLS ends at a proxy in front of us; only one on a private network is believed.
  app.set("trust proxy", ["loopback", "linklocal", "uniquelocal"]);
  app.use((_request, response, next) => {
    response.set({
      "Strict-Transport-Security": "max-age=31536000; includeSubDomains",
      "X-Content-Type-Options": "nosniff",
      "Referrer-Policy": "strict-origin-when-cross-origin",
      "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=()",
    });
    next();
  });
  app.use("/assets", await createAssets("build/client/assets"));
  app.use(
    "/assets",
    express.static("build/client/assets", { immutable: true, maxAge: "1y", fallthrough: false }),
  );
  app.use(express.static("build/client", { maxAge: "1h" }));
  // No request log: the addresses of embedded pages carry session tokens.
  app.all("*", createRequestHandler({ build, mode: env.NODE_ENV }));
  return app;
}

// What was begun is finished; what was not begun goes to another process.
async function stop(signal: string): Promise<void> {
  draining = true;
  log.info({ signal }, "web.stopping");
  const closed = new Promise((resolve) => server.close(resolve));
  // A kept-alive connection would hold the process for as long as its sender likes.
  const idle = setInterval(() => server.closeIdleConnections(), 100);
  const impatient = setTimeout(() => server.closeAllConnections(), 10_000);
  await closed;
  clearInterval(idle);
  clearTimeout(impatient);
  await waker.close();
  await Promise.all([doorPool.end(), pool.end()]);
  log.info("web.stopped");
  // The pages keep pools of their own; nothing of theirs is under way any more.
  process.exit(0);
}
