// Tables as CSV for a spreadsheet. Text from shoppers and vendors is in them, so no cell may become a formula.

/** One cell: quoted when needed, and with ' in front when a spreadsheet would run it (OWASP, "CSV Injection"). */
export function csvCell(value: string | number): string {
  const text = String(value);
  const harmless =
    typeof value === "string" && /^[\s\u0000-\u001f]*[=+\-@\uff1d\uff0b\uff0d\uff20]|^[\t\r\n]/.test(text)
      ? `'${text}`
      : text;
  return /[",\r\n;\t]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** A whole table with its heading, lines ended as RFC 4180 wants; the mark at the start tells Excel it is UTF-8. */
export function toCsv(heading: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return `\ufeff${[heading, ...rows].map((row) => row.map(csvCell).join(",")).join("\r\n")}\r\n`;
}
