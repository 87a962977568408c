// Two shops with one key write one catalogue at the vendor: neither overwrites the other's products or takes them out.
import { expect, test } from "vitest";
import { removeConnection } from "#app/connections.server.ts";
import { keepExported, openCatalogue } from "#app/products/known.server.ts";
import { readSync, startSync } from "#app/products/sync.server.ts";
import { aShop } from "#test/support/road.ts";
import { aCatalogueConnection, aScene, settings, shop } from "./scene.ts";

const scene = aScene();
const other = "other.myshopify.com";

/** The other shop's connection with the same key. */
async function anotherShop(): Promise<string> {
  await aShop(scene.database.pool, other);
  return aCatalogueConnection(scene.database.pool, { settings: settings(scene.brand.url), domain: other });
}

let minute = 0;
/** A product of the other shop as a reading of Shopify leaves it; each call is later than the one before. */
async function tellOther(connectionId: string, sku: string, changes: Record<string, unknown> = {}) {
  const db = scene.database.pool;
  const { rows } = await db.query<{ facts: never }>(
    `SELECT facts FROM "CatalogueProduct" WHERE shop = $1 LIMIT 1`,
    [shop],
  );
  const [{ facts: ours } = { facts: {} as never }] = rows;
  const [variant] = (ours as { variants: object[] }).variants;
  const updatedAt = new Date(Date.UTC(2026, 10, 22, 8, ++minute)).toISOString();
  const facts = { ...(ours as object), id: "9", title: "Theirs", updatedAt, variants: [{ ...variant, sku }] };
  await keepExported(db, {
    shop: other,
    syncId: "00000000-0000-4000-8000-000000000000",
    exportedAt: new Date(),
    products: [{ ...facts, ...changes } as never],
  });
  await openCatalogue(db, { shop: other, connectionId });
  await db.query(
    `INSERT INTO "Publication" (shop, "connectionId", "productId") VALUES ($1, $2, '9') ON CONFLICT DO NOTHING`,
    [other, connectionId],
  );
  await scene.work();
}

const theirs = async () =>
  (await scene.rows()).find(({ productId }) => productId === "9") ?? { state: "missing" };

test("a product whose SKU another shop publishes there is held, and the first one stays as it is", async () => {
  const first = await scene.make("CHAIR-1", { title: "Ours" });
  await scene.after(3);
  const connectionId = await anotherShop();

  await tellOther(connectionId, "CHAIR-1");

  expect(scene.shown()).toEqual({ "CHAIR-1": "Ours" });
  expect(await theirs()).toMatchObject({
    state: "held",
    code: "duplicate",
    sentence: expect.stringMatching(/^Another shop .*“CHAIR-1”.*own SKU/),
  });
  await scene.shopify.updateProduct(first.id, { title: "Ours anew" });
  await scene.after(3);
  expect(scene.shown()).toEqual({ "CHAIR-1": "Ours anew" });
});

test("it goes by itself as soon as the other shop gives the SKU up, and is not taken out with the other's", async () => {
  const first = await scene.make("CHAIR-1", { title: "Ours" });
  await scene.after(3);
  const connectionId = await anotherShop();
  await tellOther(connectionId, "CHAIR-1");

  await scene.shopify.archiveProduct(first.id);
  await scene.after(3);

  expect(scene.shown()).toEqual({ "CHAIR-1": "Theirs" });
  expect(await theirs()).toMatchObject({ state: "published", keysThere: ["CHAIR-1"] });
  expect(await scene.row(first.id)).toMatchObject({ state: "withdrawn", keysThere: [] });
});

test("it goes by itself when the other shop's connection is removed", async () => {
  await scene.make("CHAIR-1", { title: "Ours" });
  await scene.after(3);
  const connectionId = await anotherShop();
  await tellOther(connectionId, "CHAIR-1");

  await removeConnection(scene.world, { shop, connectionId: scene.connectionId });
  await scene.work();

  expect(scene.shown()).toEqual({ "CHAIR-1": "Theirs" });
});

test("a product that leaves one shop is not taken out while the other shop publishes its SKU", async () => {
  await scene.make("CHAIR-1", { title: "Ours" });
  await scene.after(3);
  const connectionId = await anotherShop();
  await tellOther(connectionId, "CHAIR-9");
  // As before the two were held apart: both were sent under one SKU.
  await scene.database.pool.query(
    `UPDATE "Publication" SET "keysThere" = '{CHAIR-9,CHAIR-1}' WHERE "productId" = '9'`,
  );

  await tellOther(connectionId, "CHAIR-9", { status: "archived" });

  expect(scene.shown()).toEqual({ "CHAIR-1": "Ours" });
  expect(await theirs()).toMatchObject({ state: "withdrawn", keysThere: [] });
});

test("a dry run says so before anything is sent", async () => {
  const connectionId = await anotherShop();
  const made = await scene.make("CHAIR-1", { title: "Ours" });
  await scene.after(3);
  await tellOther(connectionId, "CHAIR-2");
  await scene.shopify.updateProduct(made.id, { variants: [{ sku: "CHAIR-2", priceMinor: 10_000 }] });

  await startSync(scene.world, { shop, connectionId: scene.connectionId, dryRun: true });
  await scene.after(5);
  await scene.after(5);

  const view = await readSync(scene.world, { shop, connectionId: scene.connectionId }, new Date());
  expect(view).toMatchObject({ state: "done", counts: { create: 0, update: 0, hold: 1 } });
  expect(view?.differences).toMatchObject([
    { what: "hold", key: "CHAIR-2", sentence: expect.stringMatching(/^Another shop/) },
  ]);
});
