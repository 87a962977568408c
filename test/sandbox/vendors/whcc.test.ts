// The WHCC stand-in's ordering against WHCC's documents: logins, export, import and confirmation, on both APIs.
import { afterEach, beforeEach, expect, test } from "vitest";
import { startWhcc, type WhccStandIn } from "#sandbox/vendors/whcc.ts";
import { at, clientOf } from "./client.ts";
import { editorClient, exportOf, orderOf, submitClient, type Ask } from "./whcc-account.ts";

let now = new Date("2026-11-22T12:00:00Z");
let whcc: WhccStandIn;
let ask: Ask;

beforeEach(async () => {
  now = new Date("2026-11-22T12:00:00Z");
  whcc = await startWhcc({ now: () => now });
  ask = await editorClient(whcc);
});
afterEach(() => whcc.stop());

const create = (body: unknown) => ask("POST", "/api/v1/oas/orders/create", body);
const confirm = (id: unknown) => ask("POST", `/api/v1/oas/orders/${String(id)}/confirm`);

test("an editor token carries the shopper's id, lasts 90 minutes and opens nothing of the other API", async () => {
  const nobody = clientOf(whcc, undefined);
  const login = { key: "whcc_demo", secret: "whcc_secret", claims: { accountId: "cart-7" } };
  const { body } = await nobody("POST", "/api/v1/auth/access-token", login);
  const token = String(at(body, "accessToken"));
  const claims: unknown = JSON.parse(Buffer.from(token.split(".")[1] ?? "", "base64url").toString());

  expect(body).toEqual({ accessToken: token, expires: now.getTime() / 1000 + 5400 });
  expect(claims).toMatchObject({ accountId: "cart-7" });
  expect((await clientOf(whcc, token)("GET", "/api/v1/products")).status).toBe(200);
  expect((await clientOf(whcc, token)("GET", "/api/catalog")).body).toMatchObject({ ErrorNumber: "403.01" });

  now = new Date(now.getTime() + 5400_000);
  expect((await clientOf(whcc, token)("GET", "/api/v1/products")).status).toBe(401);
  const wrong = await nobody("POST", "/api/v1/auth/access-token", { ...login, secret: "guess" });
  expect(wrong).toMatchObject({ status: 401, body: { ErrorNumber: "403.02" } });
});

test("a token of the Order Submit API lasts one hour, and every refusal there is an HTTP 200 with a number", async () => {
  const login = (query: string) => clientOf(whcc, undefined)("GET", `/api/AccessToken?${query}`);
  const good = "grant_type=consumer_credentials&consumer_key=oas_demo&consumer_secret=oas_secret";
  const submit = await submitClient(whcc);

  expect((await login(good)).body).toEqual({
    ClientId: "10072",
    ConsumerKey: "oas_demo",
    EffectiveDate: "11/22/2026 6:00:00 AM CST",
    ExpirationDate: "11/22/2026 7:00:00 AM CST",
    Token: expect.stringMatching(/^\d{12}$/),
  });
  const refusals = [
    await login(good.replace("consumer_credentials", "password")),
    await login(good.replace("oas_demo", "stranger")),
    await login(good.replace("oas_secret", "guess")),
    await clientOf(whcc, undefined)("GET", "/api/catalog"),
    await clientOf(whcc, "123456789012")("POST", "/api/OrderImport", {}),
  ];
  expect(refusals.map(({ status, body }) => [status, at(body, "ErrorNumber")])).toEqual([
    [200, "403.05"],
    [200, "403.03"],
    [200, "403.04"],
    [200, "403.01"],
    [200, "403.01"],
  ]);

  now = new Date(now.getTime() + 3600_000);
  expect((await submit("GET", "/api/catalog")).body).toMatchObject({ ErrorNumber: "403.01" });
});

