// What happens to an order in the shop: placed, paid, edited, refunded, cancelled. Each returns the
// topics Shopify would send, in order; webhooks.ts turns those into deliveries.
import { randomBytes } from "node:crypto";
import {
  cancelOpenFulfillmentOrders,
  openFulfillmentOrder,
  takeFromFulfillment,
} from "./fulfillment-orders.ts";
import { gid } from "./ids.ts";
import { note, orderOf, person, timestamp, type Store } from "./store.ts";
import type {
  AddressInput,
  AddressRecord,
  CartLineInput,
  CheckoutInput,
  CustomerRecord,
  LineRecord,
  OrderEdit,
  OrderInput,
  OrderRecord,
  PropertyRecord,
  RefundInput,
  RefundRecord,
} from "./types.ts";

/** Places an order. Paid unless the input says otherwise. */
export function placeOrder(store: Store, input: OrderInput): OrderRecord {
  const at = timestamp(store.now());
  const id = store.ids.order();
  const number = store.nextOrderNumber++;
  const lines = input.lines.map((line) => lineFrom(store, line));
  const shipped = lines.some((line) => line.requiresShipping);
  const shippingAddress = shipped
    ? addressFrom(input.shippingAddress)
    : addressFrom(input.shippingAddress ?? null);
  const email = input.email === undefined ? "rosa.alvarez@example.com" : input.email;
  const order: OrderRecord = {
    id,
    number,
    name: `#${number}`,
    token: randomBytes(16).toString("hex"),
    createdAt: at,
    updatedAt: at,
    processedAt: at,
    cancelledAt: null,
    cancelReason: null,
    closedAt: null,
    test: input.test ?? false,
    edited: false,
    note: input.note ?? null,
    noteAttributes: input.noteAttributes ?? [],
    tags: input.tags ?? [],
    email,
    phone: input.phone ?? null,
    currency: input.currency ?? store.currency,
    financialStatus: input.financialStatus ?? "paid",
    sourceName: input.sourceName ?? "web",
    gateways: ["bogus"],
    customer: customerFrom(email, shippingAddress),
    shippingAddress,
    billingAddress: input.billingAddress === undefined ? shippingAddress : addressFrom(input.billingAddress),
    shippingLines: shipped && shippingAddress ? [shippingLine(store, input)] : [],
    lines,
    refunds: [],
  };
  store.orders.set(id, order);
  for (const line of lines) store.lines.set(line.id, { order, line });
  route(store, order, lines);
  note(store, { what: "order placed", orderId: id, detail: order.name });
  return order;
}

/** One fulfillment order for what is posted, one for what is not. Gift cards and tips get none. */
function route(store: Store, order: OrderRecord, lines: LineRecord[]): void {
  const ours = lines.filter((line) => !line.giftCard && (line.variantId !== null || line.requiresShipping));
  openFulfillmentOrder(store, order, {
    lines: ours.filter((line) => line.requiresShipping),
    methodType: "SHIPPING",
  });
  openFulfillmentOrder(store, order, {
    lines: ours.filter((line) => !line.requiresShipping),
    methodType: "NONE",
  });
}

function shippingLine(store: Store, input: CheckoutInput): OrderRecord["shippingLines"][number] {
  return {
    id: store.ids.other(),
    title: "Standard",
    code: "Standard",
    priceMinor: input.shippingMinor ?? 500,
  };
}

function addressFrom(input: AddressInput | null | undefined): AddressRecord | null {
  if (input === null) return null;
  const given = Object.entries(input ?? {}).filter(([, value]) => value !== undefined);
  return { ...person(), ...(Object.fromEntries(given) as Partial<AddressRecord>) };
}

function customerFrom(email: string | null, address: AddressRecord | null): CustomerRecord | null {
  if (email === null) return null;
  return {
    id: customerId(email),
    firstName: address?.firstName ?? null,
    lastName: address?.lastName ?? null,
    email,
    phone: null,
  };
}

/** The same e-mail is the same customer: redaction requests name customers by id. */
function customerId(email: string): string {
  let hash = 7n;
  for (const byte of Buffer.from(email.toLowerCase())) hash = (hash * 131n + BigInt(byte)) % 1_000_000_000n;
  return String(7_300_000_000_000n + hash);
}

function lineFrom(store: Store, input: CartLineInput): LineRecord {
  const variant = input.variantId
    ? store.variants.get(input.variantId)
    : [...store.variants.values()].find((one) => input.sku !== undefined && one.sku === input.sku);
  if (input.variantId && !variant) throw new Error(`${store.domain} has no variant ${input.variantId}`);
  const product = variant ? store.products.get(variant.productId) : undefined;
  const quantity = input.quantity ?? 1;
  return {
    id: store.ids.line(),
    productId: product?.id ?? null,
    variantId: variant?.id ?? null,
    title: input.title ?? product?.title ?? "Tip",
    variantTitle: variant && variant.title !== "Default Title" ? variant.title : null,
    sku: variant?.sku ?? input.sku ?? null,
    vendor: product?.vendor ?? null,
    quantity,
    currentQuantity: quantity,
    priceMinor: input.priceMinor ?? variant?.priceMinor ?? 500,
    discountMinor: input.discountMinor ?? 0,
    requiresShipping: input.requiresShipping ?? variant?.requiresShipping ?? false,
    giftCard: product?.giftCard ?? false,
    grams: variant?.grams ?? 0,
    properties: propertiesFrom(input.properties),
  };
}

function propertiesFrom(input: CartLineInput["properties"]): PropertyRecord[] {
  if (!input) return [];
  if (Array.isArray(input)) return input;
  return Object.entries(input).map(([name, value]) => ({ name, value }));
}

