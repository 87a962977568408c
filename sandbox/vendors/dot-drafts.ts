// MGE's order drafts: made, filled, given pictures, validated and submitted into one order.
// Source: MGE DOT guide, "Draft + submit", read 2026-11-22; states and repeat-safe submit as a partner saw them.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { dotSkus } from "./dot-catalogue.ts";
import {
  draftChangeSchema,
  draftSchema,
  fieldMap,
  troublesWith,
  type Artwork,
  type DotOrder,
} from "./dot-orders.ts";
import { pictureTrouble } from "./pictures.ts";
import { html, json, type Call, type Reply, type Route } from "./stand-in.ts";
import { isLoopback, readStrictly, type Trouble } from "./strict.ts";

interface Asset {
  asset_token: string;
  source: "upload" | "url";
  filename: string;
  picture: string;
}

export interface Draft {
  id: number;
  status: "DRAFT" | "READY" | "SUBMITTED";
  /** As sent, unread: this is what the ledger shows. */
  sent: Record<string, unknown>;
  order: DotOrder;
  assets: Asset[];
  readyUntil: number;
  submittedOrderId: string | null;
}

interface MadeOrder {
  id: string;
}

export interface DraftSettings {
  url: string;
  now: () => Date;
  brandId: number;
  readyForSeconds: number;
  artwork: Omit<Artwork, "tokens">;
  /** Makes the order for good and answers with it. */
  place(draft: Draft): MadeOrder;
  order(id: string): unknown;
}

const fromUrlSchema = z.strictObject({ url: z.url("Enter a valid URL.") });

/** Pictures kept for the ledger page; a chaos run must not fill the memory with uploads. */
const mostUploadBytes = 128 * 1024 * 1024;

// MGE answers an unknown draft with Django's HTML page, not with JSON (seen by a partner).
export const notFoundPage = html(
  404,
  '<!doctype html>\n<html lang="en">\n<head>\n  <title>Not Found</title>\n</head>\n<body>\n  <h1>Not Found</h1><p>The requested resource was not found on this server.</p>\n</body>\n</html>\n',
);
export const foreignBrand = json(403, { detail: "You do not have permission to use this brand." });

