// What MGE's DOT account sells in the stand-in: one brand, and the kits by size, frame, colour and speed.

/** One orderable kit. `code` is the SKU. Field names as partners see them at GET …/types/DOT/variants/. */
export interface DotVariant {
  id: number;
  code: string;
  product: "DOT";
  product_type: "VF" | "SKLAD";
  size: string;
  size_display: string;
  frame: string;
  frame_display: string;
  color: string;
  manufacturing: string;
  /** What MGE charges the brand, EUR. */
  unit_price: string;
}

const sizes = [
  { size: "30X40", cents: 1690 },
  { size: "40X50", cents: 2190 },
  { size: "50X70", cents: 2990 },
  { size: "60X80", cents: 3690 },
] as const;

const frames = [
  { type: "VF", frame: "W", label: "With frame", color: "BLACK", cents: 900 },
  { type: "VF", frame: "W", label: "With frame", color: "WHITE", cents: 900 },
  { type: "VF", frame: "WW", label: "Wrapped on wood", color: "NATURAL", cents: 1100 },
  { type: "VF", frame: "WDIYF", label: "With a frame to build", color: "NATURAL", cents: 600 },
  { type: "SKLAD", frame: "WO", label: "Without frame", color: "NONE", cents: 0 },
] as const;

export const speeds: Record<string, string> = { STD: "Standard", EXP: "Express" };

function kit(id: number, parts: Omit<DotVariant, "id" | "product" | "size_display">): DotVariant {
  return { ...parts, id, product: "DOT", size_display: `${parts.size.replace("X", " × ")} cm` };
}

/** 40 kits, and one whose SKU has seven pieces instead of six: MGE's own test data has such a SKU. */
export const dotVariants: DotVariant[] = sizes
  .flatMap(({ size, cents }) =>
    frames.flatMap((frame) =>
      ["STD", "EXP"].map((speed) => ({
        code: `DOT/${frame.type}/${size}/${frame.frame}/${frame.color}/${speed}`,
        product_type: frame.type,
        size,
        frame: frame.frame,
        frame_display: frame.label,
        color: frame.color,
        manufacturing: speed,
        unit_price: euros(cents + frame.cents + (speed === "EXP" ? 500 : 0)),
      })),
    ),
  )
  .concat([
    {
      code: "DOT/VF/60X80/W/BLACK/FRAME/STD",
      product_type: "VF",
      size: "60X80",
      frame: "W",
      frame_display: "With frame",
      color: "BLACK",
      manufacturing: "STD",
      unit_price: euros(4590),
    },
  ])
  .map((parts, at) => kit(at + 1, parts));

export const dotSkus = new Map(dotVariants.map((variant) => [variant.code, variant]));
export const dotSizes: string[] = sizes.map(({ size }) => size);

function euros(cents: number): string {
  return `${Math.floor(cents / 100)}.${String(cents % 100).padStart(2, "0")}`;
}

/** GET /api/v1/account/brands/ */
export function brands(brandId: number) {
  return [
    {
      brand_id: brandId,
      brand_name: "Makerlane Demo",
      brand_short_code: "MKL",
      brand_email: "brand@example.com",
      language: "en",
      carrier_company_name: "",
      preferred_currency: "EUR",
      access_role: "owner",
      is_default: true,
    },
  ];
}

/** GET /api/v1/products/types/DOT/ */
export const dotType = {
  code: "DOT",
  name: "Dot painting",
  sku_template: "DOT/{product_type}/{size}/{frame}/{color}/{manufacturing}",
  sku_example: "DOT/VF/40X50/W/BLACK/STD",
  detail_url: "/api/v1/products/types/DOT/variants/",
};
