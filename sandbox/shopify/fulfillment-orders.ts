// The fulfillment orders of an order: opened when lines are bought, lowered by edits and refunds, held,
// released, closed. States as recorded from a real store in 2026-04 (Admin API).
import { note, timestamp, type Store } from "./store.ts";
import type { FulfillmentOrderRecord, HoldRecord, LineRecord, OrderRecord } from "./types.ts";

/** Opens one fulfillment order for these lines at the shop's location; none when there are no lines. */
export function openFulfillmentOrder(
  store: Store,
  order: OrderRecord,
  opened: { lines: (LineRecord | { id: string; quantity: number })[]; methodType: "SHIPPING" | "NONE" },
): FulfillmentOrderRecord | null {
  if (opened.lines.length === 0) return null;
  const at = timestamp(store.now());
  const record: FulfillmentOrderRecord = {
    id: store.ids.fulfillmentOrder(),
    orderId: order.id,
    status: "OPEN",
    requestStatus: "UNSUBMITTED",
    locationId: store.locationId,
    methodType: opened.methodType,
    closedByCancel: false,
    createdAt: at,
    updatedAt: at,
    lines: opened.lines.map(({ id, quantity }) => ({
      id: store.ids.fulfillmentOrderLine(),
      lineId: id,
      totalQuantity: quantity,
      remainingQuantity: quantity,
    })),
    holds: [],
  };
  store.fulfillmentOrders.set(record.id, record);
  const all = store.fulfillmentOrdersOf.get(order.id);
  if (all) all.push(record);
  else store.fulfillmentOrdersOf.set(order.id, [record]);
  return record;
}

/** All of an order's fulfillment orders, closed ones too, oldest first. */
export function fulfillmentOrdersOf(store: Store, orderId: string): FulfillmentOrderRecord[] {
  return store.fulfillmentOrdersOf.get(orderId) ?? [];
}

/** Whether anything may still be shipped from it. */
export function isActive(record: FulfillmentOrderRecord): boolean {
  return record.status === "OPEN" || record.status === "IN_PROGRESS" || record.status === "ON_HOLD";
}

/** How many pieces of one line are not shipped. A cancelled order's keep their count, as recorded. */
export function fulfillable(store: Store, order: OrderRecord, lineId: string): number {
  let sum = 0;
  for (const record of fulfillmentOrdersOf(store, order.id)) {
    if (!isActive(record) && !record.closedByCancel) continue;
    for (const line of record.lines) if (line.lineId === lineId) sum += line.remainingQuantity;
  }
  return sum;
}

/** Takes pieces out of what is left to ship. Total and remaining both fall, as recorded after an order edit. */
export function takeFromFulfillment(
  store: Store,
  order: OrderRecord,
  { lineId, quantity }: { lineId: string; quantity: number },
): void {
  let left = quantity;
  for (const record of fulfillmentOrdersOf(store, order.id).filter(isActive)) {
    for (const line of record.lines.filter((one) => one.lineId === lineId)) {
      const taken = Math.min(left, line.remainingQuantity);
      line.remainingQuantity -= taken;
      line.totalQuantity -= taken;
      left -= taken;
    }
    settleStatus(store, record);
  }
}

/** Closes a fulfillment order with nothing left, and marks one that has begun. */
export function settleStatus(store: Store, record: FulfillmentOrderRecord): void {
  const left = record.lines.reduce((sum, line) => sum + line.remainingQuantity, 0);
  const total = record.lines.reduce((sum, line) => sum + line.totalQuantity, 0);
  if (left === 0) record.status = "CLOSED";
  else if (record.status === "OPEN" && left < total) record.status = "IN_PROGRESS";
  record.updatedAt = timestamp(store.now());
}

/**
 * Closes what a cancelled order has not shipped. The remaining quantity stays as it was: recorded on a real
 * store, and a trap for whoever adds up remaining quantities without looking at the status.
 */
export function cancelOpenFulfillmentOrders(store: Store, order: OrderRecord): void {
  for (const record of fulfillmentOrdersOf(store, order.id).filter(isActive)) {
    record.status = "CLOSED";
    record.closedByCancel = true;
    record.updatedAt = timestamp(store.now());
  }
}

/** What the app may do with it next, in the order Shopify lists it. */
export function supportedActions(record: FulfillmentOrderRecord): string[] {
  switch (record.status) {
    case "OPEN":
      return record.lines.some((line) => line.totalQuantity > 1) || record.lines.length > 1
        ? ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD", "SPLIT"]
        : ["CREATE_FULFILLMENT", "REPORT_PROGRESS", "MOVE", "HOLD"];
    case "IN_PROGRESS":
      return ["CREATE_FULFILLMENT", "MARK_AS_OPEN"];
    case "ON_HOLD":
      return ["RELEASE_HOLD", "HOLD", "MOVE"];
    default:
      return [];
  }
}

/** One refusal of a mutation, as Shopify words it. */
export interface Refusal {
  field: string[] | null;
  message: string;
  code?: string;
}

/** FulfillmentOrderHoldInput, the parts that are kept. */
export interface HoldInput {
  reason: string;
  reasonNotes?: string | null;
  handle?: string | null;
}

/** Holds a whole fulfillment order. At most ten holds of one app, each with a handle of its own. */
export function hold(store: Store, record: FulfillmentOrderRecord, input: HoldInput): HoldRecord | Refusal {
  const handle = input.handle ?? "";
  if (record.status === "CLOSED" || record.status === "CANCELLED") {
    return { field: ["id"], message: "The fulfillment order is not in a valid state.", code: "INVALID" };
  }
  if (record.holds.some((one) => one.handle === handle)) {
    return {
      field: ["fulfillmentHold", "handle"],
      message:
        "The handle provided for the fulfillment hold is already in use by this app for another hold on this fulfillment order.",
      code: "DUPLICATE_FULFILLMENT_HOLD_HANDLE",
    };
  }
  if (record.holds.length >= 10) {
    return {
      field: ["id"],
      message:
        "The maximum number of fulfillment holds for this fulfillment order has been reached for this app. An app can only have up to 10 holds on a single fulfillment order at any one time.",
      code: "FULFILLMENT_ORDER_HOLD_LIMIT_REACHED",
    };
  }
  const held = {
    id: store.ids.other(),
    handle,
    reason: input.reason,
    reasonNotes: input.reasonNotes ?? null,
  };
  record.holds.push(held);
  record.status = "ON_HOLD";
  record.updatedAt = timestamp(store.now());
  note(store, { what: "fulfillment held", orderId: record.orderId, detail: input.reason });
  return held;
}

/** Releases the named holds, or everybody's when none is named. */
export function release(store: Store, record: FulfillmentOrderRecord, holdIds: string[] | null): void {
  record.holds = holdIds === null ? [] : record.holds.filter((one) => !holdIds.includes(one.id));
  if (record.holds.length === 0 && record.status === "ON_HOLD") {
    record.status = "OPEN";
    settleStatus(store, record);
    note(store, { what: "hold released", orderId: record.orderId });
  }
}
