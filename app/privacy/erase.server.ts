// Forgets the people in an order: address, wishes, pictures, what was sent to vendors and what they answered. What
// stays is numbers and states, so that nothing is ever sent a second time and the merchant's list stays whole.
import { open, openJson } from "../crypto.server.ts";
import type { Sql } from "../db.server.ts";
import { speaksOf, type CustomerRequest } from "./customer.ts";

/** customers/redact: forgets one customer. Answers with what was done, as a sentence. */
export async function redactCustomer(sql: Sql, request: CustomerRequest): Promise<string> {
  const { shop, orderIds } = request;
  const orders = await sql.query<{ id: string }>(
    `SELECT "id" FROM "Order" WHERE "shop" = $1 AND "shopifyId" = ANY($2)`,
    [shop, orderIds],
  );
  await eraseOrders(sql, { shop, ids: orders.rows.map(({ id }) => id), why: erasedForCustomer });
  await forgetUnordered(sql, request);
  await eraseMessages(sql, request);
  await eraseExports(sql, request);
  const count = orders.rows.length;
  const outcome =
    count === 0
      ? "Nothing is kept about this customer."
      : `The customer's data was erased from ${count} ${count === 1 ? "order" : "orders"}. Vendors that made something keep records of their own.`;
  await sql.query(
    `INSERT INTO "PrivacyRequest" ("shop", "topic", "doneAt", "outcome") VALUES ($1, 'customers/redact', now(), $2)`,
    [shop, outcome],
  );
  return outcome;
}

const erasedForCustomer = "The customer asked Shopify to erase their data.";

interface Erasing {
  shop: string;
  /** Ids of Order rows. */
  ids: string[];
  /** A sentence that says on whose word. */
  why: string;
}

/** Erases the personal data of whole orders. What was not sent yet is taken back, for there is nothing left to send. */
export async function eraseOrders(sql: Sql, { shop, ids, why }: Erasing): Promise<void> {
  if (ids.length === 0) return;
  await forgetPictures(sql, { shop, ids });
  await settleParts(sql, { shop, ids, why });
  await sql.query(
    `UPDATE "Attempt" a SET "exchanges" = NULL, "sentence" = NULL FROM "VendorOrder" v
     WHERE v."id" = a."vendorOrderId" AND v."orderId" = ANY($1)`,
    [ids],
  );
  await sql.query(
    `UPDATE "Shipment" s SET "sentence" = CASE WHEN s."sentence" IS NULL THEN NULL ELSE $2 END FROM "VendorOrder" v
     WHERE v."id" = s."vendorOrderId" AND v."orderId" = ANY($1)`,
    [ids, why],
  );
  await eraseNews(sql, { shop, ids });
  await sql.query(`UPDATE "OrderLine" SET "reason" = NULL WHERE "orderId" = ANY($1)`, [ids]);
  // Sentences may quote a vendor, and a vendor may quote an address.
  await sql.query(`DELETE FROM "TimelineEntry" WHERE "orderId" = ANY($1)`, [ids]);
  await sql.query(
    `INSERT INTO "TimelineEntry" ("shop", "orderId", "sentence") SELECT $2, id, $3 FROM unnest($1::uuid[]) AS id`,
    [ids, shop, `${why} What was known of the person is gone from here.`],
  );
  await sql.query(
    `UPDATE "WebhookEvent" SET "body" = ''::bytea, "state" = 'done' WHERE "shop" = $2 AND "orderId" = ANY($1)`,
    [ids, shop],
  );
  await sql.query(
    `UPDATE "Order" SET "facts" = NULL, "redactedAt" = coalesce("redactedAt", now()), "readAgain" = false, "forgetAt" = NULL,
       "status" = CASE WHEN "status" = 'routed' THEN 'routed' ELSE 'not ours' END, "sentence" = $2
     WHERE "id" = ANY($1)`,
    [ids, why],
  );
}

async function settleParts(sql: Sql, { shop, ids, why }: Erasing): Promise<void> {
  // A part that may be at the vendor is never taken for unsent. Its worker, if there is one, may finish and say so.
  await sql.query(
    `UPDATE "VendorOrder" SET "status" = 'held', "code" = coalesce("code", 'unsure'), "changedAt" = now(),
       "sentence" = $2 || ' Whether the vendor has this part is not known: look there for ' || "reference" || ', then say so here.'
     WHERE "orderId" = ANY($1) AND "status" IN ('waiting', 'held')
       AND ("committingAt" IS NOT NULL OR "code" IN ('unsure', 'number unknown'))
       AND coalesce("leaseUntil" < now(), true)`,
    [ids, why],
  );
  const unsent = await sql.query<{ id: string }>(
    `UPDATE "VendorOrder" SET "status" = 'cancelled', "code" = NULL, "sentence" = $2 || ' This part was not sent and never will be.',
       "fence" = "fence" + 1, "leaseUntil" = NULL, "trackAt" = NULL, "changedAt" = now()
     WHERE "orderId" = ANY($1) AND "status" IN ('waiting', 'held') AND "committingAt" IS NULL
       AND "code" IS DISTINCT FROM 'unsure' AND "code" IS DISTINCT FROM 'number unknown'
     RETURNING "id"`,
    [ids, why],
  );
  await leaveBaskets(
    sql,
    unsent.rows.map(({ id }) => id),
  );
  // Of what a conversation remembered only words that can be a number or a name of the vendor's stay.
  await sql.query(
    `UPDATE "VendorOrder" SET "payload" = NULL, "addressHash" = NULL, "notice" = NULL, "vendorState" = NULL,
       "sentence" = CASE WHEN "status" IN ('held', 'cancelled') THEN "sentence" END,
       "notes" = (SELECT coalesce(jsonb_object_agg(key, value), '{}') FROM jsonb_each("notes")
                  WHERE jsonb_typeof(value) IN ('number', 'boolean') OR value #>> '{}' ~ '^[A-Za-z0-9:._/-]{1,128}$')
     WHERE "shop" = $2 AND "orderId" = ANY($1)`,
    [ids, shop],
  );
}

