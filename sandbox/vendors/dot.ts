// The stand-in for MGE DOT (dot painting kits): photo orders and previews in, a ledger of what MGE would make out.
// Source: MGE DOT guide, read 2026-11-22; states, error shapes and ids as partners of MGE published them.
import { brands, dotSkus, dotType, dotVariants } from "./dot-catalogue.ts";
import { createDrafts, foreignBrand, lineReport, notFoundPage, type Draft } from "./dot-drafts.ts";
import { fieldMap, orderSchema, previewExpired, troublesWith, type DotOrder } from "./dot-orders.ts";
import { createPreviews } from "./dot-previews.ts";
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
import { readStrictly } from "./strict.ts";

export interface DotOptions {
  port?: number;
  keys?: string[];
  brandId?: number;
  now?: () => Date;
  /** How long a validated draft may be submitted. MGE was seen to give 3600 s. */
  readyForSeconds?: number;
  /** A partner's preview was too old after about 8 hours; the true limit is unknown. */
  previewsExpireAfterSeconds?: number;
  /** How often a new preview still answers PROCESSING. */
  previewPolls?: number;
  /** How long a preview takes at least, and not shorter than its painter. 0, the default, waits for the painter. */
  previewSeconds?: number;
}

export interface DotStandIn extends StandIn {
  /** Moves an order to a status MGE might report; only "processing" was ever seen. */
  setStatus(order: string, status: string): void;
}

const commitRoutes = [
  "POST /api/v1/orders/",
  "POST /api/v1/orders/validate/",
  "POST /api/v1/order-drafts/*/validate/",
  "POST /api/v1/order-drafts/*/submit/",
];

