// Tracking numbers pasted from a spreadsheet.
import fc from "fast-check";
import { expect, test } from "vitest";
import { maxRows, readTrackingRows } from "#app/ui/tracking-rows.ts";

test("columns from a spreadsheet are read, the heading and empty lines are not", () => {
  const text =
    "Reference\tCarrier\tTracking number\r\nM-1001-a-7F3K2\tDHL\t00340434\r\n\r\n#1002\tRoyal Mail\tAB1\t\r\n";

  expect(readTrackingRows(text)).toEqual({
    rows: [
      { line: 2, reference: "M-1001-a-7F3K2", carrier: "DHL", trackingNumber: "00340434" },
      { line: 4, reference: "#1002", carrier: "Royal Mail", trackingNumber: "AB1" },
    ],
    leftOut: 0,
  });
});

test("commas, semicolons, quotes and a spreadsheet's own marks are understood", () => {
  const { rows } = readTrackingRows('#1;DHL;1\n"#2","DHL, Express","2"\n#3,UPS,="0003"\n#4,UPS,\'0004');

  expect(rows.map((row) => [row.reference, row.carrier, row.trackingNumber, row.problem])).toEqual([
    ["#1", "DHL", "1", undefined],
    ["#2", "DHL, Express", "2", undefined],
    ["#3", "UPS", "0003", undefined],
    ["#4", "UPS", "0004", undefined],
  ]);
});

test.each([
  [",DHL,1", "The reference is missing."],
  ["#1,,1", "The carrier is missing. It is the second column."],
  ["#1,DHL", "The tracking number is missing. It is the third column."],
  ["#1,DHL,1,2", "There are more than three columns. Keep reference, carrier and tracking number."],
  [
    "#1,DHL,3.40434E+17",
    "The spreadsheet has shortened this number. Format the column as text and copy the number again.",
  ],
])("%s cannot be taken, and the row says why", (text, problem) => {
  expect(readTrackingRows(text).rows[0]?.problem).toBe(problem);
});

test("the same parcel twice is taken once; a second parcel of the same order is taken", () => {
  const { rows } = readTrackingRows("#1,DHL,A\n#1,DHL,B\n#1,DHL,a");

  expect(rows.map((row) => row.problem)).toEqual([
    undefined,
    undefined,
    "This is the same parcel as in line 1.",
  ]);
});

test("too many rows are cut with a count, not silently", () => {
  const text = Array.from({ length: maxRows + 7 }, (_, index) => `#${index},DHL,${index}X`).join("\n");

  const { rows, leftOut } = readTrackingRows(text);

  expect([rows.length, leftOut]).toEqual([maxRows, 7]);
});

test("whatever is pasted, every row is either whole or has a problem", () => {
  fc.assert(
    fc.property(fc.string({ maxLength: 200 }), (text) => {
      for (const row of readTrackingRows(text).rows)
        expect(Boolean(row.reference && row.carrier && row.trackingNumber) || row.problem !== undefined).toBe(
          true,
        );
    }),
  );
});
