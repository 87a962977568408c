// Where the storefront reaches us comes to stand where the theme's block reads it, and stays true.
import "./folder.ts";
import { beforeEach, expect, test } from "vitest";
import { tellProxyPaths } from "#app/previews/proxy-path.server.ts";
import { readProxy } from "#app/previews/proxy-door.server.ts";
import { forgetShop } from "#app/privacy/shop.server.ts";
import { welcomeShop } from "#app/shopify/installation.server.ts";
import { connectShop, localShopify, shop } from "#test/shopify/local-shop.ts";
import { testDatabase } from "#test/support/database.ts";
import { forwarded } from "./shopper.ts";

const database = testDatabase();
const shopify = localShopify();
beforeEach(() => shopify().store.metafields.clear());

const visit = (path = "/apps/dot"): Promise<unknown> =>
  readProxy(database.pool, forwarded("/x", { query: { shop, path_prefix: path } }));
const written = (): unknown[] =>
  [...shopify().store.metafields].flatMap(([owner, fields]) =>
    [...fields].map(([name, { type, value }]) => [owner.replace(/\d+$/, ""), name, type, value]),
  );
const standing = (path: string): unknown[] => [
  ["gid://shopify/AppInstallation/", "app--580111--dot.proxy", "single_line_text_field", path],
];
const mutations = (): number =>
  shopify()
    .adminRequests()
    .filter(({ roots }) => roots.includes("metafieldsSet")).length;

test("the path of a shop's first visitor is written for its block, once, and not in the visitor's request", async () => {
  await connectShop(database, shopify());
  expect(await tellProxyPaths(database.pool)).toBe(0);
  await visit();
  expect(written()).toEqual([]);
  expect(await tellProxyPaths(database.pool)).toBe(1);
  expect(written()).toEqual(standing("/apps/dot"));
  await visit();
  expect(await tellProxyPaths(database.pool)).toBe(0);
});

test("a merchant who moves the path finds it moved in the block, and so after uninstalling and coming back", async () => {
  await connectShop(database, shopify());
  await visit();
  await tellProxyPaths(database.pool);
  await visit("/tools/painting");
  await tellProxyPaths(database.pool);
  expect(written()).toEqual(standing("/tools/painting"));
  await forgetShop(database.pool, { shop, triggeredAt: new Date(Date.now() + 86_400_000).toISOString() });
  shopify().store.metafields.clear();
  expect(await tellProxyPaths(database.pool)).toBe(0);
  await welcomeShop(database.pool, shop);
  await connectShop(database, shopify());
  expect(await tellProxyPaths(database.pool)).toBe(1);
  expect(written()).toEqual(standing("/tools/painting"));
});

test("when Shopify fails it is tried again ten minutes later; what is written already is not written again", async () => {
  await connectShop(database, shopify());
  await visit();
  const before = mutations();
  shopify().fault({ kind: "500-done", operation: "WriteProxyPath" });
  expect(await tellProxyPaths(database.pool)).toBe(0);
  expect(await tellProxyPaths(database.pool)).toBe(0);
  await database.later("10 minutes");
  expect(await tellProxyPaths(database.pool)).toBe(1);
  expect(mutations() - before).toBe(1);
  expect(written()).toEqual(standing("/apps/dot"));
});
