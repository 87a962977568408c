// The whole world of a scenario: the local Shopify, three vendors, the app's webhook door and its road, on a real
// database. Nothing runs by itself: `rest()` lets the worker's steps run until nothing is due.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach } from "vitest";
import { sealToken } from "#app/session-storage.server.ts";
import { dora } from "#app/vendors/dora/index.ts";
import { createWebhookDoor } from "#app/webhook-door.server.ts";
import type { World } from "#app/world.server.ts";
import { findVariant, startShopify, type LocalShopify } from "#sandbox/shopify/index.ts";
import { startDora } from "#sandbox/vendors/dora.ts";
import { startDot } from "#sandbox/vendors/dot.ts";
import { startOms } from "#sandbox/vendors/oms.ts";
import type { StandIn } from "#sandbox/vendors/stand-in.ts";
import { memoryCalls } from "#test/vendors/calls.ts";
import { testDatabase, type TestDatabase } from "./database.ts";
import { photoHost } from "./photos.ts";
import { shopifyIsAt } from "./redirect.ts";
import {
  aConnection,
  aMapping,
  aShop,
  aWorld,
  drain,
  hostOf,
  partsOf,
  type ConnectionInput,
  type PartRow,
} from "./road.ts";
import { orderId } from "#app/orders/order-id.ts";

/** The kit, the print and the ring of the demo shop, by SKU. */
export const kitSku = "DOT/VF/40X50/W/BLACK/STD";
export const printSku = "MAP-A3";
export const ringSku = "RING-2P-52";

export interface Town {
  readonly database: TestDatabase;
  readonly shopify: LocalShopify;
  readonly dot: StandIn;
  readonly oms: StandIn;
  readonly dora: StandIn;
  readonly world: World;
  /** The app's webhook door; `open` says whether its database is there. */
  readonly doorUrl: string;
  /** Connects a vendor with settings that work, changed by `changes`, and maps the demo product that it makes. */
  connect(vendor: "dot" | "oms" | "dora", changes?: Partial<ConnectionInput>): Promise<string>;
  /** Connects all three. */
  connectAll(): Promise<void>;
  /** A cart line of the demo shop with what the product needs to be made. */
  line(sku: string, quantity?: number): { sku: string; quantity: number; properties: Record<string, string> };
  /** Lets every step run until nothing is due. */
  rest(): Promise<void>;
  /** The parts of a Shopify order, by vendor. */
  parts(shopifyId: string): Promise<PartRow[]>;
  /** An Order row, as the merchant's list shows it. */
  order(shopifyId: string): Promise<{ id: string; status: string; sentence: string | null } | undefined>;
  story(shopifyId: string): Promise<string[]>;
}

