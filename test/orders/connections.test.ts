import { expect, test } from "vitest";
import { sealJson } from "#app/crypto.server.ts";
import {
  failConnection,
  pauseConnection,
  resumeConnection,
  retestConnections,
  saveConnection,
  shownSettings,
  testConnection,
} from "#app/connections.server.ts";
import { askVendor, askingFor } from "#app/vendors/asking.server.ts";
import { dora } from "#app/vendors/dora/index.ts";
import { aPartRow, row, shop } from "./rows.ts";
import { aVendorShop } from "./vendor-shop.ts";

const town = aVendorShop();
const { database, world, dotForm, doraForm, connected } = town;

test("a vendor account is connected when the vendor accepts it, and its key is never shown again", async () => {
  const saved = await saveConnection(world(), {
    shop,
    vendorId: "dot",
    form: dotForm({ label: "Kits", holdMinutes: "5", approve: "on" }),
  });
  if ("errors" in saved) throw new Error(JSON.stringify(saved.errors));
  expect(saved.sentence).toMatch(/Connected to MGE/);

  const shown = await shownSettings(world(), { shop, connectionId: saved.connectionId });
  expect(shown).toMatchObject({
    label: "Kits",
    holdMinutes: 5,
    approve: true,
    takesTestOrders: false,
    status: "on",
  });
  expect(JSON.stringify(shown)).not.toContain("mge_sk_demo");
  expect(
    await shownSettings(world(), { shop: "other.myshopify.com", connectionId: saved.connectionId }),
  ).toBeUndefined();
  expect(String((await row(database.pool, "Connection", saved.connectionId))["settings"])).not.toContain(
    "mge_sk",
  );
});

test("settings that the vendor refuses are not saved, and its words are shown", async () => {
  const saved = await saveConnection(world(), {
    shop,
    vendorId: "dot",
    form: dotForm({ apiKey: "mge_sk_wrong" }),
  });
  expect(saved).toMatchObject({
    errors: { _form: expect.stringMatching(/does not accept the key.*Nothing was saved\.$/) },
  });
  expect((await database.pool.query(`SELECT 1 FROM "Connection"`)).rowCount).toBe(0);
});

test("when the vendor cannot be reached nothing is saved and the merchant is told so", async () => {
  town.dot.fault({ kind: "error-not-done" });
  const saved = await saveConnection(world(), { shop, vendorId: "dot", form: dotForm() });
  expect(saved).toMatchObject({
    errors: { _form: expect.stringMatching(/trouble answering.*Nothing was saved\.$/) },
  });
});

test("each wrong field has its own sentence", async () => {
  const form = dotForm({ apiKey: "", brandId: "x", holdMinutes: "5000" });
  const saved = await saveConnection(world(), { shop, vendorId: "dot", form });
  expect(saved).toEqual({
    errors: {
      apiKey: "API key is missing.",
      brandId: "Brand number must be a number.",
      holdMinutes: "Enter whole minutes from 0 to 4320 (three days).",
    },
  });
  expect(town.dot.requests()).toEqual([]);
});

test("changing a name keeps the key that is not shown, and one shop cannot change another's account", async () => {
  const { connectionId } = await connected();
  const form = dotForm({ label: "Renamed", apiKey: "" });
  expect(await saveConnection(world(), { shop, vendorId: "dot", connectionId, form })).toMatchObject({
    connectionId,
  });
  expect(await shownSettings(world(), { shop, connectionId })).toMatchObject({ label: "Renamed" });

  const foreign = { shop: "other.myshopify.com", vendorId: "dot", connectionId, form: dotForm() };
  expect(await saveConnection(world(), foreign)).toMatchObject({ errors: { _form: expect.any(String) } });
});

test("two shops with the same login at a one-basket vendor share one account", async () => {
  for (const of of [shop, "other.myshopify.com"])
    expect(await saveConnection(world(), { shop: of, vendorId: "dora", form: doraForm() })).toMatchObject({
      sentence: expect.stringMatching(/Connected as/),
    });
  const accounts = await database.pool.query<{ atOnce: number; token: Buffer | null; quietSeconds: number }>(
    `SELECT * FROM "Account"`,
  );
  expect(accounts.rows).toHaveLength(1);
  expect(accounts.rows[0]).toMatchObject({ atOnce: 1 });
  expect(accounts.rows[0]?.quietSeconds).toBeGreaterThan(0);
  expect(accounts.rows[0]?.token).not.toBeNull();
});

test("a wrong password is refused although another shop's session at the same login is open", async () => {
  await saveConnection(world(), { shop, vendorId: "dora", form: doraForm() });
  const other = { shop: "other.myshopify.com", vendorId: "dora", form: doraForm({ password: "guessed" }) };
  expect(await saveConnection(world(), other)).toHaveProperty("errors._form");
});

