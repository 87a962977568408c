// The records a local shop keeps. They pass from the storefront and the Admin API into webhooks and
// pages; tests read them as plain data. Ids are strings of digits: some exceed 2^53 on purpose.

export type * from "./product-types.ts";

/** A parcel or billing address as Shopify stores it; any part may be missing. */
export interface AddressRecord {
  firstName: string | null;
  lastName: string | null;
  company: string | null;
  address1: string | null;
  address2: string | null;
  city: string | null;
  province: string | null;
  provinceCode: string | null;
  country: string | null;
  countryCode: string | null;
  zip: string | null;
  phone: string | null;
}

/** Parts of an address that differ from the sensible person's; null takes a part away. */
export type AddressInput = { [Part in keyof AddressRecord]?: AddressRecord[Part] | undefined };

/** Who ordered; absent at the till. */
export interface CustomerRecord {
  id: string;
  firstName: string | null;
  lastName: string | null;
  email: string | null;
  phone: string | null;
}

/** One line item property as the customer typed it. Names may repeat; some themes send numbers. */
export interface PropertyRecord {
  name: string;
  value: string | number;
}

/** One line of an order. Null ids: a custom line, as a tip is. */
export interface LineRecord {
  id: string;
  productId: string | null;
  variantId: string | null;
  title: string;
  variantTitle: string | null;
  sku: string | null;
  vendor: string | null;
  /** As ordered; edits and refunds never lower it. */
  quantity: number;
  /** Ordered minus what edits and refunds took away. */
  currentQuantity: number;
  priceMinor: number;
  discountMinor: number;
  requiresShipping: boolean;
  giftCard: boolean;
  grams: number;
  properties: PropertyRecord[];
}

/** One refund: pieces, money, or both. Minor units. */
export interface RefundRecord {
  id: string;
  createdAt: string;
  note: string | null;
  amountMinor: number;
  lines: { id: string; lineId: string; quantity: number; restockType: RestockType }[];
}

/** What becomes of refunded pieces; only "cancel" takes them out of fulfillment. */
export type RestockType = "no_restock" | "cancel" | "return";
/** REST spelling; GraphQL writes the same words in capitals. */
export type FinancialStatus =
  "pending" | "authorized" | "paid" | "partially_refunded" | "refunded" | "voided" | "partially_paid";

/** How the parcel was to travel, and what the shopper paid for it. */
export interface ShippingLineRecord {
  id: string;
  title: string;
  code: string | null;
  priceMinor: number;
}

/** An order as the shop holds it. Times are ISO with a Z, whole seconds. */
export interface OrderRecord {
  id: string;
  number: number;
  name: string;
  token: string;
  createdAt: string;
  updatedAt: string;
  processedAt: string;
  cancelledAt: string | null;
  cancelReason: string | null;
  closedAt: string | null;
  test: boolean;
  edited: boolean;
  note: string | null;
  noteAttributes: PropertyRecord[];
  tags: string[];
  email: string | null;
  phone: string | null;
  currency: string;
  financialStatus: FinancialStatus;
  sourceName: string;
  gateways: string[];
  customer: CustomerRecord | null;
  shippingAddress: AddressRecord | null;
  billingAddress: AddressRecord | null;
  shippingLines: ShippingLineRecord[];
  lines: LineRecord[];
  refunds: RefundRecord[];
}

/** The statuses that occur here; Shopify has SCHEDULED and INCOMPLETE too. */
export type FulfillmentOrderStatus = "OPEN" | "IN_PROGRESS" | "ON_HOLD" | "CLOSED" | "CANCELLED";

/** What one location has to ship of an order. */
export interface FulfillmentOrderRecord {
  id: string;
  orderId: string;
  status: FulfillmentOrderStatus;
  requestStatus: "UNSUBMITTED" | "CLOSED";
  locationId: string;
  /** NONE for things that are not posted, which Shopify keeps in a fulfillment order of their own. */
  methodType: "SHIPPING" | "NONE";
  /** Closed because the order was cancelled and not refunded; its pieces still count as unfulfilled. */
  closedByCancel: boolean;
  createdAt: string;
  updatedAt: string;
  lines: { id: string; lineId: string; totalQuantity: number; remainingQuantity: number }[];
  holds: HoldRecord[];
}

