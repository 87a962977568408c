import { expect, test } from "vitest";
import { defaultConfig } from "#sandbox/shopify/subscriptions.ts";
import { adminOf, openShop } from "./world.ts";

const quiet = { deliver: false, config: defaultConfig };
const lines = [
  { sku: "DOT/VF/40X50/W/BLACK/STD", quantity: 2 },
  { sku: "MAP-A3", quantity: 1 },
];

const create = `mutation Ship($fulfillment: FulfillmentInput!) {
  fulfillmentCreate(fulfillment: $fulfillment) {
    fulfillment { id status trackingInfo { company number url } }
    userErrors { field message }
  }
}`;

const read = `query Read($id: ID!) {
  order(id: $id) {
    displayFulfillmentStatus
    fulfillments(first: 5) { status totalQuantity }
    fulfillmentOrders(first: 5) {
      nodes { id status lineItems(first: 5) { nodes { id totalQuantity remainingQuantity } } }
    }
  }
}`;

interface Read {
  order: {
    displayFulfillmentStatus: string;
    fulfillments: { status: string; totalQuantity: number }[];
    fulfillmentOrders: {
      nodes: {
        id: string;
        status: string;
        lineItems: { nodes: { id: string; totalQuantity: number; remainingQuantity: number }[] };
      }[];
    };
  };
}

async function paidOrder(options = {}) {
  const shop = await openShop({ ...quiet, ...options });
  const admin = adminOf(shop);
  const order = await shop.checkout({ lines });
  const id = `gid://shopify/Order/${order.id}`;
  const now = async () => ((await admin(read, { id })).data as Read).order;
  const ship = async (fulfillmentOrderLineItems?: { id: string; quantity: number }[], of?: string) => {
    const fulfillmentOrderId = of ?? (await now()).fulfillmentOrders.nodes[0]?.id;
    const { data } = await admin(create, {
      fulfillment: {
        lineItemsByFulfillmentOrder: [{ fulfillmentOrderId, fulfillmentOrderLineItems }],
        trackingInfo: { company: "DHL", number: "JD1", url: "https://dhl.example.com/JD1" },
      },
    });
    return (data as { fulfillmentCreate: { fulfillment: { id: string } | null; userErrors: unknown[] } })
      .fulfillmentCreate;
  };
  return { shop, admin, order, id, now, ship };
}

test("Shipping some of an order leaves the rest open; shipping the rest closes it", async () => {
  const { now, ship } = await paidOrder();
  const line = (await now()).fulfillmentOrders.nodes[0]?.lineItems.nodes[0];

  await ship([{ id: line?.id ?? "", quantity: 1 }]);
  expect(await now()).toMatchObject({
    displayFulfillmentStatus: "PARTIALLY_FULFILLED",
    fulfillmentOrders: {
      nodes: [
        { status: "IN_PROGRESS", lineItems: { nodes: [{ remainingQuantity: 1 }, { remainingQuantity: 1 }] } },
      ],
    },
  });

  await ship();
  expect(await now()).toMatchObject({
    displayFulfillmentStatus: "FULFILLED",
    fulfillments: [{ totalQuantity: 1 }, { totalQuantity: 2 }],
    fulfillmentOrders: { nodes: [{ status: "CLOSED" }] },
  });
});

test("Shopify ships the same pieces twice when it is asked twice and pieces are left", async () => {
  const { now, ship } = await paidOrder();
  const line = (await now()).fulfillmentOrders.nodes[0]?.lineItems.nodes[0];

  await ship([{ id: line?.id ?? "", quantity: 1 }]);
  await ship([{ id: line?.id ?? "", quantity: 1 }]);

  expect((await now()).fulfillments).toHaveLength(2);
});

test("Refusals carry Shopify's words", async () => {
  const { shop, now, ship } = await paidOrder();
  const part = (await now()).fulfillmentOrders.nodes[0];
  const line = part?.lineItems.nodes[0]?.id ?? "";
  const field = ["fulfillment"];

  expect((await ship([{ id: line, quantity: 3 }])).userErrors).toEqual([
    { field, message: "Invalid fulfillment order line item quantity requested." },
  ]);
  expect((await ship([{ id: line, quantity: 0 }])).userErrors).toMatchObject([
    { message: "Quantity must be greater than 0" },
  ]);
  expect((await ship(undefined, "gid://shopify/FulfillmentOrder/99")).userErrors).toEqual([
    { field, message: "Fulfillment order does not exist." },
  ]);
  await shop.fulfilByHand([...shop.store.orders.keys()][0] ?? "");
  expect((await ship(undefined, part?.id)).userErrors).toMatchObject([
    { message: expect.stringContaining("has an unfulfillable status= closed.") as unknown },
  ]);
});

