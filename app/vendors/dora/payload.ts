// From the lines of an order to what goes into Dora's cart: pure. Every fact that costs money comes from the
// mapping; a shopper's property may only pick among the mapping's own sizes and finishes.
import { z } from "zod";
import type { LineFacts } from "../../orders/order.ts";
import { refuse, type Part, type PartLine } from "../vendor.ts";
import { configurationOf } from "./cart.ts";
import { thousandths } from "./numbers.ts";
import { colors, finishes, listOf, type Product, type Settings } from "./settings.ts";
import { sizeOf, sizeText } from "./size.ts";

const id = z.number().int().min(1);
const quantity = z.number().int().min(1);

const ring = z.strictObject({
  type: z.literal("ring"),
  id,
  quantity,
  options: z.strictObject({
    size: z.number().positive(),
    width: z.number().positive(),
    parts: z
      .array(
        z.strictObject({
          name: z.string().min(1),
          metal_id: id,
          color: z.enum(colors).optional(),
          finish: z.enum(finishes).optional(),
        }),
      )
      .min(1),
    diamonds: z
      .array(
        z.strictObject({
          diamond_cut_id: z.number(),
          diamond_count_size: z.number(),
          diamond_size: z.number(),
          diamond_quality_id: z.string().min(1),
        }),
      )
      .optional(),
  }),
});

/** One body of PUT /cart. Source: Dora API v2, 'Update Cart', read 2026-11-22. Sizes and widths are mm. */
export const putSchema = z.discriminatedUnion("type", [
  ring,
  z.strictObject({ type: z.literal("product"), id, quantity }),
]);
export type Put = z.infer<typeof putSchema>;
export type RingPut = z.infer<typeof ring>;

/** What is frozen at the first send: one entry for each different configuration, quantities summed. */
export const payloadSchema = z.strictObject({
  lines: z
    .array(
      z.strictObject({
        put: putSchema,
        /** Rings only: asked for by the catalogue, which checks the ring before anything is added. */
        collection_id: id.optional(),
      }),
    )
    .min(1),
  /** The sum of the expected prices in thousandths; absent when a product has none. */
  expected: z.number().int().nonnegative().optional(),
});
export type Payload = z.infer<typeof payloadSchema>;

/** Throws VendorError `rejected` for what Dora cannot be told: engraving, an unknown size, a missing part. */
export function toPayload(part: Part<Product>, settings: Settings): Payload {
  const lines = new Map<string, Payload["lines"][number]>();
  let expected: number | undefined = 0;
  for (const partLine of part.lines) {
    const { line, product } = partLine;
    if (line.quantity < 1) continue;
    refuseWhatCannotBeSent(line, settings);
    const put =
      product.type === "ring"
        ? ringPut(partLine, settings)
        : { type: "product" as const, id: product.id, quantity: line.quantity };
    const key = configurationOf(put);
    const same = lines.get(key);
    // Dora merges what is configured alike into one cart line, so it is one line for us from the start.
    if (same) same.put.quantity += line.quantity;
    else
      lines.set(key, {
        put,
        ...(put.type === "ring" && { collection_id: needed(product.collectionId, line, "collection") }),
      });
    expected =
      expected === undefined || product.expectedPrice === undefined
        ? undefined
        : expected + thousandths(product.expectedPrice) * line.quantity;
  }
  if (lines.size === 0) refuse("Nothing of this order is left for Dora to make.");
  if ([...lines.values()].some(({ put }) => !Number.isSafeInteger(put.quantity)))
    refuse("The quantity of this order is too large for Dora.");
  return {
    lines: [...lines.values()],
    ...(expected !== undefined && Number.isSafeInteger(expected) && { expected }),
  };
}

