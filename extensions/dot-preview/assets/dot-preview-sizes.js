// Sizes in numbers and words: which part of the photo a size takes, and up to which size the photo is good.

/**
 * @typedef {{x: number, y: number, width: number, height: number}} Crop fractions of the upright photo, 0 to 1
 * @typedef {{label: string, width_mm: number, height_mm: number, min: [number, number], good: [number, number]}} Size
 */

/** Width through height of the size, turned as the photo lies unless the shopper turned it. */
export const ratioOf = (size, pixels, turned) => {
  const sides = [size.width_mm, size.height_mm].sort((a, b) => a - b);
  const lying = pixels[0] > pixels[1] !== Boolean(turned);
  return lying ? sides[1] / sides[0] : sides[0] / sides[1];
};

const within = (value, least, most) => Math.min(Math.max(value, least), most);

/**
 * The part of the photo around a centre, in the size's shape.
 * @param {{pixels: [number, number], ratio: number, zoom?: number, x?: number, y?: number}} asked zoom 1 is as much as
 * fits; x and y are the wanted centre. Faces are rather in the upper half, hence 0.45.
 * @returns {Crop}
 */
export const cropAround = ({ pixels, ratio, zoom = 1, x = 0.5, y = 0.45 }) => {
  const shape = pixels[0] / pixels[1];
  const width = Math.min(1, ratio / shape) / zoom;
  const height = Math.min(1, shape / ratio) / zoom;
  return { x: within(x - width / 2, 0, 1 - width), y: within(y - height / 2, 0, 1 - height), width, height };
};

/** How far the crop is zoomed in, and its centre: what cropAround would take to make it. */
export const centreOf = (crop) => ({
  zoom: 1 / Math.max(crop.width, crop.height),
  x: crop.x + crop.width / 2,
  y: crop.y + crop.height / 2,
});

/** The same picture in another size's shape: centre and zoom stay as far as the photo allows. */
export const reshape = (crop, { pixels, ratio }) => cropAround({ pixels, ratio, ...centreOf(crop) });

const sides = (pair) => [...pair].sort((a, b) => a - b);
const reaches = (have, need) => sides(have).every((side, n) => side >= sides(need)[n]);

/** "good", "soft" or "small" for one size. @param {Size} size */
export const qualityFor = (size, { pixels, zoom = 1, turned }) => {
  const crop = cropAround({ pixels, ratio: ratioOf(size, pixels, turned), zoom });
  // A pixel less by rounding is no reason to warn.
  const have = [crop.width * pixels[0] + 1, crop.height * pixels[1] + 1];
  return reaches(have, size.good) ? "good" : reaches(have, size.min) ? "soft" : "small";
};

/**
 * What to tell the shopper about this photo: a word of the locale and what goes into it.
 * @param {Record<string, Size>} sizes @param {string} variant the chosen one
 * @param {{pixels: [number, number], zoom?: number, turned?: boolean}} photo
 * @returns {{level: "good" | "soft" | "small", word: string, fill: Record<string, string | number>}}
 */
export const adviseSize = (sizes, variant, photo) => {
  const chosen = sizes[variant];
  const level = qualityFor(chosen, photo);
  const area = ({ width_mm, height_mm }) => width_mm * height_mm;
  const fine = Object.values(sizes)
    .filter((size) => qualityFor(size, photo) === "good")
    .sort((one, other) => area(other) - area(one))[0];
  const best = fine && area(fine) < area(chosen) && level === "good" ? chosen : fine;
  const fill = { size: chosen.label, best: best?.label ?? "" };
  if (level === "small") {
    const { pixels, zoom = 1, turned } = photo;
    const crop = cropAround({ pixels, ratio: ratioOf(chosen, pixels, turned), zoom });
    // The whole photo may well be large enough for it.
    const isPart = zoom > 1 || turned;
    const [width, height] = isPart
      ? [crop.width * pixels[0], crop.height * pixels[1]].map(Math.round)
      : pixels;
    const least = width > height ? sides(chosen.min).reverse() : sides(chosen.min);
    return {
      level,
      word: isPart ? "too_small_part" : "too_small",
      fill: { ...fill, width, height, min_width: least[0], min_height: least[1] },
    };
  }
  return { level, word: level === "good" ? "size_good" : best ? "size_soft" : "size_soft_everywhere", fill };
};
