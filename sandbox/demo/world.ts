// Everything the demo is made of, as processes: PostgreSQL, five vendors, a local Shopify, the app's web and worker.
// The app is started as in production; only its calls to Shopify are sent elsewhere, from outside (redirect.mjs).
import type { Child, Listen } from "./child.ts";
import { keepDatabase } from "./database.ts";
import { runNode } from "./run-node.ts";
import { createSupervisor, isApp, type OnDeath } from "./supervisor.ts";
import { freePorts } from "./ports.ts";

/** The vendors, in the order of the app's list; the last takes a catalogue and no orders. */
export const vendorIds = ["dot", "oms", "whcc", "dora", "brand"] as const;
export const orderVendorIds = ["dot", "oms", "whcc", "dora"] as const;
export type VendorId = (typeof vendorIds)[number];
export type OrderVendorId = (typeof orderVendorIds)[number];

export interface WorldOptions {
  /** Where PostgreSQL keeps its data. */
  folder: string;
  /** "name:key" as ENCRYPTION_KEYS has it. */
  encryptionKeys: string;
  /** false: any free ports, so that several worlds can run beside each other. */
  fixedPorts: boolean;
  /** How many workers; 1 when absent. */
  workers?: number;
  /** A PostgreSQL that is already there, instead of one of the world's own. */
  databaseUrl?: string;
  shops?: string[];
  /** How long a preview of MGE takes at least; 0 when absent. */
  previewSeconds?: number;
  /** More for the web process and the workers, e.g. LOG_LEVEL. */
  env?: Record<string, string>;
  listen: Listen;
  /** Told of every process that ended by itself; it is started again. */
  onDeath?: OnDeath;
}

export interface DemoWorld {
  shop: string;
  shopifyUrl: string;
  adminUrl: string;
  /** The app itself, behind the admin's frame. */
  appUrl: string;
  vendorUrls: Record<VendorId, string>;
  databaseUrl: string;
  apiSecret: string;
  /** The running process of a name: postgres, dot, oms, whcc, dora, brand, shopify, web, worker (worker 2, …). */
  child(name: string): Child | undefined;
  names(): string[];
  stop(): Promise<void>;
}

const preferred = {
  shopify: 4100,
  frame: 4101,
  web: 4102,
  dot: 4201,
  oms: 4202,
  dora: 4203,
  whcc: 4204,
  brand: 4205,
};
const apiKey = "makerlane-demo";
const apiSecret = "makerlane-demo-secret";
const redirect = new URL("../redirect.mjs", import.meta.url).href;

/** Starts the whole world on an empty database and answers when all of it is ready. */
export async function startWorld(options: WorldOptions): Promise<DemoWorld> {
  for (let tries = 1; ; tries++) {
    try {
      return await startOnce(options);
    } catch (error) {
      // Between finding a free port and listening there somebody else may take it: begin again with others.
      if (tries === 3 || !String(error).includes("EADDRINUSE")) throw error;
    }
  }
}