/** Builds the town for a test file; it is emptied before each test. */
export function aTown(): Town {
  const database = testDatabase();
  const photos = photoHost();
  let made:
    | {
        shopify: LocalShopify;
        dot: StandIn;
        oms: StandIn;
        dora: StandIn;
        world: ReturnType<typeof aWorld>;
        server: Server;
        doorUrl: string;
      }
    | undefined;
  const town = (): NonNullable<typeof made> => {
    if (!made) throw new Error("the town is not built yet");
    return made;
  };

  beforeAll(async () => {
    const [dot, oms, doraStandIn] = await Promise.all([
      startDot({ port: 0 }),
      startOms({ port: 0 }),
      startDora({ port: 0 }),
    ]);
    const world = aWorld(
      database.pool,
      [dot, oms, doraStandIn].map(({ url }) => hostOf(url)).concat(hostOf(photos.url())),
    );
    const door = createWebhookDoor({
      db: database.pool,
      secrets: ["makerlane-demo-secret"],
      wake: () => undefined,
    });
    const server = createServer(door);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const doorUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const shopify = await startShopify({ port: 0, appUrl: doorUrl });
    made = { shopify, dot, oms, dora: doraStandIn, world, server, doorUrl };
  });
  beforeEach(async () => {
    const { shopify, ...vendors } = town();
    for (const standIn of [vendors.dot, vendors.oms, vendors.dora]) {
      standIn.reset();
      standIn.clearFaults();
    }
    shopify.clearFaults();
    shopifyIsAt(shopify.url);
    await aShop(database.pool, shopify.shop);
    await aSession(database, shopify);
  });
  afterAll(async () => {
    const { shopify, world, server, ...vendors } = town();
    server.closeAllConnections();
    server.close();
    await Promise.all([
      shopify.stop(),
      vendors.dot.stop(),
      vendors.oms.stop(),
      vendors.dora.stop(),
      world.close(),
    ]);
  });

  const variantOf = (sku: string): string => {
    const found = findVariant(town().shopify.store, { sku });
    if (!found) throw new Error(`the demo shop has no ${sku}`);
    return found.id;
  };
  const recipes: Record<
    "dot" | "oms" | "dora",
    () => { settings: Record<string, unknown>; sku: string; product: unknown }
  > = {
    dot: () => ({
      settings: { baseUrl: town().dot.url, apiKey: "mge_sk_demo", brandId: 116 },
      sku: kitSku,
      product: { sku: kitSku },
    }),
    oms: () => ({
      settings: {
        baseUrl: town().oms.url,
        token: "oms_demo",
        storeId: "S1",
        defaultShippingCode: "STANDARD",
      },
      sku: printSku,
      product: {},
    }),
    dora: () => ({
      settings: { baseUrl: town().dora.url, username: "dealer", password: "dora_demo" },
      sku: ringSku,
      product: undefined,
    }),
  };
  const self: Town = {
    database,
    get shopify() {
      return town().shopify;
    },
    get dot() {
      return town().dot;
    },
    get oms() {
      return town().oms;
    },
    get dora() {
      return town().dora;
    },
    get world() {
      return town().world;
    },
    get doorUrl() {
      return town().doorUrl;
    },
    connect: async (vendor, changes = {}) => {
      const recipe = recipes[vendor]();
      const { settings, sku } = recipe;
      const product = vendor === "dora" ? await pickRing(settings, town().world) : recipe.product;
      const connectionId = await aConnection(database.pool, {
        vendor,
        shop: town().shopify.shop,
        ...changes,
        settings: { ...settings, ...changes.settings },
      });
      await aMapping(database.pool, {
        variantId: variantOf(sku),
        connectionId,
        product,
        domain: town().shopify.shop,
      });
      return connectionId;
    },
    connectAll: async () => {
      await self.connect("dot");
      await self.connect("oms");
      await self.connect("dora");
    },
    line: (sku, quantity = 1) => {
      const properties: Record<string, string> =
        sku === kitSku
          ? { _dot_asset_url: photos.url() }
          : sku === printSku
            ? {
                _template_config: encodeURIComponent('{"town":"Łódź","words":"50% us"}'),
                _thumbnail: "https://cdn.example.com/t.png",
                Colour: "Red",
              }
            : sku === ringSku
              ? { "Ring size": "52" }
              : {};
      return { sku, quantity, properties };
    },
    rest: async () => {
      await town().shopify.settled();
      await drain(town().world);
    },
    parts: (shopifyId) => partsOf(database.pool, orderId(town().shopify.shop, shopifyId)),
    order: async (shopifyId) =>
      (
        await database.pool.query<{ id: string; status: string; sentence: string | null }>(
          `SELECT id, status, sentence FROM "Order" WHERE "shopifyId" = $1`,
          [shopifyId],
        )
      ).rows[0],
    story: async (shopifyId) =>
      (
        await database.pool.query<{ sentence: string }>(
          `SELECT t.sentence FROM "TimelineEntry" t JOIN "Order" o ON o.id = t."orderId" WHERE o."shopifyId" = $1 ORDER BY t.id`,
          [shopifyId],
        )
      ).rows.map(({ sentence }) => sentence),
  };
  return self;
}

// The two-part solitaire as the merchant would pick it from Dora's list, with a size the shopper can name.
async function pickRing(settings: Record<string, unknown>, world: World): Promise<Record<string, unknown>> {
  const login = await dora.login?.(settings, memoryCalls({ vendor: dora, settings, http: world.http }));
  const rings = await dora.products?.(
    settings,
    "5102",
    memoryCalls({ vendor: dora, settings, http: world.http, token: login?.token ?? "" }),
  );
  const config = rings?.[0]?.config;
  const [size] = (config?.["sizes"] ?? []) as { sizeMm: number }[];
  if (!config || !size) throw new Error("Dora's list has no solitaire");
  return { ...config, sizes: [{ label: "52", sizeMm: size.sizeMm }] };
}

// What opening the app once leaves behind: an offline token that Shopify accepts, sealed.
async function aSession(database: TestDatabase, shopify: LocalShopify): Promise<void> {
  const { shop } = shopify;
  const token = shopify.grantToken();
  await database.pool.query(
    `INSERT INTO "Session" (id, shop, state, scope, expires, "accessToken", "refreshToken", "refreshTokenExpires")
     VALUES ($1, $2, '', $3, now() + interval '60 minutes', $4, $5, now() + interval '90 days')`,
    [
      `offline_${shop}`,
      shop,
      shopify.config.scopes.join(","),
      sealToken(token.accessToken, { column: "accessToken", shop }),
      sealToken(token.refreshToken ?? "", { column: "refreshToken", shop }),
    ],
  );
}
