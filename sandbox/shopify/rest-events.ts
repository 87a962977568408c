// The bodies of the webhooks that are neither orders nor products: refunds, order edits, and the shop itself.
import { gid, money, num } from "./ids.ts";
import type { EditDelta } from "./orders.ts";
import { localTime, moneySet, restLine } from "./rest-line.ts";
import type { Store } from "./store.ts";
import type { OrderRecord, RefundRecord } from "./types.ts";

/** refunds/create, and an order's `refunds`. */
export function restRefund(store: Store, order: OrderRecord, refund: RefundRecord): Record<string, unknown> {
  const set = (minor: number) => moneySet(minor, order.currency);
  return {
    id: num(refund.id),
    order_id: num(order.id),
    created_at: localTime(refund.createdAt),
    note: refund.note,
    user_id: num("548380009"),
    processed_at: localTime(refund.createdAt),
    duties: [],
    total_duties_set: set(0),
    return: null,
    restock: refund.lines.some((line) => line.restockType !== "no_restock"),
    refund_shipping_lines: [],
    admin_graphql_api_id: gid("Refund", refund.id),
    order_adjustments: [],
    refund_line_items: refund.lines.map((one) => {
      const line = order.lines.find((each) => each.id === one.lineId);
      const minor = (line?.priceMinor ?? 0) * one.quantity;
      return {
        id: num(one.id),
        quantity: one.quantity,
        line_item_id: num(one.lineId),
        location_id: one.restockType === "no_restock" ? null : num(store.locationId),
        restock_type: one.restockType,
        // The only amounts in these payloads that are numbers and not text.
        subtotal: minor / 100,
        total_tax: 0,
        subtotal_set: set(minor),
        total_tax_set: set(0),
        line_item: line ? restLine(store, order, line) : null,
      };
    }),
    transactions: [
      {
        id: num(String(BigInt(refund.id) + 1n)),
        admin_graphql_api_id: gid("OrderTransaction", String(BigInt(refund.id) + 1n)),
        amount: money(refund.amountMinor),
        currency: order.currency,
        gateway: order.gateways[0] ?? "bogus",
        kind: "refund",
        status: "success",
        order_id: num(order.id),
        test: order.test,
        created_at: localTime(refund.createdAt),
        processed_at: localTime(refund.createdAt),
        message: null,
        error_code: null,
        parent_id: null,
        payment_id: `${order.name}.1`,
      },
    ],
  };
}

/** orders/edited: not an order but what changed, ids and deltas. */
export function restEdit(order: OrderRecord, delta: EditDelta): Record<string, unknown> {
  const changes = (list: EditDelta["additions"]) =>
    list.map((one) => ({ id: num(one.id), delta: one.delta }));
  return {
    order_edit: {
      id: num(delta.id),
      app_id: null,
      created_at: localTime(delta.at),
      committed_at: localTime(delta.at),
      notify_customer: false,
      order_id: num(order.id),
      staff_note: delta.staffNote,
      user_id: num("548380009"),
      line_items: { additions: changes(delta.additions), removals: changes(delta.removals) },
      discounts: { line_item: { additions: [], removals: [] } },
      shipping_lines: { additions: [], removals: [] },
    },
  };
}

/** app/uninstalled: the shop object. By the time it arrives the app's tokens are dead. */
export function restShop(store: Store): Record<string, unknown> {
  return {
    id: num(store.shopId),
    name: store.shopName,
    email: store.email,
    domain: store.domain,
    province: "Oregon",
    country: "US",
    address1: "1 Market Street",
    zip: "97201",
    city: "Portland",
    phone: "",
    primary_locale: "en",
    address2: null,
    country_code: "US",
    country_name: "United States",
    currency: store.currency,
    customer_email: store.email,
    timezone: "(GMT-05:00) America/New_York",
    iana_timezone: "America/New_York",
    shop_owner: "Sam Owner",
    money_format: "${{amount}}",
    plan_display_name: "Basic",
    plan_name: "basic",
    myshopify_domain: store.domain,
    primary_location_id: num(store.locationId),
    has_storefront: true,
  };
}
