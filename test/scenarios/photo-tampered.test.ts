// An order whose properties were tampered with, in every way that is known: never a wrong kit, never a dearer one.
import { expect, test } from "vitest";
import "#test/previews/folder.ts";
import { approve } from "#app/orders/decision.server.ts";
import { optionsOf } from "#app/previews/preview-rows.server.ts";
import {
  photoLink,
  readPhotoLink,
  revokePhotoLink,
  selectForLine,
  visitorOf,
} from "#app/previews/selection-link.server.ts";
import { aShopper, heard, makeAll, mapKit, variantOf } from "#test/previews/preview-scene.ts";
import { aTown, kitSku, printSku } from "#test/support/town.ts";

const town = aTown();
const dearSku = "DOT/VF/60X80/W/BLACK/STD";

async function kits(settings: Record<string, unknown> = {}): Promise<void> {
  const connectionId = await town.connect("dot", { settings });
  await mapKit(town, { connectionId, sku: kitSku });
  await mapKit(town, { connectionId, sku: dearSku });
}

type Properties = Record<string, string> | { name: string; value: string }[];

/** Buys with these properties; answers with what became of it and what MGE would make. */
async function buy(properties: Properties, { sku = kitSku, email }: { sku?: string; email?: string } = {}) {
  const order = await town.shopify.checkout({
    lines: [{ sku, quantity: 1, properties }],
    ...(email !== undefined && { email }),
  });
  await town.rest();
  const [part] = await town.parts(order.id);
  const made = town.dot
    .ledger()
    .flatMap(({ lines }) => lines.map((line) => ({ sku: line.sku, look: line.detail?.["look"] })));
  return { order, part, made };
}

const held = { status: "held", code: "needs photo" };
const otherUuid = "0b6f2d4e-3c1a-4f6e-9b7d-5a1c2e3f4a5b";

test("threat 1: a reference that nobody was given is held and never guessed at", async () => {
  await kits();
  const ref = await aShopper(town).choose(kitSku);
  const changed = `${ref.startsWith("A") ? "B" : "A"}${ref.slice(1)}`;
  for (const forged of [
    changed,
    "A".repeat(22),
    '\'; DROP TABLE "Selection"; --',
    ref.toLowerCase(),
    `${ref}x`,
  ]) {
    const { part, made } = await buy({ _dot_ref: forged });
    expect(part, forged).toMatchObject(held);
    expect(made).toEqual([]);
  }
});

test("threat 1: two references on one line are held, for nobody knows which was meant", async () => {
  await kits();
  const refs = [await aShopper(town).choose(kitSku), await aShopper(town).choose(kitSku)];
  const { part, made } = await buy(refs.map((value) => ({ name: "_dot_ref", value })));
  expect(part).toMatchObject(held);
  expect(made).toEqual([]);
});

test("threat 2: a SKU, an option, a preview, a photo or a price of the shopper's own is not read beside a reference", async () => {
  await kits();
  const ref = await aShopper(town).choose(kitSku, "drama");
  const { part, made } = await buy({
    _dot_ref: ref,
    _dot_preview_option_id: otherUuid,
    _dot_preview_id: otherUuid,
    _dot_asset_url: "http://169.254.169.254/latest/meta-data",
    _makerlane_artwork: otherUuid,
    sku: dearSku,
    _sku: dearSku,
    look: "source",
    price: "0.01",
    quantity: "99",
  });
  expect(part).toMatchObject({ status: "sent" });
  expect(made).toEqual([{ sku: kitSku, look: "drama" }]);
});

test("threat 2: beside a forged reference nothing else is read either", async () => {
  await kits();
  const { part, made } = await buy({
    _dot_ref: "A".repeat(22),
    _dot_preview_option_id: otherUuid,
    _dot_asset_url: "https://example.com/p.jpg",
  });
  expect(part).toMatchObject(held);
  expect(made).toEqual([]);
});

