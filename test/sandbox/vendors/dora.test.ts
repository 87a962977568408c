// The Dora stand-in against the Dora API document: logins, the catalogue, the one cart, and what a purchase leaves.
import { afterEach, beforeEach, expect, test } from "vitest";
import { startDora } from "#sandbox/vendors/dora.ts";
import type { StandIn } from "#sandbox/vendors/stand-in.ts";
import { at, clientOf } from "./client.ts";

let dora: StandIn;
let ask: ReturnType<typeof clientOf>;
let time: Date;

beforeEach(async () => {
  time = new Date("2026-11-22T12:00:00Z");
  dora = await startDora({ now: () => time });
  ask = clientOf(dora, await tokenOf("dealer"));
});
afterEach(() => dora.stop());

async function tokenOf(username: string): Promise<string> {
  const answer = await clientOf(dora, undefined)("POST", "/auth/login", { username, password: "dora_demo" });
  return String(at(answer.body, "token"));
}

test("a login brings the dealer's country and a token for one hour", async () => {
  const { body } = await clientOf(dora, undefined)("POST", "/auth/login", {
    username: "dealer-us",
    password: "dora_demo",
  });

  expect(body).toMatchObject({
    user_id: expect.any(Number),
    country_id: 2,
    country_code: "US",
    country_name: "United States",
    currency_code: "USD",
    dealer_name: "Demo Jeweler Inc.",
    role: "dealer",
  });
  const claims: unknown = JSON.parse(
    Buffer.from(String(at(body, "token")).split(".")[1] ?? "", "base64url").toString(),
  );
  expect(at(claims, "exp")).toBe(time.getTime() / 1000 + 3600);
  expect((await ask("GET", "/auth/user")).body).toMatchObject({ role: "dealer", currency_code: "EUR" });
});

test("a token ends after an hour, by logout, or when it was tampered with; a fresh one can be had before", async () => {
  const told = { error: { message: "Not authenticated" } };
  const fresh = clientOf(dora, String(at((await ask("GET", "/auth/authenticate")).body, "token")));
  expect((await fresh("GET", "/cart")).status).toBe(200);
  expect((await clientOf(dora, `${await tokenOf("dealer")}x`)("GET", "/cart")).body).toEqual(told);
  expect((await clientOf(dora, undefined)("GET", "/auth/authenticate")).body).toEqual(told);

  time = new Date(time.getTime() + 3600_000);
  expect((await fresh("GET", "/cart")).status).toBe(401);

  const again = clientOf(dora, await tokenOf("dealer"));
  const elsewhere = clientOf(dora, await tokenOf("dealer"));
  expect((await again("POST", "/auth/logout")).body).toEqual({ message: "Bye" });
  expect([(await again("GET", "/cart")).status, (await elsewhere("GET", "/cart")).status]).toEqual([
    401, 401,
  ]);
});

test("a wrong password is refused, and only a known user can have it reset", async () => {
  const open = clientOf(dora, undefined);

  expect((await open("POST", "/auth/login", { username: "dealer", password: "x" })).status).toBe(401);
  expect((await open("POST", "/auth/login", { username: "dealer" })).status).toBe(400);
  expect((await open("POST", "/auth/reset_password", { username: "dealer" })).body).toHaveProperty("contact");
  expect((await open("POST", "/auth/reset_password", { username: "nobody" })).body).toEqual({
    error: { message: "User not found" },
  });
});

test("the catalogue is searched by style, collection and metal, sorted and paged", async () => {
  const find = async (body: object) => (await ask("POST", "/catalog/items", body)).body;
  const ids = (body: unknown) => (at(body, "items") as { id: number }[]).map((item) => item.id);
  const collections = (await ask("GET", "/catalog/collections")).body as object[];

  expect(collections).toHaveLength(2);
  expect(ids(await find({})).length).toBeGreaterThanOrEqual(8);
  expect(ids(await find({ search: "4021" }))).toEqual([310, 312, 311]);
  expect(
    ids(await find({ collection_id: [14], metal_id: 8, sort_by: "style_price", limit: 2 })),
  ).toHaveLength(2);
  expect(ids(await find({ ids: 310 }))).toEqual([310]);
  expect(at(await find({ limit: 4, page: 3 }), "pagination")).toEqual({
    total: 9,
    page: 3,
    limit: 4,
    pages: 3,
  });
  expect(ids(await find({ sort_dir: "desc" }))[0]).toBe(323);
  expect(await find({ search: "9999" })).toEqual({ error: { message: "No items found" } });
  expect((await ask("POST", "/catalog/items", { colour: 1 })).status).toBe(400);
});

