// The painter behind MGE's previews in the stand-in: the same photo gives the same painting, quickly.
import sharp from "sharp";
import { expect, test } from "vitest";
import { looks, paint } from "#sandbox/vendors/dot-painter.ts";

/** A photo of soft colours with something in the middle. */
async function aPhoto(width: number, height: number): Promise<Buffer> {
  const svg = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">
    <defs><linearGradient id="sky" x2="1" y2="1"><stop stop-color="#f2b84b"/><stop offset="1" stop-color="#27408b"/></linearGradient></defs>
    <rect width="100%" height="100%" fill="url(#sky)"/><circle cx="50%" cy="45%" r="22%" fill="#b3322c"/></svg>`;
  return sharp(Buffer.from(svg)).jpeg({ quality: 90 }).toBuffer();
}

const wish = { look: "source", size: "40X50", autoCrop: true };

test("the same photo gives the same painting, and each look another one", async () => {
  const photo = await aPhoto(300, 400);
  const [one, again, drama] = [
    await paint({ ...wish, photo }),
    await paint({ ...wish, photo }),
    await paint({ ...wish, photo, look: "drama" }),
  ];

  expect(Object.keys(looks)).toEqual(["source", "drama"]);
  expect(Buffer.from(one.bytes).equals(Buffer.from(again.bytes))).toBe(true);
  expect(Buffer.from(one.bytes).equals(Buffer.from(drama.bytes))).toBe(false);
  expect(one.colours).toBeGreaterThan(8);
  expect(await sharp(one.bytes).metadata()).toMatchObject({ format: "webp", width: one.width });
});

test("a painting has the shape of its kit, lying down for a wide photo", async () => {
  const upright = await paint({ ...wish, photo: await aPhoto(300, 400) });
  const lying = await paint({ ...wish, photo: await aPhoto(400, 300) });

  expect(upright.height / upright.width).toBeCloseTo(50 / 40, 1);
  expect(lying.width / lying.height).toBeCloseTo(50 / 40, 1);
});

test("a photo of 12 megapixels is painted in little time", async () => {
  const photo = await aPhoto(3000, 4000);
  const before = process.cpuUsage();
  await paint({ ...wish, photo });
  const { user, system } = process.cpuUsage(before);

  // Measured alone: 0.6 s. CPU time over all threads, so that a busy machine does not fail it.
  expect((user + system) / 1e6).toBeLessThan(3);
});

test("what cannot be decoded is not painted", async () => {
  await expect(paint({ ...wish, photo: Buffer.alloc(900, 7) })).rejects.toThrow();
});
