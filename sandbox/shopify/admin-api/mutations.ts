// What the app may change through the Admin API here. Refusals carry Shopify's recorded words.
import { GraphQLError } from "graphql";
import { hold, release, type HoldInput } from "../fulfillment-orders.ts";
import {
  cancelFulfillment,
  createFulfillment,
  displayFulfillmentStatus,
  updateTracking,
} from "../fulfillments.ts";
import { digits } from "../ids.ts";
import { cancel, touch } from "../orders.ts";
import { note, orderOf, timestamp, type Store } from "../store.ts";
import type { AddressRecord, FulfillmentEventRecord, FulfillmentRecord, TrackingRecord } from "../types.ts";
import { bulkMutations } from "./bulk-node.ts";
import { fulfillmentEventNode, fulfillmentNode, fulfillmentOrderNode, holdNode } from "./fulfillment-node.ts";
import { setMetafields, type MetafieldInput } from "./metafield-node.ts";
import { noSuchId, type AdminContext, type Node } from "./nodes.ts";
import { orderNode } from "./order-node.ts";
import { lookUp } from "./queries.ts";

interface TrackingInput {
  company?: string | null;
  number?: string | null;
  numbers?: string[] | null;
  url?: string | null;
  urls?: string[] | null;
}

interface FulfillmentInput {
  lineItemsByFulfillmentOrder: {
    fulfillmentOrderId: string;
    fulfillmentOrderLineItems?: { id: string; quantity: number }[] | null;
  }[];
  notifyCustomer?: boolean | null;
  trackingInfo?: TrackingInput | null;
}

/** The fields of Mutation that are implemented; any other fails loudly. */
export function mutations(store: Store, context: AdminContext): Node {
  return {
    fulfillmentCreate: (args: { fulfillment: FulfillmentInput; message?: string | null }) =>
      fulfill(store, context, args),
    fulfillmentCancel: ({ id }: { id: string }) => {
      const record = fulfillmentBy(store, id);
      if (!record) return refused("fulfillment", ["id"], "Fulfillment not found.");
      cancelFulfillment(store, record);
      context.emit(["fulfillments/update", "orders/updated"], {
        orderId: record.orderId,
        fulfillmentId: record.id,
      });
      return { fulfillment: fulfillmentNode(store, record), userErrors: [] };
    },
    fulfillmentTrackingInfoUpdate: (args: { fulfillmentId: string; trackingInfoInput: TrackingInput }) => {
      const record = fulfillmentBy(store, args.fulfillmentId);
      if (!record) return refused("fulfillment", ["fulfillmentId"], "Fulfillment does not exist.");
      updateTracking(store, record, trackingFrom(args.trackingInfoInput));
      context.emit(["fulfillments/update", "orders/updated"], {
        orderId: record.orderId,
        fulfillmentId: record.id,
      });
      return { fulfillment: fulfillmentNode(store, record), userErrors: [] };
    },
    fulfillmentEventCreate: (args: { fulfillmentEvent: EventInput }) =>
      addEvent(store, args.fulfillmentEvent),
    fulfillmentOrderHold: (args: { id: string; fulfillmentHold: HoldInput }) => {
      const record = fulfillmentOrderBy(store, args.id);
      const held = hold(store, record, args.fulfillmentHold);
      const fulfillmentOrder = fulfillmentOrderNode(store, record);
      const rest = { remainingFulfillmentOrder: null };
      return "message" in held
        ? { ...rest, fulfillmentHold: null, fulfillmentOrder, userErrors: [held] }
        : { ...rest, fulfillmentHold: holdNode(held), fulfillmentOrder, userErrors: [] };
    },
    fulfillmentOrderReleaseHold: (args: { id: string; holdIds?: string[] | null }) => {
      const record = fulfillmentOrderBy(store, args.id);
      const ids = args.holdIds?.map((id) => digits("FulfillmentHold", id) ?? "") ?? null;
      release(store, record, ids);
      return { fulfillmentOrder: fulfillmentOrderNode(store, record), userErrors: [] };
    },
    orderUpdate: ({ input }: { input: OrderInput }) => updateOrder(store, context, input),
    orderCancel: (args: CancelArgs) => cancelOrder(store, context, args),
    tagsAdd: (args: { id: string; tags: string[] }) =>
      retag(store, args.id, (tags) => [...new Set([...tags, ...args.tags])]),
    tagsRemove: (args: { id: string; tags: string[] }) =>
      retag(store, args.id, (tags) => tags.filter((tag) => !args.tags.includes(tag))),
    metafieldsSet: ({ metafields }: { metafields: MetafieldInput[] }) => setMetafields(store, metafields),
    ...bulkMutations(store, context),
  };
}

