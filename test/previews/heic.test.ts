// What phones send: HEIC photos, held upright by a note inside the file, and sequences that are no photo.
import "./folder.ts";
import { readFileSync } from "node:fs";
import path from "node:path";
import sharp from "sharp";
import { beforeEach, expect, test } from "vitest";
import { readFile } from "#app/previews/storage.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { aShop, shop } from "#test/support/road.ts";
import { aForm, prepareAll, rowOf, upload } from "./shopper.ts";

const database = testDatabase();
beforeEach(() => aShop(database.pool, shop));

// Drawn by us, 640 x 480 as it is stored: red, green over blue, yellow, and a white dot. As an iPhone does it says
// twice that it stands upright only after a quarter turn to the right: in the container (irot) and in its EXIF.
const photo = readFileSync(path.join(import.meta.dirname, "photo.heic"));

// A file of the HEIF family that names these brands and holds nothing else that could be drawn.
function named(major: string, ...others: string[]): Buffer {
  const size = Buffer.alloc(4);
  size.writeUInt32BE(16 + 4 * others.length);
  const head = Buffer.concat([size, Buffer.from(`ftyp${major}\0\0\0\0${others.join("")}`, "latin1")]);
  return Buffer.concat([head, Buffer.from("\0\0\x10\0moov", "latin1"), Buffer.alloc(4088, 7)]);
}

/** The colour at a place given in hundredths: "red", "green", "blue", "yellow" or "white". */
async function colourAt(picture: Uint8Array, [x, y]: [number, number]): Promise<string> {
  const { data, info } = await sharp(picture).raw().toBuffer({ resolveWithObject: true });
  const at = (Math.floor((info.height * y) / 100) * info.width + Math.floor((info.width * x) / 100)) * 3;
  const bits = [0, 1, 2].map((channel) => ((data[at + channel] ?? 0) > 128 ? "1" : "0")).join("");
  return { "100": "red", "010": "green", "001": "blue", "110": "yellow", "111": "white" }[bits] ?? bits;
}

test("an iPhone's photo becomes a JPEG that stands upright, turned once and not twice", async () => {
  const { status, body } = await upload(database.pool, aForm(photo, {}, "IMG_0001.HEIC"));
  expect(status).toBe(202);
  await prepareAll(database.pool);
  const row = await rowOf(database.pool, body.artwork);
  expect(row).toMatchObject({ state: "ready", contentType: "image/jpeg", width: 480, height: 640 });
  expect(row).toMatchObject({ fromWidth: 480, fromHeight: 640 });
  const kept = (await readFile(String(row?.["key"]))) ?? new Uint8Array();
  const { format, width, height, exif, orientation } = await sharp(kept).metadata();
  expect({ format, width, height, exif, orientation }).toEqual({ format: "jpeg", width: 480, height: 640 });
  const corners = [
    [20, 15],
    [80, 15],
    [20, 85],
    [80, 85],
    [50, 50],
  ] as const;
  const seen = await Promise.all(corners.map(([x, y]) => colourAt(kept, [x, y])));
  expect(seen).toEqual(["blue", "red", "yellow", "green", "white"]);
});

test("S8 a sequence of pictures is no photo and is refused by its first bytes", async () => {
  for (const film of [named("msf1", "msf1", "hevc"), named("hevc", "msf1", "iso8"), named("hevx", "msf1")])
    expect(await upload(database.pool, aForm(film))).toEqual({
      status: 415,
      body: { error: { code: "type" } },
    });
});

test("S8 a sequence that claims to hold a photo as well, and does not, is refused when it is looked into", async () => {
  const { status, body } = await upload(database.pool, aForm(named("msf1", "msf1", "heic")));
  expect(status).toBe(202);
  await prepareAll(database.pool);
  expect(await rowOf(database.pool, body.artwork)).toMatchObject({ state: "failed", error: "type" });
});

test("S8 a HEIC photo that breaks off is refused", async () => {
  const { body } = await upload(database.pool, aForm(photo.subarray(0, 1700)));
  await prepareAll(database.pool);
  expect(await rowOf(database.pool, body.artwork)).toMatchObject({ state: "failed", error: "type" });
});
