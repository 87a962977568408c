// Step 1: from a webhook's body, or from Shopify itself, to an Order. Nothing is decided here and nothing is thrown
// away: what cannot be understood is read again from Shopify.
import { z } from "zod";
import { openJson, sealJson } from "../crypto.server.ts";
import type { Sql } from "../db.server.ts";
import { env } from "../env.server.ts";
import type { InboxEvent } from "../inbox-event.ts";
import { log } from "../log.server.ts";
import { adminFor, ShopifyError } from "../shopify/admin.server.ts";
import { readOrder } from "../shopify/read-order.server.ts";
import { readWebhookOrder } from "../shopify/webhook-order.ts";
import type { World } from "../world.server.ts";
import { orderId } from "./order-id.ts";
import type { OrderFacts } from "./order.ts";
import { retryAt } from "./retry.ts";

/** An orders/* webhook that carries an order. Answers with what became of it. */
export async function takeOrder(sql: Sql, { event, body }: InboxEvent): Promise<string> {
  const read = readWebhookOrder(body);
  if ("unreadable" in read) return read.unreadable;
  if ("idOnly" in read) {
    await askForOrder(sql, { shop: event.shop, shopifyId: read.idOnly });
    return "Only the order's number came; the order is read from Shopify.";
  }
  // Shopify's word that it is paid counts more than a status field that lags behind it.
  const facts = event.topic === "orders/paid" ? { ...read.facts, paid: true } : read.facts;
  const changed = await saveFacts(sql, { shop: event.shop, facts });
  await sql.query(`UPDATE "WebhookEvent" SET "orderId" = $2 WHERE id = $1`, [
    event.id,
    orderId(event.shop, facts.id),
  ]);
  return changed ? "The order was taken in." : "Nothing new: a later state of this order is known.";
}

const changeBody = z.union([
  z
    .object({ order_edit: z.object({ order_id: z.union([z.string(), z.number()]) }) })
    .transform((body) => String(body.order_edit.order_id)),
  z.object({ order_id: z.union([z.string(), z.number()]) }).transform((body) => String(body.order_id)),
]);

/** An order was edited or refunded: the message holds only the difference, so the order is read again. */
export async function takeChange(sql: Sql, { event, body }: InboxEvent): Promise<string> {
  const parsed = changeBody.safeParse(body);
  if (!parsed.success) return "The message names no order.";
  await askForOrder(sql, { shop: event.shop, shopifyId: parsed.data });
  return "The order was changed; it is read from Shopify.";
}

/** Marks an order to be read from Shopify, making a place for one we never heard of. */
export async function askForOrder(
  sql: Sql,
  { shop, shopifyId }: { shop: string; shopifyId: string },
): Promise<void> {
  await sql.query(
    `INSERT INTO "Order" (id, shop, "shopifyId", name, "updatedAt", "placedAt", "readAgain", routed)
     VALUES ($1, $2, $3, $4, 'epoch', now(), true, 1)
     ON CONFLICT (shop, "shopifyId") DO UPDATE SET "readAgain" = "Order"."redactedAt" IS NULL, "nextRunAt" = now(), tries = 0`,
    [orderId(shop, shopifyId), shop, shopifyId, `Order ${shopifyId}`],
  );
}

/**
 * Writes what Shopify says now. Older news changes nothing; of two with the same moment, "paid" and "cancelled"
 * win, because neither is ever taken back and webhooks come in any order. What was read from Shopify counts in any case,
 * unless something came since it was asked for (`mark`, the claim's). Answers whether anything changed.
 */
export async function saveFacts(
  sql: Sql,
  { shop, facts, mark }: { shop: string; facts: OrderFacts; mark?: string },
): Promise<boolean> {
  const id = orderId(shop, facts.id);
  const sealed = sealJson(facts, { table: "Order", column: "facts", shop, row: id });
  const saved = await sql.query(
    `INSERT INTO "Order" (id, shop, "shopifyId", name, facts, "updatedAt", "placedAt", "cancelledAt", test, paid, "forgetAt")
     VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, now() + $11 * interval '1 day')
     ON CONFLICT (shop, "shopifyId") DO UPDATE SET name = EXCLUDED.name, facts = EXCLUDED.facts, "updatedAt" = EXCLUDED."updatedAt",
       "placedAt" = EXCLUDED."placedAt", "cancelledAt" = EXCLUDED."cancelledAt", test = EXCLUDED.test, paid = EXCLUDED.paid,
       "forgetAt" = EXCLUDED."forgetAt", version = "Order".version + 1, "nextRunAt" = now(), tries = 0,
       "readAgain" = "Order"."readAgain" AND $12::timestamptz IS NULL
     WHERE "Order"."redactedAt" IS NULL AND CASE WHEN $12::timestamptz IS NOT NULL THEN ${isMine("$12")}
       ELSE "Order".facts IS NULL OR "Order"."updatedAt" < EXCLUDED."updatedAt"
         OR ("Order"."updatedAt" = EXCLUDED."updatedAt" AND (EXCLUDED.paid OR NOT "Order".paid)
             AND (EXCLUDED."cancelledAt" IS NOT NULL OR "Order"."cancelledAt" IS NULL)) END`,
    [
      id,
      shop,
      facts.id,
      facts.name,
      sealed,
      facts.updatedAt,
      facts.createdAt,
      facts.cancelledAt ?? null,
      facts.test,
      facts.paid,
      env.PERSONAL_DATA_DAYS,
      mark ?? null,
    ],
  );
  return saved.rowCount === 1;
}

