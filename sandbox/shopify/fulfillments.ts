// Parcels as Shopify knows them: created by the app or by a person, cancelled, tracked. Refusals carry the
// words recorded from a real store (2026-04); nothing here is idempotent, because Shopify's is not either.
import {
  fulfillmentOrdersOf,
  isActive,
  openFulfillmentOrder,
  settleStatus,
  type Refusal,
} from "./fulfillment-orders.ts";
import { note, orderOf, timestamp, type Store } from "./store.ts";
import { touch } from "./orders.ts";
import type { FulfillmentOrderRecord, FulfillmentRecord, OrderRecord, TrackingRecord } from "./types.ts";

/** One fulfillment to make. A fulfillment order without lines means all that remains of it. */
export interface NewFulfillment {
  parts: { fulfillmentOrderId: string; lines?: { id: string; quantity: number }[] | undefined }[];
  tracking: TrackingRecord[];
  notifyCustomer: boolean;
  message: string | null;
  by: "app" | "admin";
}

const refuse = (message: string): Refusal => ({ field: ["fulfillment"], message });

/** Ships. Checks in Shopify's recorded order: quantities, existence, one order, one location, status, amounts. */
export function createFulfillment(store: Store, made: NewFulfillment): FulfillmentRecord | Refusal {
  const tooSmall = quantityRefusal(made);
  if (tooSmall) return tooSmall;
  const found: FulfillmentOrderRecord[] = [];
  for (const part of made.parts) {
    const record = store.fulfillmentOrders.get(part.fulfillmentOrderId);
    if (!record) return refuse("Fulfillment order does not exist.");
    found.push(record);
  }
  const first = found[0];
  if (!first) return refuse("Fulfillment order does not exist.");
  const orders = [...new Set(found.map((record) => record.orderId))];
  if (orders.length > 1) {
    return refuse(
      `All fulfillment orders must belong to the same order. Multiple orders with ids [${orders.join(", ")}] were found.`,
    );
  }
  for (const record of found) {
    if (!isActive(record) || record.status === "ON_HOLD") {
      return refuse(
        `Fulfillment order ${record.id} has an unfulfillable status= ${record.status.toLowerCase()}.`,
      );
    }
  }
  const lines = linesOf(store, made);
  if ("message" in lines) return lines;
  return ship(store, { made, lines, order: orderOf(store, first.orderId), touched: found });
}

function quantityRefusal(made: NewFulfillment): Refusal | null {
  for (const [p, part] of made.parts.entries()) {
    for (const [l, line] of (part.lines ?? []).entries()) {
      if (line.quantity > 0) continue;
      return {
        field: [
          "fulfillment",
          "lineItemsByFulfillmentOrder",
          `${p}`,
          "fulfillmentOrderLineItems",
          `${l}`,
          "quantity",
        ],
        message: "Quantity must be greater than 0",
      };
    }
  }
  return null;
}

function linesOf(store: Store, made: NewFulfillment): FulfillmentRecord["lines"] | Refusal {
  const lines: FulfillmentRecord["lines"] = [];
  for (const part of made.parts) {
    const record = store.fulfillmentOrders.get(part.fulfillmentOrderId);
    if (!record) return refuse("Fulfillment order does not exist.");
    const left = record.lines.filter((line) => line.remainingQuantity > 0);
    const wanted = part.lines?.length
      ? part.lines
      : left.map((line) => ({ id: line.id, quantity: line.remainingQuantity }));
    const asked = new Map<string, number>();
    for (const { id, quantity } of wanted) {
      const line = record.lines.find((one) => one.id === id);
      if (!line) return refuse("Fulfillment order line item does not exist.");
      asked.set(id, (asked.get(id) ?? 0) + quantity);
      if ((asked.get(id) ?? 0) > line.remainingQuantity) {
        return refuse("Invalid fulfillment order line item quantity requested.");
      }
      lines.push({
        id: store.ids.fulfillmentLine(),
        lineId: line.lineId,
        quantity,
        fulfillmentOrderId: record.id,
        fulfillmentOrderLineId: id,
      });
    }
  }
  return lines;
}

interface Shipping {
  made: NewFulfillment;
  lines: FulfillmentRecord["lines"];
  order: OrderRecord;
  touched: FulfillmentOrderRecord[];
}

