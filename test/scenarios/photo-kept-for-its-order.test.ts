// A photo that was ordered stays for its order: however long the order waits, whatever its shopper's browser asks, and
// whoever else brings the same reference.
import { beforeEach, expect, test } from "vitest";
import "#test/previews/folder.ts";
import { inTransaction } from "#app/db.server.ts";
import { approve } from "#app/orders/decision.server.ts";
import { orderId } from "#app/orders/order-id.ts";
import { deleteArtwork } from "#app/previews/artwork-answers.server.ts";
import { dateArtwork } from "#app/previews/artwork-retention.server.ts";
import { bindArtwork } from "#app/previews/artwork.server.ts";
import { sweepPreviews } from "#app/previews/preview-pictures.server.ts";
import { sweepPersonalData } from "#app/privacy.server.ts";
import { aShopper, mapKit } from "#test/previews/preview-scene.ts";
import { base, posted } from "#test/previews/shopper.ts";
import { aTown, kitSku } from "#test/support/town.ts";

const town = aTown();
const pool = () => town.database.pool;

beforeEach(async () => {
  const connectionId = await town.connect("dot", { approve: true, settings: { previewAgain: "send" } });
  await mapKit(town, { connectionId, sku: kitSku });
});

/** Buys with this reference and lets it be taken in. Answers with the Shopify order and ours. */
async function buy(ref: string, email = "ana@example.com") {
  const properties = { _dot_ref: ref };
  const order = await town.shopify.checkout({ lines: [{ sku: kitSku, quantity: 1, properties }], email });
  await town.rest();
  const id = orderId(town.shopify.shop, order.id);
  return { id, shopifyId: order.id };
}

async function sweepAll(): Promise<void> {
  await dateArtwork(pool());
  await sweepPreviews(pool());
  await sweepPersonalData(pool());
}

async function askToDelete(shopper: ReturnType<typeof aShopper>, id: string): Promise<void> {
  const { shop } = town.shopify;
  const visitor = { shop, base, address: "198.51.100.4", host: "kits.example.com" };
  await deleteArtwork(pool(), visitor, { id, request: posted("/x", { browser: shopper.browser }) });
}

test("threat 15: an order that waits for its merchant longer than unordered photos are kept is made from its photo", async () => {
  const shopper = aShopper(town);
  const photo = await shopper.photo();
  const { shopifyId } = await buy(await shopper.choose(kitSku, "drama", photo));
  await askToDelete(shopper, photo);
  await town.database.later("40 days");
  await sweepAll();
  const [part] = await town.parts(shopifyId);
  expect(part).toMatchObject({ status: "held", code: "approval" });
  await approve(town.world, { shop: town.shopify.shop, vendorOrderId: part?.id ?? "" });
  await town.rest();
  // MGE keeps its preview for a week only, so it is made again: from the photo, which is still here.
  const { rows } = await pool().query<{ state: string }>(`SELECT state FROM "Preview" WHERE browser = ''`);
  expect(rows).toEqual([{ state: "new" }]);
  expect((await town.parts(shopifyId))[0]?.code).toBeNull();
});

test("threat 15: a photo whose order turns out to be none of ours goes after the days of an ordered one", async () => {
  const shopper = aShopper(town);
  const { id } = await buy(await shopper.choose(kitSku));
  await pool().query(
    `UPDATE "VendorOrder" SET status = 'cancelled', "changedAt" = now() WHERE "orderId" = $1`,
    [id],
  );
  await pool().query(`DELETE FROM "OrderLine" WHERE "orderId" = $1`, [id]);
  await pool().query(`DELETE FROM "TimelineEntry" WHERE "orderId" = $1`, [id]);
  await pool().query(`DELETE FROM "VendorOrder" WHERE "orderId" = $1`, [id]);
  await pool().query(`UPDATE "Order" SET status = 'not ours', "updatedAt" = now() WHERE id = $1`, [id]);
  await dateArtwork(pool());
  const { rows } = await pool().query<{ days: number }>(
    `SELECT round(extract(epoch FROM "forgetAt" - now()) / 86400)::int AS days FROM "Artwork"`,
  );
  expect(rows).toEqual([{ days: 74 }]);
});

test("threat 15: a photo in two orders stays until the second one is made too", async () => {
  const shopper = aShopper(town);
  const ref = await shopper.choose(kitSku);
  const first = await buy(ref);
  await buy(ref);
  await pool().query(
    `UPDATE "VendorOrder" SET status = 'shipped', "changedAt" = now() WHERE "orderId" = $1`,
    [first.id],
  );
  await town.database.later("80 days");
  await sweepAll();
  expect((await pool().query(`SELECT 1 FROM "Artwork"`)).rowCount).toBe(1);
});

test("threat 4: the first who ordered has the picture, also while both orders wait", async () => {
  const shopper = aShopper(town);
  const ref = await shopper.choose(kitSku);
  const ana = await buy(ref, "ana@example.com");
  const eve = await buy(ref, "eve@example.com");
  const { rows } = await pool().query(`SELECT "orderId" FROM "OrderPicture"`);
  expect(rows).toEqual([{ orderId: ana.id }]);
  for (const { shopifyId } of [eve, ana]) {
    const [part] = await town.parts(shopifyId);
    await approve(town.world, { shop: town.shopify.shop, vendorOrderId: part?.id ?? "" });
  }
  await town.rest();
  expect(await town.parts(eve.shopifyId)).toMatchObject([{ status: "held", code: "needs photo" }]);
  expect(await town.parts(ana.shopifyId)).toMatchObject([{ status: "sent" }]);
});

test("threat 15: a photo that is deleted while its order is taken in is gone for that order, never half there", async () => {
  const shopper = aShopper(town);
  const id = await shopper.photo();
  // Being prepared: its row stays for a while after its shopper deleted it.
  await pool().query(`UPDATE "Artwork" SET state = 'new', tries = 1`);
  const { shop } = town.shopify;
  const order = "0b6f2d4e-3c1a-4f6e-9b7d-5a1c2e3f4a5b";
  await inTransaction(pool(), async (sql) => {
    // For this transaction, which began before, the photo's time is not over yet.
    await sql.query("SELECT now()");
    await askToDelete(shopper, id);
    const row = await sql.query(`SELECT "forgetAt" > now() AS "isKept" FROM "Artwork"`);
    expect(row.rows).toEqual([{ isKept: true }]);
    expect(await bindArtwork(sql, { shop, id, orderId: order })).toBe(false);
  });
});

test("threat 15: a photo in its last minute is not taken for an order, since its files may be going", async () => {
  const { shop } = town.shopify;
  const order = "0b6f2d4e-3c1a-4f6e-9b7d-5a1c2e3f4a5b";
  const id = await aShopper(town).photo();
  const lasts = (seconds: number) =>
    pool().query(`UPDATE "Artwork" SET "forgetAt" = now() + $1 * interval '1 second'`, [seconds]);
  await lasts(30);
  expect(await bindArtwork(pool(), { shop, id, orderId: order })).toBe(false);
  await lasts(120);
  expect(await bindArtwork(pool(), { shop, id, orderId: order })).toBe(true);
  expect(await bindArtwork(pool(), { shop, id, orderId: order })).toBe(true);
});
