// MGE's previews in the stand-in: a photo in, options to order from out, and their expiry.
import { setImmediate as nextTurn } from "node:timers/promises";
import sharp from "sharp";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startDot, type DotStandIn } from "#sandbox/vendors/dot.ts";
import { at, clientOf, dotLine, dotOrder, onePixel, type Answer } from "./client.ts";

let dot: DotStandIn;
let ask: ReturnType<typeof clientOf>;
let time: Date;

beforeEach(async () => {
  time = new Date("2026-11-22T12:00:00Z");
  dot = await startDot({ now: () => time });
  ask = clientOf(dot, "mge_sk_demo");
});
afterEach(() => dot.stop());

function lineOf(source: object) {
  const { sku, quantity } = dotLine;
  return { ...dotOrder, line_items: [{ sku, quantity, ...source }] };
}

async function optionFor(size: string): Promise<{ previewId: string; optionId: string; sku: string }> {
  const made = await ask("POST", "/api/v1/preview/", previewForm({ preferred_size: size }));
  expect(made.status).toBe(201);
  const previewId = String(at(made.body, "preview_id"));
  await ask("GET", `/api/v1/preview/${previewId}/`);
  await ask("GET", `/api/v1/preview/${previewId}/`);
  const { body } = await ask("GET", `/api/v1/preview/${previewId}/purchase-options/`);
  const line = at(body, "purchase_options", 0, "order_line");
  return { previewId, optionId: String(at(line, "preview_option_id")), sku: String(at(line, "sku")) };
}

function previewForm(changes: Record<string, string | File | null> = {}): FormData {
  const form = new FormData();
  const fields = {
    brand_id: "116",
    products: '["DOT"]',
    comparison_count: "1",
    auto_enhance: "true",
    auto_crop: "true",
    preferred_size: "40X50",
    preview_options: '{"DOT":[{"variant":"source"},{"variant":"drama"}]}',
    image: onePixel(),
    ...changes,
  };
  for (const [name, value] of Object.entries(fields)) if (value !== null) form.append(name, value);
  return form;
}

test("a photo becomes previews: processing first, then options whose order line can be copied", async () => {
  const made = await ask("POST", "/api/v1/preview/", previewForm());
  const path = `/api/v1/preview/${String(at(made.body, "preview_id"))}/`;

  const tooEarly = await ask("GET", `${path}purchase-options/`);
  const polls: Answer[] = [await ask("GET", path), await ask("GET", path)];
  const { body } = await ask("GET", `${path}purchase-options/`);

  expect(at(tooEarly.body, "purchase_options")).toEqual([]);
  expect(polls.map((poll) => at(poll.body, "status"))).toEqual(["PROCESSING", "COMPLETED"]);
  const options = at(body, "purchase_options") as {
    order_line: { sku: string };
    preview_option_id: string;
  }[];
  expect(new Set(options.map((option) => option.preview_option_id)).size).toBe(2);
  expect(options[0]).toMatchObject({
    order_line: { quantity: 1, preview_option_id: options[0]?.preview_option_id },
    currency: "EUR",
    frame: { code: "W" },
    production_speed: { code: "STD" },
  });
  const picture = await fetch(String(at(body, "purchase_options", 0, "preview_url")));
  expect(picture.headers.get("content-type")).toBe("image/webp");
  expect((await ask("POST", "/api/v1/orders/", lineOf({ ...options[0]?.order_line }))).status).toBe(201);
  expect(dot.ledger()).toMatchObject([{ lines: [{ detail: { look: "source" } }] }]);
});

const badForms: [what: string, changes: Record<string, string | File | null>, field: string][] = [
  ["no image", { image: null }, "image"],
  ["an unknown field", { mood: "x" }, "mood"],
  ["another product", { products: '["PBN"]' }, "products"],
  ["quotes around the size", { preferred_size: '"40X50"' }, "preferred_size"],
  ["a look it does not know", { preview_options: '{"DOT":[{"variant":"noir"}]}' }, "preview_options"],
  ["no brand", { brand_id: null }, "brand_id"],
];
for (const [what, changes, field] of badForms) {
  test(`a preview with ${what} is refused, naming the field`, async () => {
    const answer = await ask("POST", "/api/v1/preview/", previewForm(changes));

    expect([answer.status, at(answer.body, field)]).toEqual([400, [expect.any(String)]]);
  });
}

