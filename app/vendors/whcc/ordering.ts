// A quote and its confirmation, by either API: `create` or `OrderImport` makes an entry that costs nothing, `confirm` or
// `Submit` buys it. Source: WHCC, "Ordering", "Order Import" and "Order Submit", read 2026-11-22.
import { z } from "zod";
import { toMoney } from "../../orders/order.ts";
import { VendorError, type Calls, type VendorReply, type VendorRequest } from "../vendor.ts";
import { ask, request, type Api } from "./client.ts";
import { alreadySubmitted, readRefusal, refuseError } from "./status.ts";

/** Through which API an order is placed; one entry is confirmed where it was made. */
export type Way = "editor" | "submit";

const confirmationId = z.string().regex(/^[A-Za-z0-9-]{1,64}$/);
const amount = z.union([z.string(), z.number()]).transform(String).optional().catch(undefined);
const quoted = z.object({
  ConfirmationID: confirmationId,
  NumberOfOrders: z.coerce.number().int().optional().catch(undefined),
  Orders: z
    .array(z.object({ Total: amount }))
    .optional()
    .catch(undefined),
});

/** An entry that is not bought yet. `totalCents` is US cents with shipping and tax; undefined when WHCC did not say. */
export interface Quote {
  confirmationId: string;
  totalCents: number | undefined;
  numberOfOrders: number | undefined;
}

/** What came of a request for a quote. */
export type Quoted =
  | { quote: Quote }
  /** WHCC could not read a picture (400.01 to 400.03): a new export brings new addresses. */
  | { pictures: string }
  /** WHCC has an order with this EntryId already (412.04). */
  | { submittedBefore: string };

/**
 * POST /oas/orders/create, or POST /api/OrderImport. Harmless: an entry is processed only when it is confirmed.
 * Throws VendorError `rejected` with WHCC's words, also for a 2xx that names no ConfirmationID.
 */
export async function quoteOrder(api: Api, way: Way, order: unknown): Promise<Quoted> {
  const path = way === "editor" ? "/oas/orders/create" : "/OrderImport";
  const alsoFine = [201, 400, 412, 422];
  const reply = await ask(api, { method: "POST", path, json: order, alsoFine });
  const refusal = readRefusal(reply);
  if (refusal) {
    const words = refusal.words ?? "no reason given";
    if (/^400\.0[123]$/.test(refusal.number)) return { pictures: words };
    if (refusal.number === alreadySubmitted) return { submittedBefore: words };
    refuseError(reply);
  }
  if (reply.json === undefined)
    throw new VendorError("retry", "WHCC has trouble answering at the moment.", {
      status: reply.status,
      lost: true,
    });
  const parsed = quoted.safeParse(reply.json);
  if (!parsed.success)
    throw new VendorError(
      "rejected",
      "WHCC took the order in but did not name it (there is no ConfirmationID in its answer), so it was not confirmed. Try again, or ask WHCC.",
      { status: reply.status },
    );
  const { ConfirmationID, NumberOfOrders, Orders } = parsed.data;
  return {
    quote: {
      confirmationId: ConfirmationID,
      numberOfOrders: NumberOfOrders,
      totalCents: totalOf((Orders ?? []).map(({ Total }) => Total)),
    },
  };
}

function totalOf(totals: readonly (string | undefined)[]): number | undefined {
  const cents = totals.map((total) => toMoney((total ?? "").replace(/[$,\s]/g, ""), "USD")?.minor);
  return cents.length === 0 || cents.includes(undefined)
    ? undefined
    : cents.reduce<number>((sum, each) => sum + (each ?? 0), 0);
}

const confirmed = z.object({ ConfirmationID: z.string() });

/**
 * POST /oas/orders/{id}/confirm, or POST /api/OrderImport/Submit/{id}: the call that buys. Confirming the same id again
 * cannot buy twice: WHCC answers 412.04, "This entry already submitted", and that is a success like any other.
 */
export async function confirmOrder(
  api: Omit<Api, "asking"> & { calls: Calls },
  way: Way,
  confirmationId: string,
): Promise<void> {
  const id = encodeURIComponent(confirmationId);
  const path = way === "editor" ? `/oas/orders/${id}/confirm` : `/OrderImport/Submit/${id}`;
  const reply = await commitOnce(api.calls, request({ ...api, asking: api.calls }, { method: "POST", path }));
  if (reply === "already submitted") return;
  const parsed = confirmed.safeParse(reply.json);
  if (!parsed.success || parsed.data.ConfirmationID.toLowerCase() !== confirmationId.toLowerCase())
    throw new VendorError("unsure", "WHCC did not say clearly whether it has the order.", {
      status: reply.status,
      lost: true,
    });
}

async function commitOnce(calls: Calls, buying: VendorRequest): Promise<VendorReply | "already submitted"> {
  try {
    const reply = await calls.commit(buying);
    return readRefusal(reply)?.number === alreadySubmitted ? "already submitted" : reply;
  } catch (error) {
    // Of these statuses only 412.04 is read as "unsure" (see readError).
    const isRepeated =
      error instanceof VendorError &&
      error.problem === "unsure" &&
      [400, 404, 412, 422].includes(error.status ?? 0);
    if (isRepeated) return "already submitted";
    throw error;
  }
}
