// One VendorOrder to the body of "create order" of Ideal Factory's OMS. Pure: nothing is asked, nothing is read.
import { z } from "zod";
import type { LineFacts, Money, OrderFacts } from "../../orders/order.ts";
import { toDecimal } from "../../orders/order.ts";
import { oneLine, refuse, severalLines, withoutGaps, type Part, type PartLine } from "../vendor.ts";
import { toAddresses, toCustomer, toNote } from "./people.ts";
import type { Product, Settings } from "./settings.ts";
import { isTemplateConfig, toTemplateConfig } from "./template-config.ts";
import { asHttps, readThumbnails } from "./thumbnails.ts";

const text = z.string().min(1);
const amount = z.number().nonnegative();

const customer = z.strictObject({
  email: text.optional(),
  ecommerce_customer_id: text.optional(),
  name: text.optional(),
  surname: text.optional(),
  phone: text.optional(),
});

const item = z.strictObject({
  ecommerce_order_item_id: text,
  ecommerce_variant_id: text,
  quantity: z.number().int().min(1),
  price: amount.optional(),
  properties: z.record(text, z.string()).optional(),
  template_config: z.string().refine(isTemplateConfig, "The design is unreadable."),
  thumbnails: z.array(z.url({ protocol: /^https$/ })).min(1),
  design_version_id: text.optional(),
});

const address = z.strictObject({
  type_id: z.enum(["shipping", "billing"]),
  address_1: text,
  address_2: text.optional(),
  post_code: text,
  city: text,
  county: text.optional(),
  country_code: z.string().regex(/^[A-Z]{2}$/),
});

const shipping = z.strictObject({ code: text, shipping_price: amount });

/**
 * What is sent, with the limits the OMS REST API text names (sections "Create order", read 2026-11-22). The
 * document lists no lengths. `country_id` is left out: no table of its numbers is published.
 */
export const payload = z.strictObject({
  store_id: text,
  items: z.array(item).min(1),
  ecommerce_order_id: text,
  ecommerce_order_number: text.optional(),
  total_price: amount.optional(),
  subtotal_price: amount.optional(),
  currency_code: z.string().regex(/^[A-Z]{3}$/),
  customer,
  note: text.optional(),
  addresses: z.array(address).min(1),
  shippings: z.array(shipping).min(1).optional(),
  create_print_files: z.boolean(),
});
export type OrderPayload = z.infer<typeof payload>;
export type ItemPayload = z.infer<typeof item>;
export type CustomerPayload = z.infer<typeof customer>;
export type AddressPayload = z.infer<typeof address>;
export type ShippingPayload = z.infer<typeof shipping>;

/** The property that says "this line is for the OMS" when a merchant has not chosen another name. */
export const defaultDesignProperty = "_template_config";

