// A shop in one small server: a product page with the block, its assets, the app's answers below /apps/dot as the
// widget and the app agreed on them, and a cart that writes down what reached it. A second port is the app's own host.
import { randomBytes, randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import path from "node:path";
import { setTimeout } from "node:timers/promises";
import sharp from "sharp";
import { readFields, readForm, readJson } from "./read-body.ts";
import { extensionFolder } from "./render-block.ts";

/** What goes wrong, for how often or how long. */
export interface Faults {
  /** The proxy's own refusal of uploads, without JSON. */
  refuseUploads: boolean;
  /** How often an upload is answered "busy", and when to come again. */
  busyUploads: number;
  busySeconds: number;
  /** The day's number of photos is used up. */
  dayIsOver: boolean;
  /** Why the app could not use a photo that it was given. */
  photoError?: "type" | "too_many_pixels" | "unavailable" | undefined;
  /** How long a preview is worked on. */
  paintingMs: number;
  /** How the next previews end. */
  previewEnds: "ready" | "failed" | "expired";
  /** Why they fail. */
  previewError: "preview_failed" | "busy" | "unavailable";
  /** With what a preview that is asked for is refused. */
  refusePreviews?: { status: number; code: string } | undefined;
  /** How long the cart's page takes to come. */
  cartMs: number;
  /** The photos belong to an order: asked to delete one, the app says yes and keeps it. */
  ordered: boolean;
}

/** What happened, for the test to read. */
export interface Seen {
  uploads: { route: "proxy" | "direct"; bytes: number; width: number; height: number; exif: boolean }[];
  previews: { variant: string; crop: Record<string, number> | undefined; again: boolean }[];
  selections: { ref: string; look: string; variant: string }[];
  cart: { type: string; fields: [string, string][] }[];
  deleted: string[];
}

const sizes = {
  "101": {
    label: "30 × 40",
    width_mm: 300,
    height_mm: 400,
    dots: [120, 160],
    min: [240, 320],
    good: [480, 640],
  },
  "102": {
    label: "40 × 50",
    width_mm: 400,
    height_mm: 500,
    dots: [160, 200],
    min: [320, 400],
    good: [640, 800],
  },
  "103": {
    label: "60 × 75",
    width_mm: 600,
    height_mm: 750,
    dots: [240, 300],
    min: [480, 600],
    good: [960, 1200],
  },
};

/** Variant 104 is a frame: no photo goes with it. */
export const product = {
  id: 1,
  url: "/products/kit",
  variants: [
    { id: 101, title: "30 × 40", price: 3900, available: true },
    { id: 102, title: "40 × 50", price: 4900, available: true },
    { id: 103, title: "60 × 75", price: 7900, available: true },
    { id: 104, title: "Frame", price: 1900, available: true },
  ],
};

/** All is well. */
export const noFaults: Faults = {
  refuseUploads: false,
  busyUploads: 0,
  busySeconds: 1,
  dayIsOver: false,
  photoError: undefined,
  paintingMs: 0,
  previewEnds: "ready",
  previewError: "preview_failed",
  refusePreviews: undefined,
  cartMs: 0,
  ordered: false,
};

interface Made {
  variant: string;
  since: number;
  /** The same wish is the same preview. */
  wish: string;
  /** Why it failed. */
  error?: string;
  expired?: boolean;
}

/** Starts the shop. `page` gives the product page's HTML. Close it at the end. */
export async function startFakeShop(page: (path: string) => Promise<string>) {
  const faults: Faults = { ...noFaults };
  const seen: Seen = { uploads: [], previews: [], selections: [], cart: [], deleted: [] };
  const artworks = new Map<string, { bytes: Buffer; width: number; height: number; browser: string }>();
  const previews = new Map<string, Made>();
  const tickets = new Map<string, string>();

  const accept = async (bytes: Buffer, browser: string, route: "proxy" | "direct") => {
    const { width, height, exif } = await sharp(bytes).metadata();
    seen.uploads.push({ route, bytes: bytes.length, width, height, exif: exif !== undefined });
    const artwork = randomUUID();
    artworks.set(artwork, { bytes, width, height, browser });
    return artwork;
  };

  const app = createServer((request, response) => {
    const origin = request.headers.origin ?? "";
    response.setHeader("access-control-allow-origin", origin);
    response.setHeader("access-control-allow-headers", "authorization");
    if (request.method === "OPTIONS") return void response.writeHead(204).end();
    const ticket = (request.headers.authorization ?? "").replace("Bearer ", "");
    const browser = tickets.get(ticket);
    tickets.delete(ticket);
    void readForm(request).then(async ({ photo }) => {
      if (!browser || !photo) return json(response, 400, { error: { code: "bad_request" } });
      json(response, 202, { artwork: await accept(photo, browser, "direct") });
    });
  });
  const appPort = await listen(app);

  const proxied = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    const parts = url.pathname.replace("/apps/dot/", "").split("/");
    const [kind = "", id = "", act] = parts;
    if (kind === "products") return json(response, 200, facts);
    if (kind === "uploads" || kind === "pictures") return picture(response, id, artworks.get(id)?.bytes);
    if (kind === "artworks" && !id) {
      const { fields, photo } = await readForm(request);
      if (faults.refuseUploads) return void response.writeHead(413).end("<h1>Request Entity Too Large</h1>");
      if (faults.busyUploads > 0) {
        faults.busyUploads -= 1;
        return json(response, 429, { error: { code: "busy", seconds: faults.busySeconds } });
      }
      if (faults.dayIsOver) return json(response, 429, { error: { code: "quota", seconds: 86_400 } });
      if (!photo || !/^[0-9a-f]{32}$/.test(fields["browser"] ?? ""))
        return json(response, 400, { error: { code: "bad_request" } });
      return json(response, 202, { artwork: await accept(photo, fields["browser"] ?? "", "proxy") });
    }
    const body = request.method === "POST" ? ((await readJson(request)) as Record<string, unknown>) : {};
    const browser = String(body["browser"] ?? url.searchParams.get("browser"));
    if (kind === "tickets") {
      const ticket = randomUUID();
      tickets.set(ticket, browser);
      return json(response, 200, { ticket, url: `http://127.0.0.1:${appPort}/u` });
    }
    if (kind === "artworks") {
      const artwork = artworks.get(id);
      if (artwork?.browser !== browser) return json(response, 404, { error: { code: "gone" } });
      if (act === "delete") {
        if (!faults.ordered) {
          seen.deleted.push(id);
          artworks.delete(id);
        }
        return json(response, 200, {});
      }
      const code = faults.photoError;
      if (code) return json(response, 200, { artwork: id, state: "failed", error: { code } });
      const { width, height } = artwork;
      const image = `/apps/dot/pictures/${id}`;
      return json(response, 200, {
        artwork: id,
        state: "ready",
        width,
        height,
        pixels: [width, height],
        image,
      });
    }
    if (kind === "previews" && !id) {
      if (!artworks.has(String(body["artwork"]))) return json(response, 404, { error: { code: "gone" } });
      const variant = String(body["variant"]);
      seen.previews.push({
        variant,
        crop: body["crop"] as Record<string, number>,
        again: body["again"] === true,
      });
      const { refusePreviews: refused, previewEnds, previewError } = faults;
      if (refused) return json(response, refused.status, { error: { code: refused.code } });
      const wish = JSON.stringify([body["artwork"], variant, body["crop"]]);
      // One that failed is handed back as it is, unless another is asked for.
      const found = [...previews].findLast(
        ([, one]) => one.wish === wish && !one.expired && (one.error === undefined || !body["again"]),
      );
      const preview = found?.[0] ?? randomUUID();
      const error = previewEnds === "failed" ? { error: previewError } : {};
      if (!found) previews.set(preview, { variant, since: Date.now(), wish, ...error });
      return json(response, 202, { preview });
    }
    const preview = previews.get(id || String(body["preview"]));
    if (!preview) return json(response, 404, { error: { code: "gone" } });
    if (kind === "previews") {
      const age = Date.now() - preview.since;
      if (faults.previewEnds === "expired") preview.expired = true;
      const ended = preview.expired ? "expired" : preview.error ? "failed" : "ready";
      const state = age < faults.paintingMs ? "working" : ended;
      const ready = age * 2 < faults.paintingMs || state === "failed" ? [] : ["source", "drama"];
      const looks = ready.map((look) => ({
        look,
        label: look === "drama" ? "Drama" : "Natural",
        image: `/apps/dot/uploads/${look}.webp`,
        large: `/apps/dot/uploads/${look}.webp?large`,
      }));
      const code = preview.expired ? "expired" : preview.error;
      const error = state !== "working" && code ? { error: { code } } : {};
      return json(response, 200, { preview: id, state, variant: preview.variant, looks, ...error });
    }
    if (preview.variant !== body["variant"]) return json(response, 400, { error: { code: "bad_request" } });
    const ref = randomBytes(16).toString("base64url");
    seen.selections.push({ ref, look: String(body["look"]), variant: preview.variant });
    json(response, 200, { ref, thumbnail: `${shopUrl()}/apps/dot/uploads/${String(body["look"])}.jpg` });
  };

  const shop = createServer((request, response) => {
    const url = new URL(request.url ?? "/", shopUrl());
    void answer(request, response, url).catch((error: unknown) => response.writeHead(500).end(String(error)));
  });
  const answer = async (request: IncomingMessage, response: ServerResponse, url: URL) => {
    if (url.pathname.startsWith("/apps/dot/")) return proxied(request, response, url);
    if (url.pathname.startsWith("/assets/")) return asset(response, path.basename(url.pathname));
    if (url.pathname.startsWith("/cart/add")) {
      const type = request.headers["content-type"]?.split(";")[0] ?? "";
      seen.cart.push({ type, fields: await readFields(request, type) });
      if (url.pathname.endsWith(".js")) return json(response, 200, {});
      return void response.writeHead(303, { location: "/cart" }).end();
    }
    if (url.pathname === "/cart") await setTimeout(faults.cartMs);
    response.writeHead(200, { "content-type": "text/html; charset=utf-8" }).end(await page(url.pathname));
  };
  const shopPort = await listen(shop);
  const shopUrl = () => `http://127.0.0.1:${shopPort}`;

  return {
    url: shopUrl(),
    faults,
    seen,
    close() {
      for (const server of [shop, app]) {
        server.closeAllConnections();
        server.close();
      }
    },
  };
}

const facts = {
  sizes,
  looks: [
    { look: "source", label: "Natural" },
    { look: "drama", label: "Drama" },
  ],
  retention_days: 14,
  max_bytes: 25 * 1024 * 1024,
};

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json", "cache-control": "no-store" });
  response.end(JSON.stringify(body));
}

async function picture(response: ServerResponse, name: string, bytes?: Buffer): Promise<void> {
  const look = name.startsWith("drama") ? "drama" : "source";
  const found =
    bytes ?? (await readFile(path.join(extensionFolder, "assets", `dot-preview-sample-${look}.jpg`)));
  response.writeHead(200, { "content-type": "image/jpeg" }).end(found);
}

async function asset(response: ServerResponse, name: string): Promise<void> {
  const types: Record<string, string> = {
    ".js": "text/javascript",
    ".css": "text/css",
    ".jpg": "image/jpeg",
  };
  const bytes = await readFile(path.join(extensionFolder, "assets", name));
  response.writeHead(200, { "content-type": types[path.extname(name)] ?? "text/plain" }).end(bytes);
}
