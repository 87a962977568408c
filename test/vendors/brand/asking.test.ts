// What is asked of dotcph besides pushing: the key, the list for the dry run, and taking products out.
import { describe, expect, test } from "vitest";
import { brand } from "#app/vendors/brand/index.ts";
import { fieldsSchema, maskValues } from "#app/vendors/fields.ts";
import { apiKey, catalogue, failing, itemOf, namedItem, settings, twoVariants } from "./support.ts";
import { calls, mine, publish, standAgain, standIn } from "./world.ts";

const withdraw = (sku: string, wire?: Parameters<typeof calls>[1]) =>
  catalogue().withdraw(sku, mine(), calls({}, wire));
const answering = (status: number, body: string) => async () => ({
  status,
  headers: {},
  bytes: new TextEncoder().encode(body),
});

describe("the connection", () => {
  test("says whose key it is", async () => {
    expect(await brand.test(mine(), calls())).toBe("Connected as Demo Brand.");
  });

  test("says that pictures go as links while the agency has no storage for them", async () => {
    standIn.setStorage(false);

    expect(await brand.test(mine({ pictures: "upload" }), calls())).toContain("pictures are sent as links");
  });

  test("C15 is not made without a complete wholesale rule, and nothing is asked", async () => {
    const error = await failing(brand.test(mine({ wholesaleRule: "list" }), calls()));

    expect(error).toMatchObject({
      problem: "connection",
      message: expect.stringContaining("the price list is empty"),
    });
    expect(standIn.requests()).toEqual([]);
  });

  test("C16 a revoked key pauses the connection", async () => {
    standIn.fault({ kind: "revoked-key" });

    const error = await failing(brand.test(mine(), calls()));

    expect(error).toMatchObject({ problem: "connection", status: 401 });
    expect(error.message).toBe(
      "dotcph does not accept the key: This key was revoked. Enter a valid one on the Vendors page.",
    );
  });

  test("C16 a key without its colon is an error in the form", () => {
    for (const wrong of ["bk_abc123", ":secret", "bk_abc123:", "bk abc:secret"]) {
      const parsed = fieldsSchema(brand.settings).safeParse(settings({ apiKey: wrong }));
      expect(parsed.error?.issues[0]?.message, wrong).toContain("two parts with a colon between them");
    }
    expect(fieldsSchema(brand.settings).safeParse(settings({ apiKey: "bk_a:x:y" })).success).toBe(true);
  });

  test("C16 a key is shown by its beginning only, and two shops with one key are one account", () => {
    const shown = String(maskValues(brand.settings, { apiKey })["apiKey"]);

    expect(shown).toBe("bk_abc…:•••");
    expect(brand.accountKey?.(settings())).toBe("dotcph.com bk_abc123");
  });

  test.each([
    ["https://dotcph.com", "https://dotcph.com/api/v1/health"],
    ["https://dotcph.com/api/v1/", "https://dotcph.com/api/v1/health"],
    ["https://agency.example.com/dotcph", "https://agency.example.com/dotcph/api/v1/health"],
  ])("%s is asked at %s", async (baseUrl, asked) => {
    const seen: string[] = [];
    const wire = async ({ url }: { url: string }) => {
      seen.push(url);
      return answering(200, '{"status":"ok"}')();
    };

    expect(await brand.test(settings({ baseUrl }), calls({}, wire))).toBe("Connected as your brand.");
    expect(seen).toEqual([asked]);
  });

  test.each([
    [404, "<html>"],
    [200, '{"status":"down"}'],
    [301, ""],
  ])("an address that answers %i with %s is not dotcph", async (status, body) => {
    expect((await failing(brand.test(mine(), calls({}, answering(status, body))))).problem).toBe(
      "connection",
    );
  });
});