test("A cancelled parcel leaves its fulfillment order closed and opens a new one for the same pieces", async () => {
  const { admin, now, ship } = await paidOrder();
  const { fulfillment } = await ship();

  await admin(
    `mutation($id: ID!) { fulfillmentCancel(id: $id) { fulfillment { status } userErrors { message } } }`,
    {
      id: fulfillment?.id,
    },
  );

  expect(await now()).toMatchObject({
    displayFulfillmentStatus: "UNFULFILLED",
    fulfillments: [{ status: "CANCELLED" }],
    fulfillmentOrders: { nodes: [{ status: "CLOSED" }, { status: "OPEN" }] },
  });
});

test("A held fulfillment order is not shipped until its hold is released", async () => {
  const { admin, now, ship } = await paidOrder();
  const id = (await now()).fulfillmentOrders.nodes[0]?.id;

  await admin(
    `mutation($id: ID!, $hold: FulfillmentOrderHoldInput!) {
      fulfillmentOrderHold(id: $id, fulfillmentHold: $hold) { fulfillmentHold { id } userErrors { code } }
    }`,
    { id, hold: { reason: "OTHER", handle: "makerlane" } },
  );
  expect((await now()).displayFulfillmentStatus).toBe("ON_HOLD");
  expect((await ship()).fulfillment).toBeNull();

  await admin(`mutation($id: ID!) { fulfillmentOrderReleaseHold(id: $id) { userErrors { message } } }`, {
    id,
  });
  expect((await ship()).userErrors).toEqual([]);
});

test("A field that Shopify does not have is refused in Shopify's words", async () => {
  const { admin, id } = await paidOrder();

  const { errors } = await admin(`query($id: ID!) { order(id: $id) { fulfilment } }`, { id });

  expect(errors).toMatchObject([
    { message: "Field 'fulfilment' doesn't exist on type 'Order'", extensions: { code: "undefinedField" } },
  ]);
});

test("A field that the granted scopes do not open comes back empty, with the scope it needs", async () => {
  const { admin, id } = await paidOrder();

  const { data, errors } = await admin(
    `query($id: ID!) { order(id: $id) { name fulfillmentOrders(first: 1) { nodes { assignedLocation { location { id } } } } } }`,
    { id },
  );

  expect(data).toMatchObject({
    order: { name: "#1001", fulfillmentOrders: { nodes: [{ assignedLocation: { location: null } }] } },
  });
  expect(errors).toMatchObject([{ extensions: { code: "ACCESS_DENIED" } }]);
});

test("Orders can be walked through page by page, by the time they last changed", async () => {
  const shop = await openShop(quiet);
  const admin = adminOf(shop);
  for (let n = 0; n < 5; n++) await shop.checkout({ lines });
  const page = `query($after: String, $query: String) {
    orders(first: 2, after: $after, query: $query, sortKey: UPDATED_AT) {
      nodes { name } pageInfo { hasNextPage endCursor }
    }
  }`;
  interface Page {
    orders: { nodes: { name: string }[]; pageInfo: { hasNextPage: boolean; endCursor: string } };
  }

  const names: string[] = [];
  let after: string | null = null;
  do {
    const reply = await admin(page, { after, query: "updated_at:>='2020-01-01T00:00:00Z' status:any" });
    const { orders } = reply.data as Page;
    names.push(...orders.nodes.map(({ name }) => name));
    after = orders.pageInfo.hasNextPage ? orders.pageInfo.endCursor : null;
  } while (after);

  expect(names).toEqual(["#1001", "#1002", "#1003", "#1004", "#1005"]);
  const none = await admin(page, { after: null, query: "updated_at:>2100-01-01T00:00:00Z" });
  expect((none.data as Page).orders.nodes).toEqual([]);
});