test("a preview fits every frame of its size, and no other size", async () => {
  const { optionId } = await optionFor("30X40");
  const lineWith = (sku: string) => lineOf({ sku, preview_option_id: optionId });

  expect((await ask("POST", "/api/v1/orders/", lineWith("DOT/VF/30X40/WW/NATURAL/EXP"))).status).toBe(201);
  expect((await ask("POST", "/api/v1/orders/", lineWith(dotLine.sku))).status).toBe(400);
});

test("a preview that is too old is refused with MGE's own words, in a direct order and at submit", async () => {
  const { optionId, sku } = await optionFor("40X50");
  const body = lineOf({ sku, preview_option_id: optionId });
  const created = await ask("POST", "/api/v1/order-drafts/", body);
  const draft = `/api/v1/order-drafts/${String(at(created.body, "id"))}/`;
  const ready = await ask("POST", `${draft}validate/`);
  expect(at(ready.body, "preview_reservations", 0, "preview_option_id")).toBe(optionId);
  time = new Date(time.getTime() + 8 * 3600_000);

  const answers = [await ask("POST", "/api/v1/orders/", body), await ask("POST", `${draft}submit/`)];

  const words = "preview_option_id has expired; create a fresh preview before ordering.";
  for (const answer of answers) expect([answer.status, answer.body]).toEqual([400, { detail: words }]);
  expect((await ask("POST", `${draft}validate/`)).body).toMatchObject({ valid: false });
  expect(dot.ledger()).toHaveLength(0);
});

test("a picture that cannot be decoded is refused, and one that is cut off fails while it is painted", async () => {
  const fake = new File(
    [Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(900, 7)])],
    "a.jpg",
  );
  const noise = Buffer.from(Array.from({ length: 300 * 300 * 3 }, (_, byte) => (byte * 7919) % 251));
  const whole = await sharp(noise, { raw: { width: 300, height: 300, channels: 3 } })
    .jpeg()
    .toBuffer();
  const cut = new File([whole.subarray(0, whole.length / 2)], "b.jpg");

  const refused = await ask("POST", "/api/v1/preview/", previewForm({ image: fake }));
  const begun = await ask("POST", "/api/v1/preview/", previewForm({ image: cut }));
  const path = `/api/v1/preview/${String(at(begun.body, "preview_id"))}/`;
  await ask("GET", path);

  expect([refused.status, at(refused.body, "image")]).toEqual([
    400,
    [expect.stringContaining("valid image")],
  ]);
  expect(at((await ask("GET", path)).body, "status")).toBe("FAILED");
  expect(at((await ask("GET", `${path}purchase-options/`)).body, "purchase_options")).toEqual([]);
});

test("a preview takes at least as long as it is told to, and its pictures are paintings of the photo", async () => {
  await dot.stop();
  dot = await startDot({ now: () => time, previewSeconds: 2, previewPolls: 0 });
  ask = clientOf(dot, "mge_sk_demo");
  const made = await ask("POST", "/api/v1/preview/", previewForm());
  const path = `/api/v1/preview/${String(at(made.body, "preview_id"))}/`;
  const status = async (): Promise<unknown> => at((await ask("GET", path)).body, "status");

  expect(await status()).toBe("PROCESSING");
  time = new Date(time.getTime() + 2000);
  while ((await status()) === "PROCESSING") await nextTurn();
  const links = (at((await ask("GET", path)).body, "previews") as { preview_url: string }[]).map(
    ({ preview_url }) => preview_url,
  );

  for (const link of links) {
    const bytes = Buffer.from(await (await fetch(link)).arrayBuffer());
    expect(await sharp(bytes).metadata()).toMatchObject({
      format: "webp",
      width: expect.any(Number) as number,
    });
  }
});
