// Ring sizes as people write them ("7 1/2", "7,5", "P½") become one spelling, so that a shopper's text finds
// its row in the mapping's list. Millimetres come from that list only: a formula would guess the country.

const vulgar: Record<string, string> = {
  "¼": "1/4",
  "½": "1/2",
  "¾": "3/4",
  "⅓": "1/3",
  "⅔": "2/3",
  "⅛": "1/8",
  "⅜": "3/8",
  "⅝": "5/8",
  "⅞": "7/8",
};

/**
 * One spelling for one size: lower case, fractions and decimal commas as decimals, no "size" in front.
 * "7 1/2", "7½", "7,50" and "Size 7.5" are all "7.5"; "P½" and "p 1/2" are "p.5". What is no size ("not
 * sure") stays the text it is and so matches no row.
 */
export function sizeText(text: string): string {
  const plain = text
    .replace(/[¼½¾⅓⅔⅛⅜⅝⅞]/g, (character) => ` ${vulgar[character] ?? ""}`)
    .normalize("NFKC")
    .replaceAll("⁄", "/")
    .toLowerCase()
    .replace(/(\d),(\d)/g, "$1.$2")
    .replace(/\s+/g, " ")
    .trim()
    .replace(/^(?:ring )?size:? ?(?=.)/, "")
    .replace(
      /(?:\b(\d+)[ -])?(?<![\d./])([1-7])\/([2348])(?![\d/])/g,
      (all, whole: string = "", top, bottom) =>
        Number(top) < Number(bottom) ? whole + decimals(Number(top) / Number(bottom)) : all,
    )
    .replace(/(?<=[a-z]) (?=\.\d)/g, "");
  return /^\d+(?:\.\d+)?$|^\.\d+$/.test(plain) ? String(Number(plain)) : plain;
}

/** A part below one as its decimals: 0.5 is ".5". */
function decimals(part: number): string {
  return String(Math.round(part * 1000) / 1000).slice(1);
}

/** A row of the mapping's list: what the shopper sees, and the millimetres Dora wants. */
export interface SizeRow {
  label: string;
  sizeMm: number;
}

/** The millimetres of a shopper's text; undefined when no row has it, or when two rows disagree about it. */
export function sizeOf(text: string, rows: readonly SizeRow[]): number | undefined {
  const asked = sizeText(text);
  const found = new Set(rows.filter((row) => sizeText(row.label) === asked).map((row) => row.sizeMm));
  const [only] = found;
  return found.size === 1 ? only : undefined;
}
