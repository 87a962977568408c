// What a merchant can look up at Dora: collections, rings and their prices, sizes, sheets, products, the login.
import { expect, test } from "vitest";
import { dora } from "#app/vendors/dora/index.ts";
import { atDora, errorOf } from "./rings.ts";
import { rowOf, useTool } from "./tool.ts";

const at = atDora();

/** The answer of a tool for the German dealer, or with other settings. */
async function ask(id: string, input: Record<string, unknown> = {}, login = "dealer") {
  const settings = at.settings({ username: login });
  return useTool(id, { calls: await at.loggedIn({ settings }), settings }, input);
}

test("every tool that changes something at Dora asks first, and none of them buys", async () => {
  const changing = dora.tools.filter(({ confirm }) => confirm !== undefined).map(({ id }) => id);

  expect(changing.sort()).toEqual(
    ["cart-remove", "contact", "log-out", "product-request", "reset-password"].sort(),
  );
  expect(new Set(dora.tools.map(({ id }) => id)).size).toBe(dora.tools.length);
});

test("the collections come with the id that the search for rings asks for", async () => {
  const result = await ask("collections");
  const { "Collection id": id } = rowOf(result, 1);
  const found = await ask("rings", { collectionId: id });

  expect(result.sentence).toBe("2 collections.");
  expect(rowOf(result, 1)).toMatchObject({ Category: "Engagement rings", New: "new" });
  expect(found.sentence).toBe("4 rings.");
});

test("rings are found by style, metal and ids, sorted, each with the ids of the other tools", async () => {
  expect(rowOf(await ask("rings", { search: "4021" }))).toMatchObject({
    Name: "Court band",
    Collection: "Classics",
    Width: "4 mm",
    Price: "EUR 351.20",
    "Ring id": 310,
    "Collection id": 12,
  });
  expect((await ask("rings", { metalId: 1 })).sentence).toBe("4 rings.");
  expect((await ask("rings", { ids: "310, 320" })).sentence).toBe("2 rings.");
  const [cheap, dear] = [
    await ask("rings", { sortBy: "style_price" }),
    await ask("rings", { sortBy: "style_price", descending: true }),
  ];
  expect(rowOf(cheap)["Ring id"]).toBe(rowOf(dear, 8)["Ring id"]);
  expect((await ask("rings", { home: true })).table?.rows).toHaveLength(5);
});

test("a search without a match, a page too far and ids that are none are said in a sentence", async () => {
  expect((await ask("rings", { search: "nothing" })).sentence).toBe("No ring of Dora's fits.");
  expect((await ask("rings", { page: 9 })).sentence).toBe("There is no page 9.");
  expect((await errorOf(() => ask("rings", { ids: "4021L" }))).problem).toBe("rejected");
  expect((await ask("products", { search: "nothing" })).sentence).toBe("No product of Dora's fits.");
  expect((await ask("site-collections", { search: "nothing" })).sentence).toBe("No collection fits.");
});

test("a ring is priced as it is asked for, in its size, width, metal, and as a sample", async () => {
  const plain = await ask("ring", { id: 310 });
  const platinum = await ask("ring", { id: 310, width: 6, parts: [{ name: "Band", metalId: 8 }] });
  const sample = await ask("ring", { id: 310, collectionId: 12, mode: "sample" });

  expect(plain.sentence).toBe("EUR 351.20 for style 4021.");
  expect(Object.fromEntries(plain.facts ?? [])).toMatchObject({
    Price: "EUR 351.20 in size 56 (17.7 mm)",
    Weight: "4.20 g",
    Widths: "2.5 to 8 mm",
    Sizes: "47 (14.9 mm) to 67 (21.4 mm), as in DE",
    "Lighter style": "4021L (id 311)",
  });
  expect(plain.image).toContain("/media/style-310.png");
  expect(rowOf(plain, 2)).toMatchObject({ Part: "Band", "Metal id": 5, Colours: "White, Yellow, Rose" });
  expect(platinum.sentence).not.toBe(plain.sentence);
  expect(sample.sentence).toBe("EUR 140.48 for a sample of style 4021.");
});

test("a ring with diamonds tells which, and one Dora does not make tells why", async () => {
  expect(Object.fromEntries((await ask("ring", { id: 314 })).facts ?? [])["Diamonds"]).toBe(
    "5 × Brilliant 0.02, together 0.1, G/VS",
  );
  expect((await ask("ring", { id: 310, width: 9 })).sentence).toBe(
    "Dora does not make it like this: Width must be between 2.5 and 8.",
  );
  expect((await ask("ring", { id: 999 })).sentence).toBe("Dora has no ring 999.");
});

