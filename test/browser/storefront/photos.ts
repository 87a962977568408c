// The shoppers' photos, and what holds two pictures against each other: a painting is no copy of its photo, and a
// picture in the cart no copy of the painting, but each is far more like its own than like any other.
import sharp from "sharp";
import { samplePhoto } from "#sandbox/shopify/storefront/sample-photo.ts";

/** A photo on a shopper's device. */
export interface Photo {
  name: string;
  file: Buffer;
}

/** Two photos that nobody would take for each other: fruit on a table, and the same in cold colours on its head. */
export async function twoPhotos(): Promise<[Photo, Photo]> {
  const fruit = sharp(samplePhoto()).resize(1200, 1600);
  const [one, other] = await Promise.all([
    fruit.clone().jpeg().toBuffer(),
    fruit.clone().flip().modulate({ hue: 180 }).jpeg().toBuffer(),
  ]);
  return [
    { name: "fruit.jpg", file: one },
    { name: "cold.jpg", file: other },
  ];
}

/** How far two pictures are from each other, 0 (the same) to 255, whatever their sizes. */
export async function distance(one: Buffer, other: Buffer): Promise<number> {
  const [a, b] = await Promise.all([small(one), small(other)]);
  return a.reduce((sum, value, at) => sum + Math.abs(value - (b[at] ?? 0)), 0) / a.length;
}

async function small(picture: Buffer): Promise<Buffer> {
  return sharp(picture).resize(48, 60, { fit: "fill" }).removeAlpha().toColourspace("srgb").raw().toBuffer();
}

/** Width through height. */
export async function proportion(picture: Buffer): Promise<number> {
  const { width, height } = await sharp(picture).metadata();
  return width / height;
}
