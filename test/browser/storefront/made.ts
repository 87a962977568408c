// What MGE DOT makes, held against what was paid for: each kit once, in its size, of its shopper's photo in the look
// that was chosen, and exactly the picture that the cart showed.
import { expect } from "vitest";
import type { DemoWorld } from "#sandbox/demo/world.ts";
import { distance, proportion, type Photo } from "./photos.ts";
import type { Bought } from "./shop.ts";

/** An order in MGE's ledger. */
interface Made {
  /** Ours: "M-1001-a-7F3K2". */
  reference: string;
  lines: { sku: string; quantity: number; detail: { look?: string; picture?: string } }[];
}

/** Everything MGE was told to make so far. */
export async function ledgerOf({ vendorUrls }: Pick<DemoWorld, "vendorUrls">): Promise<Made[]> {
  const answer = await fetch(`${vendorUrls.dot}/_sandbox/ledger`);
  return (await answer.json()) as Made[];
}

const nameOf = ({ reference }: Made): string => `#${reference.split("-")[1] ?? ""}`;

/** Holds that nothing was made but what was paid with a picture or got one later, and nothing of it twice. */
export async function expectNothingElse(world: DemoWorld, paid: Bought[]): Promise<void> {
  const mayBe = new Set(paid.filter(({ ref, chosen }) => ref ?? chosen).map(({ name }) => name));
  const made = (await ledgerOf(world)).map(nameOf);
  expect(made).toEqual([...new Set(made)]);
  expect(made.filter((name) => !mayBe.has(name))).toEqual([]);
}

// Measured with these photos: a painting and its own smaller copy are less than 1 apart, the same look in another size
// 7, the other look 9 and more; a painting and its photo 12 to 25, a painting and the other photo 50 and more.
const samePicture = 3;

/** Waits until MGE makes the order, and holds that it is what the shopper chose; `photos` are all there are. */
export async function expectMade(world: DemoWorld, bought: Bought, photos: Photo[]): Promise<void> {
  const { name, sku, chosen } = bought;
  if (!chosen) throw new Error(`${name} was paid without a picture`);
  const found = async () => (await ledgerOf(world)).filter((one) => nameOf(one) === name);
  await expect.poll(async () => (await found()).length, { timeout: 30_000 }).toBe(1);
  const [line, ...more] = (await found()).flatMap(({ lines }) => lines);
  expect(more).toEqual([]);
  expect(line).toMatchObject({ sku, quantity: 1, detail: { look: chosen.look } });

  const answer = await fetch(line?.detail.picture ?? "");
  expect(answer.status, "the painting that MGE holds").toBe(200);
  const painting = Buffer.from(await answer.arrayBuffer());
  expect(await distance(painting, chosen.picture)).toBeLessThan(samePicture);
  const apart = await Promise.all(photos.map(({ file }) => distance(painting, file)));
  expect(photos[apart.indexOf(Math.min(...apart))]?.name).toBe(chosen.photo.name);
  expect(Math.abs((await proportion(painting)) - proportionOf(sku))).toBeLessThan(0.01);
}

/** Of a kit by the size in its SKU: "DOT/SKLAD/30X40/…" is three to four, for an upright photo. */
export function proportionOf(sku: string): number {
  const [, width, height] = /\/(\d+)X(\d+)\//.exec(sku) ?? [];
  return Number(width) / Number(height);
}