test("ring sizes are in the numbers of the login's country, with the same millimetres", async () => {
  const german = await ask("ring-sizes");
  const american = await ask("ring-sizes", { id: 320 }, "dealer-us");

  expect(german.sentence).toBe("17 sizes of style 4021, as in DE.");
  expect(rowOf(german, 7)).toEqual({ Size: "56", "Size in mm": 17.7, Usual: "usual" });
  expect(american.sentence).toContain("as in US");
  expect(rowOf(american, 7)).toEqual({ Size: "7.5", "Size in mm": 17.7, Usual: "usual" });
});

test("the specification sheet is a PDF named after its style, with an engraving and a picture of one's own", async () => {
  const image = { filename: "ring.png", contentType: "image/png", bytes: new Uint8Array([0x89, 0x50, 1, 2]) };
  const { file, sentence } = await ask("ring-sheet", { id: 310, engraving: "Forever", image });
  const sent = at.standIn.requests().find(({ path }) => path === "/catalog/pdf");

  expect(sentence).toBe("The sheet is ready.");
  expect(file?.filename).toBe("style_4021.pdf");
  expect(new TextDecoder().decode(file?.bytes)).toContain("Forever");
  expect(sent?.body).toMatchObject({ style_id: 310, engraving_text: "Forever", image: "iVABAg==" });
  expect((await ask("ring-sheet", { id: 999 })).sentence).toBe("Dora has no ring 999.");
  const jpeg = { ...image, bytes: new Uint8Array([0xff, 0xd8]) };
  expect((await errorOf(() => ask("ring-sheet", { id: 310, image: jpeg }))).message).toContain("not a PNG");
});

test("a page that comes instead of the PDF is not handed out as one", async () => {
  at.standIn.fault({ on: "POST /catalog/pdf", kind: "html-502" });

  expect((await errorOf(() => ask("ring-sheet", { id: 310 }))).problem).toBe("retry");
});

test("products have their price in the dealer's currency, and a picture", async () => {
  const list = await ask("products", { sortBy: "product_price", descending: true }, "dealer-us");
  const one = await ask("product", { id: 71 });

  expect(list.sentence).toBe("3 products.");
  expect(rowOf(list)).toMatchObject({ Price: "USD 72.96", "Product id": 72 });
  expect(one.sentence).toBe("Ring box, oak costs EUR 19.00.");
  expect(one.image).toContain("/media/product-71.png");
  expect((await ask("product", { id: 5 })).sentence).toBe("Dora has no product 5.");
});

test("the collections of Dora's website are found by country", async () => {
  const result = await ask("site-collections", { search: "united" });

  expect(result.sentence).toBe("2 collections.");
  expect(rowOf(result)).toMatchObject({ Country: "United States" });
});

test("a login says whose it is, and whether it may buy", async () => {
  const mine = await ask("who-am-i");
  expect(mine.sentence).toBe("dealer is a login of Demo Jeweller.");
  expect(Object.fromEntries(mine.facts ?? [])).toMatchObject({
    Country: "Germany (DE)",
    "Prices in": "EUR",
    Role: "dealer",
  });
  expect(mine.warnings).toBeUndefined();

  const settings = at.settings({ username: "browse" });
  const looking = await useTool("who-am-i", { calls: at.calls({ settings }), settings });
  expect(looking.warnings?.[0]).toContain("may look but not buy");
});

test("a new password is asked for this login or another, and an unknown one is said to be unknown", async () => {
  const mine = await ask("reset-password");
  expect(mine.sentence).toContain("“dealer”");
  expect(mine.facts).toEqual([
    ["Name", "Demo Jeweller"],
    ["Email", "dealer@example.com"],
  ]);
  expect((await ask("reset-password", { username: "dealer-us" })).sentence).toContain("“dealer-us”");
  expect((await ask("reset-password", { username: "nobody" })).sentence).toContain("knows no user");
});

test("the session is ended only by somebody who knows that others may be logged out", async () => {
  const calls = await at.loggedIn();
  const there = { calls, settings: at.settings() };

  expect((await errorOf(() => useTool("log-out", there))).message).toContain("Nothing was done");
  expect(at.standIn.requests().some(({ path }) => path === "/auth/logout")).toBe(false);
  expect((await useTool("log-out", there, { everybody: true })).sentence).toContain("logs in again");
  expect((await errorOf(() => useTool("who-am-i", there))).status).toBe(401);
});
