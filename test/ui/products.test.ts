// The products page tells before a sale what an order would run into.
import { expect, test } from "vitest";
import { nothingOpen, readProductView, variantName, variantStanding, type Choice } from "#app/ui/products.ts";

function aChoice(overrides: Partial<Choice> = {}): Choice {
  return { variantId: "1", sku: "KIT-1", label: "Main", isRemoved: false, isGone: false, ...overrides };
}

test("a chosen variant names who makes it", () => {
  expect(variantStanding({ id: "1" }, { choices: [aChoice()], matchBySku: false })).toEqual({
    badge: { label: "Made by Main", tone: "success" },
    isChosen: true,
  });
});

test("a variant with the same SKU is made too, but only when the shop matches by SKU", () => {
  const variant = { id: "2", sku: "KIT-1" };

  expect(variantStanding(variant, { choices: [aChoice()], matchBySku: true }).isChosen).toBe(true);
  expect(variantStanding(variant, { choices: [aChoice()], matchBySku: false }).badge.label).toBe(
    "Not chosen",
  );
  expect(
    variantStanding({ id: "2", sku: "kit-1" }, { choices: [aChoice()], matchBySku: true }).isChosen,
  ).toBe(false);
  expect(variantStanding({ id: "2" }, { choices: [aChoice({ sku: null })], matchBySku: true }).isChosen).toBe(
    false,
  );
});

test("a removed connection needs somebody, a deleted variant is history", () => {
  expect(
    variantStanding({ id: "1" }, { choices: [aChoice({ isRemoved: true })], matchBySku: false }),
  ).toEqual({
    badge: { label: "Main was removed", tone: "critical" },
    isChosen: false,
  });
  expect(
    variantStanding({ id: "1" }, { choices: [aChoice({ isGone: true })], matchBySku: false }).badge.tone,
  ).toBe("warning");
});

test("an only variant has its product's name", () => {
  expect(variantName("Kit", "Default Title")).toBe("Kit");
  expect(variantName("Kit", "Large")).toBe("Kit, Large");
  expect(readProductView("x")).toBe("all");
});

test("what looks like a vendor's product is pointed out before somebody buys it", () => {
  const { badge } = variantStanding({ id: "2" }, { choices: [], matchBySku: false, likely: "Mugs Ltd" });

  expect(badge).toEqual({ label: "Looks like Mugs Ltd, choose it", tone: "attention" });
});

test("the last page of what is not chosen does not speak for the earlier ones, and a search that finds nothing says so", () => {
  const title = (given: Parameters<typeof nothingOpen>[0]) => nothingOpen(given).title;
  const first = { search: "", isAnyFound: true, isFirst: true };

  expect(title(first)).toBe("Everything is chosen");
  expect(title({ ...first, next: "2" })).toBe("Everything on this page is chosen");
  expect(title({ ...first, isFirst: false, next: "3" })).toBe("Everything on this page is chosen");
  expect(nothingOpen({ ...first, isFirst: false })).toEqual({
    title: "Everything on this page is chosen",
    sentence: "It is the last one. Go back to the first page to see what is not chosen on the others.",
  });
  expect(title({ ...first, search: "kit" })).toBe("Everything that matches is chosen");
  expect(nothingOpen({ ...first, search: "xyz", isAnyFound: false })).toEqual({
    title: "Nothing matches",
    sentence: "No product has “xyz” in its title or SKU. Archived products are not shown.",
  });
});
