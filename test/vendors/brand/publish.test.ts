// Pushing products to dotcph: every product is answered for, one bad one does not hold the others back, and doing it
// twice is harmless.
import { describe, expect, test } from "vitest";
import { aVariant, catalogue, failing, itemOf, namedItem, twoVariants } from "./support.ts";
import { bodies, calls, mine, publish, pushes, standAgain, standIn } from "./world.ts";

const many = (count: number) => Array.from({ length: count }, (_, n) => namedItem(`CHAIR-${n + 1}`));
const skus = () => standIn.ledger().map(({ reference }) => reference);

test("a product is created, then updated, and what dotcph calls it is kept", async () => {
  const [created] = await publish([namedItem("CHAIR-1")]);
  const [updated] = await publish([namedItem("CHAIR-1", { title: "Armchair" })], { notes: [created?.notes] });

  expect(created).toMatchObject({ sentence: "Created.", notes: { product: 1 } });
  expect(created).not.toHaveProperty("problem");
  expect(updated).toMatchObject({ sentence: "Updated." });
  expect(standIn.ledger()).toMatchObject([{ reference: "CHAIR-1", body: { name: "Armchair" } }]);
});

test("C6 a hundred products go in one request, in their order", async () => {
  expect(catalogue().batchSize).toBe(100);

  const answers = await publish(many(100));

  expect(answers.every(({ problem }) => problem === undefined)).toBe(true);
  expect(pushes()).toEqual([100]);
  expect(skus()).toEqual(many(100).map(({ product }) => product.sku));
});

test("very large products are sent in several requests", async () => {
  const description = "oak ".repeat(600_000);
  const items = many(7).map((item) => ({ ...item, product: { ...item.product, description } }));

  const answers = await publish(items);

  expect(answers.map(({ sentence }) => sentence)).toEqual(Array(7).fill("Created."));
  expect(pushes()).toEqual([3, 3, 1]);
});

describe("a product that dotcph refuses", () => {
  test("C8 is tried once more, then held with dotcph's words; the others are there", async () => {
    standIn.refuse("CHAIR-2", "name is reserved");

    const first = await publish(many(3));
    const again = await publish(many(3).slice(1, 2), { notes: [first[1]?.notes] });

    expect(first.map(({ problem }) => problem)).toEqual([undefined, "retry", undefined]);
    expect(again).toMatchObject([{ problem: "rejected", sentence: "dotcph: name is reserved" }]);
    expect(skus()).toEqual(["CHAIR-1", "CHAIR-3"]);

    standIn.accept();
    const healed = await publish(many(3).slice(1, 2), { notes: [again[0]?.notes] });
    expect(healed).toMatchObject([{ sentence: "Created.", notes: { refused: null } }]);
  });

  test("C8 is found also in an answer that says 200", async () => {
    await standAgain({ alwaysSays200: true });
    standIn.refuse("CHAIR-2", "name is reserved");

    const answers = await publish(many(2));

    expect(answers).toMatchObject([
      { sentence: "Created." },
      { problem: "retry", sentence: "dotcph: name is reserved" },
    ]);
  });

  test("is found by halves when it spoils the whole request", async () => {
    standIn.choke("CHAIR-37");

    const answers = await publish(many(100));

    expect(answers.map(({ problem }, at) => [at, problem]).filter(([, problem]) => problem)).toEqual([
      [36, "rejected"],
    ]);
    expect(answers[36]?.sentence).toBe("dotcph: Malformed request body.");
    expect(standIn.ledger()).toHaveLength(99);
    expect(pushes().length).toBeLessThanOrEqual(15);
  });

  test("and others like it take a bounded number of requests, each of which brings the batch further", async () => {
    let left = many(100);
    for (const { product } of left) standIn.choke(product.sku);

    const rounds: number[] = [];
    while (left.length > 0 && rounds.length < 20) {
      const before = pushes().length;
      const answers = await publish(left);
      rounds.push(pushes().length - before);
      expect(answers.every(({ problem }) => problem !== undefined)).toBe(true);
      left = left.filter((_, at) => answers[at]?.problem === "retry");
    }

    expect(left).toEqual([]);
    expect(Math.max(...rounds)).toBeLessThanOrEqual(40);
  });
});

