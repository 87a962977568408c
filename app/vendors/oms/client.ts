// The calls to Ideal Factory's OMS: create an order, look whether it is there, follow its print files, and
// read, change or delete an order that is there. Only `create` buys.
import {
  VendorError,
  type Asking,
  type Calls,
  type Notes,
  type Probe,
  type ProbeCalls,
  type Receipt,
  type Report,
  type VendorReply,
  type VendorRequest,
} from "../vendor.ts";
import type { OrderPayload } from "./payload.ts";
import type { Settings } from "./settings.ts";
import {
  printNote,
  readOrder,
  readPrint,
  saysUnknown,
  toReport,
  type OmsOrder,
  type PrintState,
} from "./status.ts";

// More than one, because an item the OMS was slow to write is no proof that the order is missing.
const mostProbed = 5;

/**
 * Creates the order ("POST /api/v1/orders", OMS REST API, read 2026-11-22): the one call that makes an order. The
 * document names no idempotency key and no check for a second order with the same id, so it is never repeated blindly.
 */
export async function createOrder(payload: OrderPayload, settings: Settings, calls: Calls): Promise<Receipt> {
  const reply = await calls.commit(request(settings, { method: "POST", path: "/orders", json: payload }));
  const order = readOrder(reply.json, payload.ecommerce_order_id);
  if (!order)
    throw new VendorError(
      "unsure",
      "The OMS took the order but did not say which one it made of it, so it may or may not have it.",
      { status: reply.status, lost: true },
    );
  return { number: order.uid, notes: order.notes };
}

/**
 * What became of a create whose answer was lost. Orders cannot be searched for; the print file of an item can be
 * asked for by our own item id, so a known item proves the order. An unknown one proves nothing by itself: whether
 * every order has print rows at once depends on the account, and the merchant's setting says so.
 */
export async function probeOrder(
  payload: OrderPayload,
  settings: Settings,
  calls: ProbeCalls,
): Promise<Probe> {
  let proved = payload.create_print_files;
  for (const { ecommerce_order_item_id: itemId } of payload.items.slice(0, mostProbed)) {
    const reply = await askPrint(itemId, settings, calls);
    if (readPrint(reply, itemId) !== undefined) return { found: { remark: numberUnknown(payload) } };
    proved &&= saysUnknown(reply);
  }
  if (proved && settings.afterSilence === "send-again") return { sendAgain: true };
  return {
    cannotTell: `The OMS did not answer when order ${nameOf(payload)} was sent, and it does not know its items. Look for the order in the OMS, then say here whether it exists.`,
  };
}

const nameOf = (payload: OrderPayload): string =>
  payload.ecommerce_order_number ?? payload.ecommerce_order_id;

function numberUnknown(payload: OrderPayload): string {
  return `The OMS has this order, but its answer was lost and with it the order's OMS number. Look for ${nameOf(payload)} in the OMS when you want to change or delete it there.`;
}

/** How far the print files of an order are. Those that were ready before are not asked for again. */
export async function trackOrder(
  sent: { payload: OrderPayload; notes: Notes },
  settings: Settings,
  asking: Asking,
): Promise<Report> {
  const prints: Record<string, PrintState> = {};
  for (const { ecommerce_order_item_id: itemId } of sent.payload.items) {
    if (sent.notes[printNote(itemId)] === "ready") prints[itemId] = "ready";
    else prints[itemId] = readPrint(await askPrint(itemId, settings, asking), itemId) ?? "pending";
  }
  return toReport(prints, nameOf(sent.payload));
}

function askPrint(itemId: string, settings: Settings, asking: Asking): Promise<VendorReply> {
  const path = `/order-items/${encodeURIComponent(itemId)}/print`;
  return asking.ask(request(settings, { method: "GET", path, alsoFine: [404] }));
}

/**
 * Tries the settings. No call says "who am I", so an item that cannot exist is asked for, with and without the
 * token: refused without and unknown with it means that the token is good.
 */
export async function testConnection(settings: Settings, asking: Asking): Promise<string> {
  const path = "/order-items/connection-test/print";
  const known = await asking.ask(request(settings, { method: "GET", path, alsoFine: [404] }));
  // Whoever knows this item knows every item, and a lost order would be taken for one that arrived.
  if (!saysUnknown(known))
    throw new VendorError(
      "connection",
      "What answers at this API address is not the OMS. Compare the address with what Ideal Factory sent you.",
      { status: known.status },
    );
  const stranger = await asking.ask({
    ...request(settings, { method: "GET", path, alsoFine: [401, 403, 404] }),
    headers: {},
  });
  return stranger.status === 401 || stranger.status === 403
    ? `Connected. The token is accepted; store ${settings.storeId} is checked with the first order.`
    : "Something answers at this address but asks for no token, so this may not be the OMS. Compare the API address with what Ideal Factory sent you; the first order will show.";
}

/** Reads an order by its uid; undefined when the OMS does not have it (any more). */
export async function fetchOrder(
  uid: string,
  settings: Settings,
  asking: Asking,
): Promise<OmsOrder | undefined> {
  const reply = await asking.ask(request(settings, { method: "GET", path: orderPath(uid), alsoFine: [404] }));
  if (reply.status === 404) return undefined;
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

/** Changes an order; saying the same twice changes nothing more. */
export async function updateOrder(
  given: { uid: string; change: OrderChange },
  settings: Settings,
  asking: Asking,
): Promise<void> {
  // Picked by name, because a whole payload fits the type and would bring its items along.
  const json = Object.fromEntries(
    changeable.flatMap((key) => (given.change[key] === undefined ? [] : [[key, given.change[key]]])),
  );
  await asking.ask(request(settings, { method: "PUT", path: orderPath(given.uid), json }));
}

/** Deletes an order. One that is gone already is fine. */
export async function deleteOrder(uid: string, settings: Settings, asking: Asking): Promise<void> {
  await asking.ask(
    request(settings, { method: "DELETE", path: orderPath(uid), expect: "anything", alsoFine: [404] }),
  );
}

const orderPath = (uid: string): string => `/orders/${encodeURIComponent(uid)}`;

type ApiRequest = Omit<VendorRequest, "url" | "headers"> & { path: string };

function request(settings: Settings, { path, ...rest }: ApiRequest): VendorRequest {
  return {
    ...rest,
    url: `${apiRoot(settings.baseUrl)}${path}`,
    headers: { authorization: `Bearer ${settings.token}` },
  };
}

/** "https://oms.example.com/" and "https://oms.example.com/api/v1" both mean the same API. */
export function apiRoot(baseUrl: string): string {
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, "").replace(/\/api\/v1$/, "");
  return `${url.origin}${path}/api/v1`;
}
