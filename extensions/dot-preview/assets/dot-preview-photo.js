// From the shopper's file to the picture that is uploaded: upright, at most 2400 pixels, JPEG, and without the place
// where it was taken. What the browser cannot read (HEIC in most) goes as it is; the app reads it.
import { Problem } from "./dot-preview-api.js";

const longest = 2400;
const quality = 0.88;
const extensions = /\.(jpe?g|png|webp|hei[cf])$/i;
const types = /^image\/(jpeg|png|webp|hei[cf])/;

/** Throws Problem "type" or "too_big" for what need not be tried. @param {File} file @param {number} maxBytes */
export const checkFile = (file, maxBytes) => {
  // Some systems give HEIC files no type at all.
  if (!types.test(file.type) && !(file.type === "" && extensions.test(file.name ?? "")))
    throw new Problem("type");
  if (file.size > maxBytes) throw new Problem("too_big");
};

// Runs in the page or in a worker, where it is turned into text: it uses nothing from outside.
const shrinkBitmap = async ({ file, longest, quality }) => {
  const bitmap = await createImageBitmap(file, { imageOrientation: "from-image" });
  const { width, height } = bitmap;
  const scale = Math.min(1, longest / Math.max(width, height));
  const canvas = new OffscreenCanvas(Math.round(width * scale), Math.round(height * scale));
  const pen = canvas.getContext("2d");
  // JPEG has no transparency: without a ground it would come out black.
  pen.fillStyle = "#fff";
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.imageSmoothingQuality = "high";
  pen.drawImage(bitmap, 0, 0, canvas.width, canvas.height);
  bitmap.close();
  const blob = await canvas.convertToBlob({ type: "image/jpeg", quality });
  return { blob, width: canvas.width, height: canvas.height };
};

/** In a worker the page stays alive: 48 megapixels take 2.6 s on a slow phone. The CDN is another origin: so a blob. */
const inWorker = (file) =>
  new Promise((done, stop) => {
    const source = `const shrink = ${shrinkBitmap};
onmessage = ({ data }) => shrink(data).then((made) => postMessage(made), () => postMessage(null));`;
    const address = URL.createObjectURL(new Blob([source], { type: "text/javascript" }));
    const worker = new Worker(address);
    const timer = setTimeout(() => over(null), 20_000);
    const over = (made) => {
      clearTimeout(timer);
      worker.terminate();
      URL.revokeObjectURL(address);
      made ? done(made) : stop(new Error("no picture"));
    };
    worker.onmessage = ({ data }) => over(data);
    worker.onerror = () => over(null);
    worker.postMessage({ file, longest, quality });
  });

/** The oldest way, which every browser has: an image element turns itself by EXIF. */
const inPage = async (file) => {
  const image = new Image();
  image.src = URL.createObjectURL(file);
  try {
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const scale = Math.min(1, longest / Math.max(width, height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    const pen = canvas.getContext("2d");
    pen.fillStyle = "#fff";
    pen.fillRect(0, 0, canvas.width, canvas.height);
    pen.drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", quality));
    if (!blob) throw new Error("no picture");
    return { blob, width: canvas.width, height: canvas.height };
  } finally {
    URL.revokeObjectURL(image.src);
  }
};

/**
 * Makes the picture that is uploaded.
 * @param {File} file
 * @returns {Promise<{blob: Blob, pixels?: [number, number], url?: string}>} pixels of that picture: sizes are
 * measured by what the app will hold, not by the original. Without pixels and url when this browser cannot read the
 * file: then blob is the file itself
 */
export const shrink = async (file) => {
  for (const way of [inWorker, inPage]) {
    try {
      const { blob, width, height } = await way(file);
      return { blob, pixels: [width, height], url: URL.createObjectURL(blob) };
    } catch {
      // The next way, and at last the file as it is.
    }
  }
  return { blob: file };
};
