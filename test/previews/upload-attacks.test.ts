// What strangers try with the upload, row by row: each is refused before anything is decoded, or becomes harmless.
import { folder } from "./folder.ts";
import path from "node:path";
import sharp from "sharp";
import { beforeEach, expect, test } from "vitest";
import { readFile } from "#app/previews/storage.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { aShop, shop } from "#test/support/road.ts";
import { anAttacker, files, noPhotos } from "./attacker.ts";
import { aBrowser, aForm, aPhoto, aReadyPhoto, rowOf } from "./shopper.ts";

const database = testDatabase();
beforeEach(() => aShop(database.pool, shop));
const { accepted, refused } = anAttacker(database);

test.each(noPhotos)("S8 %s named photo.jpg is refused by its first bytes", async (_name, bytes) => {
  const answer = await refused(aForm(bytes));
  expect(answer).toEqual({ status: 415, body: { error: { code: "type" } } });
});

const names = [
  "../../../etc/passwd",
  "photo.jpg.exe",
  "photo.php.jpg",
  `${"x".repeat(4000)}.jpg`,
  `<img src=x onerror=alert(1)>.jpg`,
  "C:\\boot.ini",
];
test.each(names)("S8 and threat 10: a file named %j is kept under a name of ours", async (name) => {
  const row = await accepted(await aPhoto(), name);
  expect(row).toMatchObject({ state: "ready", filename: "photo.jpg" });
  expect(row["key"]).toMatch(/^[0-9a-f]{16}\/\d{4}\/\d\d\/[0-9a-f]{48}\.jpg$/);
  for (const file of files()) expect(file.startsWith(folder)).toBe(true);
});

test("S8 a PNG named .jpg and sent as image/jpeg is taken for what it is, and kept as a JPEG", async () => {
  const row = await accepted(await aPhoto(800, 600, (picture) => picture.png()));
  expect(row).toMatchObject({ state: "ready", contentType: "image/jpeg", width: 800, height: 600 });
  const kept = await readFile(String(row["key"]));
  expect((await sharp(kept).metadata()).format).toBe("jpeg");
});

test("S8 a JPEG that breaks off fails with a word for it, and its bytes are gone", async () => {
  const whole = await aPhoto(3000, 2000);
  const before = files().length;
  expect(await accepted(whole.subarray(0, whole.length / 2))).toMatchObject({
    state: "failed",
    error: "type",
  });
  expect(files()).toHaveLength(before);
});

test("S8 and threat 8: what hides behind a JPEG does not survive", async () => {
  const photo = Buffer.concat([
    await aPhoto(),
    Buffer.from("<?php system($_GET[0]); ?><script>alert(1)</script>PK\x03\x04"),
  ]);
  const row = await accepted(photo);
  expect(row["state"]).toBe("ready");
  for (const file of files()) {
    const kept = await readFile(path.relative(path.join(folder, "artwork"), file));
    expect(Buffer.from(kept ?? []).includes("<?php")).toBe(false);
    expect(Buffer.from(kept ?? []).includes("<script>")).toBe(false);
  }
});

test("S8 and threat 16: where a photo was taken is gone from every copy", async () => {
  const exif = {
    IFD0: { Make: "Kamera", Artist: "Canarinha" },
    IFD3: { GPSLatitude: "1/1 17/1 0/1", GPSLatitudeRef: "N" },
  };
  const photo = await aPhoto(1200, 900, (picture) => picture.jpeg().withExif(exif));
  expect(photo.includes("Canarinha")).toBe(true);
  await accepted(photo);
  for (const file of files()) {
    const kept = (await readFile(path.relative(path.join(folder, "artwork"), file))) ?? new Uint8Array();
    expect(Buffer.from(kept).includes("Canarinha")).toBe(false);
    expect((await sharp(kept).metadata()).exif).toBeUndefined();
  }
});

test("a photo held upright by its camera is kept upright, and its own pixels are told upright", async () => {
  const row = await accepted(
    await aPhoto(4000, 3000, (picture) => picture.jpeg().withMetadata({ orientation: 6 })),
  );
  expect(row).toMatchObject({ width: 2250, height: 3000, fromWidth: 3000, fromHeight: 4000 });
});

