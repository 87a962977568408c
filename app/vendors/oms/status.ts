// What the OMS answers, in our words: print states to a Report, and error bodies to a sentence. Pure.
import { z } from "zod";
import { VendorError, type Notes, type Problem, type Report, type VendorReply } from "../vendor.ts";
import { lineIdOf } from "./payload.ts";

const label = "Ideal Factory OMS";

/**
 * How far one item's print file is. `pending` is whatever else the OMS says, or that it does not know the item
 * (yet): a word we do not know must neither finish an order nor raise an alarm.
 */
export type PrintState = "pending" | "received" | "processing" | "processingfailed" | "ready";

const known: readonly string[] = [
  "received",
  "processing",
  "processingfailed",
  "ready",
] satisfies PrintState[];

const id = z.union([z.string().min(1), z.number().int()]).transform(String);

const print = z.object({
  ecommerce_order_item_id: id,
  status: z.string(),
  url: z.string().nullish(),
});

/** The print file of one item. `url` is there only when it can be fetched. */
export interface Print {
  state: PrintState;
  url?: string;
  /** Set when the OMS says "ready" and gives no link that can be opened. */
  lacksLink?: true;
}

/**
 * Reads the answer of "print file status" (OMS REST API, order items, read 2026-11-22); undefined for a 404,
 * with which the OMS says that it does not know the item.
 */
export function readPrint(reply: VendorReply, itemId: string): Print | undefined {
  if (reply.status === 404) return undefined;
  const parsed = print.safeParse(reply.json);
  // An answer about another item proves nothing about ours.
  if (!parsed.success || parsed.data.ecommerce_order_item_id !== itemId)
    throw new VendorError("retry", `${label} gave an answer that we cannot read.`, {
      status: reply.status,
      lost: true,
    });
  const { status, url } = parsed.data;
  // "url will only contain a value when the status is ready": ready without one is not ready to be fetched. It may be
  // there a moment later, so it is watched on; if not, only a person can get it.
  if (status === "ready")
    return url && isLink(url) ? { state: "ready", url } : { state: "processing", lacksLink: true };
  return { state: known.includes(status) ? (status as PrintState) : "pending" };
}

const isLink = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol);

/** Whether a 404 came from the OMS itself (JSON, like all its errors) and not from a proxy in front of it. */
export function saysUnknown(reply: VendorReply): boolean {
  return reply.status === 404 && typeof reply.json === "object" && reply.json !== null;
}

/** For the merchant, when there is a print file and no way to it. */
export const linkMissing =
  "The OMS says that a print file is ready and gives no link to it. Open the order in the OMS, or ask Ideal Factory.";

/** The print files of all items of an order as one Report. `number` is the order number people read. */
export function toReport(prints: Readonly<Record<string, Print>>, number: string | undefined): Report {
  const states = Object.values(prints).map(({ state }) => state);
  const count = (state: PrintState): number => states.filter((each) => each === state).length;
  const ready = count("ready");
  const failed = count("processingfailed");
  const files = states.length === 1 ? "print file" : "print files";
  const notes: Notes = {};
  for (const [itemId, { state }] of Object.entries(prints))
    if (state === "ready") notes[printNote(itemId)] = state;
  const trouble = [
    failed > 0 &&
      `${failed} of ${states.length} ${files} could not be made. Open order ${number ?? "this one"} in the OMS and make ${failed === 1 ? "it" : "them"} again, or ask Ideal Factory.`,
    Object.values(prints).some(({ lacksLink }) => lacksLink) && linkMissing,
  ].filter((sentence) => sentence !== false);
  return {
    state: `${ready} of ${states.length} ${files} ready`,
    final: ready === states.length,
    ...(trouble.length > 0 && { trouble: trouble.join(" ") }),
    ...(ready > 0 && { notes }),
  };
}

/** The note that keeps a ready print file from being asked for again. */
export function printNote(itemId: string): string {
  return `print:${itemId}`;
}

const created = z.object({
  uid: id,
  ecommerce_order_id: id.optional(),
  // Read leniently: an order that exists is not lost because one of its items is described oddly.
  items: z
    .array(z.object({ uid: id, ecommerce_order_item_id: id }).or(z.null()).catch(null))
    .catch([])
    .optional(),
});

/** An order as the OMS tells it: its uid, and the uid of each item by Shopify line id as notes `item:<line id>`. */
export interface OmsOrder {
  uid: string;
  notes: Notes;
}

/** Reads an order; undefined when there is no uid in it or it is another order than `ecommerceOrderId`. */
export function readOrder(json: unknown, ecommerceOrderId: string | undefined): OmsOrder | undefined {
  const parsed = created.safeParse(json);
  if (!parsed.success) return undefined;
  const { uid, ecommerce_order_id: told, items } = parsed.data;
  if (told !== undefined && ecommerceOrderId !== undefined && told !== ecommerceOrderId) return undefined;
  const notes: Notes = {};
  for (const each of items ?? [])
    if (each) notes[itemNote(lineIdOf(each.ecommerce_order_item_id))] = each.uid;
  return { uid, notes };
}

/** The note that holds the OMS's own uid of an item. */
export function itemNote(lineId: string): string {
  return `item:${lineId}`;
}

const errorBody = z.object({
  message: z.string().optional().catch(undefined),
  error: z
    .union([z.string(), z.object({ message: z.string() }).transform((error) => error.message)])
    .optional()
    .catch(undefined),
  errors: z
    .record(z.string(), z.union([z.string(), z.array(z.string())]))
    .optional()
    .catch(undefined),
});

/**
 * The words in an error body. The document promises "details about the issue in JSON format" and no shape, so
 * the usual three are read: `message`, `error`, and `errors` by field.
 *
 * A 404 that nobody expected is about the address or the store, which all orders share: a setting is wrong,
 * not an order. Where a 404 is an answer, the call says so and never comes here.
 */
export function readError(reply: VendorReply): { words?: string; problem?: Problem } {
  const parsed = errorBody.safeParse(reply.json);
  const { message, error, errors } = parsed.success ? parsed.data : {};
  const said = [message, error, ...Object.values(errors ?? {}).flat()].flatMap(
    (words) => words?.trim() || [],
  );
  const words = [...new Set(said)].slice(0, 3).join(" ");
  if (reply.status === 404)
    return {
      words: `There is nothing at this address${words === "" ? "" : ` (${words})`}. Check the API address and the store ID on the Vendors page.`,
      problem: "connection",
    };
  return words === "" ? {} : { words };
}
