// A shop in the middle of its work, with one customer whose every trace is marked.
import { randomUUID } from "node:crypto";
import type pg from "pg";
import { remember } from "#app/connections/memory.server.ts";
import { seal, sealJson } from "#app/crypto.server.ts";
import { keepNews } from "#app/orders/news.server.ts";
import { sealToken } from "#app/session-storage.server.ts";
import { aConnection, aShop, shop, takeIn } from "#test/support/road.ts";
import { aLine, anAddress, anOrder } from "#test/support/builders.ts";

/** Stands in everything the customer told anybody. */
export const canary = "Canarinha";
export const customer = { id: "7300000000077", email: "canarinha@example.com", phone: "+6591234567" };

export interface Scene {
  orderId: string;
  connectionId: string;
  artworkKey: string;
  parts: Record<"waiting" | "sent" | "unsure" | "committing", string>;
}

/** An order with one part in each interesting state, tries, a parcel, a story, a picture, and its raw messages. */
export async function aScene(pool: pg.Pool, domain: string = shop): Promise<Scene> {
  await aShop(pool, domain);
  await pool.query(
    `INSERT INTO "Session" (id, shop, state, expires, "accessToken") VALUES ($1, $2, '', now() + interval '30 minutes', $3)`,
    [`offline_${domain}`, domain, sealToken("shpat_x", { column: "accessToken", shop: domain })],
  );
  const connectionId = await aConnection(pool, {
    vendor: "oms",
    shop: domain,
    settings: { baseUrl: "https://oms.test", token: "t", storeId: domain, defaultShippingCode: "S" },
  });
  const artworkId = randomUUID();
  const artworkKey = `key-${artworkId}`;
  const facts = anOrder({
    id: "9007199254740993",
    email: customer.email,
    note: `for ${canary}`,
    customer,
    shippingAddress: anAddress({ firstName: canary, address1: `1 ${canary} Street` }),
    lines: [
      aLine({
        properties: [{ name: "Name", value: canary }],
      }),
    ],
  });
  const orderId = await takeIn(pool, facts, domain);
  await pool.query(`UPDATE "Order" SET status = 'routed' WHERE id = $1`, [orderId]);
  await pool.query(
    `INSERT INTO "OrderLine" (shop, "orderId", "shopifyLineId", title, quantity, position, reason) VALUES ($1, $2, '1', 'Kit', 1, 0, $3)`,
    [domain, orderId, `no size for ${canary}`],
  );
  await pool.query(
    `INSERT INTO "Artwork" (id, shop, key, filename, "contentType", width, height, bytes, sha256, "forgetAt")
     VALUES ($1, $2, $3, $4, 'image/jpeg', 1, 1, 1, 'x', now() + interval '14 days')`,
    [artworkId, domain, artworkKey, `${canary}.jpg`],
  );
  await pool.query(`INSERT INTO "ArtworkOrder" (shop, "artworkId", "orderId") VALUES ($1, $2, $3)`, [
    domain,
    artworkId,
    orderId,
  ]);
  const part = (state: string): Promise<string> => aPart(pool, { domain, orderId, connectionId, state });
  const parts = {
    waiting: await part("waiting"),
    sent: await part("sent"),
    unsure: await part("unsure"),
    committing: await part("committing"),
  };
  await pool.query(
    `INSERT INTO "Shipment" (shop, "vendorOrderId", parcel, "trackingNumber", lines, status, sentence) VALUES ($1, $2, 'p', 'T1', '[]', 'held', $3)`,
    [domain, parts.sent, `${canary} was not at home`],
  );
  const receiver = await pool.query<{ id: string; accountId: string }>(
    `SELECT "connectionId" AS id, "accountId" FROM "VendorOrder" WHERE id = $1`,
    [parts.sent],
  );
  for (const { id, accountId } of receiver.rows) {
    const about = { reference: `M-sent-${domain}` };
    await keepNews(pool, { id, accountId, shop: domain }, { id: "e-1", about, data: { name: canary } });
    await remember(pool, { shop: domain, connectionId: id, name: "tool:last", value: "D-1" });
  }
  const body = JSON.stringify({ id: "9007199254740993", email: customer.email, name: canary });
  await aMessage(pool, { domain, topic: "orders/paid", body, orderId });
  await aMessage(pool, {
    domain,
    topic: "refunds/create",
    body: `{"order_id":9007199254740993,"note":"${canary}"}`,
  });
  await aMessage(pool, {
    domain,
    topic: "customers/redact",
    state: "new",
    body: JSON.stringify({ customer }),
  });
  await aChoice(pool, { domain, orderId, connectionId, artworkId });
  return { orderId, connectionId, artworkKey, parts };
}

