// What Dora offers in the stand-in: metals, nine rings in two collections, three products; and the price of a
// configured ring. Field names: Dora API v2, "Catalog Endpoints", read 2026-11-22.

import { defaultSizeMm, type Country } from "./dora-countries.ts";

export interface Metal {
  id: number;
  name: string;
  code: string;
  colors: ("White" | "Yellow" | "Rose")[];
  centsPerGram: number;
  /** Weight of the same ring against 14 kt gold, per mille. */
  weightPerMille: number;
}

const threeColors: Metal["colors"] = ["White", "Yellow", "Rose"];
export const metals: Metal[] = [
  { id: 1, name: "Silver 925", code: "AG925", colors: ["White"], centsPerGram: 160, weightPerMille: 790 },
  { id: 4, name: "Gold 9 kt", code: "AU375", colors: threeColors, centsPerGram: 3900, weightPerMille: 860 },
  { id: 5, name: "Gold 14 kt", code: "AU585", colors: threeColors, centsPerGram: 6100, weightPerMille: 1000 },
  { id: 6, name: "Gold 18 kt", code: "AU750", colors: threeColors, centsPerGram: 7800, weightPerMille: 1170 },
  { id: 8, name: "Platinum 950", code: "PT950", colors: ["White"], centsPerGram: 4400, weightPerMille: 1560 },
];

export type Finish = "Polished" | "Hammered" | "Brushed" | "Iced";

export interface RingPart {
  name: string;
  metalIds: number[];
  finishes: Finish[];
  /** Centigrams in 14 kt gold at 17.7 mm and the ring's default width. */
  centigrams: number;
  /** A band grows with the ring's width, a setting does not. */
  widens: boolean;
}

export interface RingDiamond {
  cut_code: string;
  cut: string;
  count: number;
  size: number;
  total_weight: number;
  vary: number;
  vary_quantity: number;
  black_diamond: boolean;
  quality: string;
}

export interface Ring {
  id: number;
  styleNo: string;
  information: string;
  collectionId: number;
  shape: string;
  defaultMetalId: number;
  defaultWidth: number;
  minWidth: number;
  maxWidth: number;
  makingCents: number;
  weightLabel: string | null;
  showHome: boolean;
  parts: RingPart[];
  diamonds: RingDiamond[];
  lighter?: number;
  standard?: number;
  heavier?: number;
  related: number[];
}

export const collections = [
  { id: 12, category_name: "Wedding rings", collection_name: "Classics", is_new: false },
  { id: 14, category_name: "Engagement rings", collection_name: "Solitaires", is_new: true },
];

const every = [1, 4, 5, 6, 8];
const noble = [5, 6, 8];
const fourFinishes: Finish[] = ["Polished", "Hammered", "Brushed", "Iced"];

const band = (centigrams: number, more: Partial<RingPart> = {}): RingPart => ({
  name: "Band",
  metalIds: every,
  finishes: fourFinishes,
  centigrams,
  widens: true,
  ...more,
});
const setting = (centigrams: number): RingPart => ({
  name: "Setting",
  metalIds: noble,
  finishes: ["Polished", "Brushed"],
  centigrams,
  widens: false,
});
const brilliant = (count: number, carat: number): RingDiamond => ({
  cut_code: "BR",
  cut: "Brilliant",
  count,
  size: carat,
  total_weight: Math.round(count * carat * 1000) / 1000,
  vary: 0,
  vary_quantity: 0,
  black_diamond: false,
  quality: "G/VS",
});

const plain = { collectionId: 12, shape: "court", defaultMetalId: 5, weightLabel: null, showHome: false };
const solitaire = { ...plain, collectionId: 14, shape: "solitaire", defaultMetalId: 6, showHome: true };
const widths = { defaultWidth: 4, minWidth: 2.5, maxWidth: 8 };
const narrow = { defaultWidth: 2.5, minWidth: 2, maxWidth: 3.5 };

