// The regular look at what Shopify changed, for the products that no webhook told of.
import { expect, test } from "vitest";
import { catchUpProducts } from "#app/products/catch-up.ts";
import { aCatalogueConnection, aScene, settings } from "./scene.ts";

const scene = aScene();
const hours = 3_600_000;

/** The merchant changes a product, and no webhook tells of it. */
function changeUnheard(productId: string, title: string, hoursLater: number): void {
  const stored = scene.shopify.store.products.get(productId);
  if (!stored) throw new Error(`the shop has no product ${productId}`);
  stored.title = title;
  stored.updatedAt = new Date(Date.parse(stored.updatedAt) + hoursLater * hours).toISOString();
}

test("a change that was lost is found although a newer one came first", async () => {
  const lost = await scene.make("CHAIR-1", { title: "Old" });
  const heard = await scene.make("CHAIR-2");
  await scene.after(3);
  expect(await catchUpProducts(scene.world)).toBe(0);

  changeUnheard(lost.id, "New", 1);
  changeUnheard(heard.id, "Newer", 5);
  await scene.shopify.webhook("products/update", { id: Number(heard.id), title: "Newer", variants: [] });
  await scene.after(3);
  expect(scene.shown()).toEqual({ "CHAIR-1": "Old", "CHAIR-2": "Newer" });

  expect(await catchUpProducts(scene.world)).toBe(1);
  await scene.after(3);
  expect(scene.shown()).toEqual({ "CHAIR-1": "New", "CHAIR-2": "Newer" });
  expect(await catchUpProducts(scene.world)).toBe(0);
});

test("a shop that cannot be looked at keeps no other shop's products from being looked at", async () => {
  const { pool } = scene.database;
  const product = await scene.make("CHAIR-1", { title: "Old" });
  await scene.after(3);
  // A token that nobody can open is a fault of ours, not an answer of Shopify's.
  for (const name of ["a", "b", "y", "z"]) {
    const broken = `${name}.myshopify.com`;
    await pool.query(`INSERT INTO "Shop" (shop) VALUES ($1)`, [broken]);
    await pool.query(
      `INSERT INTO "Session" (id, shop, state, "accessToken") VALUES ('offline_' || $1, $1, '', 'no sealed text')`,
      [broken],
    );
    await aCatalogueConnection(pool, { domain: broken, settings: settings(scene.brand.url) });
    await pool.query(
      `INSERT INTO "CatalogueProduct" (shop, "productId", "updatedAt") VALUES ($1, '1', now() + interval '1 day')`,
      [broken],
    );
  }
  changeUnheard(product.id, "New", 1);
  expect(await catchUpProducts(scene.world)).toBe(1);
});
