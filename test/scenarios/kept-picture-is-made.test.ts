// A picture that we keep reaches the vendor as it is: as a file, or by a link that only the vendor was given.
import { expect, test } from "vitest";
import "#test/previews/folder.ts";
import { readArtwork } from "#app/orders/part.server.ts";
import { findArtworkFile, isGoodLink, signedArtworkUrl } from "#app/previews/artwork.server.ts";
import { aShopper, mapKit } from "#test/previews/preview-scene.ts";
import { aTown, kitSku } from "#test/support/town.ts";

const town = aTown();

test("a kit whose picture we keep is sent with exactly that file", async () => {
  const settings = { artworkTransfer: "upload", artworkSource: "photo" };
  await mapKit(town, { connectionId: await town.connect("dot", { settings }), sku: kitSku });
  const shopper = aShopper(town);
  const photo = await shopper.photo();
  const properties = { _dot_ref: await shopper.choose(kitSku, "drama", photo) };
  const order = await town.shopify.checkout({ lines: [{ sku: kitSku, quantity: 1, properties }] });
  await town.rest();
  expect(await town.parts(order.id)).toMatchObject([{ status: "sent" }]);
  const { line_items: lines } = town.dot.ledger()[0]?.body as { line_items: { asset_token: string }[] };
  const made = await fetch(`${town.dot.url}/media/assets/${lines[0]?.asset_token}`);
  const { bytes } = await readArtwork(town.database.pool, { shop: town.shopify.shop, id: photo });
  expect(Buffer.from(await made.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
});

test("a link to a kept picture is good for weeks, for that picture only, and not for ever", async () => {
  const id = await aShopper(town).photo();
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
