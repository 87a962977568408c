// What dotcph answers, in our words: the outcome of a push item by item, its list for the dry run, its errors. Pure.
import { z } from "zod";
import { VendorError, type ListedItem, type Problem, type VendorReply } from "../vendor.ts";
import type { Item } from "./payload.ts";

const words = z
  .union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)])
  .optional()
  .catch(undefined);
const errorBody = z.object({ error: words, message: words });

/**
 * The words in an error body: `{"error": "…"}` ("Error Handling", read 2026-11-22). A 404 where none is an answer is
 * about the address, which all products share.
 */
export function readError(reply: VendorReply): { words?: string; problem?: Problem } {
  const parsed = errorBody.safeParse(reply.json);
  const said = parsed.success ? (parsed.data.error ?? parsed.data.message)?.trim() : undefined;
  if (reply.status === 404)
    return {
      words: "There is nothing at this API address. Check it on the Vendors page.",
      problem: "connection",
    };
  if (said === undefined || said === "") return {};
  // A refused key is told inside a sentence of ours, which brings its own full stop.
  return { words: reply.status === 401 || reply.status === 403 ? said.replace(/\.+$/, "") : said };
}

function unreadable(reply: VendorReply): VendorError {
  return new VendorError("retry", "dotcph gave an answer that we cannot read.", {
    status: reply.status,
    lost: true,
  });
}

// ------------------------------------------------------------------------------------------------- answers to a push

const maybe = <T extends z.ZodType>(schema: T) => schema.nullish().catch(undefined);
const pushReply = z.object({
  processed: maybe(z.number()),
  errors: maybe(z.number()),
  results: z
    .array(
      z
        .object({
          sku: z.string(),
          action: maybe(z.string()),
          product_id: maybe(z.union([z.number(), z.string()])),
          images_uploaded: maybe(z.number()),
        })
        .nullable()
        .catch(null),
    )
    .nullish()
    .catch([]),
  error_details: z
    .array(
      z
        .object({ index: maybe(z.number()), sku: maybe(z.string()), error: z.string() })
        .nullable()
        .catch(null),
    )
    .nullish()
    .catch([]),
});

/** What became of one product of a push. */
export type Outcome =
  | { done: true; created: boolean; productId?: string | number | undefined; pictures?: number | undefined }
  | { done: false; error: string }
  | "untold";

/**
 * The outcome of every SKU of a push, in its order. The status is not asked: a 200 with errors in it is believed
 * where it says error, and a product that is named nowhere is not done.
 */
export function readOutcomes(reply: VendorReply, skus: readonly string[]): Outcome[] {
  const parsed = pushReply.safeParse(reply.json);
  if (!parsed.success) throw unreadable(reply);
  const { processed, errors } = parsed.data;
  const results = parsed.data.results ?? [];
  const details = parsed.data.error_details ?? [];
  const allWell = errors === 0 && details.length === 0 && processed === skus.length;
  return skus.map((sku, at): Outcome => {
    const failed =
      details.find((each) => each?.sku === sku) ??
      details.find((each) => each !== null && typeof each.sku !== "string" && each.index === at);
    if (failed) return { done: false, error: failed.error };
    const result = results.find((each) => each?.sku === sku);
    if (!result) return allWell ? { done: true, created: false } : "untold";
    return {
      done: true,
      created: result.action === "created",
      productId: result.product_id ?? undefined,
      pictures: result.images_uploaded ?? undefined,
    };
  });
}

// ----------------------------------------------------------------------------------------------------------- health

/** What the health check says. */
export interface Health {
  brand: string | undefined;
  hasStorage: boolean;
}

/** Reads "GET /health". Throws `connection` for an answer that is not dotcph's. */
export function readHealth(reply: VendorReply): Health {
  const parsed = z
    .object({ status: z.literal("ok"), brand: maybe(z.string()), storage_configured: maybe(z.boolean()) })
    .safeParse(reply.json);
  if (!parsed.success)
    throw new VendorError("connection", "What answers at this API address does not say that it is well.", {
      status: reply.status,
    });
  return { brand: parsed.data.brand ?? undefined, hasStorage: parsed.data.storage_configured === true };
}

// --------------------------------------------------------------------------------------------------------- products

