// A picture that we keep reaches the vendor as it is: as a file, or by a link that only the vendor was given.
import { expect, test } from "vitest";
import { findArtworkFile, isGoodLink, keepArtwork, signedArtworkUrl } from "#app/previews/artwork.server.ts";
import { aTown, kitSku } from "#test/support/town.ts";

const town = aTown();
const bytes = Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(5000, 42)]);
const picture = { filename: "ana.jpg", contentType: "image/jpeg" as const, width: 3000, height: 4000, bytes };

test("a kit whose picture we keep is sent with exactly that file", async () => {
  await town.connect("dot", { settings: { artworkTransfer: "upload" } });
  const id = await keepArtwork(town.database.pool, { shop: town.shopify.shop, ...picture });
  const order = await town.shopify.checkout({
    lines: [{ sku: kitSku, quantity: 1, properties: { _makerlane_artwork: id } }],
  });
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }]);
  const { line_items: lines } = town.dot.ledger()[0]?.body as { line_items: { asset_token: string }[] };
  const made = await fetch(`${town.dot.url}/media/assets/${lines[0]?.asset_token}`);
  expect(Buffer.from(await made.arrayBuffer()).equals(bytes)).toBe(true);
});

test("a picture of another shop is never sent, whatever the cart line says", async () => {
  await town.connect("dot", { settings: { artworkTransfer: "upload" } });
  const id = await keepArtwork(town.database.pool, { shop: "other.myshopify.com", ...picture });
  const order = await town.shopify.checkout({
    lines: [{ sku: kitSku, quantity: 1, properties: { _makerlane_artwork: id } }],
  });
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "held", code: "needs photo" }]);
});

test("a link to a kept picture is good for weeks, for that picture only, and not for ever", async () => {
  const id = await keepArtwork(town.database.pool, { shop: town.shopify.shop, ...picture });
  const link = new URL(signedArtworkUrl(id));
  const days = (count: number): Date => new Date(Date.now() + count * 86_400_000);
  expect(isGoodLink(link)).toBe(true);
  expect(isGoodLink(link, days(40))).toBe(true);
  expect(isGoodLink(link, days(50))).toBe(false);
  expect(isGoodLink(new URL(link.href.replace(id, "00000000-0000-4000-8000-000000000000")))).toBe(false);
  expect(isGoodLink(new URL(link.href.replace(/expires=\d/, "expires=9")))).toBe(false);
  expect(await findArtworkFile(town.database.pool, id)).toMatchObject({ contentType: "image/jpeg" });
  expect(await findArtworkFile(town.database.pool, "nonsense")).toBeUndefined();
});
