import { expect, test } from "vitest";
import { defaultConfig } from "#sandbox/shopify/subscriptions.ts";
import { bulkOf, everything, linesOf, type Line } from "./bulk.ts";
import { clock, openDoor, openShop } from "./world.ts";

const quiet = { deliver: false, config: defaultConfig };
const ids = `{ products { edges { node { id } } } }`;

const kindOf = (line: Line) => /shopify\/(\w+)/.exec(line.id ?? "")?.[1] ?? "Metafield";

test("A bulk operation is created, runs, and leaves a file with a line for every object", async () => {
  const shop = await openShop(quiet);
  const { start, read, admin } = bulkOf(shop);
  const [product] = shop.seedProducts(120);

  const { bulkOperation, userErrors } = await start(everything);
  expect(userErrors).toEqual([]);
  expect(bulkOperation).toMatchObject({ status: "CREATED", objectCount: "0", url: null, completedAt: null });
  await shop.bulk.settled();
  const done = await read(bulkOperation?.id ?? "");

  // Seven products of the demo and 118 active seeded ones, and what hangs below them.
  expect(done).toMatchObject({
    status: "COMPLETED",
    errorCode: null,
    rootObjectCount: "125",
    partialDataUrl: null,
  });
  const lines = await linesOf(done.url);
  expect(String(lines.length)).toBe(done.objectCount);
  const id = `gid://shopify/Product/${product?.id ?? ""}`;
  expect(lines.find((line) => line.id === id)).toEqual({
    id,
    title: "Poster no. 1",
    handle: "poster-no-1",
    status: "ACTIVE",
    vendor: "Makers' Yard",
    productType: "Poster",
    tags: ["poster", "seeded"],
    descriptionHtml: "<p>Poster number <strong>1</strong>, made by hand.</p>",
    updatedAt: expect.any(String) as string,
  });
  const children = lines.filter((line) => line.__parentId === id);
  expect(children.filter((line) => kindOf(line) === "MediaImage")).toHaveLength(2);
  expect(children.filter((line) => kindOf(line) === "Metafield")).toHaveLength(2);
  const variants = children.filter((line) => kindOf(line) === "ProductVariant");
  expect(variants[0]).toMatchObject({
    sku: "SEED-00001-S",
    price: "16.00",
    selectedOptions: [{ name: "Size", value: "Small" }],
    inventoryItem: { measurement: { weight: { unit: "KILOGRAMS", value: 0.25 } } },
  });
  expect(lines.filter((line) => line.__parentId === variants[0]?.id)).toEqual([
    { namespace: "custom", key: "vendor_code", value: "V-00001-0", __parentId: variants[0]?.id },
  ]);
  const { data } = await admin(
    `{ currentBulkOperation { id } bulkOperations(first: 5, query: "status:completed") { nodes { id } } }`,
  );
  expect(data).toEqual({
    currentBulkOperation: { id: done.id },
    bulkOperations: { nodes: [{ id: done.id }] },
  });
});

test.each([[true], [false]])("With groupObjects %s every child comes after its parent", async (grouped) => {
  const shop = await openShop(quiet);
  const { start, read } = bulkOf(shop);

  const { bulkOperation } = await start(everything, grouped);
  await shop.bulk.settled();
  const lines = await linesOf((await read(bulkOperation?.id ?? "")).url);

  const seen = new Set<string>();
  for (const line of lines) {
    if (line.__parentId) expect(seen).toContain(line.__parentId);
    if (line.id) seen.add(line.id);
  }
  const kinds = lines.slice(0, 4).map(kindOf);
  expect(kinds).toEqual(
    grouped ? ["Product", ...Array<string>(3).fill("ProductVariant")] : Array(4).fill("Product"),
  );
});

test("Only one bulk operation runs at a time, and Shopify names the one that is in the way", async () => {
  const shop = await openShop(quiet);
  const { start, read } = bulkOf(shop);
  shop.bulk.plan({ kind: "hold" });
  const id = (await start(ids)).bulkOperation?.id ?? "";

  const second = await start(ids);
  expect(second.bulkOperation).toBeNull();
  expect(second.userErrors).toEqual([
    {
      field: null,
      message: `A bulk query operation for this app and shop is already in progress: ${id}.`,
      code: "OPERATION_IN_PROGRESS",
    },
  ]);
  expect((await read(id)).status).toBe("RUNNING");

  shop.bulk.release();
  await shop.bulk.settled();
  expect((await read(id)).status).toBe("COMPLETED");
  expect((await start(ids)).userErrors).toEqual([]);
});

test("A cancelled operation ends without a file; one that is over cannot be cancelled", async () => {
  const shop = await openShop(quiet);
  const { start, read, cancel } = bulkOf(shop);
  shop.bulk.plan({ kind: "delay", seconds: 3600 });
  const id = (await start(ids)).bulkOperation?.id ?? "";

  expect(await cancel(id)).toEqual({ bulkOperation: { status: "CANCELING" }, userErrors: [] });
  await shop.bulk.settled();

  expect(await read(id)).toMatchObject({ status: "CANCELED", url: null, partialDataUrl: null });
  expect(await cancel(id)).toEqual({
    bulkOperation: { status: "CANCELED" },
    userErrors: [{ field: null, message: "A bulk operation cannot be canceled when it is canceled" }],
  });
  expect(await cancel("gid://shopify/BulkOperation/1")).toEqual({
    bulkOperation: null,
    userErrors: [{ field: ["id"], message: "Bulk operation does not exist" }],
  });
});

