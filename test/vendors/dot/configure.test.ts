// Choosing a kit step by step: whatever is chosen, the SKU is one that MGE lists for the account.
import fc from "fast-check";
import { expect, test } from "vitest";
import { variants, type Variant } from "#app/vendors/dot/catalogue.ts";
import { choose } from "#app/vendors/dot/configure.ts";
import { dot } from "#app/vendors/dot/index.ts";
import { settings as fields, type Settings } from "#app/vendors/dot/settings.ts";
import { fieldsSchema } from "#app/vendors/fields.ts";
import { dotVariants } from "#sandbox/vendors/dot-catalogue.ts";
import { sku, world } from "./world.ts";

const kits: Variant[] = dotVariants.map((row) => ({
  sku: row.code,
  label: row.code,
  family: row.product_type,
  size: row.size,
  sizeLabel: row.size_display,
  frame: row.frame,
  frameLabel: row.frame_display,
  color: row.color,
  speed: row.manufacturing,
  price: row.unit_price,
}));

const values = (product: Record<string, unknown>, field: string) =>
  choose(product, kits).choices[field]?.map(({ value }) => value);

test("each choice narrows the others and the list of SKUs", async () => {
  const mge = await world();
  const made = await dot.configure?.({ size: "40X50", frame: "W" }, mge.settings, mge.calls());

  expect(made?.choices["sku"]).toHaveLength(4);
  expect(made?.choices["color"]).toEqual([
    { value: "BLACK", label: "black" },
    { value: "WHITE", label: "white" },
  ]);
  expect(made?.choices["size"]?.[0]).toEqual({ value: "30X40", label: "30 × 40 cm" });
  expect(made?.problems).toEqual({ sku: "Choose one of the 4 kits that fit." });
});

test("the last kit that fits is filled in, with what MGE charges for it", () => {
  const made = choose({ size: "40X50", frame: "W", color: "BLACK", speed: "STD" }, kits);

  expect(made.product["sku"]).toBe(sku);
  expect(made.facts).toContainEqual(["MGE charges you", "EUR 30.90"]);
  expect(made.problems).toEqual({});
});

test("another size keeps frame, colour and speed of the kit that was chosen", () => {
  expect(choose({ sku, size: "50X70" }, kits).product["sku"]).toBe("DOT/VF/50X70/W/BLACK/STD");
});

test("a SKU by hand is left alone, and said to be unknown when MGE does not list it", () => {
  expect(choose({ sku }, kits)).toMatchObject({ product: { sku }, problems: {} });
  const strange = choose({ sku: "DOT/VF/41X51/W/BLACK/STD" }, kits);

  expect(strange.product["sku"]).toBe("DOT/VF/41X51/W/BLACK/STD");
  expect(strange.problems["sku"]).toContain("does not list");
  expect(choose({}, kits).problems).toEqual({});
});

test("a choice without any kit is said to be one, and can be taken back", () => {
  const made = choose({ size: "30X40", color: "NONE", frame: "W" }, kits);

  expect(made.problems[""]).toContain("no kit like this");
  expect(made.product["sku"]).toBe("");
  expect(values({ size: "30X40", color: "NONE", frame: "W" }, "frame")).toEqual(["WO"]);
});

test("M9 whatever is chosen, no SKU is ever put together", () => {
  const known = new Set(kits.map((kit) => kit.sku));
  const some = (pick: (kit: Variant) => string) => fc.constantFrom("", ...kits.map(pick), "X");
  const product = fc.record({
    sku: some((kit) => kit.sku.toLowerCase()),
    family: some((kit) => kit.family),
    size: some((kit) => kit.size),
    frame: some((kit) => kit.frame),
    color: some((kit) => kit.color),
    speed: some((kit) => kit.speed),
  });
  fc.assert(
    fc.property(product, (wanted) => {
      const filled = choose(wanted, kits).product["sku"];
      if (filled === "" || filled === wanted.sku) return;
      expect(known).toContain(filled);
    }),
  );
});

test("a pick from the list wins over what was narrowed before", async () => {
  const mge = await world();
  const picks = (await dot.products?.(mge.settings, "50x70 white std", mge.calls())) ?? [];
  const product = { size: "40X50", frame: "WO", ...picks[0]?.config };

  expect(choose(product, kits)).toMatchObject({ product: { sku: "DOT/VF/50X70/W/WHITE/STD" }, problems: {} });
});

test("the list of kits is read page by page, on MGE's own host only", async () => {
  const mge = await world();
  const settings = fieldsSchema(fields).parse(mge.settings) as Settings;
  const found = await variants({ settings, asking: mge.calls() });

  expect(found.map((kit) => kit.sku)).toEqual(dotVariants.map(({ code }) => code));
  expect(found[0]).toMatchObject({ family: "VF", size: "30X40", frame: "W", color: "BLACK", speed: "STD" });
});
