// From a product webhook to the vendor's catalogue: once, with the newest state, and never one product over another.
import { expect, test } from "vitest";
import { sealJson } from "#app/crypto.server.ts";
import { catchUpProducts } from "#app/products/catch-up.ts";
import { publishAgain, readPublications } from "#app/products/sync.server.ts";
import { startBrand } from "#sandbox/vendors/brand.ts";
import { aWorld, hostOf } from "#test/support/road.ts";
import { aScene, aCatalogueConnection, settings, shop } from "./scene.ts";

const scene = aScene();

test("a new product is read from Shopify and is in the catalogue seconds later", async () => {
  const product = await scene.make("CHAIR-1", { title: "Oak chair" });
  await scene.work();
  expect(scene.shown()).toEqual({});

  await scene.after(3);

  expect(scene.shown()).toEqual({ "CHAIR-1": "Oak chair" });
  expect(await scene.row(product.id)).toMatchObject({
    state: "published",
    sentence: "Created.",
    key: "CHAIR-1",
    keysThere: ["CHAIR-1"],
  });
});

test("C21 two webhooks in one second are one push with the latest data", async () => {
  const product = await scene.make("CHAIR-1");
  await scene.work();
  await scene.shopify.updateProduct(product.id, { title: "Second name" });
  await scene.work();
  await scene.shopify.updateProduct(product.id, { title: "Third name" });
  await scene.after(3);
  await scene.after(60);

  expect(scene.shown()).toEqual({ "CHAIR-1": "Third name" });
  expect(scene.brand.history()).toHaveLength(1);
});

test("a change while the product is on its way is sent after it, and never before", async () => {
  const product = await scene.make("CHAIR-1", { title: "First" });
  await scene.after(3);
  await scene.shopify.updateProduct(product.id, { title: "Second" });
  await scene.work();
  await scene.database.later("3 seconds");
  let changed = false;
  const { http } = scene.world;
  await scene.work({
    ...scene.world,
    http: async (request, fresh) => {
      if (request.method === "POST" && !changed) {
        changed = true;
        await scene.shopify.updateProduct(product.id, { title: "Third" });
      }
      return http(request, fresh);
    },
  });
  await scene.after(3);

  expect(scene.brand.history()).toHaveLength(3);
  expect(scene.shown()).toEqual({ "CHAIR-1": "Third" });
  expect(await scene.row(product.id)).toMatchObject({ state: "published" });
});

test("C9 a product that was saved without a change is not sent again", async () => {
  const product = await scene.make("CHAIR-1");
  await scene.after(3);
  await scene.shopify.updateProduct(product.id, {});
  await scene.after(3);

  expect(scene.brand.history()).toHaveLength(1);
  expect(await scene.row(product.id)).toMatchObject({ state: "published", sentence: "Created." });
});

test("archived, drafted and deleted products are taken out, and come back with the product", async () => {
  const [archived, drafted, deleted] = [
    await scene.make("CHAIR-1"),
    await scene.make("CHAIR-2"),
    await scene.make("CHAIR-3"),
  ];
  await scene.after(3);
  expect(Object.keys(scene.shown())).toHaveLength(3);

  await scene.shopify.archiveProduct(archived.id);
  await scene.shopify.updateProduct(drafted.id, { status: "draft" });
  await scene.shopify.deleteProduct(deleted.id);
  await scene.after(3);

  expect(scene.shown()).toEqual({});
  expect((await scene.rows()).map(({ state, sentence }) => [state, sentence])).toEqual([
    ["withdrawn", "Archived in Shopify, so it is not in the catalogue."],
    ["withdrawn", "A draft or unlisted in Shopify, so it is not in the catalogue."],
    ["withdrawn", "Deleted in Shopify, so it is not in the catalogue."],
  ]);

  await scene.shopify.updateProduct(archived.id, { status: "active" });
  await scene.after(3);
  expect(Object.keys(scene.shown())).toEqual(["CHAIR-1"]);
});

test("a draft that was never published asks nothing of the vendor", async () => {
  const product = await scene.make("CHAIR-1", { status: "draft" });
  await scene.after(3);

  expect(scene.brand.requests()).toEqual([]);
  expect(await scene.row(product.id)).toMatchObject({ state: "withdrawn" });
});

