// Shopify's order webhook body → OrderFacts. Pure and never throws for what real shops send: properties as
// objects, numbers and booleans as text, empty lists for objects, missing addresses, old shapes.
// Source: shopify.dev, webhooks, order topics, 2026-10; oddities as seen in recorded payloads, 2026-11-22.
import { z } from "zod";
import {
  toMoney,
  type Address,
  type LineFacts,
  type Money,
  type OrderFacts,
  type Property,
} from "../orders/order.ts";

// What keeps text from being compared or printed as a person sees it: controls, zero-width marks, joiners.
const invisible = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F\u200B-\u200D\u2060\uFEFF]/g;

/** One line of clean text: NFC, nothing invisible, single spaces, trimmed; undefined when nothing is left. */
export function cleanText(value: string): string | undefined {
  const clean = value.normalize("NFC").replace(invisible, "").replace(/\s+/g, " ").trim();
  return clean === "" ? undefined : clean;
}

// "NULL" as text is how one well-known exporter writes nothing.
const raw = z
  .union([z.string(), z.number().transform(String), z.bigint().transform(String)])
  .transform((text) => (text === "NULL" ? "" : text));
const text = raw
  .transform(cleanText)
  .nullish()
  .catch(undefined)
  .transform((value) => value ?? undefined);
const id = raw
  .transform((value) => /(\d+)$/.exec(value.trim())?.[1])
  .nullish()
  .catch(undefined)
  .transform((value) => value ?? undefined);
const flag = z
  .union([z.boolean(), z.string().transform((value) => /^(true|1|yes)$/i.test(value))])
  .catch(false);
const count = z.coerce.number().int().min(0).max(1_000_000).optional().catch(undefined);
const listOf = <T extends z.ZodType>(item: T): z.ZodType<z.output<T>[]> =>
  z.array(item).catch([]) as unknown as z.ZodType<z.output<T>[]>;

const address = z.object({
  first_name: text,
  last_name: text,
  name: text,
  company: text,
  address1: text,
  address2: text,
  city: text,
  province: text,
  province_code: text,
  zip: text,
  country: text,
  country_code: text,
  phone: text,
});
const line = z.object({
  id,
  admin_graphql_api_id: id,
  variant_id: id,
  product_id: id,
  sku: text,
  title: text,
  name: text,
  variant_title: text,
  quantity: count,
  current_quantity: count,
  price: text,
  requires_shipping: flag.optional().catch(undefined),
  gift_card: flag,
  fulfillment_status: text,
  fulfillable_quantity: count,
  properties: z.unknown(),
});
const order = z.object({
  id,
  admin_graphql_api_id: id,
  name: text,
  order_number: text,
  currency: text,
  created_at: text,
  updated_at: text,
  financial_status: text,
  cancelled_at: text,
  test: flag,
  source_name: text,
  email: text,
  contact_email: text,
  phone: text,
  note: raw.nullish().catch(undefined),
  customer: z
    .object({ id, email: text, phone: text, first_name: text, last_name: text })
    .nullish()
    .catch(undefined),
  shipping_address: address.nullish().catch(undefined),
  billing_address: address.nullish().catch(undefined),
  shipping_lines: listOf(z.object({ code: text, title: text, price: text, discounted_price: text })),
  current_total_price: text,
  total_price: text,
  current_subtotal_price: text,
  subtotal_price: text,
  line_items: z.array(z.unknown()).optional().catch(undefined),
});

/** Whether money came in, by either spelling of Shopify's financial status; what was refunded was paid before. */
export function isPaid(status: string | null | undefined): boolean {
  return ["paid", "partially_refunded", "refunded"].includes(status?.toLowerCase() ?? "");
}

/** What a body turned out to be: a whole order, only its number (read it from Shopify), or nothing we can place. */
export type WebhookOrder = { facts: OrderFacts } | { idOnly: string } | { unreadable: string };