test("S8 a file over the limit is refused by what is announced, and by what comes", async () => {
  const photo = await aPhoto();
  expect(await refused(aForm(photo), { headers: { "content-length": String(26 * 1024 * 1024) } })).toEqual({
    status: 413,
    body: { error: { code: "too_big" } },
  });
  expect(await refused(aForm(photo), { maxBytes: photo.length - 1 })).toEqual({
    status: 413,
    body: { error: { code: "too_big" } },
  });
  expect(await refused(aForm(photo), { maxBytes: 1000, headers: { "content-length": "10" } })).toMatchObject({
    status: 413,
  });
});

test("S8 a body that breaks off, is no form, or lies about its boundary is refused", async () => {
  const bad = { status: 400, body: { error: { code: "bad_request" } } };
  const form = "multipart/form-data; boundary=xx";
  const opening = '--xx\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n';
  const broken = Buffer.concat([Buffer.from(opening), await aPhoto()]);
  expect(await refused(broken, { headers: { "content-type": form } })).toEqual(bad);
  expect(await refused(broken, { headers: { "content-type": "multipart/form-data; boundary=yy" } })).toEqual(
    bad,
  );
  expect(await refused("{}", { headers: { "content-type": "application/json" } })).toEqual(bad);
  expect(await refused("", { headers: { "content-type": "multipart/form-data" } })).toEqual(bad);
});

test("S8 a sender that trickles its bytes is let go after its time", async () => {
  const slow = new ReadableStream({
    start: (controller) => {
      controller.enqueue(
        Buffer.from(
          '--xx\r\nContent-Disposition: form-data; name="photo"; filename="a.jpg"\r\n\r\n\xff',
          "latin1",
        ),
      );
    },
  });
  const answer = await refused(slow, {
    readMs: 50,
    headers: { "content-type": "multipart/form-data; boundary=xx" },
  });
  expect(answer).toEqual({ status: 408, body: { error: { code: "unavailable" } } });
});

test("S8 a file name with a NUL in it is no form any more", async () => {
  expect(await refused(aForm(await aPhoto(), {}, "a\u0000.jpg"))).toMatchObject({ status: 400 });
});

test("S8 two photos in one form, a photo under another name, or no photo at all is refused", async () => {
  const photo = new Blob([new Uint8Array(await aPhoto())]);
  const two = aForm(await aPhoto());
  two.append("photo", photo, "second.jpg");
  expect(await refused(two)).toMatchObject({ status: 400 });
  const elsewhere = aForm(await aPhoto());
  elsewhere.delete("photo");
  expect(await refused(elsewhere)).toMatchObject({ status: 400 });
  elsewhere.set("file", photo, "a.jpg");
  expect(await refused(elsewhere)).toMatchObject({ status: 400 });
});

test("threat 9: a web address in place of a photo is not fetched but refused", async () => {
  const form = aForm(await aPhoto());
  form.set("photo", "http://169.254.169.254/latest/meta-data/");
  expect(await refused(form)).toMatchObject({ status: 400, body: { error: { code: "bad_request" } } });
});

test.each([
  { browser: undefined },
  { browser: "short" },
  { browser: "z".repeat(32) },
  { product: "gid://shopify/Product/1" },
  { variant: "1; DROP TABLE" },
  { variant: undefined },
])("a form without its words, or with others (%j), is refused", async (fields) => {
  expect(await refused(aForm(await aPhoto(), fields))).toMatchObject({ status: 400 });
});

test("S8 a picture is stored once as it was normalised, with two small copies, and the upload is gone", async () => {
  const id = await aReadyPhoto(database.pool, aBrowser());
  expect(await rowOf(database.pool, id)).toMatchObject({ state: "ready", tries: 1 });
  const row = await rowOf(database.pool, id);
  const stem = String(row?.["key"]).replace(/\.jpg$/, "");
  const mine = files().filter((file) => file.includes(path.basename(stem)));
  expect(mine.map((file) => path.basename(file).replace(path.basename(stem), "")).sort()).toEqual([
    ".1200.webp",
    ".320.webp",
    ".jpg",
  ]);
  expect(files().filter((file) => file.includes("incoming") || file.includes("uploads"))).toEqual([]);
});