test("an item is priced as configured, in the dealer's country and sizes", async () => {
  const price = async (body: object) =>
    Number(at((await ask("POST", "/catalog/item", body)).body, "total_price"));
  const item = { id: 310, collection_id: 12 };
  const { body } = await ask("POST", "/catalog/item", item);

  expect(body).toMatchObject({
    id: 310,
    mode: "ring",
    default_size_mm: 17.7,
    default_weight: "Standard",
    min_width: 2.5,
    max_width: 8,
    currency: "EUR",
    related_weights: { lighter: { id: 311 }, default: null, heavier: { id: 312 } },
    related_rings: [{ id: 313 }],
  });
  expect(at(body, "parts", 0, "available_materials", 2)).toMatchObject({
    id: 5,
    available_colors: ["White", "Yellow", "Rose"],
    available_finishes: ["Polished", "Hammered", "Brushed", "Iced"],
  });
  const standard = await price(item);
  expect(await price({ ...item, mode: "sample" })).toBeLessThan(standard);
  expect(await price({ ...item, width: 6 })).toBeGreaterThan(standard);
  expect(await price({ ...item, parts: [{ name: "Band", metal_id: 1 }] })).toBeLessThan(standard);

  const american = clientOf(dora, await tokenOf("dealer-us"));
  const there = (await american("POST", "/catalog/item", item)).body;
  expect(at(there, "sizes", 7)).toEqual({ id: 8, size: 7.5, size_mm: 17.7, selected: true });
  expect(at(body, "sizes", 7)).toMatchObject({ size: 56, size_mm: 17.7 });
  expect(at(there, "currency")).toBe("USD");
});

const itemRefusals: [body: object, status: number, message: string][] = [
  [{ id: 310 }, 400, "Item ID and Collection ID are required"],
  [{ id: 310, collection_id: 12, width: 9 }, 400, "Width must be between 2.5 and 8"],
  [{ id: 310, collection_id: 12, size: 17.8 }, 400, "Invalid size"],
  [{ id: 310, collection_id: 14 }, 404, "Item not found"],
];
for (const [body, status, message] of itemRefusals) {
  test(`asking for an item with ${JSON.stringify(body)} says "${message}"`, async () => {
    const answer = await ask("POST", "/catalog/item", body);

    expect([answer.status, answer.body]).toEqual([status, { error: { message } }]);
  });
}

test("the specification sheet is a PDF named after its style, with the engraving on it", async () => {
  const answer = await ask("POST", "/catalog/pdf", { style_id: 310, engraving_text: "Forever", metal_id: 5 });

  expect(answer.type).toBe("application/pdf");
  expect(answer.headers.get("content-disposition")).toContain("style_4021.pdf");
  expect(answer.text).toMatch(/^%PDF-[^]*Engraving: Forever[^]*%%EOF\n$/);
  expect((await ask("POST", "/catalog/pdf", {})).body).toEqual({
    error: { message: "style_id parameter is required" },
  });
  expect((await ask("POST", "/catalog/pdf", { style_id: 1 })).status).toBe(404);
});

test("a fault that is about previews is refused, for Dora makes none", () => {
  expect(() => dora.fault({ kind: "expired-preview" })).toThrow("no previews");
});

test("products and CMS collections are found, in the dealer's currency", async () => {
  const products = (await ask("POST", "/product/items", { sort_by: "product_price", sort_dir: "desc" })).body;
  expect(at(products, "items", 0)).toMatchObject({ id: 72, price: 64 });
  expect(at(products, "pagination", "total")).toBe(3);
  expect((await ask("POST", "/product/items", { search: "xyz" })).body).toEqual({
    error: { message: "No items found" },
  });
  expect((await ask("GET", "/product/item/71")).body).toMatchObject({ name: "Ring box, oak", price: 19 });
  expect((await ask("GET", "/product/item")).body).toEqual({ error: { message: "Item ID is required" } });
  expect((await ask("GET", "/product/item/7")).body).toEqual({ error: { message: "Item not found" } });
  const cms = (await ask("POST", "/directus/collections", { search: "classics" })).body;
  expect(cms).toMatchObject([{ collection_name: "Germany - Classics" }, { country_id: 2 }]);
  expect((await ask("POST", "/directus/collections", { search: "zzz" })).status).toBe(404);
  const picture = await fetch(String(at(products, "items", 0, "image")));
  expect(picture.headers.get("content-type")).toBe("image/png");
});

test("the two forms say what is missing", async () => {
  const form = (fields: Record<string, string>) => {
    const made = new FormData();
    for (const [name, value] of Object.entries(fields)) made.append(name, value);
    return ask("POST", "/product/request", made);
  };
  const good = { name: "Tray", width: "30", height: "20", terms: "true" };
  const address = {
    same_address: "false",
    streetname: "Main St 1",
    city: "Berlin",
    country: "Germany",
    zipcode: "10115",
  };

  expect((await form(good)).body).toEqual({ success: { message: "Request submitted successfully" } });
  expect((await form({ ...good, ...address })).status).toBe(200);
  expect((await form({ ...good, terms: "false" })).body).toEqual({
    error: { message: "Missing required fields" },
  });
  expect((await form({ ...good, ...address, zipcode: "D-1" })).body).toEqual({
    error: { message: "Invalid address fields" },
  });

  const contact = { name: "Ana", email: "a@example.com", comment: "Hello" };
  expect((await ask("POST", "/contact/submit", contact)).body).toEqual({
    success: { message: "Message sent successfully" },
  });
  expect((await ask("POST", "/contact/submit", { name: "Ana" })).body).toEqual({
    error: { message: "Missing required fields" },
  });
  expect((await ask("POST", "/contact/submit", { ...contact, email: "x" })).body).toEqual({
    error: { message: "Invalid email format" },
  });
  expect((await clientOf(dora, undefined)("POST", "/contact/submit", contact)).status).toBe(401);
});
