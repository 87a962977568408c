// The WHCC stand-in's editors against WHCC's documents: making, opening, finishing, cloning and changing a design.
import { createHash } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startWhcc, type WhccStandIn } from "#sandbox/vendors/whcc.ts";
import { at, clientOf } from "./client.ts";
import { editorClient, exportOf, type Ask } from "./whcc-account.ts";

let whcc: WhccStandIn;
let ask: Ask;

beforeEach(async () => {
  whcc = await startWhcc();
  ask = await editorClient(whcc);
});
afterEach(() => whcc.stop());

const wanted = {
  userId: "demo-shopper",
  productId: "hRk3mVtPnWc6XyZaQ",
  designId: "ztRMDiHup8ooFhxLr",
  redirects: {
    complete: { text: "Add to cart", url: "https://shop.example.com/return?editor=%EDITOR_ID%" },
    cancel: { text: "Back", url: "https://shop.example.com/cancel" },
  },
  settings: {
    quantity: { default: 25 },
    client: {
      vendor: "default",
      accentColor: "#ff0000",
      studioName: "Sample Studio",
      hidePricing: true,
      markupType: "PERCENT",
      markupAmount: 30,
    },
  },
  photos: [
    {
      id: "1",
      name: "Photo IMG_1",
      url: "https://cdn.example.com/IMG_1.jpg",
      printUrl: "https://cdn.example.com/fullres-IMG_1.jpg",
      filetype: "jpg",
      size: { original: { width: 3600, height: 2401 } },
    },
  ],
};
const { settings: _settings, photos: _photos, ...least } = wanted;
const create = (body: unknown) => ask("POST", "/api/v1/editors", body);

/** Follows a link as the shopper's browser would, and answers with the session its form carries. */
async function opened(url: string): Promise<{ status: number; session: string; page: string }> {
  const answer = await fetch(url);
  const page = await answer.text();
  return { status: answer.status, page, session: /name="session" value="(\w+)"/.exec(page)?.[1] ?? "" };
}

function finish(editorId: string, form: Record<string, string>): Promise<Response> {
  const body = new URLSearchParams(form);
  return fetch(`${whcc.url}/editor/${editorId}/finish`, { method: "POST", body, redirect: "manual" });
}

test("a shopper follows the link once, finishes the design and comes back with the editor's id", async () => {
  const { body } = await create(wanted);
  const editorId = String(at(body, "editorId"));
  const url = String(at(body, "url"));
  expect((await exportOf(ask, { editors: [{ editorId }] })).status).toBe(400);

  const { status, session, page } = await opened(url);
  expect(status).toBe(200);
  expect(page).toContain("Add to cart");
  expect((await opened(url)).status).toBe(410);

  const back = await finish(editorId, { session, make: "block-24x36", quantity: "2" });
  expect([back.status, back.headers.get("location")]).toEqual([
    303,
    `https://shop.example.com/return?editor=${editorId}`,
  ]);
  expect((await finish(editorId, { session, make: "print-5x7", quantity: "1" })).status).toBe(410);
  const exported = await exportOf(ask, { editors: [{ editorId }] });
  expect(at(exported.body, "order", "Orders", 0, "OrderItems", 0)).toMatchObject({
    ProductUID: 192,
    Quantity: 2,
    ItemAssets: [{ AssetPath: "https://cdn.example.com/fullres-IMG_1.jpg" }],
  });
  expect(at(exported.body, "items", 0, "pricing")).toMatchObject({ markedUpPrice: 492.7, markupAmount: 30 });
});

test("a new link opens the same design again, and a shopper cannot turn it into another product", async () => {
  const { body } = await create(least);
  const editorId = String(at(body, "editorId"));
  const again = await ask("POST", `/api/v1/editors/${editorId}/edit-link`, {});

  expect(Object.keys(again.body as object)).toEqual(["url"]);
  const { session } = await opened(String(at(again.body, "url")));
  expect((await finish(editorId, { session, make: "album-10x10", quantity: "1" })).status).toBe(410);
  expect((await finish(editorId, { session, make: "block-10x10", quantity: "1" })).status).toBe(303);
});

