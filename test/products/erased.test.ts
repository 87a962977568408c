// What is left of a shop's catalogue when the shop is gone: nothing of its own, and everything of the others.
import { expect, test } from "vitest";
import { redactShop } from "#app/privacy.server.ts";
import { startSync } from "#app/products/sync.server.ts";
import { rowsOf } from "#test/privacy/dump.ts";
import { aScene, shop } from "./scene.ts";

const scene = aScene();
const other = "other.myshopify.com";

test("48 hours after an uninstall no product, publication or sync of the shop is left", async () => {
  await scene.make("CHAIR-1");
  await scene.after(3);
  await startSync(scene.world, { shop, connectionId: scene.connectionId, dryRun: true });
  await scene.work();
  for (const table of ["CatalogueProduct", "Publication", "CatalogueSync", "Catalogue"]) {
    expect((await rowsOf(scene.database.pool, shop))[table], table).toBeGreaterThan(0);
    await copyTo(table);
  }
  const theirs = await rowsOf(scene.database.pool, other);

  await scene.database.pool.query(`UPDATE "Shop" SET "uninstalledAt" = now() WHERE shop = $1`, [shop]);
  await redactShop(scene.database.pool, shop);

  const left = Object.entries(await rowsOf(scene.database.pool, shop)).filter(([, count]) => count > 0);
  expect(left).toEqual([]);
  expect(await rowsOf(scene.database.pool, other)).toEqual(theirs);
});

test("what is kept of a product is what the merchant shows everybody", async () => {
  await scene.make("CHAIR-1");
  await scene.after(3);
  const { rows } = await scene.database.pool.query<{ facts: Record<string, unknown> }>(
    `SELECT facts FROM "CatalogueProduct"`,
  );

  expect(Object.keys(rows[0]?.facts ?? {}).sort()).toEqual(
    ["currency", "descriptionHtml", "handle", "id", "images", "metafields"].concat([
      "productVendor",
      "status",
      "tags",
      "title",
      "updatedAt",
      "variants",
    ]),
  );
});

// The same row once more, for a shop of another name.
async function copyTo(table: string): Promise<void> {
  const fresh = table === "CatalogueProduct" ? {} : { connectionId: "00000000-0000-4000-8000-000000000001" };
  const own =
    table === "Publication" ? { id: 4711 } : table === "CatalogueSync" ? { id: fresh.connectionId } : {};
  await scene.database.pool.query(
    `INSERT INTO "${table}" SELECT (jsonb_populate_record(t, $1::jsonb)).* FROM "${table}" t WHERE t.shop = $2`,
    [JSON.stringify({ shop: other, ...fresh, ...own }), shop],
  );
}
