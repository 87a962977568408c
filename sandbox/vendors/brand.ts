// The stand-in for dotcph: a brand's catalogue, pushed by SKU. It takes no orders; its ledger is the catalogue as it
// truly stands. Source: Brand Product API, read 2026-11-22.
import { createPictures } from "./brand-pictures.ts";
import {
  applyPush,
  envelopeSchema,
  newRow,
  readProduct,
  told,
  type ProductRow,
  type Pushed,
} from "./brand-products.ts";
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

export interface BrandOptions {
  port?: number;
  /** Each "key_id:secret". */
  keys?: string[];
  brand?: string;
  now?: () => Date;
  /** Whether the agency set up a place for pictures. True when absent. */
  storage?: boolean;
  /** The document does not say what pictures of a second push do. "append" shows every needless repeat. */
  secondPictures?: "append" | "replace";
  /** A server in front that decodes %2F before it routes, so that a SKU with a slash has no path. */
  decodesSlashes?: boolean;
  /** 200 also for a push with errors, which the document does not rule out. */
  alwaysSays200?: boolean;
}

/** One product of one push that was taken. */
export interface Upsert {
  at: string;
  sku: string;
  action: "created" | "updated";
  /** How many pictures came with it. */
  pictures: number;
}

export interface BrandStandIn extends StandIn {
  /** Every upsert since the start, newest last; the oldest go when there are very many. */
  history(): Upsert[];
  /** Turns the picture storage on or off. */
  setStorage(configured: boolean): void;
  /** Refuses this SKU alone (207) until `accept`. */
  refuse(sku: string, words: string): void;
  /** Refuses every push with this SKU in it whole (400) until `accept`. */
  choke(sku: string): void;
  accept(): void;
}

const mostHistory = 50_000;

