// From a shopper's photo to MGE's ledger: what the shopper saw is what is ordered, for the size that was paid.
import { expect, test } from "vitest";
import sharp from "sharp";
import "#test/previews/folder.ts";
import { approve } from "#app/orders/decision.server.ts";
import { readFile } from "#app/previews/storage.server.ts";
import { aShopper, makeAll, mapKit, productOf, variantOf } from "#test/previews/preview-scene.ts";
import { aTown, kitSku } from "#test/support/town.ts";

const town = aTown();
const largeSku = "DOT/VF/60X80/W/BLACK/STD";

/** The DOT account with two sizes mapped. */
async function kits(settings: Record<string, unknown> = {}): Promise<void> {
  const connectionId = await town.connect("dot", { settings });
  await mapKit(town, { connectionId, sku: kitSku });
  await mapKit(town, { connectionId, sku: largeSku });
}

/** What MGE would make: each line with its kit, look and number of pieces. */
function made(): { sku: string; quantity: number; look: unknown }[] {
  return town.dot
    .ledger()
    .flatMap(({ lines }) =>
      lines.map(({ sku, quantity, detail }) => ({ sku, quantity, look: detail?.["look"] })),
    );
}

const starts = (): number =>
  town.dot.requests().filter(({ method, path }) => method === "POST" && path.endsWith("/preview/")).length;

const buy = (sku: string, ref: string, more: Record<string, string> = {}, quantity = 1) =>
  town.shopify.checkout({
    lines: [{ sku, quantity, properties: { _dot_ref: ref, Design: "Dramatic", ...more } }],
  });

test("the look that the shopper chose is ordered as the kit that was paid", async () => {
  await kits();
  const ref = await aShopper(town).choose(kitSku, "drama");
  expect(ref).toMatch(/^[\w-]{22}$/);
  const order = await buy(kitSku, ref, {}, 2);
  await town.rest();

  expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }]);
  expect(made()).toEqual([{ sku: kitSku, quantity: 2, look: "drama" }]);
  const pictures = await town.database.pool.query(`SELECT "sentSha256" FROM "OrderPicture"`);
  expect(pictures.rows).toEqual([{ sentSha256: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
});

test("the same wish is the same preview, and MGE paints it once", async () => {
  await kits();
  const shopper = aShopper(town);
  const photo = await shopper.photo();
  const [one, other] = [await shopper.ask(photo, kitSku), await shopper.ask(photo, kitSku)];
  expect(one.status).toBe(202);
  expect(other.body["preview"]).toBe(one.body["preview"]);
  await makeAll(town);
  expect(starts()).toBe(1);
});

test("M24 no answer to a shopper holds a price, a SKU, a key or a number of the vendor's", async () => {
  await kits();
  const shopper = aShopper(town);
  const photo = await shopper.photo();
  const answers = [await shopper.product(productOf(town, kitSku)), await shopper.ask(photo, kitSku)];
  const preview = String(answers[1]?.body["preview"]);
  answers.push(await shopper.look(preview));
  await makeAll(town);
  answers.push(await shopper.look(preview), await shopper.select(preview, "drama", kitSku));
  expect(answers.map(({ status }) => status)).toEqual([200, 202, 200, 200, 200]);
  expect(answers[0]?.body).toMatchObject({
    sizes: {
      [variantOf(town, kitSku)]: { label: "40 × 50", width_mm: 400, dots: [160, 200], min: [320, 400] },
    },
    looks: [{ look: "source" }, { look: "drama" }],
    retention_days: 14,
  });
  expect(answers[3]?.body).toMatchObject({ state: "ready", looks: [{ look: "source" }, { look: "drama" }] });
  const { rows } = await town.database.pool.query<{ vendorPreviewId: string }>(
    `SELECT "vendorPreviewId" FROM "Preview"`,
  );
  // Signed links and references are random letters, in which anything may stand.
  const text = answers.map((answer) => answer.text.replace(/\/uploads\/[^"]+|"ref":"[^"]+"/g, "")).join(" ");
  expect(text).not.toMatch(/price|currency|EUR|mge_sk|DOT\/|option|brand/i);
  expect(text).not.toContain(rows[0]?.vendorPreviewId);
  expect(answers[4]?.body["thumbnail"]).toMatch(
    /^https:\/\/kits\.example\.com\/apps\/dot\/uploads\/.+\.webp$/,
  );
});

test("another browser cannot see, choose or go on with a preview", async () => {
  await kits();
  const [owner, stranger] = [aShopper(town), aShopper(town)];
  const photo = await owner.photo();
  const preview = String((await owner.ask(photo, kitSku)).body["preview"]);
  await makeAll(town);
  expect(await stranger.look(preview)).toMatchObject({ status: 404, body: { error: { code: "gone" } } });
  expect((await stranger.select(preview, "drama", kitSku)).status).toBe(404);
  expect((await stranger.ask(photo, kitSku)).status).toBe(404);
});

test("whoever paid for a larger size gets the larger kit, from a preview made again, after the merchant's look", async () => {
  await kits();
  const ref = await aShopper(town).choose(kitSku, "drama");
  const order = await buy(largeSku, ref);
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "waiting" }]);
  expect(made()).toEqual([]);
  await makeAll(town);
  await town.database.later("1 minute");
  await town.rest();
  const [part] = await town.parts(order.id);
  expect(part).toMatchObject({ status: "held", code: "approval" });
  await approve(town.world, { shop: town.shopify.shop, vendorOrderId: part?.id ?? "" });
  await town.rest();
  expect(made()).toEqual([{ sku: largeSku, quantity: 1, look: "drama" }]);
});

