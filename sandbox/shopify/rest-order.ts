// An order as the webhooks orders/* carry it: REST shape, bare numeric ids, money as text, times in the
// shop's own zone. Keys and their order follow Shopify's 2026-04 samples.
import { displayFulfillmentStatus, fulfillmentsOf } from "./fulfillments.ts";
import { gid, money, num } from "./ids.ts";
import { totals } from "./orders.ts";
import { localTime, localTimeOrNull, moneySet, restLine } from "./rest-line.ts";
import { restRefund } from "./rest-events.ts";
import type { Store } from "./store.ts";
import type { AddressRecord, CustomerRecord, FulfillmentRecord, OrderRecord } from "./types.ts";

/** The whole order. JSON.stringify writes its ids as bare numbers with all their digits. */
export function restOrder(store: Store, order: OrderRecord): Record<string, unknown> {
  const sums = totals(order);
  const set = (minor: number) => moneySet(minor, order.currency);
  const shipments = fulfillmentsOf(store, order.id);
  return {
    id: num(order.id),
    admin_graphql_api_id: gid("Order", order.id),
    app_id: num("580111"),
    browser_ip: "203.0.113.7",
    buyer_accepts_marketing: false,
    cancel_reason: order.cancelReason,
    cancelled_at: localTimeOrNull(order.cancelledAt),
    cart_token: null,
    checkout_id: null,
    checkout_token: order.token,
    client_details: null,
    closed_at: localTimeOrNull(order.closedAt),
    company: null,
    confirmation_number: order.token.slice(0, 9).toUpperCase(),
    confirmed: true,
    contact_email: order.email,
    created_at: localTime(order.createdAt),
    currency: order.currency,
    current_shipping_price_set: set(sums.shipping),
    current_subtotal_price: money(sums.currentSubtotal),
    current_subtotal_price_set: set(sums.currentSubtotal),
    current_total_additional_fees_set: null,
    current_total_discounts: money(sums.discounts),
    current_total_discounts_set: set(sums.discounts),
    current_total_duties_set: null,
    current_total_price: money(sums.currentTotal),
    current_total_price_set: set(sums.currentTotal),
    current_total_tax: "0.00",
    current_total_tax_set: set(0),
    customer_locale: "en",
    device_id: null,
    discount_codes: [],
    duties_included: false,
    email: order.email ?? "",
    estimated_taxes: false,
    financial_status: order.financialStatus,
    fulfillment_status: restFulfillmentStatus(store, order),
    landing_site: "/",
    landing_site_ref: null,
    location_id: order.sourceName === "pos" ? num(store.locationId) : null,
    merchant_business_entity_id: "MTU0ODM4MDAwOQ",
    merchant_of_record_app_id: null,
    name: order.name,
    note: order.note,
    note_attributes: order.noteAttributes,
    number: order.number - 1000,
    order_number: order.number,
    order_status_url: `https://${store.domain}/orders/${order.token}`,
    original_total_additional_fees_set: null,
    original_total_duties_set: null,
    payment_gateway_names: order.gateways,
    phone: order.phone,
    po_number: null,
    presentment_currency: order.currency,
    processed_at: localTime(order.processedAt),
    reference: null,
    referring_site: null,
    source_identifier: null,
    source_name: order.sourceName,
    source_url: null,
    subtotal_price: money(sums.subtotal),
    subtotal_price_set: set(sums.subtotal),
    tags: order.tags.join(", "),
    tax_exempt: false,
    tax_lines: [],
    taxes_included: false,
    test: order.test,
    token: order.token,
    total_cash_rounding_payment_adjustment_set: set(0),
    total_cash_rounding_refund_adjustment_set: set(0),
    total_discounts: money(sums.discounts),
    total_discounts_set: set(sums.discounts),
    total_line_items_price: money(sums.items),
    total_line_items_price_set: set(sums.items),
    total_outstanding: order.financialStatus === "pending" ? money(sums.currentTotal) : "0.00",
    total_price: money(sums.total),
    total_price_set: set(sums.total),
    total_shipping_price_set: set(sums.shipping),
    total_tax: "0.00",
    total_tax_set: set(0),
    total_tip_received: "0.00",
    total_weight: order.lines.reduce((sum, line) => sum + line.grams * line.quantity, 0),
    updated_at: localTime(order.updatedAt),
    user_id: null,
    billing_address: restAddress(order.billingAddress),
    customer: restCustomer(order),
    discount_applications: [],
    fulfillments: shipments.map((shipment) => restFulfillment(store, order, shipment)),
    line_items: order.lines.map((line) => restLine(store, order, line)),
    payment_terms: null,
    refunds: order.refunds.map((refund) => restRefund(store, order, refund)),
    shipping_address: restAddress(order.shippingAddress),
    shipping_lines: order.shippingLines.map((line) => ({
      id: num(line.id),
      carrier_identifier: null,
      code: line.code,
      current_discounted_price_set: set(line.priceMinor),
      discounted_price: money(line.priceMinor),
      discounted_price_set: set(line.priceMinor),
      is_removed: false,
      phone: null,
      price: money(line.priceMinor),
      price_set: set(line.priceMinor),
      requested_fulfillment_service_id: null,
      source: "shopify",
      title: line.title,
      tax_lines: [],
      discount_allocations: [],
    })),
    returns: [],
  };
}