test("threat 2: without a reference, an option that MGE did not give is not ordered", async () => {
  await kits({ propertyPreviews: false });
  const { part, made } = await buy({ _dot_preview_option_id: otherUuid });
  expect(part).toMatchObject(held);
  expect(made).toEqual([]);
});

test("threat 2: an option that MGE did make, for a dearer kit, is not ordered with the one that was paid", async () => {
  await kits();
  await aShopper(town).choose(dearSku, "drama");
  const { rows } = await town.database.pool.query<{ id: string; shop: string; options: Buffer }>(
    `SELECT id, shop, options FROM "Preview"`,
  );
  const dear = rows[0] && optionsOf(rows[0]).find(({ sku }) => sku === dearSku);
  expect(dear?.optionId).toMatch(/^[0-9a-f-]{36}$/);
  const { part, made } = await buy({ _dot_preview_option_id: dear?.optionId ?? "" });
  expect(part).toMatchObject({ status: "held" });
  expect(made).toEqual([]);
});

test("threat 3: a reference on a product that is no kit makes no kit of it", async () => {
  await kits();
  const ref = await aShopper(town).choose(kitSku);
  const order = await town.shopify.checkout({
    lines: [{ sku: printSku, quantity: 1, properties: { _dot_ref: ref } }],
  });
  await town.rest();
  expect(await town.parts(order.id)).toEqual([]);
  expect(await town.order(order.id)).toMatchObject({ status: "held" });
  expect(town.dot.ledger()).toEqual([]);
});

test("threat 3: whoever previews the large one and pays for the small one gets the small one", async () => {
  await kits({ previewAgain: "send" });
  const ref = await aShopper(town).choose(dearSku, "drama");
  const { order, made } = await buy({ _dot_ref: ref });
  expect(made).toEqual([]);
  await makeAll(town);
  await town.database.later("1 minute");
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }]);
  expect(town.dot.ledger().flatMap(({ lines }) => lines.map(({ sku }) => sku))).toEqual([kitSku]);
});

test("threat 3: a kit sold for less than the merchant's lowest price waits for a person, and goes once when approved", async () => {
  const connectionId = await town.connect("dot");
  await mapKit(town, { connectionId, sku: kitSku, lowestPrice: 1000 });
  const ref = await aShopper(town).choose(kitSku);
  const { order, part, made } = await buy({ _dot_ref: ref });
  expect(part).toMatchObject({ status: "held", code: "approval" });
  expect(part?.sentence).toMatch(/was sold for [\d.]+, and you set 1000 as its lowest price under Products/);
  expect(made).toEqual([]);
  expect(await approve(town.world, { shop: town.shopify.shop, vendorOrderId: part?.id ?? "" })).toEqual({
    done: true,
  });
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }]);
  expect(town.dot.ledger()).toHaveLength(1);
  await mapKit(town, { connectionId, sku: kitSku, lowestPrice: 1 });
  expect((await buy({ _dot_ref: await aShopper(town).choose(kitSku) })).part).toMatchObject({
    status: "sent",
  });
});

test("threat 4: a reference copied from another customer's order yields nothing", async () => {
  await kits();
  const ref = await aShopper(town).choose(kitSku);
  expect((await buy({ _dot_ref: ref }, { email: "ana@example.com" })).part).toMatchObject({ status: "sent" });
  const copied = await buy({ _dot_ref: ref }, { email: "eve@example.com" });
  expect(copied.part).toMatchObject(held);
  expect(copied.made).toHaveLength(1);
});

test("threat 4: a reference of another product is held", async () => {
  await kits();
  const ref = await aShopper(town).choose(kitSku);
  await town.database.pool.query(`UPDATE "Selection" SET "productId" = '42'`);
  expect((await buy({ _dot_ref: ref })).part).toMatchObject(held);
});

