// Dora's one cart per login in the stand-in: what may lie in it, and what a purchase leaves in the ledger.
import { afterEach, beforeEach, expect, test } from "vitest";
import { startDora } from "#sandbox/vendors/dora.ts";
import type { StandIn } from "#sandbox/vendors/stand-in.ts";
import { at, clientOf, onePixel, until } from "./client.ts";

let dora: StandIn;
let ask: ReturnType<typeof clientOf>;

beforeEach(async () => {
  dora = await startDora();
  ask = clientOf(dora, await tokenOf("dealer"));
});
afterEach(() => dora.stop());

async function tokenOf(username: string): Promise<string> {
  const answer = await clientOf(dora, undefined)("POST", "/auth/login", { username, password: "dora_demo" });
  return String(at(answer.body, "token"));
}

const band = { name: "Band", metal_id: 5, color: "Yellow", finish: "Polished" };
const setting = { name: "Setting", metal_id: 8, color: "White", finish: "Brushed" };
const ring = { type: "ring", id: 310, quantity: 1, options: { size: 17.7, width: 4, parts: [band] } };

test("a ring goes into the cart, is shown with every choice, and identical rings become one line", async () => {
  const added = await ask("PUT", "/cart", ring);
  await ask("PUT", "/cart", { ...ring, quantity: 2 });
  await ask("PUT", "/cart", { type: "product", id: 71, quantity: 1 });
  const { body } = await ask("GET", "/cart");

  expect([added.status, added.text]).toEqual([200, ""]);
  expect(at(body, "items")).toHaveLength(2);
  expect(at(body, "items", 0)).toMatchObject({
    type: "ring",
    id: 310,
    quantity: 3,
    item_key: expect.any(String),
    options: { size: 17.7, width: 4, parts: [{ ...band, metal_name: "Gold 14 kt" }] },
    details: { style_no: "4021", size_table: "EU", local_size: 56 },
  });
  expect(String(at(body, "items", 0, "details", "image"))).toMatch(/^data:image\/png;base64,iVBOR/);
  const [rings, boxes] = [Number(at(body, "items", 0, "price")) * 3, Number(at(body, "items", 1, "price"))];
  expect(at(body, "total")).toBeCloseTo(rings + boxes, 2);
});

test("choices left open are filled in silently, as the catalogue says", async () => {
  await ask("PUT", "/cart", { ...ring, options: { size: 17.7, width: 4, parts: [{ name: "Band" }] } });

  expect(at((await ask("GET", "/cart")).body, "items", 0, "options", "parts", 0)).toMatchObject({
    metal_id: 5,
    color: "White",
    finish: "Polished",
  });
});

function options(changes: object) {
  return { ...ring, options: { ...ring.options, ...changes } };
}
const cartRefusals: [what: string, body: unknown, status: number, error: string][] = [
  ["a list", [ring], 400, "Invalid request format"],
  ["a field it does not know", { ...ring, engraving: "Forever" }, 400, "Invalid request format"],
  ["no type", { id: 310, quantity: 1 }, 400, "Missing required parameters"],
  ["a necklace", { ...ring, type: "necklace" }, 400, "Invalid item type"],
  ["no quantity", { type: "ring", id: 310, options: ring.options }, 400, "Quantity is required"],
  ["a quantity of none", { ...ring, quantity: 0 }, 400, "Quantity is required"],
  ["no options", { type: "ring", id: 310, quantity: 1 }, 400, "Missing required ring options"],
  ["no parts", options({ parts: [] }), 400, "Missing required ring options"],
  ["no size", { ...ring, options: { width: 4, parts: [band] } }, 400, "Missing required ring size or width"],
  ["a part without a name", options({ parts: [{ metal_id: 5 }] }), 400, "Part name is required"],
  [
    "a finish in small letters",
    options({ parts: [{ ...band, finish: "polished" }] }),
    400,
    "Missing required ring options or invalid values",
  ],
  [
    "half a diamond",
    options({ diamonds: [{ diamond_cut_id: 1 }] }),
    400,
    "Missing required ring options or invalid values",
  ],
  [
    "a JPEG",
    { ...ring, image: "data:image/jpeg;base64,AAAA" },
    400,
    "Invalid image format. Only base64 encoded PNG images are supported.",
  ],
  ["a broken PNG", { ...ring, image: "data:image/png;base64,AAAA" }, 400, "Invalid base64 image data"],
  ["a ring that does not exist", { ...ring, id: 1 }, 404, "Item not found or incorrect options"],
  ["a size between sizes", options({ size: 17.75 }), 404, "Item not found or incorrect options"],
  ["too wide a band", options({ width: 9 }), 404, "Item not found or incorrect options"],
  [
    "yellow platinum",
    options({ parts: [{ ...band, metal_id: 8 }] }),
    404,
    "Item not found or incorrect options",
  ],
  [
    "only one of two parts",
    { ...ring, id: 320, options: { size: 17.7, width: 2.5, parts: [band] } },
    404,
    "Item not found or incorrect options",
  ],
  ["a product that does not exist", { type: "product", id: 1, quantity: 1 }, 404, "Product not found"],
  ["a line that is not there", { item_key: "x", quantity: 1 }, 404, "Item not found or incorrect options"],
];
for (const [what, body, status, error] of cartRefusals) {
  test(`adding ${what} is refused with "${error}"`, async () => {
    const answer = await ask("PUT", "/cart", body);

    expect([answer.status, answer.body]).toEqual([status, { error }]);
    expect((await ask("GET", "/cart")).body).toEqual({ items: [], total: 0 });
  });
}