async function startOnce(options: WorldOptions): Promise<DemoWorld> {
  const shop = options.shops?.[0] ?? "demo.myshopify.com";
  const supervisor = createSupervisor(options.listen, options.onDeath);
  const { keep, child, names, stop } = supervisor;
  let env: Record<string, string> = {};
  // PostgreSQL came back under another address: the app's processes are started again with it.
  const moveTo = (url: string): void => {
    if (env["DATABASE_URL"] === url) return;
    env["DATABASE_URL"] = url;
    for (const name of names()) if (isApp(name)) void child(name)?.stop();
  };

  try {
    const ports = await choosePorts(options.fixedPorts);
    const databaseUrl = options.databaseUrl ?? (await keepDatabase(supervisor, options.folder, moveTo));
    const [, shopify, ...vendors] = await Promise.all([
      migrate(databaseUrl, options.encryptionKeys),
      keep({
        name: "shopify",
        args: shopifyArgs(ports, options.shops ?? [shop]),
      }),
      ...vendorIds.map((id) =>
        keep({ name: id, args: vendorArgs(id, ports[id], options.previewSeconds ?? 0) }),
      ),
    ]);
    const urlOf = (child: Child | undefined): string => String(child?.ready["url"] ?? "");
    const vendorUrls = Object.fromEntries(vendorIds.map((id, at) => [id, urlOf(vendors[at])])) as Record<
      VendorId,
      string
    >;
    const shopifyUrl = urlOf(shopify);
    const appUrl = `http://127.0.0.1:${ports.web}`;
    env = appEnv(options, { ports, vendorUrls, shopifyUrl, databaseUrl });
    await Promise.all([
      keep({ name: "web", args: ["app/server.ts"], env }),
      ...Array.from({ length: options.workers ?? 1 }, (_, n) =>
        keep({ name: n === 0 ? "worker" : `worker ${n + 1}`, args: ["app/worker.ts"], env }),
      ),
    ]);
    return {
      shop,
      shopifyUrl,
      adminUrl: `${shopifyUrl}/store/${shop.replace(/\.myshopify\.com$/, "")}/apps/makerlane/app`,
      appUrl,
      vendorUrls,
      databaseUrl,
      apiSecret,
      child,
      names,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

interface Places {
  ports: Ports;
  vendorUrls: Record<VendorId, string>;
  shopifyUrl: string;
  databaseUrl: string;
}

function appEnv(options: WorldOptions, places: Places): Record<string, string> {
  const { ports, vendorUrls, shopifyUrl, databaseUrl } = places;
  return {
    NODE_ENV: "production",
    NODE_OPTIONS: `--import=${redirect}`,
    SANDBOX_SHOPIFY_URL: shopifyUrl,
    SHOPIFY_API_KEY: apiKey,
    SHOPIFY_API_SECRET: apiSecret,
    SHOPIFY_APP_URL: `http://127.0.0.1:${ports.frame}`,
    APP_BRIDGE_URL: `${shopifyUrl}/app-bridge.js`,
    ENCRYPTION_KEYS: options.encryptionKeys,
    DATABASE_URL: databaseUrl,
    PORT: String(ports.web),
    ALLOWED_PRIVATE_HOSTS: [...Object.values(vendorUrls), shopifyUrl]
      .map((url) => new URL(url).host)
      .join(","),
    ...options.env,
  };
}

type Ports = Record<keyof typeof preferred, number>;

async function choosePorts(fixed: boolean): Promise<Ports> {
  const names = Object.keys(preferred) as (keyof Ports)[];
  const chosen = await freePorts(names.map((name) => (fixed ? preferred[name] : 0)));
  return Object.fromEntries(names.map((name, index) => [name, chosen[index]])) as Ports;
}

function vendorArgs(id: VendorId, port: number, previewSeconds: number): string[] {
  const slow = id === "dot" ? ["--preview-seconds", String(previewSeconds)] : [];
  return ["sandbox/vendors/serve.ts", id, "--port", String(port), ...slow];
}

function shopifyArgs(ports: Ports, shops: string[]): string[] {
  const flags = {
    "--port": ports.shopify,
    "--app-proxy-port": ports.frame,
    "--app": `http://127.0.0.1:${ports.web}`,
    "--shops": shops.join(","),
    "--key": apiKey,
    "--secret": apiSecret,
  };
  return [
    "sandbox/shopify/serve.ts",
    ...Object.entries(flags).flatMap(([flag, value]) => [flag, String(value)]),
  ];
}

async function migrate(databaseUrl: string, encryptionKeys: string): Promise<undefined> {
  const { code, said } = await runNode(["app/migrate.server.ts"], {
    DATABASE_URL: databaseUrl,
    SHOPIFY_API_KEY: apiKey,
    SHOPIFY_API_SECRET: apiSecret,
    SHOPIFY_APP_URL: "http://127.0.0.1",
    ENCRYPTION_KEYS: encryptionKeys,
  });
  if (code !== 0) throw new Error(`the migrations failed:\n${said}`);
}