function refused(key: string, field: string[], message: string): Node {
  return { [key]: null, userErrors: [{ field, message }] };
}

function fulfillmentBy(store: Store, id: string): FulfillmentRecord | undefined {
  return store.fulfillments.get(digits("Fulfillment", id) ?? "");
}

function fulfillmentOrderBy(store: Store, id: string) {
  const record = store.fulfillmentOrders.get(digits("FulfillmentOrder", id) ?? "");
  if (!record) throw noSuchId(id);
  return record;
}

function fulfill(
  store: Store,
  context: AdminContext,
  { fulfillment, message }: { fulfillment: FulfillmentInput; message?: string | null },
): Node {
  const parts = fulfillment.lineItemsByFulfillmentOrder.map((part) => ({
    fulfillmentOrderId: required("FulfillmentOrder", part.fulfillmentOrderId),
    lines: part.fulfillmentOrderLineItems?.map(({ id, quantity }) => ({
      id: required("FulfillmentOrderLineItem", id),
      quantity,
    })),
  }));
  const made = createFulfillment(store, {
    parts,
    tracking: trackingFrom(fulfillment.trackingInfo),
    notifyCustomer: fulfillment.notifyCustomer ?? false,
    message: message ?? null,
    by: "app",
  });
  if ("message" in made && "field" in made) return { fulfillment: null, userErrors: [made] };
  const order = orderOf(store, made.orderId);
  const whole = displayFulfillmentStatus(store, order) === "FULFILLED";
  context.emit(
    ["fulfillments/create", whole ? "orders/fulfilled" : "orders/partially_fulfilled", "orders/updated"],
    { orderId: made.orderId, fulfillmentId: made.id },
  );
  return { fulfillment: fulfillmentNode(store, made), userErrors: [] };
}

/** A malformed id, or the id 0, is a top-level "invalid id": recorded. */
function required(type: string, id: string): string {
  const found = digits(type, id);
  if (found === null || found === "0") {
    throw new GraphQLError("invalid id", { extensions: { code: "RESOURCE_NOT_FOUND" } });
  }
  return found;
}

/** Several numbers make several entries; the singular fields are the first. */
function trackingFrom(input: TrackingInput | null | undefined): TrackingRecord[] {
  if (!input) return [];
  const numbers = input.numbers ?? (input.number ? [input.number] : []);
  const urls = input.urls ?? (input.url ? [input.url] : []);
  return Array.from({ length: Math.max(numbers.length, urls.length, input.company ? 1 : 0) }, (_, n) => ({
    company: input.company ?? null,
    number: numbers[n] ?? null,
    url: urls[n] ?? null,
  }));
}

interface EventInput extends Partial<Omit<FulfillmentEventRecord, "id" | "status">> {
  fulfillmentId: string;
  status: string;
}

