// One line item in REST shape, and the two values every REST body repeats: money and the shop's local time.
import { fulfillable } from "./fulfillment-orders.ts";
import { gid, money, num, numOrNull } from "./ids.ts";
import type { Store } from "./store.ts";
import type { LineRecord, OrderRecord } from "./types.ts";

/** Amount and currency twice: the demo's shops sell in one currency. */
export function moneySet(minor: number, currency: string) {
  const one = { amount: money(minor), currency_code: currency };
  return { shop_money: one, presentment_money: one };
}

/** A time in the shop's zone. New York's winter offset, so that nobody may compare it as text with GraphQL's Z. */
export function localTime(iso: string): string {
  const moved = new Date(Date.parse(iso) - 5 * 3600_000);
  return `${moved.toISOString().slice(0, 19)}-05:00`;
}

/** The same for a time that may be missing. */
export function localTimeOrNull(iso: string | null): string | null {
  return iso === null ? null : localTime(iso);
}

/** One line item. `quantity` is as ordered; `current_quantity` and `fulfillable_quantity` say what is left. */
export function restLine(store: Store, order: OrderRecord, line: LineRecord): Record<string, unknown> {
  const left = fulfillable(store, order, line.id);
  const shipped = line.giftCard || (line.currentQuantity > 0 && left === 0 && line.requiresShipping);
  return {
    id: num(line.id),
    admin_graphql_api_id: gid("LineItem", line.id),
    attributed_staffs: [],
    current_quantity: line.currentQuantity,
    fulfillable_quantity: line.giftCard ? 0 : left,
    fulfillment_service: line.giftCard ? "gift_card" : "manual",
    fulfillment_status: shipped && order.cancelledAt === null ? "fulfilled" : partial(line, left),
    gift_card: line.giftCard,
    grams: line.grams,
    name: line.variantTitle ? `${line.title} - ${line.variantTitle}` : line.title,
    price: money(line.priceMinor),
    price_set: moneySet(line.priceMinor, order.currency),
    product_exists: line.productId !== null && store.products.has(line.productId),
    product_id: numOrNull(line.productId),
    properties: line.properties,
    quantity: line.quantity,
    requires_shipping: line.requiresShipping,
    sales_line_item_group_id: null,
    sku: line.sku,
    taxable: true,
    title: line.title,
    total_discount: money(line.discountMinor),
    total_discount_set: moneySet(line.discountMinor, order.currency),
    variant_id: numOrNull(line.variantId),
    variant_inventory_management: null,
    variant_title: line.variantTitle,
    vendor: line.vendor,
    tax_lines: [],
    duties: [],
    discount_allocations: [],
  };
}

function partial(line: LineRecord, left: number): string | null {
  return left > 0 && left < line.currentQuantity ? "partial" : null;
}
