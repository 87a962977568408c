// A whole road for a test: the app's steps on a real database, against real stand-ins, with nothing running by itself.
import { randomUUID } from "node:crypto";
import { sealJson } from "#app/crypto.server.ts";
import { inTransaction, type Db } from "#app/db.server.ts";
import { takeInbox } from "#app/inbox.ts";
import { readAgain, saveFacts } from "#app/orders/intake.ts";
import { orderId } from "#app/orders/order-id.ts";
import type { OrderFacts } from "#app/orders/order.ts";
import { routing } from "#app/orders/routing.ts";
import { submission } from "#app/orders/submission.ts";
import { tracking } from "#app/orders/tracking.ts";
import { writeback } from "#app/orders/writeback.ts";
import { createHttp } from "#app/vendors/http.server.ts";
import { vendorById } from "#app/vendors/index.server.ts";
import type { World } from "#app/world.server.ts";

/** A world for tests: wake-ups go nowhere, because `drain` runs the steps. `privateHosts` are the stand-ins. */
export function aWorld(db: Db, privateHosts: string[]): World & { close(): Promise<void> } {
  const http = createHttp({ allowedPrivateHosts: privateHosts });
  return { db, http, wake: () => undefined, close: () => http.close() };
}

/** "http://127.0.0.1:4711" → "127.0.0.1:4711", as the operator's list of allowed hosts has it. */
export function hostOf(url: string): string {
  return new URL(url).host;
}

export const shop = "demo.myshopify.com";

/** A shop that has had the app for longer than any order of a test is old. */
export async function aShop(
  db: Db,
  domain: string = shop,
  changes: { trigger?: "paid" | "create"; matchBySku?: boolean } = {},
): Promise<void> {
  await db.query(
    `INSERT INTO "Shop" (shop, trigger, "matchBySku", "installedAt") VALUES ($1, $2, $3, '2020-01-01') ON CONFLICT DO NOTHING`,
    [domain, changes.trigger ?? "paid", changes.matchBySku ?? false],
  );
}

/** What a test's connection may differ in. */
export interface ConnectionInput {
  vendor: string;
  settings: Record<string, unknown>;
  shop?: string;
  holdMinutes?: number;
  approve?: boolean;
  takesTestOrders?: boolean;
}

/** A connection as saving a tested form would leave it. Two with the same account key share an account. */
export async function aConnection(db: Db, input: ConnectionInput): Promise<string> {
  const vendor = vendorById(input.vendor);
  if (!vendor?.orders) throw new Error(`no order vendor ${input.vendor}`);
  const id = randomUUID();
  const domain = input.shop ?? shop;
  const key = vendor.accountKey?.(input.settings) ?? id;
  const account = await db.query<{ id: string }>(
    `INSERT INTO "Account" (vendor, key, "atOnce", "quietSeconds") VALUES ($1, $2, $3, $4)
     ON CONFLICT (vendor, key) DO UPDATE SET key = EXCLUDED.key RETURNING id`,
    [vendor.id, key, vendor.atOnce, vendor.orders.quiescenceSeconds],
  );
  await db.query(
    `INSERT INTO "Connection" (id, shop, vendor, label, "accountId", settings, "holdMinutes", approve, "takesTestOrders") VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)`,
    [
      id,
      domain,
      vendor.id,
      vendor.label,
      account.rows[0]?.id,
      sealJson(input.settings, { table: "Connection", column: "settings", shop: domain, row: id }),
      input.holdMinutes ?? 0,
      input.approve ?? false,
      input.takesTestOrders ?? false,
    ],
  );
  return id;
}

/** Says which vendor product a variant is. */
export async function aMapping(
  db: Db,
  {
    variantId,
    connectionId,
    product,
    sku = null,
    domain = shop,
  }: { variantId: string; connectionId: string; product: unknown; sku?: string | null; domain?: string },
): Promise<void> {
  await db.query(
    `INSERT INTO "Mapping" (shop, "variantId", title, sku, "connectionId", product) VALUES ($1, $2, $3, $4, $5, $6)`,
    [domain, variantId, `Variant ${variantId}`, sku, connectionId, JSON.stringify(product)],
  );
}

/** An order as Shopify told it, without the webhook around it. Answers with its id. */
export async function takeIn(db: Db, facts: OrderFacts, domain: string = shop): Promise<string> {
  await inTransaction(db, (sql) => saveFacts(sql, { shop: domain, facts }));
  return orderId(domain, facts.id);
}

/** Runs the five steps of the orders' road until nothing is due, as the worker would. */
export async function drain(world: World): Promise<void> {
  for (let rounds = 0; rounds < 100; rounds++) {
    let worked = (await takeInbox(world)) + (await readAgain(world)) + (await routing(world));
    const started = await submission(world, 20);
    await Promise.all(started);
    worked += started.length + (await tracking(world)) + (await writeback(world));
    if (worked === 0) return;
  }
  throw new Error("the road does not come to rest");
}

/** A part of an order as the database has it. */
export interface PartRow {
  id: string;
  vendor: string;
  status: string;
  code: string | null;
  sentence: string | null;
  notice: string | null;
  vendorNumber: string | null;
  reference: string;
  committingAt: Date | null;
  tries: number;
}

/** The parts of an order, by vendor. */
export async function partsOf(db: Db, order: string): Promise<PartRow[]> {
  return (
    await db.query<PartRow>(`SELECT * FROM "VendorOrder" WHERE "orderId" = $1 ORDER BY vendor, part`, [order])
  ).rows;
}
