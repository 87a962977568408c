// An OMS shop whose orders go the whole road, for what is asked about an order that the vendor has.
import { afterAll, beforeAll, beforeEach } from "vitest";
import type { OrderFacts } from "#app/orders/order.ts";
import { startOms, type OmsStandIn } from "#sandbox/vendors/oms.ts";
import { aLine, anOrder, properties } from "#test/support/builders.ts";
import { testDatabase, type TestDatabase } from "#test/support/database.ts";
import {
  aConnection,
  aMapping,
  aShop,
  aWorld,
  drain,
  hostOf,
  partsOf,
  shop,
  takeIn,
  type PartRow,
} from "#test/support/road.ts";

export interface OmsShop {
  readonly database: TestDatabase;
  readonly oms: OmsStandIn;
  readonly world: ReturnType<typeof aWorld>;
  connectionId(): string;
  /** Takes an order in, as Shopify told it, and lets the road come to rest. */
  order(changes?: Partial<OrderFacts>): Promise<{ orderId: string; part: PartRow; at: Which }>;
  /** The part as it is now. */
  part(orderId: string): Promise<PartRow>;
}

interface Which {
  shop: string;
  vendorOrderId: string;
}

/** A line that the OMS makes. */
export function aPrint(changes: Parameters<typeof aLine>[0] = {}) {
  const design = { _template_config: "%7B%22a%22%3A1%7D", _thumbnail: "https://cdn.example.com/a.png" };
  return aLine({ id: "14001", quantity: 1, orderedQuantity: 1, properties: properties(design), ...changes });
}

/** Starts it for a test file; everything is emptied before each test. */
export function anOmsShop(): OmsShop {
  const database = testDatabase();
  let oms: OmsStandIn | undefined;
  let world: ReturnType<typeof aWorld> | undefined;
  let connection = "";
  const standing = <T>(what: T | undefined): T => {
    if (what === undefined) throw new Error("the OMS shop is not open yet");
    return what;
  };
  beforeAll(async () => {
    oms = await startOms();
    world = aWorld(database.pool, [hostOf(oms.url)]);
  });
  beforeEach(async () => {
    const { url } = standing(oms);
    standing(oms).reset();
    standing(oms).clearFaults();
    await aShop(database.pool);
    connection = await aConnection(database.pool, {
      vendor: "oms",
      settings: { baseUrl: url, token: "oms_demo", storeId: "S1", defaultShippingCode: "STANDARD" },
    });
    await aMapping(database.pool, { variantId: "9001", connectionId: connection, product: {} });
  });
  afterAll(async () => {
    await world?.close();
    await oms?.stop();
  });
  const self: OmsShop = {
    database,
    get oms() {
      return standing(oms);
    },
    get world() {
      return standing(world);
    },
    connectionId: () => connection,
    part: async (orderId) => standing((await partsOf(database.pool, orderId))[0]),
    order: async (changes = {}) => {
      const orderId = await takeIn(database.pool, anOrder({ lines: [aPrint()], ...changes }));
      await drain(self.world);
      const part = await self.part(orderId);
      return { orderId, part, at: { shop, vendorOrderId: part.id } };
    },
  };
  return self;
}
