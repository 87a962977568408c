// The questions and deeds of app/shopify, asked of a Shopify that runs on the real schema.
import { once } from "node:events";
import { createServer, type AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { z } from "zod";
import { adminFor, ShopifyError, type Admin } from "#app/shopify/admin.server.ts";
import { createFulfillment } from "#app/shopify/create-fulfillment.server.ts";
import { readFulfillmentOrders } from "#app/shopify/fulfillment-orders.server.ts";
import { listOrderIdsUpdatedSince } from "#app/shopify/list-orders.server.ts";
import { listProducts } from "#app/shopify/products.server.ts";
import { readOrder } from "#app/shopify/read-order.server.ts";
import { updateTracking } from "#app/shopify/update-tracking.server.ts";
import { readWebhookOrder } from "#app/shopify/webhook-order.ts";
import { parseLossless } from "#app/shopify/lossless-json.ts";
import type { FaultKind } from "#sandbox/shopify/admin-api/endpoint.ts";
import { testDatabase } from "#test/support/database.ts";
import { shopifyIsAt } from "#test/support/redirect.ts";
import { connectShop, localShopify, shop } from "./local-shop.ts";

const database = testDatabase();
const shopify = localShopify({
  // Ids that a JavaScript number cannot hold; a bucket that is full again at once after a throttled call.
  orderIdsFrom: "9007199254740993",
  bucket: { size: 20_000, restorePerSecond: 10_000_000 },
});
const kit = "DOT/VF/40X50/W/BLACK/STD";

async function admin(): Promise<Admin> {
  await connectShop(database, shopify());
  return adminFor(shop, database.pool);
}

async function failure(work: Promise<unknown>): Promise<ShopifyError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof ShopifyError) return error;
    throw error;
  }
  throw new Error("nothing failed");
}

const faults: [FaultKind, string, string][] = [
  ["reset-before", "retry", "unsure"],
  ["reset-after", "retry", "unsure"],
  ["500-done", "retry", "unsure"],
  ["503", "retry", "unsure"],
  ["html-200", "retry", "unsure"],
  ["throttled", "retry", "retry"],
  ["429", "retry", "retry"],
  ["402", "retry", "retry"],
  ["404", "gone", "gone"],
];

test.each(faults)(
  "%s on the wire means %s for a question and %s for a deed",
  async (kind, question, deed) => {
    const asking = await admin();
    const order = await shopify().checkout({ lines: [{ sku: kit }] });
    shopify().fault({ kind, operation: "orders" });
    expect((await failure(listOrderIdsUpdatedSince(asking, new Date(0)))).problem).toBe(question);

    const state = await readFulfillmentOrders(asking, order.id);
    const [open] = state?.fulfillmentOrders ?? [];
    shopify().fault({ kind, operation: "fulfillmentCreate" });
    const error = await failure(
      createFulfillment(asking, {
        fulfillmentOrderId: open?.id ?? "",
        lines: (open?.lines ?? []).map(({ id }) => ({ id, quantity: 1 })),
        notify: false,
      }),
    );
    expect([error.problem, error.lost]).toEqual([deed, deed === "unsure"]);
  },
);

test("a Shopify that nobody listens at was surely not told", async () => {
  const asking = await admin();
  const closed = createServer().listen(0, "127.0.0.1");
  await once(closed, "listening");
  const { port } = closed.address() as AddressInfo;
  closed.close();
  await once(closed, "close");
  shopifyIsAt(`http://127.0.0.1:${port}`);
  const told = createFulfillment(asking, {
    fulfillmentOrderId: "1",
    lines: [{ id: "1", quantity: 1 }],
    notify: true,
  });
  expect((await failure(told)).problem).toBe("retry");
});

test("an order read from Shopify is the order its webhook told", async () => {
  const asking = await admin();
  const order = await shopify().checkout({
    lines: [
      {
        sku: kit,
        quantity: 2,
        properties: { _dot_asset_url: "https://x.test/a.png", "Frame text": "  Łódź “5” " },
      },
      { title: "Tip", priceMinor: 300, requiresShipping: false },
    ],
    note: "Leave at the door\nplease",
    shippingMinor: 799,
  });
  const webhook = readWebhookOrder(parseLossless(JSON.stringify(shopify().orderAsWebhook(order.id))));
  const read = await readOrder(asking, order.id);

  expect(BigInt(order.id)).toBeGreaterThan(BigInt(Number.MAX_SAFE_INTEGER));
  expect(read?.id).toBe(order.id);
  // The customer's record needs a permission of its own, and the webhook brings it anyway.
  const { customer, ...told } = "facts" in webhook ? webhook.facts : {};
  expect(customer).toBeDefined();
  expect(read).toEqual(told);
});

test("an order with 230 lines is read whole", async () => {
  const asking = await admin();
  const lines = Array.from({ length: 230 }, (_, n) => ({ sku: kit, properties: { Name: `Shopper ${n}` } }));
  const order = await shopify().createOrder({ lines, financialStatus: "pending" });
  const read = await readOrder(asking, order.id);
  expect(read?.paid).toBe(false);
  expect(read?.lines.map((line) => line.properties[0]?.value)).toEqual(
    lines.map((line) => line.properties.Name),
  );

  const state = await readFulfillmentOrders(asking, order.id);
  expect(state?.fulfillmentOrders.flatMap((one) => one.lines)).toHaveLength(230);
  await shopify().fulfilByHand(order.id, { tracking: { number: "T1" } });
  const shipped = await readFulfillmentOrders(asking, order.id);
  expect(shipped?.fulfillments.flatMap((one) => one.lines)).toHaveLength(230);
});