/** Starts MGE DOT on loopback. */
export async function startDot(options: DotOptions = {}): Promise<DotStandIn> {
  const { keys = ["mge_sk_demo"], brandId = 116, now = () => new Date() } = options;
  const door = await openDoor(options.port);
  const { url } = door;
  const ledger: LedgerEntry[] = [];
  const orders = new Map<string, Record<string, unknown>>();
  // Counts on over a reset: a vendor never gives a number twice.
  let made = 0;

  const previews = createPreviews({
    url,
    now,
    brandId,
    pollsUntilDone: options.previewPolls ?? 1,
    seconds: options.previewSeconds ?? 0,
    expireAfterSeconds: options.previewsExpireAfterSeconds ?? 6 * 3600,
  });
  const artwork = { preview: previews.find, expired: previews.expired };

  /** The one place where an order comes to be. */
  function place(order: DotOrder, from: { sent: unknown; assets?: Draft["assets"] }): { id: string } {
    const id = orderNumber(made);
    made += 1;
    const at = now().toISOString();
    const lines = order.line_items.map(({ sku, quantity, ...source }) => {
      const picture =
        from.assets?.find((asset) => asset.asset_token === source.asset_token)?.picture ??
        previews.find(source.preview_option_id ?? "")?.picture;
      const look = previews.find(source.preview_option_id ?? "")?.variant;
      return {
        sku,
        quantity,
        detail: { ...source, ...(look ? { look } : {}), ...(picture ? { picture } : {}) },
      };
    });
    orders.set(id, {
      id,
      status: "processing",
      brand_id: order.brand_id,
      created_at: at,
      reference_id: order.reference_id ?? null,
      line_items: order.line_items.map((line) => ({
        ...line,
        unit_price: dotSkus.get(line.sku)?.unit_price,
        currency: "EUR",
      })),
      shipping: order.shipping,
    });
    const reference = order.reference_id === undefined ? {} : { reference: order.reference_id };
    ledger.push({ vendor: "dot", number: id, at, body: from.sent, lines, ...reference });
    return { id };
  }

  const drafts = createDrafts({
    url,
    now,
    brandId,
    readyForSeconds: options.readyForSeconds ?? 3600,
    artwork,
    place: (draft) => place(draft.order, draft),
    order: (id) => orders.get(id),
  });

  /** Direct order: no draft, no dedupe; the same body twice makes two orders. */
  function order(call: Call): Reply {
    const read = readStrictly(orderSchema, call.body);
    if (!read.ok) return json(400, fieldMap(read.troubles));
    if (read.value.brand_id !== brandId) return foreignBrand;
    const troubles = troublesWith(read.value, { ...artwork, tokens: undefined });
    const expired = troubles.find(({ text }) => text === previewExpired);
    if (expired) return json(400, { detail: expired.text });
    if (troubles.length > 0) return json(400, fieldMap(troubles));
    return json(201, orders.get(place(read.value, { sent: call.body }).id));
  }

  function validate(call: Call): Reply {
    const read = readStrictly(orderSchema, call.body);
    if (!read.ok) return json(400, fieldMap(read.troubles));
    if (read.value.brand_id !== brandId) return foreignBrand;
    const troubles = troublesWith(read.value, { ...artwork, tokens: undefined });
    const others = troubles.filter(({ path }) => path[0] !== "line_items" || path.length === 1);
    const detail = others.map(({ path, text }) => `${path.join(".")}: ${text}`).join(" ");
    const line_items = lineReport(read.value, troubles);
    return json(200, { valid: troubles.length === 0, line_items, ...(detail ? { detail } : {}) });
  }

  function variants(call: Call): Reply {
    const type = call.query.get("product_type");
    return json(200, type === null ? dotVariants : dotVariants.filter((one) => one.product_type === type));
  }

  function showOrder(call: Call): Reply {
    const found = orders.get(call.params[0] ?? "");
    return found ? json(200, found) : json(404, { detail: "Not found." });
  }

  const routes: Route[] = [
    { method: "GET", path: "/api/v1/account/brands/", answer: () => json(200, brands(brandId)) },
    { method: "GET", path: "/api/v1/products/types/DOT/", answer: () => json(200, dotType) },
    { method: "GET", path: "/api/v1/products/types/DOT/variants/", answer: variants },
    // Before orders/{id}, or "validate" would be read as an order's id.
    { method: "POST", path: "/api/v1/orders/validate/", answer: validate },
    { method: "POST", path: "/api/v1/orders/", answer: order },
    { method: "GET", path: "/api/v1/orders/*/", answer: showOrder },
    ...drafts.routes,
    ...previews.routes,
  ];

  const standIn = standBehind(door, {
    id: "dot",
    name: "MGE DOT",
    about: "Makes dot painting kits from photos.",
    routes,
    ledger,
    admit: (call) => admit(call, keys),
    complain: ({ status, text }) =>
      json(status, {
        detail: status === 429 ? "Request was throttled. Expected available in 1 second." : text,
      }),
    unknownPath: () => notFoundPage,
    expiredPreview: { routes: commitRoutes, reply: json(400, { detail: previewExpired }) },
    reset() {
      orders.clear();
      drafts.reset();
      previews.reset();
    },
  });
  return {
    ...standIn,
    setStatus(id, status) {
      const found = orders.get(id);
      if (!found) throw new Error(`MGE has no order ${id}`);
      found["status"] = status;
    },
  };
}

function admit(call: Call, keys: string[]): Reply | undefined {
  const key = /^Bearer (\S+)$/.exec(call.headers.authorization ?? "")?.[1];
  const challenge = { "www-authenticate": "Bearer" };
  if (key === undefined) {
    return { ...json(401, { detail: "Authentication credentials were not provided." }), headers: challenge };
  }
  return keys.includes(key)
    ? undefined
    : { ...json(401, { detail: "Invalid API key." }), headers: challenge };
}

/** MGE0980926F, MGE0980927G, …: the form partners saw. */
function orderNumber(made: number): string {
  return `MGE${String(980926 + made).padStart(7, "0")}${String.fromCharCode(65 + ((5 + made) % 26))}`;
}
