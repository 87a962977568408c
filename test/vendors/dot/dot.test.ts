// What MGE DOT is sent for the lines of an order, and which orders are held instead.
import { expect, test } from "vitest";
import { looksLikeOurs } from "#app/vendors/dot/picture.ts";
import { payload as payloadSchema } from "#app/vendors/dot/payload.ts";
import { aLine, anOrder, properties } from "#test/support/builders.ts";
import {
  kit,
  optionId,
  orders,
  payloadOf,
  photoLink,
  previewId,
  problemOf,
  sku,
  storedKit,
} from "./world.ts";

const byLink = (): ReturnType<typeof kit> => kit({ _dot_asset_url: photoLink });
test("the golden order is MGE's own example, word for word", () => {
  expect(payloadOf([byLink()])).toMatchInlineSnapshot(`
    {
      "draft": {
        "reference_id": "M-1001-a",
      },
      "files": [],
      "order": {
        "brand_id": 116,
        "line_items": [
          {
            "asset_url": "https://cdn.example.com/p.jpg",
            "quantity": 2,
            "sku": "DOT/VF/40X50/W/BLACK/STD",
          },
        ],
        "shipping": {
          "city": "Singapore",
          "country": "SG",
          "email": "a@ex.com",
          "name": "Ana Tan",
          "phone": "+6581234567",
          "street": "1 Main St, #04-12",
          "zip": "018956",
        },
      },
      "previews": [],
    }
  `);
});

test("M1 a kit with a photo link is sent with SKU, quantity and link and nothing else", () => {
  const { order } = payloadOf([kit({ _dot_asset_url: photoLink }, { quantity: 1 })]);

  expect(order.line_items).toEqual([{ sku, quantity: 1, asset_url: photoLink }]);
  expect(Object.keys(order)).toEqual(["brand_id", "line_items", "shipping"]);
});

test("M2 a kit chosen from a preview names the option on its line and nowhere else", () => {
  const { order, previews } = payloadOf([
    kit({ _dot_preview_option_id: optionId, _dot_preview_id: previewId }),
  ]);

  expect(order.line_items).toEqual([{ sku, quantity: 2, preview_option_id: optionId }]);
  expect(Object.keys(order)).toEqual(["brand_id", "line_items", "shipping"]);
  expect(previews).toEqual([{ line: 0, previewId }]);
});

test("M3 with a preview and a photo only the preview is sent, until the merchant chooses the photo", () => {
  const both = kit({ _dot_preview_option_id: optionId, _dot_asset_url: photoLink });
  const chosen = payloadOf([both]);
  const instead = payloadOf([both], { settings: { artworkSource: "photo" } });

  expect(chosen.order.line_items).toEqual([{ sku, quantity: 2, preview_option_id: optionId }]);
  expect(instead.order.line_items).toEqual([{ sku, quantity: 2, asset_url: photoLink }]);
});

test("M3 a line without a photo keeps its preview when the merchant prefers photos", () => {
  const { order } = payloadOf([kit({ _dot_preview_option_id: optionId })], {
    settings: { artworkSource: "photo" },
  });

  expect(order.line_items).toEqual([{ sku, quantity: 2, preview_option_id: optionId }]);
});

test("M4 three of one photo are one line, two photos are two lines", () => {
  const { order } = payloadOf([
    kit({ _dot_asset_url: photoLink }, { id: "1", quantity: 3 }),
    kit({ _dot_asset_url: "https://cdn.example.com/q.jpg" }, { id: "2", quantity: 1 }),
  ]);

  expect(order.line_items).toEqual([
    { sku, quantity: 3, asset_url: photoLink },
    { sku, quantity: 1, asset_url: "https://cdn.example.com/q.jpg" },
  ]);
});

test("M9 a SKU of seven pieces is as good as one of six", () => {
  const long = { ...byLink(), product: { sku: "dot/vf/60x80/w/black/frame/std" } };

  expect(payloadOf([long]).order.line_items[0]?.["sku"]).toBe("DOT/VF/60X80/W/BLACK/FRAME/STD");
});

test("M9 a SKU stays as it is written when the merchant wants it so", () => {
  const small = { ...byLink(), product: { sku: "DOT/VF/40x50/W/BLACK/STD" } };
  const { order } = payloadOf([small], { settings: { upperCaseSku: false } });

  expect(order.line_items[0]?.["sku"]).toBe("DOT/VF/40x50/W/BLACK/STD");
});

test("without a chosen SKU the variant's own is used when it is one of MGE's", async () => {
  const own = { line: aLine({ sku, properties: properties({ _dot_asset_url: photoLink }) }), product: {} };
  const other = {
    line: aLine({ sku: "MUG-1", properties: properties({ _dot_asset_url: photoLink }) }),
    product: {},
  };

  expect(payloadOf([own]).order.line_items[0]?.["sku"]).toBe(sku);
  expect((await problemOf(() => payloadOf([other]))).message).toContain("No MGE SKU is chosen");
});

test("a shopper cannot choose the SKU by a property", () => {
  const { order } = payloadOf([kit({ _dot_asset_url: photoLink, sku: "DOT/VF/60X80/W/BLACK/STD" })]);

  expect(order.line_items[0]?.["sku"]).toBe(sku);
});