test("threat 18: a reference of another shop is held", async () => {
  await kits();
  const ref = await aShopper(town).choose(kitSku);
  await town.database.pool.query(`UPDATE "Selection" SET shop = 'other.myshopify.com'`);
  const { part, made } = await buy({ _dot_ref: ref });
  expect(part).toMatchObject(held);
  expect(made).toEqual([]);
});

test("threat 14: a kit bought without a photo waits; the shopper adds one by the link, once, and it goes by itself", async () => {
  await kits();
  const { order, part, made } = await buy({});
  expect(part).toMatchObject(held);
  expect(made).toEqual([]);

  const { pool } = town.database;
  const { rows } = await pool.query<{ orderId: string; lineId: string }>(
    `SELECT "orderId", "shopifyLineId" AS "lineId" FROM "OrderLine"`,
  );
  const [line] = rows;
  if (!line) throw new Error("no line");
  const { url } = await photoLink(pool, { shop: town.shopify.shop, ...line });
  const token = url.split("/photo/")[1] ?? "";
  const link = await readPhotoLink(pool, token);
  if (link?.state !== "open") throw new Error("the link is good");
  expect(await readPhotoLink(pool, `${token}x`)).toBeUndefined();
  const late = new Date(Date.now() + 61 * 86_400_000);
  expect(await readPhotoLink(pool, token, late)).toMatchObject({ state: "over" });

  const shopper = aShopper(town);
  const preview = String((await shopper.ask(await shopper.photo(), kitSku)).body["preview"]);
  await makeAll(town);
  const request = (): Request =>
    new Request("https://makerlane.test/x", {
      method: "POST",
      body: JSON.stringify({
        browser: shopper.browser,
        preview,
        look: "source",
        variant: variantOf(town, kitSku),
      }),
    });
  const visitor = visitorOf(link, token, request());
  const world = { db: pool, wake: () => undefined };
  expect((await heard(selectForLine(world, { link, visitor }, request()))).status).toBe(200);
  expect((await heard(selectForLine(world, { link, visitor }, request()))).status).toBe(409);
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }]);
  expect(
    town.dot.ledger().flatMap(({ lines }) => lines.map(({ sku, detail }) => [sku, detail?.["look"]])),
  ).toEqual([[kitSku, "source"]]);
  expect(await readPhotoLink(pool, token)).toMatchObject({ state: "used" });
});

test("threat 15: a photo that is not kept any more is never replaced by another", async () => {
  await kits();
  const ref = await aShopper(town).choose(kitSku);
  await town.database.pool.query(`UPDATE "Artwork" SET "forgetAt" = now()`);
  const { part, made } = await buy({ _dot_ref: ref });
  expect(part).toMatchObject(held);
  expect(made).toEqual([]);
});

test("threat 4: a link that the merchant took back opens nothing, until it is given again", async () => {
  await kits();
  await buy({});
  const { pool } = town.database;
  const { shop } = town.shopify;
  const { rows } = await pool.query<{ orderId: string; lineId: string }>(
    `SELECT "orderId", "shopifyLineId" AS "lineId" FROM "OrderLine"`,
  );
  const line = { shop, orderId: rows[0]?.orderId ?? "", lineId: rows[0]?.lineId ?? "" };
  const token = (await photoLink(pool, line)).url.split("/photo/")[1] ?? "";
  await revokePhotoLink(pool, { ...line, shop: "other.myshopify.com", revoked: true });
  expect(await readPhotoLink(pool, token)).toMatchObject({ state: "open", lineId: line.lineId });
  await revokePhotoLink(pool, { ...line, revoked: true });
  expect(await readPhotoLink(pool, token)).toMatchObject({ state: "over" });
  expect((await photoLink(pool, line)).usedAt).not.toBeNull();
  await revokePhotoLink(pool, { ...line, revoked: false });
  expect(await readPhotoLink(pool, token)).toMatchObject({ state: "open", lineId: line.lineId });
});
