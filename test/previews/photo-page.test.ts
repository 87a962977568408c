// The pages of our own host: which of them a shopper gets, and that its widget can take a photo, also where nobody knows
// the product.
import "./folder.ts";
import { beforeEach, expect, test } from "vitest";
import { answerLinkPage, answerShopPage } from "#app/previews/photo-page.server.ts";
import { answerLinkCall } from "#app/previews/selection-api.server.ts";
import { photoLink } from "#app/previews/selection-link.server.ts";
import { aTown, kitSku } from "#test/support/town.ts";
import { aShopper, heard, makeAll, mapKit, productOf, variantOf } from "./preview-scene.ts";
import { aBrowser, aForm, aPhoto, forwarded } from "./shopper.ts";

const town = aTown();
const db = () => town.database.pool;

beforeEach(async () => {
  const connectionId = await town.connect("dot");
  await mapKit(town, { connectionId, sku: kitSku });
});

/** A kit that was paid without a photo, and its link's token. */
async function paidWithoutPhoto(): Promise<{ id: string; token: string }> {
  const order = await town.shopify.checkout({ lines: [{ sku: kitSku, quantity: 1 }] });
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "held", code: "needs photo" }]);
  const { rows } = await db().query<{ orderId: string; lineId: string }>(
    `SELECT "orderId", "shopifyLineId" AS "lineId" FROM "OrderLine"`,
  );
  const [line] = rows;
  if (!line) throw new Error("no line");
  const { url } = await photoLink(db(), { shop: town.shopify.shop, ...line });
  return { id: order.id, token: url.split("/photo/")[1] ?? "" };
}

async function open(token: string, language = "en"): Promise<{ status: number; html: string }> {
  const request = new Request("https://makerlane.test/x", { headers: { "accept-language": language } });
  const answer = await answerLinkPage(db(), { token, request });
  return { status: answer.status, html: await answer.text() };
}

const productIn = (html: string): string => /data-product="([^"]*)"/.exec(html)?.[1] ?? "none";

const call = (token: string, rest: string, init: RequestInit = {}) =>
  heard(
    answerLinkCall(
      { db: db(), wake: () => undefined },
      { token, rest },
      new Request("https://makerlane.test/x", init),
    ),
  );

/** What the widget does with the product that the page names: asks what is on offer, and uploads. */
async function takesPhoto(token: string, browser: string): Promise<void> {
  const { status, html } = await open(token);
  expect(status).toBe(200);
  const [product, variant] = [productIn(html), variantOf(town, kitSku)];
  const facts = await call(token, `products/${product}`);
  expect(Object.keys(facts.body["sizes"] ?? {})).toEqual([variant]);
  const body = aForm(await aPhoto(), { browser, product, variant });
  expect((await call(token, "artworks", { method: "POST", body })).status).toBe(202);
}

test("A link takes a photo although its order line knows no product, or another than the Mapping does", async () => {
  const { token } = await paidWithoutPhoto();
  for (const product of [null, "0", "77"]) {
    await db().query(`UPDATE "OrderLine" SET "productId" = $1`, [product]);
    await takesPhoto(token, aBrowser());
  }
});

test("An order goes on with the photo of its link although nobody knows the product", async () => {
  const { id, token } = await paidWithoutPhoto();
  await db().query(`UPDATE "OrderLine" SET "productId" = NULL`);
  await db().query(`UPDATE "Mapping" SET "productId" = NULL`);
  const { browser, ...shopper } = aShopper(town);
  await takesPhoto(token, browser);
  const preview = String((await shopper.ask(await shopper.photo(), kitSku)).body["preview"]);
  await makeAll(town);
  const body = JSON.stringify({ browser, preview, look: "drama", variant: variantOf(town, kitSku) });
  expect((await call(token, "selections", { method: "POST", body })).status).toBe(200);
  await town.rest();
  expect(await town.parts(id)).toMatchObject([{ status: "sent" }]);
});

test("A link says that no photo can be taken while nobody paints its variant, and works when somebody does", async () => {
  const { token } = await paidWithoutPhoto();
  await db().query(`UPDATE "Connection" SET status = 'paused'`);
  const closed = await open(token);
  expect(closed.status).toBe(404);
  expect(closed.html).toContain("We cannot take a photo for this product right now. Please ask the shop.");
  expect(closed.html).not.toContain("<dot-kit");
  await db().query(`UPDATE "Connection" SET status = 'on'`);
  expect((await open(token)).html).toContain("<dot-kit");
});

test("A link's page says in the shopper's language when an ordered photo is deleted", async () => {
  const { token } = await paidWithoutPhoto();
  await db().query(`UPDATE "Shop" SET "keepOrdered" = 60`);
  expect((await open(token)).html).toContain(
    "It is deleted 60 days after your kit has arrived; two weeks are counted for its way.",
  );
  expect((await open(token, "de-AT,de;q=0.9")).html).toContain(
    "Es wird 60 Tage nach der Ankunft deines Sets",
  );
});

test("A product page without a script leads to a widget that knows its product, also from a Mapping made by hand", async () => {
  const [variant, product] = [variantOf(town, kitSku), productOf(town, kitSku)];
  const page = async (query: Record<string, string>) =>
    (
      await answerShopPage(db(), forwarded("/photo", { query: { shop: town.shopify.shop, ...query } }))
    ).text();
  expect(productIn(await page({ variant }))).toBe(product);
  await db().query(`UPDATE "Mapping" SET "productId" = NULL`);
  const html = await page({ variant, product });
  expect(productIn(html)).toBe(product);
  expect(html).toContain("This page needs JavaScript.");
  for (const lacking of [{ variant }, { product }, { variant: "1", product }, { variant, product: "x" }])
    expect(await page(lacking)).toContain("This version is not made from a photo.");
  // Paused, it is made from a photo as before: nobody is told to buy it without one.
  await db().query(`UPDATE "Connection" SET status = 'paused'`);
  const paused = await page({ variant, product });
  expect(paused).toContain("We cannot take a photo for this product right now. Please ask the shop.");
  expect(paused).not.toContain("<dot-kit");
});
