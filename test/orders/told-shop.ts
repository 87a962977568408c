// A local Shopify with one shop that has the app, on a database of its own, and orders whose parcels it is not told of.
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, beforeEach } from "vitest";
import { writeback } from "#app/orders/writeback.ts";
import { sealToken } from "#app/session-storage.server.ts";
import { startShopify, type LocalShopify } from "#sandbox/shopify/index.ts";
import type { FulfillmentRecord, OrderRecord } from "#sandbox/shopify/index.ts";
import { testDatabase, type TestDatabase } from "#test/support/database.ts";
import { cutShopify, shopifyIsAt } from "#test/support/redirect.ts";
import { aConnection, aPartRow, aWorld, shop } from "./rows.ts";

/** A parcel of some of an order's three prints; one piece with the number JD0146 unless it says otherwise. */
export interface ParcelInput {
  number?: string | null;
  quantity?: number;
}

export interface ToldShop {
  readonly database: TestDatabase;
  readonly shopify: LocalShopify;
  world(): ReturnType<typeof aWorld>;
  /** A paid order of three prints, its part at a vendor, and parcels that Shopify is not told of yet. */
  anOrderWith(
    parcels: ParcelInput[],
  ): Promise<{ orderId: string; vendorOrderId: string; order: OrderRecord; lineId: string }>;
  fulfillmentsOf(shopifyId: string): FulfillmentRecord[];
  /** How often fulfillmentCreate was asked for, whatever became of it. */
  creations(): number;
  /** Lets the step run for five minutes of the database's clock. */
  fiveMinutes(): Promise<void>;
}

/** Starts it for a test file; each test finds it without faults. */
export function aToldShop(): ToldShop {
  const database = testDatabase();
  let made: LocalShopify | undefined;
  const self: ToldShop = {
    database,
    get shopify() {
      if (!made) throw new Error("the local Shopify is not there yet");
      return made;
    },
    world: () => aWorld(database.pool),
    anOrderWith: async (parcels) => {
      const order = await self.shopify.checkout({ lines: [{ sku: "MAP-A3", quantity: 3 }] });
      const lineId = order.lines[0]?.id ?? "";
      const connection = await aConnection(database.pool);
      const part = await aPartRow(database.pool, {
        ...connection,
        shopifyId: order.id,
        name: order.name,
        lines: [{ lineId, quantity: 3 }],
        part: { status: "sent", sentAt: new Date() },
      });
      for (const [index, { number = "JD0146", quantity = 1 }] of parcels.entries())
        await database.pool.query(
          `INSERT INTO "Shipment" (id, shop, "vendorOrderId", parcel, carrier, "trackingNumber", lines) VALUES ($1, $2, $3, $4, 'DHL', $5, $6)`,
          [
            randomUUID(),
            shop,
            part.vendorOrderId,
            `p${index}`,
            number,
            JSON.stringify([{ lineId, quantity }]),
          ],
        );
      return { ...part, order, lineId };
    },
    fulfillmentsOf: (shopifyId) =>
      [...self.shopify.store.fulfillments.values()].filter((one) => one.orderId === shopifyId),
    creations: () =>
      self.shopify.adminRequests().filter(({ roots }) => roots.includes("fulfillmentCreate")).length,
    fiveMinutes: async () => {
      for (let minute = 0; minute < 5; minute++) {
        while ((await writeback(self.world())) > 0);
        await database.later("1 minute");
      }
    },
  };
  beforeAll(async () => {
    // Refilled at once: a drained bucket would slow the next test down, which no database clock can move on.
    const bucket = { size: 20_000, restorePerSecond: 10_000_000 };
    made = await startShopify({ shop, deliver: false, apiSecret: "shpss_test_secret", bucket });
  });
  beforeEach(async () => {
    shopifyIsAt(self.shopify.url);
    const token = self.shopify.grantToken();
    await database.pool.query(`INSERT INTO "Shop" (shop) VALUES ($1)`, [shop]);
    await database.pool.query(
      `INSERT INTO "Session" (id, shop, state, expires, "accessToken", "refreshToken", "refreshTokenExpires")
     VALUES ($1, $2, '', now() + interval '60 minutes', $3, $4, now() + interval '90 days')`,
      [
        `offline_${shop}`,
        shop,
        sealToken(token.accessToken, { column: "accessToken", shop }),
        sealToken(token.refreshToken ?? "", { column: "refreshToken", shop }),
      ],
    );
  });
  afterEach(() => {
    cutShopify(undefined);
    self.shopify.clearFaults();
  });
  afterAll(() => made?.stop());
  return self;
}