/** Reads the body of any orders/* webhook that carries an order. */
export function readWebhookOrder(body: unknown): WebhookOrder {
  const parsed = order.safeParse(body);
  if (!parsed.success) return { unreadable: "The body is not an order." };
  const given = parsed.data;
  const number = given.admin_graphql_api_id ?? given.id;
  if (number === undefined) return { unreadable: "The body names no order." };
  const updatedAt = moment(given.updated_at) ?? moment(given.created_at);
  if (given.line_items === undefined || updatedAt === undefined || given.currency === undefined)
    return { idOnly: number };
  const currency = given.currency.toUpperCase();
  const lines = given.line_items.map((item) => readLine(item, currency));
  // A line without a number could be neither tracked nor kept apart from its neighbours: ask Shopify instead.
  if (lines.some((item) => item === undefined)) return { idOnly: number };
  const status = given.financial_status?.toLowerCase();
  return {
    facts: {
      id: number,
      name: given.name ?? (given.order_number ? `#${given.order_number}` : `Order ${number}`),
      currency,
      createdAt: moment(given.created_at) ?? updatedAt,
      updatedAt,
      paid: isPaid(status),
      financialStatus: status,
      cancelledAt: moment(given.cancelled_at),
      test: given.test,
      source: given.source_name,
      email: given.email ?? given.contact_email,
      phone: given.phone,
      note: given.note?.replaceAll("\u0000", "").trim() || undefined,
      customer: given.customer
        ? {
            id: given.customer.id,
            email: given.customer.email,
            phone: given.customer.phone,
            firstName: given.customer.first_name,
            lastName: given.customer.last_name,
          }
        : undefined,
      shippingAddress: readAddress(given.shipping_address),
      billingAddress: readAddress(given.billing_address),
      shippingLines: given.shipping_lines.map((entry) => ({
        code: entry.code,
        title: entry.title,
        price: money(entry.discounted_price ?? entry.price, currency),
      })),
      total: money(given.current_total_price ?? given.total_price, currency),
      subtotal: money(given.current_subtotal_price ?? given.subtotal_price, currency),
      lines: lines.filter((item) => item !== undefined),
    },
  };
}

function readLine(item: unknown, currency: string): LineFacts | undefined {
  const parsed = line.safeParse(item);
  if (!parsed.success) return undefined;
  const given = parsed.data;
  const number = given.admin_graphql_api_id ?? given.id;
  if (number === undefined) return undefined;
  const ordered = given.quantity ?? 1;
  return {
    id: number,
    variantId: given.variant_id,
    productId: given.product_id,
    sku: given.sku,
    title: given.title ?? given.name ?? "Untitled line",
    variantTitle: given.variant_title,
    quantity: given.current_quantity ?? ordered,
    orderedQuantity: ordered,
    price: money(given.price, currency),
    // Old shapes lack the field; a line that is shipped needlessly is held by the vendor's own checks, one that is
    // silently not shipped would be lost.
    requiresShipping: given.requires_shipping ?? true,
    giftCard: given.gift_card,
    fulfilled: given.fulfillment_status === "fulfilled",
    ...(given.fulfillment_status === "partial" && { unfulfilled: given.fulfillable_quantity }),
    properties: readProperties(given.properties),
  };
}

/** Line properties in every shape seen: a list of name and value, an object on older orders, values of any type. */
export function readProperties(value: unknown): Property[] {
  const pairs: [unknown, unknown][] = Array.isArray(value)
    ? value.map((entry: unknown) =>
        isRecord(entry) ? [entry["name"] ?? entry["key"], entry["value"]] : [undefined, undefined],
      )
    : isRecord(value)
      ? Object.entries(value)
      : [];
  return pairs.flatMap(([name, content]) => {
    const known = typeof name === "string" || typeof name === "number" ? cleanText(String(name)) : undefined;
    if (known === undefined || content === null || content === undefined) return [];
    // The value stays as the shopper typed it, but for what no text column or vendor takes.
    return [
      {
        name: known,
        value: (typeof content === "string" ? content : JSON.stringify(content))
          .replaceAll("\u0000", "")
          .trim(),
      },
    ];
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function readAddress(given: z.output<typeof address> | null | undefined): Address | undefined {
  if (!given) return undefined;
  const found: Address = {
    firstName: given.first_name,
    lastName: given.last_name,
    name: given.name,
    company: given.company,
    address1: given.address1,
    address2: given.address2,
    city: given.city,
    province: given.province,
    provinceCode: given.province_code,
    zip: given.zip,
    country: given.country,
    countryCode: given.country_code?.toUpperCase(),
    phone: given.phone,
  };
  return Object.values(found).some((value) => value !== undefined) ? found : undefined;
}

function money(decimal: string | undefined, currency: string): Money | undefined {
  return decimal === undefined ? undefined : toMoney(decimal, currency);
}

function moment(value: string | undefined): string | undefined {
  if (value === undefined || Number.isNaN(Date.parse(value))) return undefined;
  return new Date(value).toISOString();
}
