// The words of a preview that its files share: what a shopper asks for, and what is kept of the vendor's answer.
import { z } from "zod";

/** A part of a picture, in fractions of its width and height. */
export const cropShape = z
  .strictObject({
    x: z.number().min(0).max(1),
    y: z.number().min(0).max(1),
    width: z.number().min(0.05).max(1),
    height: z.number().min(0.05).max(1),
  })
  .refine(({ x, y, width, height }) => x + width <= 1.001 && y + height <= 1.001, "reaches over the edge");
export type Crop = z.infer<typeof cropShape>;

/**
 * One look as we keep it: keys in the store. `early` came before the vendor was ready, and may still change. One whose
 * `look` is "" is shown to nobody and goes with the preview: files about to be written for the look in `label`, or
 * those of an early picture that was replaced.
 */
export interface KeptLook {
  look: string;
  label: string;
  image: string;
  large: string;
  early?: boolean;
}

export type PreviewState = "new" | "working" | "ready" | "failed" | "expired";

/** The middle of a part in another shape, turned as the part is: nothing that was left out of it comes back. Pure. */
export function cropInShape(
  crop: Crop,
  { picture, sides }: { picture: { width: number; height: number }; sides: readonly [number, number] },
): Crop {
  const [width, height] = [crop.width * picture.width, crop.height * picture.height];
  const [short, long] = [Math.min(...sides), Math.max(...sides)];
  const isLying = width === height ? picture.width > picture.height : width > height;
  const shape = isLying ? long / short : short / long;
  const keep = { width: Math.min(1, (height * shape) / width), height: Math.min(1, width / shape / height) };
  return {
    x: crop.x + (crop.width * (1 - keep.width)) / 2,
    y: crop.y + (crop.height * (1 - keep.height)) / 2,
    width: crop.width * keep.width,
    height: crop.height * keep.height,
  };
}

/** The pixels of a part, of a picture of so many pixels. Pure. */
export function cropPixels(
  { x, y, width, height }: Crop,
  picture: { width: number; height: number },
): { left: number; top: number; width: number; height: number } {
  const left = Math.min(picture.width - 1, Math.round(x * picture.width));
  const top = Math.min(picture.height - 1, Math.round(y * picture.height));
  return {
    left,
    top,
    width: Math.max(1, Math.min(picture.width - left, Math.round(width * picture.width))),
    height: Math.max(1, Math.min(picture.height - top, Math.round(height * picture.height))),
  };
}
