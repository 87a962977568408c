// The stand-in for the OMS (Ideal Factory): personalised orders in, print files out, a ledger of what it would print.
// Source: OMS REST API, read 2026-11-22. It never looks for an earlier order of the same ecommerce_order_id: the
// document promises no such thing, so a second POST is a second order.
import { randomUUID } from "node:crypto";
import { createCatalogue } from "./oms-catalogue.ts";
import { batchSchema, createSchema, unprocessable, updateSchema, type OmsItem } from "./oms-orders.ts";
import { tinyPdf } from "./pictures.ts";
import {
  json,
  openDoor,
  standBehind,
  type Call,
  type LedgerEntry,
  type Reply,
  type Route,
  type StandIn,
} from "./stand-in.ts";
import { readStrictly, type Trouble } from "./strict.ts";

export interface OmsOptions {
  port?: number;
  tokens?: string[];
  storeIds?: string[];
  /** A path before /api/v1, since the document states no base URL. "" when absent. */
  basePath?: string;
  now?: () => Date;
  /** Print templates are made by hand in the vendor's dashboard; these exist. */
  printTemplates?: string[];
}

type PrintStatus = "received" | "processing" | "processingfailed" | "ready";

export interface OmsStandIn extends StandIn {
  /**
   * Sets an item's print status; it stays there. Any word is allowed, to test one the document does not list, and any
   * link in place of the file's, because the document does not say what one looks like.
   */
  setPrint(itemId: string, status: PrintStatus | (string & {}), link?: string | null): void;
  /** Every batch that was made, by the OMS's own uids: an item in two of them is printed twice. */
  batches(): readonly Batch[];
}

/** One batch order. */
export interface Batch {
  uid: string;
  items: readonly string[];
  templates: readonly string[];
}

interface PrintItem {
  uid: string;
  itemId: string;
  status: string;
  /** Moves on at each look: asked for by create_print_files or a batch, and not set by hand. */
  moving: boolean;
  /** In place of the file's own link; undefined for that. */
  link?: string | null;
}

interface Order {
  uid: string;
  body: Record<string, unknown>;
  items: { uid: string; item: Record<string, unknown> & { ecommerce_order_item_id: string } }[];
  entry: LedgerEntry;
}

