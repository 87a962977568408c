// A photo for a shopper who has none at hand: hills at sunset, drawn pixel by pixel, so that the kit's form starts
// with a link that vendors can really fetch.
import { encodePng } from "../../vendors/pictures.ts";

/** Where the local shop serves it. */
export const samplePhotoPath = "/cdn/photos/hills.png";

const width = 750;
const height = 1000;
let drawn: Buffer | undefined;

/** The PNG, drawn once. */
export function samplePhoto(): Buffer {
  drawn ??= draw();
  return drawn;
}

function draw(): Buffer {
  const rows = Buffer.alloc(height * (1 + width * 3));
  for (let y = 0; y < height; y += 1) {
    const row = y * (1 + width * 3);
    for (let x = 0; x < width; x += 1) rows.set(colour(x / width, y / height), row + 1 + x * 3);
  }
  return encodePng({ width, height, rows });
}

type Colour = [red: number, green: number, blue: number];

const ridges: { base: number; wave: number; colour: Colour }[] = [
  { base: 0.86, wave: 5, colour: [34, 58, 48] },
  { base: 0.74, wave: 7, colour: [58, 92, 70] },
  { base: 0.63, wave: 4, colour: [112, 126, 98] },
];

function colour(x: number, y: number): Colour {
  const ridge = ridges.find(({ base, wave }) => y > base - 0.05 * Math.sin(x * wave + base * 20));
  if (ridge) return ridge.colour;
  const fromSun = Math.hypot(x - 0.66, (y - 0.42) * 1.33);
  if (fromSun < 0.11) return [255, 226, 150];
  const glow = Math.max(0, 0.5 - fromSun);
  return [235 - 90 * (0.6 - y), 150 + 90 * glow, 120 + 120 * (0.6 - y)];
}