/** Why a fulfillment order may not be shipped now. */
export interface HoldRecord {
  id: string;
  handle: string;
  reason: string;
  reasonNotes: string | null;
}

/** One tracking number of a parcel. */
export interface TrackingRecord {
  company: string | null;
  number: string | null;
  url: string | null;
}

/** One parcel that Shopify was told of. */
export interface FulfillmentRecord {
  id: string;
  orderId: string;
  name: string;
  status: "SUCCESS" | "CANCELLED";
  displayStatus: string;
  createdAt: string;
  updatedAt: string;
  notifyCustomer: boolean;
  message: string | null;
  locationId: string;
  /** Who told Shopify: the app through the Admin API, or a person in the admin. */
  by: "app" | "admin";
  tracking: TrackingRecord[];
  lines: {
    id: string;
    lineId: string;
    quantity: number;
    fulfillmentOrderId: string;
    fulfillmentOrderLineId: string;
  }[];
  events: FulfillmentEventRecord[];
}

/** Where a parcel was seen. */
export interface FulfillmentEventRecord {
  id: string;
  status: string;
  message: string | null;
  happenedAt: string;
  createdAt: string;
  estimatedDeliveryAt: string | null;
  address1: string | null;
  city: string | null;
  province: string | null;
  country: string | null;
  zip: string | null;
}

/** A value the app or the merchant hung on a record; `ownerId` is a gid. */
export interface MetafieldRecord {
  id: string;
  ownerId: string;
  namespace: string;
  key: string;
  type: string;
  value: string;
  createdAt: string;
  updatedAt: string;
}

/** One line of the shop's diary, in the order things happened. */
export interface ShopEvent {
  at: string;
  what: string;
  orderId?: string;
  detail?: string;
}

/** One line of a cart. `variantId` wins over `sku`; neither makes a custom line, as a tip is. */
export interface CartLineInput {
  variantId?: string | undefined;
  sku?: string | undefined;
  quantity?: number | undefined;
  /** An object, or a list when names repeat. */
  properties?: Record<string, string | number> | PropertyRecord[] | undefined;
  title?: string | undefined;
  priceMinor?: number | undefined;
  discountMinor?: number | undefined;
  requiresShipping?: boolean | undefined;
}

/** What the pay button sends. An address left out means the sensible person of `person()`; null means none. */
export interface CheckoutInput {
  lines: CartLineInput[];
  email?: string | null | undefined;
  phone?: string | null | undefined;
  note?: string | null | undefined;
  test?: boolean | undefined;
  tags?: string[] | undefined;
  noteAttributes?: PropertyRecord[] | undefined;
  currency?: string | undefined;
  shippingAddress?: AddressInput | null | undefined;
  billingAddress?: AddressInput | null | undefined;
  shippingMinor?: number | undefined;
  sourceName?: string | undefined;
}

/** A CheckoutInput whose payment state the caller chooses; "pending" waits for `markPaid`. */
export interface OrderInput extends CheckoutInput {
  financialStatus?: FinancialStatus | undefined;
}

/** One edit in the admin: quantities taken away, lines added. */
export interface OrderEdit {
  remove?: { lineId: string; quantity: number }[] | undefined;
  add?: CartLineInput[] | undefined;
  staffNote?: string | undefined;
}

/** One refund in the admin. `restockType` "cancel" takes the items out of fulfillment, the others do not. */
export interface RefundInput {
  lines?: { lineId: string; quantity: number; restockType?: RestockType | undefined }[] | undefined;
  /** Money given back on top of the lines, e.g. shipping. */
  amountMinor?: number | undefined;
  note?: string | undefined;
}