test("Products are found by a word of their title and by SKU", async () => {
  const admin = adminOf(await openShop(quiet));
  const search = `query($query: String) { products(first: 5, query: $query) { nodes { handle } } }`;

  const byTitle = await admin(search, { query: "title:ring status:active" });
  const bySku = await admin(search, { query: "sku:DOT/VF*" });

  expect(byTitle.data).toMatchObject({
    products: {
      nodes: [{ handle: "engagement-ring" }, { handle: "two-part-ring" }],
    },
  });
  expect(bySku.data).toMatchObject({ products: { nodes: [{ handle: "dot-painting-kit" }] } });
});

test.each([
  ["500-not-done", 0],
  ["500-done", 1],
] as const)("After a server error of the kind %s Shopify has made %i parcels", async (kind, made) => {
  const { shop, admin, order, now } = await paidOrder();
  const fulfillmentOrderId = (await now()).fulfillmentOrders.nodes[0]?.id;
  shop.fault({ kind, operation: "fulfillmentCreate" });

  const { status } = await admin(create, {
    fulfillment: { lineItemsByFulfillmentOrder: [{ fulfillmentOrderId }] },
  });

  expect(status).toBe(500);
  expect(shop.store.fulfillmentsOf.get(order.id) ?? []).toHaveLength(made);
  expect(shop.adminRequests().at(-1)).toMatchObject({
    fault: kind,
    status: 500,
    roots: ["fulfillmentCreate"],
  });
});

test("A lost answer leaves the work done and the line cut", async () => {
  const { shop, admin, order, now } = await paidOrder();
  const fulfillmentOrderId = (await now()).fulfillmentOrders.nodes[0]?.id;
  shop.fault({ kind: "reset-after", operation: "fulfillmentCreate" });

  await expect(
    admin(create, { fulfillment: { lineItemsByFulfillmentOrder: [{ fulfillmentOrderId }] } }),
  ).rejects.toThrow();

  expect(shop.store.fulfillmentsOf.get(order.id)).toHaveLength(1);
});

test("An empty bucket answers THROTTLED and says how fast it fills", async () => {
  const shop = await openShop({ ...quiet, bucket: { size: 10, restorePerSecond: 1 } });
  const admin = adminOf(shop);
  const dear = `{ orders(first: 50) { nodes { id } } }`;

  const { status, errors, extensions } = await admin(dear).then(() => admin(dear));

  expect(status).toBe(200);
  expect(errors).toMatchObject([{ message: "Throttled", extensions: { code: "THROTTLED" } }]);
  expect(extensions).toMatchObject({ cost: { requestedQueryCost: 9, throttleStatus: { restoreRate: 1 } } });
});

test.each([
  ["{ orders(first: 20) { nodes { id name cancelledAt } } }", 7],
  ["{ orders(first: 250) { nodes { id lineItems(first: 250) { nodes { id } } } } }", 156],
  [
    `{ order(id: "gid://shopify/Order/1") { fulfillmentOrders(first: 10) { nodes { id supportedActions { action } } } } }`,
    11,
  ],
  [
    `{ order(id: "gid://shopify/Order/1") { id fulfillments(first: 5) { id trackingInfo(first: 5) { number } } } }`,
    3,
  ],
])("Shopify's price of %s is %i points", async (query, points) => {
  const { extensions } = await adminOf(await openShop(quiet))(query);

  expect(extensions).toMatchObject({ cost: { requestedQueryCost: points } });
});

test("Tags and metafields stay as they were set", async () => {
  const { admin, id } = await paidOrder();

  await admin(`mutation($id: ID!) { tagsAdd(id: $id, tags: ["sent", "dot"]) { userErrors { message } } }`, {
    id,
  });
  await admin(`mutation($id: ID!) { tagsRemove(id: $id, tags: ["dot"]) { userErrors { message } } }`, { id });
  await admin(
    `mutation($fields: [MetafieldsSetInput!]!) { metafieldsSet(metafields: $fields) { userErrors { message } } }`,
    { fields: [{ ownerId: id, key: "state", type: "single_line_text_field", value: "sent" }] },
  );

  const { data } = await admin(
    `query($id: ID!) { order(id: $id) { tags metafield(key: "state") { value } } }`,
    { id },
  );
  expect(data).toEqual({ order: { tags: ["sent"], metafield: { value: "sent" } } });
});
