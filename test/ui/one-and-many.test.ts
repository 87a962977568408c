// Sentences with a number in them, as a merchant reads them on the page.
import { AppProvider } from "@shopify/polaris";
import english from "@shopify/polaris/locales/en.json";
import { createElement, type ReactElement } from "react";
import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { Chooser } from "#app/ui/chooser.tsx";
import { Differences } from "#app/ui/differences.tsx";
import { ProductView } from "#app/ui/product-list.tsx";
import { TrackingPreview } from "#app/ui/tracking-preview.tsx";
import { notShown } from "#app/ui/tries.tsx";
import type { SyncView } from "#app/ui/catalogue-page.server.ts";

/** The words of a piece of a page, without its marks. */
function words(piece: ReactElement): string {
  const html = renderToStaticMarkup(createElement(AppProvider, { i18n: english, children: piece }));
  return html
    .replace(/<style.*?<\/style>|<[^>]+>/gs, " ")
    .replace(/\s+/g, " ")
    .replaceAll("&#x27;", "'");
}

function choosing(takes: "orders" | "products", given: { leftOut?: number; unseen?: number }): string {
  return words(
    createElement(Chooser, {
      takes,
      vendorLabel: "Lab",
      choosing: { chosen: [], leftOut: 0, unseen: 0, found: [], ...given },
      // One is chosen, so that the list to choose from is closed: it would need a router.
      chosen: [{ id: "1", name: "Kit" }],
      onChange: () => undefined,
    }),
  );
}

test("when Shopify does not answer, nothing is said to be gone", () => {
  expect(choosing("products", { unseen: 12 })).toContain(
    "The 12 products you chose cannot be shown, because Shopify does not answer. Load the page again in a moment: it keeps what you chose.",
  );
  expect(choosing("products", { unseen: 12 })).not.toContain("left out");
  expect(choosing("products", { unseen: 1 })).toContain("The product you chose cannot be shown");
});

test("what is left out of a choice is counted, and one is spoken of as one", () => {
  expect(choosing("products", { leftOut: 1 })).toContain(
    "One of the chosen products is left out, because Shopify does not have it any more.",
  );
  expect(choosing("orders", { leftOut: 1 })).toContain("is left out, because Lab does not have it");
  expect(choosing("orders", { leftOut: 2 })).toContain(
    "2 of the chosen orders are left out, because Lab does not have them from this connection.",
  );
});

test("one pasted line is spoken of as one", () => {
  const row = { line: 1, reference: "M-1", carrier: "DHL", trackingNumber: "1" };
  const preview = (rows: (typeof row & { problem?: string })[], leftOut = 0) =>
    words(createElement(TrackingPreview, { rows, leftOut }));

  expect(preview([row])).toContain("This line can be taken.");
  expect(preview([{ ...row, problem: "No carrier." }])).toContain("This line cannot be taken.");
  expect(preview([row, row])).toContain("2 of 2 lines can be taken.");
  expect(preview([row, row], 1)).toContain("One more line is left out: enter it afterwards.");
  expect(preview([row, row], 2)).toContain("2 more lines are left out: enter them afterwards.");
});

test("a product with 7 of 10 variants chosen says so, also where only the other three are shown", () => {
  const open = ["A", "B", "C"].map((title) => ({ id: title, title, badge: { label: "Not chosen" } }));
  const product = { title: "Kit", counts: { all: 10, chosen: 7 }, variants: open };

  expect(words(createElement(ProductView, product))).toContain("7 of 10 variants chosen");
  const many = Array.from({ length: 12 }, (_, n) => ({
    id: String(n),
    title: `V${n}`,
    badge: { label: "" },
  }));
  const twenty = { title: "Kit", counts: { all: 20, chosen: 8 }, variants: many };
  expect(words(createElement(ProductView, twenty))).toContain("Show all 12 that are not chosen");
});

test("one earlier try and one difference are spoken of as one", () => {
  const differences = (count: number) => {
    const one = { title: "Kit", key: "K", what: "Would be created", details: "" };
    const sync = { counts: { create: 9 }, differences: Array.from({ length: count }, () => one) };
    return words(createElement(Differences, { sync: sync as unknown as SyncView }));
  };

  expect([1, 2].map(notShown)).toEqual(["One earlier try is not shown.", "2 earlier tries are not shown."]);
  expect(differences(1)).toContain("The first difference. The figures above count all of them.");
  expect(differences(2)).toContain("The first 2 differences. The figures above count all of them.");
});