describe("the list for the dry run", () => {
  test("says of a published product what its item says, in the same words", async () => {
    const item = itemOf(
      {
        images: [{ url: "https://cdn.example.com/a.jpg" }],
        variants: twoVariants.map((variant, at) => ({
          ...variant,
          price: { minor: 120_000 + at, currency: "DKK" },
        })),
        tags: ["b", "a"],
      },
      { leadTimeDays: 28 },
    );
    await publish([item]);

    const [listed] = await catalogue().list(mine(), calls());

    expect(listed).toEqual({
      key: "FIBER-CHAIR-001",
      isActive: true,
      content: catalogue().contentOf(item),
    });
    expect(listed?.content["Variants"]).toBe(
      "-BLK-OAK: Black / Oak Black Oak\n-WHT-ASH: White / Ash White Ash 1200.01 600.01",
    );
  });

  test("reads what dotcph may add or write in another way, and skips what has no SKU", async () => {
    const body = {
      count: 3,
      products: [
        {
          sku: "A",
          name: "A",
          purchase_price: "600.00",
          selling_price: 1200,
          is_active: false,
          brand_new: 1,
          metadata: null,
        },
        { name: "without a SKU" },
        { sku: "B", variants: null, images: null, is_active: "?" },
      ],
    };

    const listed = await catalogue().list(mine(), calls({}, answering(200, JSON.stringify(body))));

    expect(listed.map(({ key, isActive }) => [key, isActive])).toEqual([
      ["A", false],
      ["B", true],
    ]);
    expect(listed[0]?.content).toMatchObject({ "Wholesale price": "600.00", "Further facts": "{}" });
  });

  test("pictures are not compared when they are not sent", async () => {
    expect(catalogue().contentOf(itemOf({}, { pictures: "none" }))).not.toHaveProperty("Pictures");
  });

  test("holds ten thousand products", async () => {
    for (let from = 0; from < 10_000; from += 100)
      await publish(Array.from({ length: 100 }, (_, n) => namedItem(`CHAIR-${from + n}`)));

    expect(await catalogue().list(mine(), calls())).toHaveLength(10_000);
    expect(standIn.history()).toHaveLength(10_000);
  });
});

describe("taking a product out", () => {
  test("makes it inactive, and pushing it again brings it back", async () => {
    await publish([namedItem("CHAIR-1")]);
    const active = () => (standIn.ledger()[0]?.body as { is_active: boolean }).is_active;

    expect(await withdraw("CHAIR-1")).toBe("CHAIR-1 was taken out of your catalogue at dotcph.");
    expect(active()).toBe(false);
    await withdraw("CHAIR-1");
    await publish([namedItem("CHAIR-1")]);
    expect(active()).toBe(true);
  });

  test("C11 one that is not there is done", async () => {
    expect(await withdraw("CHAIR-1")).toBe("dotcph does not have CHAIR-1, so there was nothing to take out.");
  });

  test("a page of HTML is not believed to be dotcph's word", async () => {
    expect((await failing(withdraw("CHAIR-1", answering(404, "<html>")))).problem).toBe("connection");
  });

  test("C12 a slash travels as %2F", async () => {
    await publish([namedItem("DOT/VF/40X50")]);

    expect(await withdraw("DOT/VF/40X50")).toContain("was taken out");
    expect(standIn.requests().at(-1)).toMatchObject({
      method: "DELETE",
      path: "/api/v1/products/DOT%2FVF%2F40X50",
      status: 200,
    });
  });

  test("C12 where a slash finds no way, a product that is still shown is told to a person", async () => {
    await standAgain({ decodesSlashes: true });
    await publish([namedItem("DOT/VF/40X50")]);

    const error = await failing(withdraw("DOT/VF/40X50"));

    expect(error.problem).toBe("rejected");
    expect(error.message).toContain("is still in your catalogue. Ask your agency to take it out.");
    expect(await withdraw("DOT/VF/OTHER")).toContain("there was nothing to take out");
  });

  test("a SKU of dots asks nothing of another address", async () => {
    expect((await failing(withdraw(".."))).problem).toBe("rejected");
    expect(standIn.requests()).toEqual([]);
  });
});

test("C20 no order line can go there: it has no orders, nothing to map, and says that it is a catalogue only", () => {
  expect(brand.orders).toBeUndefined();
  expect(brand.products).toBeUndefined();
  expect(brand.product).toEqual([]);
  expect(brand.summary).toContain("Catalogue only");
});