test("an export answers in another order, shares an Order among equal attributes and splits albums", async () => {
  const { body } = await exportOf(ask, {
    editors: [
      { editorId: "demoAlbum", quantity: 2, orderAttributes: [548, 545] },
      { editorId: "demoPhotoBlock", quantity: 4 },
      { editorId: "demoPhotoPrint" },
    ],
    orderAttributes: [96, 554],
  });
  const items = at(body, "items") as { id: string; pricing: object }[];
  const orders = at(body, "order", "Orders") as Record<string, unknown>[];

  expect(items.map(({ id }) => id)).toEqual(["demoPhotoBlock", "demoPhotoPrint", "demoAlbum"]);
  expect(items[0]?.pricing).toEqual({
    basePrice: 137,
    markedUpPrice: 274,
    unitBasePrice: 34.25,
    markupAmount: 100,
    markupType: "PERCENT",
    quantity: 4,
    code: "USD",
  });
  expect(items[2]?.pricing).toEqual({
    basePrice: 285,
    markedUpPrice: 285,
    unitBasePrice: 142.5,
    quantity: 2,
    code: "USD",
  });
  const seen = orders.map(({ SequenceNumber, OrderAttributes, OrderItems }) => [
    SequenceNumber,
    (OrderAttributes as { AttributeUID: number }[]).map(({ AttributeUID }) => AttributeUID),
    (OrderItems as { EditorId: string; Quantity: number }[]).map((item) => [item.EditorId, item.Quantity]),
  ]);
  expect(seen).toEqual([
    [
      1,
      [96, 554],
      [
        ["demoPhotoBlock", 4],
        ["demoPhotoPrint", 3],
      ],
    ],
    [2, [548, 545], [["demoAlbum", 1]]],
    [3, [548, 545], [["demoAlbum", 1]]],
  ]);
  expect(at(body, "pricing")).toEqual({
    code: "USD",
    totalOrderBasePrice: 423.95,
    totalOrderMarkedUpPrice: 560.95,
  });
  expect(at(orders, 0, "OrderItems", 0, "ItemAssets", 0)).toMatchObject({
    DP2NodeID: "10000",
    ZoomY: 66.54135338345864,
  });
  expect(at(orders, 1, "OrderItems", 0, "ItemAssets", 4)).toMatchObject({ DP2NodeID: 10000, PageNumber: 5 });
});

test("an export of a single id is enough, but what an import needs stays null and is refused there", async () => {
  const { status, body } = await ask("PUT", "/api/v1/oas/editors/export", {
    editors: [{ editorId: "demoPhotoPrint" }],
  });
  const order = at(body, "order");

  expect(status).toBe(200);
  expect(order).toMatchObject({
    EntryId: null,
    Orders: [{ OrderAttributes: null, ShipToAddress: { Zip: null }, OrderItems: [{ Quantity: 3 }] }],
  });
  expect(await create(order)).toMatchObject({ status: 200, body: { ErrorNumber: "412.01" } });
});

test("pictures can be printed from other files than the design was made with", async () => {
  const photo = {
    id: "1",
    name: "IMG_1",
    url: "https://cdn.example.com/small.jpg",
    filetype: "jpg" as const,
    size: { original: { width: 3600, height: 2400 } },
  };
  const lab = await startWhcc({ editors: [{ id: "e1", userId: "u", make: "print-5x7", photos: [photo] }] });
  const order = async (editor: object) =>
    at(
      await orderOf(await editorClient(lab, "u"), { editors: [{ editorId: "e1", ...editor }] }),
      "Orders",
      0,
      "OrderItems",
      0,
      "ItemAssets",
      0,
      "AssetPath",
    );

  const printUrl = "https://cdn.example.com/large.jpg?signed";
  expect([await order({}), await order({ photos: [{ id: "1", printUrl }] })]).toEqual([photo.url, printUrl]);
  await lab.stop();
});

