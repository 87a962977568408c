// A wrong reading of a stored design prints a wrong picture on something that was paid for.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { isTemplateConfig, toTemplateConfig } from "#app/vendors/oms/template-config.ts";

const design = '{"a":1}';
const encoded = "%7B%22a%22%3A1%7D";

describe("the design is JSON, encoded exactly once", () => {
  test.each([
    ["O1 encoded once is passed on byte for byte", encoded, encoded],
    ["lower-case hex is left as it is", "%7b%22a%22%3a1%7d", "%7b%22a%22%3a1%7d"],
    ["encodeURI, which leaves colons and commas, is left as it is", "%7B%22a%22:1%7D", "%7B%22a%22:1%7D"],
    ["raw JSON is encoded", design, encoded],
    ["a raw list is a design as well", "[1]", "%5B1%5D"],
    ["an encoded list is a design as well", "%5B1%5D", "%5B1%5D"],
    ["encoded twice loses one encoding", encodeURIComponent(encoded), encoded],
    ["space around it is not part of it", ` ${encoded}\n`, encoded],
    ["raw JSON with spaces inside keeps them", '{ "a": 1 }', "%7B%20%22a%22%3A%201%20%7D"],
    ["O2 a percent sign in raw JSON survives", '{"a":"50% off"}', "%7B%22a%22%3A%2250%25%20off%22%7D"],
    ["raw JSON that talks of %22 is not decoded", '{"a":"%22"}', "%7B%22a%22%3A%22%2522%22%7D"],
    [
      "an encoded percent sign in a text encoded once is not taken for a second encoding",
      "%7B%22a%22%3A%22%2522%22%7D",
      "%7B%22a%22%3A%22%2522%22%7D",
    ],
    ["a plus in a text that reads well is a plus", "%7B%22a%22%3A%22b+c%22%7D", "%7B%22a%22%3A%22b+c%22%7D"],
    ["a plus that breaks the JSON was a space of a form", "%7B%22a%22%3A+1%7D", "%7B%22a%22%3A%201%7D"],
    [
      "form encoding with a real plus keeps that one",
      "%7B%22a%22:+%22b%2Bc%22%7D",
      "%7B%22a%22%3A%20%22b%2Bc%22%7D",
    ],
    ["ids beyond 2^53 keep every digit", '{"id":9007199254740993}', "%7B%22id%22%3A9007199254740993%7D"],
    ["repeated keys and their order stay", '{"b":1,"a":2,"b":3}', encodeURIComponent('{"b":1,"a":2,"b":3}')],
    ["half-encoded text is encoded whole", '%7B"n":"José"%7D', encodeURIComponent('{"n":"José"}')],
    ["names in any script survive", '{"n":"李小龙 👩‍👩‍👧"}', encodeURIComponent('{"n":"李小龙 👩‍👩‍👧"}')],
  ])("%s", (_name, stored, wanted) => {
    expect(toTemplateConfig(stored)).toBe(wanted);
  });
});

describe("what is no design is refused and never thrown about", () => {
  test.each([
    ["O5 cut off", "%7B%22a%22%3A"],
    ["O5 malformed bytes", "%E0%A4%A"],
    ["raw and cut off", '{"a":'],
    ["a lone percent sign", "%"],
    ["O6 a bare word", '"abc"'],
    ["O6 a bare word, encoded", "%22abc%22"],
    ["O6 null", "null"],
    ["a number", "42"],
    ["true", "true"],
    ["an object written as text", "[object Object]"],
    ["undefined", "undefined"],
    ["nothing", ""],
    ["space", "  \n"],
    ["a link to the design", "https://cdn.example.com/design.json"],
    ["three times encoded", encodeURIComponent(encodeURIComponent(encoded))],
    ["half an emoji, which has no encoding", '{"a":"\uD83D"}'],
  ])("%s", (_name, stored) => {
    expect(toTemplateConfig(stored)).toBeUndefined();
  });
});

// fc.json makes text from values; a bare word or number of it is no design.
const anyDesign = (): fc.Arbitrary<string> =>
  fc
    .oneof(fc.dictionary(fc.string({ unit: "grapheme" }), fc.jsonValue()), fc.array(fc.jsonValue()))
    .map((value) => JSON.stringify(value))
    .filter((text) => !/\p{Cs}/u.test(text));

test("any design says the same afterwards, raw, encoded once or encoded twice", () => {
  fc.assert(
    fc.property(anyDesign(), fc.constantFrom(0, 1, 2), (json, times) => {
      let stored = json;
      for (let n = 0; n < times; n++) stored = encodeURIComponent(stored);

      expect(decodeURIComponent(toTemplateConfig(stored) ?? "")).toBe(json);
    }),
  );
});

test("what comes out is right already, so reading it again changes nothing", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: "binary" }), anyDesign(), fc.json()), (stored) => {
      const once = toTemplateConfig(stored);
      if (once === undefined) return;

      expect(isTemplateConfig(once)).toBe(true);
      expect(toTemplateConfig(once)).toBe(once);
    }),
  );
});

test("a design cut anywhere is refused, or was whole already", () => {
  fc.assert(
    fc.property(anyDesign(), fc.nat(), (json, at) => {
      const whole = encodeURIComponent(json);
      const cut = whole.slice(0, at % whole.length);

      expect(toTemplateConfig(cut)).toBeUndefined();
    }),
  );
});
