// A description in the shop as text for the agency: no tags, no scripts, nothing lost.
import fc from "fast-check";
import { expect, test } from "vitest";
import { oneLine, toPlainText } from "#app/vendors/vendor.ts";

test.each([
  [
    "C19 a script is not text",
    '<p>Chair</p><script type="x">alert("a</p>b")</SCRIPT ><p>Oak</p>',
    "Chair\n\nOak",
  ],
  ["C19 a script without an end hides the rest", "Chair<script>alert(1)", "Chair"],
  ["styles and comments go too", "<style>p{color:red}</style>A<!-- <p>no</p> -->B", "AB"],
  [
    "blocks are lines, items have dashes",
    "<h2>Oak</h2><ul><li>one</li><li></li><li>two</li></ul>",
    "Oak\n\n- one\n- two",
  ],
  ["a cell is a space", "<table><tr><td>Width</td><td>51 cm</td></tr></table>", "Width 51 cm"],
  [
    "signs are read",
    "51&nbsp;&times;&#32;77 &lt;cm&gt; &amp;amp; &#x2764; &unknown; &#0;",
    "51 × 77 <cm> &amp; ❤ &unknown;",
  ],
  ["a sign that opens nothing stays", "5 < 6 > 4", "5 < 6 > 4"],
  ["a quoted sign does not end a tag", "<a title=\"a>b\" href='c>d'>link</a>", "link"],
  ["spaces fall together, lines stay apart", "<p> a \t b </p>\n\n\n<p>c</p>", "a b\n\nc"],
  ["nothing is nothing", "<p>&nbsp;</p>", ""],
])("%s", (_name, html, text) => {
  expect(toPlainText(html)).toBe(text);
});

test("a broken paste of half a megabyte is read at once", () => {
  for (const piece of ["<", "<!--", "<a ", '<a b="', "&#", "<script>", "</", "<p", "<script></script>"]) {
    const started = performance.now();
    toPlainText(piece.repeat(500_000 / piece.length));
    expect(performance.now() - started, piece).toBeLessThan(2000);
  }
});

test("whatever the description is, no script and no tag is left of it", () => {
  const piece = fc.constantFrom(
    "<p>",
    "</p>",
    "<script>",
    "</script>",
    "x",
    " ",
    "&lt;",
    "<b",
    ">",
    '"',
    "<!--",
    "-->",
  );
  fc.assert(
    fc.property(fc.array(piece), (pieces) => {
      expect(toPlainText(pieces.join("").replaceAll("&lt;", ""))).not.toMatch(/<\/?(script|p|b)>/);
    }),
  );
});

test("a title is one line", () => {
  expect(oneLine(" Fiber\n Arm\u0000chair\u202E ")).toBe("Fiber Arm chair");
  expect(oneLine("\u200B")).toBeUndefined();
});
