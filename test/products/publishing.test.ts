// From a product webhook to the vendor's catalogue: once, with the newest state, and never one product over another.
import { expect, test } from "vitest";
import { readPublications } from "#app/products/sync.server.ts";
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
