// What was published, once more: after a lost answer, with other settings, at another address, or because somebody asks.
import { expect, test } from "vitest";
import { sealJson } from "#app/crypto.server.ts";
import { catchUpProducts } from "#app/products/catch-up.ts";
import { publishAgain } from "#app/products/sync.server.ts";
import { startBrand } from "#sandbox/vendors/brand.ts";
import { aWorld, hostOf } from "#test/support/road.ts";
import { aScene, settings, shop } from "./scene.ts";

const scene = aScene();

test("C22 an answer that was lost is followed by a quiet minute and the same product once more, not twice there", async () => {
  scene.brand.fault({ kind: "reset-after", times: 1, on: "POST /api/v1/products" });
  const product = await scene.make("CHAIR-1");
  await scene.after(3);
  expect(await scene.row(product.id)).toMatchObject({
    state: "waiting",
    itemHash: null,
    keysThere: ["CHAIR-1"],
  });
  await scene.after(30);
  expect(scene.pushes()).toEqual([1]);

  await scene.after(40);

  expect(scene.pushes()).toEqual([1, 1]);
  expect(scene.brand.ledger()).toHaveLength(1);
  expect(await scene.row(product.id)).toMatchObject({ state: "published" });
});

test("a product that goes back to what it was after a lost answer is sent again all the same", async () => {
  const product = await scene.make("CHAIR-1", { title: "Old" });
  await scene.after(3);
  scene.brand.fault({ kind: "reset-after", times: 1, on: "POST /api/v1/products" });
  await scene.shopify.updateProduct(product.id, { title: "New" });
  await scene.after(3);
  await scene.shopify.updateProduct(product.id, { title: "Old" });
  await scene.after(3);
  expect(scene.shown()).toEqual({ "CHAIR-1": "New" });

  await scene.after(60);

  expect(scene.shown()).toEqual({ "CHAIR-1": "Old" });
});

test("a request that lands a minute late does not undo what came after it", async () => {
  const product = await scene.make("CHAIR-1", { title: "Old" });
  scene.brand.fault({ kind: "late", times: 1, on: "POST /api/v1/products" });
  const { http } = scene.world;
  await scene.work();
  await scene.database.later("3 seconds");
  // The wire gives up at once on what the vendor never answers.
  await scene.work({
    ...scene.world,
    http: (request, fresh) => http({ ...request, deadlineMs: 300 }, fresh),
  });
  await scene.shopify.updateProduct(product.id, { title: "New" });
  await scene.after(50);
  expect(scene.shown()).toEqual({});
  scene.brand.releaseLate();
  expect(scene.shown()).toEqual({ "CHAIR-1": "Old" });

  await scene.after(20);

  expect(scene.shown()).toEqual({ "CHAIR-1": "New" });
});

async function changeSettings(values: Record<string, unknown>): Promise<void> {
  const place = { table: "Connection", column: "settings", shop, row: scene.connectionId };
  await scene.database.pool.query(`UPDATE "Connection" SET settings = $2 WHERE id = $1`, [
    scene.connectionId,
    sealJson(values, place),
  ]);
}

test("other settings bring every product up to date, and settings saved without a change send nothing", async () => {
  await scene.make("CHAIR-1");
  await scene.after(3);

  await changeSettings(settings(scene.brand.url));
  await scene.work();
  expect(scene.pushes()).toEqual([1]);

  await changeSettings(settings(scene.brand.url, { wholesalePercent: 40 }));
  await scene.work();
  expect(scene.pushes()).toEqual([1, 1]);
  expect(scene.brand.ledger()).toMatchObject([{ body: { purchase_price: 40 } }]);
});

test("at another address everything is sent from the beginning", async () => {
  const product = await scene.make("CHAIR-1");
  await scene.after(3);
  const other = await startBrand();
  const world = aWorld(scene.database.pool, [hostOf(other.url)]);
  try {
    await changeSettings(settings(other.url));
    await scene.work(world);

    expect(other.ledger()).toMatchObject([{ reference: "CHAIR-1" }]);
    expect(await scene.row(product.id)).toMatchObject({ state: "published", keysThere: ["CHAIR-1"] });
  } finally {
    await world.close();
    await other.stop();
  }
});

test("a merchant who asks for one product to be published again gets it sent again", async () => {
  const product = await scene.make("CHAIR-1");
  await scene.after(3);
  const at = { shop, connectionId: scene.connectionId };

  expect(await publishAgain(scene.world, { ...at, productId: product.id })).toEqual({ done: true });
  await scene.after(3);

  expect(scene.pushes()).toEqual([1, 1]);
  expect(await publishAgain(scene.world, { ...at, productId: "1" })).toHaveProperty("refused");
  expect(
    await publishAgain(scene.world, { ...at, shop: "other.myshopify.com", productId: product.id }),
  ).toHaveProperty("refused");
});

test("a product webhook keeps nothing for a shop whose vendors take no catalogue", async () => {
  await scene.database.pool.query(`UPDATE "Connection" SET "removedAt" = now()`);
  await scene.make("CHAIR-1");
  await scene.after(3);

  const { rows } = await scene.database.pool.query(`SELECT * FROM "CatalogueProduct"`);
  expect(rows).toEqual([]);
});

test("a change whose webhook never came is found by looking at what Shopify changed", async () => {
  const product = await scene.make("CHAIR-1", { title: "Old" });
  await scene.make("CHAIR-2");
  await scene.after(3);
  const stored = scene.shopify.store.products.get(product.id);
  if (stored) {
    stored.title = "New";
    stored.updatedAt = new Date(Date.parse(stored.updatedAt) + 60_000).toISOString();
  }

  expect(await catchUpProducts(scene.world)).toBe(1);
  await scene.after(3);
  expect(scene.shown()).toEqual({ "CHAIR-1": "New", "CHAIR-2": "Chair CHAIR-2" });
  expect(await catchUpProducts(scene.world)).toBe(0);
});
