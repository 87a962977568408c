// The dotcph stand-in against its document: upserts by SKU, strict fields, soft deletes, and switches.
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { startBrand, type BrandOptions, type BrandStandIn } from "#sandbox/vendors/brand.ts";
import { tinyPng } from "#sandbox/vendors/pictures.ts";
import { at } from "./client.ts";

let brand: BrandStandIn;
beforeEach(async () => {
  brand = await startBrand({ now: () => new Date("2026-11-22T12:00:00Z") });
});
afterEach(() => brand.stop());

async function startWith(options: BrandOptions): Promise<void> {
  await brand.stop();
  brand = await startBrand(options);
}

async function ask(method: string, path: string, body?: unknown, key = "bk_demo:brand_demo") {
  const answer = await fetch(`${brand.url}/api/v1${path}`, {
    method,
    headers: { "x-api-key": key, ...(body !== undefined && { "content-type": "application/json" }) },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  return { status: answer.status, body: (await answer.json()) as unknown };
}
const push = (...products: object[]) => ask("POST", "/products", { products });

const chair = { sku: "FIBER-CHAIR-001", name: "Fiber Armchair", purchase_price: 1200, selling_price: 2400 };
const whole = {
  ...chair,
  description: "Innovative shell chair…",
  lead_time_days: 28,
  variants: [
    {
      name: "Black / Oak",
      sku_suffix: "-BLK-OAK",
      size: "Standard",
      color: "Black",
      fabric_material: "Wood fiber composite",
      composition: "70% wood fiber, 30% PP",
      purchase_price_override: null,
      selling_price_override: null,
    },
  ],
  images: [
    { data: tinyPng("chair").toString("base64"), filename: "fiber-chair-front.jpg", alt_text: "Front view" },
    { url: "https://cdn.example.com/img.jpg", alt_text: "Side view" },
  ],
  metadata: { dimensions: { width_cm: 51 }, certifications: ["FSC"], weight_kg: 5.2 },
};

test("the document's own example is created, then updated", async () => {
  expect(await push(whole)).toEqual({
    status: 200,
    body: {
      processed: 1,
      errors: 0,
      results: [{ sku: "FIBER-CHAIR-001", action: "created", product_id: 1, images_uploaded: 2 }],
      error_details: null,
    },
  });
  expect(at((await push(chair)).body, "results", 0, "action")).toBe("updated");
  expect(brand.ledger()).toMatchObject([
    {
      vendor: "brand",
      number: "1",
      reference: "FIBER-CHAIR-001",
      body: { lead_time_days: 28, is_active: true, synced_via_api: true, metadata: { weight_kg: 5.2 } },
      lines: [{ sku: "FIBER-CHAIR-001-BLK-OAK", quantity: 1 }],
    },
  ]);
  expect(brand.history().map(({ action, pictures }) => [action, pictures])).toEqual([
    ["created", 2],
    ["updated", 0],
  ]);
});

test("the list and the single product show it as the document does, and its stored picture is there", async () => {
  await push(whole);

  const list = await ask("GET", "/products");
  const single = await ask("GET", "/products/FIBER-CHAIR-001");

  expect(at(list.body, "count")).toBe(1);
  expect(at(list.body, "products", 0)).toEqual(single.body);
  expect(Object.keys(single.body as object)).toEqual([
    "id",
    "sku",
    "name",
    "description",
    "purchase_price",
    "selling_price",
    "lead_time_days",
    "is_active",
    "synced_via_api",
    "metadata",
    "images",
    "variants",
  ]);
  expect(at(single.body, "images", 1)).toEqual({
    url: "https://cdn.example.com/img.jpg",
    alt_text: "Side view",
    sort_order: 1,
  });
  const picture = await fetch(String(at(single.body, "images", 0, "url")));
  expect(picture.headers.get("content-type")).toBe("image/png");
});

test("a deleted product is inactive, and active again when it is pushed", async () => {
  await push(chair);

  expect(await ask("DELETE", "/products/FIBER-CHAIR-001")).toEqual({
    status: 200,
    body: { status: "deactivated", sku: "FIBER-CHAIR-001" },
  });
  expect(at((await ask("GET", "/products/FIBER-CHAIR-001")).body, "is_active")).toBe(false);
  await push(chair);
  expect(at((await ask("GET", "/products/FIBER-CHAIR-001")).body, "is_active")).toBe(true);
  expect(await ask("DELETE", "/products/NONE")).toEqual({
    status: 404,
    body: { error: "Product not found" },
  });
});

const refusals: [what: string, product: object, words: string][] = [
  ["no price", { ...chair, selling_price: undefined }, "selling_price: This field is required."],
  ["a price as text", { ...chair, selling_price: "2400" }, "selling_price: A valid number is required."],
  ["a field the document does not have", { ...chair, currency: "DKK" }, "currency: Unknown field."],
  ["a null", { ...chair, description: null }, "description: This field may not be null."],
  [
    "a lead time of half a day",
    { ...chair, lead_time_days: 0.5 },
    "lead_time_days: A valid integer is required.",
  ],
  [
    "a variant without a name",
    { ...chair, variants: [{ sku_suffix: "-A" }] },
    "variants.0.name: This field is required.",
  ],
  [
    "two variants with one suffix",
    {
      ...chair,
      variants: [
        { name: "A", sku_suffix: "-A" },
        { name: "B", sku_suffix: "-A" },
      ],
    },
    "variants: two of them have the sku_suffix -A.",
  ],
  [
    "a picture as bytes and link",
    { ...chair, images: [{ url: "https://e.com/a.jpg", data: "aGFsbG8h" }] },
    "images.0: exactly one of data and url is needed.",
  ],
  [
    "bytes that are no picture",
    { ...chair, images: [{ data: "aGFsbG8h" }] },
    "images.0: Unsupported image type.",
  ],
  ["bytes that are not base64", { ...chair, images: [{ data: "hällo" }] }, "images.0: data is not base64."],
];
test.each(refusals)(
  "%s is refused beside a good product, and nothing of it is kept",
  async (_what, product, words) => {
    const answer = await push(product, { ...chair, sku: "GOOD" });

    expect(answer.status).toBe(207);
    expect(answer.body).toMatchObject({ processed: 2, errors: 1, results: [{ sku: "GOOD" }] });
    expect(at(answer.body, "error_details", 0)).toMatchObject({
      index: 0,
      error: expect.stringContaining(words),
    });
    expect(brand.ledger().map(({ reference }) => reference)).toEqual(["GOOD"]);
  },
);

test.each([
  ["no products", {}],
  ["an empty list", { products: [] }],
  ["a product that is none", { products: ["FIBER-CHAIR-001"] }],
  ["more than a hundred", { products: Array.from({ length: 101 }, (_, n) => ({ ...chair, sku: `S${n}` })) }],
  ["another field", { products: [chair], mode: "full" }],
])("a push with %s is refused whole", async (_what, body) => {
  expect(await ask("POST", "/products", body)).toMatchObject({
    status: 400,
    body: { error: expect.any(String) },
  });
  expect(brand.ledger()).toEqual([]);
});

test("a wrong key is 401, and says so in dotcph's words", async () => {
  for (const key of ["", "bk_demo", "bk_demo:wrong"])
    expect(await ask("GET", "/health", undefined, key)).toEqual({
      status: 401,
      body: { error: "Missing, invalid or revoked API key" },
    });
});

describe("the switches", () => {
  test("picture storage can be missing", async () => {
    brand.setStorage(false);

    expect(at((await ask("GET", "/health")).body, "storage_configured")).toBe(false);
    expect(at((await push(whole)).body, "error_details", 0, "error")).toContain("storage is not configured");
    expect(brand.ledger()).toEqual([]);
  });

  test("one product can be refused alone, or a push with it whole, until they are accepted", async () => {
    brand.refuse("A", "no");
    expect((await push({ ...chair, sku: "A" }, chair)).status).toBe(207);
    brand.choke("A");
    expect((await push({ ...chair, sku: "A" }, chair)).status).toBe(400);
    brand.accept();
    expect((await push({ ...chair, sku: "A" })).status).toBe(200);
  });

  test("pictures of a second push stand beside the first ones, or replace them", async () => {
    const pictures = async () => {
      await push(whole);
      await push(whole);
      return (at(brand.ledger()[0]?.body, "images") as unknown[]).length;
    };
    expect(await pictures()).toBe(4);
    await startWith({ secondPictures: "replace" });
    expect(await pictures()).toBe(2);
  });

  test("a slash may find no way", async () => {
    await push({ ...chair, sku: "A/B" });
    expect((await ask("GET", "/products/A%2FB")).status).toBe(200);
    await startWith({ decodesSlashes: true });
    await push({ ...chair, sku: "A/B" });
    expect((await ask("GET", "/products/A%2FB")).status).toBe(404);
  });
});

test("ten thousand products are pushed and listed, and a reset forgets them", async () => {
  for (let from = 0; from < 10_000; from += 100)
    await push(...Array.from({ length: 100 }, (_, n) => ({ ...whole, images: [], sku: `S${from + n}` })));

  expect(at((await ask("GET", "/products")).body, "count")).toBe(10_000);
  expect(brand.ledger()).toHaveLength(10_000);
  brand.reset();
  expect(brand.ledger()).toEqual([]);
  expect(at((await push(chair)).body, "results", 0, "product_id")).toBe(1);
});
