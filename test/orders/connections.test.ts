import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openJson, sealJson } from "#app/crypto.server.ts";
import {
  failConnection,
  pauseConnection,
  pickProducts,
  removeConnection,
  removeMapping,
  resumeConnection,
  retestConnections,
  saveConnection,
  saveMapping,
  shownSettings,
  testConnection,
} from "#app/connections.server.ts";
import { routing } from "#app/orders/routing.ts";
import { askVendor, askingFor } from "#app/vendors/asking.server.ts";
import { dora } from "#app/vendors/dora/index.ts";
import { startDora } from "#sandbox/vendors/dora.ts";
import { startDot, type DotStandIn } from "#sandbox/vendors/dot.ts";
import type { StandIn } from "#sandbox/vendors/stand-in.ts";
import { aLine, anOrder } from "#test/support/builders.ts";
import { testDatabase } from "#test/support/database.ts";
import { takeIn } from "#test/support/road.ts";
import { aForm, aPartRow, aWorld, row, shop } from "./rows.ts";

const database = testDatabase();
let dot: DotStandIn;
let dealer: StandIn;

beforeAll(async () => {
  dot = await startDot();
  dealer = await startDora();
});
beforeEach(() => {
  dot.reset();
  dealer.reset();
});
afterAll(async () => {
  await dot.stop();
  await dealer.stop();
});

const world = () => aWorld(database.pool, [dot.url, dealer.url]);
const dotForm = (more: Record<string, string> = {}) =>
  aForm({
    baseUrl: dot.url,
    apiKey: "mge_sk_demo",
    brandId: "116",
    submission: "draft",
    upperCaseSku: "on",
    ...more,
  });
const doraForm = (more: Record<string, string> = {}) =>
  aForm({ baseUrl: dealer.url, username: "dealer", password: "dora_demo", ...more });

async function connected(more: Record<string, string> = {}, of = shop): Promise<string> {
  const saved = await saveConnection(world(), { shop: of, vendorId: "dot", form: dotForm(more) });
  if ("errors" in saved) throw new Error(JSON.stringify(saved.errors));
  return saved.connectionId;
}

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
  dot.fault({ kind: "error-not-done" });
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
  expect(dot.requests()).toEqual([]);
});

test("changing a name keeps the key that is not shown, and one shop cannot change another's account", async () => {
  const connectionId = await connected();
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
  const saved = await saveConnection(world(), { shop, vendorId: "dora", form: doraForm() });
  if ("errors" in saved) throw new Error(JSON.stringify(saved.errors));
  const { accountId } = await row(database.pool, "Connection", saved.connectionId);
  const settings = { baseUrl: dealer.url, username: "dealer", password: "dora_demo" };
  const whom = { vendor: dora, settings, accountId: String(accountId), shop };
  const before = dealer.requests().length;

  const first = await askingFor(world(), whom);
  expect(first).toMatchObject({ keptToken: true });
  expect(dealer.requests()).toHaveLength(before);

  await database.later("51 minutes");
  const second = await askingFor(world(), whom);
  expect(second.keptToken).toBe(false);
  expect(dealer.requests().length).toBeGreaterThan(before);

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
  const saved = await saveConnection(world(), { shop, vendorId: "dora", form: doraForm() });
  if ("errors" in saved) throw new Error(JSON.stringify(saved.errors));
  const { accountId } = await row(database.pool, "Connection", saved.connectionId);
  dealer.fault({ kind: "revoked-key", times: 1 });
  const settings = { baseUrl: dealer.url, username: "dealer", password: "dora_demo" };
  const whom = { vendor: dora, settings, accountId: String(accountId), shop };

  expect(await askVendor(world(), whom, (asking) => dora.test(settings, asking))).toMatch(/Connected as/);
  expect(await row(database.pool, "Connection", saved.connectionId)).toMatchObject({ status: "on" });
});

