// Paints a photo as a dot painting: the photo becomes a small grid of a few colours, and every cell a glossy round
// dot over a dim underpainting. Deterministic, so that the same photo gives the same picture.
import sharp from "sharp";
import { choosePalette, fromOklab, ditherToPalette, toOklab } from "./dot-palette.ts";

/** How a look treats the photo before it becomes dots. */
interface Look {
  label: string;
  saturation: number;
  contrast: number;
  /** Stretches the tones over the whole range first. */
  normalise: boolean;
  /** How bright the painting behind the dots is. */
  underpainting: number;
}

/** The looks the vendor offers, by the name its API gives them. */
export const looks: Record<string, Look> = {
  source: {
    label: "True to the photo",
    saturation: 1.12,
    contrast: 1.06,
    normalise: false,
    underpainting: 0.62,
  },
  drama: { label: "Dramatic", saturation: 1.45, contrast: 1.18, normalise: true, underpainting: 0.3 },
};

/** A finished painting: a WebP, and what it is made of. */
export interface Painting {
  bytes: Uint8Array;
  width: number;
  height: number;
  colours: number;
  dots: number;
}

/** What to paint. `size` is the vendor's, in centimetres: "40X50". `crop` false keeps the middle of the photo. */
export interface Commission {
  photo: Uint8Array;
  look: string;
  size: string;
  /** Lets the painter choose which part of the photo fills the canvas. */
  autoCrop: boolean;
}

// Four dots to a centimetre is the pitch of such kits; a larger canvas gets no more than this, to stay quick.
const dotsPerCm = 4;
const mostDots = 240;
const fewestDots = 40;
const colours = 36;

/** Paints. Throws when the photo cannot be decoded. A 40 × 50 takes half a second on one core, whatever the photo's size. */
export async function paint({ photo, look, size, autoCrop }: Commission): Promise<Painting> {
  const style = looks[look] ?? looks["source"];
  if (!style) throw new Error(`no look ${look}`);
  const { columns, rows } = await gridFor(photo, size);
  const cell = columns * rows > 40_000 ? 6 : 8;
  const cropped = await sharp(photo, { failOn: "error", limitInputPixels: 100_000_000 })
    .autoOrient()
    .resize(columns * 4, rows * 4, {
      fit: "cover",
      position: autoCrop ? sharp.strategy.attention : "centre",
    })
    .removeAlpha()
    .toColourspace("srgb")
    .png({ compressionLevel: 0 })
    .toBuffer();
  const toned = await tone(cropped, style);
  const small = await sharp(toned)
    .resize(columns, rows, { kernel: "mitchell" })
    .sharpen({ sigma: 0.6 })
    .raw()
    .toBuffer();
  const pixels = toOklab(small);
  const palette = choosePalette(pixels, colours);
  const chosen = ditherToPalette(pixels, { palette, columns });
  const [width, height] = [columns * cell, rows * cell];
  const canvas = await sharp(toned)
    .resize(width, height, { fit: "fill" })
    .blur(cell)
    .linear(style.underpainting, 4)
    .raw()
    .toBuffer();
  const paints = palette.map((colour) => ({ rgb: fromOklab(colour), stamp: stampFor(colour[0] ?? 0, cell) }));
  for (const [at, index] of chosen.entries()) {
    const row = Math.floor(at / columns);
    // Every second row stands between the dots of the last one, as beads lie.
    const shift = row % 2 === 1 ? cell >> 1 : 0;
    const paint = paints[index];
    if (paint) stampOn(canvas, { width, x: (at % columns) * cell + shift, y: row * cell, cell, paint });
  }
  const margin = cell >> 1;
  const bytes = await sharp(canvas, { raw: { width, height, channels: 3 } })
    .extract({ left: margin, top: margin, width: width - 2 * margin, height: height - 2 * margin })
    .webp({ quality: 82, effort: 2 })
    .toBuffer();
  return {
    bytes,
    width: width - 2 * margin,
    height: height - 2 * margin,
    colours: new Set(chosen).size,
    dots: columns * rows,
  };
}

