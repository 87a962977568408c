// The calls of the orders road to Ideal Factory's OMS: create an order, look whether it is there, follow its print
// files and fetch them. Only `create` buys.
import {
  VendorError,
  type Asking,
  type Calls,
  type Notes,
  type Probe,
  type ProbeCalls,
  type Receipt,
  type Report,
  type Sent,
  type VendorFile,
  type VendorReply,
} from "../vendor.ts";
import { nameOf, type OrderPayload } from "./payload.ts";
import { request, type Talk } from "./request.ts";
import type { Settings } from "./settings.ts";
import { printNote, readOrder, readPrint, saysUnknown, toReport, type Print } from "./status.ts";

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

function numberUnknown(payload: OrderPayload): string {
  return `The OMS has this order, but its answer was lost and with it the order's OMS number. Look for ${nameOf(payload)} in the OMS when you want to change or delete it there.`;
}

/** How far the print files of an order are. Those that were ready before are not asked for again. */
export async function trackOrder(
  sent: { payload: OrderPayload; notes: Notes },
  settings: Settings,
  asking: Asking,
): Promise<Report> {
  const prints: Record<string, Print> = {};
  for (const { ecommerce_order_item_id: itemId } of sent.payload.items) {
    if (sent.notes[printNote(itemId)] === "ready") prints[itemId] = { state: "ready" };
    else prints[itemId] = (await fetchPrint(itemId, { settings, asking })) ?? { state: "pending" };
  }
  return toReport(prints, nameOf(sent.payload));
}

/**
 * How far the print file of one item is, and its link when it is ready ("GET /api/v1/order-items/
 * {ecommerce_order_item_id}/print", read 2026-11-22); undefined when the OMS does not know the item.
 */
export async function fetchPrint(itemId: string, { settings, asking }: Talk): Promise<Print | undefined> {
  return readPrint(await askPrint(itemId, settings, asking), itemId);
}

/** The print files of an order that are ready. Links are asked for each time: how long one lives is not documented. */
export async function printFiles(
  sent: Sent<OrderPayload>,
  settings: Settings,
  asking: Asking,
): Promise<VendorFile[]> {
  const files: VendorFile[] = [];
  for (const { ecommerce_order_item_id: itemId } of sent.payload.items) {
    const url = (await fetchPrint(itemId, { settings, asking }))?.url;
    // The token stays here: the document shows the files on another host and asks for no key there.
    if (url !== undefined) files.push({ filename: filenameOf(itemId, { url, payload: sent.payload }), url });
  }
  return files;
}

/** "1001-14001.pdf": found by the order number, and the ending is the file's own. */
function filenameOf(itemId: string, { url, payload }: { url: string; payload: OrderPayload }): string {
  const ending = /\.[a-z0-9]{2,5}$/i.exec(new URL(url).pathname)?.[0].toLowerCase() ?? ".pdf";
  const name = nameOf(payload).replace(/[^\p{L}\p{N}._-]+/gu, "");
  return `${name}-${itemId}${ending}`;
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
