// MGE's endpoints as functions: one request and the reading of its answer each. Which of them buy, and in which
// order they are called, is in submission.ts. Source: MGE DOT guide, read 2026-11-22.
import { z } from "zod";
import {
  VendorError,
  type Asking,
  type Calls,
  type ArtworkFile,
  type VendorReply,
  type VendorRequest,
} from "../vendor.ts";
import type { OrderBody, Payload } from "./payload.ts";
import type { Settings } from "./settings.ts";
import { readDraft, readOrderNumber, readValidation, type DraftState } from "./status.ts";

/** What MGE answers in the case of a draft that is not there, often as an HTML page. */
export type Gone = "gone";
/** A body for a draft: the order, and what only drafts take. Lines may still be missing. */
export type DraftBody = Omit<Partial<OrderBody>, "brand_id"> & { brand_id: number } & Partial<
    NonNullable<Payload["draft"]>
  >;

interface Api {
  settings: Settings;
  asking: Asking;
}

function request(
  settings: Settings,
  { path, ...rest }: Omit<VendorRequest, "url"> & { path: string },
): VendorRequest {
  const url = settings.baseUrl.replace(/\/+$/, "") + path;
  return { ...rest, url, headers: { authorization: `Bearer ${settings.apiKey}`, ...rest.headers } };
}

function draftPath(id: string, rest = ""): string {
  return `/api/v1/order-drafts/${encodeURIComponent(id)}/${rest}`;
}

// A whole path that is not there is a wrong web address; a JSON 404 is MGE speaking about the order.
function needsApi(reply: VendorReply): void {
  if (reply.status === 404 && reply.json === undefined)
    throw new VendorError(
      "connection",
      "There is no MGE API at this web address. Correct it on the Vendors page.",
      {
        status: 404,
      },
    );
}

const brandRow = z.looseObject({
  brand_id: z.coerce.number().int().positive(),
  brand_name: z.string().nullish(),
});

/** GET /account/brands/: the brands this key may order for. */
export async function brands({ settings, asking }: Api): Promise<{ id: number; name: string }[]> {
  const reply = await asking.ask(
    request(settings, { method: "GET", path: "/api/v1/account/brands/", alsoFine: [404] }),
  );
  needsApi(reply);
  return rowsOf(reply.json, brandRow).map((row) => ({ id: row.brand_id, name: row.brand_name ?? "" }));
}

const variantRow = z.looseObject({
  code: z.string().nullish(),
  sku: z.string().nullish(),
  product_type: z.string().nullish(),
  size_display: z.string().nullish(),
  size: z.string().nullish(),
  frame_display: z.string().nullish(),
  frame: z.unknown(),
  color: z.string().nullish(),
  manufacturing: z.string().nullish(),
});

/** One kit MGE sells. `sku` is complete; rows without a complete one are left out, because a SKU is never made up. */
export interface Variant {
  sku: string;
  label: string;
}

/** GET /products/types/DOT/variants/, following pages on the same host, at most ten. */
export async function variants({ settings, asking }: Api): Promise<Variant[]> {
  const first = request(settings, { method: "GET", path: "/api/v1/products/types/DOT/variants/" });
  const found: Variant[] = [];
  let next: VendorRequest | undefined = first;
  for (let page = 0; next !== undefined && page < 10; page++) {
    const reply: VendorReply = await asking.ask(next);
    found.push(...rowsOf(reply.json, variantRow).flatMap(variantOf));
    const link = z.looseObject({ next: z.string() }).safeParse(reply.json).data?.next;
    // The key goes along, so never to another host.
    const stays =
      link !== undefined && URL.canParse(link) && new URL(link).origin === new URL(first.url).origin;
    next = stays ? { ...first, url: link } : undefined;
  }
  return found;
}

function variantOf(row: z.infer<typeof variantRow>): Variant[] {
  const sku = row.sku || row.code;
  if (!sku?.includes("/")) return [];
  const frame = row.frame_display ?? (typeof row.frame === "string" ? row.frame : undefined);
  const parts = [row.size_display ?? row.size, frame, row.color?.toLowerCase(), row.manufacturing];
  return [{ sku, label: parts.filter(Boolean).join(", ") || sku }];
}

// MGE shows neither list's shape: a bare list, or Django's pages with `results`.
function rowsOf<Row>(json: unknown, row: z.ZodType<Row>): Row[] {
  const list = Array.isArray(json)
    ? json
    : z.looseObject({ results: z.array(z.unknown()) }).safeParse(json).data?.results;
  if (!list) throw new VendorError("retry", "MGE DOT's answer could not be read.");
  return list.flatMap((each) => row.safeParse(each).data ?? []);
}

const purchaseReply = z.looseObject({
  purchase_options: z.array(
    z.looseObject({
      preview_option_id: z.string().nullish(),
      order_line: z.looseObject({ sku: z.string(), preview_option_id: z.string() }),
    }),
  ),
});

/** GET /preview/{id}/purchase-options/: which option may be ordered as which SKU; "gone" when MGE has no such preview. */
export async function purchaseOptions(
  previewId: string,
  { settings, asking }: Api,
): Promise<{ optionId: string; sku: string }[] | Gone> {
  const path = `/api/v1/preview/${encodeURIComponent(previewId)}/purchase-options/`;
  const reply = await asking.ask(request(settings, { method: "GET", path, alsoFine: [404] }));
  if (reply.status === 404) return "gone";
  const parsed = purchaseReply.safeParse(reply.json);
  if (!parsed.success)
    throw new VendorError("retry", "MGE DOT's answer about the preview could not be read.");
  return parsed.data.purchase_options.map(({ order_line: line }) => ({
    optionId: line.preview_option_id.toLowerCase(),
    sku: line.sku,
  }));
}