// The canvas follows the photo: a wide photo gets the size lying down.
async function gridFor(photo: Uint8Array, size: string): Promise<{ columns: number; rows: number }> {
  const [short = 40, long = 50] = size
    .split("X")
    .map(Number)
    .sort((one, other) => one - other);
  const { autoOrient } = await sharp(photo).metadata();
  // A photo with fewer pixels than dots has nothing to put into them.
  const pixels = Math.max(fewestDots, autoOrient.width, autoOrient.height);
  const scale = Math.min(dotsPerCm, mostDots / long, pixels / long);
  const [narrow, wide] = [Math.round(short * scale), Math.round(long * scale)];
  return autoOrient.width > autoOrient.height
    ? { columns: wide, rows: narrow }
    : { columns: narrow, rows: wide };
}

async function tone(photo: Buffer, { saturation, contrast, normalise }: Look): Promise<Buffer> {
  const base = sharp(photo);
  const even = normalise ? base.normalise({ lower: 1, upper: 99 }) : base;
  return even
    .modulate({ saturation })
    .linear(contrast, 128 * (1 - contrast))
    .png({ compressionLevel: 0 })
    .toBuffer();
}

/** How much of the dot covers each pixel of its cell, and how much light or shade lies on it. */
interface Stamp {
  cover: Float32Array;
  light: Float32Array;
}

const stamps = new Map<string, Stamp>();

// A light dot is a little larger than a dark one, so that bright parts close up and dark parts keep their depth.
// Drawn sixteen times finer than it is used, lit from the top left.
function stampFor(lightness: number, cell: number): Stamp {
  const step = Math.round(Math.min(1, Math.max(0, lightness)) * 11);
  const key = `${cell} ${step}`;
  const known = stamps.get(key);
  if (known) return known;
  const radius = cell * (0.44 + 0.07 * (step / 11));
  const stamp: Stamp = { cover: new Float32Array(cell * cell), light: new Float32Array(cell * cell) };
  const fine = 4;
  for (let at = 0; at < cell * cell; at++) {
    let cover = 0;
    let light = 0;
    for (let sub = 0; sub < fine * fine; sub++) {
      const x = (at % cell) + ((sub % fine) + 0.5) / fine - cell / 2;
      const y = Math.floor(at / cell) + (Math.floor(sub / fine) + 0.5) / fine - cell / 2;
      const away = Math.hypot(x, y) / radius;
      if (away > 1) continue;
      cover += 1;
      const height = Math.sqrt(1 - away * away);
      const facing = (-0.5 * x - 0.6 * y) / radius + 0.62 * height;
      const spot = Math.max(0, 1 - Math.hypot(x / radius + 0.34, y / radius + 0.38) / 0.32);
      light += (facing - 0.5) * 0.34 + spot * spot * 0.4;
    }
    stamp.cover[at] = cover / (fine * fine);
    stamp.light[at] = cover === 0 ? 0 : light / cover;
  }
  stamps.set(key, stamp);
  return stamp;
}

interface Dot {
  width: number;
  x: number;
  y: number;
  cell: number;
  paint: { rgb: readonly number[]; stamp: Stamp };
}

function stampOn(canvas: Buffer, { width, x, y, cell, paint: { rgb, stamp } }: Dot): void {
  for (let at = 0; at < cell * cell; at++) {
    const column = x + (at % cell);
    const cover = stamp.cover[at] ?? 0;
    if (cover === 0 || column >= width) continue;
    const light = stamp.light[at] ?? 0;
    const pixel = ((y + Math.floor(at / cell)) * width + column) * 3;
    for (let channel = 0; channel < 3; channel++) {
      const plain = rgb[channel] ?? 0;
      const lit = light >= 0 ? plain + (255 - plain) * light : plain * (1 + light);
      const under = canvas[pixel + channel] ?? 0;
      canvas[pixel + channel] = Math.min(255, Math.max(0, under + (lit - under) * cover));
    }
  }
}
