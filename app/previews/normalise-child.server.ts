// A process of its own that takes one stranger's picture apart and ends: bytes on stdin → one JSON line and three
// pictures on stdout. It is given no environment, so there is no key in it that a decoder's mistake could give away.
import { createRequire } from "node:module";
import { buffer } from "node:stream/consumers";
import sharp from "sharp";
import { isTooLarge, mostPixels } from "./upload-pixels.server.ts";
import { isHeic, photoType, type PhotoType } from "./upload-types.server.ts";

// Measured: a PNG of 109 KB that claims 30,000 × 30,000 is refused in 9 ms, before anything is decoded.
const limits = { limitInputPixels: mostPixels, failOn: "error", pages: 1 } as const;
const shortestSide = 400;

// SVG, GIF, TIFF, PDF and whatever a later libvips brings stay shut, also behind a wrong first byte.
sharp.block({ operation: ["VipsForeignLoad"] });
sharp.unblock({
  operation: ["VipsForeignLoadJpeg", "VipsForeignLoadPng", "VipsForeignLoadWebp", "VipsForeignLoadHeif"],
});
sharp.cache(false);
sharp.concurrency(1);

class Refused extends Error {
  readonly code: string;
  constructor(code: string) {
    super(code);
    this.code = code;
  }
}

type HeicConvert = (input: { buffer: Uint8Array; format: "JPEG"; quality: number }) => Promise<ArrayBuffer>;

async function decodable(bytes: Buffer, type: PhotoType): Promise<Buffer> {
  if (!isHeic(type)) return bytes;
  const convert = createRequire(import.meta.url)("heic-convert") as HeicConvert;
  return Buffer.from(await convert({ buffer: bytes, format: "JPEG", quality: 0.95 }));
}

async function prepare(bytes: Buffer): Promise<{ head: object; files: Buffer[] }> {
  const type = photoType(bytes);
  if (!type) throw new Refused("type");
  const {
    width,
    height,
    orientation = 1,
  } = await sharp(bytes, { ...limits, limitInputPixels: false })
    .metadata()
    .catch(() => {
      throw new Refused("type");
    });
  if (isTooLarge({ width, height })) throw new Refused("too_many_pixels");
  if (Math.min(width, height) < shortestSide) throw new Refused("too_small");
  const { data: whole, info } = await sharp(await decodable(bytes, type), limits)
    .autoOrient()
    .resize(3000, 3000, { fit: "inside", withoutEnlargement: true })
    .flatten({ background: "#ffffff" })
    .toColourspace("srgb")
    .jpeg({ quality: 85 })
    .toBuffer({ resolveWithObject: true })
    .catch(() => {
      throw new Refused("type");
    });
  const copy = (side: number): Promise<Buffer> =>
    sharp(whole)
      .resize(side, side, { fit: "inside", withoutEnlargement: true })
      .webp({ quality: 80 })
      .toBuffer();
  const isTurned = orientation >= 5 && !isHeic(type);
  // A HEIC says its pixels as they are stored or as they are shown; which of the two is seen in the result.
  const isSwapped = isHeic(type) && width > height !== info.width > info.height;
  const from = isTurned || isSwapped ? [height, width] : [width, height];
  return {
    head: { width: info.width, height: info.height, fromWidth: from[0], fromHeight: from[1] },
    files: [whole, await copy(1200), await copy(320)],
  };
}

async function answer(): Promise<Buffer> {
  try {
    const { head, files } = await prepare(await buffer(process.stdin));
    const line = { ...head, lengths: files.map(({ length }) => length) };
    return Buffer.concat([Buffer.from(`${JSON.stringify(line)}\n`), ...files]);
  } catch (error) {
    if (error instanceof Refused) return Buffer.from(`${JSON.stringify({ refused: error.code })}\n`);
    throw error;
  }
}

process.stdout.end(await answer());