/** POST /order-drafts/: a new draft; it costs nothing until it is submitted. */
export async function createDraft(body: DraftBody, { settings, asking }: Api): Promise<DraftState> {
  const reply = await asking.ask(
    request(settings, { method: "POST", path: "/api/v1/order-drafts/", json: body, alsoFine: [404] }),
  );
  needsApi(reply);
  if (reply.status === 404)
    throw new VendorError(
      "rejected",
      "MGE DOT does not know this brand. Check its number on the Vendors page.",
    );
  return readDraft(reply);
}

/** GET /order-drafts/{id}/ */
export async function readOneDraft(id: string, { settings, asking }: Api): Promise<DraftState | Gone> {
  const reply = await asking.ask(request(settings, { method: "GET", path: draftPath(id), alsoFine: [404] }));
  return reply.status === 404 ? "gone" : readDraft(reply);
}

/** PATCH /order-drafts/{id}/: what is in the draft is replaced. MGE takes a READY draft back to DRAFT for it. */
export async function changeDraft(
  { id, body }: { id: string; body: DraftBody },
  { settings, asking }: Api,
): Promise<undefined | Gone> {
  const reply = await asking.ask(
    request(settings, { method: "PATCH", path: draftPath(id), json: body, alsoFine: [404] }),
  );
  return reply.status === 404 ? "gone" : undefined;
}

const assetReply = z.looseObject({ asset_token: z.string().min(1).max(200) });

/** POST /order-drafts/{id}/assets/ with a file, or …/assets/from-url/ with a link: the token for a line of this draft. */
export async function addAsset(
  { id, file }: { id: string; file: ArtworkFile | { url: string } },
  { settings, asking }: Api,
): Promise<{ token: string } | Gone> {
  const sent =
    "bytes" in file
      ? {
          path: draftPath(id, "assets/"),
          form: { fields: [], files: [{ name: settings.uploadField, ...file }] },
          deadlineMs: 60_000,
        }
      : { path: draftPath(id, "assets/from-url/"), json: { url: file.url }, deadlineMs: 60_000 };
  const reply = await asking.ask(request(settings, { method: "POST", ...sent, alsoFine: [404] }));
  if (reply.status === 404) return "gone";
  const parsed = assetReply.safeParse(reply.json);
  if (!parsed.success) throw new VendorError("retry", "MGE DOT's answer to the photo could not be read.");
  return { token: parsed.data.asset_token };
}

/** POST /order-drafts/{id}/validate/: makes a draft READY for a while. */
export async function validateDraft(
  id: string,
  { settings, asking }: Api,
): Promise<{ readyUntil: string | undefined } | Gone> {
  const reply = await asking.ask(
    request(settings, { method: "POST", path: draftPath(id, "validate/"), alsoFine: [404] }),
  );
  return reply.status === 404 ? "gone" : readValidation(reply);
}

/** POST /order-drafts/{id}/submit/: **buys**. MGE says that a repeat answers with the order that exists. */
export async function submitDraft(
  id: string,
  { settings, calls }: { settings: Settings; calls: Calls },
): Promise<{ number: string }> {
  const path = draftPath(id, "submit/");
  const reply = await calls.commit(request(settings, { method: "POST", path, headers: keyOf(calls) }));
  return { number: needNumber(readOrderNumber(reply.json, id)) };
}

/** POST /orders/: **buys**, and a repeat buys again. */
export async function orderDirectly(
  order: OrderBody,
  { settings, calls }: { settings: Settings; calls: Calls },
): Promise<{ number: string }> {
  const path = "/api/v1/orders/";
  const headers = keyOf(calls);
  const reply = await calls.commit(request(settings, { method: "POST", path, json: order, headers }));
  return { number: needNumber(readOrderNumber(reply.json)) };
}

// A partner sends it; whether MGE reads it is unknown, so nothing here relies on it.
function keyOf(calls: Calls): Record<string, string> {
  return { "idempotency-key": calls.reference };
}

function needNumber(number: string | undefined): string {
  if (number === undefined)
    throw new VendorError(
      "unsure",
      "MGE DOT answered without an order number, so it may or may not have the order.",
    );
  return number;
}

const orderReply = z.looseObject({ id: z.union([z.string().min(1), z.int()]), status: z.string().nullish() });

/**
 * GET /orders/{id}/: how far an order is. Known from one partner only, who saw no status but "processing";
 * nothing in the app follows it, so that no meaning is guessed.
 */
export async function readOrder(
  number: string,
  { settings, asking }: Api,
): Promise<{ number: string; status: string }> {
  const path = `/api/v1/orders/${encodeURIComponent(number)}/`;
  const reply = await asking.ask(request(settings, { method: "GET", path }));
  const parsed = orderReply.safeParse(reply.json);
  if (!parsed.success) throw new VendorError("retry", "MGE DOT's answer about the order could not be read.");
  return { number: String(parsed.data.id), status: parsed.data.status ?? "" };
}
