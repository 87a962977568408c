// A product in the making, as the mapping page asks about it.
import { expect, test } from "vitest";
import { configureProduct } from "#app/connections.server.ts";
import { aVendorShop } from "./vendor-shop.ts";
import { aConnection, shop } from "./rows.ts";

const here = aVendorShop();

test("a vendor that configures says what can be chosen; trouble is a sentence, and nothing is lost", async () => {
  const { connectionId } = await here.connected("dot");
  const at = { shop, connectionId, product: { sku: "DOT/VF/40X50/W/BLACK/STD" } };
  const answer = await configureProduct(here.world(), at);
  expect("configured" in answer && Object.keys(answer.configured.choices).length).toBeGreaterThan(0);

  here.dot.fault({ kind: "revoked-key" });
  expect(await configureProduct(here.world(), at)).toMatchObject({
    refused: expect.stringContaining("does not accept the key"),
  });
});

test("a vendor without a configurator changes nothing, and another shop's connection is not asked", async () => {
  const { connectionId } = await aConnection(here.database.pool, { vendor: "oms" });
  const product = { title: "A" };
  expect(await configureProduct(here.world(), { shop, connectionId, product })).toEqual({
    configured: { product, choices: {}, facts: [], problems: {} },
  });
  expect(
    await configureProduct(here.world(), { shop: "other.myshopify.com", connectionId, product }),
  ).toHaveProperty("refused");
});