/** Moves `updatedAt` on, never back, whatever the clock says: the app asks for changes by it. */
export function touch(store: Store, order: OrderRecord): void {
  const now = store.now().getTime();
  const last = Date.parse(order.updatedAt);
  order.updatedAt = timestamp(new Date(Math.max(now, last)));
}

/** The bank transfer has come. */
export function payOrder(store: Store, id: string): string[] {
  const order = orderOf(store, id);
  order.financialStatus = "paid";
  touch(store, order);
  note(store, { what: "order paid", orderId: id });
  return ["orders/paid", "orders/updated"];
}

/** How a merchant cancels: giving the money back (Shopify's own default), or keeping it for now. */
export interface CancelHow {
  reason?: string | undefined;
  refund?: boolean | undefined;
}

/**
 * Cancels and closes what is not shipped. With a refund everything is refunded and nothing remains; without one
 * the fulfillment orders keep their remaining quantity. Both recorded.
 */
export function cancel(store: Store, id: string, how: CancelHow = {}): RefundRecord | null {
  const order = orderOf(store, id);
  if (order.cancelledAt) return null;
  order.cancelledAt = timestamp(store.now());
  order.cancelReason = how.reason ?? "customer";
  const refunded = how.refund && order.financialStatus !== "pending" ? refundAll(store, order) : null;
  if (order.financialStatus === "pending") order.financialStatus = "voided";
  cancelOpenFulfillmentOrders(store, order);
  touch(store, order);
  note(store, { what: "order cancelled", orderId: id, detail: order.cancelReason });
  return refunded;
}

function refundAll(store: Store, order: OrderRecord): RefundRecord {
  const left = order.lines.filter((line) => line.currentQuantity > 0);
  return refund(store, order.id, {
    lines: left.map((line) => ({ lineId: line.id, quantity: line.currentQuantity, restockType: "cancel" })),
    amountMinor: totals(order).shipping,
    note: "Order cancelled",
  });
}

/** The body of orders/edited: what changed, not the order. */
export interface EditDelta {
  id: string;
  additions: { id: string; delta: number }[];
  removals: { id: string; delta: number }[];
  at: string;
  staffNote: string;
}

/** Edits an order: removals lower what is left to ship, additions come in a fulfillment order of their own. */
export function edit(store: Store, id: string, change: OrderEdit): EditDelta {
  const order = orderOf(store, id);
  const delta: EditDelta = {
    id: store.ids.other(),
    additions: [],
    removals: [],
    at: timestamp(store.now()),
    staffNote: change.staffNote ?? "",
  };
  for (const { lineId, quantity } of change.remove ?? []) {
    const line = lineOf(order, lineId);
    const taken = Math.min(quantity, line.currentQuantity);
    line.currentQuantity -= taken;
    takeFromFulfillment(store, order, { lineId, quantity: taken });
    delta.removals.push({ id: lineId, delta: taken });
  }
  const added = (change.add ?? []).map((line) => lineFrom(store, line));
  for (const line of added) {
    order.lines.push(line);
    store.lines.set(line.id, { order, line });
    delta.additions.push({ id: line.id, delta: line.quantity });
  }
  route(store, order, added);
  order.edited = true;
  touch(store, order);
  note(store, { what: "order edited", orderId: id });
  return delta;
}

/** Refunds lines and money. Every restock type lowers `currentQuantity`; only "cancel" lowers what is left to ship. */
export function refund(store: Store, id: string, input: RefundInput): RefundRecord {
  const order = orderOf(store, id);
  const lines = (input.lines ?? []).map(({ lineId, quantity, restockType = "cancel" }) => {
    const line = lineOf(order, lineId);
    const taken = Math.min(quantity, line.currentQuantity);
    line.currentQuantity -= taken;
    if (restockType === "cancel") takeFromFulfillment(store, order, { lineId, quantity: taken });
    return { id: store.ids.other(), lineId, quantity: taken, restockType };
  });
  const goods = lines.reduce((sum, one) => sum + one.quantity * lineOf(order, one.lineId).priceMinor, 0);
  const refunded: RefundRecord = {
    id: store.ids.other(),
    createdAt: timestamp(store.now()),
    note: input.note ?? null,
    amountMinor: goods + (input.amountMinor ?? 0),
    lines,
  };
  order.refunds.push(refunded);
  order.financialStatus = totals(order).outstandingAfterRefunds <= 0 ? "refunded" : "partially_refunded";
  touch(store, order);
  note(store, { what: "order refunded", orderId: id, detail: gid("Refund", refunded.id) });
  return refunded;
}

function lineOf(order: OrderRecord, lineId: string): LineRecord {
  const line = order.lines.find((one) => one.id === lineId);
  if (!line) throw new Error(`order ${order.name} has no line ${lineId}`);
  return line;
}

/** An order's sums in minor units, as ordered and as they stand now. */
export function totals(order: OrderRecord) {
  const sum = (count: (line: LineRecord) => number) =>
    order.lines.reduce((all, line) => all + count(line) * line.priceMinor, 0);
  const discounts = order.lines.reduce((all, line) => all + line.discountMinor, 0);
  const items = sum((line) => line.quantity);
  const current = sum((line) => line.currentQuantity);
  const shipping = order.shippingLines.reduce((all, line) => all + line.priceMinor, 0);
  const refunded = order.refunds.reduce((all, one) => all + one.amountMinor, 0);
  return {
    items,
    discounts,
    shipping,
    refunded,
    subtotal: items - discounts,
    total: items - discounts + shipping,
    currentSubtotal: Math.max(0, current - discounts),
    currentTotal: Math.max(0, current - discounts + shipping),
    outstandingAfterRefunds: items - discounts + shipping - refunded,
  };
}
