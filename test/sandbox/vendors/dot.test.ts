// The MGE DOT stand-in against the DOT guide: what it takes, what it refuses, and when an order comes to be.
import { afterEach, beforeEach, expect, test } from "vitest";
import { startDot, type DotStandIn } from "#sandbox/vendors/dot.ts";
import { at, clientOf, dotLine, dotOrder, dotShipping, onePixel } from "./client.ts";

let dot: DotStandIn;
let ask: ReturnType<typeof clientOf>;
let time: Date;
const token = "22222222-2222-2222-8222-222222222222";

beforeEach(async () => {
  time = new Date("2026-11-22T12:00:00Z");
  dot = await startDot({ now: () => time });
  ask = clientOf(dot, "mge_sk_demo");
});
afterEach(() => dot.stop());

async function draftOf(body: unknown = dotOrder): Promise<string> {
  const created = await ask("POST", "/api/v1/order-drafts/", body);
  expect(created.status).toBe(201);
  expect(typeof at(created.body, "id")).toBe("number");
  return `/api/v1/order-drafts/${String(at(created.body, "id"))}/`;
}

test("the guide's own direct order is made, complete, and each repeat is one more order", async () => {
  const params = { source_width: 3000, source_height: 4000, crop_mode: "auto_allowed" };
  const order = { ...dotOrder, line_items: [{ ...dotLine, asset_params: params }] };

  const first = await ask("POST", "/api/v1/orders/", order);
  const second = await ask("POST", "/api/v1/orders/", order);

  expect([first.status, second.status]).toEqual([201, 201]);
  expect(at(first.body, "id")).toBe("MGE0980926F");
  expect(dot.ledger().map((entry) => entry.number)).toEqual(["MGE0980926F", at(second.body, "id")]);
  expect(dot.ledger()[0]).toMatchObject({
    vendor: "dot",
    at: "2026-11-22T12:00:00.000Z",
    body: order,
    lines: [
      { sku: dotLine.sku, quantity: 1, detail: { asset_url: dotLine.asset_url, asset_params: params } },
    ],
  });
  expect((await ask("GET", "/api/v1/orders/MGE0980926F/")).body).toMatchObject({ status: "processing" });
  expect((await ask("GET", "/api/v1/orders/MGE0/")).status).toBe(404);
});

const { asset_url: _url, ...bareLine } = dotLine;
const { phone: _phone, ...noPhone } = dotShipping;
const refusals: [what: string, body: unknown, field: (string | number)[]][] = [
  ["an unknown field", { ...dotOrder, preview_option_id: token }, ["preview_option_id"]],
  [
    "a purchase option id",
    withLine({ purchase_option_id: "po_123" }),
    ["line_items", 0, "purchase_option_id"],
  ],
  ["storefront address names", withShipping({ line1: "x" }), ["shipping", "line1"]],
  ["a postal_code", withShipping({ postal_code: "1" }), ["shipping", "postal_code"]],
  ["no phone", { ...dotOrder, shipping: noPhone }, ["shipping", "phone"]],
  ["no address", { brand_id: 116, line_items: [dotLine] }, ["shipping"]],
  ["a country's full name", withShipping({ country: "Singapore" }), ["shipping", "country"]],
  ["a brand id as text", { ...dotOrder, brand_id: "116" }, ["brand_id"]],
  ["no line items", { brand_id: 116, shipping: dotShipping }, ["line_items"]],
  ["empty line items", { ...dotOrder, line_items: [] }, ["line_items"]],
  ["a quantity as text", withLine({ quantity: "1" }), ["line_items", 0, "quantity"]],
  ["a quantity of none", withLine({ quantity: 0 }), ["line_items", 0, "quantity"]],
  ["a SKU it does not sell", withLine({ sku: "DOT/VF/41X51/W/BLACK/STD" }), ["line_items", 0, "sku"]],
  ["two artwork sources", withLine({ preview_option_id: token }), ["line_items", 0, "non_field_errors"]],
  ["no artwork", { ...dotOrder, line_items: [bareLine] }, ["line_items", 0, "non_field_errors"]],
  [
    "a picture over plain http",
    withLine({ asset_url: "http://cdn.example.com/a.jpg" }),
    ["line_items", 0, "asset_url"],
  ],
  ["a null", withShipping({ email: null }), ["shipping", "email"]],
  ["a draft's token in a direct order", lineOf({ asset_token: token }), ["line_items", 0, "asset_token"]],
  ["an unknown preview", lineOf({ preview_option_id: token }), ["line_items", 0, "preview_option_id"]],
  [
    "an unknown crop mode",
    withLine({ asset_params: { crop_mode: "x" } }),
    ["line_items", 0, "asset_params", "crop_mode"],
  ],
];
function withLine(changes: object) {
  return { ...dotOrder, line_items: [{ ...dotLine, ...changes }] };
}
function lineOf(source: object) {
  return { ...dotOrder, line_items: [{ ...bareLine, ...source }] };
}
function withShipping(changes: object) {
  return { ...dotOrder, shipping: { ...dotShipping, ...changes } };
}
for (const [what, body, field] of refusals) {
  test(`an order with ${what} is refused, naming the field`, async () => {
    const answer = await ask("POST", "/api/v1/orders/", body);

    expect(answer.status).toBe(400);
    expect(at(answer.body, ...field)).toEqual([expect.any(String)]);
    expect(dot.ledger()).toHaveLength(0);
  });
}

