// Pictures in an S3 bucket instead of a folder: the same functions, the same promises.
import { access, bucket, secretAccessKey } from "./bucket.ts";
import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { beforeEach, expect, test } from "vitest";
import { dateArtwork } from "#app/previews/artwork-retention.server.ts";
import { deleteFile, newKey, putFile, readFile } from "#app/previews/storage.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { aShop, shop } from "#test/support/road.ts";
import { folder } from "./folder.ts";
import { aForm, aPhoto, prepareAll, rowOf, upload } from "./shopper.ts";

const database = testDatabase();
beforeEach(() => aShop(database.pool, shop));

const bytes = Buffer.from("a picture, as far as the bucket is concerned \x00\xff\r\n0\r\n", "latin1");

test("a picture that was put into the bucket is read as it was, until it is deleted", async () => {
  const key = newKey(shop, "webp");
  await putFile(key, bytes);
  expect(bucket.objects.get(key)).toMatchObject({ bytes, contentType: "image/webp" });
  expect(Buffer.from((await readFile(key)) ?? [])).toEqual(bytes);
  await putFile(key, Buffer.from("another"));
  expect(Buffer.from((await readFile(key)) ?? []).toString()).toBe("another");
  await deleteFile(key);
  expect(await readFile(key)).toBeUndefined();
  expect(bucket.objects.size).toBe(0);
});

test("a picture that is not in the bucket is missing, not an error, and may be deleted", async () => {
  const key = newKey(shop, "jpg");
  expect(await readFile(key)).toBeUndefined();
  await deleteFile(key);
  await deleteFile(key);
});

test("S8 no name leads out of the bucket", async () => {
  for (const key of ["../other/secret.jpg", "a/../../other/secret.jpg", "..", "a\\..\\..\\b.jpg"]) {
    await expect(putFile(key, bytes)).rejects.toThrow();
    await expect(readFile(key)).rejects.toThrow();
    await expect(deleteFile(key)).rejects.toThrow();
  }
  expect(bucket.requests).toEqual([]);
});

test("a shopper's photo goes through the bucket: as it came, then as a safe picture with its small copies", async () => {
  const photo = await aPhoto();
  const { status, body } = await upload(database.pool, aForm(photo));
  expect(status).toBe(202);
  const [incoming] = [...bucket.objects.values()];
  expect(incoming && createHash("sha256").update(incoming.bytes).digest("hex")).toBe(
    createHash("sha256").update(photo).digest("hex"),
  );
  await prepareAll(database.pool);
  const row = await rowOf(database.pool, body.artwork);
  expect(row).toMatchObject({ state: "ready", width: 1200, height: 900 });
  const stem = String(row?.["key"]).replace(/\.jpg$/, "");
  expect([...bucket.objects].map(([key, { contentType }]) => [key, contentType]).sort()).toEqual([
    [`${stem}.1200.webp`, "image/webp"],
    [`${stem}.320.webp`, "image/webp"],
    [`${stem}.jpg`, "image/jpeg"],
  ]);
});

test("what a killed process left in the bucket is swept, however much it is, and a waiting photo stays", async () => {
  const { body } = await upload(database.pool, aForm(await aPhoto()));
  for (let left = 0; left < 5; left++) await putFile(`incoming/left-${left}`, bytes);
  await dateArtwork(database.pool);
  expect([...bucket.objects.keys()]).toHaveLength(1);
  await prepareAll(database.pool);
  expect(await rowOf(database.pool, body.artwork)).toMatchObject({ state: "ready" });
});

test("a bucket that does not take our key any more is an error, never a picture that is missing", async () => {
  const key = newKey(shop, "jpg");
  await putFile(key, bytes);
  access.secretAccessKey = "another";
  await expect(readFile(key)).rejects.toThrow();
  await expect(putFile(key, bytes)).rejects.toThrow();
  await expect(deleteFile(key)).rejects.toThrow();
  expect((await upload(database.pool, aForm(await aPhoto()))).body).toEqual({
    error: { code: "unavailable" },
  });
  expect((await database.pool.query(`SELECT 1 FROM "Artwork"`)).rows).toEqual([]);
});

test("a bucket that is away while a photo is prepared costs the photo nothing but time, and is given up after an hour", async () => {
  const [id, late] = [
    (await upload(database.pool, aForm(await aPhoto()))).body.artwork,
    (await upload(database.pool, aForm(await aPhoto()))).body.artwork,
  ];
  access.secretAccessKey = "another";
  for (let tries = 0; tries < 5; tries++) {
    await prepareAll(database.pool);
    await database.later("11 seconds");
  }
  expect(await rowOf(database.pool, id)).toMatchObject({ state: "new", tries: 0, error: null });
  await database.pool.query(
    `UPDATE "Artwork" SET "createdAt" = now() - interval '61 minutes' WHERE id = $1`,
    [late],
  );
  await prepareAll(database.pool);
  expect(await rowOf(database.pool, late)).toMatchObject({ state: "failed", error: "unavailable" });
  access.secretAccessKey = secretAccessKey;
  await database.later("11 seconds");
  await prepareAll(database.pool);
  expect(await rowOf(database.pool, id)).toMatchObject({ state: "ready" });
});

test("a bucket whose key may not list is an error of the sweep, never a sweep that finds nothing", async () => {
  access.secretAccessKey = "another";
  await expect(dateArtwork(database.pool)).rejects.toThrow();
});

test("the local bucket takes what Amazon's own client streams into it, and refuses what nobody signed", async () => {
  const client = new S3Client({
    endpoint: bucket.url,
    forcePathStyle: true,
    region: access.region,
    credentials: access,
  });
  const file = path.join(folder, "streamed");
  await writeFile(file, bytes);
  await client.send(
    new PutObjectCommand({ Bucket: "pictures", Key: "a b+c(1).jpg", Body: createReadStream(file) }),
  );
  expect(bucket.objects.get("a b+c(1).jpg")?.bytes).toEqual(bytes);
  const acl = new PutObjectCommand({ Bucket: "pictures", Key: "a.jpg", Body: bytes, ACL: "public-read" });
  await expect(client.send(acl)).rejects.toThrow("ACL");
  const elsewhere = new PutObjectCommand({ Bucket: "other", Key: "a.jpg", Body: bytes });
  await expect(client.send(elsewhere)).rejects.toThrow("bucket does not exist");
  client.destroy();
  const answer = await fetch(`${bucket.url}/pictures/a.jpg`);
  expect([answer.status, (await answer.text()).includes("<Code>AccessDenied</Code>")]).toEqual([403, true]);
});
