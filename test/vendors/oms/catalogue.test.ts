// The catalogue of the OMS by hand: categories, products and variants are made, read, changed and deleted.
import { describe, expect, test } from "vitest";
import { oms } from "#app/vendors/oms/index.ts";
import { failing, standIn } from "./stand-in.ts";
import { useTool, type Memory } from "./tool.ts";

const shirt = { name: "Classic", category_id: 1, team_id: 5, order_column: 1, active: true };
const large = { name: "Classic - Large", product_id: 1, country_id: 1, weight: 200 };
const created: [noun: string, input: Record<string, unknown>, change: Record<string, unknown>][] = [
  ["category", { name: "Prints", default_dpi: 600 }, { description: "All prints" }],
  ["product", shirt, { active: "false", default_dpi: 600 }],
  ["variant", large, { weight: 220 }],
];

/** Makes one of everything; each is number 1. */
async function everything(): Promise<void> {
  for (const [noun, input] of created) await useTool(`create-${noun}`, { input });
}

describe.each(created)("a %s", (noun, input, change) => {
  test("is made, read, changed and deleted", async () => {
    await everything();

    const there = await useTool(`read-${noun}`, { input: { id: "1" } });
    const changed = await useTool(`update-${noun}`, { input: { id: "1", ...change } });
    const gone = await useTool(`delete-${noun}`, { input: { id: "1" } });
    const after = await useTool(`read-${noun}`, { input: { id: "1" } });
    const twice = await useTool(`delete-${noun}`, { input: { id: "1" } });

    expect(there.facts).toContainEqual(["Name", input["name"]]);
    for (const [key, value] of Object.entries(change))
      expect(changed.facts).toContainEqual([
        `${key.charAt(0).toUpperCase()}${key.slice(1).replaceAll("_", " ")}`,
        String(value),
      ]);
    expect(changed.facts).toContainEqual(["Name", input["name"]]);
    expect(gone.sentence).toMatch(/ 1 is deleted in the OMS\.$/);
    expect(after.sentence).toBe(`The OMS has no ${noun} 1.`);
    expect(twice.sentence).toBe(`The OMS has no ${noun} 1.`);
  });

  test("is not made twice by accident, only when the merchant says so", async () => {
    await everything();
    const memory: Memory = new Map();
    await useTool(`create-${noun}`, { input }, memory);

    const error = await failing(useTool(`create-${noun}`, { input }, memory));
    const again = await useTool(`create-${noun}`, { input: { ...input, again: true } }, memory);

    expect(error.message).toContain("was made here before, with the ID 2");
    expect(again.sentence).toContain("with the ID 3");
  });

  test("whose answer was lost is not made again blindly", async () => {
    await everything();
    const memory: Memory = new Map();
    standIn.fault({ on: `POST /api/v1/${pathOf(noun)}`, kind: "truncated" });

    const lost = await failing(useTool(`create-${noun}`, { input }, memory));
    const later = await failing(useTool(`create-${noun}`, { input }, memory));

    expect(lost.problem).toBe("unsure");
    expect(later.message).toContain("Look for it in the OMS; make it again only when it is not there.");
    expect((await useTool(`read-${noun}`, { input: { id: "3" } })).sentence).toBe(
      `The OMS has no ${noun} 3.`,
    );
  });

  test("that is clearly refused may be made later", async () => {
    await everything();
    const memory: Memory = new Map();
    standIn.fault({ on: `POST /api/v1/${pathOf(noun)}`, kind: "too-many" });

    expect((await failing(useTool(`create-${noun}`, { input }, memory))).problem).toBe("retry");
    expect((await useTool(`create-${noun}`, { input }, memory)).sentence).toContain("with the ID 2");
  });
});

function pathOf(noun: string): string {
  return noun === "product" ? "products" : noun === "variant" ? "product-variants" : "product-categories";
}

test("the words of the OMS are shown when it refuses", async () => {
  const error = await failing(useTool("create-product", { input: shirt }));

  expect(error).toMatchObject({ problem: "rejected", message: expect.stringContaining("category_id") });
});

test("a change without anything filled in is no change", async () => {
  await everything();

  const error = await failing(useTool("update-product", { input: { id: "1" } }));

  expect(error.message).toBe("Nothing is filled in, so nothing is changed.");
  expect(standIn.requests().some(({ method }) => method === "PUT")).toBe(false);
});

test("every tool has an address of its own, says what it does, and asks before it changes something", () => {
  const ids = oms.tools.map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const tool of oms.tools) {
    expect(tool.id).toMatch(/^[a-z]+(-[a-z]+)*$/);
    expect(tool.help).toMatch(/^[A-Z].*\.$/);
    expect(new Set(tool.fields.map(({ key }) => key)).size).toBe(tool.fields.length);
    const reads = /^(read|look|print)-/.test(tool.id);
    expect(tool.confirm === undefined, tool.id).toBe(reads);
  }
});