test("a ring of two parts takes a choice for each, and a picture of the customer's own", async () => {
  const image = `data:image/png;base64,${Buffer.from(await onePixel().arrayBuffer()).toString("base64")}`;
  const body = { ...ring, id: 320, image, options: { size: 17.7, width: 2.5, parts: [setting, band] } };

  expect((await ask("PUT", "/cart", body)).status).toBe(200);

  const shown = at((await ask("GET", "/cart")).body, "items", 0);
  expect(at(shown, "options", "parts")).toMatchObject([band, setting]);
  expect(at(shown, "details", "image")).toBe(image);
});

test("a line's quantity is added to and taken from, and a line is removed by its key", async () => {
  expect((await ask("DELETE", "/cart", { item_key: "x" })).body).toEqual({ error: "Cart not found" });
  await ask("PUT", "/cart", ring);
  const key = String(at((await ask("GET", "/cart")).body, "items", 0, "item_key"));

  await ask("PUT", "/cart", { item_key: key, quantity: 4 });
  await ask("PUT", "/cart", { item_key: key, quantity: -2 });
  expect(at((await ask("GET", "/cart")).body, "items", 0, "quantity")).toBe(3);

  expect((await ask("DELETE", "/cart")).body).toEqual({ error: "Item key required" });
  expect((await ask("DELETE", "/cart", { item_key: "x" })).body).toEqual({ error: "Item not found in cart" });
  expect((await ask("DELETE", "/cart", { item_key: key })).status).toBe(200);
  expect((await ask("POST", "/cart")).body).toEqual({ error: "Cart is empty" });
});

test("a purchase buys all that lies in the cart, from whomever, and its history is kept", async () => {
  expect((await ask("POST", "/cart")).body).toEqual({ error: "Cart not found" });
  const colleague = clientOf(dora, await tokenOf("dealer"));
  await ask("PUT", "/cart", ring);
  await colleague("PUT", "/cart", { type: "product", id: 72, quantity: 1 });
  const { total } = (await ask("GET", "/cart")).body as { total: number };

  expect((await ask("POST", "/cart", { reference: "R-1" })).status).toBe(400);
  const bought = await ask("POST", "/cart");

  expect(bought.body).toEqual({ orderNo: "10045", total });
  expect((await ask("GET", "/cart")).body).toEqual({ items: [], total: 0 });
  expect(dora.ledger()).toMatchObject([
    {
      vendor: "dora",
      number: "10045",
      lines: [
        { sku: "4021", quantity: 1, detail: { id: 310, size: 17.7, parts: [band] } },
        { sku: "product 72" },
      ],
      body: {
        dealer: "Demo Jeweller",
        currency: "EUR",
        total,
        history: [
          { method: "PUT", body: ring },
          { method: "PUT", body: { type: "product" } },
        ],
      },
    },
  ]);

  await ask("PUT", "/cart", ring);
  await ask("POST", "/cart");
  expect(dora.ledger()[1]?.body).toMatchObject({ history: [{ body: ring }] });
});

test("each login has its own cart, and one that may only browse cannot buy", async () => {
  const browse = clientOf(dora, await tokenOf("browse"));
  await browse("PUT", "/cart", ring);

  expect((await ask("GET", "/cart")).body).toEqual({ items: [], total: 0 });
  const refused = await browse("POST", "/cart");
  expect([refused.status, typeof at(refused.body, "error")]).toEqual([403, "string"]);
  expect(dora.ledger()).toHaveLength(0);
});

test("the vendor's failures read as the document has them, and a late addition lands later", async () => {
  await ask("PUT", "/cart", ring);
  dora.fault({ kind: "error-not-done", on: "PUT /cart" });
  dora.fault({ kind: "error-done", on: "POST /cart" });
  dora.fault({ kind: "error-not-done", on: "GET /auth/user" });

  expect((await ask("PUT", "/cart", ring)).body).toEqual({ error: "Failed to save cart" });
  expect((await ask("POST", "/cart")).body).toEqual({ error: "Failed to create order" });
  expect((await ask("GET", "/auth/user")).body).toEqual({ error: { message: "Server Error" } });
  expect(dora.ledger()).toHaveLength(1);

  dora.fault({ kind: "late", on: "PUT /cart" });
  const stop = new AbortController();
  ask("PUT", "/cart", ring, { signal: stop.signal }).catch(() => undefined);
  await until(() => dora.requests().at(-1)?.body !== undefined);
  stop.abort();
  expect(at((await ask("GET", "/cart")).body, "items")).toHaveLength(0);
  dora.releaseLate();
  expect(at((await ask("GET", "/cart")).body, "items")).toHaveLength(1);
});
