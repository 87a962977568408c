// The pictures on the page of an order: what the shopper chose beside the very file that was sent, for this shop alone.
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { pagesDatabase } from "./pages-database.ts";

const database = pagesDatabase();
const folder = mkdtempSync(path.join(tmpdir(), "makerlane-pictures-"));
process.env["DATA_DIR"] = folder;
const shop = "demo.myshopify.com";
const other = "other.myshopify.com";
const text = (words: string): Uint8Array => new TextEncoder().encode(words);

async function load() {
  return {
    ...(await import("#test/orders/rows.ts")),
    ...(await import("#app/ui/order-pictures.server.ts")),
    ...(await import("#app/ui/decide.server.ts")),
    ...(await import("#app/previews/selection-link.server.ts")),
    ...(await import("#app/previews/storage.server.ts")),
    ...(await import("#app/crypto.server.ts")),
    ...(await import("#app/world.server.ts")),
  };
}
let app: Awaited<ReturnType<typeof load>>;

beforeAll(async () => {
  app = await load();
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function aPart(part: Record<string, unknown> = {}): Promise<string> {
  const connection = await app.aConnection(database.pool, { vendor: "dot" });
  const { orderId } = await app.aPartRow(database.pool, {
    ...connection,
    vendor: "dot",
    part,
  });
  return orderId;
}

/** A preview with one look, whose file for the vendor is cropped from the photo. */
async function aPreview(artworkId: string, name: string): Promise<{ id: string; sha256: string }> {
  const [id, fileKey, large, image] = [
    randomUUID(),
    app.newKey(shop, "jpg"),
    app.newKey(shop, "webp"),
    app.newKey(shop, "webp"),
  ];
  const file = text(`the file of ${name}`);
  await app.putFile(fileKey, file);
  await app.putFile(large, text(`the look of ${name}`));
  await database.pool.query(
    `INSERT INTO "Preview" (id, shop, "connectionId", "artworkId", browser, key, work, "variantId", size, looks, state, "vendorPreviewId", "fileKey", "fileSha256", pictures, options, "readyAt", "expiresAt")
     VALUES ($1::uuid, $2, $1::uuid, $3, 'b', $1::uuid::text, 'w', '1', '40X50', '{drama}', 'ready', 'p', $4, $5, $6, '\\x00', now(), now() + interval '7 days')`,
    [
      id,
      shop,
      artworkId,
      fileKey,
      app.sha256(file),
      JSON.stringify([{ look: "drama", label: "Dramatic", image, large }]),
    ],
  );
  return { id, sha256: app.sha256(file) };
}

async function aChoice(orderId: string, given: { madeAgain?: "size" | "age"; isSent?: boolean } = {}) {
  const [artworkId, selectionId, key] = [randomUUID(), randomUUID(), app.newKey(shop, "jpg")];
  await app.putFile(key, text("the photo"));
  await database.pool.query(
    `INSERT INTO "Artwork" (id, shop, key, filename, "contentType", width, height, bytes, sha256, "forgetAt") VALUES ($1, $2, $3, 'photo.jpg', 'image/jpeg', 900, 1200, 9, $4, now() + interval '60 days')`,
    [artworkId, shop, key, app.sha256("the photo")],
  );
  const seen = await aPreview(artworkId, "the first");
  const now = given.madeAgain ? await aPreview(artworkId, "the second") : seen;
  await database.pool.query(
    `INSERT INTO "Selection" (id, shop, "productId", "variantId", browser, "previewId", "artworkId", look) VALUES ($1, $2, '801', '1', 'b', $3, $4, 'drama')`,
    [selectionId, shop, seen.id, artworkId],
  );
  await database.pool.query(
    `INSERT INTO "OrderPicture" (shop, "orderId", "lineId", "selectionId", "previewId", "madeAgain", "sentAt", "sentSha256") VALUES ($1, $2, '1', $3, $4, $5, $6, $7)`,
    [
      shop,
      orderId,
      selectionId,
      now.id,
      given.madeAgain ?? null,
      given.isSent ? new Date() : null,
      given.isSent ? now.sha256 : null,
    ],
  );
  return { artworkId, seen, now };
}

function bytesOf(answer: Awaited<ReturnType<typeof app.readOrderPicture>>): string {
  return "bytes" in answer ? new TextDecoder().decode(answer.bytes) : answer.refused;
}

describe("the pictures of an order", () => {
  test("stand beside each other: the chosen look, and the very file that was sent, with its hash", async () => {
    const orderId = await aPart({ status: "sent", sentAt: new Date() });
    const { now } = await aChoice(orderId, { isSent: true });

    const [picture] = await app.readOrderPictures({ shop, orderId });

    expect(picture).toMatchObject({
      title: "Made to order",
      look: "Dramatic",
      isFrozen: true,
      madeAgain: null,
      file: { sha256: now.sha256 },
      ask: undefined,
    });
    const of = { shop, orderId, lineId: "1", user: "u" };
    expect(bytesOf(await app.readOrderPicture({ ...of, kind: "seen" }))).toBe("the look of the first");
    const file = await app.readOrderPicture({ ...of, kind: "file" });
    expect(bytesOf(file)).toBe("the file of the first");
    expect(file).toMatchObject({ name: "1001-1-file.jpg", contentType: "image/jpeg" });
    expect(bytesOf(await app.readOrderPicture({ ...of, kind: "photo" }))).toBe("the photo");
  });

  test("show both previews when one had to be made again", async () => {
    const orderId = await aPart({ status: "held", code: "approval", sentence: "Look at both pictures." });
    await aChoice(orderId, { madeAgain: "size" });

    const [picture] = await app.readOrderPictures({ shop, orderId });

    expect(picture).toMatchObject({ isFrozen: false, madeAgain: { why: "size", state: "ready" } });
    const of = { shop, orderId, lineId: "1", user: "u" };
    expect(bytesOf(await app.readOrderPicture({ ...of, kind: "seen" }))).toBe("the look of the first");
    expect(bytesOf(await app.readOrderPicture({ ...of, kind: "made-again" }))).toBe("the look of the second");
    expect(bytesOf(await app.readOrderPicture({ ...of, kind: "file" }))).toBe("the file of the second");
  });

  test("a file that is not the one that was sent is never shown as if it were", async () => {
    const orderId = await aPart({ status: "sent" });
    const { now } = await aChoice(orderId, { isSent: true });
    const { rows } = await database.pool.query<{ fileKey: string }>(
      `SELECT "fileKey" FROM "Preview" WHERE id = $1`,
      [now.id],
    );
    await app.putFile(rows[0]?.fileKey ?? "", text("somebody changed it"));

    const answer = await app.readOrderPicture({ shop, orderId, lineId: "1", kind: "file", user: "u" });

    expect(bytesOf(answer)).toMatch(/not the one the vendor was given/);
  });

  test("the hash stays when the pictures are deleted", async () => {
    const orderId = await aPart({ status: "sent" });
    const { now, artworkId } = await aChoice(orderId, { isSent: true });
    await database.pool.query(`UPDATE "Artwork" SET "forgetAt" = now() WHERE id = $1`, [artworkId]);
    await database.pool.query(`DELETE FROM "Preview"`);
    await database.pool.query(`DELETE FROM "Selection"`);

    const [picture] = await app.readOrderPictures({ shop, orderId });

    expect(picture).toMatchObject({ seen: undefined, photo: undefined });
    expect(picture?.file).toEqual({ sha256: now.sha256, address: undefined });
    const answer = await app.readOrderPicture({ shop, orderId, lineId: "1", kind: "file", user: "u" });
    expect(bytesOf(answer)).toBe("This picture is not kept any more.");
  });

  test("another shop sees none of it", async () => {
    const orderId = await aPart();
    await aChoice(orderId, { isSent: true });

    expect(await app.readOrderPictures({ shop: other, orderId })).toEqual([]);
    for (const kind of app.pictureKinds)
      expect(
        await app.readOrderPicture({ shop: other, orderId, lineId: "1", kind, user: "u" }),
      ).toHaveProperty("refused");
  });

  test("what the page is given holds no key of the store and no number of the vendor's", async () => {
    const orderId = await aPart();
    await aChoice(orderId);

    const page = JSON.stringify(await app.readOrderPictures({ shop, orderId }));

    expect(page).not.toMatch(/[0-9a-f]{48}\.(jpg|webp)|vendorPreviewId|options/);
  });
});

describe("a line without a photo", () => {
  const held = {
    status: "held",
    code: "needs photo",
    sentence: "“Made to order” needs a photo: Send the shopper the link to add one.",
  };

  test("gives the link for its shopper, and says nothing more once it has one", async () => {
    const orderId = await aPart(held);

    const [picture] = await app.readOrderPictures({ shop, orderId });

    expect(picture).toMatchObject({ hasPicture: false, ask: { openedAt: undefined, usedAt: undefined } });
    expect(picture?.ask?.url).toMatch(/\/photo\//);
    await database.pool.query(`UPDATE "VendorOrder" SET status = 'waiting', code = NULL, sentence = NULL`);
    await database.pool.query(`DELETE FROM "PhotoLink"`);
    await aChoice(orderId);
    expect(await app.readOrderPictures({ shop, orderId })).toMatchObject([
      { hasPicture: true, ask: undefined },
    ]);
  });

  test("shows when its link was opened and used", async () => {
    const orderId = await aPart(held);
    await app.readOrderPictures({ shop, orderId });
    await database.pool.query(
      `UPDATE "PhotoLink" SET "openedAt" = '2026-11-22T10:00:00Z', "usedAt" = '2026-11-22T10:05:00Z'`,
    );

    expect(await app.readOrderPictures({ shop, orderId })).toMatchObject([
      { ask: { openedAt: "2026-11-22T10:00:00.000Z", usedAt: "2026-11-22T10:05:00.000Z" } },
    ]);
  });

  test("can have its link taken back, and given out again, by its own shop alone", async () => {
    const orderId = await aPart(held);
    await app.readOrderPictures({ shop, orderId });
    const post = async (intent: string, of = shop) => {
      const form = new FormData();
      form.set("intent", intent);
      form.set("line", "1");
      await app.decide({ shop: of, orderId, user: "u", form });
      const [picture] = await app.readOrderPictures({ shop, orderId });
      return { isUsedUp: picture?.ask?.usedAt !== undefined, isWaiting: picture?.ask?.isWaiting };
    };

    expect(await post("take link back", other)).toEqual({ isUsedUp: false, isWaiting: true });
    expect(await post("take link back")).toEqual({ isUsedUp: true, isWaiting: true });
    expect(await post("renew link", other)).toEqual({ isUsedUp: true, isWaiting: true });
    expect(await post("renew link")).toEqual({ isUsedUp: false, isWaiting: true });
  });

  test("that got one by its link is not asked for again, although another line still is", async () => {
    const orderId = await aPart(held);
    await app.readOrderPictures({ shop, orderId });
    await aChoice(orderId);
    await database.pool.query(`UPDATE "PhotoLink" SET "usedAt" = now()`);

    expect(await app.readOrderPictures({ shop, orderId })).toMatchObject([{ ask: { isWaiting: false } }]);
  });

  test("whose part was given up, cancelled or sent asks for no photo and shows no link", async () => {
    const orderId = await aPart(held);
    await database.pool.query(`INSERT INTO "Shop" (shop) VALUES ($1)`, [shop]);
    const [before] = await app.readOrderPictures({ shop, orderId });
    const token = before?.ask?.url?.split("/photo/")[1] ?? "";
    const again = `status = 'held', code = 'needs photo', "committingAt" = NULL, "frozenAt" = NULL`;

    for (const [over, undo] of [
      [`"VendorOrder" SET status = 'cancelled', code = 'given up'`, `"VendorOrder" SET ${again}`],
      [`"VendorOrder" SET status = 'sent', code = NULL`, `"VendorOrder" SET ${again}`],
      [`"VendorOrder" SET "committingAt" = now()`, `"VendorOrder" SET ${again}`],
      [`"VendorOrder" SET "frozenAt" = now()`, `"VendorOrder" SET ${again}`],
      [`"Order" SET "cancelledAt" = now()`, `"Order" SET "cancelledAt" = NULL`],
      [`"OrderLine" SET quantity = 0`, `"OrderLine" SET quantity = 1`],
    ]) {
      // The page and the link's own door say the same.
      expect(await app.readPhotoLink(database.pool, token)).toMatchObject({ state: "open" });
      await database.pool.query(`UPDATE ${over}`);
      expect(await app.readPhotoLink(database.pool, token), over).toMatchObject({ state: "over" });
      expect(await app.readOrderPictures({ shop, orderId }), over).toEqual([]);
      await database.pool.query(`UPDATE ${undo}`);
    }
  });

  test("that waits for none any more has its old link neither made good again nor shown", async () => {
    const orderId = await aPart(held);
    await app.readOrderPictures({ shop, orderId });
    await database.pool.query(`UPDATE "VendorOrder" SET status = 'cancelled', code = 'given up'`);
    await database.pool.query(`UPDATE "PhotoLink" SET "expiresAt" = now(), "usedAt" = now()`);

    const [picture] = await app.readOrderPictures({ shop, orderId });

    expect(picture?.ask).toMatchObject({ isWaiting: false, usedAt: expect.any(String) });
    expect(picture?.ask).not.toHaveProperty("url");
    await database.pool.query(`UPDATE "PhotoLink" SET "usedAt" = NULL`);
    expect(await app.readOrderPictures({ shop, orderId })).toEqual([]);
    const good = await database.pool.query(`SELECT 1 FROM "PhotoLink" WHERE "expiresAt" > now()`);
    expect(good.rowCount).toBe(0);
  });

  test("an order that has nothing to do with photos shows no pictures at all", async () => {
    const orderId = await aPart({
      status: "held",
      code: "rejected",
      sentence: "“Made to order” is sold out.",
    });
    expect(await app.readOrderPictures({ shop, orderId })).toEqual([]);
  });
});
