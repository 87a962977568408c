// What is forgotten is gone from every row, and what is kept is what keeps an order from being sent twice.
import { expect, test } from "vitest";
import { openJson } from "#app/crypto.server.ts";
import { inTransaction } from "#app/db.server.ts";
import {
  exportCustomer,
  forgetShop,
  redactCustomer,
  redactShop,
  sweepPersonalData,
} from "#app/privacy.server.ts";
import { sweepPreviews } from "#app/previews/preview-pictures.server.ts";
import { welcomeShop } from "#app/shopify/installation.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { shop } from "#test/support/road.ts";
import { dump, rowsOf } from "./dump.ts";
import { aMessage, aScene, canary, customer } from "./scene.ts";

const database = testDatabase();
const request = { shop, customer, orderIds: ["9007199254740993"] };
const other = "other.myshopify.com";

const redact = (): Promise<string> => inTransaction(database.pool, (sql) => redactCustomer(sql, request));
const removed: string[] = [];
const sweep = async (): Promise<unknown> =>
  await sweepPersonalData(database.pool, (key) => {
    removed.push(key);
    return Promise.resolve();
  });

async function part(id: string): Promise<Record<string, unknown>> {
  const { rows } = await database.pool.query<Record<string, unknown>>(
    `SELECT * FROM "VendorOrder" WHERE id = $1`,
    [id],
  );
  return rows[0] ?? {};
}

async function find(text: string): Promise<string[]> {
  return (await dump(database.pool))
    .split("\n")
    .filter((line) => line.toLowerCase().includes(text.toLowerCase()));
}

test("after a customer asked to be forgotten, no row of any table knows them", async () => {
  const scene = await aScene(database.pool);
  expect((await find(canary)).length).toBeGreaterThan(15);
  await inTransaction(database.pool, (sql) => exportCustomer(sql, request));

  expect(await redact()).toContain("erased from 1 order");
  await sweep();

  expect(await find(canary)).toEqual([]);
  expect(await find(customer.id)).toEqual([]);
  expect(await find("+6591234567")).toEqual([]);
  expect(removed).toContain(scene.artworkKey);
  expect((await rowsOf(database.pool, shop))["Artwork"]).toBeUndefined();
});

test("G18 what was sent stays sent, what was not sent never will be, and what is unknown waits for a person", async () => {
  const scene = await aScene(database.pool);
  await redact();

  expect(await part(scene.parts.sent)).toMatchObject({
    status: "sent",
    sentence: null,
    notes: { draftId: "D-1", tries: 2 },
  });
  expect(await part(scene.parts.waiting)).toMatchObject({
    status: "cancelled",
    code: null,
    leaseUntil: null,
  });
  expect(await part(scene.parts.unsure)).toMatchObject({
    status: "held",
    code: "unsure",
    sentence: expect.stringContaining("look there for M-unsure") as string,
  });
  // A worker is buying at this moment: it may say how it ended.
  const busy = await part(scene.parts.committing);
  expect(busy).toMatchObject({ status: "waiting", fence: 0, payload: null });
  expect(busy["committingAt"]).not.toBeNull();
  const { rows } = await database.pool.query(
    `SELECT status, "shopifyId", facts, "redactedAt" IS NOT NULL AS erased FROM "Order"`,
  );
  expect(rows).toEqual([{ status: "routed", shopifyId: "9007199254740993", facts: null, erased: true }]);
});

test("what a conversation writes after the erasure is swept up", async () => {
  const scene = await aScene(database.pool);
  await redact();
  const { rows } = await database.pool.query<{ id: string }>(
    `SELECT id FROM "Attempt" WHERE "vendorOrderId" = $1`,
    [scene.parts.committing],
  );
  await database.pool.query(`UPDATE "Attempt" SET sentence = $2, exchanges = ''::bytea WHERE id = $1`, [
    rows[0]?.id,
    canary,
  ]);
  await sweep();
  expect(await find(canary)).toEqual([]);
});

test("asking twice changes nothing, and another shop's customer of the same name is not touched", async () => {
  await aScene(database.pool);
  await aScene(database.pool, other);
  const traces = async (domain: string): Promise<unknown> => {
    const { rows } = await database.pool.query(
      `SELECT "sentence", "payload", "notes" FROM "VendorOrder" WHERE shop = $1 ORDER BY id`,
      [domain],
    );
    const bodies = await database.pool.query(`SELECT body FROM "WebhookEvent" WHERE shop = $1 ORDER BY id`, [
      domain,
    ]);
    return [rows, bodies.rows];
  };
  const before = await traces(other);
  await redact();
  const once = await traces(shop);
  await redact();
  await sweep();
  expect(await traces(shop)).toEqual(once);
  expect(await traces(other)).toEqual(before);
});

test("the same customer's next order, which nobody has read yet, is not lost", async () => {
  await aScene(database.pool);
  const body = JSON.stringify({ id: 9007199254741111, email: customer.email });
  await aMessage(database.pool, { domain: shop, topic: "orders/paid", state: "new", body });
  await redact();
  const { rows } = await database.pool.query(
    `SELECT topic, length(body) > 0 AS kept FROM "WebhookEvent" WHERE state = 'new'`,
  );
  expect(rows).toEqual([{ topic: "orders/paid", kept: true }]);
});

test("a basket that an erased part may have filled is not bought with the next order", async () => {
  const scene = await aScene(database.pool);
  await database.pool.query(`UPDATE "Account" SET "holderId" = $1`, [scene.parts.waiting]);
  await redact();
  const { rows } = await database.pool.query(`SELECT "holderId", quarantine FROM "Account"`);
  expect(rows).toEqual([
    { holderId: null, quarantine: expect.stringContaining("Empty the basket") as string },
  ]);
});

