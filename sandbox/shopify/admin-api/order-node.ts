// An order, its lines and its people, as the Admin API shows them.
import { fulfillable, fulfillmentOrdersOf, isActive } from "../fulfillment-orders.ts";
import { displayFulfillmentStatus, fulfillmentsOf } from "../fulfillments.ts";
import { gid } from "../ids.ts";
import { totals } from "../orders.ts";
import { fullName } from "../rest-order.ts";
import type { Store } from "../store.ts";
import type { AddressRecord, CustomerRecord, LineRecord, OrderRecord, PropertyRecord } from "../types.ts";
import { fulfillmentNode, fulfillmentOrderNode } from "./fulfillment-node.ts";
import { metafieldFields } from "./metafield-node.ts";
import { connection, moneyBag, type Node, type PageArgs } from "./nodes.ts";
import { productNode, variantNode } from "./product-node.ts";
import { matches, readSearch } from "./search.ts";

/** Order. */
export function orderNode(store: Store, order: OrderRecord): Node {
  const bag = (minor: number) => moneyBag(minor, order.currency);
  const sums = totals(order);
  const pending = order.financialStatus === "pending";
  return {
    __typename: "Order",
    id: gid("Order", order.id),
    legacyResourceId: order.id,
    name: order.name,
    number: order.number,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    processedAt: order.processedAt,
    cancelledAt: order.cancelledAt,
    cancelReason: order.cancelReason?.toUpperCase() ?? null,
    closed: order.closedAt !== null,
    closedAt: order.closedAt,
    confirmed: true,
    confirmationNumber: order.token.slice(0, 9).toUpperCase(),
    test: order.test,
    edited: order.edited,
    note: order.note,
    tags: [...order.tags].sort(),
    email: order.email,
    phone: order.phone,
    customerLocale: "en",
    sourceName: order.sourceName,
    sourceIdentifier: null,
    statusPageUrl: `https://${store.domain}/orders/${order.token}`,
    paymentGatewayNames: order.gateways,
    poNumber: null,
    currencyCode: order.currency,
    presentmentCurrencyCode: order.currency,
    displayFinancialStatus: order.financialStatus.toUpperCase(),
    displayFulfillmentStatus: () => displayFulfillmentStatus(store, order),
    fullyPaid: !pending,
    unpaid: pending,
    fulfillable: () => fulfillmentOrdersOf(store, order.id).some(isActive),
    requiresShipping: order.lines.some((line) => line.requiresShipping),
    returnStatus: "NO_RETURN",
    taxExempt: false,
    taxesIncluded: false,
    customAttributes: () => attributes(order.noteAttributes),
    customer: () => (order.customer ? customerNode(store, order.customer) : null),
    shippingAddress: () => addressNode(order.shippingAddress, `${order.id}1`),
    billingAddress: () => addressNode(order.billingAddress, `${order.id}2`),
    displayAddress: () => addressNode(order.shippingAddress ?? order.billingAddress, `${order.id}1`),
    billingAddressMatchesShippingAddress: order.billingAddress === order.shippingAddress,
    retailLocation: () => (order.sourceName === "pos" ? locationNode(store) : null),
    shippingLine: () => shippingLines(order)[0] ?? null,
    shippingLines: (args: PageArgs) =>
      connection(order.shippingLines, args, (line) => shippingLineNode(line, order.currency)),
    lineItems: (args: PageArgs) => connection(order.lines, args, (line) => lineNode(store, order, line)),
    fulfillmentOrders: (args: PageArgs & { query?: string | null }) => {
      const terms = readSearch(args.query, ["status", "id"]);
      const found = fulfillmentOrdersOf(store, order.id).filter((record) =>
        matches(terms, { status: record.status.toLowerCase(), id: record.id }),
      );
      return connection(found, args, (record) => fulfillmentOrderNode(store, record));
    },
    fulfillments: (args: { first?: number | null }) =>
      fulfillmentsOf(store, order.id)
        .slice(0, args.first ?? undefined)
        .map((record) => fulfillmentNode(store, record)),
    fulfillmentsCount: () => ({ count: fulfillmentsOf(store, order.id).length, precision: "EXACT" }),
    refunds: (args: { first?: number | null }) =>
      order.refunds.slice(0, args.first ?? undefined).map((refund) => refundNode(store, order, refund)),
    subtotalLineItemsQuantity: order.lines.reduce((sum, line) => sum + line.quantity, 0),
    currentSubtotalLineItemsQuantity: order.lines.reduce((sum, line) => sum + line.currentQuantity, 0),
    currentTotalPriceSet: bag(sums.currentTotal),
    currentSubtotalPriceSet: bag(sums.currentSubtotal),
    currentTotalDiscountsSet: bag(sums.discounts),
    currentTotalTaxSet: bag(0),
    currentShippingPriceSet: bag(sums.shipping),
    originalTotalPriceSet: bag(sums.total),
    totalPriceSet: bag(sums.total),
    subtotalPriceSet: bag(sums.subtotal),
    totalShippingPriceSet: bag(sums.shipping),
    totalDiscountsSet: bag(sums.discounts),
    totalTaxSet: bag(0),
    totalRefundedSet: bag(sums.refunded),
    totalOutstandingSet: bag(pending ? sums.currentTotal : 0),
    totalReceivedSet: bag(pending ? 0 : sums.total),
    ...metafieldFields(store, gid("Order", order.id)),
  };
}

