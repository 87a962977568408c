// Which few colours a painting needs, and which of them each dot gets. Worked out in OKLab, where equal distances look
// equally far apart. Source: Björn Ottosson, "A perceptual color space for image processing", read 2026-11-22.

type Colour = readonly [number, number, number];

// Hue counts for more than lightness, or reds and greens are lost among the greys.
const chromaWeight = 2.6;

/** 8-bit sRGB pixels (red, green, blue …) as OKLab: three numbers a pixel. */
export function toOklab(rgb: Uint8Array): Float32Array {
  const lab = new Float32Array(rgb.length);
  for (let at = 0; at < rgb.length; at += 3) {
    const [red, green, blue] = [linear(rgb[at]), linear(rgb[at + 1]), linear(rgb[at + 2])];
    const l = Math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue);
    const m = Math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue);
    const s = Math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue);
    lab[at] = 0.2104542553 * l + 0.793617785 * m - 0.0040720468 * s;
    lab[at + 1] = 1.9779984951 * l - 2.428592205 * m + 0.4505937099 * s;
    lab[at + 2] = 0.0259040371 * l + 0.7827717662 * m - 0.808675766 * s;
  }
  return lab;
}

/** One OKLab colour as 8-bit sRGB. */
export function fromOklab([lightness, a, b]: Colour): [number, number, number] {
  const l = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3;
  return [
    gamma(4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s),
    gamma(-1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s),
    gamma(-0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s),
  ];
}

function linear(value = 0): number {
  const part = value / 255;
  return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
}

function gamma(part: number): number {
  const value = part <= 0.0031308 ? part * 12.92 : 1.055 * Math.max(0, part) ** (1 / 2.4) - 0.055;
  return Math.round(Math.min(1, Math.max(0, value)) * 255);
}

/** The colours that stand for a picture best: k-means that starts from far-apart samples. Deterministic. */
export function choosePalette(pixels: Float32Array, count: number): Colour[] {
  const total = pixels.length / 3;
  const step = Math.max(1, Math.floor(total / 6000));
  const samples: Colour[] = [];
  for (let at = 0; at < total; at += step) samples.push(colourAt(pixels, at));
  const palette = farApart(samples, count);
  for (let round = 0; round < 8; round++) {
    const sums = palette.map(() => [0, 0, 0, 0]);
    for (const sample of samples) {
      const sum = sums[nearest(sample, palette)];
      if (!sum) continue;
      for (let part = 0; part < 3; part++) sum[part] = (sum[part] ?? 0) + (sample[part] ?? 0);
      sum[3] = (sum[3] ?? 0) + 1;
    }
    for (const [index, [l = 0, a = 0, b = 0, members = 0]] of sums.entries())
      if (members > 0) palette[index] = [l / members, a / members, b / members];
  }
  return palette;
}

// Each next colour is drawn with a chance that grows with its distance from those chosen (k-means++).
function farApart(samples: readonly Colour[], count: number): Colour[] {
  const random = seeded(20_261_122);
  const first = samples[Math.floor(random() * samples.length)] ?? [0.5, 0, 0];
  const palette: Colour[] = [first];
  const away = samples.map((sample) => distance(sample, first));
  while (palette.length < count) {
    let left = random() * away.reduce((sum, part) => sum + part, 0);
    const index = away.findIndex((part) => (left -= part) <= 0);
    const next = samples[Math.max(0, index)] ?? first;
    palette.push(next);
    for (const [at, sample] of samples.entries()) away[at] = Math.min(away[at] ?? 0, distance(sample, next));
  }
  return palette;
}

/**
 * Gives each pixel the number of a palette colour and passes half of the error on to its neighbours (Floyd and
 * Steinberg): the whole of it makes a picture noisy, none of it makes steps.
 */
export function ditherToPalette(
  pixels: Float32Array,
  { palette, columns }: { palette: readonly Colour[]; columns: number },
): Uint8Array {
  const work = Float32Array.from(pixels);
  const total = pixels.length / 3;
  const chosen = new Uint8Array(total);
  for (let at = 0; at < total; at++) {
    const colour = colourAt(work, at);
    const index = nearest(colour, palette);
    chosen[at] = index;
    const taken = palette[index] ?? colour;
    const column = at % columns;
    for (let part = 0; part < 3; part++) {
      const error = ((colour[part] ?? 0) - (taken[part] ?? 0)) * 0.5;
      const pass = (to: number, share: number): void => {
        if (to < total) work[to * 3 + part] = (work[to * 3 + part] ?? 0) + error * share;
      };
      if (column + 1 < columns) pass(at + 1, 7 / 16);
      if (column > 0) pass(at + columns - 1, 3 / 16);
      pass(at + columns, 5 / 16);
      if (column + 1 < columns) pass(at + columns + 1, 1 / 16);
    }
  }
  return chosen;
}

function colourAt(pixels: Float32Array, at: number): Colour {
  return [pixels[at * 3] ?? 0, pixels[at * 3 + 1] ?? 0, pixels[at * 3 + 2] ?? 0];
}

function nearest(colour: Colour, palette: readonly Colour[]): number {
  let best = 0;
  let least = Infinity;
  for (let index = 0; index < palette.length; index++) {
    const candidate = palette[index];
    const away = candidate ? distance(colour, candidate) : Infinity;
    if (away < least) {
      least = away;
      best = index;
    }
  }
  return best;
}

function distance(one: Colour, other: Colour): number {
  const [l, a, b] = [
    one[0] - other[0],
    (one[1] - other[1]) * chromaWeight,
    (one[2] - other[2]) * chromaWeight,
  ];
  return l * l + a * a + b * b;
}

// A small generator of numbers from 0 to 1 (mulberry32): the same start gives the same painting.
function seeded(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