test("a customer who asks gets everything that is held about them", async () => {
  await aScene(database.pool);
  const outcome = await inTransaction(database.pool, (sql) => exportCustomer(sql, request));
  expect(outcome).toContain("1 order is ready");
  const { rows } = await database.pool.query<{ id: string; export: Buffer; doneAt: Date }>(
    `SELECT * FROM "PrivacyRequest"`,
  );
  const [row] = rows;
  const held = JSON.stringify(
    row && openJson(row.export, { table: "PrivacyRequest", column: "export", shop, row: row.id }),
  );
  for (const told of [
    customer.email,
    `1 ${canary} Street`,
    `${canary}.jpg`,
    "T1",
    "M-sent",
    "orders/paid",
    `is unknown`,
  ])
    expect(held, told).toContain(told);
  expect(row?.doneAt).not.toBeNull();

  expect(
    await inTransaction(database.pool, (sql) => exportCustomer(sql, { ...request, orderIds: ["5"] })),
  ).toBe("Nothing is kept about this customer.");
  await database.later("31 days");
  await sweep();
  expect((await database.pool.query(`SELECT 1 FROM "PrivacyRequest" WHERE export IS NOT NULL`)).rows).toEqual(
    [],
  );
});

test("personal data is gone when its time is over, without anybody asking", async () => {
  await aScene(database.pool);
  await sweep();
  expect((await find(canary)).length).toBeGreaterThan(15);
  await database.later("29 days");
  await sweep();
  expect((await find(canary)).some((line) => line.startsWith("WebhookEvent"))).toBe(true);
  await database.later("2 days");
  await sweep();
  expect(
    (await find(canary)).filter((line) => line.startsWith("WebhookEvent") && !line.includes('"customer":{')),
  ).toEqual([]);
  await database.later("60 days");
  await database.pool.query(`UPDATE "WebhookEvent" SET state = 'done'`);
  await sweep();
  expect(await find(canary)).toEqual([]);
});

test("a shop that uninstalls has nothing more sent, and what was being bought is not taken for unsent", async () => {
  const scene = await aScene(database.pool);
  await inTransaction(database.pool, (sql) =>
    forgetShop(sql, { shop, triggeredAt: new Date().toISOString() }),
  );

  expect(await part(scene.parts.waiting)).toMatchObject({
    status: "held",
    code: "approval",
    sentence: expect.stringContaining("uninstalled") as string,
  });
  expect(await part(scene.parts.committing)).toMatchObject({ status: "waiting", fence: 0 });
  expect(await part(scene.parts.sent)).toMatchObject({ status: "sent" });
  const { rows } = await database.pool.query(`SELECT DISTINCT status FROM "Connection"`);
  expect(rows).toEqual([{ status: "paused" }]);
  const counts = await rowsOf(database.pool, shop);
  expect(counts["Session"]).toBeUndefined();
  expect(
    (await database.pool.query(`SELECT 1 FROM "Shop" WHERE "uninstalledAt" IS NOT NULL`)).rows,
  ).toHaveLength(1);

  // The lease of the conversation ran out: nobody knows how it ended.
  await database.later("5 minutes");
  await inTransaction(database.pool, (sql) => forgetShop(sql, { shop }));
  expect(await part(scene.parts.committing)).toMatchObject({ status: "held", code: "unsure" });
});

test("news of an uninstall that comes after the shop is back changes nothing", async () => {
  const scene = await aScene(database.pool);
  // The session of the scene was given out half an hour ago.
  const triggeredAt = new Date(Date.now() - 40 * 60_000).toISOString();
  await inTransaction(database.pool, (sql) => forgetShop(sql, { shop, triggeredAt }));
  expect(await part(scene.parts.waiting)).toMatchObject({ status: "waiting" });
  expect((await rowsOf(database.pool, shop))["Session"]).toBe(1);
});

test("48 hours after an uninstall nothing of the shop is left, and a shared vendor account stays with the other shop", async () => {
  await aScene(database.pool);
  await aScene(database.pool, other);
  // Both use one account at the vendor.
  const theirs = await rowsOf(database.pool, other);
  await inTransaction(database.pool, (sql) => forgetShop(sql, { shop }));
  await database.later("48 hours");

  expect(
    await inTransaction(database.pool, (sql) => redactShop(sql, shop, new Date().toISOString())),
  ).toContain("erased");
  await sweepPreviews(database.pool);
  await sweep();

  expect(await rowsOf(database.pool, shop)).toEqual({});
  const left = await rowsOf(database.pool, other);
  expect({ ...left, Artwork: theirs["Artwork"] }).toEqual(theirs);
  const accounts = async (): Promise<unknown> =>
    (await database.pool.query(`SELECT count(*)::int AS n FROM "Account"`)).rows[0];
  expect(await accounts()).toEqual({ n: 1 });
  await inTransaction(database.pool, (sql) => redactShop(sql, shop));

  await inTransaction(database.pool, (sql) => forgetShop(sql, { shop: other }));
  await inTransaction(database.pool, (sql) => redactShop(sql, other));
  expect(await accounts()).toEqual({ n: 0 });
});

test("a shop that came back within the 48 hours keeps its data", async () => {
  await aScene(database.pool);
  await inTransaction(database.pool, (sql) => forgetShop(sql, { shop }));
  await database.later("10 hours");
  await welcomeShop(database.pool, shop);
  await database.later("38 hours");
  expect(
    await inTransaction(database.pool, (sql) => redactShop(sql, shop, new Date().toISOString())),
  ).toContain("again");
  expect((await rowsOf(database.pool, shop))["Order"]).toBe(1);
});
