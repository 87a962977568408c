// Ids and numbers on their way out: sequences of digits in memory, gids for GraphQL, and bare JSON
// numbers for webhooks. No id is ever a JavaScript number, because official samples exceed 2^53.

/** Gives the next id of a sequence, as a string of digits. */
export type NextId = () => string;

/** A sequence from `start` upwards. BigInt, so that a start above 2^53 keeps every digit. */
export function sequence(start: string): NextId {
  let next = BigInt(start);
  return () => String(next++);
}

/** The gid Shopify gives a record, e.g. gid://shopify/Order/6100000000001. */
export function gid(type: string, id: string): string {
  return `gid://shopify/${type}/${id}`;
}

/** The digits of a gid of one type, or null when it is another type or no gid at all. */
export function digits(type: string, value: string): string | null {
  const match = /^gid:\/\/shopify\/(\w+)\/(\d+)(?:\?.*)?$/.exec(value);
  return match?.[1] === type ? (match[2] ?? null) : null;
}

// TypeScript's library does not know JSON.rawJSON yet; Node has it since 21.
const rawJson = (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON;

/** An id that JSON.stringify writes as a bare number with all its digits, as Shopify's webhooks do. */
export function num(id: string): unknown {
  return rawJson(id);
}

/** The same for an id that may be missing. */
export function numOrNull(id: string | null): unknown {
  return id === null ? null : rawJson(id);
}

/** Minor units to the decimal text of REST payloads: 4995 → "49.95". All demo currencies have two places. */
export function money(minor: number): string {
  const sign = minor < 0 ? "-" : "";
  const whole = Math.floor(Math.abs(minor) / 100);
  return `${sign}${whole}.${String(Math.abs(minor) % 100).padStart(2, "0")}`;
}

/** Minor units to the decimal text of GraphQL, which drops a last zero ("10.0"), as recorded from a real store. */
export function decimal(minor: number): string {
  const text = money(minor);
  return text.endsWith("0") ? text.slice(0, -1) : text;
}