export function createDrafts(settings: DraftSettings) {
  const drafts = new Map<number, Draft>();
  const uploads = new Map<string, { bytes: Buffer; type: string }>();
  let uploadBytes = 0;
  // Never starts over: an id from before a reset must not name a newer draft.
  let nextId = 173;

  function artworkOf(draft: Draft): Artwork {
    return { ...settings.artwork, tokens: new Set(draft.assets.map((asset) => asset.asset_token)) };
  }

  /** Runs a step on the draft the path names. */
  function on(step: (draft: Draft, call: Call) => Reply | Promise<Reply>) {
    return (call: Call): Reply | Promise<Reply> => {
      const draft = /^\d+$/.test(call.params[0] ?? "") ? drafts.get(Number(call.params[0])) : undefined;
      return draft ? step(draft, call) : notFoundPage;
    };
  }

  function onOpen(step: (draft: Draft, call: Call) => Reply | Promise<Reply>) {
    return on((draft, call) =>
      draft.status === "SUBMITTED"
        ? json(409, { detail: "This order draft was already submitted." })
        : step(draft, call),
    );
  }

  function create(call: Call): Reply {
    const read = readStrictly(draftSchema, call.body);
    if (!read.ok) return json(400, fieldMap(read.troubles));
    if (read.value.brand_id !== settings.brandId) return foreignBrand;
    const id = nextId;
    nextId += 1 + (id % 3);
    const sent = call.body as Record<string, unknown>;
    const draft: Draft = {
      id,
      status: "DRAFT",
      sent,
      order: read.value,
      assets: [],
      readyUntil: 0,
      submittedOrderId: null,
    };
    drafts.set(id, draft);
    return json(201, shown(draft));
  }

  function change(draft: Draft, call: Call): Reply {
    const read = readStrictly(draftChangeSchema, call.body);
    if (!read.ok) return json(400, fieldMap(read.troubles));
    if (read.value.brand_id !== undefined && read.value.brand_id !== settings.brandId) return foreignBrand;
    draft.sent = { ...draft.sent, ...(call.body as Record<string, unknown>) };
    draft.order = draftSchema.parse(draft.sent);
    draft.status = "DRAFT";
    return json(200, shown(draft));
  }

  function validate(draft: Draft): Reply {
    const troubles = troublesWith(draft.order, artworkOf(draft));
    const valid = troubles.length === 0;
    draft.status = valid ? "READY" : "DRAFT";
    const lines = lineReport(draft.order, troubles);
    if (!valid) {
      const others = troubles.filter(({ path }) => path[0] !== "line_items" || path.length === 1);
      const detail = others.map(({ path, text }) => `${path.join(".")}: ${text}`).join(" ");
      return json(200, { valid, status: draft.status, line_items: lines, ...(detail ? { detail } : {}) });
    }
    draft.readyUntil = settings.now().getTime() + settings.readyForSeconds * 1000;
    const until = new Date(draft.readyUntil).toISOString();
    const reserved = draft.order.line_items.flatMap((line) => line.preview_option_id ?? []);
    return json(200, {
      valid,
      status: draft.status,
      checkout: { ready_until: until, max_payment_session_seconds: settings.readyForSeconds },
      preview_reservations: reserved.map((id) => ({ preview_option_id: id, reserved_until: until })),
      line_items: lines,
    });
  }

  /** The commit. A repeated submit returns the order that exists. */
  function submit(draft: Draft): Reply {
    if (draft.submittedOrderId !== null) return json(200, settings.order(draft.submittedOrderId));
    const troubles = troublesWith(draft.order, artworkOf(draft));
    const expired = troubles.find(
      ({ path, text }) => path.at(-1) === "preview_option_id" && /expired/.test(text),
    );
    if (expired) return json(400, { detail: expired.text });
    if (draft.status !== "READY")
      return json(400, { detail: "The order draft is not ready; validate it first." });
    if (settings.now().getTime() > draft.readyUntil) {
      draft.status = "DRAFT";
      return json(400, { detail: "The order draft is no longer ready; validate it again." });
    }
    if (troubles.length > 0) return json(400, fieldMap(troubles));
    draft.submittedOrderId = settings.place(draft).id;
    draft.status = "SUBMITTED";
    return json(201, settings.order(draft.submittedOrderId));
  }

  /** One file part, whatever its name: the guide's own example lost the name. */
  async function upload(draft: Draft, call: Call): Promise<Reply> {
    const parts = [...(call.form ?? new FormData()).values()];
    const [file] = parts;
    if (parts.length !== 1 || !(file instanceof File)) {
      return json(400, { file: ["Send exactly one file and no other field."] });
    }
    const trouble = await pictureTrouble(file);
    if (trouble !== undefined) return json(400, { file: [trouble] });
    const token = randomUUID();
    const bytes = Buffer.from(await file.arrayBuffer());
    uploads.set(token, { bytes, type: file.type || "application/octet-stream" });
    uploadBytes += bytes.length;
    for (const [oldest, kept] of uploads) {
      if (uploadBytes <= mostUploadBytes) break;
      uploads.delete(oldest);
      uploadBytes -= kept.bytes.length;
    }
    const picture = `${settings.url}/media/assets/${token}`;
    return keep(draft, { asset_token: token, source: "upload", filename: file.name, picture });
  }

  function fromUrl(draft: Draft, call: Call): Reply {
    const read = readStrictly(fromUrlSchema, call.body);
    if (!read.ok) return json(400, fieldMap(read.troubles));
    const { protocol, hostname, pathname } = new URL(read.value.url);
    if (protocol !== "https:" && !isLoopback(hostname)) return json(400, { url: ["Use an https URL."] });
    const filename = pathname.split("/").at(-1) ?? "";
    return keep(draft, { asset_token: randomUUID(), source: "url", filename, picture: read.value.url });
  }

  function keep(draft: Draft, asset: Asset): Reply {
    draft.assets.push(asset);
    return json(201, { asset_token: asset.asset_token, source: asset.source, filename: asset.filename });
  }

  function picture(call: Call): Reply {
    const kept = uploads.get(call.params[0] ?? "");
    return kept ? { status: 200, bytes: kept.bytes, type: kept.type } : notFoundPage;
  }

  const one = "/api/v1/order-drafts/*/";
  const routes: Route[] = [
    { method: "POST", path: "/api/v1/order-drafts/", answer: create },
    { method: "GET", path: one, answer: on((draft) => json(200, shown(draft))) },
    { method: "PATCH", path: one, answer: onOpen(change) },
    { method: "POST", path: `${one}assets/`, takes: "form", answer: onOpen(upload) },
    { method: "POST", path: `${one}assets/from-url/`, answer: onOpen(fromUrl) },
    { method: "POST", path: `${one}validate/`, takes: "nothing", answer: onOpen(validate) },
    { method: "POST", path: `${one}submit/`, takes: "nothing", answer: on(submit) },
    { method: "GET", path: "/media/assets/*", aside: true, answer: picture },
  ];
  return {
    routes,
    reset(): void {
      drafts.clear();
      uploads.clear();
      uploadBytes = 0;
    },
  };
}

/** A draft as MGE shows it: stored lines carry no prices. */
function shown(draft: Draft) {
  return {
    ...draft.sent,
    id: draft.id,
    status: draft.status,
    item_count: draft.order.line_items.length,
    assets: draft.assets.map(({ asset_token, source, filename }) => ({ asset_token, source, filename })),
    submitted_order_id: draft.submittedOrderId,
  };
}

/** Each line with its price and what is wrong with it, as the validate routes answer. */
export function lineReport(order: DotOrder, troubles: Trouble[]) {
  return order.line_items.map(({ sku }, index) => ({
    index,
    sku,
    unit_price: dotSkus.get(sku)?.unit_price ?? null,
    currency: "EUR",
    errors: troubles
      .filter(({ path }) => path[0] === "line_items" && path[1] === index)
      .map(({ path, text }) => (path.length > 2 ? `${path.slice(2).join(".")}: ${text}` : text)),
  }));
}