/** customAttributes: values are text, or null for the empty value of a property. */
function attributes(properties: PropertyRecord[]): Node[] {
  return properties.map(({ name, value }) => ({ key: name, value: String(value) }));
}

/** LineItem. */
export function lineNode(store: Store, order: OrderRecord, line: LineRecord): Node {
  const bag = (minor: number) => moneyBag(minor, order.currency);
  const variant = line.variantId === null ? undefined : store.variants.get(line.variantId);
  const product = line.productId === null ? undefined : store.products.get(line.productId);
  const each = line.quantity > 0 ? Math.round(line.discountMinor / line.quantity) : 0;
  const left = () => (line.giftCard ? 0 : fulfillable(store, order, line.id));
  return {
    __typename: "LineItem",
    id: gid("LineItem", line.id),
    title: line.title,
    name: line.variantTitle ? `${line.title} - ${line.variantTitle}` : line.title,
    variantTitle: line.variantTitle,
    sku: line.sku,
    vendor: line.vendor,
    quantity: line.quantity,
    currentQuantity: line.currentQuantity,
    unfulfilledQuantity: left,
    fulfillableQuantity: left,
    nonFulfillableQuantity: line.quantity - line.currentQuantity,
    refundableQuantity: line.currentQuantity,
    requiresShipping: line.requiresShipping,
    isGiftCard: line.giftCard,
    taxable: true,
    merchantEditable: true,
    restockable: true,
    customAttributes: attributes(line.properties),
    lineItemGroup: null,
    sellingPlan: null,
    image: null,
    variant: () => (variant ? variantNode(store, variant) : null),
    product: () => (product ? productNode(store, product) : null),
    originalUnitPriceSet: bag(line.priceMinor),
    originalTotalSet: bag(line.priceMinor * line.quantity),
    discountedUnitPriceSet: bag(line.priceMinor),
    discountedUnitPriceAfterAllDiscountsSet: bag(line.priceMinor - each),
    discountedTotalSet: bag(line.priceMinor * line.quantity - line.discountMinor),
    totalDiscountSet: bag(line.discountMinor),
    discountAllocations: [],
    duties: [],
    taxLines: [],
  };
}

function shippingLines(order: OrderRecord): Node[] {
  return order.shippingLines.map((line) => shippingLineNode(line, order.currency));
}