test("an order that Shopify does not have is no order", async () => {
  const asking = await admin();
  expect(await readOrder(asking, "1")).toBeUndefined();
  expect(await readFulfillmentOrders(asking, "1")).toBeUndefined();
});

test("orders changed since a moment are listed page by page, oldest change first", async () => {
  const asking = await admin();
  const since = new Date(Date.now() - 1000);
  const made = [];
  for (let n = 0; n < 260; n++)
    made.push(await shopify().createOrder({ lines: [{ sku: kit }], financialStatus: "paid" }));

  const first = await listOrderIdsUpdatedSince(asking, since);
  const second = await listOrderIdsUpdatedSince(asking, since, first.next);

  expect(first.orders).toHaveLength(250);
  expect(second.next).toBeUndefined();
  const ids = [...first.orders, ...second.orders].map(({ id }) => id);
  for (const { id } of made) expect(ids).toContain(id);
  expect((await listOrderIdsUpdatedSince(asking, new Date(Date.now() + 60_000))).orders).toEqual([]);
});

test("a parcel is told once, with its tracking, and read back; its tracking can be corrected", async () => {
  const asking = await admin();
  const order = await shopify().checkout({ lines: [{ sku: kit, quantity: 3 }] });
  const before = await readFulfillmentOrders(asking, order.id);
  const [open] = before?.fulfillmentOrders ?? [];
  expect(open).toMatchObject({ status: "OPEN", lines: [{ remainingQuantity: 3 }] });
  expect(open?.supportedActions).toContain("CREATE_FULFILLMENT");

  const id = await createFulfillment(asking, {
    fulfillmentOrderId: open?.id ?? "",
    lines: [{ id: open?.lines[0]?.id ?? "", quantity: 2 }],
    tracking: { company: "DHL", number: "T-1", url: "https://track.test/T-1" },
    notify: true,
  });

  const after = await readFulfillmentOrders(asking, order.id);
  expect(after?.fulfillments).toEqual([
    {
      id,
      status: "SUCCESS",
      createdAt: expect.any(Date) as Date,
      trackingNumbers: ["T-1"],
      lines: [{ lineItemId: order.lines[0]?.id, quantity: 2 }],
    },
  ]);
  expect(after?.fulfillmentOrders[0]?.lines).toMatchObject([{ remainingQuantity: 1 }]);
  expect([...shopify().store.fulfillments.values()].at(-1)).toMatchObject({ notifyCustomer: true });

  await updateTracking(asking, { fulfillmentId: id, tracking: { number: "T-2" }, notify: false });
  expect((await readFulfillmentOrders(asking, order.id))?.fulfillments[0]?.trackingNumbers).toEqual(["T-2"]);
});

test("more than remains is refused in Shopify's own words", async () => {
  const asking = await admin();
  const order = await shopify().checkout({ lines: [{ sku: kit }] });
  const [open] = (await readFulfillmentOrders(asking, order.id))?.fulfillmentOrders ?? [];
  const error = await failure(
    createFulfillment(asking, {
      fulfillmentOrderId: open?.id ?? "",
      lines: [{ id: open?.lines[0]?.id ?? "", quantity: 5 }],
      notify: false,
    }),
  );
  expect(error.problem).toBe("rejected");
  expect(error.message).toContain("Invalid fulfillment order line item quantity requested.");
});

test("products are found by the words of their title or SKU, whatever signs a person types", async () => {
  const asking = await admin();
  const all = await listProducts(asking, {});
  expect(all.products.length).toBeGreaterThan(3);
  const [painting] = (await listProducts(asking, { search: "dot pain" })).products;
  expect(painting?.title).toBe("Dot painting kit from your photo");
  expect(painting?.variants[0]).toMatchObject({
    sku: "DOT/SKLAD/30X40/WO/NONE/STD",
    price: { minor: 3900, currency: "USD" },
  });
  expect(painting?.image).toMatch(/^https?:/);
  const bySku = await listProducts(asking, { search: "MAP-A3" });
  expect(bySku.products.map(({ title }) => title)).toEqual(["Custom map print"]);
  for (const search of ['title:"x', "OR", "( ) -", "status:archived OR", "a:b:c", "*"])
    await expect(listProducts(asking, { search })).resolves.toBeDefined();
});

test("an answer of another shape than asked for is our bug for a question, and unsure for a deed", async () => {
  const asking = await admin();
  await expect(asking.graphql("query { shop { name } }", {}, z.object({ shop: z.number() }))).rejects.toThrow(
    "does not have the shape",
  );
  const order = await shopify().checkout({ lines: [{ sku: kit }] });
  const deed = `mutation { tagsAdd(id: "gid://shopify/Order/${order.id}", tags: ["x"]) { userErrors { message } } }`;
  expect((await failure(asking.graphql(deed, {}, z.object({ other: z.string() })))).problem).toBe("unsure");
});
