// Shopify products brought into the OMS's catalogue: made once, then brought up to date.
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { products as productKind, variants as variantKind } from "#app/vendors/oms/catalogue.ts";
import { toProductBody, toVariantBody } from "#app/vendors/oms/shopify-products.ts";
import { uuidOf, variantUuid } from "#app/vendors/oms/uuid.ts";
import { failing, standIn } from "./stand-in.ts";
import { aProduct, aVariant, useTool, type Memory } from "./tool.ts";

const input = { category_id: 1, team_id: 5, country_id: 1, weight: "grams", default_dpi: 300 };
let memory: Memory;

beforeEach(async () => {
  memory = new Map();
  await useTool("create-category", { input: { name: "Prints" } });
});

const bring = (...products: ReturnType<typeof aProduct>[]) =>
  useTool("bring-products", { input, products: products.length > 0 ? products : [aProduct()] }, memory);

const posts = (path: string) =>
  standIn.requests().filter((one) => one.method === "POST" && one.path === `/api/v1/${path}`);

describe("bringing", () => {
  test("a product and its variants are made, each variant with the UUID that is always its own", async () => {
    const result = await bring();

    const [first, second] = [await variantUuid("9001"), await variantUuid("9002")];
    expect(result.sentence).toBe("3 of 3 products and variants are in the OMS.");
    expect(result.table?.rows).toEqual([
      ["Classic  White T-Shirt", "", "1", "", "Made"],
      ["Classic  White T-Shirt", "Large", "1", first, "Made"],
      ["Classic  White T-Shirt", "Small", "2", second, "Made"],
    ]);
    expect(posts("products")[0]?.body).toEqual({
      category_id: 1,
      name: "Classic White T-Shirt",
      code: "classic-white",
      order_column: 1,
      active: true,
      description: "Soft & white.\n\n100% cotton",
      default_dpi: 300,
      team_id: 5,
    });
    expect(posts("product-variants")[0]?.body).toEqual({
      uuid: first,
      name: "Classic White T-Shirt - Large",
      product_id: 1,
      weight: 200,
      country_id: 1,
      default_dpi: 300,
      ecommerce_tags: "tshirt,white large",
    });
  });

  test("brought again, nothing is made and everything is brought up to date", async () => {
    await bring();

    const result = await bring(aProduct({ title: "Premium", status: "draft" }));

    expect(result.table?.rows.map((row) => row[4])).toEqual(Array(3).fill("Brought up to date"));
    expect([posts("products").length, posts("product-variants").length]).toEqual([1, 2]);
    const facts = (await useTool("read-product", { input: { id: "1" } })).facts;
    expect(facts).toContainEqual(["Name", "Premium"]);
    expect(facts).toContainEqual(["Active", "false"]);
    const put = standIn.requests().find(({ method }) => method === "PUT");
    expect(put?.body).not.toHaveProperty("order_column");
  });

  test("what was deleted in the OMS is made again", async () => {
    await bring();
    await useTool("delete-variant", { input: { id: "2" } });

    const result = await bring();

    expect(result.table?.rows[2]).toEqual([
      "Classic  White T-Shirt",
      "Small",
      "3",
      await variantUuid("9002"),
      "Made again, because it was not in the OMS any more",
    ]);
  });

  test("a product the OMS refuses does not stop the next one", async () => {
    const odd = aProduct({ id: "8000", title: " ", handle: "nameless", variants: [] });

    const result = await bring(odd, aProduct());

    expect(result.sentence).toBe("3 of 4 products and variants are in the OMS.");
    expect(result.table?.rows[0]?.[4]).toBe(
      "Product nameless has no title. Give it one in Shopify and bring it again.",
    );
  });

  test("without a product nothing is sent, and a wrong token stops it all", async () => {
    const none = useTool("bring-products", { input });
    expect((await failing(none)).message).toBe("Choose at least one product.");
    standIn.fault({ on: "POST /api/v1/products", kind: "revoked-key" });

    expect((await failing(bring())).problem).toBe("connection");
    standIn.clearFaults();
    expect((await bring()).sentence).toBe("3 of 3 products and variants are in the OMS.");
  });
});

