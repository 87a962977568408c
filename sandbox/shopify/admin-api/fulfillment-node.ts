// Fulfillment orders and parcels, as the Admin API shows them.
import { supportedActions } from "../fulfillment-orders.ts";
import { fulfillmentsOf } from "../fulfillments.ts";
import { gid } from "../ids.ts";
import { orderOf, type Store } from "../store.ts";
import type {
  FulfillmentEventRecord,
  FulfillmentOrderRecord,
  FulfillmentRecord,
  HoldRecord,
} from "../types.ts";
import { connection, moneyBag, type Node, type PageArgs } from "./nodes.ts";
import { lineNode, locationNode, orderNode } from "./order-node.ts";
import { variantNode } from "./product-node.ts";

/** FulfillmentOrder. */
export function fulfillmentOrderNode(store: Store, record: FulfillmentOrderRecord): Node {
  const order = orderOf(store, record.orderId);
  return {
    __typename: "FulfillmentOrder",
    id: gid("FulfillmentOrder", record.id),
    status: record.status,
    requestStatus: record.requestStatus,
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    fulfillAt: `${record.createdAt.slice(0, 14)}00:00Z`,
    fulfillBy: null,
    internationalDuties: null,
    orderId: gid("Order", order.id),
    orderName: order.name,
    orderProcessedAt: order.processedAt,
    order: () => orderNode(store, order),
    supportedActions: supportedActions(record).map((action) => ({ action, externalUrl: null })),
    assignedLocation: {
      ...(locationNode(store)["address"] as Node),
      name: "Shop location",
      countryCode: "US",
      location: () => locationNode(store),
    },
    deliveryMethod: {
      id: gid("DeliveryMethod", record.id),
      methodType: record.methodType,
      presentedName: order.shippingLines[0]?.title ?? null,
      serviceCode: order.shippingLines[0]?.code ?? null,
      minDeliveryDateTime: null,
      maxDeliveryDateTime: null,
    },
    destination: () => destinationNode(store, record),
    fulfillmentHolds: record.holds.map(holdNode),
    merchantRequests: (args: PageArgs) => connection([], args, (none) => none),
    lineItems: (args: PageArgs) =>
      connection(record.lines, args, (line) => fulfillmentOrderLineNode(store, record, line)),
    fulfillments: (args: PageArgs) => {
      const shipped = fulfillmentsOf(store, order.id).filter((one) =>
        one.lines.some((line) => line.fulfillmentOrderId === record.id),
      );
      return connection(shipped, args, (one) => fulfillmentNode(store, one));
    },
  };
}

/** Where the parcel goes. Shopify has no province code here; the order's own address has it. */
function destinationNode(store: Store, record: FulfillmentOrderRecord): Node | null {
  const order = orderOf(store, record.orderId);
  const address = order.shippingAddress;
  if (!address) return null;
  const { firstName, lastName, company, address1, address2, city, province, zip, phone, countryCode } =
    address;
  return {
    __typename: "FulfillmentOrderDestination",
    id: gid("FulfillmentOrderDestination", record.id),
    ...{ firstName, lastName, company, address1, address2, city, province, zip, phone, countryCode },
    email: order.email,
    location: null,
  };
}

function fulfillmentOrderLineNode(
  store: Store,
  record: FulfillmentOrderRecord,
  part: FulfillmentOrderRecord["lines"][number],
): Node {
  const order = orderOf(store, record.orderId);
  const line = store.lines.get(part.lineId)?.line;
  if (!line) throw new Error(`fulfillment order ${record.id} names no line ${part.lineId}`);
  const variant = line.variantId === null ? undefined : store.variants.get(line.variantId);
  return {
    __typename: "FulfillmentOrderLineItem",
    id: gid("FulfillmentOrderLineItem", part.id),
    totalQuantity: part.totalQuantity,
    remainingQuantity: part.remainingQuantity,
    productTitle: line.title,
    variantTitle: line.variantTitle,
    sku: line.sku,
    vendor: line.vendor,
    requiresShipping: line.requiresShipping,
    inventoryItemId: variant ? gid("InventoryItem", variant.inventoryItemId) : null,
    image: null,
    warnings: [],
    variant: () => (variant ? variantNode(store, variant) : null),
    lineItem: () => lineNode(store, order, line),
  };
}

/** FulfillmentHold. `heldByApp` is left out: it needs a scope no fulfilment app has. */
export function holdNode(hold: HoldRecord): Node {
  return {
    __typename: "FulfillmentHold",
    id: gid("FulfillmentHold", hold.id),
    handle: hold.handle,
    reason: hold.reason,
    reasonNotes: hold.reasonNotes,
    displayReason: hold.reason.charAt(0) + hold.reason.slice(1).toLowerCase().replaceAll("_", " "),
    heldByRequestingApp: true,
  };
}

/** Fulfillment; its display status follows the last parcel event. */
export function fulfillmentNode(store: Store, record: FulfillmentRecord): Node {
  const order = orderOf(store, record.orderId);
  const last = record.events.at(-1);
  const at = (status: string) => record.events.find((event) => event.status === status)?.happenedAt ?? null;
  return {
    __typename: "Fulfillment",
    id: gid("Fulfillment", record.id),
    legacyResourceId: record.id,
    name: record.name,
    status: record.status,
    displayStatus: record.status === "CANCELLED" ? "CANCELED" : (last?.status ?? record.displayStatus),
    createdAt: record.createdAt,
    updatedAt: record.updatedAt,
    inTransitAt: at("IN_TRANSIT"),
    deliveredAt: at("DELIVERED"),
    estimatedDeliveryAt: last?.estimatedDeliveryAt ?? null,
    requiresShipping: true,
    originAddress: null,
    totalQuantity: record.lines.reduce((sum, line) => sum + line.quantity, 0),
    trackingInfo: (args: { first?: number | null }) => record.tracking.slice(0, args.first ?? undefined),
    order: () => orderNode(store, order),
    location: () => locationNode(store),
    service: () => ({
      id: gid("FulfillmentService", "manual"),
      handle: "manual",
      serviceName: "Manual",
      trackingSupport: false,
      inventoryManagement: false,
      requiresShippingMethod: true,
      callbackUrl: null,
      type: "MANUAL",
      location: locationNode(store),
    }),
    events: (args: PageArgs) => connection(record.events, args, fulfillmentEventNode),
    fulfillmentOrders: (args: PageArgs) => {
      const ids = [...new Set(record.lines.map((line) => line.fulfillmentOrderId))];
      const of = ids.flatMap((id) => store.fulfillmentOrders.get(id) ?? []);
      return connection(of, args, (one) => fulfillmentOrderNode(store, one));
    },
    fulfillmentLineItems: (args: PageArgs) =>
      connection(record.lines, args, (part) => {
        const line = store.lines.get(part.lineId)?.line;
        const bag = moneyBag((line?.priceMinor ?? 0) * part.quantity, order.currency);
        return {
          __typename: "FulfillmentLineItem",
          id: gid("FulfillmentLineItem", part.id),
          quantity: part.quantity,
          originalTotalSet: bag,
          discountedTotalSet: bag,
          lineItem: () => (line ? lineNode(store, order, line) : null),
        };
      }),
  };
}

/** FulfillmentEvent. */
export function fulfillmentEventNode(event: FulfillmentEventRecord): Node {
  return {
    __typename: "FulfillmentEvent",
    ...event,
    id: gid("FulfillmentEvent", event.id),
    latitude: null,
    longitude: null,
  };
}