test("an order without e-mail is taken, and a loopback picture may be plain http", async () => {
  const { email: _email, ...shipping } = dotShipping;
  const answer = await ask("POST", "/api/v1/orders/", {
    ...withLine({ asset_url: "http://127.0.0.1:4100/p.jpg", sku: "DOT/VF/60X80/W/BLACK/FRAME/STD" }),
    shipping,
  });

  expect(answer.status).toBe(201);
});

test("only a good key and the account's own brand are let in", async () => {
  const path = "/api/v1/account/brands/";
  const statuses = [
    await clientOf(dot, undefined)("GET", path),
    await clientOf(dot, "mge_sk_wrong")("GET", path),
    await ask("POST", "/api/v1/orders/", { ...dotOrder, brand_id: 117 }),
  ];

  expect(statuses.map((answer) => answer.status)).toEqual([401, 401, 403]);
  expect(statuses.map((answer) => typeof at(answer.body, "detail"))).toEqual(["string", "string", "string"]);
  expect((await ask("GET", path)).body).toMatchObject([{ brand_id: 116 }]);
});

test("a path without its last slash, an unknown path and an unknown draft get an HTML page", async () => {
  const answers = await Promise.all(
    ["/api/v1/account/brands", "/api/v1/nothing/", "/api/v1/order-drafts/9/"].map((path) => ask("GET", path)),
  );

  for (const answer of answers)
    expect([answer.status, answer.type]).toEqual([404, "text/html; charset=utf-8"]);
});

test("a wrong method, a wrong content type and broken JSON are refused in the vendor's own shape", async () => {
  const send = (type: string, body: string) =>
    ask("POST", "/api/v1/orders/", undefined, {
      body,
      headers: { authorization: "Bearer mge_sk_demo", "content-type": type },
    });
  const answers = [
    await ask("PUT", "/api/v1/orders/", dotOrder),
    await send("text/plain", JSON.stringify(dotOrder)),
    await send("application/json", "{"),
  ];

  expect(answers.map((answer) => answer.status)).toEqual([405, 415, 400]);
  for (const answer of answers) expect(at(answer.body, "detail")).toEqual(expect.any(String));
});

test("the catalogue has at least 24 kits in four sizes, one with a longer SKU, and filters by product type", async () => {
  const all = (await ask("GET", "/api/v1/products/types/DOT/variants/")).body as {
    code: string;
    size: string;
  }[];
  const plain = await ask("GET", "/api/v1/products/types/DOT/variants/?product_type=SKLAD");

  expect(all.length).toBeGreaterThanOrEqual(24);
  expect(new Set(all.map((one) => one.size))).toEqual(new Set(["30X40", "40X50", "50X70", "60X80"]));
  expect(all.map((one) => one.code)).toContain("DOT/VF/60X80/W/BLACK/FRAME/STD");
  expect(plain.body).toSatisfy((rows: { product_type: string }[]) =>
    rows.every((one) => one.product_type === "SKLAD"),
  );
  expect((await ask("GET", "/api/v1/products/types/DOT/")).body).toMatchObject({ code: "DOT" });
});

test("a draft is validated, submitted once, and a repeated submit returns the same order", async () => {
  const body = { ...dotOrder, reference_id: "R-1001-a", notes: "gift" };
  const draft = await draftOf(body);

  const early = await ask("POST", `${draft}submit/`);
  const validated = await ask("POST", `${draft}validate/`);
  const submitted = [await ask("POST", `${draft}submit/`), await ask("POST", `${draft}submit/`, {})];

  expect(early.status).toBe(400);
  expect(validated.body).toMatchObject({
    valid: true,
    status: "READY",
    checkout: { ready_until: "2026-11-22T13:00:00.000Z", max_payment_session_seconds: 3600 },
    line_items: [{ index: 0, sku: dotLine.sku, currency: "EUR", errors: [] }],
  });
  expect(submitted.map((answer) => at(answer.body, "id"))).toEqual(["MGE0980926F", "MGE0980926F"]);
  expect((await ask("GET", draft)).body).toMatchObject({
    status: "SUBMITTED",
    submitted_order_id: "MGE0980926F",
  });
  expect(dot.ledger()).toMatchObject([{ number: "MGE0980926F", reference: "R-1001-a", body }]);
  expect((await ask("PATCH", draft, { notes: "late" })).status).toBe(409);
});