export const rings: Ring[] = [
  {
    ...plain,
    ...widths,
    id: 310,
    styleNo: "4021",
    information: "Court band",
    makingCents: 9500,
    weightLabel: "Standard",
    showHome: true,
    parts: [band(420)],
    diamonds: [],
    lighter: 311,
    heavier: 312,
    related: [313],
  },
  {
    ...plain,
    ...widths,
    id: 311,
    styleNo: "4021L",
    information: "Court band, light",
    makingCents: 9000,
    weightLabel: "Light",
    parts: [band(330)],
    diamonds: [],
    standard: 310,
    heavier: 312,
    related: [],
  },
  {
    ...plain,
    ...widths,
    id: 312,
    styleNo: "4021H",
    information: "Court band, heavy",
    makingCents: 9900,
    weightLabel: "Heavy",
    parts: [band(530)],
    diamonds: [],
    lighter: 311,
    standard: 310,
    related: [],
  },
  {
    ...plain,
    ...widths,
    id: 313,
    styleNo: "4055",
    information: "Flat band",
    shape: "flat",
    makingCents: 9800,
    parts: [band(440)],
    diamonds: [],
    related: [310, 314],
  },
  {
    ...plain,
    ...widths,
    id: 314,
    styleNo: "4060",
    information: "Court band with five brilliants",
    makingCents: 14500,
    parts: [band(430, { metalIds: noble })],
    diamonds: [brilliant(5, 0.02)],
    related: [310],
  },
  {
    ...solitaire,
    ...narrow,
    id: 320,
    styleNo: "5102",
    information: "Solitaire, four prongs",
    makingCents: 18500,
    parts: [band(260, { metalIds: noble }), setting(60)],
    diamonds: [brilliant(1, 0.25)],
    related: [321],
  },
  {
    ...solitaire,
    ...narrow,
    id: 321,
    styleNo: "5110",
    information: "Solitaire, six prongs",
    makingCents: 19500,
    parts: [band(270, { metalIds: noble }), setting(80)],
    diamonds: [brilliant(1, 0.5)],
    related: [320],
  },
  {
    ...solitaire,
    ...narrow,
    id: 322,
    styleNo: "5127",
    information: "Three stones",
    shape: "trilogy",
    makingCents: 22500,
    parts: [band(300, { metalIds: noble })],
    diamonds: [brilliant(3, 0.15)],
    related: [320],
  },
  {
    ...solitaire,
    ...narrow,
    id: 323,
    styleNo: "5140",
    information: "Solitaire, bezel",
    shape: "bezel",
    makingCents: 21000,
    parts: [band(280, { metalIds: noble, finishes: ["Polished", "Brushed"] }), setting(110)],
    diamonds: [brilliant(1, 0.3)],
    related: [],
  },
];

/** Things that are not rings; sold in every country. `cents` in the base currency. */
export const products = [
  { id: 71, name: "Ring box, oak", description: "For two rings, felt inside", cents: 1900 },
  { id: 72, name: "Display tray", description: "Twelve places, linen", cents: 6400 },
  { id: 73, name: "Care set", description: "Cloth and cleaning bath", cents: 1250 },
];

/** A ring as it would be made: every choice filled in. */
export interface Made {
  ring: Ring;
  size: number;
  width: number;
  parts: { name: string; metal_id: number; color: string; finish: string; metal_name: string }[];
}

export function gramsOf(
  part: RingPart,
  made: { metal: Metal; size: number; width: number; ring: Ring },
): number {
  const { metal, size, width, ring } = made;
  const wide = part.widens ? width / ring.defaultWidth : 1;
  return Math.round(part.centigrams * (size / defaultSizeMm) * wide * (metal.weightPerMille / 1000)) / 100;
}

/** Minor units of the country's currency. */
export function priceMinor(
  made: Made,
  { country, mode }: { country: Country; mode: "ring" | "sample" },
): number {
  const { ring } = made;
  const metalCents = ring.parts.map((part) => {
    const chosen = made.parts.find((one) => one.name === part.name);
    const metal = metals.find((one) => one.id === chosen?.metal_id);
    return metal ? Math.round(gramsOf(part, { ...made, metal }) * metal.centsPerGram) : 0;
  });
  const stones = ring.diamonds.reduce((sum, one) => sum + Math.round(one.total_weight * 110_000), 0);
  const whole = metalCents.reduce((sum, cents) => sum + cents, ring.makingCents + stones);
  return inCountry(mode === "sample" ? Math.round(whole * 0.4) : whole, country);
}

export function inCountry(cents: number, country: Country): number {
  return Math.round((cents * country.perMille) / 1000);
}
