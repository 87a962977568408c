// A world for the steps' tests: a real database, real HTTP to loopback, a bell that writes down who was woken, and
// rows as intake, routing and submission would have left them.
import { randomUUID } from "node:crypto";
import type pg from "pg";
import { sealJson } from "#app/crypto.server.ts";
import { orderId } from "#app/orders/order-id.ts";
import type { Step } from "#app/queue.server.ts";
import { createHttp } from "#app/vendors/http.server.ts";
import type { World } from "#app/world.server.ts";
import { anOrder } from "#test/support/builders.ts";

export const shop = "demo.myshopify.com";

/** A World on this pool; `woken` is who was woken, in order. */
export function aWorld(pool: pg.Pool, vendorUrls: string[] = []): World & { woken: Step[] } {
  const woken: Step[] = [];
  const http = createHttp({ allowedPrivateHosts: vendorUrls.map((url) => new URL(url).host) });
  return { db: pool, http, woken, wake: (step) => void woken.push(step) };
}

/** A row by id. */
export async function row(pool: pg.Pool, table: string, id: string): Promise<Record<string, unknown>> {
  const found = await pool.query<Record<string, unknown>>(`SELECT * FROM "${table}" WHERE id = $1`, [id]);
  const [only] = found.rows;
  if (!only) throw new Error(`there is no ${table} ${id}`);
  return only;
}

/** The order's story so far. */
export async function story(pool: pg.Pool, id: string): Promise<string[]> {
  const told = await pool.query<{ sentence: string }>(
    `SELECT sentence FROM "TimelineEntry" WHERE "orderId" = $1 ORDER BY id`,
    [id],
  );
  return told.rows.map(({ sentence }) => sentence);
}

/** A connection with an account of its own, as saveConnection would have left it. */
export async function aConnection(
  pool: pg.Pool,
  given: {
    shop?: string;
    vendor?: string;
    settings?: Record<string, unknown>;
    atOnce?: number;
    status?: string;
  } = {},
): Promise<{ connectionId: string; accountId: string }> {
  const [connectionId, accountId, of] = [randomUUID(), randomUUID(), given.shop ?? shop];
  const vendor = given.vendor ?? "oms";
  await pool.query(`INSERT INTO "Account" (id, vendor, key, "atOnce") VALUES ($1, $2, $1::uuid::text, $3)`, [
    accountId,
    vendor,
    given.atOnce ?? 4,
  ]);
  const sealed = sealJson(given.settings ?? {}, {
    table: "Connection",
    column: "settings",
    shop: of,
    row: connectionId,
  });
  await pool.query(
    `INSERT INTO "Connection" (id, shop, vendor, label, "accountId", settings, status) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
    [connectionId, of, vendor, "Ideal Factory OMS", accountId, sealed, given.status ?? "on"],
  );
  return { connectionId, accountId };
}

/** An order with one part of these lines at a connection. Columns of the part are changed by `part`. */
export async function aPartRow(
  pool: pg.Pool,
  given: {
    connectionId: string;
    accountId: string;
    shop?: string;
    vendor?: string;
    shopifyId?: string;
    name?: string;
    lines?: { lineId: string; quantity: number; variantId?: string }[];
    payload?: unknown;
    part?: Record<string, unknown>;
  },
): Promise<{ orderId: string; vendorOrderId: string; reference: string }> {
  const of = given.shop ?? shop;
  const shopifyId = given.shopifyId ?? "5551234567890";
  const [id, vendorOrderId] = [orderId(of, shopifyId), randomUUID()];
  const facts = sealJson(anOrder({ id: shopifyId }), { table: "Order", column: "facts", shop: of, row: id });
  await pool.query(
    `INSERT INTO "Order" (id, shop, "shopifyId", name, status, facts, "updatedAt", "placedAt", routed) VALUES ($1, $2, $3, $4, 'routed', $5, now(), now(), 1)
     ON CONFLICT DO NOTHING`,
    [id, of, shopifyId, given.name ?? "#1001", facts],
  );
  const reference = `M-1001-${vendorOrderId.slice(0, 8)}`;
  const sealed = sealJson(given.payload ?? {}, {
    table: "VendorOrder",
    column: "payload",
    shop: of,
    row: vendorOrderId,
  });
  const columns: Record<string, unknown> = {
    id: vendorOrderId,
    shop: of,
    orderId: id,
    connectionId: given.connectionId,
    accountId: given.accountId,
    vendor: given.vendor ?? "oms",
    part: "a",
    reference,
    payload: sealed,
    nextRunAt: new Date(),
    ...given.part,
  };
  const names = Object.keys(columns);
  await pool.query(
    `INSERT INTO "VendorOrder" (${names.map((name) => `"${name}"`).join(", ")}) VALUES (${names.map((_, index) => `$${index + 1}`).join(", ")})`,
    Object.values(columns),
  );
  for (const [position, line] of (given.lines ?? [{ lineId: "1", quantity: 2 }]).entries())
    await pool.query(
      `INSERT INTO "OrderLine" (shop, "orderId", "shopifyLineId", "variantId", title, quantity, position, verdict, "vendorOrderId")
       VALUES ($1, $2, $3, $4, 'Made to order', $5, $6, 'vendor', $7)`,
      [of, id, line.lineId, line.variantId ?? "9001", line.quantity, position, vendorOrderId],
    );
  return { orderId: id, vendorOrderId, reference };
}

/** The parcels of a part, oldest first. */
export async function shipments(pool: pg.Pool, vendorOrderId: string): Promise<Record<string, unknown>[]> {
  const found = await pool.query<Record<string, unknown>>(
    `SELECT * FROM "Shipment" WHERE "vendorOrderId" = $1 ORDER BY "createdAt", parcel`,
    [vendorOrderId],
  );
  return found.rows;
}

/** FormData from a plain object. */
export function aForm(values: Record<string, string>): FormData {
  const form = new FormData();
  for (const [name, value] of Object.entries(values)) form.append(name, value);
  return form;
}