test("C13 two products with one SKU are both held, and nothing is overwritten", async () => {
  const first = await scene.make("CHAIR-1", { title: "The first" });
  await scene.after(3);
  const second = await scene.make("CHAIR-1", { title: "The second" });
  await scene.after(3);

  expect(scene.shown()).toEqual({ "CHAIR-1": "The first" });
  expect(await scene.rows()).toMatchObject([
    { productId: first.id, state: "held", code: "duplicate" },
    {
      productId: second.id,
      state: "held",
      code: "duplicate",
      sentence: expect.stringContaining("“The first”"),
    },
  ]);

  await scene.shopify.updateProduct(second.id, { variants: [{ sku: "CHAIR-2", priceMinor: 10_000 }] });
  await scene.after(3);
  expect(scene.shown()).toEqual({ "CHAIR-1": "The first", "CHAIR-2": "The second" });
  expect((await scene.rows()).map(({ state }) => state)).toEqual(["published", "published"]);
});

test("C13 of two products with one SKU that come together, none is sent", async () => {
  await scene.make("CHAIR-1");
  const second = await scene.make("CHAIR-1");
  await scene.after(3);
  expect(scene.pushes()).toEqual([]);

  await scene.shopify.deleteProduct(second.id);
  await scene.after(3);
  expect(Object.keys(scene.shown())).toEqual(["CHAIR-1"]);
  expect((await scene.rows()).map(({ state }) => state)).toEqual(["published", "withdrawn"]);
});

test("a product that changes its SKU leaves nothing under the old one, also when another product takes it", async () => {
  const first = await scene.make("CHAIR-1", { title: "First" });
  const second = await scene.make("CHAIR-2", { title: "Second" });
  await scene.after(3);

  await scene.shopify.updateProduct(first.id, { variants: [{ sku: "CHAIR-9", priceMinor: 10_000 }] });
  await scene.after(3);
  expect(scene.shown()).toEqual({ "CHAIR-9": "First", "CHAIR-2": "Second" });

  await scene.shopify.updateProduct(first.id, { variants: [{ sku: "CHAIR-3", priceMinor: 10_000 }] });
  await scene.shopify.updateProduct(second.id, { variants: [{ sku: "CHAIR-9", priceMinor: 10_000 }] });
  await scene.after(3);
  expect(scene.shown()).toEqual({ "CHAIR-3": "First", "CHAIR-9": "Second" });
  expect((await scene.rows()).map(({ keysThere }) => keysThere)).toEqual([["CHAIR-3"], ["CHAIR-9"]]);
});

test("C8 one refused product is held with the vendor's words, and the others are there", async () => {
  scene.brand.refuse("CHAIR-2", "Category is missing");
  for (const sku of ["CHAIR-1", "CHAIR-2", "CHAIR-3"]) await scene.make(sku);
  await scene.after(3);
  await scene.after(30);

  expect(Object.keys(scene.shown()).sort()).toEqual(["CHAIR-1", "CHAIR-3"]);
  expect((await scene.rows()).map(({ state }) => state)).toEqual(["published", "held", "published"]);
  const { rows, total } = await readPublications(scene.world, {
    shop,
    connectionId: scene.connectionId,
    filter: "held",
    search: "chair",
    page: 1,
  });
  expect(total).toBe(1);
  expect(rows).toMatchObject([
    { key: "CHAIR-2", title: "Chair CHAIR-2", sentence: "dotcph: Category is missing" },
  ]);
});

test("C15 without a rule for wholesale prices nothing is sent, and the connection says so", async () => {
  const connectionId = await aCatalogueConnection(scene.database.pool, {
    settings: settings(scene.brand.url, { apiKey: "bk_other:brand_demo", wholesalePercent: undefined }),
  });
  await scene.database.pool.query(`UPDATE "Connection" SET status = 'paused' WHERE id = $1`, [
    scene.connectionId,
  ]);
  await scene.make("CHAIR-1");
  await scene.after(3);

  expect(scene.brand.requests()).toEqual([]);
  const { rows } = await scene.database.pool.query<{ status: string; sentence: string }>(
    `SELECT status, sentence FROM "Connection" WHERE id = $1`,
    [connectionId],
  );
  expect(rows[0]?.status).toBe("failing");
  expect(rows[0]?.sentence).toMatch(/percentage|wholesale/i);
});

test("C16 a revoked key pauses the connection, and its products go when the key works again", async () => {
  scene.brand.fault({ kind: "revoked-key", times: 1, on: "POST /api/v1/products" });
  await scene.make("CHAIR-1");
  await scene.after(3);
  expect(scene.shown()).toEqual({});
  const status = async (): Promise<string | undefined> =>
    (await scene.database.pool.query<{ status: string }>(`SELECT status FROM "Connection"`)).rows[0]?.status;
  expect(await status()).toBe("failing");
  expect(await scene.rows()).toMatchObject([{ state: "waiting", tries: 0 }]);

  await scene.database.pool.query(`UPDATE "Connection" SET status = 'on'`);
  await scene.work();
  expect(Object.keys(scene.shown())).toEqual(["CHAIR-1"]);
});

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
