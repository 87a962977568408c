// Downloads that a spreadsheet opens without running anything.
import { expect, test } from "vitest";
import { csvCell, toCsv } from "#app/ui/csv.ts";

test.each(['=HYPERLINK("http://x")', "+1", "-1", "@SUM(A1)", "\t=1", " =1", "\r=1", "＝1"])(
  "%j does not become a formula",
  (text) => {
    expect(csvCell(text).replace(/^"/, "")).toMatch(/^'/);
  },
);

test("plain text, names with commas and numbers stay what they are", () => {
  expect(["M-1001-a", "Tan, Ana", 'say "hi"', -5].map(csvCell)).toEqual([
    "M-1001-a",
    '"Tan, Ana"',
    '"say ""hi"""',
    "-5",
  ]);
});

test("a table has a heading and ends every line", () => {
  expect(toCsv(["Reference", "Result"], [["#1", "Done"]])).toBe("\ufeffReference,Result\r\n#1,Done\r\n");
});
