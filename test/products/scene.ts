// The products road in a test: a local Shopify whose webhooks come in at the app's door, dotcph's stand-in, one shop
// with a connection to it, and no clock but the test's.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { takeInbox } from "#app/inbox.ts";
import { publishing } from "#app/products/publishing.ts";
import { createWebhookDoor } from "#app/webhook-door.server.ts";
import type { World } from "#app/world.server.ts";
import type { LocalShopify, ProductInput, ProductRecord } from "#sandbox/shopify/index.ts";
import { startBrand, type BrandStandIn } from "#sandbox/vendors/brand.ts";
import { connectShop, localShopify, shop } from "#test/shopify/local-shop.ts";
import { testDatabase, type TestDatabase } from "#test/support/database.ts";
import { aWorld, hostOf } from "#test/support/road.ts";
import { aCatalogueConnection, settings } from "./connection.ts";

export { aCatalogueConnection, settings } from "./connection.ts";
export { shop };

/** A publication as the database has it. */
export interface PublicationRow {
  productId: string;
  state: string;
  wants: string;
  code: string | null;
  sentence: string | null;
  key: string | null;
  itemHash: string | null;
  keysThere: string[];
  tries: number;
}

export interface Scene {
  readonly database: TestDatabase;
  readonly shopify: LocalShopify;
  readonly brand: BrandStandIn;
  readonly world: World;
  /** The connection to dotcph that each test begins with. */
  readonly connectionId: string;
  /** Makes a product with one price and SKU; its webhook is on its way. */
  make(sku: string, more?: Partial<ProductInput>): Promise<ProductRecord>;
  /** Takes the demo's own products away, without a word. */
  clear(): void;
  /** Lets the door's webhooks be taken in and every piece of the road that is due run. */
  work(world?: World): Promise<void>;
  /** Everything that is due happens, so many seconds pass, and what is due then happens too. */
  after(seconds: number): Promise<void>;
  rows(): Promise<PublicationRow[]>;
  row(productId: string): Promise<PublicationRow | undefined>;
  /** What dotcph shows: SKU → name, active products only. */
  shown(): Record<string, string>;
  /** How many products each push held, in order. */
  pushes(): number[];
}

/** Runs everything of the road that is due, as the worker would. */
export async function work(world: World): Promise<void> {
  for (let rounds = 0; rounds < 400; rounds++) {
    const taken = await takeInbox(world);
    const started = await publishing(world, 4);
    await Promise.all(started);
    if (taken + started.length === 0) return;
  }
  throw new Error("the road does not come to rest");
}

/** Sets the scene for a test file; before each test it is as new. */
export function aScene(): Scene {
  const database = testDatabase();
  const there = localShopify({
    shop,
    bulkFilesAt: `https://${shop}`,
    bucket: { size: 20_000, restorePerSecond: 10_000_000 },
  });
  let brand: BrandStandIn | undefined;
  let world: ReturnType<typeof aWorld> | undefined;
  let door: Server | undefined;
  let connectionId = "";
  const made = <T>(thing: T | undefined): T => {
    if (thing === undefined) throw new Error("the scene is not set yet");
    return thing;
  };

  beforeAll(async () => {
    brand = await startBrand();
    world = aWorld(database.pool, [hostOf(brand.url)]);
    const { apiSecret } = there();
    const answer = createWebhookDoor({ db: database.pool, secrets: [apiSecret], wake: () => undefined });
    const server = createServer(answer);
    door = server;
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    there().pointAt(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  });
  beforeEach(async () => {
    made(brand).reset();
    self.clear();
    await connectShop(database, there());
    connectionId = await aCatalogueConnection(database.pool, { settings: settings(made(brand).url) });
  });
  afterEach(async () => {
    // What a test left behind must not knock at the next one's door.
    await there().settled();
    await there().bulk.settled();
  });
  afterAll(async () => {
    door?.closeAllConnections();
    door?.close();
    await world?.close();
    await brand?.stop();
  });

  const self: Scene = {
    database,
    get shopify() {
      return there();
    },
    get brand() {
      return made(brand);
    },
    get world() {
      return made(world);
    },
    get connectionId() {
      return connectionId;
    },
    make: (sku, more = {}) =>
      there().createProduct({ title: `Chair ${sku}`, variants: [{ sku, priceMinor: 10_000 }], ...more }),
    clear: () => {
      const { store } = there();
      store.products.clear();
      store.variants.clear();
    },
    work: async (other) => {
      await there().settled();
      await there().bulk.settled();
      await work(other ?? made(world));
    },
    after: async (seconds) => {
      await self.work();
      await database.later(`${seconds} seconds`);
      await self.work();
    },
    rows: async () =>
      (
        await database.pool.query<PublicationRow>(
          `SELECT * FROM "Publication" ORDER BY length("productId"), "productId"`,
        )
      ).rows,
    row: async (productId) => (await self.rows()).find((row) => row.productId === productId),
    shown: () =>
      Object.fromEntries(
        made(brand)
          .ledger()
          .flatMap(({ body, reference }) => {
            const row = body as { name: string; is_active: boolean };
            return row.is_active ? [[reference, row.name] as const] : [];
          }),
      ),
    pushes: () =>
      made(brand)
        .requests()
        .filter(({ method, path }) => method === "POST" && path.endsWith("/products"))
        .map(({ body }) => (body as { products: unknown[] }).products.length),
  };
  return self;
}
