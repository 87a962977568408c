// The pages on which products are chosen, with a local Shopify that has the products.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startShopify, type LocalShopify } from "#sandbox/shopify/index.ts";
import { shopifyIsAt } from "#test/support/redirect.ts";
import { pagesDatabase } from "./pages-database.ts";

const database = pagesDatabase();
const shop = "demo.myshopify.com";
let shopify: LocalShopify;

async function load() {
  return {
    ...(await import("#test/orders/rows.ts")),
    ...(await import("#test/shopify/local-shop.ts")),
    ...(await import("#app/ui/chosen.server.ts")),
    ...(await import("#app/ui/mapping-page.server.ts")),
    ...(await import("#app/ui/products-page.server.ts")),
  };
}
let app: Awaited<ReturnType<typeof load>>;

beforeAll(async () => {
  // A bucket that one page of many variants does not empty.
  shopify = await startShopify({ deliver: false, bucket: { size: 20_000, restorePerSecond: 10_000_000 } });
  app = await load();
});
beforeEach(async () => {
  shopifyIsAt(shopify.url);
  await app.connectShop(database, shopify);
});
afterAll(async () => {
  shopifyIsAt(undefined);
  await shopify.stop();
});

/** A product of `count` variants in the shop. */
function aProduct(title: string, count: number) {
  return shopify.createProduct({
    title,
    options: [{ name: "Size" }],
    variants: Array.from({ length: count }, (_, n) => ({ options: [`Size ${n + 1}`] })),
  });
}

async function chosen(variantIds: string[]): Promise<string> {
  const { connectionId } = await app.aConnection(database.pool);
  for (const variantId of variantIds)
    await database.pool.query(
      `INSERT INTO "Mapping" (shop, "variantId", title, "connectionId", product) VALUES ($1, $2, 'Kit', $3, '{}')`,
      [shop, variantId, connectionId],
    );
  return connectionId;
}

test("a product of 600 variants offers, saves and counts 599 others", async () => {
  const { variants } = await aProduct("Long scarf", 600);
  const variantId = variants[0]?.id ?? "";
  const connectionId = await chosen([]);
  const before = await app.readMappingPage({ shop, variantId });

  const form = app.aForm({ intent: "save", connectionId, alsoOthers: "true" });
  const answer = await app.mapVariant({ shop, variantId, form });

  expect(before?.openOthers).toBe(599);
  expect(answer).toMatchObject({ saved: { others: 599 } });
  const rows = await database.pool.query(`SELECT DISTINCT "variantId" FROM "Mapping" WHERE shop = $1`, [
    shop,
  ]);
  expect(rows.rowCount).toBe(600);
  expect((await app.readMappingPage({ shop, variantId }))?.openOthers).toBe(0);
});

test("a variant that could not be saved is not counted", async () => {
  // A title of more than 400 characters is not taken; Shopify's own limit is 255 for each of its two parts.
  const long = "x".repeat(250);
  const { variants } = await shopify.createProduct({
    title: long,
    options: [{ name: "Size" }],
    variants: [{ options: ["S"] }, { options: ["M"] }, { options: [long] }],
  });
  const connectionId = await chosen([]);

  const form = app.aForm({ intent: "save", connectionId, alsoOthers: "true" });
  const answer = await app.mapVariant({ shop, variantId: variants[0]?.id ?? "", form });

  expect(answer).toMatchObject({ saved: { others: 1 } });
});

test("7 of 10 stays 7 of 10 where only what is not chosen is shown, and a search that finds nothing says so", async () => {
  const { variants } = await aProduct("Zebra rug", 10);
  await chosen(variants.slice(0, 7).map(({ id }) => id));
  const asked = { shop, view: "not-chosen", search: "zebra", cursor: null } as const;

  const page = await app.readProductsPage(asked);
  const none = await app.readProductsPage({ ...asked, search: "nothing like it" });

  expect(page).toMatchObject({ isAnyFound: true, products: [{ counts: { all: 10, chosen: 7 } }] });
  expect(page.products?.[0]?.variants).toHaveLength(3);
  expect(none).toMatchObject({ isAnyFound: false, products: [] });
});

test("when Shopify does not answer, no chosen product is said to be gone", async () => {
  const asked = { shop, connectionId: "", ids: ["1", "2"], search: "" };
  const gone = await app.chooseProducts(asked);
  shopifyIsAt(undefined);

  const away = await app.chooseProducts(asked);

  expect(gone).toMatchObject({ leftOut: 2, unseen: 0 });
  expect(away).toMatchObject({ leftOut: 0, unseen: 2, trouble: expect.any(String) });
});
