// The notification "Print File Ready" of the OMS. Nothing about its body or a signature is published, so it is never
// believed: it only makes us look now instead of later.
import type { Callback, CallbackRequest } from "../vendor.ts";
import { lineIdOf } from "./payload.ts";

// Deep and wide enough for any sensible envelope; whoever sends more is not Ideal Factory.
const mostDepth = 6;
const mostValues = 2000;

/**
 * Reads a notification (OMS Notifications, "Webhooks", read 2026-11-22: sent up to three times in 24 hours until it is
 * answered with 200). Any JSON that names an item of ours under `ecommerce_order_item_id`, however deep, is a hint.
 */
export async function readCallback({ body }: Pick<CallbackRequest, "body">): Promise<Callback> {
  const lineId = findLineId(parsed(body));
  if (lineId === undefined)
    return { kind: "ignored", sentence: "A notification of the OMS that names no order item." };
  return { kind: "hint", about: { lineId } };
}

function parsed(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined; // not JSON: a stranger, or a form of the notification that is not documented
  }
}

function findLineId(root: unknown): string | undefined {
  let level = [root];
  let left = mostValues;
  for (let depth = 0; depth <= mostDepth && level.length > 0; depth++) {
    const next: unknown[] = [];
    for (const value of level) {
      if (typeof value !== "object" || value === null) continue;
      for (const [key, part] of Object.entries(value)) {
        if (--left < 0) return undefined;
        const lineId = key === "ecommerce_order_item_id" ? asLineId(part) : undefined;
        if (lineId !== undefined) return lineId;
        next.push(part);
      }
    }
    level = next;
  }
  return undefined;
}

// Shopify's line ids are digits. A number beyond 2^53 has lost its last digits and would be another line's.
function asLineId(value: unknown): string | undefined {
  const id = typeof value === "number" && Number.isSafeInteger(value) ? String(value) : value;
  if (typeof id !== "string" || !/^\d{1,20}(-r\d{1,3})?$/.test(id)) return undefined;
  return lineIdOf(id);
}
