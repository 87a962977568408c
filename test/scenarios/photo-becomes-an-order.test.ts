// From a shopper's photo to MGE's ledger: what the shopper saw is what is ordered, for the size that was paid.
import { expect, test } from "vitest";
import "#test/previews/folder.ts";
import { approve } from "#app/orders/decision.server.ts";
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
  const starts = town.dot
    .requests()
    .filter(({ method, path }) => method === "POST" && path.endsWith("/preview/"));
  expect(starts).toHaveLength(1);
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
