// MGE's drafts and orders as functions: one request and the reading of its answer each. Which of them buy, and in
// which order they are called, is in submission.ts. Source: MGE DOT guide, read 2026-11-22.
import { z } from "zod";
import { VendorError, type Calls, type ArtworkFile } from "../vendor.ts";
import type { OrderBody, Payload } from "./payload.ts";
import { needsApi, request, type Gone, type Talk } from "./request.ts";
import type { Settings } from "./settings.ts";
import { readDraft, readOrderCheck, readOrderNumber, readValidation, type DraftState } from "./status.ts";

/** A body for a draft: the order, and what only drafts take. Lines may still be missing. */
export type DraftBody = Omit<Partial<OrderBody>, "brand_id"> & { brand_id: number } & Partial<
    NonNullable<Payload["draft"]>
  >;

function draftPath(id: string, rest = ""): string {
  return `/api/v1/order-drafts/${encodeURIComponent(id)}/${rest}`;
}

/** POST /order-drafts/: a new draft; it costs nothing until it is submitted. */
export async function createDraft(body: DraftBody, { settings, asking }: Talk): Promise<DraftState> {
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
export async function readOneDraft(id: string, { settings, asking }: Talk): Promise<DraftState | Gone> {
  const reply = await asking.ask(request(settings, { method: "GET", path: draftPath(id), alsoFine: [404] }));
  return reply.status === 404 ? "gone" : readDraft(reply);
}

/** PATCH /order-drafts/{id}/: what is in the draft is replaced. MGE takes a READY draft back to DRAFT for it. */
export async function changeDraft(
  { id, body }: { id: string; body: DraftBody },
  { settings, asking }: Talk,
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
  { settings, asking }: Talk,
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
  { settings, asking }: Talk,
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

/**
 * POST /orders/validate/: a dry run of a direct order; sentences, none when MGE would make it. `numbers` are the
 * merchant's numbers of the lines.
 */
export async function validateOrder(
  { order, numbers }: { order: OrderBody; numbers: readonly number[] },
  { settings, asking }: Talk,
): Promise<string[]> {
  const path = "/api/v1/orders/validate/";
  // The words of a refusal are what was asked for, so it is an answer here.
  const alsoFine = [400, 404, 409, 422];
  const reply = await asking.ask(request(settings, { method: "POST", path, json: order, alsoFine }));
  needsApi(reply);
  return readOrderCheck(reply, numbers);
}

const orderReply = z.looseObject({ id: z.union([z.string().min(1), z.int()]), status: z.string().nullish() });

/**
 * GET /orders/{id}/: how far an order is, in MGE's own word ("" when it says none). Known from one partner only, who
 * saw no status but "processing". "gone" when MGE does not show it to this key: the guide promises no such call, so a
 * 403 or 404 here says nothing about the connection.
 */
export async function readOrder(
  number: string,
  { settings, asking }: Talk,
): Promise<{ number: string; status: string } | Gone> {
  const path = `/api/v1/orders/${encodeURIComponent(number)}/`;
  const reply = await asking.ask(request(settings, { method: "GET", path, alsoFine: [403, 404] }));
  if (reply.status === 403 || reply.status === 404) return "gone";
  const parsed = orderReply.safeParse(reply.json);
  if (!parsed.success) throw new VendorError("retry", "MGE DOT's answer about the order could not be read.");
  return { number: String(parsed.data.id), status: parsed.data.status ?? "" };
}
