// A webhook door of its own for a test: a real socket, a real database, really signed requests.
import { createHmac, randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type pg from "pg";
import { onTestFinished } from "vitest";
import { open } from "#app/crypto.server.ts";
import { createPool } from "#app/db.server.ts";
import { createWebhookDoor, type DoorOptions } from "#app/webhook-door.server.ts";
import type { TestDatabase } from "#test/support/database.ts";

const secret = "shpss_test_secret";
/** The secret before the current one; the door takes both. */
export const previousSecret = "shpss_test_previous";

/** Opens a door until the test ends. `woken` counts the wake-ups. */
export async function openDoor(
  database: TestDatabase,
  overrides: Partial<DoorOptions> = {},
): Promise<{ port: number; woken: () => number }> {
  let woken = 0;
  const db = overrides.db ?? createPool(database.url, { max: 6, name: "door" });
  const secrets = [secret, previousSecret];
  const server = createServer(createWebhookDoor({ secrets, wake: () => woken++, ...overrides, db }));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    await db.end();
  });
  return { port: (server.address() as AddressInfo).port, woken: () => woken };
}

/** X-Shopify-Hmac-Sha256 of a body. */
export function sign(body: string | Buffer, key = secret): string {
  return createHmac("sha256", key).update(body).digest("base64");
}

/** The headers Shopify sends with a body, rightly signed, each delivery with a number of its own. */
export function headersFor(
  body: string | Buffer,
  overrides: Record<string, string> = {},
): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-shopify-topic": "orders/paid",
    "x-shopify-shop-domain": "demo.myshopify.com",
    "x-shopify-api-version": "2026-10",
    "x-shopify-webhook-id": randomUUID(),
    "x-shopify-triggered-at": "2026-11-22T08:00:00.000000000Z",
    "x-shopify-hmac-sha256": sign(body),
    ...overrides,
  };
}

/** Delivers a body and answers with the status. */
export async function post({
  port,
  body,
  headers = headersFor(body),
}: {
  port: number;
  body: string | Buffer;
  headers?: Record<string, string>;
}): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/webhooks/orders`, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : new Uint8Array(body),
  });
  await response.arrayBuffer();
  return response.status;
}

/** One row of the inbox. */
export interface EventRow {
  shop: string;
  topic: string;
  webhookId: string;
  body: Buffer;
}

/** The inbox, in the order of arrival. */
export async function inbox(pool: pg.Pool): Promise<EventRow[]> {
  return (await pool.query<EventRow>(`SELECT * FROM "WebhookEvent" ORDER BY id`)).rows;
}

/** A row's raw body, opened. */
export function bodyOf({ shop, topic, webhookId, body }: EventRow): Buffer {
  return open(body, { table: "WebhookEvent", column: "body", shop, row: `${topic}/${webhookId}` });
}
