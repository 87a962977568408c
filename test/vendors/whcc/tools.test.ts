// WHCC's tools as the admin runs them, against the stand-in.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { whcc } from "#app/vendors/whcc/index.ts";
import { signatureOf } from "#sandbox/vendors/whcc.ts";
import { anAttempt, failing, startThere, useTool, type There } from "./support.ts";

let there: There;
beforeAll(async () => {
  there = await startThere();
});
afterAll(() => there.stop());
beforeEach(() => there.standIn.reset());

describe("lists", () => {
  test("products and designs can be searched, and their IDs read off", async () => {
    const all = await useTool(there, "products");
    expect(all.sentence).toBe("3 products.");
    expect(all.table?.rows).toContainEqual(["Album", "Albums", "albumEditor", "zqRtQT4NeWnoa9JPq"]);
    expect((await useTool(there, "products", { input: { search: "album" } })).sentence).toBe("One product.");
    expect((await useTool(there, "products", { input: { search: "mug" } })).sentence).toBe(
      "No product fits “mug”.",
    );
    expect((await useTool(there, "designs")).table?.rows).toContainEqual([
      "photo print",
      "plain",
      "Photo Print",
      "ztRMDiHup8ooFhxLr",
    ]);
  });

  test("order attributes say which one they go together with", async () => {
    const { table } = await useTool(there, "order-attributes", { input: { search: "553" } });

    expect(table?.rows).toContainEqual([
      553,
      "USA - Drop Ship",
      "Drop Ship Shipping Options",
      "548 Drop Ship to Client, with packaging",
    ]);
    expect((await useTool(there, "order-attributes", { input: { search: "mug" } })).sentence).toContain(
      "No order",
    );
  });

  test("product numbers are those that an export names", async () => {
    const { table } = await useTool(there, "product-numbers", { input: { search: "10x10" } });

    expect(table?.rows).toContainEqual([186, "Gatorboard Block 10x10", "Partner Photo Fulfillment"]);
  });

  test("the pick-list brings product numbers where the keys for them are there", async () => {
    const { mine, calls } = anAttempt(there);

    const rows = (await whcc.products?.(mine, "album", calls)) ?? [];
    expect(rows.map(({ config }) => config)).toEqual([
      { productUids: "426" },
      { editorProductId: "zqRtQT4NeWnoa9JPq" },
    ]);
    expect(await whcc.products?.({ ...mine, consumerKey: undefined }, "album", calls)).toHaveLength(1);
  });
});

describe("single designs", () => {
  const start = {
    accountId: "new-shopper",
    productId: "hRk3mVtPnWc6XyZaQ",
    designId: "ztRMDiHup8ooFhxLr",
    completeUrl: "https://shop.example.com/return?editor=%EDITOR_ID%",
    cancelUrl: "https://shop.example.com/back",
  };
  const factOf = (result: { facts?: (readonly [string, string])[] }, label: string): string =>
    result.facts?.find(([name]) => name === label)?.[1] ?? "";

  test("a design is started for a shopper, opened again and looked at, and its account is remembered", async () => {
    const memory = new Map<string, string>();
    const photos = [{ url: "https://cdn.example.com/a.png", name: "Beach", width: 3600, height: 2401 }];
    const input = {
      ...start,
      quantity: 3,
      accentColor: "#ff0000",
      markupPercent: 30,
      hidePricing: false,
      photos,
    };

    const started = await useTool(there, "start-design", { input, memory });

    const editorId = factOf(started, "Editor ID");
    expect(started.table?.rows[0]).toEqual([
      { text: "Open the editor", href: expect.stringContaining(`/editor/${editorId}?token=`) },
    ]);
    expect(there.standIn.requests().find(({ path }) => path.endsWith("/editors"))?.body).toMatchObject({
      userId: "new-shopper",
      settings: { quantity: { default: 3 }, client: { markupType: "PERCENT", markupAmount: 30 } },
      photos: [
        { id: "1", name: "Beach", filetype: "png", size: { original: { width: 3600, height: 2401 } } },
      ],
    });
    const again = await useTool(there, "open-design", { input: { editorId }, memory });
    expect(again.table?.rows[0]).not.toEqual(started.table?.rows[0]);
    const read = await useTool(there, "read-design", { input: { editorId }, memory });
    expect(factOf(read, "Account ID")).toBe("new-shopper");
    expect(read.table?.rows).toEqual([
      ["Beach", { text: "https://cdn.example.com/a.png", href: "https://cdn.example.com/a.png" }],
    ]);
    expect(
      (await failing(useTool(there, "look-at-design", { input: { editorId }, memory }))).message,
    ).toContain("not complete");
  });

  test("a finished design shows its product number, choices and price before any order", async () => {
    const input = { editorId: "demoPhotoBlock", accountId: "demo-shopper" };

    const { facts, image } = await useTool(there, "look-at-design", { input });

    expect(facts).toEqual([
      ["Product number", "186"],
      ["Choices", "10×10, Lustre Photo Matte surface, ¾″ Gatorboard Block, ⅜″ depth"],
      ["Price of one piece", "USD 34.25, without shipping"],
    ]);
    expect(image).toContain("-512.jpg");
    expect(there.standIn.ledger()).toHaveLength(0);
  });

  test("a copy is another design of the same account", async () => {
    const memory = new Map<string, string>();
    const input = { editorId: "demoPhotoBlock", accountId: "demo-shopper" };

    const editorId = factOf(await useTool(there, "copy-design", { input, memory }), "Editor ID of the copy");

    expect(editorId).not.toBe("demoPhotoBlock");
    expect((await useTool(there, "look-at-design", { input: { editorId }, memory })).facts?.[0]?.[1]).toBe(
      "186",
    );
  });

  test("after a lost answer the merchant is told before a second design is made", async () => {
    const memory = new Map<string, string>();
    there.standIn.fault({ on: "POST /api/v1/editors", kind: "reset-after" });
    await failing(useTool(there, "start-design", { input: start, memory }));
    const made = (): number =>
      there.standIn.requests().filter(({ path }) => path.endsWith("/editors")).length;

    const told = await useTool(there, "start-design", { input: start, memory });

    expect(told.sentence).toContain("there may be a design that nobody knows of");
    expect(made()).toBe(1);
    await useTool(there, "start-design", { input: start, memory });
    expect(made()).toBe(2);
  });

  test("a clear refusal leaves nothing open", async () => {
    const memory = new Map<string, string>();
    const wrong = { ...start, designId: "nothing" };

    const error = await failing(useTool(there, "start-design", { input: wrong, memory }));

    expect(error.message).toContain("No design of this product");
    expect([...memory.values()]).toEqual([""]);
  });

  test("without an account nobody can say whose design it is", async () => {
    const error = await failing(useTool(there, "open-design", { input: { editorId: "demoPhotoBlock" } }));

    expect(error.message).toContain("Say for which account");
  });
});

test("WHCC is asked whether it signed a message", async () => {
  const body = '{"Event":"Shipped"}';
  const signature = signatureOf(body, { secret: "whcc_secret", seconds: 1_790_000_000 });
  const ask = (text: string) => useTool(there, "check-callback", { input: { body: text, signature } });

  expect((await ask(body)).sentence).toBe("WHCC says that it signed this message.");
  expect((await ask("{}")).sentence).toBe("WHCC says that it did not sign this message.");
});
