// What WHCC makes in this sandbox: each make is one way to finish a design, with its product number, price and
// attributes. Numbers of the first two and the album are those of the document's export example.
// Source: WHCC Editor API, "Export Editors for Ordering"; Order Submit API, "Request catalog", read 2026-11-22.

interface ItemAttribute {
  uid: number;
  category: string;
  name: string;
}

/** One way to finish a design. */
export interface Make {
  id: string;
  /** The Editor API's product that can become this. */
  productId: string;
  productUid: number;
  description: string;
  /** US dollars. */
  unitPrice: number;
  /** Inches. */
  size: { w: number; h: number };
  attributes: ItemAttribute[];
  /** What the shopper chose, as `selectionsSummary` shows it. */
  selections: { id: string; name: string; description: string }[];
  preview: { key: string; name: string };
  album?: { pages: number; bookAttribute: number };
}

export const printProduct = "hRk3mVtPnWc6XyZaQ";
export const cardProduct = "benT9erT8BwHrn6Ws";
export const albumProduct = "zqRtQT4NeWnoa9JPq";

const main = { key: "10000", name: "Main" };
const mounted = (size: string): Make["selections"] => [
  { id: "size", name: "size", description: size },
  { id: "surface", name: "surface", description: "Lustre Photo Matte surface" },
  { id: "backing", name: "backing", description: "¾″ Gatorboard Block" },
  { id: "depth", name: "depth", description: "⅜″ depth" },
];
const mountedAttributes: ItemAttribute[] = [
  { uid: 152, category: "Surface", name: "Lustre Photo Matte" },
  { uid: 155, category: "Backing", name: "3/4 Gatorboard Block" },
  { uid: 159, category: "Depth", name: "3/8 depth" },
];

export const makes: Make[] = [
  {
    id: "block-10x10",
    productId: printProduct,
    productUid: 186,
    description: "Gatorboard Block 10x10",
    unitPrice: 34.25,
    size: { w: 10, h: 10 },
    attributes: mountedAttributes,
    selections: mounted("10×10"),
    preview: main,
  },
  {
    id: "block-24x36",
    productId: printProduct,
    productUid: 192,
    description: "Gatorboard Block 24x36",
    unitPrice: 189.5,
    size: { w: 24, h: 36 },
    attributes: mountedAttributes,
    selections: mounted("24×36"),
    preview: main,
  },
  {
    id: "print-5x7",
    productId: printProduct,
    productUid: 2,
    description: "Print Fulfillment 5x7",
    unitPrice: 0.65,
    size: { w: 5, h: 7 },
    attributes: [
      { uid: 1, category: "Print", name: "Photo print" },
      { uid: 5, category: "Paper Types", name: "Lustre Paper" },
    ],
    selections: [
      { id: "size", name: "size", description: "5×7" },
      { id: "surface", name: "surface", description: "Lustre Paper" },
    ],
    preview: main,
  },
  {
    id: "card-5x7",
    productId: cardProduct,
    productUid: 615,
    description: "Flat Card 5x7",
    unitPrice: 1.1,
    size: { w: 7.25, h: 5.25 },
    attributes: [{ uid: 801, category: "Paper Types", name: "Felt Press Paper" }],
    selections: [{ id: "paper_type", name: "paper type", description: "Felt Press Paper" }],
    preview: { key: "10000", name: "Front" },
  },
  {
    id: "album-10x10",
    productId: albumProduct,
    productUid: 426,
    description: "Album 10x10",
    unitPrice: 142.5,
    size: { w: 10, h: 10 },
    attributes: [
      { uid: 1011, category: "Size", name: "10x10" },
      { uid: 2118, category: "Cover material", name: "Black premium leather" },
      { uid: 1035, category: "Cover padding", name: "Non-Padded Cover" },
      { uid: 1029, category: "Page attribute", name: "Pages" },
      { uid: 2119, category: "Endleaf style", name: "Textured Black Endleaves" },
      { uid: 539, category: "Book attribute", name: "Book" },
      { uid: 2126, category: "Insert boards", name: "Thick White Inserts" },
      { uid: 2719, category: "Paper Types", name: "Photo lustre paper" },
    ],
    selections: [
      { id: "size", name: "size", description: "10x10" },
      { id: "spread_count", name: "spread count", description: "5 spreads" },
      { id: "cover_material", name: "cover material", description: "black premium leather Non-Padded Cover" },
      { id: "endleaf_style", name: "endleaf style", description: "Textured Black Endleaves" },
      { id: "insert_boards", name: "insert boards", description: "Thick White Inserts" },
      { id: "ba_paper_type", name: "paper type", description: "photo lustre paper" },
    ],
    preview: { key: "front_cover", name: "Front Cover" },
    album: { pages: 5, bookAttribute: 66 },
  },
];

/** Throws for a make that does not exist: a test that names one made a mistake. */
export function makeOf(id: string): Make {
  const found = makes.find((make) => make.id === id);
  if (!found)
    throw new Error(`WHCC's stand-in has no make "${id}"; there are: ${makes.map((m) => m.id).join(", ")}`);
  return found;
}

/** Dollars, to the cent. */
export function cents(amount: number): number {
  return Math.round(amount * 100) / 100;
}
