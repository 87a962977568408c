// The OMS stand-in against the OMS document: every table read to the letter, and no dedupe.
import { afterEach, beforeEach, expect, test } from "vitest";
import { startOms, type OmsStandIn } from "#sandbox/vendors/oms.ts";
import { at, clientOf } from "./client.ts";

let oms: OmsStandIn;
let ask: ReturnType<typeof clientOf>;

beforeEach(async () => {
  oms = await startOms({ now: () => new Date("2026-11-22T12:00:00Z") });
  ask = clientOf(oms, "oms_demo");
});
afterEach(() => oms.stop());

const item = {
  ecommerce_order_item_id: "14001",
  ecommerce_variant_id: "9001",
  quantity: 1,
  price: 110,
  properties: { Colour: "Red" },
  template_config: "%7B%22a%22%3A%2250%25%20off%22%7D",
  thumbnails: ["https://cdn.example.com/t.png"],
};
const address = {
  type_id: "shipping",
  address_1: "1 Main St",
  post_code: "018956",
  city: "Singapore",
  country_code: "SG",
};
const order = {
  store_id: "S1",
  ecommerce_order_id: "5551234567890",
  ecommerce_order_number: "#1001",
  total_price: 120,
  subtotal_price: 110,
  currency_code: "SGD",
  note: "Leave at door",
  create_print_files: true,
  customer: {
    email: "a@example.com",
    ecommerce_customer_id: "77",
    name: "Ana",
    surname: "Tan",
    phone: "+6581234567",
  },
  items: [item],
  addresses: [address],
  shippings: [{ code: "STANDARD", shipping_price: 10 }],
};

test("an order is taken complete, answered with uids only, and a repeat is a second order", async () => {
  const first = await ask("POST", "/api/v1/orders", order);
  const second = await ask("POST", "/api/v1/orders", order);

  expect(first.status).toBe(200);
  expect(first.body).toEqual({
    uid: expect.any(String),
    ecommerce_order_id: "5551234567890",
    items: [{ uid: expect.any(String), ecommerce_order_item_id: "14001" }],
  });
  expect(at(second.body, "uid")).not.toBe(at(first.body, "uid"));
  expect(oms.ledger()).toHaveLength(2);
  expect(oms.ledger()[0]).toMatchObject({
    vendor: "oms",
    number: at(first.body, "uid"),
    reference: "5551234567890",
    body: order,
    lines: [{ sku: "9001", quantity: 1, detail: { template_config: item.template_config } }],
  });
});

test("a long design reaches the ledger byte for byte", async () => {
  const design = encodeURIComponent(
    JSON.stringify(Array.from({ length: 9000 }, (_, at) => ({ at, text: "Zoë+50%" }))),
  );
  await ask("POST", "/api/v1/orders", withItem({ template_config: design }));

  expect(oms.ledger()[0]?.lines[0]?.detail["template_config"]).toBe(design);
});

function withItem(changes: object) {
  return { ...order, items: [{ ...item, ...changes }] };
}
function without(from: object, field: string) {
  return Object.fromEntries(Object.entries(from).filter(([name]) => name !== field));
}

test("the smallest order the document allows is taken", async () => {
  const { ecommerce_order_item_id, ecommerce_variant_id, quantity, template_config, thumbnails } = item;
  const smallest = { ecommerce_order_item_id, ecommerce_variant_id, quantity, template_config, thumbnails };

  const answer = await ask("POST", "/api/v1/orders", {
    store_id: "S1",
    ecommerce_order_id: "1",
    items: [smallest],
  });

  expect(answer.status).toBe(200);
});

const refusals: [what: string, body: unknown, field: string][] = [
  ["a number as order id", { ...order, ecommerce_order_id: 5551234567890 }, "ecommerce_order_id"],
  ["no store", without(order, "store_id"), "store_id"],
  ["no items", { ...order, items: [] }, "items"],
  ["a price as text", { ...order, total_price: "120.00" }, "total_price"],
  ["a field the document does not have", { ...order, currency: "SGD" }, "currency"],
  ["a null", { ...order, note: null }, "note"],
  [
    "a customer id that is a number",
    { ...order, customer: { ecommerce_customer_id: 77 } },
    "customer.ecommerce_customer_id",
  ],
  ["print files wanted as text", { ...order, create_print_files: "true" }, "create_print_files"],
  [
    "an item id that is a number",
    withItem({ ecommerce_order_item_id: 14001 }),
    "items.0.ecommerce_order_item_id",
  ],
  [
    "no variant",
    { ...order, items: [without(item, "ecommerce_variant_id")] },
    "items.0.ecommerce_variant_id",
  ],
  ["half a piece", withItem({ quantity: 0.5 }), "items.0.quantity"],
  ["properties as a list", withItem({ properties: [{ name: "a" }] }), "items.0.properties"],
  ["a null property", withItem({ properties: { Colour: null } }), "items.0.properties.Colour"],
  ["a design that is raw JSON", withItem({ template_config: '{"a":1}' }), "items.0.template_config"],
  ["a design encoded twice", withItem({ template_config: "%257B%257D" }), "items.0.template_config"],
  ["half a design", withItem({ template_config: "%7B%22a%22%3A" }), "items.0.template_config"],
  ["a broken escape in the design", withItem({ template_config: "%E0%A4%A" }), "items.0.template_config"],
  ["a design that is only a text", withItem({ template_config: "%22abc%22" }), "items.0.template_config"],
  ["no picture", withItem({ thumbnails: [] }), "items.0.thumbnails"],
  ["a picture that is a script", withItem({ thumbnails: ["javascript:alert(1)"] }), "items.0.thumbnails.0"],
  [
    "an unknown kind of address",
    { ...order, addresses: [{ ...address, type_id: "home" }] },
    "addresses.0.type_id",
  ],
  [
    "an address without postal code",
    { ...order, addresses: [without(address, "post_code")] },
    "addresses.0.post_code",
  ],
  [
    "a country id as text",
    { ...order, addresses: [{ ...address, country_id: "1" }] },
    "addresses.0.country_id",
  ],
  ["shipping without a price", { ...order, shippings: [{ code: "STANDARD" }] }, "shippings.0.shipping_price"],
];
for (const [what, body, field] of refusals) {
  test(`an order with ${what} is refused, naming the field`, async () => {
    const answer = await ask("POST", "/api/v1/orders", body);

    expect(answer.status).toBe(422);
    expect(Object.keys(at(answer.body, "errors") as object)).toContain(field);
    expect(at(answer.body, "message")).toEqual(expect.any(String));
    expect(oms.ledger()).toHaveLength(0);
  });
}