/** Starts the OMS on loopback. */
export async function startOms(options: OmsOptions = {}): Promise<OmsStandIn> {
  const { tokens = ["oms_demo"], storeIds = ["S1"], basePath = "", now = () => new Date() } = options;
  const { printTemplates = ["TEMPLATE_UID_1", "TEMPLATE_UID_2"] } = options;
  const door = await openDoor(options.port);
  const ledger: LedgerEntry[] = [];
  const orders = new Map<string, Order>();
  /** By our client's item id, the newest: the path holds neither store nor order. */
  const prints = new Map<string, PrintItem>();
  const printsByUid = new Map<string, PrintItem>();
  const catalogue = createCatalogue();
  const batches: Batch[] = [];

  function addItems(items: OmsItem[], body: Record<string, unknown>): Order["items"] {
    // As sent, not as read: template_config must reach the ledger byte for byte.
    const sent = body["items"] as Order["items"][number]["item"][];
    return items.map(({ ecommerce_order_item_id: itemId }, at) => {
      const print: PrintItem = {
        uid: randomUUID(),
        itemId,
        status: "received",
        moving: body["create_print_files"] === true,
      };
      prints.set(itemId, print);
      printsByUid.set(print.uid, print);
      return { uid: print.uid, item: sent[at] ?? { ecommerce_order_item_id: itemId } };
    });
  }

  function create(call: Call): Reply {
    const read = readStrictly(createSchema, call.body);
    if (!read.ok) return json(422, unprocessable(read.troubles));
    if (!storeIds.includes(read.value.store_id)) {
      return json(403, { message: `This token is not allowed for store ${read.value.store_id}.` });
    }
    const body = call.body as Record<string, unknown>;
    const uid = randomUUID();
    const items = addItems(read.value.items, body);
    const reference = read.value.ecommerce_order_id;
    const entry: LedgerEntry = {
      vendor: "oms",
      number: uid,
      at: now().toISOString(),
      body,
      lines: ledgerLines(items),
      reference,
    };
    const order: Order = { uid, body, items, entry };
    orders.set(uid, order);
    ledger.push(entry);
    return json(200, created(order));
  }

  function on(step: (order: Order, call: Call) => Reply) {
    return (call: Call): Reply => {
      const order = orders.get(call.params[0] ?? "");
      return order ? step(order, call) : json(404, { message: "Order not found." });
    };
  }

  /** Replaces each field that is named, arrays whole: the harshest reading of "Updates an existing order". */
  function update(order: Order, call: Call): Reply {
    const read = readStrictly(updateSchema, call.body);
    if (!read.ok) return json(422, unprocessable(read.troubles));
    const changes = call.body as Record<string, unknown>;
    order.body = { ...order.body, ...changes };
    if (read.value.items) order.items = addItems(read.value.items, order.body);
    order.entry.body = order.body;
    order.entry.lines = ledgerLines(order.items);
    return json(200, shown(order));
  }

  /** The entry stays in the ledger, marked: it was ordered once. */
  function remove(order: Order): Reply {
    orders.delete(order.uid);
    order.entry.body = { ...order.body, deleted_at: now().toISOString() };
    for (const { uid, item } of order.items) {
      if (prints.get(item.ecommerce_order_item_id)?.uid === uid) prints.delete(item.ecommerce_order_item_id);
      printsByUid.delete(uid);
    }
    return json(200, { message: "Order successfully deleted", order_uid: order.uid });
  }

  function print(call: Call): Reply {
    const found = prints.get(call.params[0] ?? "");
    if (!found) return json(404, { message: "Order item not found." });
    const { itemId, status, link } = found;
    if (found.moving) found.status = status === "received" ? "processing" : "ready";
    const file = `${door.url}${basePath}/print-files/${encodeURIComponent(itemId)}.pdf`;
    const url = status !== "ready" ? null : link === undefined ? file : link;
    return json(200, { ecommerce_order_item_id: itemId, status, url });
  }

  function batch(call: Call): Reply {
    const read = readStrictly(batchSchema, call.body);
    if (!read.ok) return json(422, unprocessable(read.troubles));
    const { order_items, print_templates } = read.value;
    const unknown = (field: string, at: number): Trouble => ({
      path: [field, at],
      kind: "wrong",
      text: "names nothing that exists.",
    });
    const troubles = [
      ...order_items.flatMap((uid, at) => (printsByUid.has(uid) ? [] : unknown("order_items", at))),
      ...print_templates.flatMap((uid, at) =>
        printTemplates.includes(uid) ? [] : unknown("print_templates", at),
      ),
    ];
    if (troubles.length > 0) return json(422, unprocessable(troubles));
    for (const uid of order_items) {
      const item = printsByUid.get(uid);
      if (item) item.moving = true;
    }
    const uid = randomUUID();
    batches.push({ uid, items: order_items, templates: print_templates });
    return json(200, { uid, status: "Batching" });
  }

  function printFile(call: Call): Reply {
    const id = (call.params[0] ?? "").replace(/\.pdf$/, "");
    return { status: 200, bytes: tinyPdf([`Print file of ${id}`]), type: "application/pdf" };
  }

  const routes: Route[] = [
    { method: "POST", path: "/api/v1/orders", answer: create },
    { method: "GET", path: "/api/v1/orders/*", answer: on((order) => json(200, shown(order))) },
    { method: "PUT", path: "/api/v1/orders/*", answer: on(update) },
    { method: "DELETE", path: "/api/v1/orders/*", takes: "nothing", answer: on(remove) },
    { method: "GET", path: "/api/v1/order-items/*/print", answer: print },
    { method: "POST", path: "/api/v1/batch-orders", answer: batch },
    ...catalogue.routes,
    { method: "GET", path: "/print-files/*", aside: true, answer: printFile },
  ];

  const standIn = standBehind(door, {
    id: "oms",
    name: "Ideal Factory OMS",
    about: "Prints personalised orders.",
    basePath,
    routes,
    ledger,
    admit: (call) => {
      const token = /^Bearer (\S+)$/.exec(call.headers.authorization ?? "")?.[1];
      return token !== undefined && tokens.includes(token)
        ? undefined
        : json(401, { message: "Unauthenticated." });
    },
    complain: ({ status, text }) => json(status, { message: status === 401 ? "Unauthenticated." : text }),
    unknownPath: (path) => json(404, { message: `The route ${path.replace(/^\//, "")} could not be found.` }),
    reset() {
      orders.clear();
      prints.clear();
      printsByUid.clear();
      batches.length = 0;
      catalogue.reset();
    },
  });
  return {
    ...standIn,
    batches: () => batches,
    setPrint(itemId, status, link) {
      const found = prints.get(itemId);
      if (!found) throw new Error(`the OMS has no item ${itemId}`);
      found.status = status;
      found.moving = false;
      if (link === undefined) delete found.link;
      else found.link = link;
    },
  };
}

function ledgerLines(items: Order["items"]): LedgerEntry["lines"] {
  return items.map(({ uid, item }) => {
    const { ecommerce_variant_id, quantity, ...detail } = item;
    return { sku: String(ecommerce_variant_id), quantity: Number(quantity), detail: { uid, ...detail } };
  });
}

/** The document's answer to a create, no field more. */
function created(order: Order) {
  return {
    uid: order.uid,
    ecommerce_order_id: order.body["ecommerce_order_id"],
    items: order.items.map(({ uid, item }) => ({
      uid,
      ecommerce_order_item_id: item.ecommerce_order_item_id,
    })),
  };
}

function shown(order: Order) {
  return {
    ...order.body,
    ...created(order),
    items: order.items.map(({ uid, item }) => ({ uid, ...item })),
  };
}