function restFulfillmentStatus(store: Store, order: OrderRecord): string | null {
  const status = displayFulfillmentStatus(store, order);
  if (status === "FULFILLED") return "fulfilled";
  return status === "PARTIALLY_FULFILLED" ? "partial" : null;
}

function restAddress(address: AddressRecord | null): Record<string, unknown> | null {
  if (!address) return null;
  return {
    first_name: address.firstName,
    address1: address.address1,
    phone: address.phone,
    city: address.city,
    zip: address.zip,
    province: address.province,
    country: address.country,
    last_name: address.lastName,
    address2: address.address2,
    company: address.company,
    latitude: null,
    longitude: null,
    name: fullName(address),
    country_code: address.countryCode,
    province_code: address.provinceCode,
  };
}

/** First and last name joined, whichever there are. */
export function fullName(of: AddressRecord | CustomerRecord): string {
  return [of.firstName, of.lastName].filter((part) => part).join(" ");
}

function restCustomer(order: OrderRecord): Record<string, unknown> | null {
  const { customer } = order;
  if (!customer) return null;
  return {
    id: num(customer.id),
    created_at: localTime(order.createdAt),
    updated_at: localTime(order.createdAt),
    first_name: customer.firstName,
    last_name: customer.lastName,
    state: "disabled",
    note: null,
    verified_email: true,
    multipass_identifier: null,
    tax_exempt: false,
    email: customer.email,
    phone: customer.phone,
    currency: order.currency,
    tax_exemptions: [],
    admin_graphql_api_id: gid("Customer", customer.id),
    default_address: order.shippingAddress
      ? { ...restAddress(order.shippingAddress), customer_id: num(customer.id), default: true }
      : null,
  };
}

/** One parcel, as orders/* and fulfillments/* carry it. */
export function restFulfillment(
  store: Store,
  order: OrderRecord,
  shipment: FulfillmentRecord,
): Record<string, unknown> {
  const first = shipment.tracking[0];
  return {
    id: num(shipment.id),
    admin_graphql_api_id: gid("Fulfillment", shipment.id),
    created_at: localTime(shipment.createdAt),
    location_id: num(shipment.locationId),
    name: shipment.name.replace("-F", "."),
    order_id: num(order.id),
    origin_address: {},
    receipt: {},
    service: "manual",
    shipment_status: shipment.events.at(-1)?.status.toLowerCase() ?? null,
    status: shipment.status === "CANCELLED" ? "cancelled" : "success",
    tracking_company: first?.company ?? null,
    tracking_number: first?.number ?? null,
    tracking_numbers: shipment.tracking.flatMap((one) => (one.number === null ? [] : [one.number])),
    tracking_url: first?.url ?? null,
    tracking_urls: shipment.tracking.flatMap((one) => (one.url === null ? [] : [one.url])),
    updated_at: localTime(shipment.updatedAt),
    line_items: shipment.lines.flatMap(({ lineId, quantity }) => {
      const line = order.lines.find((one) => one.id === lineId);
      return line ? [{ ...restLine(store, order, line), quantity }] : [];
    }),
  };
}
