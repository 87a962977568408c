// An order's number → the order as Shopify has it now, in our words: what intake asks when a webhook told too little.
// The customer's own record is not asked for: it needs a permission of its own, and the order has what we send.
import { z } from "zod";
import { toMoney, type Address, type LineFacts, type Money, type OrderFacts } from "../orders/order.ts";
import type { Admin } from "./admin.server.ts";
import { gidNumber, nextCursor, pageInfo, toGid } from "./gid.ts";
import { ShopifyError } from "./shopify-error.ts";
import { cleanText, isPaid, readProperties } from "./webhook-order.ts";

/** Reads an order with all its lines. undefined: Shopify has no such order (deleted, or older than 60 days). */
export async function readOrder(admin: Admin, shopifyId: string): Promise<OrderFacts | undefined> {
  const id = toGid("Order", shopifyId);
  const { order } = await admin.graphql(readOrderOperation, { id }, z.object({ order: order_.nullable() }));
  if (!order) return undefined;
  const lines = order.lineItems.nodes;
  let cursor = nextCursor(order.lineItems.pageInfo);
  while (cursor !== undefined) {
    const more = await admin.graphql(
      readLinesOperation,
      { id, cursor },
      z.object({ order: page.nullable() }),
    );
    if (!more.order) return undefined;
    // An edit between two pages would make an order that never was.
    if (more.order.updatedAt !== order.updatedAt)
      throw new ShopifyError("The order changed while it was read. It is read again.", {
        problem: "retry",
        retryAfterSeconds: 1,
      });
    lines.push(...more.order.lineItems.nodes);
    cursor = nextCursor(more.order.lineItems.pageInfo);
  }
  return toFacts(order, lines);
}

const readOrderOperation = `#graphql
  query ReadOrder($id: ID!) {
    order(id: $id) {
      id name createdAt updatedAt cancelledAt test sourceName currencyCode displayFinancialStatus email phone note
      shippingAddress { ...Address }
      billingAddress { ...Address }
      shippingLines(first: 10) {
        nodes { code title discountedPriceSet { shopMoney { amount currencyCode } } }
      }
      currentTotalPriceSet { shopMoney { amount currencyCode } }
      currentSubtotalPriceSet { shopMoney { amount currencyCode } }
      lineItems(first: 100) { pageInfo { hasNextPage endCursor } nodes { ...Line } }
    }
  }
  fragment Address on MailingAddress {
    firstName lastName name company address1 address2 city province provinceCode zip country countryCodeV2 phone
  }
  fragment Line on LineItem {
    id title variantTitle sku quantity currentQuantity unfulfilledQuantity requiresShipping isGiftCard
    variant { id }
    product { id }
    originalUnitPriceSet { shopMoney { amount currencyCode } }
    customAttributes { key value }
  }`;

const readLinesOperation = `#graphql
  query ReadOrderLines($id: ID!, $cursor: String!) {
    order(id: $id) {
      updatedAt
      lineItems(first: 100, after: $cursor) { pageInfo { hasNextPage endCursor } nodes { ...Line } }
    }
  }
  fragment Line on LineItem {
    id title variantTitle sku quantity currentQuantity unfulfilledQuantity requiresShipping isGiftCard
    variant { id }
    product { id }
    originalUnitPriceSet { shopMoney { amount currencyCode } }
    customAttributes { key value }
  }`;

const text = z
  .string()
  .nullish()
  .transform((value) => (value == null ? undefined : cleanText(value)));
const money = z
  .object({ shopMoney: z.object({ amount: z.string(), currencyCode: z.string() }) })
  .nullish()
  .transform((bag): Money | undefined =>
    bag ? toMoney(bag.shopMoney.amount, bag.shopMoney.currencyCode) : undefined,
  );
const address = z
  .object({
    firstName: text,
    lastName: text,
    name: text,
    company: text,
    address1: text,
    address2: text,
    city: text,
    province: text,
    provinceCode: text,
    zip: text,
    country: text,
    countryCodeV2: text,
    phone: text,
  })
  .nullish()
  .transform((given): Address | undefined => {
    if (!given) return undefined;
    const { countryCodeV2, ...rest } = given;
    const found = { ...rest, countryCode: countryCodeV2?.toUpperCase() };
    return Object.values(found).some((value) => value !== undefined) ? found : undefined;
  });
const owner = z
  .object({ id: gidNumber })
  .nullish()
  .transform((value) => value?.id);
const line = z
  .object({
    id: gidNumber,
    title: text,
    variantTitle: text,
    sku: text,
    quantity: z.number(),
    currentQuantity: z.number(),
    unfulfilledQuantity: z.number(),
    requiresShipping: z.boolean(),
    isGiftCard: z.boolean(),
    variant: owner,
    product: owner,
    originalUnitPriceSet: money,
    customAttributes: z.array(z.object({ key: z.string(), value: z.string().nullish() })),
  })
  .transform((given): LineFacts => ({
    id: given.id,
    variantId: given.variant,
    productId: given.product,
    sku: given.sku,
    title: given.title ?? "Untitled line",
    variantTitle: given.variantTitle,
    quantity: given.currentQuantity,
    orderedQuantity: given.quantity,
    price: given.originalUnitPriceSet,
    requiresShipping: given.requiresShipping,
    giftCard: given.isGiftCard,
    // What is never shipped (a tip) has nothing unfulfilled from the start.
    fulfilled: given.requiresShipping && given.currentQuantity > 0 && given.unfulfilledQuantity === 0,
    ...(given.unfulfilledQuantity > 0 &&
      given.unfulfilledQuantity < given.currentQuantity && { unfulfilled: given.unfulfilledQuantity }),
    properties: readProperties(given.customAttributes),
  }));
const lines_ = z.object({ pageInfo, nodes: z.array(line) });
const page = z.object({ updatedAt: z.string(), lineItems: lines_ });
const order_ = z.object({
  id: gidNumber,
  name: z.string(),
  createdAt: z.string(),
  updatedAt: z.string(),
  cancelledAt: z.string().nullish(),
  test: z.boolean(),
  sourceName: text,
  currencyCode: z.string(),
  displayFinancialStatus: z.string().nullish(),
  email: text,
  phone: text,
  note: z.string().nullish(),
  shippingAddress: address,
  billingAddress: address,
  shippingLines: z.object({
    nodes: z.array(z.object({ code: text, title: text, discountedPriceSet: money })),
  }),
  currentTotalPriceSet: money,
  currentSubtotalPriceSet: money,
  lineItems: lines_,
});

const moment = (value: string): string => new Date(value).toISOString();

function toFacts(order: z.output<typeof order_>, lines: LineFacts[]): OrderFacts {
  const status = order.displayFinancialStatus?.toLowerCase();
  return {
    id: order.id,
    name: order.name,
    currency: order.currencyCode,
    createdAt: moment(order.createdAt),
    updatedAt: moment(order.updatedAt),
    paid: isPaid(status),
    financialStatus: status,
    cancelledAt: order.cancelledAt ? moment(order.cancelledAt) : undefined,
    test: order.test,
    source: order.sourceName,
    email: order.email,
    phone: order.phone,
    note: order.note?.replaceAll("\u0000", "").trim() || undefined,
    shippingAddress: order.shippingAddress,
    billingAddress: order.billingAddress,
    shippingLines: order.shippingLines.nodes.map((entry) => ({
      code: entry.code,
      title: entry.title,
      price: entry.discountedPriceSet,
    })),
    total: order.currentTotalPriceSet,
    subtotal: order.currentSubtotalPriceSet,
    lines,
  };
}
