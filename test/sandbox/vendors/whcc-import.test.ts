// The order body against WHCC's documents: every field read to the letter, and its business rules.
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { startWhcc, type WhccStandIn } from "#sandbox/vendors/whcc.ts";
import { at } from "./client.ts";
import { editorClient, orderOf, submitClient, type Ask } from "./whcc-account.ts";

let whcc: WhccStandIn;
let ask: Ask;
let good: Record<string, unknown>;
let album: Record<string, unknown>;

beforeAll(async () => {
  whcc = await startWhcc();
  ask = await editorClient(whcc);
});
afterAll(() => whcc.stop());
beforeEach(async () => {
  whcc.reset();
  good = await orderOf(ask);
  album = await orderOf(ask, { editors: [{ editorId: "demoAlbum" }] });
});

/** The order with one thing changed, at a path into it. */
function changed(order: Record<string, unknown>, path: (string | number)[], value: unknown) {
  const copy = structuredClone(order);
  const last = path.at(-1) ?? "";
  const holder = at(copy, ...path.slice(0, -1)) as Record<string | number, unknown>;
  if (value === undefined) Reflect.deleteProperty(holder, last);
  else holder[last] = value;
  return copy;
}

const create = (body: unknown) => ask("POST", "/api/v1/oas/orders/create", body);
const order = ["Orders", 0] as const;
const item = [...order, "OrderItems", 0] as const;
const asset = [...item, "ItemAssets", 0] as const;
const attributes = (...uids: number[]) => uids.map((uid) => ({ AttributeUID: uid }));

const refusals: [what: string, path: (string | number)[], value: unknown, number: string][] = [
  ["no entry id", ["EntryId"], null, "412.01"],
  ["no orders", ["Orders"], [], "412.01"],
  ["no name to ship to", [...order, "ShipToAddress", "Name"], null, "412.01"],
  ["no zip to ship to", [...order, "ShipToAddress", "Zip"], null, "412.01"],
  ["an empty street", [...order, "ShipToAddress", "Addr1"], "", "412.01"],
  ["no return address", [...order, "ShipFromAddress"], null, "412.01"],
  ["no order attributes", [...order, "OrderAttributes"], null, "412.01"],
  ["a reference over 32 characters", [...order, "Reference"], "#".repeat(33), "412.01"],
  ["a sequence number over 10 characters", [...order, "SequenceNumber"], "12345678901", "412.01"],
  ["a field the document does not have", [...order, "Coupon"], "FREE", "412.01"],
  ["half a piece", [...item, "Quantity"], 0.5, "412.01"],
  ["no picture", [...item, "ItemAssets"], [], "412.01"],
  ["a picture without its hash", [...asset, "ImageHash"], undefined, "412.01"],
  ["a picture on no node", [...asset, "DP2NodeID"], undefined, "412.01"],
  ["a picture that is no link", [...asset, "AssetPath"], "photo.jpg", "412.01"],
  ["an e-mail that is none", [...order, "SendNotificationEmailAddress"], "chris", "412.06"],
  ["a product that is not sold", [...item, "ProductUID"], 9999, "412.02"],
  ["an attribute of another product", [...item, "ItemAttributes"], attributes(152, 155, 1011), "412.02"],
  ["a choice left open", [...item, "ItemAttributes"], attributes(152, 155), "412.02"],
  ["a state written out", [...order, "ShipToAddress", "State"], "Minnesota", "412.02"],
  ["a short ZIP code", [...order, "ShipToAddress", "Zip"], "5512", "412.02"],
  ["a country written out", [...order, "ShipToAddress", "Country"], "USA", "412.02"],
  ["shipping that is not in the catalog", [...order, "OrderAttributes"], attributes(96, 1), "412.02"],
  ["a way to ship without a speed", [...order, "OrderAttributes"], attributes(96), "412.02"],
  ["a speed without a way to ship", [...order, "OrderAttributes"], attributes(545), "412.02"],
  ["two speeds", [...order, "OrderAttributes"], attributes(96, 545, 554), "412.02"],
  ["a speed to the studio", [...order, "OrderAttributes"], attributes(547, 545), "412.02"],
];
for (const [what, path, value, number] of refusals) {
  test(`an order with ${what} is refused with ${number} inside an HTTP 200`, async () => {
    const answer = await create(changed(good, path, value));

    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({ ErrorNumber: number, Message: expect.any(String) });
  });
}