const refusedExports: [what: string, changes: object, status: number][] = [
  ["the deprecated list of ids", { editorIds: ["demoPhotoBlock"] }, 400],
  ["no editors", { editors: [] }, 400],
  ["an id over 30 characters", { editors: [{ editorId: "x".repeat(31) }] }, 400],
  ["the same editor twice", { editors: [{ editorId: "demoAlbum" }, { editorId: "demoAlbum" }] }, 400],
  ["a quantity of none", { editors: [{ editorId: "demoAlbum", quantity: 0 }] }, 400],
  ["attributes as text", { orderAttributes: ["96"] }, 400],
  ["a field the document does not have", { ship_to: {} }, 400],
  ["an editor nobody made", { editors: [{ editorId: "unknown" }] }, 404],
  ["another shopper's editor", { editors: [{ editorId: "demoOtherShopper" }] }, 403],
];
for (const [what, changes, status] of refusedExports) {
  test(`an export with ${what} is refused`, async () => {
    expect((await exportOf(ask, changes)).status).toBe(status);
  });
}

test("an import is a quote with a price and orders nothing; its confirmation is the order, once", async () => {
  const order = await orderOf(ask);
  const quote = await create(order);
  expect(quote.body).toEqual({
    Account: "10072",
    ConfirmationID: expect.stringMatching(/^[0-9a-f-]{36}$/),
    EntryID: "5551234567890",
    Key: "whcc_demo",
    NumberOfOrders: 1,
    Orders: [
      {
        SequenceNumber: "1",
        Products: [
          { ProductDescription: "Gatorboard Block 10x10", Quantity: 2, Price: "68.50" },
          {
            ProductDescription: "Fulfillment Shipping - USA - Economy Shipping",
            Quantity: 1,
            Price: "3.48",
          },
        ],
        SubTotal: "71.98",
        Tax: "5.04",
        Total: "77.02",
      },
    ],
    Received: "11/22/2026 6:00:00 AM Central Time",
  });
  expect(whcc.ledger()).toHaveLength(0);

  const id = at(quote.body, "ConfirmationID");
  expect((await confirm(id)).body).toEqual({
    Confirmation: `Entry ID=${String(id)}: Confirmed order submitted.`,
    ConfirmationID: id,
    ConfirmedOrders: 1,
    Received: "11/22/2026 6:00:00 AM Central Time",
  });
  expect(await confirm(id)).toMatchObject({ status: 200, body: { ErrorNumber: "412.04" } });
  expect(whcc.ledger()).toEqual([
    {
      vendor: "whcc",
      number: id,
      at: now.toISOString(),
      body: order,
      reference: "5551234567890",
      lines: [
        {
          sku: "186",
          quantity: 2,
          detail: {
            editorId: "demoPhotoBlock",
            sequence: "1",
            reference: "#1001",
            shipTo: expect.objectContaining({ Zip: "55121" }),
            attributes: [96, 545],
            assets: [expect.stringMatching(/\.jpg$/)],
          },
        },
      ],
    },
  ]);
});

test("an entry that was submitted once is never taken again, under whichever ConfirmationID", async () => {
  const order = await orderOf(ask);
  const [first, second] = [await create(order), await create(order)];
  await confirm(at(first.body, "ConfirmationID"));

  expect((await confirm(at(second.body, "ConfirmationID"))).body).toMatchObject({ ErrorNumber: "412.04" });
  expect((await create(order)).body).toEqual({
    ErrorNumber: "412.04",
    Message: "This entry already submitted",
  });
  expect((await confirm("6f2f3a52-0000-4000-8000-000000000000")).body).toMatchObject({
    ErrorNumber: "412.03",
  });
  expect(whcc.ledger()).toHaveLength(1);
});

test("the Order Submit API takes the exported order verbatim, and only with its own ConfirmationIDs", async () => {
  const order = await orderOf(ask);
  const submit = await submitClient(whcc);
  const quote = await submit("POST", "/api/OrderImport", order);
  const id = String(at(quote.body, "ConfirmationID"));

  expect((await confirm(id)).body).toMatchObject({ ErrorNumber: "412.03" });
  expect((await submit("POST", `/api/OrderImport/Submit/${id}`, { id })).status).toBe(400);
  expect((await submit("POST", `/api/OrderImport/Submit/${id}`)).body).toMatchObject({ ConfirmedOrders: 1 });
  expect((await submit("POST", `/api/OrderImport/Submit/${id}`)).body).toMatchObject({
    ErrorNumber: "412.04",
  });
  expect(whcc.ledger()).toMatchObject([{ number: id, body: order }]);
});