test("a changed draft must be validated again, and a validation does not last for ever", async () => {
  const draft = await draftOf();
  await ask("POST", `${draft}validate/`);
  const patched = await ask("PATCH", draft, withLine({ quantity: 3 }));
  expect(at(patched.body, "status")).toBe("DRAFT");
  expect((await ask("POST", `${draft}submit/`)).status).toBe(400);

  await ask("POST", `${draft}validate/`);
  time = new Date(time.getTime() + 3601_000);
  const lapsed = await ask("POST", `${draft}submit/`);
  expect([lapsed.status, at(lapsed.body, "detail")]).toEqual([
    400,
    expect.stringContaining("validate it again"),
  ]);

  await ask("POST", `${draft}validate/`);
  expect((await ask("POST", `${draft}submit/`)).status).toBe(201);
  expect(dot.ledger()).toMatchObject([{ lines: [{ quantity: 3 }] }]);
});

test("a bad draft validates with 200, valid false, and the trouble beside its line", async () => {
  const draft = await draftOf({
    brand_id: 116,
    line_items: [dotLine, { ...dotLine, sku: "DOT/VF/1X1/W/BLACK/STD" }],
    shipping: noPhone,
  });

  const answer = await ask("POST", `${draft}validate/`);

  expect(answer.status).toBe(200);
  expect(answer.body).toMatchObject({
    valid: false,
    status: "DRAFT",
    detail: "shipping.phone: This field is required.",
    line_items: [{ errors: [] }, { index: 1, errors: [expect.stringContaining("not available")] }],
  });
});

test("a draft refuses fields it does not know, and the schema's shipping_address is one of them", async () => {
  const answer = await ask("POST", "/api/v1/order-drafts/", { ...dotOrder, shipping_address: dotShipping });

  expect([answer.status, at(answer.body, "shipping_address", 0)]).toEqual([400, "Unknown field."]);
});

test("a picture uploaded to a draft, or registered by URL, becomes a token that only that draft may use", async () => {
  const draft = await draftOf({ brand_id: 116, line_items: [] });
  const form = new FormData();
  form.append("file", onePixel());

  const uploaded = await ask("POST", `${draft}assets/`, form);
  const registered = await ask("POST", `${draft}assets/from-url/`, { url: dotLine.asset_url });
  const lines = [uploaded, registered].map((answer) => ({
    ...bareLine,
    asset_token: at(answer.body, "asset_token"),
  }));
  await ask("PATCH", draft, { ...dotOrder, line_items: lines });
  await ask("POST", `${draft}validate/`);
  const submitted = await ask("POST", `${draft}submit/`);

  expect(submitted.status).toBe(201);
  const pictures = dot.ledger()[0]?.lines.map((line) => String(line.detail["picture"]));
  expect(pictures?.[1]).toBe(dotLine.asset_url);
  expect((await fetch(pictures?.[0] ?? "")).headers.get("content-type")).toBe("image/png");

  const other = await draftOf({ ...dotOrder, line_items: lines });
  expect((await ask("POST", `${other}validate/`)).body).toMatchObject({ valid: false });
});

test("an upload that is no picture, or more than one file, or bare JSON is refused", async () => {
  const draft = await draftOf();
  const text = new FormData();
  text.append("image", new File(["<html>"], "photo.jpg", { type: "image/jpeg" }));
  const two = new FormData();
  two.append("image", onePixel());
  two.append("more", onePixel());

  const statuses = [];
  for (const body of [text, two, { url: "x" }])
    statuses.push((await ask("POST", `${draft}assets/`, body)).status);
  statuses.push(
    (await ask("POST", `${draft}assets/from-url/`, { url: "http://cdn.example.com/a.png" })).status,
  );

  expect(statuses).toEqual([400, 400, 415, 400]);
});

test("a test order is checked but not made", async () => {
  const good = await ask("POST", "/api/v1/orders/validate/", dotOrder);
  const bad = await ask("POST", "/api/v1/orders/validate/", withLine({ sku: "DOT/NO" }));

  expect([at(good.body, "valid"), at(bad.body, "valid")]).toEqual([true, false]);
  expect(dot.ledger()).toHaveLength(0);
});

test("numbers are never given twice, not even after everything was forgotten", async () => {
  const before = await ask("POST", "/api/v1/orders/", dotOrder);
  const oldDraft = await draftOf();
  dot.reset();
  const after = await ask("POST", "/api/v1/orders/", dotOrder);

  expect(at(after.body, "id")).not.toBe(at(before.body, "id"));
  expect((await ask("GET", oldDraft)).status).toBe(404);
  expect(await draftOf()).not.toBe(oldDraft);
  dot.setStatus(String(at(after.body, "id")), "teleported");
  expect((await ask("GET", `/api/v1/orders/${String(at(after.body, "id"))}/`)).body).toMatchObject({
    status: "teleported",
  });
});
