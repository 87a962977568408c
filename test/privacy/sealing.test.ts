// Secrets and personal data at rest: a sealed value opens only where it stands, and a key can be changed for good.
import { afterEach, expect, test, vi } from "vitest";
import { open, openText, seal, sealJson, sealText, openJson, type Place } from "#app/crypto.server.ts";
import { inTransaction } from "#app/db.server.ts";
import { exportCustomer } from "#app/privacy.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { testEnv } from "#test/support/postgres.ts";
import { shop } from "#test/support/road.ts";
import { aScene, canary, customer } from "./scene.ts";

const database = testDatabase();
const place: Place = { table: "Order", column: "facts", shop, row: "1" };
const newKey = `new:${Buffer.alloc(32, 9).toString("base64")}`;

afterEach(() => {
  process.env["ENCRYPTION_KEYS"] = testEnv.ENCRYPTION_KEYS;
  vi.resetModules();
});

/** The app's modules as a process reads them that is started with other keys. */
async function withKeys(keys: string) {
  process.env["ENCRYPTION_KEYS"] = keys;
  vi.resetModules();
  const { reseal, sealedBytes } = await import("#app/reseal.server.ts");
  const crypto = await import("#app/crypto.server.ts");
  const { dump } = await import("./dump.ts");
  return { reseal, sealedBytes, dump, crypto };
}

/** Every key name that stands on a sealed value. */
async function keyNames(): Promise<string[]> {
  const { sealedBytes } = await import("#app/reseal.server.ts");
  const names = sealedBytes.map(
    ({ table, column }) =>
      `SELECT convert_from(substring("${column}" FROM 3 FOR get_byte("${column}", 1)), 'UTF8') AS name FROM "${table}" WHERE length("${column}") > 2`,
  );
  const { rows } = await database.pool.query<{ name: string }>(names.join(" UNION "));
  return rows.map(({ name }) => name);
}

test.each([
  ["table", { ...place, table: "VendorOrder" }],
  ["column", { ...place, column: "payload" }],
  ["shop", { ...place, shop: "other.myshopify.com" }],
  ["row", { ...place, row: "2" }],
])("a sealed value that was copied to another %s does not open", (_what, elsewhere) => {
  expect(openJson(sealJson({ name: canary }, place), place)).toEqual({ name: canary });
  expect(() => open(sealJson({ name: canary }, place), elsewhere)).toThrow();
  expect(() => openText(sealText(canary, place), elsewhere)).toThrow();
});

test("a sealed value of which one bit was changed, or that was cut, does not open", () => {
  const sealed = seal(canary, place);
  for (let at = 0; at < sealed.length; at++) {
    const changed = Buffer.from(sealed);
    changed[at] = (changed[at] ?? 0) ^ 1;
    expect(() => open(changed, place), `byte ${at}`).toThrow();
    expect(() => open(sealed.subarray(0, at), place), `${at} bytes`).toThrow();
  }
  expect(() => openText(canary, place)).toThrow("should be sealed");
});

test("the same value is sealed differently each time, and none of it can be read", () => {
  const made = new Set(Array.from({ length: 600 }, () => seal(canary, place).toString("latin1")));
  expect(made.size).toBe(600);
  expect([...made].some((sealed) => sealed.includes(canary))).toBe(false);
});

test("every column of sealed bytes is one that a change of keys reaches", async () => {
  const { sealedBytes } = await import("#app/reseal.server.ts");
  const { rows } = await database.pool.query<{ name: string }>(
    `SELECT table_name || '.' || column_name AS name FROM information_schema.columns
     WHERE table_schema = 'public' AND data_type = 'bytea' ORDER BY 1`,
  );
  // A catalogue keeps a checksum of its connection's settings, not the settings.
  const known = [...sealedBytes.map(({ table, column }) => `${table}.${column}`), "Catalogue.settings"];
  expect(rows.map(({ name }) => name)).toEqual(known.sort());
});

test("after a change of keys all is sealed with the new one, and the old one can be thrown away", async () => {
  const { pool } = database;
  await aScene(pool);
  await inTransaction(pool, (sql) => exportCustomer(sql, { shop, customer, orderIds: ["9007199254740993"] }));
  const lines = (text: string): string[] => text.split("\n").sort();
  const before = lines(await (await withKeys(testEnv.ENCRYPTION_KEYS)).dump(pool));
  const account = await anAccountWithASession();
  expect(before.join()).toContain(canary);
  expect(await keyNames()).toEqual(["test"]);

  const both = await withKeys(`${newKey},${testEnv.ENCRYPTION_KEYS}`);
  const { sealed, unreadable } = await both.reseal(pool);

  expect(unreadable).toEqual([]);
  expect(sealed).toBeGreaterThan(15);
  expect(await keyNames()).toEqual(["new"]);
  expect((await both.reseal(pool)).sealed, "a second time there is nothing to do").toBe(0);
  const only = await withKeys(newKey);
  const { rows } = await pool.query<{ token: Buffer }>(`SELECT token FROM "Account" WHERE id = $1`, [
    account,
  ]);
  const at = { table: "Account", column: "token", shop: "", row: account };
  expect(only.crypto.open(rows[0]?.token ?? Buffer.alloc(0), at).toString()).toBe("session");
  await pool.query(`UPDATE "Account" SET token = NULL, "tokenExpires" = NULL`);
  expect(lines(await only.dump(pool))).toEqual(before);
});

test("a key that is missing is said, and what it sealed stays as it is", async () => {
  await aScene(database.pool);
  const { rows: before } = await database.pool.query(`SELECT id, facts FROM "Order"`);

  const { sealed, unreadable } = await (await withKeys(newKey)).reseal(database.pool);

  expect(sealed).toBe(0);
  expect(unreadable).toContain("Order.facts (1)");
  expect((await database.pool.query(`SELECT id, facts FROM "Order"`)).rows).toEqual(before);
});

async function anAccountWithASession(): Promise<string> {
  const { rows } = await database.pool.query<{ id: string }>(`SELECT id FROM "Account" LIMIT 1`);
  const accountId = rows[0]?.id ?? "";
  const { keepToken } = await import("#app/vendors/asking.server.ts");
  await keepToken(database.pool, { accountId, token: "session", expiresAt: new Date() });
  return accountId;
}