// Numbers may come as text: many a database gives its decimals like that.
const number = z
  .union([z.number(), z.string().regex(/^-?\d+(\.\d+)?$/)])
  .transform(Number)
  .nullish()
  .catch(undefined);
const isActive = z.boolean().catch(true);

const listedVariant = z.object({
  name: z.string().catch(""),
  sku_suffix: maybe(z.string()),
  size: maybe(z.string()),
  color: maybe(z.string()),
  fabric_material: maybe(z.string()),
  composition: maybe(z.string()),
  purchase_price_override: number,
  selling_price_override: number,
  is_active: isActive,
});

const listedProduct = z
  .object({
    id: maybe(z.union([z.number(), z.string()])),
    sku: z.string().min(1),
    name: z.string().catch(""),
    description: maybe(z.string()),
    purchase_price: number,
    selling_price: number,
    lead_time_days: number,
    is_active: isActive,
    synced_via_api: z.boolean().catch(false),
    metadata: maybe(z.record(z.string(), z.unknown())),
    images: z
      .array(z.object({ url: z.string() }))
      .nullish()
      .catch([]),
    variants: z.array(listedVariant).nullish().catch([]),
  })
  .transform(({ is_active, synced_via_api, images, variants, ...rest }) => ({
    ...rest,
    isActive: is_active,
    isPushed: synced_via_api,
    images: images ?? [],
    variants: variants ?? [],
  }));
/** One product as dotcph has it. */
export type Listed = z.output<typeof listedProduct>;
type ListedVariant = Listed["variants"][number];

/** Reads "GET /products", or with `isOne` "GET /products/{sku}", whose frame the document does not show. */
export function readListed(reply: VendorReply, isOne = false): Listed[] {
  const frame = isOne
    ? z
        .union([listedProduct, z.object({ product: listedProduct }).transform(({ product }) => product)])
        .transform((one) => [one])
    : z
        .object({ products: z.array(listedProduct.nullable().catch(null)) })
        .transform(({ products }) => products.filter((each) => each !== null));
  const parsed = frame.safeParse(reply.json);
  if (!parsed.success) throw unreadable(reply);
  return parsed.data;
}

/** A listed product in the words of the dry run. */
export function toListedItem(listed: Listed): ListedItem {
  return {
    key: listed.sku,
    isActive: listed.isActive,
    content: {
      Name: listed.name,
      "Retail price": amount(listed.selling_price),
      "Wholesale price": amount(listed.purchase_price),
      "Lead time": days(listed.lead_time_days),
      Variants: variantLines(listed.variants.filter((each) => each.is_active)),
      Description: listed.description ?? "",
      Pictures: String(listed.images.length),
      "Further facts": stable(listed.metadata ?? {}),
    },
  };
}

/** An item in the same words. Pictures are not compared when they are not sent. */
export function contentOf({ product, pictures }: Item): Record<string, string> {
  return {
    Name: product.name,
    "Retail price": amount(product.selling_price),
    "Wholesale price": amount(product.purchase_price),
    "Lead time": days(product.lead_time_days),
    Variants: variantLines(product.variants ?? []),
    Description: product.description,
    ...(pictures && { Pictures: String(pictures.list.length) }),
    "Further facts": stable(product.metadata),
  };
}

/** A price as people read it; "" when there is none. */
export function amount(value: number | null | undefined): string {
  return typeof value === "number" ? value.toFixed(2) : "";
}

function days(value: number | null | undefined): string {
  return typeof value === "number" ? `${value} days` : "";
}

function variantLines(
  variants: readonly { [K in keyof Omit<ListedVariant, "is_active">]?: ListedVariant[K] | undefined }[],
): string {
  const lines = variants.map((each) => {
    const facts = [each.name, each.size, each.color, each.fabric_material, each.composition];
    const prices = [each.selling_price_override, each.purchase_price_override].map(amount);
    return [`${each.sku_suffix ?? ""}:`, ...facts, ...prices.filter((price) => price !== "")]
      .filter((part) => part !== undefined && part !== null && part !== "")
      .join(" ");
  });
  // Their order at the vendor is its own.
  return lines.sort().join("\n");
}

/** JSON with its keys in order, so that the same facts are the same text. */
function stable(value: unknown): string {
  return JSON.stringify(sorted(value));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const rows = Object.entries(value).sort(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(rows.map(([key, inner]) => [key, sorted(inner)]));
}