const refusals: [what: string, body: object, status: number][] = [
  ["no way back", { ...least, redirects: { complete: wanted.redirects.complete } }, 400],
  [
    "a way back that is a script",
    { ...least, redirects: { ...wanted.redirects, cancel: { text: "x", url: "javascript:alert(1)" } } },
    400,
  ],
  ["a product that is not offered", { ...least, productId: "nothing" }, 400],
  ["a design of another product", { ...least, designId: "zCmKRwkBxBqyd75tC" }, 400],
  ["a markup in dollars", { ...least, settings: { client: { markupType: "AMOUNT", markupAmount: 3 } } }, 400],
  ["a markup of no kind", { ...least, settings: { client: { markupAmount: 3 } } }, 400],
  [
    "a picture without its size",
    { ...least, photos: [{ id: "1", name: "a", url: "https://a.b/c.jpg" }] },
    400,
  ],
  ["a field the document does not have", { ...least, title: "x" }, 400],
  ["another shopper's name", { ...least, userId: "other-shopper" }, 403],
];
for (const [what, body, status] of refusals) {
  test(`an editor with ${what} is refused`, async () => {
    expect((await create(body)).status).toBe(status);
  });
}

test("a copy of a design keeps what was bought when the shopper changes the original", async () => {
  const { body } = await ask("POST", "/api/v1/editors/demoPhotoBlock/clone");
  const copy = String(at(body, "_id"));
  whcc.changeDesign("demoPhotoBlock", "block-24x36");

  const exported = await exportOf(ask, { editors: [{ editorId: "demoPhotoBlock" }, { editorId: copy }] });
  expect(at(exported.body, "order", "Orders", 0, "OrderItems")).toMatchObject([
    { EditorId: copy, ProductUID: 186 },
    { EditorId: "demoPhotoBlock", ProductUID: 192 },
  ]);
  expect((await ask("GET", `/api/v1/editors/${copy}`)).body).toMatchObject({ _id: copy, complete: true });
});

test("a shopper sees only the designs of the account in the token", async () => {
  const path = "/api/v1/editors/demoPhotoBlock";
  const stranger = await editorClient(whcc, "other-shopper");
  const login = { key: "whcc_demo", secret: "whcc_secret" };
  const { body } = await clientOf(whcc, undefined)("POST", "/api/v1/auth/access-token", login);
  const nobody = clientOf(whcc, String(at(body, "accessToken")));

  const statuses = [
    (await ask("GET", path)).status,
    (await stranger("GET", path)).status,
    (await stranger("POST", `${path}/clone`)).status,
    (await nobody("GET", path)).status,
    (await nobody("GET", "/api/v1/designs")).status,
    (await ask("GET", "/api/v1/editors/unknown")).status,
  ];
  expect(statuses).toEqual([200, 403, 403, 403, 200, 404]);
});

test("products and designs are whole lists that name each other", async () => {
  const products = (await ask("GET", "/api/v1/products")).body as { _id: string }[];
  const designs = (await ask("GET", "/api/v1/designs")).body as { product: { _id: string } }[];

  expect(products).toContainEqual(
    expect.objectContaining({ name: "Album", editorCompatibility: "albumEditor" }),
  );
  expect(designs.map(({ product }) => product._id)).toEqual(products.map(({ _id }) => _id));
});

test("forgetting everything leaves the demonstration's designs as they were", async () => {
  whcc.changeDesign("demoPhotoBlock", "block-24x36");
  const { body } = await create(wanted);

  whcc.reset();

  const editorId = String(at(body, "editorId"));
  expect((await ask("GET", `/api/v1/editors/${editorId}`)).status).toBe(404);
  const { body: exported } = await exportOf(ask);
  expect(at(exported, "order", "Orders", 0, "OrderItems", 0, "ProductUID")).toBe(186);
  expect(() => whcc.changeDesign("demoPhotoBlock", "mug")).toThrow("no make");
});

test("the pictures of a design are there, and their hash is true", async () => {
  const { body } = await exportOf(ask);
  const asset = at(body, "order", "Orders", 0, "OrderItems", 0, "ItemAssets", 0);
  const preview = String(at(body, "items", 0, "editor", "productPreviews", "10000", "scale_256"));

  const bytes = Buffer.from(await (await fetch(String(at(asset, "AssetPath")))).arrayBuffer());
  expect(createHash("md5").update(bytes).digest("hex")).toBe(at(asset, "ImageHash"));
  expect((await fetch(preview)).headers.get("content-type")).toBe("image/png");
});