test("every pair of order attributes that the documents show is taken", async () => {
  for (const uids of [[96, 545], [96, 554], [548, 545], [547]]) {
    const { body } = await create(changed(good, [...order, "OrderAttributes"], attributes(...uids)));
    expect(body).toMatchObject({ NumberOfOrders: 1 });
  }
});

test("a person's name and a phone may be added to what was exported, and nothing else is needed", async () => {
  const address = {
    ...(at(good, ...order, "ShipToAddress") as object),
    Attn: "Ana Tan",
    Phone: "6516468263",
  };

  expect((await create(changed(good, [...order, "ShipToAddress"], address))).body).toMatchObject({
    EntryID: "5551234567890",
  });
  const abroad = { ...address, Country: "DE", State: "", Zip: "10115" };
  expect((await create(changed(good, [...order, "ShipToAddress"], abroad))).body).toMatchObject({
    NumberOfOrders: 1,
  });
});

test("an album is alone in its order, has its attributes 539 and 1029, and numbers its JPEG pages", async () => {
  expect((await create(album)).body).toMatchObject({ NumberOfOrders: 1 });
  const without = (uid: number) =>
    (at(album, ...item, "ItemAttributes") as { AttributeUID: number }[]).filter(
      ({ AttributeUID }) => AttributeUID !== uid,
    );
  const wrong = [
    changed(album, [...item, "ItemAttributes"], without(539)),
    changed(album, [...item, "ItemAttributes"], without(1029)),
    changed(album, [...asset, "PageNumber"], undefined),
    changed(album, [...asset, "AssetPath"], "https://cdn.example.com/page.png"),
    changed(album, [...item, "ItemBookAttribute"], null),
    changed(album, [...order, "OrderItems"], [at(album, ...item), at(good, ...item)]),
  ];
  for (const body of wrong) expect((await create(body)).body).toMatchObject({ ErrorNumber: "412.02" });
});

test("a sequence number is used once in an entry", async () => {
  const twice = { ...good, Orders: [at(good, ...order), at(good, ...order)] };

  expect((await create(twice)).body).toMatchObject({ ErrorNumber: "412.02" });
});

test("a body that is not JSON is a bad import, on both APIs", async () => {
  const broken = { headers: { "content-type": "application/json" }, body: "{" };
  const submit = await submitClient(whcc);
  const sentBy = async (client: Ask, path: string) => {
    const authorization = whcc.requests().at(-1)?.headers["authorization"] ?? "";
    const answer = await client("POST", path, undefined, {
      ...broken,
      headers: { ...broken.headers, authorization },
    });
    return answer.body;
  };

  await submit("GET", "/api/catalog");
  expect(await sentBy(submit, "/api/OrderImport")).toMatchObject({ ErrorNumber: "412.01" });
  await ask("GET", "/api/v1/products");
  expect(await sentBy(ask, "/api/v1/oas/orders/create")).toMatchObject({ ErrorNumber: "412.01" });
});

test("the catalog names every product, its attributes and the parents of the shipping speeds", async () => {
  const submit = await submitClient(whcc);
  const { body } = await submit("GET", "/api/catalog");
  const [category] = at(body, "Categories") as Record<string, { Id: number; Attributes: unknown[] }[]>[];

  expect(category?.["ProductList"]?.map(({ Id }) => Id)).toEqual(expect.arrayContaining([186, 2, 426]));
  expect(category?.["OrderAttributeCategoryList"]?.[1]?.Attributes).toEqual(
    expect.arrayContaining([
      { Id: 545, AttributeName: "USA - Economy Shipping", ParentAttributeUID: 96 },
      { Id: 545, AttributeName: "USA - Economy Shipping", ParentAttributeUID: 548 },
    ]),
  );
  expect((await submit("GET", "/api/catalog/")).body).toEqual(body);
});
