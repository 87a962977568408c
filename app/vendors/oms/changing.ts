// An order that the OMS has: read it, bring it up to date, take it back. Its items are never touched.
import { refuse, VendorError, type Asking, type Sent, type VendorReply } from "../vendor.ts";
import { nameOf, type OrderPayload } from "./payload.ts";
import { request, type Talk } from "./request.ts";
import type { Settings } from "./settings.ts";
import { readOrder, saysUnknown, type OmsOrder } from "./status.ts";

/** Reads an order by its uid ("GET /api/v1/orders/{order_uid}"); undefined when the OMS does not have it (any more). */
export async function fetchOrder(
  uid: string,
  settings: Settings,
  asking: Asking,
): Promise<OmsOrder | undefined> {
  const reply = await asking.ask(request(settings, { method: "GET", path: orderPath(uid), alsoFine: [404] }));
  if (isGone(reply)) return undefined;
  const order = readOrder(reply.json, undefined);
  if (!order)
    throw new VendorError("retry", "The OMS gave an answer that we cannot read.", { status: reply.status });
  return order;
}

/**
 * What may change on an order that is there. Never its items: the document does not say whether a list replaces
 * or adds, and an added item would be made twice. Lists that are sent are sent whole.
 */
export type OrderChange = Partial<
  Omit<OrderPayload, "items" | "store_id" | "ecommerce_order_id" | "create_print_files">
>;

const changeable = [
  "customer",
  "ecommerce_order_number",
  "total_price",
  "subtotal_price",
  "currency_code",
  "note",
  "addresses",
  "shippings",
] as const satisfies readonly (keyof OrderChange)[];

/**
 * Changes an order ("PUT /api/v1/orders/{order_uid}", read 2026-11-22); saying the same twice changes nothing more.
 * False when the OMS does not have it.
 */
export async function updateOrder(
  given: { uid: string; change: OrderChange },
  settings: Settings,
  asking: Asking,
): Promise<boolean> {
  // Picked by name, because a whole payload fits the type and would bring its items along.
  const json = Object.fromEntries(
    changeable.flatMap((key) => (given.change[key] === undefined ? [] : [[key, given.change[key]]])),
  );
  const path = orderPath(given.uid);
  return !isGone(await asking.ask(request(settings, { method: "PUT", path, json, alsoFine: [404] })));
}

/** Deletes an order ("DELETE /api/v1/orders/{order_uid}"). One that is gone already is fine: false. */
export async function deleteOrder(uid: string, settings: Settings, asking: Asking): Promise<boolean> {
  const path = orderPath(uid);
  const reply = await asking.ask(
    request(settings, { method: "DELETE", path, expect: "anything", alsoFine: [404] }),
  );
  return !isGone(reply);
}

/** The `cancel` of an order at the OMS: it is deleted there. Without its number nobody but a person can find it. */
export async function cancelOrder(
  sent: Sent<OrderPayload>,
  settings: Settings,
  asking: Asking,
): Promise<string> {
  const name = nameOf(sent.payload);
  const deleted = await deleteOrder(numberOf(sent, "delete it there"), settings, asking);
  return deleted
    ? `Order ${name} is deleted in the OMS. What Ideal Factory had printed by then it may still send: call them when it must not leave.`
    : `Order ${name} is not in the OMS any more.`;
}

/** The `update` of an order at the OMS: customer, addresses, note, prices and shipping as they would be sent today. */
export async function bringUpToDate(
  next: OrderPayload,
  sent: Sent<OrderPayload>,
  { settings, asking }: Talk,
): Promise<string> {
  const name = nameOf(next);
  const uid = numberOf(sent, "change it there");
  // Everything is sent, also what looks unchanged: what was sent first may not be what the OMS has by now.
  if (!(await updateOrder({ uid, change: next }, settings, asking)))
    return refuse(`The OMS does not have order ${name} any more, so nothing can be changed there.`);
  const done = `Customer, addresses, note, prices and shipping of ${name} are up to date in the OMS. Its items are as they were.`;
  // A field that is left out stays as it is, and the document has no way to empty one.
  return sent.payload.note !== undefined && next.note === undefined
    ? `${done} The note that was removed in Shopify is still there: remove it in the OMS.`
    : done;
}

function numberOf({ number, payload }: Sent<OrderPayload>, what: string): string {
  return (
    number ??
    refuse(
      `The OMS number of order ${nameOf(payload)} was lost with the answer. Look for the order in the OMS and ${what}.`,
    )
  );
}

// "Gone" is believed from the OMS alone: a proxy's page says nothing about an order, and a cancelled order that is
// still there would be printed.
function isGone(reply: VendorReply): boolean {
  if (reply.status !== 404) return false;
  if (saysUnknown(reply)) return true;
  throw new VendorError(
    "connection",
    "What answers at the OMS's address is not the OMS. Check the API address on the Vendors page.",
    { status: 404 },
  );
}

const orderPath = (uid: string): string => `/orders/${encodeURIComponent(uid)}`;
