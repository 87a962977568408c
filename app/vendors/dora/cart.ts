// Dora's cart, read and compared: what of it is ours, what is missing, what nobody can explain. Pure.
import { z } from "zod";
import { number, spare, text, thousandths } from "./numbers.ts";
import type { Put } from "./payload.ts";

const cartItem = z.object({
  type: z.string(),
  id: number,
  quantity: number,
  item_key: text,
  price: spare(number),
  options: z.unknown().optional(),
  details: z
    .object({ style_no: text.nullish(), name: spare(text), local_size: spare(text) })
    .optional()
    .catch(undefined),
});

/** GET /cart. Prices are in the dealer's currency. Source: Dora API v2, 'Get Cart', read 2026-11-22. */
export const cartSchema = z.object({
  items: z
    .union([z.array(cartItem), z.record(z.string(), cartItem).transform((items) => Object.values(items))])
    .nullish()
    .transform((items) => items ?? []),
  total: number.nullish(),
});
export type Cart = z.infer<typeof cartSchema>;
export type CartItem = z.infer<typeof cartItem>;

const options = z.object({
  size: number,
  width: number,
  parts: z.array(
    z.object({
      name: z.string(),
      metal_id: number.nullish(),
      metal_name: spare(text),
      color: text.nullish(),
      finish: text.nullish(),
    }),
  ),
  diamonds: z
    .array(
      z.object({
        diamond_cut_id: number,
        diamond_count_size: number,
        diamond_size: number,
        diamond_quality_id: text,
      }),
    )
    .nullish(),
});

/**
 * What makes two cart lines the same thing, as one text: everything but the quantity, the order of parts and
 * how a number is written. A ring whose options cannot be read is like nothing else.
 */
export function configurationOf(item: { type: string; id: number; options?: unknown }): string {
  if (item.type === "product") return JSON.stringify(["product", item.id]);
  const read = options.safeParse(item.options);
  if (item.type !== "ring" || !read.success) return JSON.stringify(["unreadable", item]);
  const { size, width, parts, diamonds } = read.data;
  return JSON.stringify([
    "ring",
    item.id,
    thousandths(size),
    thousandths(width),
    parts
      .map((part) => [
        part.name.trim(),
        part.metal_id ?? null,
        part.color?.toLowerCase() || null,
        part.finish?.toLowerCase() || null,
      ])
      .map((part) => JSON.stringify(part))
      .sort(),
    (diamonds ?? [])
      .map((diamond) =>
        JSON.stringify([
          thousandths(diamond.diamond_cut_id),
          thousandths(diamond.diamond_count_size),
          thousandths(diamond.diamond_size),
          diamond.diamond_quality_id,
        ]),
      )
      .sort(),
  ]);
}

/** A ring of the cart in words, e.g. "17.7 mm, 4 mm wide, Band: Gold 14 kt Yellow Polished"; "" for anything else. */
export function wordsOf({ type, options: raw }: CartItem): string {
  const read = options.safeParse(raw);
  if (type !== "ring" || !read.success) return "";
  const { size, width, parts, diamonds } = read.data;
  return [
    `${size} mm`,
    `${width} mm wide`,
    ...parts.map(({ name, metal_id, metal_name, color, finish }) => {
      const metal = metal_name ?? (typeof metal_id === "number" ? `metal ${metal_id}` : "");
      return `${name}: ${[metal, color, finish].filter(Boolean).join(" ")}`;
    }),
    ...(diamonds && diamonds.length > 0 ? [`diamonds: ${diamonds.length}`] : []),
  ].join(", ");
}

/** How a cart compares with what an order needs. */
export interface Comparison {
  /** How many of the pieces that the order needs are in it; what is too much does not make up for what is not there. */
  pieces: number;
  /** What would have to be added; quantities are the difference. */
  missing: Put[];
  /** Cart lines of our configurations. */
  ours: CartItem[];
  /** Names of ours with more pieces than the order needs. */
  tooMany: string[];
  /** Names of what the order does not have. */
  foreign: string[];
}

/** Compares as a multiset of configurations: Dora merges equal ones, and their order means nothing. */
export function compareCart(wanted: readonly Put[], cart: Cart): Comparison {
  const have = new Map<string, number>();
  const needs = new Map(wanted.map((put) => [configurationOf(put), put]));
  const result: Comparison = { pieces: 0, missing: [], ours: [], tooMany: [], foreign: [] };
  for (const item of cart.items) {
    const key = configurationOf(item);
    if (!needs.has(key)) {
      result.foreign.push(nameOf(item));
      continue;
    }
    result.ours.push(item);
    have.set(key, (have.get(key) ?? 0) + item.quantity);
  }
  for (const [key, put] of needs) {
    const there = have.get(key) ?? 0;
    result.pieces += Math.max(0, Math.min(there, put.quantity));
    if (there < put.quantity) result.missing.push({ ...put, quantity: put.quantity - there });
    if (there > put.quantity) {
      const [first] = result.ours.filter((item) => configurationOf(item) === key);
      result.tooMany.push(`${first ? nameOf(first) : nameOf(put)} (${there} instead of ${put.quantity})`);
    }
  }
  return result;
}

/** What a merchant calls it: the style number where Dora tells it. */
export function nameOf(item: { type: string; id: number; details?: CartItem["details"] }): string {
  return item.details?.style_no ? `style ${item.details.style_no}` : `${item.type} ${item.id}`;
}

/** Several names in one sentence; many are counted. */
export function namesOf(names: readonly string[]): string {
  const shown = [...new Set(names)].slice(0, 5);
  const more = new Set(names).size - shown.length;
  return more > 0 ? `${shown.join(", ")} and ${more} more` : shown.join(", ");
}
