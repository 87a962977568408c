// Reads tracking numbers that a merchant pastes from a spreadsheet or a vendor's e-mail: one parcel a line.

/** One pasted line. `line` counts from 1 as the merchant sees it; `problem` says why it cannot be taken. */
export interface TrackingRow {
  line: number;
  reference: string;
  carrier: string;
  trackingNumber: string;
  problem?: string;
}

/** More than this at once and the page would be slow to check by eye. */
export const maxRows = 500;

/** The rows of a pasted text, and how many lines beyond `maxRows` were left out. */
export function readTrackingRows(text: string): { rows: TrackingRow[]; leftOut: number } {
  const lines = text
    .split(/\r\n|\r|\n/)
    .map((content, index) => ({ content, line: index + 1 }))
    .filter(({ content }) => content.replace(/[\s,;]/g, "") !== "");
  const first = lines[0];
  if (first && isHeading(cellsOf(first.content))) lines.shift();
  const seen = new Map<string, number>();
  const rows = lines.slice(0, maxRows).map(({ content, line }) => rowOf(cellsOf(content), line, seen));
  return { rows, leftOut: Math.max(0, lines.length - maxRows) };
}

function rowOf(cells: string[], line: number, seen: Map<string, number>): TrackingRow {
  const [reference = "", carrier = "", trackingNumber = ""] = cells;
  const row = { line, reference, carrier, trackingNumber };
  if (cells.length > 3)
    return {
      ...row,
      problem: "There are more than three columns. Keep reference, carrier and tracking number.",
    };
  if (reference === "") return { ...row, problem: "The reference is missing." };
  if (carrier === "") return { ...row, problem: "The carrier is missing. It is the second column." };
  if (trackingNumber === "")
    return { ...row, problem: "The tracking number is missing. It is the third column." };
  // What a spreadsheet makes of a long number; the digits behind are lost for good.
  if (/^\d[.,]?\d*E\+?\d+$/i.test(trackingNumber))
    return {
      ...row,
      problem:
        "The spreadsheet has shortened this number. Format the column as text and copy the number again.",
    };
  const key = `${reference}\u0000${trackingNumber}`.toLowerCase();
  const before = seen.get(key);
  if (before !== undefined) return { ...row, problem: `This is the same parcel as in line ${before}.` };
  seen.set(key, line);
  return row;
}

function isHeading(cells: readonly string[]): boolean {
  return (
    /^(our )?(reference|order|order name|order number|name)$/i.test(cells[0] ?? "") &&
    !/\d/.test(cells.join(""))
  );
}

/** The cells of a line: split at tabs, else semicolons, else commas; quotes and ="…" are taken off. */
function cellsOf(line: string): string[] {
  const separator = line.includes("\t") ? "\t" : line.includes(";") ? ";" : ",";
  const cells: string[] = [];
  let cell = "";
  let quoted = false;
  for (let index = 0; index < line.length; index++) {
    const character = line[index] ?? "";
    if (character === '"' && quoted && line[index + 1] === '"') {
      cell += '"';
      index++;
    } else if (character === '"') quoted = !quoted;
    else if (character === separator && !quoted) {
      cells.push(cell);
      cell = "";
    } else cell += character;
  }
  cells.push(cell);
  const clean = cells.map((text) =>
    text
      .trim()
      .replace(/^[='\u2019](?=\S)/, "")
      .trim(),
  );
  while (clean.length > 3 && clean.at(-1) === "") clean.pop();
  return clean;
}
