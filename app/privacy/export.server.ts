// customers/data_request: everything we hold about one customer, as JSON that the merchant can pass on.
import { open, openJson, sealJson, type Place } from "../crypto.server.ts";
import type { Sql } from "../db.server.ts";
import { signedArtworkUrl } from "../previews/artwork.server.ts";
import type { CustomerRequest } from "./customer.ts";

/** Gathers what we hold, seals it beside the request, and answers with what was done, as a sentence. */
export async function exportCustomer(sql: Sql, request: CustomerRequest): Promise<string> {
  const { shop, customer, orderIds } = request;
  const orders = await gatherOrders(sql, { shop, orderIds });
  const outcome =
    orders.length === 0
      ? "Nothing is kept about this customer."
      : `What is kept about this customer in ${orders.length} ${orders.length === 1 ? "order" : "orders"} is ready to be passed on.`;
  const { rows } = await sql.query<{ id: string }>(
    `INSERT INTO "PrivacyRequest" ("shop", "topic", "doneAt", "outcome") VALUES ($1, 'customers/data_request', now(), $2) RETURNING "id"`,
    [shop, outcome],
  );
  const id = rows[0]?.id ?? "";
  const held = { shop, customer, orders, photos: await gatherPhotos(sql, { shop, customer }) };
  await sql.query(`UPDATE "PrivacyRequest" SET "export" = $2 WHERE "id" = $1`, [
    id,
    sealJson(held, { table: "PrivacyRequest", column: "export", shop, row: id }),
  ]);
  return outcome;
}

// Photos that the customer sent while logged in and did not order. Those of orders stand with their orders.
async function gatherPhotos(
  sql: Sql,
  { shop, customer }: Pick<CustomerRequest, "shop" | "customer">,
): Promise<unknown[]> {
  if (customer.id === undefined) return [];
  const { rows } = await sql.query<{ id: string }>(
    `SELECT "id", "width", "height", "createdAt", "forgetAt" FROM "Artwork"
     WHERE "shop" = $1 AND "customerId" = $2 AND "orderId" IS NULL AND "forgetAt" > now() ORDER BY "createdAt"`,
    [shop, customer.id],
  );
  return rows.map((row) => ({ ...row, file: signedArtworkUrl(row.id) }));
}

interface OrderRow {
  id: string;
  shopifyId: string;
  name: string;
  status: string;
  placedAt: Date;
  facts: Buffer | null;
  parts: PartRow[];
  messages: { topic: string; webhookId: string; receivedAt: string; body: string }[];
  story: unknown[];
}

interface PartRow {
  id: string;
  vendor: string;
  reference: string;
  status: string;
  vendorNumber: string | null;
  payload: string | null;
  attempts: { id: string; openedAt: string; outcome: string | null; exchanges: string | null }[];
  shipments: unknown[];
  news: { connectionId: string; callbackId: string; receivedAt: string; data: string }[];
}