test("A failed operation offers what it had read so far", async () => {
  const shop = await openShop(quiet);
  const { start, read } = bulkOf(shop);
  shop.bulk.plan({ kind: "fail", errorCode: "TIMEOUT", afterObjects: 3 });

  const { bulkOperation } = await start(ids);
  await shop.bulk.settled();

  const failed = await read(bulkOperation?.id ?? "");
  expect(failed).toMatchObject({ status: "FAILED", errorCode: "TIMEOUT", url: null, completedAt: null });
  expect(await linesOf(failed.partialDataUrl)).toHaveLength(3);
});

test("A query over fields that the granted scopes do not open fails with ACCESS_DENIED", async () => {
  const shop = await openShop(quiet);
  const { start, read } = bulkOf(shop);

  const { bulkOperation } = await start(
    `{ products { edges { node { id resourcePublicationsV2 { edges { node { isPublished } } } } } } }`,
  );
  await shop.bulk.settled();

  expect(await read(bulkOperation?.id ?? "")).toMatchObject({ status: "FAILED", errorCode: "ACCESS_DENIED" });
});

test("A shop without what was asked for completes without a file", async () => {
  const shop = await openShop(quiet);
  const { start, read } = bulkOf(shop);

  const { bulkOperation } = await start(`{ products(query: "vendor:nobody") { edges { node { id } } } }`);
  await shop.bulk.settled();

  const empty = { status: "COMPLETED", objectCount: "0", fileSize: null, url: null };
  expect(await read(bulkOperation?.id ?? "")).toMatchObject(empty);
});

test("The app is told when an operation has finished, if it asked to be", async () => {
  const door = await openDoor();
  const shop = await openShop({ appUrl: door.url, config: defaultConfig });

  const { bulkOperation } = await bulkOf(shop).start(ids);
  await shop.bulk.settled();
  await shop.settled();

  const [received] = door.received;
  expect(received?.headers["x-shopify-topic"]).toBe("bulk_operations/finish");
  expect(JSON.parse(String(received?.body))).toEqual({
    admin_graphql_api_id: bulkOperation?.id,
    completed_at: expect.stringMatching(/-05:00$/) as string,
    created_at: expect.stringMatching(/-05:00$/) as string,
    error_code: null,
    status: "completed",
    type: "query",
  });
});

test("The file of an operation is gone after seven days", async () => {
  const time = clock();
  const shop = await openShop({ ...quiet, now: time.now });
  const { start, read } = bulkOf(shop);
  const id = (await start(ids)).bulkOperation?.id ?? "";
  await shop.bulk.settled();
  const { url } = await read(id);

  time.pass(8 * 24 * 3600);

  // The hour of the token is over too, so the operation is read with a new one.
  expect(await bulkOf(shop).read(id)).toMatchObject({ status: "EXPIRED", url: null });
  expect((await fetch(url ?? "")).status).toBe(404);
});

test("A download may be refused once, or break off in the middle", async () => {
  const shop = await openShop(quiet);
  const { start, read } = bulkOf(shop);
  const id = (await start(ids)).bulkOperation?.id ?? "";
  await shop.bulk.settled();
  const { url } = await read(id);

  shop.bulk.plan({ kind: "refuse", status: 503 });
  shop.bulk.plan({ kind: "cut", afterBytes: 100 });

  expect((await fetch(url ?? "")).status).toBe(503);
  await expect(fetch(url ?? "").then((response) => response.text())).rejects.toThrow();
  expect(await linesOf(url)).toHaveLength(7);
});

const edges = (inner: string) => `{ edges { node { ${inner} } } }`;

test.each([
  ["", "Invalid bulk query: syntax error, unexpected end of file"],
  ["{ shop { id } }", "Bulk queries must contain at least one connection."],
  [
    "{ products { nodes { id } } }",
    "All connection fields in a bulk query must select their contents using 'edges' > 'node', e.g: 'products { edges { node {'. Selecting via 'nodes' is not supported. Invalid connection fields: 'products'.",
  ],
  [
    `{ products ${edges(`title variants ${edges("id")}`)} }`,
    "The parent 'node' field for a nested connection must select the 'id' field without an alias and must be of 'ID' return type. Connection fields without 'id': products.",
  ],
  [
    `{ collections ${edges(`id products ${edges(`id variants ${edges(`id metafields ${edges("id")}`)}`)}`)} }`,
    "Bulk queries cannot contain connections with a nesting depth greater than 2.",
  ],
  [
    `{ products ${edges(
      `id ${["variants", "metafields", "collections", "media", "sellingPlanGroups"].map((name) => `${name} ${edges("id")}`).join(" ")}`,
    )} }`,
    "Bulk queries cannot contain more than 5 connections.",
  ],
  [
    `{ orders ${edges(`id fulfillments { events ${edges("id")} }`)} }`,
    "Queries that contain a connection field within a list field are not currently supported.",
  ],
  [
    `mutation { productCreate(product: { title: "x" }) { product { id } } }`,
    "Invalid operation type. Only `query` operations are supported.",
  ],
])("The bulk query %s is refused in Shopify's words", async (query, message) => {
  const { start } = bulkOf(await openShop(quiet));

  const { bulkOperation, userErrors } = await start(query);

  expect(bulkOperation).toBeNull();
  expect(userErrors).toEqual([{ field: ["query"], message, code: "INVALID" }]);
});
