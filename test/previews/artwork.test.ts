// A photo's life: prepared whatever dies meanwhile, seen by its own browser only, gone when its time is over.
import { folder } from "./folder.ts";
import { randomUUID } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import path from "node:path";
import { beforeEach, expect, test } from "vitest";
import { inTransaction } from "#app/db.server.ts";
import { answerArtwork, answerPicture, deleteArtwork } from "#app/previews/artwork-answers.server.ts";
import { preparing } from "#app/previews/artwork-preparing.server.ts";
import { dateArtwork } from "#app/previews/artwork-retention.server.ts";
import { bindArtwork, findArtwork, pictureLink } from "#app/previews/artwork.server.ts";
import { normalise } from "#app/previews/normalise.server.ts";
import { exportCustomer, redactCustomer, redactShop, sweepPersonalData } from "#app/privacy.server.ts";
import { openJson } from "#app/crypto.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { aConnection, aShop, shop } from "#test/support/road.ts";
import {
  aBrowser,
  aForm,
  aPhoto,
  aReadyPhoto,
  aVisitor,
  posted,
  prepareAll,
  rowOf,
  said,
  signedOf,
  upload,
} from "./shopper.ts";

const database = testDatabase();
const other = "other.myshopify.com";
beforeEach(async () => {
  await aShop(database.pool, shop);
  await aShop(database.pool, other);
});

const worker = () => ({ db: database.pool, wake: () => undefined });
const filesOf = async (id: string): Promise<string[]> => {
  const key = String((await rowOf(database.pool, id))?.["key"]);
  const name = path.basename(key, ".jpg");
  return (readdirSync(folder, { recursive: true }) as string[]).filter((file) => file.includes(name));
};
const look = async (id: string, browser: string): Promise<Awaited<ReturnType<typeof said>>> =>
  said(answerArtwork(database.pool, await aVisitor(database.pool), { id, browser }));

test("a browser sees its photo being prepared, and then its picture by a link", async () => {
  const browser = aBrowser();
  const { body } = await upload(database.pool, aForm(await aPhoto(4000, 3000), { browser }));
  const id = body.artwork ?? "";
  expect((await look(id, browser)).body).toEqual({ artwork: id, state: "preparing" });
  await prepareAll(database.pool);
  const { body: ready } = await look(id, browser);
  expect(ready).toMatchObject({ state: "ready", width: 3000, height: 2250, pixels: [4000, 3000] });
  const link = String(ready["image"]);
  expect(link).toMatch(/^\/apps\/dot\/uploads\/[\w.-]+\/photo\.webp$/);
  const picture = await answerPicture({ shop }, signedOf(link));
  expect(picture.status).toBe(200);
  expect(Object.fromEntries(picture.headers)).toMatchObject({
    "content-type": "image/webp",
    "content-disposition": expect.stringContaining("attachment"),
    "content-security-policy": "default-src 'none'; sandbox",
  });
  expect((await picture.arrayBuffer()).byteLength).toBeGreaterThan(1000);
});

test("threat 5 and 18: another browser, another shop and a guess see nothing", async () => {
  const browser = aBrowser();
  const id = await aReadyPhoto(database.pool, browser);
  const gone = { status: 404, body: { error: { code: "gone" } } };
  expect(await look(id, aBrowser())).toEqual(gone);
  expect(await look(randomUUID(), browser)).toEqual(gone);
  for (const guess of ["1' OR '1'='1", "\0", `${id}\0`, "", "x".repeat(5_000)])
    expect(await look(guess, browser)).toEqual(gone);
  expect(await look(id, "")).toMatchObject({ status: 400 });
  const elsewhere = await aVisitor(database.pool, { query: { shop: other } });
  expect(await said(answerArtwork(database.pool, elsewhere, { id, browser }))).toEqual(gone);
  expect(await findArtwork(database.pool, { shop: other, id, browser })).toBeUndefined();
  expect((await findArtwork(database.pool, { shop, id }))?.contentType).toBe("image/jpeg");
});

test("S9 and threat 4: a link is good for its picture, its shop and its time", async () => {
  const id = await aReadyPhoto(database.pool, aBrowser());
  const key = String((await rowOf(database.pool, id))?.["key"]);
  const signed = signedOf(pictureLink({ base: "/apps/dot", key, seconds: 600 }));
  const status = async (link: string, from = shop, now?: Date): Promise<number> =>
    (await answerPicture({ shop: from }, link, now)).status;
  expect(await status(signed)).toBe(200);
  expect(await status(signed, other)).toBe(403);
  expect(await status(signed, shop, new Date(Date.now() + 21 * 60_000))).toBe(403);
  const [body = "", signature = ""] = signed.split(".");
  const forged = Buffer.from(body, "base64url")
    .toString()
    .replace(/.{4}\.jpg$/, "0000.jpg");
  expect(await status(`${Buffer.from(forged).toString("base64url")}.${signature}`)).toBe(403);
  for (const bad of ["", "a", "..", "../../etc/passwd", `${body}.`, `${body}.${"A".repeat(43)}`])
    expect(await status(bad)).toBe(403);
});

