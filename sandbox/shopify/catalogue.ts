// What the demo shop sells: something for each vendor, and things that are nobody's (a gift card, a T-shirt).
// Ids are stable: tests and the demo's mappings name them. The two-part ring's are above 2^53, where a
// JavaScript number loses digits (9007199254740993 reads back as 9007199254740992).
import type { ProductForm, ProductRecord, VariantRecord } from "./types.ts";

interface Sketch {
  id: string;
  handle: string;
  title: string;
  vendor: string;
  productType: string;
  form: ProductForm;
  body: string;
  tags?: string[];
  giftCard?: boolean;
  options: { name: string; values: string[] }[];
  variants: { options: string[]; sku: string | null; priceMinor: number; grams: number }[];
}

const sizes = [
  { label: "30 × 40 cm", code: "30X40", priceMinor: 3900, grams: 900 },
  { label: "40 × 50 cm", code: "40X50", priceMinor: 4900, grams: 1200 },
  { label: "60 × 80 cm", code: "60X80", priceMinor: 7900, grams: 2100 },
];

const frames = [
  { label: "Without frame", family: "SKLAD", code: "WO/NONE", extraMinor: 0 },
  { label: "Black frame", family: "VF", code: "W/BLACK", extraMinor: 2000 },
];

const sketches: Sketch[] = [
  {
    id: "8100000000001",
    handle: "dot-painting-kit",
    title: "Dot painting kit from your photo",
    vendor: "Dotwork",
    productType: "Painting kit",
    form: "photo",
    body: "Your photo as a dot painting: canvas, dots in thirty colours, a pen and a tray.",
    tags: ["personalised", "photo"],
    options: [
      { name: "Size", values: sizes.map(({ label }) => label) },
      { name: "Frame", values: frames.map(({ label }) => label) },
    ],
    variants: sizes.flatMap((size) =>
      frames.map((frame) => ({
        options: [size.label, frame.label],
        sku: `DOT/${frame.family}/${size.code}/${frame.code}/STD`,
        priceMinor: size.priceMinor + frame.extraMinor,
        grams: size.grams,
      })),
    ),
  },
  {
    id: "8100000000002",
    handle: "custom-map-print",
    title: "Custom map print",
    vendor: "Paper & Place",
    productType: "Print",
    form: "customiser",
    body: "The place that matters to you, as a print. Choose the town and the words below it.",
    tags: ["personalised"],
    options: [{ name: "Size", values: ["A3", "A2"] }],
    variants: [
      { options: ["A3"], sku: "MAP-A3", priceMinor: 3500, grams: 300 },
      { options: ["A2"], sku: "MAP-A2", priceMinor: 5500, grams: 500 },
    ],
  },
  {
    id: "8100000000003",
    handle: "engagement-ring",
    title: "Engagement ring, 14 kt gold",
    vendor: "North Goldsmiths",
    productType: "Ring",
    form: "ring",
    body: "A plain band of 14 kt gold, made to your size.",
    options: [{ name: "Ring size", values: ["50", "52", "54", "56", "58"] }],
    variants: ["50", "52", "54", "56", "58"].map((size) => ({
      options: [size],
      sku: `RING-14K-${size}`,
      priceMinor: 89000,
      grams: 20,
    })),
  },
  {
    id: "9007199254740993",
    handle: "two-part-ring",
    title: "Two-part ring with a setting",
    vendor: "North Goldsmiths",
    productType: "Ring",
    form: "ring",
    body: "A band in yellow gold and a setting in white gold.",
    options: [{ name: "Ring size", values: ["52", "54"] }],
    variants: ["52", "54"].map((size) => ({
      options: [size],
      sku: `RING-2P-${size}`,
      priceMinor: 149000,
      grams: 25,
    })),
  },
  {
    id: "8100000000005",
    handle: "photo-album",
    title: "Lay-flat photo album",
    vendor: "Lake Photo Lab",
    productType: "Album",
    form: "album",
    body: "Twenty pages of thick paper that lie flat, bound by hand.",
    tags: ["photo"],
    options: [{ name: "Format", values: ["20 × 20 cm", "30 × 30 cm"] }],
    variants: [
      { options: ["20 × 20 cm"], sku: "ALBUM-20", priceMinor: 9900, grams: 1100 },
      { options: ["30 × 30 cm"], sku: "ALBUM-30", priceMinor: 14900, grams: 1900 },
    ],
  },
  {
    id: "8100000000006",
    handle: "gift-card",
    title: "Gift card",
    vendor: "Demo shop",
    productType: "Gift card",
    form: "none",
    giftCard: true,
    body: "Comes by e-mail, never by post.",
    options: [{ name: "Amount", values: ["$50"] }],
    variants: [{ options: ["$50"], sku: null, priceMinor: 5000, grams: 0 }],
  },
  {
    id: "8100000000007",
    handle: "plain-t-shirt",
    title: "Plain T-shirt",
    vendor: "Demo shop",
    productType: "Shirt",
    form: "none",
    body: "White cotton. We pack this one ourselves.",
    options: [{ name: "Size", values: ["M", "L"] }],
    variants: [
      { options: ["M"], sku: "TEE-M", priceMinor: 1900, grams: 200 },
      { options: ["L"], sku: "TEE-L", priceMinor: 1900, grams: 200 },
    ],
  },
];

/** The products of one shop. The nth shop of a server has its ids moved up by n millions: gids are global. */
export function catalogue(shopIndex: number, at: string): ProductRecord[] {
  const moved = (id: string) => String(BigInt(id) + BigInt(shopIndex) * 1_000_000n);
  return sketches.map((sketch) => {
    const id = moved(sketch.id);
    return {
      id,
      title: sketch.title,
      handle: sketch.handle,
      vendor: sketch.vendor,
      productType: sketch.productType,
      status: "active",
      tags: sketch.tags ?? [],
      bodyHtml: `<p>${sketch.body}</p>`,
      options: sketch.options.map((option, n) => ({ ...option, id: `${id}${n + 1}` })),
      variants: variantsOf(sketch, moved),
      images: [
        {
          id: `9${id.slice(-10)}`,
          alt: sketch.title,
          src: `/cdn/products/${sketch.handle}.svg`,
          width: 1200,
          height: 1200,
        },
      ],
      giftCard: sketch.giftCard ?? false,
      form: sketch.form,
      art: sketch.handle,
      createdAt: at,
      updatedAt: at,
    };
  });
}

/** Variant ids follow the product's: its last two digits times a hundred, in the 43… range, or above 2^53. */
function variantsOf(sketch: Sketch, moved: (id: string) => string): VariantRecord[] {
  const small = BigInt(sketch.id) < 9_000_000_000_000n;
  const first = small ? 43_000_000_000_000n + (BigInt(sketch.id) % 100n) * 100n : BigInt(sketch.id);
  return sketch.variants.map((variant, n) => {
    const id = first + BigInt(small ? n + 1 : 2 * (n + 1));
    return {
      id: moved(String(id)),
      productId: moved(sketch.id),
      inventoryItemId: moved(String(45_000_000_000_000n + (id % 1_000_000n))),
      title: variant.options.join(" / "),
      sku: variant.sku,
      barcode: null,
      priceMinor: variant.priceMinor,
      options: variant.options,
      requiresShipping: !sketch.giftCard,
      grams: variant.grams,
      weightUnit: "GRAMS",
      position: n + 1,
    };
  });
}
