import { expect, test } from "vitest";
import { openJson } from "#app/crypto.server.ts";
import { removeConnection, saveConnection, saveMapping } from "#app/connections.server.ts";
import { aForm, aPartRow, row, shop } from "./rows.ts";
import { aVendorShop } from "./vendor-shop.ts";

const town = aVendorShop();
const { database, world, doraForm, connected } = town;

test("G16 moving a connection to another account never asks that account about an order of the first one", async () => {
  const { connectionId, accountId } = await connected("dora");
  const at = { connectionId, accountId, vendor: "dora" };
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
  expect(await row(database.pool, "Account", accountId)).toMatchObject({
    holderId: null,
    quarantine: expect.stringContaining(begun.reference),
  });
});

test("removing a connection holds what was not sent, with a sentence, and forgets the key", async () => {
  const { connectionId, accountId } = await connected();
  const at = { connectionId, accountId, vendor: "dot" };
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
  const { connectionId, accountId } = await connected();
  await aPartRow(database.pool, {
    connectionId,
    accountId,
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
