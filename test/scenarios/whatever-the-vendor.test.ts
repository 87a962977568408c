// Promises that hold whoever makes the goods, each through the whole road.
import { expect, test } from "vitest";
import type { Db, Sql } from "#app/db.server.ts";
import { drain } from "#test/support/road.ts";
import { aTown, kitSku, printSku } from "#test/support/town.ts";
import { Killed } from "#test/vendors/scissors.ts";

const town = aTown();

/** The process dies at the very moment at which it would write how the next try ended. */
function deadWhenClosing(): Db {
  const { pool } = town.database;
  let isDead = false;
  const query: Sql["query"] = async (text, values) => {
    if (isDead || text.includes('"committingAt" = CASE')) {
      isDead = true;
      throw new Killed("the process is gone");
    }
    return pool.query(text, values);
  };
  return { query, connect: () => (isDead ? Promise.reject(new Killed("gone")) : pool.connect()) };
}

test("G3 two workers that look at the same moment send an order once", async () => {
  await town.connectAll();
  const order = await town.shopify.checkout({ lines: [town.line(kitSku), town.line(printSku)] });
  await town.shopify.settled();
  await Promise.all([drain(town.world), drain(town.world), drain(town.world)]);
  expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }, { status: "sent" }]);
  expect([town.dot.ledger().length, town.oms.ledger().length]).toEqual([1, 1]);
});

test("G4 a process that dies after the vendor said yes does not make the next one send again", async () => {
  await town.connect("dot");
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.shopify.settled();
  await drain({ ...town.world, db: deadWhenClosing() }).catch(() => undefined);
  expect(await town.parts(order.id)).toMatchObject([{ status: "waiting", vendorNumber: null }]);
  expect(town.dot.ledger()).toHaveLength(1);

  await town.database.later("30 minutes");
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([
    { status: "sent", vendorNumber: town.dot.ledger()[0]?.number },
  ]);
  expect(town.dot.ledger()).toHaveLength(1);
});

test("a line that is added while the vendor's answer is missing goes by itself as soon as that is found out", async () => {
  await town.connect("dot");
  town.dot.fault({ kind: "error-done", on: "POST /api/v1/order-drafts/*/submit" });
  const order = await town.shopify.checkout({ lines: [town.line(kitSku)] });
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "waiting", committingAt: expect.any(Date) }]);

  const now = town.shopify.orderAsWebhook(order.id);
  const [first] = now["line_items"] as Record<string, unknown>[];
  const added = { ...first, id: 990001, admin_graphql_api_id: "gid://shopify/LineItem/990001" };
  const edited = { ...now, updated_at: "2099-01-01T00:00:00Z", line_items: [first, added] };
  await town.shopify.webhook("orders/updated", edited);
  await town.rest();
  expect(await town.order(order.id)).toMatchObject({ status: "held", sentence: expect.any(String) });

  await town.database.later("30 minutes");
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }, { status: "sent" }]);
  expect(await town.order(order.id)).toMatchObject({ status: "routed", sentence: null });
  expect(town.dot.ledger()).toHaveLength(2);
});

test("G7 a gift card beside a kit is nobody's, and the kit goes", async () => {
  await town.connectAll();
  const giftCard = [...town.shopify.store.products.values()].find((product) => product.giftCard);
  const variantId = giftCard?.variants[0]?.id ?? "";
  const order = await town.shopify.checkout({ lines: [town.line(kitSku), { variantId, quantity: 1 }] });
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ vendor: "dot", status: "sent" }]);
  expect(town.dot.ledger()[0]?.lines).toHaveLength(1);
});

test("G11 an order without an address is held, and the sentence names what may be missing", async () => {
  await town.connect("dot");
  const order = await town.shopify.checkout({
    lines: [town.line(kitSku)],
    shippingAddress: null,
    billingAddress: null,
  });
  await town.rest();
  const [part] = await town.parts(order.id);
  expect(part).toMatchObject({ status: "held", code: "payload" });
  expect(part?.sentence).toMatch(/address/i);
  expect(town.dot.requests()).toHaveLength(0);
});

test("G13 names and streets keep every letter, and a line break becomes a space", async () => {
  await town.connect("dot");
  await town.shopify.checkout({
    lines: [town.line(kitSku)],
    shippingAddress: {
      firstName: "Zoë 🌷",
      lastName: "O’Connor",
      address1: "ul. Łódzka 5\nm. 7",
      address2: "",
      city: "القاهرة",
      zip: "90-001",
      country: "Poland",
      countryCode: "PL",
      phone: "+48123456789",
    },
  });
  await town.rest();
  const [sent] = town.dot.requests().filter(({ path }) => path.endsWith("/order-drafts/"));
  expect(sent?.body).toMatchObject({
    shipping: { name: "Zoë 🌷 O’Connor", street: "ul. Łódzka 5 m. 7", city: "القاهرة", country: "PL" },
  });
});

test("G15 a revoked key is one alarm for fifty waiting orders, and none of them fails", async () => {
  const connectionId = await town.connect("oms");
  for (let n = 0; n < 50; n++) await town.shopify.checkout({ lines: [town.line(printSku)] });
  town.oms.fault({ kind: "revoked-key" });
  await town.rest();
  const { rows } = await town.database.pool.query<{ status: string; count: string }>(
    `SELECT status, count(*) FROM "VendorOrder" GROUP BY status`,
  );
  expect(rows).toEqual([{ status: "waiting", count: "50" }]);
  const connection = await town.database.pool.query(
    `SELECT status, sentence FROM "Connection" WHERE id = $1`,
    [connectionId],
  );
  expect(connection.rows).toEqual([
    {
      status: "failing",
      sentence: expect.stringContaining("does not accept the key: Unauthenticated. Enter"),
    },
  ]);
  // As many as may talk to the account at once had begun; nobody else tried the bad key.
  expect(town.oms.requests().length).toBeLessThanOrEqual(4);
});