test("with “send the order”, a preview made again goes by itself", async () => {
  await kits({ previewAgain: "send" });
  const ref = await aShopper(town).choose(kitSku, "source");
  const order = await buy(largeSku, ref);
  await town.rest();
  await makeAll(town);
  await town.database.later("1 minute");
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }]);
  expect(made()).toEqual([{ sku: largeSku, quantity: 1, look: "source" }]);
});

test("a preview that MGE keeps no more is made again from the stored photo, and ordered once", async () => {
  await kits({ previewAgain: "send" });
  const ref = await aShopper(town).choose(kitSku, "drama");
  town.dot.fault({ on: "POST /api/v1/order-drafts/*/validate/", kind: "expired-preview" });
  const order = await buy(kitSku, ref);
  await town.rest();
  await town.database.later("1 minute");
  await town.rest();
  await makeAll(town);
  await town.database.later("1 minute");
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }]);
  expect(made()).toEqual([{ sku: kitSku, quantity: 1, look: "drama" }]);
});

test("A preview that MGE keeps no more is not taken from another shopper's row; the order goes after one new painting", async () => {
  await kits({ previewAgain: "send" });
  const { pool } = town.database;
  // With one look on offer what the shopper saw and what the order needs are the same work.
  await pool.query(`UPDATE "Shop" SET looks = '{drama}'`);
  const [ana, eve] = [aShopper(town), aShopper(town)];
  const [photo, theirs] = [await ana.photo(), await eve.photo()];
  await pool.query(`UPDATE "Artwork" SET sha256 = 'the same'`);
  const ref = await ana.choose(kitSku, "drama", photo);
  const sibling = String((await eve.ask(theirs, kitSku)).body["preview"]);
  await makeAll(town);
  expect((await eve.look(sibling)).body).toMatchObject({ state: "ready" });
  expect(starts()).toBe(1);
  town.dot.fault({ on: "POST /api/v1/order-drafts/*/validate/", kind: "expired-preview" });
  const order = await buy(kitSku, ref);
  await town.rest();
  expect((await eve.look(sibling)).body).toMatchObject({ state: "expired" });
  await town.database.later("1 minute");
  await town.rest();
  await makeAll(town);
  await town.database.later("1 minute");
  await town.rest();
  expect(starts()).toBe(2);
  expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }]);
  expect(made()).toEqual([{ sku: kitSku, quantity: 1, look: "drama" }]);
});

/** Chooses a part of the photo at 40 × 50: `share` of its width and height, from its middle. */
async function choosePart(share: number): Promise<string> {
  const shopper = aShopper(town);
  const from = (1 - share) / 2;
  const crop = { x: from, y: from, width: share, height: share };
  const photo = await shopper.photo(1600, 2000);
  const preview = String((await shopper.ask(photo, kitSku, { crop })).body["preview"]);
  await makeAll(town);
  return String((await shopper.select(preview, "drama", kitSku)).body["ref"]);
}

test("Whoever paid for a larger size than the chosen part of the photo is good for is asked for another photo, and nothing is sent", async () => {
  await kits({ previewAgain: "send" });
  const order = await buy(largeSku, await choosePart(0.25));
  await town.rest();
  await makeAll(town);
  await town.database.later("1 minute");
  await town.rest();
  const [part] = await town.parts(order.id);
  expect(part).toMatchObject({ status: "held", code: "needs photo" });
  expect(part?.sentence).toContain(
    "the shopper paid for 60 × 80, and the chosen part of the photo (400 × 500 pixels) is too small for it",
  );
  expect(starts()).toBe(1);
  expect(made()).toEqual([]);
});

test("For another size than was looked at MGE is given the chosen part in the paid size's shape, and nothing from around it", async () => {
  await kits({ previewAgain: "send" });
  const order = await buy(largeSku, await choosePart(0.5));
  await town.rest();
  await makeAll(town);
  await town.database.later("1 minute");
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }]);
  const { rows } = await town.database.pool.query<{ fileKey: string; crop: unknown }>(
    `SELECT "fileKey", crop FROM "Preview" WHERE browser = ''`,
  );
  const { width, height } = await sharp(await readFile(rows[0]?.fileKey ?? "")).metadata();
  // 800 × 1000 pixels were chosen: three to four of them, from their middle.
  expect([width, height]).toEqual([750, 1000]);
  expect(rows[0]?.crop).toEqual({ x: 0.265625, y: 0.25, width: 0.46875, height: 0.5 });
});

test("While the account is paused a kit is not sold without its photo, and one that was chosen before keeps it", async () => {
  await kits();
  const shopper = aShopper(town);
  const photo = await shopper.photo();
  const preview = String((await shopper.ask(photo, kitSku)).body["preview"]);
  await makeAll(town);
  const { pool } = town.database;
  await pool.query(`UPDATE "Connection" SET status = 'paused'`);

  // The product says of each size, as ever, that it needs a photo; no new picture is painted of one.
  const { body } = await shopper.product(productOf(town, kitSku));
  expect(body["sizes"]).toHaveProperty(variantOf(town, kitSku));
  expect(await shopper.ask(await shopper.photo(), kitSku)).toMatchObject({
    status: 503,
    body: { error: { code: "unavailable" } },
  });
  expect(starts()).toBe(1);
  // What was painted before is still shown, and chosen.
  expect((await shopper.ask(photo, kitSku)).body["preview"]).toBe(preview);
  expect((await shopper.look(preview)).body).toMatchObject({ state: "ready" });
  const chosen = await shopper.select(preview, "drama", kitSku);
  expect(chosen.status).toBe(200);

  const order = await buy(kitSku, String(chosen.body["ref"]));
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "waiting" }]);
  await pool.query(`UPDATE "Connection" SET status = 'on'`);
  await town.database.later("1 hour");
  await town.rest();
  expect(made()).toEqual([{ sku: kitSku, quantity: 1, look: "drama" }]);
});
