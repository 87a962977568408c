// Tools about orders that the OMS has: what it knows of them, how far their print files are, and batches of their
// items.
import { defineTool, refuse, type Cell, type ToolCalls } from "../vendor.ts";
import { createBatch } from "./batches.ts";
import { fetchOrder } from "./changing.ts";
import { fetchPrint } from "./client.ts";
import { doubtful, makeOnce, sending, type Doubt } from "./once.ts";
import { lineIdOf, payload, type OrderPayload } from "./payload.ts";
import type { Settings } from "./settings.ts";
import { itemNote, linkMissing, type PrintState } from "./status.ts";

type Order = ToolCalls["orders"][number];

const group = "Orders";

/** Reads each chosen order ("GET /api/v1/orders/{order_uid}"). */
export const lookUpOrders = defineTool<Settings>()({
  id: "look-up-orders",
  label: "Look up orders",
  help: "Asks the OMS whether it has the chosen orders, and which items of them.",
  group,
  takes: "orders",
  fields: [],
  async run(_input, settings, calls) {
    const rows: Cell[][] = [];
    let there = 0;
    for (const order of chosen(calls)) {
      const told = order.number === undefined ? undefined : await fetchOrder(order.number, settings, calls);
      if (told) there += 1;
      rows.push([
        order.name,
        order.number ?? "lost with the answer",
        told ? "Yes" : order.number === undefined ? "Look for it in the OMS" : "No",
        told ? Object.keys(told.notes).length : "",
      ]);
    }
    return {
      sentence: `The OMS has ${there} of ${count(rows.length, "order")}.`,
      table: { columns: ["Order", "OMS number", "In the OMS", "Items"], rows },
    };
  },
});

const printWords: Record<PrintState, string> = {
  pending: "Not begun",
  received: "Waiting",
  processing: "Being made",
  processingfailed: "Could not be made",
  ready: "Ready",
};

/** The print file of every item of the chosen orders, with its link. */
export const printStatus = defineTool<Settings>()({
  id: "print-files",
  label: "Print files",
  help: "Shows how far the print file of every item is, with a link to it when it is ready.",
  group,
  takes: "orders",
  fields: [],
  async run(_input, settings, calls) {
    const rows: Cell[][] = [];
    const warnings: string[] = [];
    let ready = 0;
    for (const order of chosen(calls)) {
      for (const item of payloadOf(order).items) {
        const itemId = item.ecommerce_order_item_id;
        const print = await fetchPrint(itemId, { settings, asking: calls });
        if (print?.state === "ready") ready += 1;
        if (print?.state === "processingfailed")
          warnings.push(
            `The print file of item ${itemId} of ${order.name} could not be made. Open the order in the OMS and make it again, or ask Ideal Factory.`,
          );
        if (print?.lacksLink) warnings.push(`Item ${itemId} of ${order.name}: ${linkMissing}`);
        const file = print?.url === undefined ? "" : { text: "Open", href: print.url };
        rows.push([order.name, itemId, print ? printWords[print.state] : "The OMS has none", file]);
      }
    }
    return {
      sentence: `${ready} of ${count(rows.length, "print file")} ready.`,
      table: { columns: ["Order", "Item ID", "Print file", "Link"], rows },
      ...(warnings.length > 0 && { warnings }),
    };
  },
});

/** One print file of many items ("POST /api/v1/batch-orders"). */
export const batchOrders = defineTool<Settings>()({
  id: "batch-orders",
  label: "Make a batch",
  help: "Joins the items of the chosen orders in one print file.",
  group,
  takes: "orders",
  confirm: "Ideal Factory makes one print file of all chosen items.",
  fields: [
    {
      key: "templates",
      kind: "text",
      label: "Print templates",
      help: "Their UIDs, separated by commas. Templates are made in the dashboard of the OMS and given to variants there.",
    },
    {
      key: "items",
      kind: "text",
      label: "Only these items",
      help: "Item IDs as “Print files” shows them, separated by commas. Leave empty for all items of the chosen orders.",
      required: false,
    },
    {
      key: "again",
      kind: "toggle",
      label: "Also items that were put in a batch before",
      help: "They are printed once more.",
      default: false,
    },
  ],
  async run({ templates, items: only, again }, settings, calls) {
    const print_templates = wordsIn(templates);
    if (print_templates.length === 0) refuse("Name at least one print template by its UID.");
    const items = await itemsOf(chosen(calls), wordsIn(only ?? ""), { settings, calls });
    if (!again) await refuseBatched(items, calls);
    const order_items = items.map(({ uid }) => uid);
    let status = "";
    const names = order_items.map(batchNote);
    const uid = await makeOnce(calls, { names, doubt: doubtOf(items) }, async () => {
      const batch = await createBatch({ order_items, print_templates }, { settings, asking: calls });
      status = batch.status;
      return batch.uid;
    });
    return {
      sentence: `${count(items.length, "item")} of ${count(new Set(items.map(({ order }) => order)).size, "order")} went into one batch.`,
      facts: [
        ["Batch", uid],
        ["State", status],
      ],
      table: {
        columns: ["Order", "Item ID", "OMS item"],
        rows: items.map((item) => [item.order, item.itemId, item.uid]),
      },
    };
  },
});

