// What the shoppers buy. Every line for a vendor carries a mark that travels through the app to the vendor (in the
// photo's address, in the design, in the ring's own measures), so that the vendors' ledgers alone say what became of it.
import type { CartLineInput } from "#sandbox/shopify/types.ts";
import type { Chance } from "./random.ts";
import type { LedgerEntry, VendorId } from "./vendors.ts";

/** One line as its vendor must have it. */
export interface WantedLine {
  mark: string;
  sku: string;
  quantity: number;
}

/** An order that a shopper places: at which moment of its round, where, what, and what must come of it. */
export interface Wish {
  n: number;
  shop: string;
  lines: CartLineInput[];
  wanted: Partial<Record<VendorId, WantedLine[]>>;
}

/** What a shop sells, by vendor; ring variants carry the width that the shop's mapping gives them. */
export interface Assortment {
  shop: string;
  kits: { variantId: string; sku: string }[];
  prints: { variantId: string }[];
  /** Empty in a shop without Dora. */
  rings: { variantId: string; width: number }[];
  /** Something the shop packs itself. */
  own: { variantId: string };
}

/** Sizes of Dora's list in this run: the shopper's word and the millimetres that the mapping says it is. */
export const ringSizes = [
  [47, 14.9],
  [48, 15.3],
  [49, 15.7],
  [51, 16.1],
  [52, 16.5],
  [53, 16.9],
  [54, 17.3],
  [56, 17.7],
  [57, 18.1],
  [58, 18.5],
  [59, 18.9],
  [61, 19.4],
  [62, 19.8],
  [63, 20.2],
  [65, 20.6],
  [66, 21.0],
  [67, 21.4],
].map(([size = 0, sizeMm = 0]) => ({ label: String(size), sizeMm }));
export const ringFinishes = ["Polished", "Hammered", "Brushed", "Iced"] as const;
/** Dora's court band, style 4021. */
export const bandStyle = "4021";

const mixes: readonly (readonly VendorId[])[] = [
  ["dot"],
  ["dot"],
  ["dot"],
  ["oms"],
  ["oms"],
  ["oms"],
  ["dora"],
  ["dora"],
  ["dora"],
  ["dot", "oms"],
  ["dot", "dora"],
  ["oms", "dora"],
  ["dot", "oms", "dora"],
  ["dot", "oms", "dora"],
];

interface Shelf {
  assortment: Assortment;
  chance: Chance;
  shopifyUrl: string;
  /** Rings that are bought already: each is made once, so that a ring names its order. */
  taken: Set<string>;
}

/** Makes up `count` orders over the shops. */
export function makeWishes(
  count: number,
  { shops, chance, shopifyUrl }: { shops: Assortment[]; chance: Chance; shopifyUrl: string },
): Wish[] {
  const taken = new Set<string>();
  return Array.from({ length: count }, (_, index) => {
    const assortment = chance.pick(shops);
    const vendors = chance.pick(mixes.filter((mix) => assortment.rings.length > 0 || !mix.includes("dora")));
    const wish: Wish = { n: index + 1, shop: assortment.shop, lines: [], wanted: {} };
    for (const vendor of vendors) {
      const lines = chance.happens(0.25) ? 2 : 1;
      for (let line = 0; line < lines; line++)
        addLine(wish, vendor, { assortment, chance, shopifyUrl, taken });
    }
    if (chance.happens(0.2)) wish.lines.push({ variantId: assortment.own.variantId, quantity: 1 });
    return wish;
  });
}

function addLine(wish: Wish, vendor: VendorId, shelf: Shelf): void {
  const quantity = shelf.chance.pick([1, 1, 1, 2, 3]);
  const made = makers[vendor](`${wish.n}-${wish.lines.length}`, shelf);
  wish.lines.push({ variantId: made.variantId, quantity, properties: made.properties });
  (wish.wanted[vendor] ??= []).push({ mark: made.mark, sku: made.sku, quantity });
}

interface Made {
  variantId: string;
  sku: string;
  mark: string;
  properties: Record<string, string>;
}

const makers: Record<VendorId, (mark: string, shelf: Shelf) => Made> = {
  dot: (mark, { assortment, chance, shopifyUrl }) => {
    const kit = chance.pick(assortment.kits);
    return {
      ...kit,
      mark,
      properties: { _dot_asset_url: `${shopifyUrl}/cdn/photos/fruit.jpg?mark=${mark}` },
    };
  },
  oms: (mark, { assortment, chance }) => {
    const { variantId } = chance.pick(assortment.prints);
    const design = encodeURIComponent(JSON.stringify({ template: "map", town: "Łódź", mark }));
    const properties = { _template_config: design, _thumbnail: "https://cdn.example.com/lodz.png" };
    return { variantId, sku: variantId, mark, properties };
  },
  dora: (_mark, { assortment, chance, taken }) => {
    for (let tries = 0; tries < 10_000; tries++) {
      const { variantId, width } = chance.pick(assortment.rings);
      const size = chance.pick(ringSizes);
      const finish = chance.pick(ringFinishes);
      const mark = ringMark(width, size.sizeMm, finish);
      if (taken.has(mark)) continue;
      taken.add(mark);
      return { variantId, sku: bandStyle, mark, properties: { "Ring size": size.label, Finish: finish } };
    }
    throw new Error("there are not enough different rings for so many orders");
  },
};

const ringMark = (width: unknown, size: unknown, finish: unknown): string =>
  [width, size, finish].map(String).join("/");

/** The mark of a line in a vendor's ledger; a text that no order has when there is none. */
export function markOf(vendor: VendorId, { detail }: LedgerEntry["lines"][number]): string {
  switch (vendor) {
    case "dot":
      return new URL(String(detail["asset_url"])).searchParams.get("mark") ?? "no mark";
    case "oms": {
      const design = JSON.parse(decodeURIComponent(String(detail["template_config"]))) as { mark?: string };
      return design.mark ?? "no mark";
    }
    case "dora": {
      const [part] = detail["parts"] as { finish?: string }[];
      return ringMark(detail["width"], detail["size"], part?.finish);
    }
  }
}
