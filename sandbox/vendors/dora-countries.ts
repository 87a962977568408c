// Where Dora sells: currency, and how ring sizes are numbered there.

export interface Country {
  id: number;
  code: string;
  name: string;
  currency: string;
  symbol: string;
  /** Whose numbers ring sizes are written in. */
  sizeTable: "EU" | "US";
  /** Price in this country for 1000 of the base price. */
  perMille: number;
}

export const countries: Country[] = [
  { id: 1, code: "DE", name: "Germany", currency: "EUR", symbol: "€", sizeTable: "EU", perMille: 1000 },
  { id: 2, code: "US", name: "United States", currency: "USD", symbol: "$", sizeTable: "US", perMille: 1140 },
];

/** Inner diameter in mm, with what each country's customers call it. */
const chart: [mm: number, eu: number, us: number][] = [
  [14.9, 47, 4],
  [15.3, 48, 4.5],
  [15.7, 49, 5],
  [16.1, 51, 5.5],
  [16.5, 52, 6],
  [16.9, 53, 6.5],
  [17.3, 54, 7],
  [17.7, 56, 7.5],
  [18.1, 57, 8],
  [18.5, 58, 8.5],
  [18.9, 59, 9],
  [19.4, 61, 9.5],
  [19.8, 62, 10],
  [20.2, 63, 10.5],
  [20.6, 65, 11],
  [21.0, 66, 11.5],
  [21.4, 67, 12],
];

/** `size` in the country's own numbers, `size_mm` what the cart wants. */
export function sizesIn(country: Country): { id: number; size: number; size_mm: number }[] {
  return chart.map(([mm, eu, us], at) => ({
    id: at + 1,
    size: country.sizeTable === "US" ? us : eu,
    size_mm: mm,
  }));
}

/** The chart's millimetres are the same everywhere; only the names of the sizes differ. */
export function hasSize(mm: number): boolean {
  return chart.some(([size]) => size === mm);
}

export const defaultSizeMm = 17.7;