function ship(store: Store, { made, lines, order, touched }: Shipping): FulfillmentRecord {
  const at = timestamp(store.now());
  const earlier = fulfillmentsOf(store, order.id);
  const record: FulfillmentRecord = {
    id: store.ids.fulfillment(),
    orderId: order.id,
    name: `${order.name}-F${earlier.length + 1}`,
    status: "SUCCESS",
    displayStatus: "FULFILLED",
    createdAt: at,
    updatedAt: at,
    notifyCustomer: made.notifyCustomer,
    message: made.message,
    locationId: store.locationId,
    by: made.by,
    tracking: made.tracking,
    lines,
    events: [],
  };
  for (const part of touched) {
    for (const line of lines) {
      const from = part.lines.find((one) => one.id === line.fulfillmentOrderLineId);
      if (from) from.remainingQuantity -= line.quantity;
    }
    settleStatus(store, part);
  }
  store.fulfillments.set(record.id, record);
  store.fulfillmentsOf.set(order.id, [...earlier, record]);
  if (!anythingLeft(store, order)) order.closedAt = at;
  touch(store, order);
  note(store, {
    what: `fulfilled by ${made.by === "app" ? "the app" : "hand"}`,
    orderId: order.id,
    detail: made.tracking.map((one) => one.number).join(", "),
  });
  return record;
}

/** All of an order's parcels, cancelled ones too, oldest first. */
export function fulfillmentsOf(store: Store, orderId: string): FulfillmentRecord[] {
  return store.fulfillmentsOf.get(orderId) ?? [];
}

function anythingLeft(store: Store, order: OrderRecord): boolean {
  return fulfillmentOrdersOf(store, order.id).some(isActive);
}

/**
 * Cancels a parcel; a second time changes nothing. Its fulfillment order stays closed with its quantity
 * back on it, and a new one opens with the same pieces: both recorded on a real store.
 */
export function cancelFulfillment(store: Store, record: FulfillmentRecord): void {
  if (record.status === "CANCELLED") return;
  const order = orderOf(store, record.orderId);
  record.status = "CANCELLED";
  record.displayStatus = "CANCELED";
  record.updatedAt = timestamp(store.now());
  for (const line of record.lines) {
    const from = store.fulfillmentOrders.get(line.fulfillmentOrderId);
    const of = from?.lines.find((one) => one.id === line.fulfillmentOrderLineId);
    if (of) of.remainingQuantity += line.quantity;
  }
  const parts = new Set(record.lines.map((line) => line.fulfillmentOrderId));
  for (const id of parts) reopen(store, record, id);
  order.closedAt = null;
  touch(store, order);
  note(store, { what: "fulfillment cancelled", orderId: order.id, detail: record.name });
}

function reopen(store: Store, record: FulfillmentRecord, fulfillmentOrderId: string): void {
  const from = store.fulfillmentOrders.get(fulfillmentOrderId);
  if (!from || isActive(from)) return;
  const order = orderOf(store, record.orderId);
  openFulfillmentOrder(store, order, {
    lines: record.lines
      .filter((line) => line.fulfillmentOrderId === fulfillmentOrderId)
      .map((line) => ({ id: line.lineId, quantity: line.quantity })),
    methodType: from.methodType,
  });
}

/** Replaces the tracking of a parcel; Shopify allows it on a cancelled one too. */
export function updateTracking(store: Store, record: FulfillmentRecord, tracking: TrackingRecord[]): void {
  record.tracking = tracking;
  record.updatedAt = timestamp(store.now());
  touch(store, orderOf(store, record.orderId));
  note(store, { what: "tracking changed", orderId: record.orderId, detail: tracking[0]?.number ?? "" });
}

/** The order's state as the Admin API shows it (OrderDisplayFulfillmentStatus). */
export function displayFulfillmentStatus(store: Store, order: OrderRecord): string {
  const all = fulfillmentOrdersOf(store, order.id);
  const active = all.filter(isActive);
  const shipped = fulfillmentsOf(store, order.id).some((one) => one.status === "SUCCESS");
  if (active.length === 0) return shipped || all.length === 0 ? "FULFILLED" : "UNFULFILLED";
  if (shipped) return "PARTIALLY_FULFILLED";
  if (active.every((one) => one.status === "ON_HOLD")) return "ON_HOLD";
  return active.some((one) => one.status === "IN_PROGRESS") ? "IN_PROGRESS" : "UNFULFILLED";
}