test("a session is used while it lasts, renewed before it ends, and neither it nor the password is recorded", async () => {
  const { accountId } = await connected("dora");
  const settings = { baseUrl: town.dealer.url, username: "dealer", password: "dora_demo" };
  const whom = { vendor: dora, settings, accountId, shop };
  const before = town.dealer.requests().length;

  const first = await askingFor(world(), whom);
  expect(first).toMatchObject({ keptToken: true });
  expect(town.dealer.requests()).toHaveLength(before);

  await database.later("51 minutes");
  const second = await askingFor(world(), whom);
  expect(second.keptToken).toBe(false);
  expect(town.dealer.requests().length).toBeGreaterThan(before);

  await database.later("2 hours");
  const third = await askingFor(world(), whom);
  await dora.test(settings, third.asking);
  const recorded = JSON.stringify([...second.exchanges, ...third.exchanges]);
  expect(third.exchanges.length).toBeGreaterThan(1);
  for (const secret of ["dora_demo", second.asking.token, third.asking.token]) {
    expect(secret.length).toBeGreaterThan(8);
    expect(recorded).not.toContain(secret);
  }
});

test("a session that the vendor ended early is replaced by a new login, without a word to the merchant", async () => {
  const { connectionId, accountId } = await connected("dora");
  town.dealer.fault({ kind: "revoked-key", times: 1 });
  const settings = { baseUrl: town.dealer.url, username: "dealer", password: "dora_demo" };
  const whom = { vendor: dora, settings, accountId, shop };

  expect(await askVendor(world(), whom, (asking) => dora.test(settings, asking))).toMatch(/Connected as/);
  expect(await row(database.pool, "Connection", connectionId)).toMatchObject({ status: "on" });
});

test("a failing connection is told once, tried again by itself, and its orders go when it works", async () => {
  const { connectionId, accountId } = await connected();
  const { vendorOrderId } = await aPartRow(database.pool, {
    connectionId,
    accountId,
    vendor: "dot",
    part: { firstTryAt: new Date(), nextRunAt: new Date(Date.now() + 5 * 3_600_000) },
  });
  const news = [1, 2].map(() =>
    failConnection(database.pool, { connectionId, sentence: "The key was refused." }),
  );
  expect((await Promise.all(news)).toSorted()).toEqual([false, true]);

  town.dot.fault({ kind: "revoked-key" });
  expect(await retestConnections(world())).toBe(0);
  await database.later("16 minutes");
  expect(await retestConnections(world())).toBe(1);
  expect(await row(database.pool, "Connection", connectionId)).toMatchObject({ status: "failing" });

  town.dot.clearFaults();
  await database.later("61 minutes");
  const waker = world();
  expect(await retestConnections(waker)).toBe(1);
  expect(await row(database.pool, "Connection", connectionId)).toMatchObject({
    status: "on",
    sentence: null,
  });
  expect(waker.woken).toEqual(["submission", "tracking", "publishing", "previews"]);
  const due = await database.pool.query(
    `SELECT 1 FROM "VendorOrder" WHERE id = $1 AND "nextRunAt" <= now()`,
    [vendorOrderId],
  );
  expect(due.rowCount).toBe(1);
});

test("testing by hand says what the vendor says", async () => {
  const { connectionId } = await connected();
  expect(await testConnection(world(), { shop, connectionId })).toMatchObject({ done: true });
  town.dot.fault({ kind: "revoked-key" });
  expect(await testConnection(world(), { shop, connectionId })).toHaveProperty("refused");
  expect(await row(database.pool, "Connection", connectionId)).toMatchObject({ status: "failing" });
});

test("a paused connection stays paused until it is resumed, also when it is saved", async () => {
  const { connectionId } = await connected();
  await pauseConnection(world(), { shop, connectionId });
  await saveConnection(world(), { shop, vendorId: "dot", connectionId, form: dotForm() });
  expect(await row(database.pool, "Connection", connectionId)).toMatchObject({ status: "paused" });
  await resumeConnection(world(), { shop, connectionId });
  expect(await row(database.pool, "Connection", connectionId)).toMatchObject({
    status: "on",
    sentence: null,
  });
});

test("a new key does not cut short the waiting time of an order that was never tried", async () => {
  const { connectionId, accountId } = await connected();
  const { vendorOrderId } = await aPartRow(database.pool, {
    connectionId,
    accountId,
    part: { nextRunAt: new Date(Date.now() + 1_800_000) },
  });
  await saveConnection(world(), { shop, vendorId: "dot", connectionId, form: dotForm() });
  const due = await database.pool.query(
    `SELECT 1 FROM "VendorOrder" WHERE id = $1 AND "nextRunAt" <= now()`,
    [vendorOrderId],
  );
  expect(due.rowCount).toBe(0);
});

test("settings copied into another connection's row do not open", async () => {
  const { connectionId } = await connected();
  const sealed = sealJson({}, { table: "Connection", column: "settings", shop, row: "another" });
  await database.pool.query(`UPDATE "Connection" SET settings = $2 WHERE id = $1`, [connectionId, sealed]);
  await expect(shownSettings(world(), { shop, connectionId })).rejects.toThrow();
});