function shippingLineNode(line: OrderRecord["shippingLines"][number], currency: string): Node {
  const bag = moneyBag(line.priceMinor, currency);
  return {
    __typename: "ShippingLine",
    id: gid("ShippingLine", line.id),
    title: line.title,
    code: line.code,
    source: "shopify",
    carrierIdentifier: null,
    custom: false,
    isRemoved: false,
    phone: null,
    originalPriceSet: bag,
    discountedPriceSet: bag,
    currentDiscountedPriceSet: bag,
  };
}

/** A MailingAddress; null stays null. `countryCode` is the deprecated twin of countryCodeV2. */
export function addressNode(address: AddressRecord | null, id: string): Node | null {
  if (!address) return null;
  const area = [address.city, address.provinceCode, address.country].filter(Boolean).join(", ");
  return {
    __typename: "MailingAddress",
    ...address,
    id: `${gid("MailingAddress", id)}?model_name=Address`,
    name: fullName(address),
    countryCodeV2: address.countryCode,
    coordinatesValidated: false,
    latitude: null,
    longitude: null,
    timeZone: null,
    validationResultSummary: "NO_ISSUES",
    formattedArea: area,
    formatted: [address.address1, address.address2, area, address.zip].filter(Boolean),
  };
}

/** Customer; the same e-mail is the same customer. */
export function customerNode(store: Store, customer: CustomerRecord): Node {
  const theirs = () => [...store.orders.values()].filter((order) => order.customer?.id === customer.id);
  return {
    __typename: "Customer",
    id: gid("Customer", customer.id),
    legacyResourceId: customer.id,
    firstName: customer.firstName,
    lastName: customer.lastName,
    displayName: fullName(customer) || (customer.email ?? ""),
    email: customer.email,
    phone: customer.phone,
    defaultEmailAddress: customer.email === null ? null : { emailAddress: customer.email },
    defaultPhoneNumber: customer.phone === null ? null : { phoneNumber: customer.phone },
    locale: "en",
    tags: [],
    note: null,
    verifiedEmail: true,
    numberOfOrders: () => String(theirs().length),
    defaultAddress: () => addressNode(theirs().at(-1)?.shippingAddress ?? null, customer.id),
  };
}

/** The shop's only Location. */
export function locationNode(store: Store): Node {
  return {
    __typename: "Location",
    id: gid("Location", store.locationId),
    legacyResourceId: store.locationId,
    name: "Shop location",
    isActive: true,
    isFulfillmentService: false,
    fulfillsOnlineOrders: true,
    shipsInventory: true,
    address: {
      address1: "1 Market Street",
      address2: null,
      city: "Portland",
      country: "United States",
      countryCode: "US",
      province: "Oregon",
      provinceCode: "OR",
      zip: "97201",
      phone: null,
    },
  };
}

function refundNode(store: Store, order: OrderRecord, refund: OrderRecord["refunds"][number]): Node {
  const bag = (minor: number) => moneyBag(minor, order.currency);
  return {
    __typename: "Refund",
    id: gid("Refund", refund.id),
    legacyResourceId: refund.id,
    createdAt: refund.createdAt,
    updatedAt: refund.createdAt,
    processedAt: refund.createdAt,
    note: refund.note,
    totalRefundedSet: bag(refund.amountMinor),
    order: () => orderNode(store, order),
    refundLineItems: (args: PageArgs) =>
      connection(refund.lines, args, (one) => {
        const line = order.lines.find((each) => each.id === one.lineId);
        return {
          __typename: "RefundLineItem",
          id: gid("RefundLineItem", one.id),
          quantity: one.quantity,
          restockType: one.restockType.toUpperCase(),
          restocked: one.restockType !== "no_restock",
          subtotalSet: bag((line?.priceMinor ?? 0) * one.quantity),
          lineItem: () => (line ? lineNode(store, order, line) : null),
        };
      }),
  };
}