/** Starts dotcph on loopback. */
export async function startBrand(options: BrandOptions = {}): Promise<BrandStandIn> {
  const { keys = ["bk_demo:brand_demo"], brand = "Demo Brand", now = () => new Date() } = options;
  const { secondPictures = "append", decodesSlashes = false, alwaysSays200 = false } = options;
  const door = await openDoor(options.port);
  const ledger: LedgerEntry[] = [];
  const products = new Map<string, { row: ProductRow; entry: LedgerEntry }>();
  const pictures = createPictures();
  const refused = new Map<string, string>();
  const choking = new Set<string>();
  let history: Upsert[] = [];
  let hasStorage = options.storage ?? true;

  /** The addresses of a push's pictures, or what is wrong with one. Nothing of the product is changed before. */
  function addresses(pushed: Pushed): { url: string; alt_text: string | null }[] | string {
    const found: { url: string; alt_text: string | null }[] = [];
    for (const [at, { data, url, alt_text }] of (pushed.images ?? []).entries()) {
      if (data !== undefined && !hasStorage) return `images.${at}: image storage is not configured.`;
      const kept = data === undefined ? undefined : pictures.keep(data);
      if (typeof kept === "string") return `images.${at}: ${kept}`;
      found.push({ url: kept ? `${door.url}/cdn/${kept.name}` : (url ?? ""), alt_text: alt_text ?? null });
    }
    return found;
  }

  /** Takes one product, or says why not. */
  function take(raw: Record<string, unknown>) {
    const pushed = readProduct(raw);
    if (typeof pushed === "string") return pushed;
    const words = refused.get(pushed.sku);
    if (words !== undefined) return words;
    const images = addresses(pushed);
    if (typeof images === "string") return images;
    const at = now().toISOString();
    const known = products.get(pushed.sku);
    const { row, entry } = known ?? create(pushed.sku, at);
    applyPush(row, pushed);
    const before = secondPictures === "append" || images.length === 0 ? row.images : [];
    row.images = [...before, ...images.map((image, n) => ({ ...image, sort_order: before.length + n }))];
    entry.at = at;
    entry.lines = linesOf(row);
    const action = known ? ("updated" as const) : ("created" as const);
    history.push({ at, sku: row.sku, action, pictures: images.length });
    // Trimmed in strides, so that keeping it costs nothing a push.
    if (history.length >= 2 * mostHistory) history = history.slice(-mostHistory);
    return { sku: row.sku, action, product_id: row.id, images_uploaded: images.length };
  }

  function create(sku: string, at: string): { row: ProductRow; entry: LedgerEntry } {
    const row = newRow(products.size + 1, sku);
    const entry: LedgerEntry = {
      vendor: "brand",
      number: String(row.id),
      at,
      body: row,
      lines: [],
      reference: sku,
    };
    const made = { row, entry };
    products.set(sku, made);
    ledger.push(entry);
    return made;
  }

  function upsert(call: Call): Reply {
    const read = readStrictly(envelopeSchema, call.body ?? {});
    if (!read.ok) return json(400, { error: told(read.troubles) });
    const pushed = read.value.products;
    if (pushed.some(({ sku }) => choking.has(String(sku))))
      return json(400, { error: "Malformed request body." });
    const results: object[] = [];
    const details: { index: number; sku: unknown; error: string }[] = [];
    for (const [index, raw] of pushed.entries()) {
      const taken = take(raw);
      if (typeof taken === "string") details.push({ index, sku: raw["sku"] ?? null, error: taken });
      else results.push(taken);
    }
    return json(details.length > 0 && !alwaysSays200 ? 207 : 200, {
      processed: pushed.length,
      errors: details.length,
      results,
      error_details: details.length > 0 ? details : null,
    });
  }

  function on(step: (row: ProductRow) => Reply) {
    return (call: Call): Reply => {
      const sku = call.params[0] ?? "";
      const found = decodesSlashes && sku.includes("/") ? undefined : products.get(sku);
      return found ? step(found.row) : json(404, { error: "Product not found" });
    };
  }

  const routes: Route[] = [
    { method: "POST", path: "/api/v1/products", answer: upsert },
    { method: "GET", path: "/api/v1/products", answer: list },
    { method: "GET", path: "/api/v1/products/*", answer: on((row) => json(200, row)) },
    { method: "DELETE", path: "/api/v1/products/*", takes: "nothing", answer: on(deactivate) },
    { method: "GET", path: "/api/v1/health", answer: health },
    { method: "GET", path: "/cdn/*", aside: true, answer: (call) => pictures.answer(call.params[0] ?? "") },
  ];

  function list(): Reply {
    const rows = [...products.values()].map(({ row }) => row);
    return json(200, { count: rows.length, products: rows });
  }

  function deactivate(row: ProductRow): Reply {
    row.is_active = false;
    return json(200, { status: "deactivated", sku: row.sku });
  }

  function health(): Reply {
    return json(200, { status: "ok", brand, storage_configured: hasStorage });
  }

  const standIn = standBehind(door, {
    id: "brand",
    name: "dotcph",
    about: "Shows a brand's catalogue to its sales agency. It takes no orders: this is the catalogue.",
    routes,
    ledger,
    admit: (call) =>
      keys.includes(String(call.headers["x-api-key"] ?? ""))
        ? undefined
        : json(401, { error: "Missing, invalid or revoked API key" }),
    complain: ({ status, text }) => json(status, { error: text }),
    unknownPath: () => json(404, { error: "Not found" }),
    reset() {
      products.clear();
      pictures.clear();
      refused.clear();
      choking.clear();
      history = [];
      hasStorage = options.storage ?? true;
    },
  });
  return {
    ...standIn,
    history: () => history,
    setStorage: (configured) => void (hasStorage = configured),
    refuse: (sku, words) => void refused.set(sku, words),
    choke: (sku) => void choking.add(sku),
    accept() {
      refused.clear();
      choking.clear();
    },
  };
}

/** A product without variants is one line of itself. */
function linesOf({ sku, name, variants }: ProductRow): LedgerEntry["lines"] {
  if (variants.length === 0) return [{ sku, quantity: 1, detail: { name } }];
  return variants.map((variant) => ({
    sku: `${sku}${variant.sku_suffix ?? ""}`,
    quantity: 1,
    detail: { ...variant },
  }));
}