test("threat 8: a photo that takes too long or too much memory is ended, tried once more, and failed", async () => {
  const photo = await aPhoto(4000, 3000);
  expect(await normalise(photo, { seconds: 0.05 })).toEqual({ kind: "crashed", why: "too long" });
  expect(await normalise(photo, { maxMemory: 60e6 })).toEqual({ kind: "crashed", why: "too much memory" });
  const id = (await upload(database.pool, aForm(photo))).body.artwork ?? "";
  const crash = (): ReturnType<typeof normalise> => normalise(photo, { seconds: 0.05 });
  await prepareAll(database.pool, crash);
  expect(await rowOf(database.pool, id)).toMatchObject({ state: "new", tries: 1 });
  await database.later("10 seconds");
  await prepareAll(database.pool, crash);
  expect(await rowOf(database.pool, id)).toMatchObject({ state: "failed", error: "too_many_pixels" });
  expect(await filesOf(id)).toEqual([]);
});

test("an upload whose file never came is failed, not waited for", async () => {
  const id = (await upload(database.pool, aForm(await aPhoto()))).body.artwork ?? "";
  const [file = ""] = await filesOf(id);
  rmSync(path.join(folder, file));
  await prepareAll(database.pool);
  expect(await rowOf(database.pool, id)).toMatchObject({ state: "failed", error: "gone" });
});

test("delete my photo: files and row are gone at once, for its browser only, and asking twice is harmless", async () => {
  const browser = aBrowser();
  const id = await aReadyPhoto(database.pool, browser);
  const ask = async (token: string): Promise<unknown> =>
    said(
      deleteArtwork(database.pool, await aVisitor(database.pool), {
        id,
        request: posted("/x", { browser: token }),
      }),
    );
  await ask(aBrowser());
  expect(await filesOf(id)).toHaveLength(3);
  const names = await filesOf(id);
  expect(await ask(browser)).toEqual({ status: 200, body: {} });
  expect(await ask(browser)).toEqual({ status: 200, body: {} });
  expect(await rowOf(database.pool, id)).toBeUndefined();
  for (const name of names) expect(existsSync(path.join(folder, name))).toBe(false);
});

test("threat 15: a photo deleted while it is being prepared leaves nothing", async () => {
  const browser = aBrowser();
  const id = (await upload(database.pool, aForm(await aPhoto(), { browser }))).body.artwork ?? "";
  const request = posted("/x", { browser });
  const [work] = await preparing(worker(), 1, async (bytes) => {
    const done = await normalise(bytes);
    await deleteArtwork(database.pool, await aVisitor(database.pool), { id, request });
    return done;
  });
  await work;
  expect(await look(id, browser)).toMatchObject({ status: 404 });
  await database.later("2 minutes");
  await sweepPersonalData(database.pool);
  expect(await rowOf(database.pool, id)).toBeUndefined();
  expect((readdirSync(folder, { recursive: true }) as string[]).filter((name) => name.includes(id))).toEqual(
    [],
  );
});

async function sweep(): Promise<void> {
  await dateArtwork(database.pool);
  await sweepPersonalData(database.pool);
}

test("threat 15: a photo that nobody ordered goes after the shop's days", async () => {
  const id = await aReadyPhoto(database.pool, aBrowser());
  const names = await filesOf(id);
  await database.later("13 days");
  await sweep();
  expect(await filesOf(id)).toHaveLength(3);
  await database.later("25 hours");
  await sweep();
  expect(await rowOf(database.pool, id)).toBeUndefined();
  for (const name of names) expect(existsSync(path.join(folder, name))).toBe(false);
});

test("threat 15: a merchant who shortens the days means the photos that are there too", async () => {
  const id = await aReadyPhoto(database.pool, aBrowser());
  await database.later("8 days");
  await database.pool.query(`UPDATE "Shop" SET "keepUnordered" = 7`);
  await sweep();
  expect(await rowOf(database.pool, id)).toBeUndefined();
});

async function anOrderOf(id: string, shopifyId: string): Promise<{ orderId: string; part: string }> {
  const connection = await aConnection(database.pool, {
    vendor: "oms",
    settings: { baseUrl: "https://oms.test", token: "t", storeId: "s", defaultShippingCode: "S" },
  });
  const order = await database.pool.query<{ id: string }>(
    `INSERT INTO "Order" (shop, "shopifyId", name, status, "updatedAt", "placedAt") VALUES ($1, $2, '#1', 'routed', now(), now()) RETURNING id`,
    [shop, shopifyId],
  );
  const orderId = order.rows[0]?.id ?? "";
  const part = await database.pool.query<{ id: string }>(
    `INSERT INTO "VendorOrder" (shop, "orderId", "connectionId", "accountId", vendor, part, reference, "nextRunAt")
     SELECT $1, $2, id, "accountId", vendor, 'a', $4, now() FROM "Connection" WHERE id = $3 RETURNING id`,
    [shop, orderId, connection, `M-${shopifyId}-a`],
  );
  await bindArtwork(database.pool, { shop, id, orderId });
  return { orderId, part: part.rows[0]?.id ?? "" };
}