describe("after a lost answer", () => {
  const loseProduct = async () => {
    standIn.fault({ on: "POST /api/v1/products", kind: "reset-after" });
    return bring(aProduct(), aProduct({ id: "8002", title: "Other" }));
  };

  test("the product is not made again blindly, and the rest is not tried", async () => {
    const lost = await loseProduct();
    const later = await bring();

    expect(lost.table?.rows.map((row) => row[4])).toEqual([
      expect.stringContaining("it may or may not exist"),
      "Not tried",
    ]);
    expect(lost.warnings?.[0]).toContain("Bring the products again later");
    expect(later.table?.rows).toEqual([
      ["Classic  White T-Shirt", "", "", "", expect.stringContaining("(code classic-white)")],
    ]);
    expect(posts("products")).toHaveLength(1);
  });

  test("a person says which one it is, and it goes on from there", async () => {
    await loseProduct();

    const said = await useTool("name-product", { input: { id: "1" }, products: [aProduct()] }, memory);
    const result = await bring();

    expect(said.sentence).toBe(
      '"Classic  White T-Shirt" is number 1 in the OMS, where it is called "Classic White T-Shirt".',
    );
    expect(result.table?.rows.map((row) => row[4])).toEqual(["Brought up to date", "Made", "Made"]);
  });

  test("or that it is not there, and it is made", async () => {
    standIn.fault({ on: "POST /api/v1/products", kind: "error-not-done" });
    await bring();

    await useTool("name-product", { products: [aProduct()] }, memory);

    expect((await bring()).table?.rows[0]?.slice(2)).toEqual(["1", "", "Made"]);
  });

  test("a number the OMS does not have is not kept, and a strange variant is warned of", async () => {
    await bring(aProduct({ variants: [aVariant()] }));
    const name = (variant: string, id: string) =>
      useTool("name-product", { input: { variant, id }, products: [aProduct()] }, memory);

    expect((await failing(name("large", "77"))).message).toBe("The OMS has no variant 77.");
    expect((await failing(name("Huge", "1"))).message).toContain('Its variants are "Large", "Small".');
    expect((await name("Large", "1")).warnings).toBeUndefined();
    expect((await name("Small", "1")).warnings?.[0]).toContain("Make sure that it is the right one.");
  });

  test("a variant that was lost is named with its UUID", async () => {
    standIn.fault({ on: "POST /api/v1/product-variants", kind: "error-done" });

    const lost = await bring();

    expect(lost.table?.rows).toHaveLength(2);
    expect(lost.table?.rows[1]?.[4]).toContain(`(UUID ${await variantUuid("9001")})`);
  });
});

describe("the mapping", () => {
  test("a UUID is that of the standard, and differs from variant to variant", async () => {
    expect(await uuidOf("https://example.com/")).toBe("dd2c1780-811a-5296-81c5-178a0ef488bc");
    const ids = await Promise.all(Array.from({ length: 200 }, (_, at) => variantUuid(String(at))));
    expect(new Set(ids).size).toBe(200);
    for (const id of ids)
      expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });

  const choices = {
    category_id: 1,
    team_id: 5,
    country_id: 1,
    order_column: 1,
    weight: "grams",
    description: true,
  };

  test.each([
    ["<p>One</p>\n<ul><li>Two &lt;3</li></ul>", "One\n\n- Two <3"],
    ["<style>p{}</style><br/>&nbsp;&bogus;", "&bogus;"],
    ["One<script>two", "One"],
    ["<p> </p>", undefined],
    ["", undefined],
  ])("a description is sent as text (%j)", (descriptionHtml, text) => {
    expect(toProductBody(aProduct({ descriptionHtml }), choices).description).toBe(text);
  });

  test("any product becomes what the OMS takes, or a sentence", () => {
    const text = fc.string({ unit: "binary", maxLength: 40 });
    fc.assert(
      fc.property(
        fc.record({ title: text, handle: text, descriptionHtml: text, tags: fc.array(text) }),
        fc.record({ title: text, weight: fc.option(fc.double({ min: 0, max: 1e9 }), { nil: undefined }) }),
        (facts, own) => {
          const variant = aVariant(own);
          const product = aProduct({ ...facts, title: `T${facts.title}`, variants: [variant] });
          const uuid = "886313e1-3b8a-5372-9b90-0c9aee199e5d";
          const bodies = [
            productKind.create.parse(toProductBody(product, choices)),
            variantKind.create.parse(toVariantBody(variant, { product, productId: 1, uuid }, choices)),
          ];
          expect(JSON.parse(JSON.stringify(bodies))).toEqual(bodies);
        },
      ),
    );
  });
});