/** The create-order body for one VendorOrder. Throws VendorError `rejected` with a sentence for what cannot be sent. */
export function toPayload(part: Part<Product>, settings: Settings): OrderPayload {
  const { order } = part;
  const lines = part.lines.filter(({ line }) => line.quantity > 0);
  if (lines.length === 0) return refuse("Nothing in this order is left to be made.");
  const number = oneLine(order.name);
  const currency = order.currency.toUpperCase();
  return withoutGaps({
    store_id: settings.storeId,
    ecommerce_order_id: order.id,
    ecommerce_order_number: (settings.stripHash ? number?.replace(/^#\s*/, "") : number) || undefined,
    // The totals are those of the whole order: beside half of its lines they would be wrong.
    total_price: part.whole ? toAmount(order.total, currency) : undefined,
    subtotal_price: part.whole ? toAmount(order.subtotal, currency) : undefined,
    currency_code: currency,
    note: toNote(order, settings),
    create_print_files: settings.createPrintFiles,
    customer: toCustomer(order, settings),
    items: lines.map((line) => toItem(line, { part, settings })),
    addresses: toAddresses(order, settings),
    shippings: toShippings(order, settings),
  });
}

/** The order as people speak of it, e.g. "#1001". */
export function nameOf(order: OrderPayload): string {
  return order.ecommerce_order_number ?? order.ecommerce_order_id;
}

/** Our id of an item at the OMS, e.g. "14001"; "14001-r2" when a person had it sent a second time. */
export function itemId(lineId: string, resend: number): string {
  return resend > 0 ? `${lineId}-r${resend + 1}` : lineId;
}

/** The Shopify line an item id stands for. */
export function lineIdOf(ecommerceOrderItemId: string): string {
  return ecommerceOrderItemId.replace(/-r\d+$/, "");
}

function toItem(
  { line, product }: PartLine<Product>,
  { part, settings }: { part: Part<Product>; settings: Settings },
): ItemPayload {
  const variantId =
    oneLine(product.omsVariantId) ??
    oneLine(line.variantId) ??
    refuse(`${called(line)} has no variant. Open Products and fill in its variant ID in the OMS.`);
  return withoutGaps({
    ecommerce_order_item_id: itemId(line.id, part.resend),
    ecommerce_variant_id: variantId,
    quantity: line.quantity,
    price: toAmount(line.price, part.order.currency),
    properties: otherProperties(line, settings),
    template_config: toDesign(line, settings),
    thumbnails: toThumbnails(line, { product, settings }),
    design_version_id: valuesOf(line, settings.designVersionProperty)[0],
  });
}

function toDesign(line: LineFacts, settings: Settings): string {
  const [stored, second] = [...new Set(valuesOf(line, settings.designProperty))];
  if (stored === undefined)
    return refuse(
      `${called(line)} has no design: its property ${settings.designProperty} is missing. Ask the shopper to design it again, or remove the line in Shopify.`,
    );
  // Which of two was meant nobody can tell, and the wrong one would be printed.
  if (second !== undefined)
    return refuse(`${called(line)} has two different designs. Ask the shopper which one is meant.`);
  return (
    toTemplateConfig(stored) ??
    refuse(`The design of ${called(line)} is damaged or cut off. Ask the shopper to design it again.`)
  );
}

function toThumbnails(
  line: LineFacts,
  { product, settings }: { product: Product; settings: Settings },
): string[] {
  const links = namesIn(settings.thumbnailProperties)
    .flatMap((name) => valuesOf(line, name))
    .flatMap(readThumbnails);
  if (links.length > 0) return [...new Set(links)];
  const standard = asHttps(product.defaultThumbnailUrl ?? "");
  return standard !== undefined
    ? [standard]
    : refuse(
        `${called(line)} has no picture of its design, which the OMS needs. Open Products and fill in a picture to send instead.`,
      );
}

// Names that begin with "_" are written by themes and apps, not by the shopper: nothing to make from them.
function otherProperties(line: LineFacts, settings: Settings): Record<string, string> | undefined {
  const reserved = new Set([
    settings.designProperty,
    settings.designVersionProperty,
    ...namesIn(settings.thumbnailProperties),
  ]);
  const values = new Map<string, string>();
  for (const property of line.properties) {
    const name = oneLine(property.name);
    const value = severalLines(property.value);
    if (name === undefined || value === undefined || name.startsWith("_") || reserved.has(name)) continue;
    const earlier = values.get(name);
    values.set(name, earlier === undefined ? value : `${earlier}, ${value}`);
  }
  return values.size > 0 ? Object.fromEntries(values) : undefined;
}

function toShippings(order: OrderFacts, settings: Settings): ShippingPayload[] | undefined {
  // The OMS takes several, but one parcel goes one way: Shopify's first is the one the shopper chose.
  const chosen = order.shippingLines[0];
  if (!chosen) return undefined;
  const said = [chosen.code, chosen.title].flatMap((word) => oneLine(word) ?? []);
  const rows = settings.shippingCodes ?? [];
  const row = said
    .map((word) => rows.find((candidate) => sameWords(candidate.shopify, word)))
    .find((found) => found !== undefined);
  const code = oneLine(row?.code) ?? oneLine(settings.defaultShippingCode);
  const label = oneLine(chosen.title) ?? said[0] ?? "without a name";
  if (code === undefined)
    return refuse(
      `The shipping method "${label}" has no OMS shipping code. Add it to the shipping codes in the settings.`,
    );
  const price = toAmount(chosen.price, order.currency);
  if (price === undefined)
    return refuse(
      `The price of the shipping method "${label}" cannot be read. Correct the order in Shopify.`,
    );
  return [{ code, shipping_price: price }];
}

/** Money as the number the OMS takes: exactly what its decimal text says. Undefined when it is no price in this currency. */
export function toAmount(money: Money | undefined, currency: string): number | undefined {
  if (!money || money.minor < 0 || money.currency.toUpperCase() !== currency.toUpperCase()) return undefined;
  return Number(toDecimal(money));
}

function called(line: LineFacts): string {
  return `"${oneLine(line.title) ?? "An item without a title"}"`;
}

function valuesOf(line: LineFacts, name: string): string[] {
  return line.properties
    .filter((property) => property.name.trim() === name)
    .map((property) => property.value.trim())
    .filter((value) => value !== "");
}

function namesIn(list: string): string[] {
  return list
    .split(",")
    .map((name) => name.trim())
    .filter((name) => name !== "");
}

function sameWords(left: string, right: string): boolean {
  return oneLine(left)?.toLowerCase() === right.toLowerCase();
}
