// A shop that connects to stand-ins of MGE DOT and Dora, on a database of its own.
import { afterAll, beforeAll, beforeEach } from "vitest";
import { saveConnection } from "#app/connections.server.ts";
import { startDora } from "#sandbox/vendors/dora.ts";
import { startDot, type DotStandIn } from "#sandbox/vendors/dot.ts";
import type { StandIn } from "#sandbox/vendors/stand-in.ts";
import { testDatabase, type TestDatabase } from "#test/support/database.ts";
import { aForm, aWorld, row, shop } from "./rows.ts";

export interface VendorShop {
  readonly database: TestDatabase;
  readonly dot: DotStandIn;
  readonly dealer: StandIn;
  world(): ReturnType<typeof aWorld>;
  /** A form that connects MGE DOT, with some fields changed. */
  dotForm(more?: Record<string, string>): FormData;
  /** A form that connects Dora, with some fields changed. */
  doraForm(more?: Record<string, string>): FormData;
  /** A connected account. */
  connected(
    vendor?: "dot" | "dora",
    more?: Record<string, string>,
  ): Promise<{ connectionId: string; accountId: string }>;
}

/** Starts it for a test file; the stand-ins are emptied before each test. */
export function aVendorShop(): VendorShop {
  const database = testDatabase();
  let made: { dot: DotStandIn; dealer: StandIn } | undefined;
  const standIns = (): NonNullable<typeof made> => {
    if (!made) throw new Error("the stand-ins are not there yet");
    return made;
  };
  beforeAll(async () => {
    made = { dot: await startDot(), dealer: await startDora() };
  });
  beforeEach(() => {
    standIns().dot.reset();
    standIns().dealer.reset();
  });
  afterAll(async () => {
    await made?.dot.stop();
    await made?.dealer.stop();
  });
  const self: VendorShop = {
    database,
    get dot() {
      return standIns().dot;
    },
    get dealer() {
      return standIns().dealer;
    },
    world: () => aWorld(database.pool, [self.dot.url, self.dealer.url]),
    dotForm: (more = {}) =>
      aForm({
        baseUrl: self.dot.url,
        apiKey: "mge_sk_demo",
        brandId: "116",
        submission: "draft",
        upperCaseSku: "on",
        ...more,
      }),
    doraForm: (more = {}) =>
      aForm({ baseUrl: self.dealer.url, username: "dealer", password: "dora_demo", ...more }),
    connected: async (vendor = "dot", more = {}) => {
      const form = vendor === "dot" ? self.dotForm(more) : self.doraForm(more);
      const saved = await saveConnection(self.world(), { shop, vendorId: vendor, form });
      if ("errors" in saved) throw new Error(JSON.stringify(saved.errors));
      const { accountId } = await row(database.pool, "Connection", saved.connectionId);
      return { connectionId: saved.connectionId, accountId: String(accountId) };
    },
  };
  return self;
}