test("a failing connection is told once, tried again by itself, and its orders go when it works", async () => {
  const connectionId = await connected();
  const { accountId } = await row(database.pool, "Connection", connectionId);
  const { vendorOrderId } = await aPartRow(database.pool, {
    connectionId,
    accountId: String(accountId),
    vendor: "dot",
    part: { firstTryAt: new Date(), nextRunAt: new Date(Date.now() + 5 * 3_600_000) },
  });
  const news = [1, 2].map(() =>
    failConnection(database.pool, { connectionId, sentence: "The key was refused." }),
  );
  expect((await Promise.all(news)).toSorted()).toEqual([false, true]);

  dot.fault({ kind: "revoked-key" });
  expect(await retestConnections(world())).toBe(0);
  await database.later("16 minutes");
  expect(await retestConnections(world())).toBe(1);
  expect(await row(database.pool, "Connection", connectionId)).toMatchObject({ status: "failing" });

  dot.clearFaults();
  await database.later("61 minutes");
  const waker = world();
  expect(await retestConnections(waker)).toBe(1);
  expect(await row(database.pool, "Connection", connectionId)).toMatchObject({
    status: "on",
    sentence: null,
  });
  expect(waker.woken).toContain("submission");
  const due = await database.pool.query(
    `SELECT 1 FROM "VendorOrder" WHERE id = $1 AND "nextRunAt" <= now()`,
    [vendorOrderId],
  );
  expect(due.rowCount).toBe(1);
});

test("testing by hand says what the vendor says", async () => {
  const connectionId = await connected();
  expect(await testConnection(world(), { shop, connectionId })).toMatchObject({ done: true });
  dot.fault({ kind: "revoked-key" });
  expect(await testConnection(world(), { shop, connectionId })).toHaveProperty("refused");
  expect(await row(database.pool, "Connection", connectionId)).toMatchObject({ status: "failing" });
});

test("a paused connection stays paused until it is resumed, also when it is saved", async () => {
  const connectionId = await connected();
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
  const connectionId = await connected();
  const { accountId } = await row(database.pool, "Connection", connectionId);
  const { vendorOrderId } = await aPartRow(database.pool, {
    connectionId,
    accountId: String(accountId),
    part: { nextRunAt: new Date(Date.now() + 1_800_000) },
  });
  await saveConnection(world(), { shop, vendorId: "dot", connectionId, form: dotForm() });
  const due = await database.pool.query(
    `SELECT 1 FROM "VendorOrder" WHERE id = $1 AND "nextRunAt" <= now()`,
    [vendorOrderId],
  );
  expect(due.rowCount).toBe(0);
});

test("moving a connection to another account never asks that account about an order of the first one", async () => {
  const saved = await saveConnection(world(), { shop, vendorId: "dora", form: doraForm() });
  if ("errors" in saved) throw new Error(JSON.stringify(saved.errors));
  const { connectionId } = saved;
  const { accountId } = await row(database.pool, "Connection", connectionId);
  const at = { connectionId, accountId: String(accountId), vendor: "dora" };
  const lost = await aPartRow(database.pool, { ...at, shopifyId: "1", part: { committingAt: new Date() } });
  const begun = await aPartRow(database.pool, { ...at, shopifyId: "2", part: { notes: '{"cart":"ours"}' } });
  await database.pool.query(`UPDATE "Account" SET "holderId" = $1`, [begun.vendorOrderId]);

  const form = doraForm({ username: "dealer-us" });
  expect(await saveConnection(world(), { shop, vendorId: "dora", connectionId, form })).toHaveProperty(
    "sentence",
  );

  expect(await row(database.pool, "VendorOrder", lost.vendorOrderId)).toMatchObject({
    status: "held",
    code: "unsure",
    accountId,
    committingAt: expect.any(Date),
  });
  const moved = await row(database.pool, "Connection", connectionId);
  expect(moved["accountId"]).not.toBe(accountId);
  expect(await row(database.pool, "VendorOrder", begun.vendorOrderId)).toMatchObject({
    status: "waiting",
    accountId: moved["accountId"],
    notes: {},
    payload: null,
  });
  expect(await row(database.pool, "Account", String(accountId))).toMatchObject({
    holderId: null,
    quarantine: expect.stringContaining(begun.reference),
  });
});

