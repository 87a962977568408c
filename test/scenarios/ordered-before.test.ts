// Orders that somebody may have ordered elsewhere before Makerlane could: older than the app in the shop, or without a
// vendor when they were bought. A person looks at them before they are made.
import { expect, test } from "vitest";
import { approve, routeAgain } from "#app/orders/decision.server.ts";
import { forgetShop, redactShop } from "#app/privacy.server.ts";
import { welcomeShop } from "#app/shopify/installation.server.ts";
import { aMapping } from "#test/support/road.ts";
import { aTown, kitSku, printSku, ringSku } from "#test/support/town.ts";

const town = aTown();
const minutes = 60_000;

/** Shopify tells of an order again because somebody put a tag on it. */
async function tag(shopifyId: string, change: object = {}): Promise<void> {
  const updated_at = new Date(Date.now() + 10 * minutes).toISOString();
  await town.shopify.webhook("orders/updated", {
    ...town.shopify.orderAsWebhook(shopifyId),
    updated_at,
    ...change,
  });
  await town.rest();
}

const older = { created_at: new Date(Date.now() - 10 * minutes).toISOString() };

/** The vendor product of the connected one's variant, chosen only now. */
async function chooseLater(): Promise<() => Promise<void>> {
  const { rows } = await town.database.pool.query<{
    variantId: string;
    connectionId: string;
    product: unknown;
  }>(`DELETE FROM "Mapping" RETURNING "variantId", "connectionId", product`);
  return async () => {
    for (const row of rows) await aMapping(town.database.pool, { ...row, domain: town.shopify.shop });
  };
}

const approveOnly = async (shopifyId: string) => {
  const [part] = await town.parts(shopifyId);
  return approve(town.world, { shop: town.shopify.shop, vendorOrderId: part?.id ?? "" });
};

test("an order that is older than the installation waits for a person, also after everything was erased", async () => {
  const { pool } = town.database;
  const { shop } = town.shopify;
  await town.connect("dot");
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.rest();
  expect(town.dot.ledger()).toHaveLength(1);

  await forgetShop(pool, { shop });
  await redactShop(pool, shop);
  await welcomeShop(pool, shop);
  await town.connect("dot");
  await tag(order.id, older);

  expect(await town.parts(order.id)).toMatchObject([
    {
      status: "held",
      code: "approval",
      sentence:
        "This order is older than Makerlane in your shop. Look whether the vendor has it already; if not, press Approve.",
    },
  ]);
  expect(town.dot.ledger()).toHaveLength(1);
});

test("an order from before the installation is made once a person has approved it, and new ones go by themselves", async () => {
  await town.connect("dot");
  await town.database.pool.query(`UPDATE "Shop" SET "installedAt" = now() - interval '1 minute'`);
  const known = await town.shopify.createOrder({ lines: [town.line(kitSku)] });
  await town.shopify.settled();
  await town.database.pool.query(`DELETE FROM "WebhookEvent"`);
  await tag(known.id, older);
  expect(await town.story(known.id)).toEqual([expect.stringContaining("It waits for your approval.")]);

  await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.rest();
  expect(town.dot.ledger()).toHaveLength(1);

  expect(await approveOnly(known.id)).toEqual({ done: true });
  await town.rest();
  await tag(known.id, { ...older, note: "seen" });
  expect(town.dot.ledger()).toHaveLength(2);
  expect(await town.parts(known.id)).toMatchObject([{ status: "sent" }]);
});

test("what had no vendor when it was bought waits for a person when the order is tagged later", async () => {
  await town.connect("dora");
  const choose = await chooseLater();
  const order = await town.shopify.checkout({ lines: [town.line(ringSku)] });
  await town.rest();
  expect(await town.order(order.id)).toMatchObject({ status: "not ours" });

  await choose();
  await tag(order.id);
  await tag(order.id, { updated_at: new Date(Date.now() + 20 * minutes).toISOString() });
  const [part] = await town.parts(order.id);
  expect(part).toMatchObject({ status: "held", code: "approval" });
  expect(part?.sentence).toContain("had no vendor when it was ordered. Look whether it was made already");
  expect(town.dora.ledger()).toHaveLength(0);

  expect(await approveOnly(order.id)).toEqual({ done: true });
  await town.rest();
  expect(town.dora.ledger()).toHaveLength(1);
});

test("what had no vendor when it was bought is made when a person asks to work out the order again", async () => {
  await town.connect("dora");
  const choose = await chooseLater();
  const order = await town.shopify.checkout({ lines: [town.line(ringSku)] });
  await town.rest();
  await choose();
  const { id = "" } = (await town.order(order.id)) ?? {};
  expect(await routeAgain(town.world, { shop: town.shopify.shop, orderId: id })).toEqual({ done: true });
  await town.rest();
  expect(town.dora.ledger()).toHaveLength(1);
});

test("an order that is paid after its product was chosen goes by itself", async () => {
  await town.connect("dora");
  const choose = await chooseLater();
  const order = await town.shopify.createOrder({ lines: [town.line(ringSku)], financialStatus: "pending" });
  await town.rest();
  expect(await town.order(order.id)).toMatchObject({ status: "not ours" });
  await choose();
  await town.shopify.markPaid(order.id);
  await town.rest();
  expect(town.dora.ledger()).toHaveLength(1);
});

test("late news of an order gives nothing up that waits for the merchant to come back", async () => {
  const { pool } = town.database;
  const { shop } = town.shopify;
  const connectionId = await town.connect("oms", { holdMinutes: 30 });
  const order = await town.shopify.checkout({ lines: [town.line(printSku, 2)] });
  await town.rest();
  await forgetShop(pool, { shop });
  await tag(order.id);
  expect(await town.parts(order.id)).toMatchObject([{ status: "held", code: "approval" }]);

  const body = town.shopify.orderAsWebhook(order.id) as { line_items: object[] };
  await tag(order.id, {
    updated_at: new Date(Date.now() + 20 * minutes).toISOString(),
    line_items: body.line_items.map((line) => ({ ...line, current_quantity: 1 })),
  });
  await welcomeShop(pool, shop);
  await pool.query(`UPDATE "Connection" SET status = 'on' WHERE id = $1`, [connectionId]);
  await town.rest();
  expect(await approveOnly(order.id)).toEqual({ done: true });
  await town.rest();
  await town.database.later("31 minutes");
  await town.rest();
  expect(town.oms.ledger().map(({ lines }) => lines.map(({ quantity }) => quantity))).toEqual([[1]]);
});