function addEvent(store: Store, input: EventInput): Node {
  const record = fulfillmentBy(store, input.fulfillmentId);
  if (!record) {
    return refused("fulfillmentEvent", ["fulfillmentEvent", "fulfillmentId"], "Fulfillment does not exist.");
  }
  const at = timestamp(store.now());
  const event: FulfillmentEventRecord = {
    id: store.ids.other(),
    status: input.status,
    message: input.message ?? null,
    happenedAt: input.happenedAt ?? at,
    createdAt: at,
    estimatedDeliveryAt: input.estimatedDeliveryAt ?? null,
    address1: input.address1 ?? null,
    city: input.city ?? null,
    province: input.province ?? null,
    country: input.country ?? null,
    zip: input.zip ?? null,
  };
  record.events.push(event);
  record.updatedAt = at;
  note(store, { what: "parcel event", orderId: record.orderId, detail: input.status });
  return { fulfillmentEvent: fulfillmentEventNode(event), userErrors: [] };
}

interface OrderInput {
  id: string;
  note?: string | null;
  email?: string | null;
  phone?: string | null;
  tags?: string[] | null;
  customAttributes?: { key: string; value: string }[] | null;
  metafields?: Omit<MetafieldInput, "ownerId">[] | null;
  shippingAddress?: Partial<AddressRecord> | null;
}

/** Lists replace what was there; what the input does not name stays. */
function updateOrder(store: Store, context: AdminContext, input: OrderInput): Node {
  const order = store.orders.get(digits("Order", input.id) ?? "");
  if (!order) return refused("order", ["id"], "Order does not exist");
  if (Object.keys(input).length === 1) {
    return {
      order: null,
      userErrors: [{ field: null, message: "No valid update parameters have been provided" }],
    };
  }
  if (input.note !== undefined) order.note = input.note;
  if (input.email !== undefined) order.email = input.email;
  if (input.phone !== undefined) order.phone = input.phone;
  if (input.tags) order.tags = input.tags;
  if (input.customAttributes) {
    order.noteAttributes = input.customAttributes.map(({ key, value }) => ({ name: key, value }));
  }
  if (input.shippingAddress && order.shippingAddress) {
    order.shippingAddress = { ...order.shippingAddress, ...input.shippingAddress };
  }
  if (input.metafields) {
    setMetafields(
      store,
      input.metafields.map((field) => ({ ...field, ownerId: input.id })),
    );
  }
  touch(store, order);
  context.emit(["orders/updated"], { orderId: order.id });
  return { order: orderNode(store, order), userErrors: [] };
}

interface CancelArgs {
  orderId: string;
  reason: string;
  refund?: boolean | null;
  refundMethod?: { originalPaymentMethodsRefund?: boolean | null } | null;
}

function cancelOrder(store: Store, context: AdminContext, args: CancelArgs): Node {
  const order = store.orders.get(digits("Order", args.orderId) ?? "");
  const no = (message: string): Node => ({
    job: null,
    orderCancelUserErrors: [],
    userErrors: [{ field: ["orderId"], message }],
  });
  if (!order) return no("Order does not exist");
  if (order.cancelledAt) return no("Cannot cancel an order that has already been canceled");
  if (store.fulfillmentsOf.get(order.id)?.some((one) => one.status === "SUCCESS")) {
    return no("Cannot cancel an order that has outstanding fulfillments");
  }
  const refunded = cancel(store, order.id, {
    reason: args.reason.toLowerCase(),
    refund: args.refund ?? args.refundMethod?.originalPaymentMethodsRefund ?? false,
  });
  context.emit([...(refunded ? ["refunds/create"] : []), "orders/cancelled", "orders/updated"], {
    orderId: order.id,
    ...(refunded ? { refundId: refunded.id } : {}),
  });
  const job = { id: `gid://shopify/Job/${crypto.randomUUID()}`, done: true };
  return { job, orderCancelUserErrors: [], userErrors: [] };
}

/** Tags of an order or a product. */
function retag(store: Store, id: string, change: (tags: string[]) => string[]): Node {
  const order = store.orders.get(digits("Order", id) ?? "");
  const record = order ?? store.products.get(digits("Product", id) ?? "");
  if (!record) throw noSuchId(id);
  record.tags = change(record.tags);
  if (order) touch(store, order);
  return { node: () => lookUp(store, id), userErrors: [] };
}
