// What strangers try with the upload, row by row: each is refused before anything is decoded, or becomes harmless.
import { folder } from "./folder.ts";
import { readdirSync, existsSync } from "node:fs";
import path from "node:path";
import { deflateSync } from "node:zlib";
import sharp from "sharp";
import { beforeEach, expect, test } from "vitest";
import { readFile } from "#app/previews/storage.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { aShop, shop } from "#test/support/road.ts";
import { aBrowser, aForm, aPhoto, aReadyPhoto, prepareAll, rowOf, upload, type Said } from "./shopper.ts";

const database = testDatabase();
beforeEach(() => aShop(database.pool, shop));

const files = (): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
    : [];

// A refusal leaves neither a row nor a file, and costs next to nothing.
async function refused(body: BodyInit, limits: Parameters<typeof upload>[2] = {}): Promise<Said> {
  const before = files();
  const started = process.cpuUsage();
  const answer = await upload(database.pool, body, limits);
  const spent = process.cpuUsage(started);
  expect((spent.user + spent.system) / 1000).toBeLessThan(400);
  const rows = await database.pool.query(`SELECT 1 FROM "Artwork"`);
  expect(rows.rows).toEqual([]);
  expect(files()).toEqual(before);
  return answer;
}

async function accepted(photo: Uint8Array, name?: string): Promise<Record<string, unknown>> {
  const { status, body } = await upload(database.pool, aForm(photo, {}, name));
  expect(status).toBe(202);
  await prepareAll(database.pool);
  return (await rowOf(database.pool, body.artwork)) ?? {};
}

const filling = Buffer.alloc(6_000, 32);
const noPhotos: [string, Buffer][] = [
  [
    "an SVG",
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="50000" height="50000"><script>1</script></svg>`,
    ),
  ],
  [
    "an SVG behind an XML line",
    Buffer.from(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`),
  ],
  ["an HTML page", Buffer.from("<!doctype html><script>alert(1)</script>")],
  ["a program", Buffer.concat([Buffer.from("MZ\x90\x00"), filling])],
  ["a ZIP archive", Buffer.concat([Buffer.from("PK\x03\x04"), filling])],
  ["a PDF", Buffer.concat([Buffer.from("%PDF-1.7\n"), filling])],
  ["a GIF", Buffer.concat([Buffer.from("GIF89a"), filling])],
  ["a TIFF", Buffer.concat([Buffer.from("II*\0"), filling])],
  [
    "the EICAR test virus",
    Buffer.from(["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join("")),
  ],
  ["an empty file", Buffer.alloc(0)],
  ["one byte", Buffer.from([0xff])],
  ["plain text", filling],
];

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

test("S8 and threat 8: a PNG of a few kilobytes that claims 30,000 × 30,000 pixels is not decoded", async () => {
  const row = await accepted(pngThatClaims(30_000, 30_000));
  expect(row).toMatchObject({ state: "failed", error: "too_many_pixels", width: 0 });
});

test("S8 a picture of more than 60 megapixels is refused although each side is allowed", async () => {
  expect(await accepted(pngThatClaims(9_000, 7_000))).toMatchObject({ error: "too_many_pixels" });
});

test("S8 a picture that is only a strip is refused", async () => {
  expect(await accepted(pngThatClaims(20_001, 401))).toMatchObject({ error: "too_many_pixels" });
  expect(await accepted(await aPhoto(2000, 399))).toMatchObject({ error: "too_small" });
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

// A PNG whose header claims a size that its few bytes do not hold.
function pngThatClaims(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc(100_000));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    pngChunk("IHDR", header),
    pngChunk("IDAT", rows),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
