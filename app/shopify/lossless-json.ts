// JSON as Shopify sends it, without losing digits: its ids may exceed 2^53 (its own samples do). Pure.

type Reviver = (key: string, value: unknown, context: { source?: string }) => unknown;

/** Parses JSON; a whole number too large for a JavaScript number stays its text. Throws SyntaxError. */
export function parseLossless(text: string): unknown {
  const keepDigits: Reviver = (_key, value, { source }) =>
    typeof value === "number" &&
    !Number.isSafeInteger(value) &&
    source !== undefined &&
    /^-?\d+$/.test(source)
      ? source
      : value;
  // Most bodies hold no such number, and a reviver triples the cost of parsing (it is called for every value).
  if (!/[^.\d]\d{16,}(?![.\d])/.test(text)) return JSON.parse(text);
  return JSON.parse(text, keepDigits as (key: string, value: unknown) => unknown);
}
