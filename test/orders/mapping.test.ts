import { expect, test } from "vitest";
import { pickProducts, removeConnection, removeMapping, saveMapping } from "#app/connections.server.ts";
import { routing } from "#app/orders/routing.ts";
import { aLine, anOrder } from "#test/support/builders.ts";
import { takeIn } from "#test/support/road.ts";
import { aForm, aPartRow, row, shop } from "./rows.ts";
import { aVendorShop } from "./vendor-shop.ts";

const town = aVendorShop();
const { database, world, connected } = town;

test("the vendor's products can be searched while choosing", async () => {
  const { connectionId } = await connected();
  const found = await pickProducts(world(), { shop, connectionId, search: "40x50" });
  if (!("products" in found)) throw new Error(found.refused);
  expect(found.products.length).toBeGreaterThan(0);
  expect(found.products.every(({ config }) => typeof config["sku"] === "string")).toBe(true);

  town.dot.fault({ kind: "revoked-key", times: 1 });
  expect(await pickProducts(world(), { shop, connectionId, search: "" })).toHaveProperty("refused");
});

test("choosing a product lets the orders that waited for it be routed again, and no others", async () => {
  const { connectionId, accountId } = await connected();
  const at = { connectionId, accountId, vendor: "dot" };
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
  const { connectionId } = await connected("dora");
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

test("an order of a removed account goes to the account that is chosen instead, and only there", async () => {
  const { connectionId: first } = await connected();
  const form = (): FormData => aForm({ sku: "DOT/VF/40X50/W/BLACK/STD" });
  const mapping = { shop, variantId: "9001", title: "Kit" };
  await saveMapping(world(), { ...mapping, connectionId: first, form: form() });
  const id = await takeIn(database.pool, anOrder({ lines: [aLine({ variantId: "9001" })] }), shop);
  await routing(world());

  await removeConnection(world(), { shop, connectionId: first });
  await routing(world());
  expect(await row(database.pool, "Order", id)).toMatchObject({ status: "held" });

  const { connectionId: second } = await connected("dot", { label: "Other kits" });
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
