// What the catalogue page says of a run and of what it found.
import { expect, test } from "vitest";
import {
  differenceView,
  publicationBadge,
  readPublicationView,
  syncBadge,
  syncDoing,
  syncProgress,
} from "#app/ui/catalogue.ts";

const standing = { waiting: 25, published: 70, held: 5, withdrawn: 0 };

test("a run says what it is doing, and how far it is once that can be told", () => {
  expect(syncDoing({ state: "reading", products: 0, standing })).toMatch(/Shopify is collecting/);
  expect(syncDoing({ state: "reading", products: 120, standing })).toMatch(/120 so far/);
  expect(syncDoing({ state: "publishing", products: 100, standing })).toMatch(/25 still to go/);
  expect(syncDoing({ state: "done", products: 100, standing })).toBe("");
  expect(syncProgress({ state: "reading", standing })).toBeUndefined();
  expect(syncProgress({ state: "publishing", standing })).toBe(75);
  expect(
    syncProgress({ state: "publishing", standing: { waiting: 0, published: 0, held: 0, withdrawn: 0 } }),
  ).toBeUndefined();
  expect(syncBadge("failed")).toMatchObject({ tone: "critical" });
});

test("a difference says what would change from what to what, or why it would be held", () => {
  const product = { title: "Kit", key: "KIT-1", fields: [], sentence: null };

  expect(
    differenceView({
      ...product,
      what: "update",
      fields: [
        { name: "Title", there: "Old kit", here: "Kit" },
        { name: "Pictures", there: "", here: "2" },
      ],
    }),
  ).toEqual({
    title: "Kit",
    key: "KIT-1",
    what: "Would be updated",
    details: "Title: “Old kit” → “Kit”; Pictures: nothing → “2”",
  });
  expect(differenceView({ ...product, key: null, what: "hold", sentence: "It has no SKU." })).toMatchObject({
    key: "",
    details: "It has no SKU.",
  });
});

test("a state this version does not know is shown as it is, and an unknown view is all of them", () => {
  expect(publicationBadge("frozen")).toEqual({ label: "frozen" });
  expect(readPublicationView("nonsense")).toBe("all");
  expect(readPublicationView("held")).toBe("held");
});