test("removing a connection holds what was not sent, with a sentence, and forgets the key", async () => {
  const connectionId = await connected();
  const { accountId } = await row(database.pool, "Connection", connectionId);
  const at = { connectionId, accountId: String(accountId), vendor: "dot" };
  const waiting = await aPartRow(database.pool, { ...at, shopifyId: "1" });
  const lost = await aPartRow(database.pool, { ...at, shopifyId: "2", part: { committingAt: new Date() } });
  const sent = await aPartRow(database.pool, {
    ...at,
    shopifyId: "3",
    part: { status: "sent", trackAt: new Date() },
  });
  const form = aForm({ sku: "DOT/VF/40X50/W/BLACK/STD" });
  await saveMapping(world(), { shop, connectionId, variantId: "9001", title: "Kit", form });

  expect(await removeConnection(world(), { shop, connectionId })).toEqual({ done: true });

  expect(await row(database.pool, "VendorOrder", waiting.vendorOrderId)).toMatchObject({
    status: "held",
    code: "mapping",
  });
  expect(await row(database.pool, "VendorOrder", lost.vendorOrderId)).toMatchObject({
    status: "held",
    code: "unsure",
  });
  expect(await row(database.pool, "VendorOrder", sent.vendorOrderId)).toMatchObject({
    status: "sent",
    trackAt: null,
    notice: expect.stringMatching(/was removed/),
  });
  const gone = await row(database.pool, "Connection", connectionId);
  expect(
    openJson(gone["settings"] as Buffer, {
      table: "Connection",
      column: "settings",
      shop,
      row: connectionId,
    }),
  ).toEqual({});
  expect((await database.pool.query(`SELECT 1 FROM "Mapping"`)).rowCount).toBe(1);
  expect(await removeConnection(world(), { shop, connectionId })).toHaveProperty("refused");
});

test("a connection is not removed in the middle of sending, but nothing more is sent through it", async () => {
  const connectionId = await connected();
  const { accountId } = await row(database.pool, "Connection", connectionId);
  await aPartRow(database.pool, {
    connectionId,
    accountId: String(accountId),
    part: { leaseUntil: new Date(Date.now() + 40_000) },
  });
  expect(await removeConnection(world(), { shop, connectionId })).toHaveProperty("refused");
  expect(await row(database.pool, "Connection", connectionId)).toMatchObject({
    status: "paused",
    removedAt: null,
  });
  await database.later("1 minute");
  expect(await removeConnection(world(), { shop, connectionId })).toEqual({ done: true });
});

test("the vendor's products can be searched while choosing", async () => {
  const connectionId = await connected();
  const found = await pickProducts(world(), { shop, connectionId, search: "40x50" });
  if (!("products" in found)) throw new Error(found.refused);
  expect(found.products.length).toBeGreaterThan(0);
  expect(found.products.every(({ config }) => typeof config["sku"] === "string")).toBe(true);

  dot.fault({ kind: "revoked-key", times: 1 });
  expect(await pickProducts(world(), { shop, connectionId, search: "" })).toHaveProperty("refused");
});

