// A photo for a shopper who has none at hand: fruit on a table by a window, so that the kit's form starts with a link
// that vendors can really fetch. Traced ray by ray by a small program of our own: nobody else has a right to it.
import { readFileSync } from "node:fs";

/** Where the local shop serves it. */
export const samplePhotoPath = "/cdn/photos/fruit.jpg";

let read: Buffer | undefined;

/** The JPEG, 1200 × 1600. */
export function samplePhoto(): Buffer {
  read ??= readFileSync(new URL("fruit.jpg", import.meta.url));
  return read;
}