function ringPut({ line, product }: PartLine<Product>, settings: Settings): RingPut {
  if (product.parts.length === 0)
    refuse(`The Dora ring chosen for “${line.title}” has no parts. Open Products and choose it again.`);
  const { diamonds } = product;
  return {
    type: "ring",
    id: product.id,
    quantity: line.quantity,
    options: {
      size: ringSize({ line, product }, settings),
      width: needed(product.width, line, "width"),
      parts: product.parts.map((part) => ({
        name: part.name.trim(),
        metal_id: part.metalId,
        ...(part.color !== undefined && { color: part.color }),
        ...finishOf(part, { line, product }, settings),
      })),
      ...(diamonds.length > 0 && {
        diamonds: diamonds.map((diamond) => ({
          diamond_cut_id: diamond.cutId,
          diamond_count_size: diamond.countSize,
          diamond_size: diamond.size,
          diamond_quality_id: diamond.qualityId,
        })),
      }),
    },
  };
}

function needed(value: number | undefined, line: LineFacts, what: string): number {
  return (
    value ??
    refuse(`The Dora ring chosen for “${line.title}” has no ${what}. Open Products and choose it again.`)
  );
}

function refuseWhatCannotBeSent(line: LineFacts, settings: Settings): void {
  const words = listOf(settings.cannotBeSent)
    .map(plain)
    .filter((word) => word !== "");
  const found = line.properties.find(
    ({ name, value }) => value.trim() !== "" && words.some((word) => plain(name).includes(word)),
  );
  if (found)
    refuse(
      `“${line.title}” has “${found.name.trim()}”, which Dora cannot be told. Order this one at Dora by hand, or take the property off the order, then send it again.`,
    );
}

function ringSize({ line, product }: PartLine<Product>, settings: Settings): number {
  const asked = askedFor(line, settings.sizeNames);
  const [first] = asked;
  if (first === undefined)
    return (
      product.sizeMm ??
      refuse(
        `No ring size is known for “${line.title}”. If the variant itself is of one size, choose it under Products; else ask the shopper and add it to the order as “${listOf(settings.sizeNames)[0] ?? "Ring size"}”. Then send it again.`,
      )
    );
  const found = asked.map((text) => sizeOf(text, product.sizes) ?? sameSize(text, product));
  const [size] = found;
  if (size === undefined || found.some((other) => other !== size))
    refuse(
      `The ring size “${first.slice(0, 60)}” of “${line.title}” is not among the sizes chosen for it. Ask the shopper, or add the size on the Products page, then send it again.`,
    );
  return size;
}

// A theme may repeat the variant's fixed size as a property; only the very same millimetres are taken as that.
function sameSize(text: string, product: Product): number | undefined {
  const millimetres = Number(sizeText(text).replace(/ ?mm$/, "") || Number.NaN);
  return product.sizeMm !== undefined && millimetres === product.sizeMm ? millimetres : undefined;
}

function finishOf(
  part: Product["parts"][number],
  { line, product }: PartLine<Product>,
  settings: Settings,
): { finish?: (typeof finishes)[number] } {
  const own = part.finish === undefined ? {} : { finish: part.finish };
  const asked = askedFor(line, settings.finishNames);
  const [text] = asked;
  if (text === undefined) return own;
  const finish = finishes.find((known) => plain(known) === plain(text));
  const takes = (one: Product["parts"][number]): boolean =>
    listOf(one.finishes).some((allowed) => finish !== undefined && plain(allowed) === plain(finish));
  const unchanged = product.parts.every((one) => one.finish === finish);
  const oneMind = asked.every((other) => plain(other) === plain(text));
  if (finish === undefined || !oneMind || !(unchanged || product.parts.some(takes)))
    refuse(
      `The shopper chose the finish “${text.slice(0, 60)}” for “${line.title}”, which the product chosen for it does not allow. Ask the shopper, or allow it on the Products page, then send it again.`,
    );
  return takes(part) ? { finish } : own;
}

/** The non-empty values of a line's properties with one of these names. */
function askedFor(line: LineFacts, names: string): string[] {
  const wanted = new Set(listOf(names).map(plain));
  return line.properties
    .filter(({ name }) => wanted.has(plain(name)))
    .map(({ value }) => value.trim())
    .filter((value) => value !== "");
}

/** A name as it is compared: no case, no accents, no leading underscore, no colon behind it. */
export function plain(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/\s+/g, " ")
    .replace(/^[\s_]+|[\s:]+$/g, "");
}