test("threat 15: an ordered photo stays until its order is made, and goes sixty days after that", async () => {
  const browser = aBrowser();
  const id = await aReadyPhoto(database.pool, browser);
  const { part } = await anOrderOf(id, "5001");
  await deleteArtwork(database.pool, await aVisitor(database.pool), {
    id,
    request: posted("/x", { browser }),
  });
  await database.later("100 days");
  await sweep();
  expect(await rowOf(database.pool, id)).toBeDefined();
  await database.pool.query(
    `UPDATE "VendorOrder" SET status = 'shipped', "changedAt" = now() WHERE id = $1`,
    [part],
  );
  await sweep();
  await database.later("73 days");
  await sweep();
  expect(await rowOf(database.pool, id)).toBeDefined();
  await database.later("2 days");
  await sweep();
  expect(await rowOf(database.pool, id)).toBeUndefined();
});

test("threat 15: a photo that two orders are made from goes with the request of either customer", async () => {
  const id = await aReadyPhoto(database.pool, aBrowser());
  await anOrderOf(id, "9007199254740001");
  await anOrderOf(id, "9007199254740002");
  const customer = { id: "7300000000077", email: "canarinha@example.com" };
  const request = { shop, customer, orderIds: ["9007199254740002"] };
  await inTransaction(database.pool, (sql) => redactCustomer(sql, request));
  await sweep();
  expect(await rowOf(database.pool, id)).toBeUndefined();
});

test("threat 15: a customer's request reaches photos that were sent while logged in and never ordered", async () => {
  const customer = { id: "7300000000077", email: "canarinha@example.com" };
  const query = { logged_in_customer_id: customer.id };
  const id = (await upload(database.pool, aForm(await aPhoto()), { query })).body.artwork ?? "";
  await prepareAll(database.pool);
  await inTransaction(database.pool, (sql) => exportCustomer(sql, { shop, customer, orderIds: [] }));
  const kept = await database.pool.query<{ id: string; export: Buffer }>(
    `SELECT id, export FROM "PrivacyRequest"`,
  );
  const row = kept.rows[0];
  expect(
    openJson(row?.export ?? Buffer.alloc(0), {
      table: "PrivacyRequest",
      column: "export",
      shop,
      row: row?.id ?? "",
    }),
  ).toMatchObject({ photos: [{ id, file: expect.stringContaining(`/artwork/${id}?`) }] });
  await inTransaction(database.pool, (sql) => redactCustomer(sql, { shop, customer, orderIds: [] }));
  await sweep();
  expect(await rowOf(database.pool, id)).toBeUndefined();
});

test("threat 15 and 18: a shop that is erased takes its photos with it, and only its own", async () => {
  const mine = await aReadyPhoto(database.pool, aBrowser());
  const theirs =
    (await upload(database.pool, aForm(await aPhoto()), { query: { shop: other } })).body.artwork ?? "";
  await prepareAll(database.pool);
  await database.later("49 hours");
  await database.pool.query(`UPDATE "Shop" SET "uninstalledAt" = now() WHERE shop = $1`, [shop]);
  await inTransaction(database.pool, (sql) => redactShop(sql, shop));
  await sweep();
  expect(await rowOf(database.pool, mine)).toBeUndefined();
  expect(await filesOf(theirs)).toHaveLength(3);
  for (const table of ["RateBucket", "UploadTicket", "ArtworkOrder"])
    expect((await database.pool.query(`SELECT 1 FROM "${table}" WHERE shop = $1`, [shop])).rows).toEqual([]);
});

test("what a killed process left lying is swept: half an upload after an hour, an original nobody waits for", async () => {
  const waiting = (await upload(database.pool, aForm(await aPhoto()))).body.artwork ?? "";
  mkdirSync(path.join(folder, "uploads"), { recursive: true });
  const half = path.join(folder, "uploads", "half");
  const fresh = path.join(folder, "uploads", "fresh");
  const orphan = path.join(folder, "artwork", "incoming", "orphan");
  for (const file of [half, fresh, orphan]) writeFileSync(file, "x");
  const hours = new Date(Date.now() - 2 * 3_600_000);
  utimesSync(half, hours, hours);
  await dateArtwork(database.pool);
  expect([half, fresh, orphan].map((file) => existsSync(file))).toEqual([false, true, false]);
  expect(await filesOf(waiting)).toHaveLength(1);
});
