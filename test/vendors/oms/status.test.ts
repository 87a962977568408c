// What the OMS answers, and what we make of it.
import { describe, expect, test } from "vitest";
import { apiRoot } from "#app/vendors/oms/request.ts";
import {
  readError,
  readOrder,
  readPrint,
  saysUnknown,
  toReport,
  type PrintState,
} from "#app/vendors/oms/status.ts";
import type { VendorReply } from "#app/vendors/vendor.ts";

function reply(status: number, json: unknown): VendorReply {
  const text = json === undefined ? "<html>" : JSON.stringify(json);
  return { status, headers: {}, json, text, bytes: new TextEncoder().encode(text) };
}

const print = (status: string, url: string | null) =>
  readPrint(reply(200, { ecommerce_order_item_id: "1", status, url, later: "addition" }), "1");

const reportOf = (states: Record<string, PrintState>) =>
  toReport(Object.fromEntries(Object.entries(states).map(([item, state]) => [item, { state }])), "#1001");

describe("print files", () => {
  test.each([
    ["received", null, "received"],
    ["processing", null, "processing"],
    ["processingfailed", null, "processingfailed"],
    ["ready", "https://oms.example.com/1.pdf", "ready"],
    ["ready", null, "processing"],
    ["ready", "", "processing"],
    ["queued", null, "pending"],
  ])("O22 the status %s with the link %j is read as %s", (status, url, wanted) => {
    expect(print(status, url)?.state).toBe(wanted);
  });

  test.each([null, "", "/print-files/1.pdf", "1.pdf", "javascript:alert(1)", "ftp://oms.example.com/1.pdf"])(
    "O22 ready without a link that can be opened is processing, and the merchant is told (%j)",
    (url) => {
      const found = print("ready", url);

      expect(found).toEqual({ state: "processing", lacksLink: true });
      expect(toReport({ "1": found ?? { state: "pending" }, "2": { state: "ready" } }, "#1001")).toEqual({
        state: "1 of 2 print files ready",
        final: false,
        trouble:
          "The OMS says that a print file is ready and gives no link to it. Open the order in the OMS, or ask Ideal Factory.",
        notes: { "print:2": "ready" },
      });
    },
  );

  test("a 404 says that the item is unknown, but only the OMS's own JSON is believed for sending again", () => {
    expect(readPrint(reply(404, { message: "Order item not found." }), "1")).toBeUndefined();
    expect(saysUnknown(reply(404, { message: "Order item not found." }))).toBe(true);
    expect(saysUnknown(reply(404, undefined))).toBe(false);
    expect(saysUnknown(reply(200, {}))).toBe(false);
  });

  test.each([[{ status: "ready" }], [{ ecommerce_order_item_id: "2", status: "ready" }], [null], ["ready"]])(
    "an answer that is not about our item (%j) is asked for again",
    (body) => {
      expect(() => readPrint(reply(200, body), "1")).toThrow("an answer that we cannot read");
    },
  );

  test("an order is final when every print file is ready", () => {
    expect(reportOf({ "1": "ready", "2": "processing", "3": "ready" })).toEqual({
      state: "2 of 3 print files ready",
      final: false,
      notes: { "print:1": "ready", "print:3": "ready" },
    });
    expect(reportOf({ "1": "ready" })).toMatchObject({
      state: "1 of 1 print file ready",
      final: true,
    });
    expect(reportOf({ "1": "pending" })).toEqual({ state: "0 of 1 print file ready", final: false });
  });

  test("a print file that could not be made is trouble, and is still watched", () => {
    expect(reportOf({ "1": "processingfailed", "2": "ready" })).toMatchObject({
      final: false,
      trouble:
        "1 of 2 print files could not be made. Open order #1001 in the OMS and make it again, or ask Ideal Factory.",
    });
  });
});

describe("an order", () => {
  test("O23 the OMS's own item ids are kept by Shopify line, also after a second sending", () => {
    const items = [
      { uid: "U1", ecommerce_order_item_id: "14001" },
      { uid: 7, ecommerce_order_item_id: "14002-r2", more: true },
      { ecommerce_order_item_id: "14003" },
      "odd",
    ];

    expect(readOrder({ uid: "O1", ecommerce_order_id: 55, items, status: "new" }, "55")).toEqual({
      uid: "O1",
      notes: { "item:14001": "U1", "item:14002": "7" },
    });
  });

  test.each([[{}], [{ uid: "" }], [{ uid: null }], [[]], ["O1"], [{ uid: "O1", ecommerce_order_id: "56" }]])(
    "an answer without an order of ours in it (%j) is no receipt",
    (body) => {
      expect(readOrder(body, "55")).toBeUndefined();
    },
  );

  test("items that cannot be read do not make an order unread", () => {
    expect(readOrder({ uid: "O1", items: "none" }, "55")).toEqual({ uid: "O1", notes: {} });
  });
});

describe("errors", () => {
  test.each([
    [{ message: "Bad design." }, "Bad design."],
    [{ error: "Bad design." }, "Bad design."],
    [{ error: { message: "Bad design." } }, "Bad design."],
    [{ message: "Invalid.", errors: { note: ["Too long.", "Odd."] } }, "Invalid. Too long. Odd."],
    [{ message: "Too long.", errors: { note: ["Too long."] } }, "Too long."],
    [{ errors: { note: "Too long." } }, "Too long."],
    [{ message: 7, errors: [1] }, undefined],
    [undefined, undefined],
  ])("the words of %j are %j", (body, words) => {
    expect(readError(reply(422, body)).words).toBe(words);
    expect(readError(reply(422, body)).problem).toBeUndefined();
  });

  test("a 404 nobody expected is about the settings and not about the order", () => {
    expect(readError(reply(404, { message: "No such store." }))).toEqual({
      problem: "connection",
      words:
        "There is nothing at this address (No such store.). Check the API address and the store ID on the Vendors page.",
    });
  });
});

test.each([
  "https://oms.example.com",
  "https://oms.example.com/",
  "https://oms.example.com/api/v1",
  "https://oms.example.com/api/v1/",
  "https://oms.example.com/?a=b",
])("the API address may be written as %s", (address) => {
  expect(apiRoot(address)).toBe("https://oms.example.com/api/v1");
});

test("an API address may have a path", () => {
  expect(apiRoot("https://example.com/oms/")).toBe("https://example.com/oms/api/v1");
});
