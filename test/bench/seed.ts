// Shops, their vendor accounts and who makes what, as the tests put them: run with the environment of the app's
// processes, because the accounts are sealed with its key. `node test/bench/seed.ts '<what as JSON>'`.
import pg from "pg";
import { z } from "zod";
import { aConnection, aMapping, aShop } from "#test/support/road.ts";
import { kitSku } from "./order-bodies.ts";

const wanted = z
  .object({
    vendorUrls: z.object({ dot: z.string(), oms: z.string() }),
    shops: z.array(z.object({ shop: z.string(), kit: z.string(), print: z.string() })),
  })
  .parse(JSON.parse(process.argv[2] ?? ""));

const db = new pg.Pool({ connectionString: process.env["DATABASE_URL"] });
for (const { shop, kit, print } of wanted.shops) {
  await aShop(db, shop);
  const dot = await aConnection(db, {
    shop,
    vendor: "dot",
    settings: { baseUrl: wanted.vendorUrls.dot, apiKey: "mge_sk_demo", brandId: 116 },
  });
  const oms = await aConnection(db, {
    shop,
    vendor: "oms",
    settings: {
      baseUrl: wanted.vendorUrls.oms,
      token: "oms_demo",
      storeId: "S1",
      defaultShippingCode: "STANDARD",
    },
  });
  await aMapping(db, { domain: shop, variantId: kit, connectionId: dot, product: { sku: kitSku } });
  await aMapping(db, { domain: shop, variantId: print, connectionId: oms, product: {} });
}
await db.end();
