// The orders page: its views, its search and its paging.
import { expect, test } from "vitest";
import { ordersWhere, readView, views } from "#app/ui/order-views.ts";
import { cutPage, readCursor, writeCursor } from "#app/ui/paging.ts";

const shop = "demo.myshopify.com";
const row = { at: new Date("2026-11-22T08:00:00.123Z"), id: "0a1b2c3d-0000-4000-8000-000000000001" };

test("a view that does not exist is all orders", () => {
  expect(readView("everything")).toBe("all");
  expect(readView("needs-you")).toBe("needs-you");
});

test("every view asks for one shop only", () => {
  for (const view of views) expect(ordersWhere({ shop, view: view.id, search: "1001" }).shop).toBe(shop);
});

test("an empty search looks for nothing in particular", () => {
  expect(ordersWhere({ shop, view: "all", search: "  " })).toEqual({ shop, AND: [{}, {}, {}] });
});

test("a cursor comes back from the address as it was, and nonsense is no cursor", () => {
  expect(readCursor(writeCursor(row))).toEqual(row);
  for (const text of [null, "", "1", "x_y", `1_${row.id}'`, `99999999999999999_${row.id}`])
    expect(readCursor(text)).toBeUndefined();
});

test("the next page starts after the last order seen, also among orders of the same moment", () => {
  expect(ordersWhere({ shop, view: "all", search: "", cursor: row }).AND).toContainEqual({
    OR: [{ placedAt: { lt: row.at } }, { placedAt: row.at, id: { lt: row.id } }],
  });
});

test("a page holds what fits and knows whether there is more, in both directions", () => {
  expect(cutPage([5, 4, 3], { size: 2, backwards: false })).toEqual({ rows: [5, 4], more: true });
  expect(cutPage([6, 7], { size: 2, backwards: true })).toEqual({ rows: [7, 6], more: false });
});
