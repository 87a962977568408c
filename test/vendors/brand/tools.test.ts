// What a merchant asks dotcph by hand.
import { expect, test } from "vitest";
import { aProduct, failing, itemOf, namedItem, onlyVariant, twoVariants } from "./support.ts";
import { publish, runTool, standAgain, standIn } from "./world.ts";

test("the health check names the brand and warns when pictures cannot be stored", async () => {
  standIn.setStorage(false);

  expect(await runTool("health", {}, { settings: { pictures: "upload" } })).toMatchObject({
    sentence: "dotcph answers and knows the key of Demo Brand.",
    facts: [
      ["Brand", "Demo Brand"],
      ["Picture storage", "not set up by the agency"],
    ],
    warnings: [expect.stringContaining("sent as links")],
  });
});

test("the list has every product, is searched by name and SKU, and comes as a file that no spreadsheet runs", async () => {
  await publish([namedItem("CHAIR-1"), namedItem("SOFA-1", { title: "=Sofa, grey" })]);
  await runTool("deactivate", { sku: "CHAIR-1" });

  const all = await runTool("products");
  const active = await runTool("products", { inactive: false });
  const none = await runTool("products", { search: "lamp" });

  expect(all.sentence).toBe("dotcph has 2 products, 1 of them active.");
  expect(all.table?.rows).toEqual([
    ["CHAIR-1", "Chair CHAIR-1", "2400.00", "1200.00", 0, 0, "no", "yes"],
    ["SOFA-1", "=Sofa, grey", "2400.00", "1200.00", 0, 0, "yes", "yes"],
  ]);
  expect(new TextDecoder().decode(all.file?.bytes)).toContain(`SOFA-1,"'=Sofa, grey",2400.00`);
  expect(active.table?.rows).toHaveLength(1);
  expect(none).toEqual({ sentence: "dotcph has 2 products, 1 of them active. None of them fits." });
});

test("a long list shows the first 250 and has all of them in its file", async () => {
  for (const from of [0, 100, 200])
    await publish(Array.from({ length: 100 }, (_, n) => namedItem(`CHAIR-${from + n}`)));

  const all = await runTool("products");

  expect(all.table?.rows).toHaveLength(250);
  expect(all.warnings).toEqual(["The first 250 are shown; the file has all 300."]);
  expect(new TextDecoder().decode(all.file?.bytes).trim().split("\r\n")).toHaveLength(301);
});

test("a product is looked up with its variants, also where its slash finds no way", async () => {
  await standAgain({ decodesSlashes: true });
  await publish([
    itemOf({ variants: twoVariants, images: [{ url: "https://cdn.example.com/a.jpg" }] }),
    namedItem("DOT/1"),
  ]);

  const chair = await runTool("product", { sku: " FIBER-CHAIR-001 " });

  expect(chair).toMatchObject({
    sentence: "Fiber Armchair is active at dotcph.",
    image: "https://cdn.example.com/a.jpg",
  });
  expect(chair.table?.rows[0]).toEqual([
    "FIBER-CHAIR-001-BLK-OAK",
    "Black / Oak",
    "",
    "Black",
    "Oak",
    "as the product",
    "as the product",
    "yes",
  ]);
  expect((await runTool("product", { sku: "DOT/1" })).sentence).toBe("Chair DOT/1 is active at dotcph.");
  expect(await runTool("product", { sku: "NONE" })).toEqual({ sentence: "dotcph does not have NONE." });
  expect((await failing(runTool("product", {}))).message).toContain("Product SKU is missing.");
});

test("a preview says what would be sent and what would be held, and asks nothing", async () => {
  const held = aProduct({ id: "2", variants: [onlyVariant({ price: undefined })] });

  const shown = await runTool("preview", {}, { products: [aProduct({ variants: twoVariants }), held] });

  expect(shown.sentence).toBe("1 of 2 products can be sent.");
  expect(shown.warnings).toEqual([expect.stringContaining("has no price")]);
  expect(shown.table?.rows).toEqual([
    ["FIBER-CHAIR-001", "Fiber Armchair", "2400.00", "1200.00", "-BLK-OAK, -WHT-ASH", 0],
  ]);
  expect(JSON.parse(new TextDecoder().decode(shown.file?.bytes))).toMatchObject({
    products: [{ sku: "FIBER-CHAIR-001", selling_price: 2400 }],
  });
  expect(standIn.requests()).toEqual([]);
  expect((await failing(runTool("preview"))).message).toBe("Choose at least one product.");
});