interface StubRow {
  id: string;
  shop: string;
  shopifyId: string;
  tries: number;
  /**
   * The claim's mark: whatever comes in while Shopify is asked moves it, and then the answer may be an older one.
   * The row's `nextRunAt` as PostgreSQL's text, because a Date has not all of its digits.
   */
  mark: string;
}

const isMine = (mark: string): string => `"Order"."readAgain" AND "Order"."nextRunAt" = ${mark}::timestamptz`;

/** Reads up to `limit` orders from Shopify that a webhook could not tell us whole. Answers how many. */
export async function readAgain(world: World, limit = 8): Promise<number> {
  // Reading twice is harmless, so the claim is only a later moment: a reader that dies is replaced in a minute.
  const stubs = await world.db.query<StubRow>(
    `UPDATE "Order" SET "nextRunAt" = now() + interval '60 seconds', tries = tries + 1
     WHERE id IN (SELECT id FROM "Order" WHERE "readAgain" AND "nextRunAt" <= now() ORDER BY "nextRunAt" LIMIT $1 FOR UPDATE SKIP LOCKED)
     RETURNING id, shop, "shopifyId", tries, "nextRunAt"::text AS mark`,
    [limit],
  );
  await Promise.all(stubs.rows.map((stub) => readOne(world, stub)));
  if (stubs.rows.length > 0) world.wake("routing");
  return stubs.rows.length;
}

async function readOne(world: World, stub: StubRow): Promise<void> {
  try {
    const facts = await readOrder(adminFor(stub.shop, world.db), stub.shopifyId);
    if (facts)
      await saveFacts(world.db, {
        shop: stub.shop,
        facts: await withCustomer(world.db, { stub, facts }),
        mark: stub.mark,
      });
    else await settleStub(world.db, { stub, sentence: "Shopify has no such order any more." });
  } catch (error) {
    const sentence =
      error instanceof ShopifyError
        ? error.message
        : "Reading this order from Shopify failed. It is tried again.";
    if (!(error instanceof ShopifyError)) log.error({ err: error, order: stub.id }, "intake.read_failed");
    const later =
      error instanceof ShopifyError && error.retryAfterSeconds !== undefined
        ? error.retryAfterSeconds
        : retryAt(stub.tries - 1);
    await world.db.query(
      `UPDATE "Order" SET sentence = $2, "nextRunAt" = now() + $3 * interval '1 second' WHERE id = $1 AND ${isMine("$4")}`,
      [stub.id, sentence, later, stub.mark],
    );
  }
}

// Reading a customer takes a permission that the app does not ask for, so what the webhook said of them is kept.
async function withCustomer(
  sql: Sql,
  { stub, facts }: { stub: StubRow; facts: OrderFacts },
): Promise<OrderFacts> {
  const known = await sql.query<{ facts: Buffer | null }>(`SELECT facts FROM "Order" WHERE id = $1`, [
    stub.id,
  ]);
  const sealed = known.rows[0]?.facts;
  if (facts.customer || !sealed) return facts;
  const before = openJson(sealed, {
    table: "Order",
    column: "facts",
    shop: stub.shop,
    row: stub.id,
  }) as OrderFacts;
  return { ...facts, customer: before.customer };
}

async function settleStub(sql: Sql, { stub, sentence }: { stub: StubRow; sentence: string }): Promise<void> {
  await sql.query(
    `UPDATE "Order" SET "readAgain" = false, status = CASE WHEN facts IS NULL THEN 'not ours' ELSE status END, sentence = $2 WHERE id = $1 AND ${isMine("$3")}`,
    [stub.id, sentence, stub.mark],
  );
}
