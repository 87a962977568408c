// The stand-in for WHCC (photo lab): designs are exported, imported as a quote and confirmed; signed webhooks tell
// what becomes of them. In reality two hosts, the Editor API and the Order Submit API; here one, each on its own
// paths. Sources: WHCC Editor API and Order Submit API, read 2026-11-22.
import {
  html,
  json,
  openDoor,
  standBehind,
  type LedgerEntry,
  type Problem,
  type Reply,
  type Route,
  type StandIn,
} from "./stand-in.ts";
import { catalog } from "./whcc-catalogue.ts";
import { createEditors, demoEditors, type EditorSeed } from "./whcc-editors.ts";
import { editorError, failure } from "./whcc-errors.ts";
import { createEvents, type OrderEvents } from "./whcc-events.ts";
import { exporter } from "./whcc-export.ts";
import { makeOf } from "./whcc-makes.ts";
import { createOrders } from "./whcc-orders.ts";
import { createTokens, onEditorApi, tokenRefused, type Consumer } from "./whcc-tokens.ts";
import { createWebhooks, type Delivery } from "./whcc-webhooks.ts";
import { workshopRoutes } from "./whcc-workshop.ts";

export { signatureOf, type Delivery } from "./whcc-webhooks.ts";
export { demoEditors, type EditorSeed } from "./whcc-editors.ts";
export type { Parcel, Rejection } from "./whcc-events.ts";

export interface WhccOptions {
  port?: number;
  /** Of the Editor API. Default: whcc_demo with whcc_secret. The first one owns the seeded editors. */
  consumers?: Consumer[];
  /** Of the Order Submit API. Default: oas_demo with oas_secret. */
  submitConsumers?: Consumer[];
  now?: () => Date;
  /** Finished designs that exist from the start. Default: demoEditors. */
  editors?: EditorSeed[];
}

export interface WhccStandIn extends StandIn, OrderEvents {
  /** Sends again, newly signed, every webhook that was not answered with 2xx. */
  redeliver(): Promise<Delivery[]>;
  /** The shopper opens a design again and makes something else of it, e.g. "block-24x36". */
  changeDesign(editorId: string, make: string): void;
  /** The shopper finishes a design, as the page behind its link would. */
  finishDesign(editorId: string, choice?: { make?: string; quantity?: number }): void;
}

/** Starts WHCC on loopback. */
export async function startWhcc(options: WhccOptions = {}): Promise<WhccStandIn> {
  const { consumers = [{ key: "whcc_demo", secret: "whcc_secret" }], now = () => new Date() } = options;
  const { submitConsumers = [{ key: "oas_demo", secret: "oas_secret" }], editors: seeds = demoEditors } =
    options;
  const door = await openDoor(options.port);
  const ledger: LedgerEntry[] = [];
  const tokens = createTokens({ consumers, submitConsumers, now });
  const { as } = tokens;
  const editors = createEditors({ url: door.url, seedKey: consumers[0]?.key ?? "", seeds, as });
  const orders = createOrders({ now, ledger, as });
  const webhooks = createWebhooks({ now, consumers: [...consumers, ...submitConsumers], as });
  const events = createEvents({ now, orders, webhooks });

  function changeDesign(editorId: string, make: string): void {
    const editor = editors.find(editorId);
    const wanted = makeOf(make);
    Object.assign(editor, { make: wanted, productId: wanted.productId });
  }

  const showCatalog = as(({ key }) => json(200, catalog(key)));
  const routes: Route[] = [
    ...tokens.routes,
    ...editors.routes,
    { method: "PUT", path: "/api/v1/oas/editors/export", answer: as(exporter(editors, door.url)) },
    ...orders.routes,
    ...webhooks.routes,
    { method: "GET", path: "/api/catalog", answer: showCatalog },
    // As the document's curl writes it.
    { method: "GET", path: "/api/catalog/", answer: showCatalog },
    ...workshopRoutes({
      events,
      confirmed: orders.allConfirmed,
      waiting: webhooks.waiting,
      redeliver: webhooks.redeliver,
      changeDesign,
    }),
  ];

  const standIn = standBehind(door, {
    id: "whcc",
    name: "WHCC",
    about: "Photo lab: prints, wall art, albums. Accept, ship and reject orders at /workshop.",
    routes,
    ledger,
    admit: tokens.admit,
    complain,
    unknownPath,
    reset() {
      editors.reset();
      orders.reset();
      webhooks.reset();
    },
  });
  return {
    ...standIn,
    ...events,
    redeliver: webhooks.redeliver,
    changeDesign,
    finishDesign(editorId, { make, quantity } = {}) {
      const editor = editors.find(editorId);
      if (make !== undefined) changeDesign(editorId, make);
      if (quantity !== undefined) editor.quantity = quantity;
      editor.complete = true;
    },
  };
}

/** A body that cannot be read is a bad import where orders are read; the rest is said by the status. */
function complain({ status, text, path }: Problem): Reply {
  if (status === 401) return tokenRefused(path);
  const imports = path === "/api/OrderImport" || path === "/api/v1/oas/orders/create";
  if (imports && (status === 400 || status === 415)) return failure("412.01", text);
  return editorError(status, text);
}

function unknownPath(path: string): Reply {
  return onEditorApi(path)
    ? editorError(404, "Not Found")
    : html(404, "<h1>Server Error</h1><h2>404 - File or directory not found.</h2>");
}
