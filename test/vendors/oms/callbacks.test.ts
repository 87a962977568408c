// The notification of the OMS: never believed, only a reason to look now.
import fc from "fast-check";
import { expect, test } from "vitest";
import { oms } from "#app/vendors/oms/index.ts";
import { settings } from "./support.ts";

const told = (body: unknown) =>
  oms.callbacks?.read(
    {
      headers: {},
      contentType: "application/json",
      body: typeof body === "string" ? body : JSON.stringify(body),
      now: new Date("2026-11-22T09:00:00Z"),
    },
    settings(),
  );

test.each([
  [{ ecommerce_order_item_id: "14001", status: "ready" }],
  [{ event: "print_file_ready", data: { order: { items: [{}, { ecommerce_order_item_id: "14001" }] } } }],
  [[{ ecommerce_order_item_id: 14001 }]],
  [{ ecommerce_order_item_id: "14001-r2" }],
  [{ ecommerce_order_item_id: "abc", next: { ecommerce_order_item_id: "14001" } }],
])("a print file that is ready makes us look at its order (%j)", async (body) => {
  expect(await told(body)).toEqual({ kind: "hint", about: { lineId: "14001" } });
});

const tooDeep = JSON.parse(
  `${'{"a":'.repeat(20)}{"ecommerce_order_item_id":"14001"}${"}".repeat(20)}`,
) as object;

test.each([
  [{ event: "order_created" }],
  [{ ecommerce_order_item_id: "14001'; DROP" }],
  [{ ecommerce_order_item_id: "" }],
  [{ ecommerce_order_item_id: null }],
  // It has lost its last digits on the way through a number, and would be another line's.
  ['{"ecommerce_order_item_id": 99999999999999999999}'],
  ["ecommerce_order_item_id=14001"],
  [tooDeep],
  [Array.from({ length: 3000 }, () => ({ a: 1 }))],
])("what names no item of ours is ignored (%j)", async (body) => {
  expect(await told(body)).toEqual({
    kind: "ignored",
    sentence: "A notification of the OMS that names no order item.",
  });
});

test("no body at all makes it fail", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.string(), fc.json()), async (body) => {
      expect((await told(body))?.kind).toMatch(/^(hint|ignored)$/);
    }),
  );
});