test.each([
  ["no photo at all", {}],
  ["a link without https", { _dot_asset_url: "http://cdn.example.com/p.jpg" }],
  ["a picture pasted as data", { _dot_asset_url: "data:image/png;base64,AAAA" }],
  ["a link with a space", { _dot_asset_url: "https://cdn.example.com/my photo.jpg" }],
  ["a link with a password", { _dot_asset_url: "https://me:secret@cdn.example.com/p.jpg" }],
  ["a link longer than MGE takes", { _dot_asset_url: `https://cdn.example.com/${"p".repeat(2048)}` }],
  ["a preview that is not one of MGE's", { _dot_preview_option_id: "po_123" }],
])("M17 a line with %s is held", async (_what, values) => {
  const problem = await problemOf(() => payloadOf([kit(values)]));

  expect(problem.problem).toBe("rejected");
});

test("a line with two different photos under one name is held for a person to choose", async () => {
  const line = aLine({
    properties: [
      { name: "_dot_asset_url", value: photoLink },
      { name: "_dot_asset_url", value: "https://cdn.example.com/q.jpg" },
    ],
  });

  expect((await problemOf(() => payloadOf([{ line, product: { sku } }]))).message).toContain("more than one");
});

test("the merchant's own upload field is looked at after ours", () => {
  const { order } = payloadOf([kit({ "Your photo": photoLink })], {
    settings: { linkProperties: "_dot_asset_url, Your photo" },
  });

  expect(order.line_items[0]?.["asset_url"]).toBe(photoLink);
});

test("a stored photo goes as our link with its size and the product's crop mode", () => {
  const line = {
    ...storedKit("https://app.example.com/a/1", { _dot_asset_url: photoLink }),
    product: { sku, cropMode: "none" },
  };

  expect(payloadOf([line]).order.line_items).toEqual([
    {
      sku,
      quantity: 2,
      asset_url: "https://app.example.com/a/1",
      asset_params: { source_width: 3000, source_height: 4000, crop_mode: "none" },
    },
  ]);
});

test("with uploads a stored photo is brought as a file and a linked one by its link", () => {
  const lines = [storedKit("https://app.example.com/a/1"), byLink()];
  const { order, files } = payloadOf(lines, { settings: { artworkTransfer: "upload" } });

  expect(order.line_items.map((item) => item["asset_url"])).toEqual([undefined, undefined]);
  expect(files).toEqual([
    { line: 0, how: "upload", artworkId: "art-1" },
    { line: 1, how: "upload", url: photoLink },
  ]);
});

test("a direct order carries the link even when the merchant chose uploads", () => {
  const made = payloadOf([byLink()], { settings: { submission: "direct", artworkTransfer: "upload" } });

  expect(made.order.line_items[0]?.["asset_url"]).toBe(photoLink);
  expect(made.files).toEqual([]);
  expect(made.draft).toBeUndefined();
});

test("a direct order from a preview that cannot be checked is held", async () => {
  const line = kit({ _dot_preview_option_id: optionId });

  expect((await problemOf(() => payloadOf([line], { settings: { submission: "direct" } }))).problem).toBe(
    "rejected",
  );
});

test("M20 only the kits of a mixed order are sent", () => {
  const tee = aLine({ id: "2", title: "T-shirt", sku: "TEE-1" });
  const line = byLink();
  const { order } = payloadOf([line], {
    part: { order: anOrder({ lines: [line.line, tee] }), whole: false },
  });

  expect(order.line_items).toHaveLength(1);
});

test("a refunded line is left out, and an order of nothing but refunded lines is held", async () => {
  const gone = kit({ _dot_asset_url: photoLink }, { id: "2", quantity: 0 });

  expect(payloadOf([byLink(), gone]).order.line_items).toHaveLength(1);
  expect((await problemOf(() => payloadOf([gone]))).message).toContain("Nothing of this order");
});

test("more than 99 of one kit are held", async () => {
  const many = kit({ _dot_asset_url: photoLink }, { quantity: 100 });

  expect((await problemOf(() => payloadOf([many]))).message).toContain("up to 99");
});

test("a person's “send again” goes under a reference of its own", () => {
  expect(payloadOf([byLink()]).draft).toEqual({ reference_id: "M-1001-a" });
  expect(payloadOf([byLink()], { part: { resend: 1 } }).draft).toEqual({ reference_id: "M-1001-a-r2" });
});

test("a line with MGE's SKU or properties is noticed even without a product chosen for it", () => {
  expect(looksLikeOurs(aLine({ sku: "dot/vf/40x50/w/black/std" }))).toBe(true);
  expect(looksLikeOurs(aLine({ properties: properties({ _dot_preview_id: previewId }) }))).toBe(true);
  expect(looksLikeOurs(aLine({ sku: "POLKADOT/1" }))).toBe(false);
});

test("an order is never sent by a payload that names two pictures for a line", () => {
  const made = payloadOf([byLink()]);
  const [item] = made.order.line_items;
  const two = { ...made, order: { ...made.order, line_items: [{ ...item, preview_option_id: optionId }] } };

  expect(payloadSchema.safeParse(two).success).toBe(false);
  expect(orders().quiescenceSeconds).toBe(0);
});