test("a wrong token is not let in, and a good one only to its own stores", async () => {
  const statuses = [
    (await clientOf(oms, "wrong")("POST", "/api/v1/orders", order)).status,
    (await clientOf(oms, undefined)("GET", "/api/v1/orders/x")).status,
    (await ask("POST", "/api/v1/orders", { ...order, store_id: "S2" })).status,
    (await ask("GET", "/api/v1/orders/x")).status,
    (await ask("GET", "/api/v2/orders")).status,
    (await ask("GET", "/api/v1/orders")).status,
  ];

  expect(statuses).toEqual([401, 401, 403, 404, 404, 405]);
});

test("an order is read, changed and deleted by its uid, and the ledger follows", async () => {
  const uid = String(at((await ask("POST", "/api/v1/orders", order)).body, "uid"));
  const path = `/api/v1/orders/${uid}`;
  expect((await ask("GET", path)).body).toMatchObject({ uid, note: "Leave at door", items: [item] });

  const change = {
    note: "Updated",
    total_price: 69.98,
    shippings: [{ code: "STANDARD", shipping_price: 9.99 }],
  };
  expect((await ask("PUT", path, change)).body).toMatchObject({ uid, ...change });
  expect((await ask("PUT", path, { store_id: "S1" })).status).toBe(422);
  expect(oms.ledger()[0]?.body).toMatchObject({ ...change, ecommerce_order_id: "5551234567890" });

  expect((await ask("DELETE", path)).body).toEqual({ message: "Order successfully deleted", order_uid: uid });
  expect((await ask("GET", path)).status).toBe(404);
  expect(oms.ledger()[0]?.body).toMatchObject({ deleted_at: "2026-11-22T12:00:00.000Z" });
});

test("a print file moves from received to ready as it is asked for, and has a link only then", async () => {
  await ask("POST", "/api/v1/orders", order);
  const look = async () => (await ask("GET", "/api/v1/order-items/14001/print")).body;

  const seen = [await look(), await look(), await look()];

  expect(seen).toMatchObject([
    { ecommerce_order_item_id: "14001", status: "received", url: null },
    { status: "processing", url: null },
    { status: "ready", url: expect.stringMatching(/14001\.pdf$/) },
  ]);
  const file = await fetch(String(at(seen[2], "url")));
  expect(await file.text()).toMatch(/^%PDF-/);
  oms.setPrint("14001", "processingfailed");
  expect([await look(), await look()]).toMatchObject([
    { status: "processingfailed" },
    { status: "processingfailed", url: null },
  ]);
  expect((await ask("GET", "/api/v1/order-items/14002/print")).status).toBe(404);
});

test("without print files wanted, printing starts with a batch of item uids", async () => {
  const created = await ask("POST", "/api/v1/orders", { ...order, create_print_files: false });
  const look = async () => at((await ask("GET", "/api/v1/order-items/14001/print")).body, "status");
  expect([await look(), await look()]).toEqual(["received", "received"]);

  const batch = (order_items: unknown[]) =>
    ask("POST", "/api/v1/batch-orders", { order_items, print_templates: ["TEMPLATE_UID_1"] });
  expect((await batch(["14001"])).status).toBe(422);
  expect((await batch([at(created.body, "items", 0, "uid")])).body).toEqual({
    uid: expect.any(String),
    status: "Batching",
  });
  expect([await look(), await look()]).toEqual(["received", "processing"]);
  expect(oms.batches()).toEqual([
    {
      uid: expect.any(String),
      items: [at(created.body, "items", 0, "uid")],
      templates: ["TEMPLATE_UID_1"],
    },
  ]);
});

test("it can live under a path of its own", async () => {
  const elsewhere = await startOms({ basePath: "/hub" });
  const there = clientOf(elsewhere, "oms_demo");
  elsewhere.fault({ kind: "too-many", on: "POST /api/v1/orders" });

  expect(elsewhere.url).toMatch(/\/hub$/);
  expect([
    (await there("POST", "/api/v1/orders", order)).status,
    (await there("POST", "/api/v1/orders", order)).status,
  ]).toEqual([429, 200]);
  expect((await fetch(elsewhere.url.replace("/hub", "/api/v1/orders"), { method: "POST" })).status).toBe(404);
  expect(elsewhere.requests()[0]?.path).toBe("/hub/api/v1/orders");
  await elsewhere.stop();
});