/** A basket that an unsent part filled stays filled at the vendor: nobody may buy it with the next order. */
export async function leaveBaskets(sql: Sql, vendorOrderIds: string[]): Promise<void> {
  await sql.query(
    `UPDATE "Account" a SET "holderId" = NULL, "quarantine" = coalesce(a."quarantine", 'The basket may still hold things of ' || v."reference"
       || ', which is not bought from here any more. Empty the basket at the vendor, then release the account.')
     FROM "VendorOrder" v WHERE v."id" = a."holderId" AND v."id" = ANY($1)`,
    [vendorOrderIds],
  );
  await sql.query(
    `UPDATE "Attempt" SET "closedAt" = now(), "outcome" = 'interrupted' WHERE "vendorOrderId" = ANY($1) AND "closedAt" IS NULL`,
    [vendorOrderIds],
  );
}

// What vendors told by themselves about these orders, also what waits for one of their parts to be sent.
async function eraseNews(sql: Sql, { shop, ids }: Omit<Erasing, "why">): Promise<void> {
  await sql.query(
    `UPDATE "VendorCallback" n SET "state" = 'done', "data" = NULL, "outcome" = NULL FROM "VendorOrder" v
     WHERE v."orderId" = ANY($1) AND n."shop" = $2 AND (n."vendorOrderId" = v."id" OR n."number" = v."vendorNumber"
       OR n."reference" IN (v."reference", v."reference" || '-r' || (v."resend" + 1))
       OR n."lineId" IN (SELECT "shopifyLineId" FROM "OrderLine" WHERE "orderId" = v."orderId"))`,
    [ids, shop],
  );
}

// A file is deleted by the sweep, before its row: the other way round a crash would leave a picture nobody knows of.
async function forgetPictures(sql: Sql, { shop, ids }: Omit<Erasing, "why">): Promise<void> {
  await sql.query(
    `UPDATE "Artwork" SET "forgetAt" = now(), "filename" = '', "customerId" = NULL
     WHERE "shop" = $1 AND ("orderId" = ANY($2) OR "id" IN (SELECT "artworkId" FROM "ArtworkOrder" WHERE "orderId" = ANY($2)))`,
    [shop, ids],
  );
}

// Photos that the customer sent while logged in and never ordered.
async function forgetUnordered(sql: Sql, { shop, customer }: CustomerRequest): Promise<void> {
  if (customer.id === undefined) return;
  await sql.query(
    `UPDATE "Artwork" SET "forgetAt" = now(), "filename" = '', "customerId" = NULL WHERE "shop" = $1 AND "customerId" = $2`,
    [shop, customer.id],
  );
}

interface SealedMessage {
  id: string;
  state: string;
  topic: string;
  webhookId: string;
  body: Buffer;
}

// Messages that intake could not tie to an order, among them the request itself, which holds the e-mail address. One
// that nobody has read yet goes only when it is about an order that must go: it may be the customer's next order.
async function eraseMessages(sql: Sql, request: CustomerRequest): Promise<void> {
  const { shop } = request;
  for (let after = "0", more = true; more;) {
    const { rows } = await sql.query<SealedMessage>(
      `SELECT "id", "state", "topic", "webhookId", "body" FROM "WebhookEvent"
       WHERE "shop" = $1 AND "id" > $2 AND "body" <> ''::bytea ORDER BY "id" LIMIT 500`,
      [shop, after],
    );
    const hits = rows.filter(({ state, topic, webhookId, body }) => {
      const place = { table: "WebhookEvent", column: "body", shop, row: `${topic}/${webhookId}` };
      const unread = state === "new" && !topic.startsWith("customers/");
      const marks = unread ? { customer: {}, orderIds: request.orderIds } : request;
      return speaksOf(open(body, place).toString(), marks);
    });
    await sql.query(`UPDATE "WebhookEvent" SET "body" = ''::bytea, "state" = 'done' WHERE "id" = ANY($1)`, [
      hits.map(({ id }) => id),
    ]);
    after = rows.at(-1)?.id ?? after;
    more = rows.length === 500;
  }
}

// What was exported for this customer before.
async function eraseExports(sql: Sql, request: CustomerRequest): Promise<void> {
  const { shop } = request;
  const { rows } = await sql.query<{ id: string; export: Buffer }>(
    `SELECT "id", "export" FROM "PrivacyRequest" WHERE "shop" = $1 AND "export" IS NOT NULL`,
    [shop],
  );
  const hits = rows.filter((row) =>
    speaksOf(
      JSON.stringify(openJson(row.export, { table: "PrivacyRequest", column: "export", shop, row: row.id })),
      request,
    ),
  );
  await sql.query(`UPDATE "PrivacyRequest" SET "export" = NULL WHERE "id" = ANY($1)`, [
    hits.map(({ id }) => id),
  ]);
}
