// Previews over real HTTP: a photo in, paintings to choose from and kits to order from them out.
import { expect, test } from "vitest";
import { fieldsSchema } from "#app/vendors/fields.ts";
import { dot } from "#app/vendors/dot/index.ts";
import { purchaseOptions, readPreview, startPreview, type PreviewWish } from "#app/vendors/dot/previews.ts";
import { settings as fields, type Settings } from "#app/vendors/dot/settings.ts";
import { tinyPng } from "#sandbox/vendors/pictures.ts";
import { memoryCalls } from "#test/vendors/calls.ts";
import { baseSettings, host, kit, orders, payloadOf, problemOf, sku, wireTo, world } from "./world.ts";

const file = { filename: "photo.png", contentType: "image/png", bytes: tinyPng("a shopper") };
const read = (raw: Record<string, unknown>): Settings => fieldsSchema(fields).parse(raw) as Settings;

/** A preview at MGE's stand-in, begun but not asked for yet. */
async function begun(wish: Partial<PreviewWish> = {}) {
  const mge = await world();
  const [settings, calls] = [read(mge.settings), mge.calls()];
  const { previewId } = await startPreview({ file, size: "40x50", ...wish }, settings, calls);
  const look = () => readPreview(previewId, settings, calls);
  return { mge, settings, calls, previewId, look };
}

/** How a preview reads that MGE tells of like this. */
async function told(json: unknown, status = 200) {
  const mge = await host({ "GET /api/v1/preview/p1/": { status, json } });
  const settings = { ...baseSettings, baseUrl: mge.url };
  return readPreview("p1", read(settings), memoryCalls({ vendor: dot, settings, http: wireTo(mge.url) }));
}

test("a preview is asked for with everything the guide shows", async () => {
  const mge = await host({ "POST /api/v1/preview/": { status: 201, json: { preview_id: "p1" } } });
  const settings = { ...baseSettings, baseUrl: mge.url };
  const calls = memoryCalls({ vendor: dot, settings, http: wireTo(mge.url) });
  const options = { comparisonCount: 2, autoCrop: false };
  await startPreview({ file, size: "40x50", looks: ["source", "drama"], options }, read(settings), calls);

  const form = mge.asked[0]?.body ?? "";
  const fields = [...form.matchAll(/name="(\w+)"\r\n\r\n([^\r]*)/g)].map(([, name, value]) => [name, value]);
  expect(Object.fromEntries(fields) as unknown).toEqual({
    brand_id: "116",
    products: '["DOT"]',
    comparison_count: "2",
    auto_enhance: "true",
    auto_crop: "false",
    preferred_size: "40X50",
    preview_options: '{"DOT":[{"variant":"source"},{"variant":"drama"}]}',
  });
  expect(form).toContain('name="image"; filename="photo.png"');
});

test("a preview is worked on, then ready with a picture and an option for each look", async () => {
  const { look } = await begun();

  expect(await look()).toMatchObject({ state: "working" });
  const ready = await look();
  expect(ready).toMatchObject({
    state: "ready",
    looks: [
      { look: "source", label: "True to the photo", size: "40X50" },
      { look: "drama", label: "Dramatic" },
    ],
  });
  if (ready === "gone") throw new Error("the preview is there");
  for (const { imageUrl, optionId } of ready.looks)
    expect([imageUrl, optionId]).toEqual([expect.stringMatching(/\.webp$/), expect.any(String)]);
});

test("M24 what a shopper is shown of a preview holds no price and no key", async () => {
  const { look } = await begun();
  await look();
  const shown = JSON.stringify(await look());

  expect(shown).toContain("optionId");
  expect(shown).not.toMatch(/price|cost|currency|\bEUR\b|mge_sk_|token/i);
});

test("an option of a preview is ordered as the kit that MGE names with it", async () => {
  const { mge, settings, calls, previewId, look } = await begun();
  expect(await purchaseOptions(previewId, settings, calls)).toEqual([]);
  await look();
  await look();
  const options = await purchaseOptions(previewId, settings, calls);
  if (options === "gone") throw new Error("the preview is there");
  const chosen = options.find((option) => option.sku === sku);

  expect(chosen).toMatchObject({ frame: "With frame", speed: "Standard", cost: "30.90 EUR" });
  const line = kit({ _dot_preview_option_id: chosen?.optionId ?? "", _dot_preview_id: previewId });
  await orders().submit(payloadOf([line]), mge.settings, calls);
  expect(mge.mge.ledger()).toMatchObject([{ lines: [{ sku, detail: { look: "source" } }] }]);
});

test("a photo that is none is refused with MGE's words, and a preview that is gone is said to be gone", async () => {
  const { settings, calls } = await begun();
  const fake = { ...file, bytes: new TextEncoder().encode("<!doctype html>") };

  const problem = await problemOf(() => startPreview({ file: fake, size: "40X50" }, settings, calls));
  expect([problem.problem, problem.message]).toEqual(["rejected", expect.stringContaining("valid image")]);
  expect(await readPreview("00000000-0000-4000-8000-000000000009", settings, calls)).toBe("gone");
});

const done = { variant: "source", preview_option_id: "A1", preview_url: "/media/a.webp" };
const open = { variant: "drama", preview_option_id: null, preview_url: null };
test.each<[string, unknown, unknown]>([
  ["a picture before the end", { status: "PROCESSING", previews: [done, open] }, { state: "working" }],
  ["a state we do not know", { status: "QUEUED" }, { state: "working", looks: [] }],
  [
    "some looks only",
    { status: "PARTIAL", previews: [done, open] },
    { state: "ready", looks: [{ look: "source" }] },
  ],
  ["no look yet", { status: "PARTIAL", previews: [open] }, { state: "working" }],
  ["a failure", { status: "ERROR", previews: [done] }, { state: "failed", looks: [] }],
])("a preview with %s is read for what it is", async (_what, json, expected) => {
  expect(await told(json)).toMatchObject(expected as object);
});

test("a picture's link is made whole, and one that is no web link is dropped", async () => {
  const links = ["/media/a.webp", "javascript:alert(1)", "https://cdn.example.com/b.webp"];
  const previews = links.map((preview_url) => ({ ...done, preview_url }));
  const preview = await told({ status: "COMPLETED", previews });
  const found = preview === "gone" ? [] : preview.looks.map(({ imageUrl }) => imageUrl);

  expect(found).toEqual([
    expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+\/media\/a\.webp$/),
    undefined,
    links[2],
  ]);
});