interface Item {
  order: string;
  itemId: string;
  /** The OMS's own id of it, from the answer to the create or from the order as the OMS has it. */
  uid: string;
}

const batchNote = (uid: string): string => `batch:${uid}`;

async function itemsOf(
  orders: readonly Order[],
  only: readonly string[],
  { settings, calls }: { settings: Settings; calls: ToolCalls },
): Promise<Item[]> {
  const items = new Map<string, Item>();
  for (const order of orders) {
    const wanted = payloadOf(order)
      .items.map((item) => item.ecommerce_order_item_id)
      .filter((itemId) => only.length === 0 || only.includes(itemId));
    const isNoted = wanted.every((itemId) => uidIn(order.notes, itemId) !== undefined);
    const { number } = order;
    const told = isNoted || number === undefined ? undefined : await fetchOrder(number, settings, calls);
    for (const itemId of wanted) {
      const uid =
        uidIn(order.notes, itemId) ??
        uidIn(told?.notes ?? {}, itemId) ??
        refuse(
          `The OMS's own number of item ${itemId} of ${order.name} is not known${number === undefined ? ", because it was lost with the answer" : ""}, so it cannot be put in a batch from here. Put it in a batch in the OMS, or choose the others without it. Nothing was sent.`,
        );
      items.set(uid, { order: order.name, itemId, uid });
    }
  }
  const found = [...items.values()];
  const strange = only.filter((itemId) => !found.some((item) => item.itemId === itemId));
  if (strange.length > 0) refuse(`The chosen orders have no item ${strange.join(", ")}. Nothing was sent.`);
  return found;
}

async function refuseBatched(items: readonly Item[], calls: ToolCalls): Promise<void> {
  for (const item of items) {
    const kept = await calls.kept(batchNote(item.uid));
    if (kept === sending) refuse(doubtful(doubtOf([item])));
    if (kept)
      refuse(
        `Item ${item.itemId} of ${item.order} is in batch ${kept} already. Tick the last field to have it printed once more.`,
      );
  }
}

function doubtOf(items: readonly Item[]): Doubt {
  const [first] = items;
  const others = items.length > 1 ? ` and ${count(items.length - 1, "other item")}` : "";
  return {
    what: `a batch of item ${first?.itemId ?? ""} of ${first?.order ?? ""}${others}`,
    then: "Look at the batches in the OMS; make it again, with the last field ticked, only when it is not there.",
  };
}

function uidIn(notes: Order["notes"], itemId: string): string | undefined {
  const uid = notes[itemNote(lineIdOf(itemId))];
  return typeof uid === "string" && uid !== "" ? uid : undefined;
}

function chosen(calls: ToolCalls): readonly Order[] {
  return calls.orders.length > 0 ? calls.orders : refuse("Choose at least one order.");
}

function payloadOf(order: Order): OrderPayload {
  const parsed = payload.safeParse(order.payload);
  return parsed.success
    ? parsed.data
    : refuse(
        `What was sent for ${order.name} is not kept any more. Choose the others without it, and look for this one in the OMS.`,
      );
}

function wordsIn(list: string): string[] {
  return [...new Set(list.split(/[\s,;]+/).filter((word) => word !== ""))];
}

const count = (many: number, noun: string): string => `${many} ${noun}${many === 1 ? "" : "s"}`;