// One statement, so that the export is one moment. Sealed columns come as hex inside JSON.
const gather = `
  SELECT o."id", o."shopifyId", o."name", o."status", o."placedAt", o."facts",
    (SELECT coalesce(json_agg(json_build_object('id', v."id", 'vendor', v."vendor", 'reference', v."reference", 'status', v."status",
        'vendorNumber', v."vendorNumber", 'payload', encode(v."payload", 'hex'),
        'attempts', (SELECT coalesce(json_agg(json_build_object('id', a."id", 'openedAt', a."openedAt", 'outcome', a."outcome",
            'exchanges', encode(a."exchanges", 'hex')) ORDER BY a."number"), '[]') FROM "Attempt" a WHERE a."vendorOrderId" = v."id"),
        'shipments', (SELECT coalesce(json_agg(json_build_object('carrier', s."carrier", 'trackingNumber', s."trackingNumber",
            'trackingUrl', s."trackingUrl", 'lines', s."lines") ORDER BY s."createdAt"), '[]') FROM "Shipment" s WHERE s."vendorOrderId" = v."id"),
        'news', (SELECT coalesce(json_agg(json_build_object('connectionId', n."connectionId", 'callbackId', n."callbackId", 'receivedAt', n."receivedAt",
            'data', encode(n."data", 'hex')) ORDER BY n."receivedAt"), '[]') FROM "VendorCallback" n WHERE n."vendorOrderId" = v."id" AND n."data" IS NOT NULL)
      ) ORDER BY v."part"), '[]') FROM "VendorOrder" v WHERE v."orderId" = o."id") AS "parts",
    (SELECT coalesce(json_agg(json_build_object('topic', w."topic", 'webhookId', w."webhookId", 'receivedAt', w."receivedAt",
        'body', encode(w."body", 'hex')) ORDER BY w."id"), '[]') FROM "WebhookEvent" w
      WHERE w."shop" = o."shop" AND w."orderId" = o."id" AND w."body" <> ''::bytea) AS "messages",
    (SELECT coalesce(json_agg(json_build_object('at', t."at", 'sentence', t."sentence") ORDER BY t."id"), '[]')
      FROM "TimelineEntry" t WHERE t."orderId" = o."id") AS "story"
  FROM "Order" o WHERE o."shop" = $1 AND o."shopifyId" = ANY($2) ORDER BY o."placedAt"`;

async function gatherOrders(
  sql: Sql,
  { shop, orderIds }: Pick<CustomerRequest, "shop" | "orderIds">,
): Promise<unknown[]> {
  const { rows } = await sql.query<OrderRow>(gather, [shop, orderIds]);
  const read = (hex: string | null, place: Omit<Place, "shop">): unknown =>
    hex === null ? null : openJson(Buffer.from(hex, "hex"), { ...place, shop });
  const opened = rows.map(({ facts, ...row }) => ({
    ...row,
    facts: facts && openJson(facts, { table: "Order", column: "facts", shop, row: row.id }),
  }));
  const pictures = await sql.query<{ id: string; orders: string[] }>(
    `SELECT "id", "filename", "contentType", "width", "height", "createdAt",
       array(SELECT "orderId"::text FROM "ArtworkOrder" WHERE "artworkId" = a."id" UNION SELECT a."orderId"::text) AS "orders" FROM "Artwork" a
     WHERE "shop" = $1 AND ("orderId" = ANY($2) OR "id" IN (SELECT "artworkId" FROM "ArtworkOrder" WHERE "orderId" = ANY($2)))`,
    [shop, rows.map(({ id }) => id)],
  );
  return opened.map(({ id, facts, parts, messages, ...order }) => ({
    ...order,
    facts,
    // With a link to each file: the merchant passes on the picture, not only its size.
    pictures: pictures.rows
      .filter((picture) => picture.orders.includes(id))
      .map(({ orders: _all, ...picture }) => ({ ...picture, file: signedArtworkUrl(picture.id) })),
    parts: parts.map(({ id: row, payload, attempts, news, ...part }) => ({
      ...part,
      news: news.map(({ data, connectionId, callbackId, receivedAt }) => ({
        receivedAt,
        said: read(data, { table: "VendorCallback", column: "data", row: `${connectionId}/${callbackId}` }),
      })),
      sent: read(payload, { table: "VendorOrder", column: "payload", row }),
      attempts: attempts.map(({ id: attempt, exchanges, ...rest }) => ({
        ...rest,
        exchanges: read(exchanges, { table: "Attempt", column: "exchanges", row: attempt }),
      })),
    })),
    messages: messages.map(({ body, webhookId, ...message }) => ({
      ...message,
      body: open(Buffer.from(body, "hex"), {
        table: "WebhookEvent",
        column: "body",
        shop,
        row: `${message.topic}/${webhookId}`,
      }).toString(),
    })),
  }));
}
