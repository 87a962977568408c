// The inbox: every webhook as it arrived, taken in order, each by whoever its topic concerns.
import { z } from "zod";
import { open } from "./crypto.server.ts";
import { inTransaction, type Sql } from "./db.server.ts";
import type { EventRow, InboxEvent } from "./inbox-event.ts";
import { log } from "./log.server.ts";
import { takeChange, takeOrder } from "./orders/intake.ts";
import { retryAt } from "./orders/retry.ts";
import { exportCustomer, forgetShop, redactCustomer, redactShop } from "./privacy.server.ts";
import { takeDeletedProduct, takeFinishedOperation, takeProduct } from "./products/intake.ts";
import { parseLossless } from "./shopify/lossless-json.ts";
import type { World } from "./world.server.ts";

const maxTries = 12;

/** Handles up to `limit` webhooks. Answers how many. */
export async function takeInbox(world: World, limit = 64): Promise<number> {
  let taken = 0;
  try {
    taken = await inTransaction(world.db, (sql) => takeBatch(sql, limit));
  } catch (error) {
    // One of them cannot be handled. Each gets a transaction of its own, so that only the bad one waits.
    log.warn({ err: error }, "intake.batch_failed");
    for (let more = true; more && taken < limit;) {
      more = await takeOne(world);
      if (more) taken++;
    }
  }
  if (taken > 0) world.wake("routing");
  return taken;
}

const due = `
  SELECT id, shop, topic, "webhookId", "triggeredAt", body, tries FROM "WebhookEvent"
  WHERE state = 'new' AND "nextRunAt" <= now() ORDER BY id LIMIT $1 FOR UPDATE SKIP LOCKED`;

async function takeBatch(sql: Sql, limit: number): Promise<number> {
  const events = await sql.query<EventRow>(due, [limit]);
  if (events.rows.length === 0) return 0;
  const outcomes: string[] = [];
  for (const event of events.rows) outcomes.push(await takeEvent(sql, event));
  await sql.query(
    `UPDATE "WebhookEvent" SET state = 'done', outcome = done.outcome
     FROM unnest($1::bigint[], $2::text[]) AS done(id, outcome) WHERE "WebhookEvent".id = done.id`,
    [events.rows.map((event) => event.id), outcomes],
  );
  return events.rows.length;
}

async function takeOne(world: World): Promise<boolean> {
  let current: EventRow | undefined;
  try {
    return await inTransaction(world.db, async (sql) => {
      current = (await sql.query<EventRow>(due, [1])).rows[0];
      if (!current) return false;
      const outcome = await takeEvent(sql, current);
      await sql.query(`UPDATE "WebhookEvent" SET state = 'done', outcome = $2 WHERE id = $1`, [
        current.id,
        outcome,
      ]);
      return true;
    });
  } catch (error) {
    if (!current) throw error;
    // Our bug, not the order's fault: the raw event stays, is tried for a day, and then shows on the page as failed.
    log.error({ err: error, webhook: current.id, topic: current.topic }, "intake.failed");
    await world.db.query(
      `UPDATE "WebhookEvent" SET tries = tries + 1, "nextRunAt" = now() + $2 * interval '1 second', outcome = $3,
         state = CASE WHEN tries + 1 >= $4 THEN 'failed' ELSE 'new' END WHERE id = $1 AND state = 'new'`,
      [
        current.id,
        retryAt(current.tries),
        "Makerlane could not read this message. It is kept and will be tried again.",
        maxTries,
      ],
    );
    return true;
  }
}

/** Handles one webhook inside a transaction. Answers with a sentence that says what became of it. */
async function takeEvent(sql: Sql, event: EventRow): Promise<string> {
  const place = {
    table: "WebhookEvent",
    column: "body",
    shop: event.shop,
    row: `${event.topic}/${event.webhookId}`,
  };
  const body = readJson(open(event.body, place).toString());
  if (body === undefined)
    return "The message was not readable; Shopify's own copy is read by the regular look at recent orders.";
  switch (event.topic) {
    case "orders/paid":
    case "orders/create":
    case "orders/updated":
    case "orders/cancelled":
      return takeOrder(sql, { event, body });
    case "orders/edited":
    case "refunds/create":
      return takeChange(sql, { event, body });
    case "products/create":
    case "products/update":
      return takeProduct(sql, { event, body });
    case "products/delete":
      return takeDeletedProduct(sql, { event, body });
    case "bulk_operations/finish":
      return takeFinishedOperation(sql, { event, body });
    case "app/uninstalled":
      await forgetShop(sql, { shop: event.shop, triggeredAt: event.triggeredAt ?? undefined });
      return "The app was uninstalled: its access was forgotten and nothing more is sent for this shop.";
    case "app/scopes_update":
      return takeScopes(sql, { event, body });
    case "customers/data_request":
    case "customers/redact":
    case "shop/redact":
      return takePrivacy(sql, { event, body });
    default:
      return "Nothing to do for this kind of message.";
  }
}

async function takeScopes(sql: Sql, { event, body }: InboxEvent): Promise<string> {
  const parsed = z.object({ current: z.array(z.string()) }).safeParse(body);
  if (!parsed.success) return "The message names no permissions.";
  await sql.query(`UPDATE "Session" SET scope = $2 WHERE shop = $1`, [
    event.shop,
    parsed.data.current.join(","),
  ]);
  return "The permissions were noted.";
}

const numberText = z.union([z.string(), z.number()]).transform(String);
const privacyBody = z.object({
  customer: z
    .object({ id: numberText.optional(), email: z.string().nullish(), phone: z.string().nullish() })
    .nullish(),
  orders_requested: z.array(numberText).optional(),
  orders_to_redact: z.array(numberText).optional(),
});

async function takePrivacy(sql: Sql, { event, body }: InboxEvent): Promise<string> {
  const given = privacyBody.parse(body);
  const customer = {
    id: given.customer?.id,
    email: given.customer?.email ?? undefined,
    phone: given.customer?.phone ?? undefined,
  };
  switch (event.topic) {
    case "customers/data_request":
      return exportCustomer(sql, { shop: event.shop, customer, orderIds: given.orders_requested ?? [] });
    case "customers/redact":
      return redactCustomer(sql, { shop: event.shop, customer, orderIds: given.orders_to_redact ?? [] });
    default:
      return redactShop(sql, event.shop, event.triggeredAt ?? undefined);
  }
}

function readJson(text: string): unknown {
  try {
    return parseLossless(text);
  } catch {
    return undefined;
  }
}