test("choosing a product lets the orders that waited for it be routed again, and no others", async () => {
  const connectionId = await connected();
  const { accountId } = await row(database.pool, "Connection", connectionId);
  const at = { connectionId, accountId: String(accountId), vendor: "dot" };
  const held = await aPartRow(database.pool, { ...at, shopifyId: "1", part: { status: "cancelled" } });
  await database.pool.query(`UPDATE "OrderLine" SET verdict = 'held', "vendorOrderId" = NULL`);
  const sent = await aPartRow(database.pool, { ...at, shopifyId: "2", part: { status: "sent" } });
  const other = await aPartRow(database.pool, {
    ...at,
    shopifyId: "3",
    lines: [{ lineId: "5", quantity: 1, variantId: "9002" }],
  });

  const form = aForm({ sku: "DOT/VF/40X50/W/BLACK/STD" });
  const given = {
    shop,
    connectionId,
    variantId: "gid://shopify/ProductVariant/9001",
    title: "Kit",
    sku: "KIT-1",
    form,
  };
  const waker = world();
  expect(await saveMapping(waker, given)).toHaveProperty("mappingId");

  expect(waker.woken).toEqual(["routing"]);
  expect(await row(database.pool, "Order", held.orderId)).toMatchObject({ version: 2 });
  expect(await row(database.pool, "Order", sent.orderId)).toMatchObject({ version: 1 });
  expect(await row(database.pool, "Order", other.orderId)).toMatchObject({ version: 1 });
  const mappings = await database.pool.query(`SELECT * FROM "Mapping"`);
  expect(mappings.rows).toMatchObject([{ variantId: "9001", product: { sku: "DOT/VF/40X50/W/BLACK/STD" } }]);
});

test("a product choice is checked by the vendor's own fields, and can be taken back by its shop only", async () => {
  const saved = await saveConnection(world(), { shop, vendorId: "dora", form: doraForm() });
  if ("errors" in saved) throw new Error(JSON.stringify(saved.errors));
  const { connectionId } = saved;
  const bad = await saveMapping(world(), {
    shop,
    connectionId,
    variantId: "9001",
    title: "Ring",
    form: aForm({ type: "ring" }),
  });
  expect(bad).toEqual({ errors: { id: expect.stringMatching(/must be a number/) } });

  const good = await saveMapping(world(), {
    shop,
    connectionId,
    variantId: "9001",
    title: "Ring",
    form: aForm({ type: "product", id: "12" }),
  });
  if ("errors" in good) throw new Error(JSON.stringify(good.errors));
  expect(await removeMapping(world(), { shop: "other.myshopify.com", ...good })).toHaveProperty("refused");
  expect(await removeMapping(world(), { shop, ...good })).toEqual({ done: true });
  expect(await removeMapping(world(), { shop, mappingId: "nonsense" })).toHaveProperty("refused");
});

test("settings copied into another connection's row do not open", async () => {
  const connectionId = await connected();
  const sealed = sealJson({}, { table: "Connection", column: "settings", shop, row: "another" });
  await database.pool.query(`UPDATE "Connection" SET settings = $2 WHERE id = $1`, [connectionId, sealed]);
  await expect(shownSettings(world(), { shop, connectionId })).rejects.toThrow();
});

test("an order of a removed account goes to the account that is chosen instead, and only there", async () => {
  const first = await connected();
  const form = (): FormData => aForm({ sku: "DOT/VF/40X50/W/BLACK/STD" });
  const mapping = { shop, variantId: "9001", title: "Kit" };
  await saveMapping(world(), { ...mapping, connectionId: first, form: form() });
  const id = await takeIn(database.pool, anOrder({ lines: [aLine({ variantId: "9001" })] }), shop);
  await routing(world());

  await removeConnection(world(), { shop, connectionId: first });
  await routing(world());
  expect(await row(database.pool, "Order", id)).toMatchObject({ status: "held" });

  const second = await connected({ label: "Other kits" });
  await saveMapping(world(), { ...mapping, connectionId: second, form: form() });
  await routing(world());
  const parts = await database.pool.query(
    `SELECT "connectionId", status FROM "VendorOrder" WHERE "orderId" = $1 ORDER BY part`,
    [id],
  );
  expect(parts.rows).toEqual([
    { connectionId: first, status: "cancelled" },
    { connectionId: second, status: "waiting" },
  ]);
  expect(await row(database.pool, "Order", id)).toMatchObject({ status: "routed" });
});