describe("when dotcph is not well", () => {
  test("C22 an answer that is lost is no second product", async () => {
    standIn.fault({ on: "POST /api/v1/products", kind: "reset-after" });

    const error = await failing(publish([namedItem("CHAIR-1")]));
    const [again] = await publish([namedItem("CHAIR-1")]);

    expect(error.problem).toBe("retry");
    expect(again).toMatchObject({ sentence: "Updated." });
    expect(standIn.ledger()).toHaveLength(1);
  });

  test.each([
    ["too-many", "retry"],
    ["error-not-done", "retry"],
    ["html-502", "retry"],
    ["truncated", "retry"],
    ["revoked-key", "connection"],
  ] as const)("%s means %s", async (kind, problem) => {
    standIn.fault({ kind });

    expect((await failing(publish([namedItem("CHAIR-1")]))).problem).toBe(problem);
  });

  test("trouble after half of a batch leaves that half done", async () => {
    standIn.choke("CHAIR-4");
    standIn.fault({ on: "POST /api/v1/products", kind: "error-not-done", after: 2 });

    const answers = await publish(many(4));

    expect(answers.map(({ problem }) => problem)).toEqual([undefined, undefined, "retry", "retry"]);
    expect(answers[3]?.sentence).toBe("dotcph has trouble answering at the moment.");
  });

  test.each([
    ["names nobody", { processed: 2, errors: 0 }, [undefined, undefined]],
    ["names one of two", { results: [{ sku: "CHAIR-1", action: "created" }] }, [undefined, "retry"]],
    ["names only places", { errors: 1, error_details: [{ index: 1, error: "no" }] }, ["retry", "retry"]],
    [
      "is about others",
      { results: [{ sku: "X" }], error_details: [{ index: 0, sku: "X", error: "no" }] },
      ["retry", "retry"],
    ],
  ])("an answer that %s is believed as far as it goes", async (_what, body, problems) => {
    const wire = async () => ({
      status: 200,
      headers: {},
      bytes: new TextEncoder().encode(JSON.stringify(body)),
    });
    const items = many(2).map((item) => ({ item, notes: {} }));

    const answers = await catalogue().publish(items, mine(), calls({}, wire));

    expect(answers.map(({ problem }) => problem)).toEqual(problems);
  });

  test("an answer that is no answer is no success", async () => {
    const wire = async () => ({ status: 200, headers: {}, bytes: new TextEncoder().encode("[]") });
    const items = many(1).map((item) => ({ item, notes: {} }));

    expect((await failing(catalogue().publish(items, mine(), calls({}, wire)))).problem).toBe("retry");
  });
});

test("a variant that is no longer sent is named, because dotcph may go on showing it", async () => {
  const metafields = { "custom.sku": "FIBER-CHAIR-001" };
  const chosen = { skuRule: "metafield", skuMetafield: "custom.sku" };
  const both = itemOf({ variants: twoVariants, metafields }, chosen);
  const one = itemOf({ variants: [aVariant()], metafields }, chosen);

  const [first] = await publish([both]);
  const [second] = await publish([one], { notes: [first?.notes] });

  expect(second?.sentence).toBe("Updated. It no longer has -WHT-ASH; dotcph may go on showing it.");
  expect(standIn.ledger()[0]?.lines).toHaveLength(2);
});

test("a product that got another SKU is another product, and misses no variant", async () => {
  const [first] = await publish([itemOf({ variants: twoVariants })]);
  const [second] = await publish([itemOf({ variants: twoVariants }, { skuRule: "handle" })], {
    notes: [first?.notes],
  });

  expect(second?.sentence).toBe("Created.");
});

test("a slash in a SKU is told, and goes", async () => {
  const [answer] = await publish([namedItem("DOT/VF/40X50")]);

  expect(answer?.sentence).toMatch(/^Created\. Its SKU DOT\/VF\/40X50 has a slash/);
  expect(bodies()[0]?.products[0]).toMatchObject({ sku: "DOT/VF/40X50" });
});
