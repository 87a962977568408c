// Tools about orders and drafts that MGE has.
import { defineTool, refuse, VendorError, type Asking, type Cell, type ToolCalls } from "../vendor.ts";
import { readOneDraft, readOrder, validateDraft } from "./client.ts";
import { keptIn } from "./draft.ts";
import type { Settings } from "./settings.ts";

const group = "Orders and drafts";

/** Reads each chosen order ("GET /api/v1/orders/{id}/"), and its draft where MGE lost the number. */
export const lookUpOrders = defineTool<Settings>()({
  id: "look-up-orders",
  label: "Look up orders",
  help: "Asks MGE how far the chosen orders are. MGE has no words for this but its own, and sends no tracking.",
  group,
  takes: "orders",
  fields: [],
  async run(_input, settings, calls) {
    if (calls.orders.length === 0) refuse("Choose at least one order.");
    const rows: Cell[][] = [];
    let there = 0;
    for (const order of calls.orders) {
      const found = await lookUp(order, settings, calls);
      if (found.isThere) there += 1;
      rows.push([order.name, found.number ?? "not known", found.draft ?? "", found.state]);
    }
    const all = rows.length;
    return {
      sentence: `MGE shows ${there} of ${all} order${all === 1 ? "" : "s"}.`,
      table: { columns: ["Order", "MGE number", "Draft", "At MGE"], rows },
    };
  },
});

interface Found {
  number: string | undefined;
  draft: string | undefined;
  isThere: boolean;
  state: string;
}

async function lookUp(
  order: ToolCalls["orders"][number],
  settings: Settings,
  asking: Asking,
): Promise<Found> {
  const draft = keptIn(order.notes)?.draftId;
  const read = draft === undefined ? undefined : await readOneDraft(draft, { settings, asking });
  const drafted = read === undefined || read === "gone" ? undefined : read;
  const number = order.number ?? drafted?.orderNumber;
  if (number === undefined) {
    const state = drafted ? `Draft is ${drafted.status || "without a state"}` : "Look for it at MGE";
    return { number, draft, isThere: false, state };
  }
  const found = await readOrder(number, { settings, asking });
  if (found === "gone") return { number, draft, isThere: false, state: "MGE does not show it" };
  return { number, draft, isThere: true, state: found.status || "there" };
}

/** Reads a draft ("GET /api/v1/order-drafts/{id}/") and, when asked to, validates it ("…/validate/"). */
export const lookAtDraft = defineTool<Settings>()({
  id: "look-at-draft",
  label: "Look at a draft",
  help: "Shows how far a draft is at MGE, which order became of it, and whether MGE would make it as it is.",
  group,
  fields: [
    {
      key: "draft",
      kind: "text",
      label: "Draft",
      help: "Its number at MGE, as “Look up orders” shows it.",
      pattern: { regex: "[\\w-]{1,64}", message: "A draft's number has only letters and digits." },
    },
    {
      key: "validate",
      kind: "toggle",
      label: "Let MGE check it",
      default: true,
    },
  ],
  async run({ draft: id, validate }, settings, calls) {
    const talk = { settings, asking: calls };
    const draft = await readOneDraft(id, talk);
    if (draft === "gone") return refuse(`MGE has no draft ${id}.`);
    const facts: [string, string][] = [
      ["Draft", id],
      ["State", draft.status || "MGE does not say"],
    ];
    if (draft.state === "submitted") {
      facts.push(["Order", draft.orderNumber ?? "MGE does not tell its number"]);
      return { sentence: "This draft became an order.", facts };
    }
    if (!validate) return { sentence: "This draft is not an order yet.", facts };
    const problem = await problemWith(id, talk);
    return problem === undefined
      ? { sentence: "This draft is not an order yet. MGE would make it as it is.", facts }
      : { sentence: "This draft is not an order yet.", facts, warnings: [problem] };
  },
});

// What MGE finds wrong is the answer here, not a failure.
async function problemWith(
  id: string,
  talk: { settings: Settings; asking: Asking },
): Promise<string | undefined> {
  try {
    return (await validateDraft(id, talk)) === "gone" ? `MGE has no draft ${id} any more.` : undefined;
  } catch (error) {
    if (error instanceof VendorError && error.problem === "rejected") return error.message;
    throw error;
  }
}
