// How far an order is at MGE. MGE publishes no list of states and no tracking: its own word is shown, and none of them
// is taken for the last one.
import type { Asking, Report, Sent } from "../vendor.ts";
import { readOrder } from "./client.ts";
import type { Payload } from "./payload.ts";
import type { Settings } from "./settings.ts";

// Words no kit can be on its way under. Only an alarm: what they mean, a person asks MGE.
const alarming = /cancel|fail|reject|refus|declin|error|hold|refund/i;

/**
 * The `track` of an order ("GET /api/v1/orders/{id}/", seen by a partner, not in the guide). An order that MGE does not
 * show is no trouble, because the call is not promised. Switched off in the settings, nothing is asked.
 */
export async function follow(sent: Sent<Payload>, settings: Settings, asking: Asking): Promise<Report> {
  const { number } = sent;
  if (!settings.followOrders || number === undefined) return { state: "Sent", final: true };
  const order = await readOrder(number, { settings, asking });
  if (order === "gone" || order.status === "") return { state: "Sent", final: false };
  return {
    state: order.status,
    final: false,
    ...(alarming.test(order.status) && {
      trouble: `MGE says that order ${number} is “${order.status}”. Look in your MGE account, or ask MGE with this number.`,
    }),
  };
}