// What the storefront's road leaves behind: a preview of the picture, the choice of it, and the line made from it.
async function aChoice(
  pool: pg.Pool,
  given: { domain: string; orderId: string; connectionId: string; artworkId: string },
): Promise<void> {
  const { domain, orderId, connectionId, artworkId } = given;
  const [previewId, selectionId] = [randomUUID(), randomUUID()];
  await pool.query(
    `INSERT INTO "Preview" (id, shop, "connectionId", "artworkId", browser, key, work, "variantId", size, looks)
     VALUES ($1, $2, $3, $4, 'b', 'k', 'w', '9001', '40X50', '{}')`,
    [previewId, domain, connectionId, artworkId],
  );
  await pool.query(
    `INSERT INTO "Selection" (id, shop, ref, "productId", "variantId", browser, "previewId", "artworkId", look)
     VALUES ($1, $2, 'r', '8001', '9001', 'b', $3, $4, 'classic')`,
    [selectionId, domain, previewId, artworkId],
  );
  await pool.query(
    `INSERT INTO "OrderPicture" (shop, "orderId", "lineId", "selectionId", "previewId") VALUES ($1, $2, '1', $3, $4)`,
    [domain, orderId, selectionId, previewId],
  );
  await pool.query(
    `INSERT INTO "PhotoLink" (shop, "orderId", "lineId", "expiresAt") VALUES ($1, $2, '1', now() + interval '30 days')`,
    [domain, orderId],
  );
  await pool.query(`INSERT INTO "StorefrontProduct" (shop, "productId") VALUES ($1, '8001')`, [domain]);
}

interface Message {
  domain: string;
  topic: string;
  body: string;
  state?: "new" | "done";
  orderId?: string;
}

/** A raw webhook in the inbox. */
export async function aMessage(
  pool: pg.Pool,
  { domain, topic, body, state = "done", orderId }: Message,
): Promise<void> {
  const webhookId = randomUUID();
  const place = { table: "WebhookEvent", column: "body", shop: domain, row: `${topic}/${webhookId}` };
  await pool.query(
    `INSERT INTO "WebhookEvent" (shop, topic, "webhookId", body, state, "orderId") VALUES ($1, $2, $3, $4, $5, $6)`,
    [domain, topic, webhookId, seal(body, place), state, orderId ?? null],
  );
}

interface PartInput {
  domain: string;
  orderId: string;
  connectionId: string;
  state: string;
}

async function aPart(pool: pg.Pool, { domain, orderId, connectionId, state }: PartInput): Promise<string> {
  const id = randomUUID();
  const at = (column: string, table = "VendorOrder", row = id): Parameters<typeof sealJson>[1] => ({
    table,
    column,
    shop: domain,
    row,
  });
  const status = state === "sent" ? "sent" : state === "unsure" ? "held" : "waiting";
  // The database allows one unsent part per connection, so each has a connection of its own.
  const own = await pool.query<{ id: string; accountId: string }>(
    `INSERT INTO "Connection" (id, shop, vendor, label, "accountId", settings)
     SELECT $2, shop, vendor, label, "accountId", ''::bytea FROM "Connection" WHERE id = $1 RETURNING id, "accountId"`,
    [connectionId, randomUUID()],
  );
  await pool.query(
    `INSERT INTO "VendorOrder" (id, shop, "orderId", "connectionId", "accountId", vendor, part, reference, status, code, sentence, notice,
       "nextRunAt", payload, notes, "committingAt", "leaseUntil", "vendorState")
     VALUES ($1, $2, $3, $4, $5, 'oms', $6, $7, $8, $9, $10, $11, now(), $12, $13, $14, $15, $11)`,
    [
      id,
      domain,
      orderId,
      own.rows[0]?.id,
      own.rows[0]?.accountId,
      state,
      `M-${state}-${domain}`,
      status,
      state === "unsure" ? "unsure" : null,
      `${canary} could not be reached`,
      `to ${canary}, soon`,
      sealJson({ name: canary }, at("payload")),
      JSON.stringify({ draftId: "D-1", tries: 2, filled: { name: canary }, said: `${canary} has moved` }),
      state === "unsure" || state === "committing" ? new Date() : null,
      state === "committing" ? new Date(Date.now() + 60_000) : null,
    ],
  );
  const attempt = randomUUID();
  await pool.query(
    `INSERT INTO "Attempt" (id, shop, "vendorOrderId", number, kind, exchanges, sentence) VALUES ($1, $2, $3, 1, 'submit', $4, $5)`,
    [
      attempt,
      domain,
      id,
      sealJson([{ body: canary }], at("exchanges", "Attempt", attempt)),
      `no house of ${canary}`,
    ],
  );
  await pool.query(
    `INSERT INTO "TimelineEntry" (shop, "orderId", "vendorOrderId", sentence) VALUES ($1, $2, $3, $4)`,
    [domain, orderId, id, `The vendor says: ${canary} is unknown.`],
  );
  return id;
}
