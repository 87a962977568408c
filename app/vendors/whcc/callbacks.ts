// WHCC's callbacks: registered with one call, proved to be ours with another, and signed from then on.
// Source: WHCC, "Webhooks" (Editor API), "Webhook Registration", "Webhook Types", "Security and Signatures", read 2026-11-22.
import { z } from "zod";
import type { Asking, Callback, CallbackRequest } from "../vendor.ts";
import { ownAccount } from "./account.ts";
import { ask, editorApi, submitApi, type Api } from "./client.ts";
import { partOfEntry } from "./payload.ts";
import type { News } from "./report.ts";
import type { Settings } from "./settings.ts";
import { refuseError } from "./status.ts";

const toleranceSeconds = 300;

/**
 * Reads one request to our address. Only the handshake comes unsigned. The secret is that of the keys the callbacks were
 * registered with, and a merchant may have changed the way orders are placed since: either of the two counts.
 */
export async function readCallback(given: CallbackRequest, settings: Settings): Promise<Callback> {
  const word = verifierIn(given);
  if (word !== undefined) return { kind: "handshake", word };
  const secrets = [settings.secret, settings.consumerSecret].filter(
    (secret) => secret !== undefined && secret !== "",
  );
  const why = await whyUntrue(given, secrets as string[]);
  return why === undefined ? readEvent(given.body) : { kind: "refused", why };
}

function verifierIn({ headers, contentType, body }: CallbackRequest): string | undefined {
  if (headers["whcc-signature"] !== undefined || body.length > 2000) return undefined;
  const form = contentType.startsWith("application/x-www-form-urlencoded")
    ? new URLSearchParams(body).get("verifier")
    : z.object({ verifier: z.string() }).safeParse(asJson(body)).data?.verifier;
  return form?.trim() || undefined;
}

async function whyUntrue(
  { headers, body, now }: CallbackRequest,
  secrets: readonly string[],
): Promise<string | undefined> {
  const parts = new Map(
    (headers["whcc-signature"] ?? "").split(",").map((part) => {
      const [name = "", ...value] = part.trim().split("=");
      return [name.trim(), value.join("=").trim()];
    }),
  );
  const time = parts.get("t") ?? "";
  const signature = bytesOf(parts.get("v1") ?? "");
  if (!/^\d{1,12}$/.test(time) || !signature) return "It is not signed.";
  if (Math.abs(now.getTime() / 1000 - Number(time)) > toleranceSeconds) return "Its signature is too old.";
  const signed = new TextEncoder().encode(`${time}.${body}`);
  const verdicts = await Promise.all(secrets.map((secret) => isSignedWith(secret, { signed, signature })));
  return verdicts.includes(true) ? undefined : "Its signature is not right.";
}

// WebCrypto's own comparison takes the same time wherever two signatures differ.
async function isSignedWith(
  secret: string,
  { signed, signature }: { signed: Uint8Array<ArrayBuffer>; signature: Uint8Array<ArrayBuffer> },
): Promise<boolean> {
  const raw = new TextEncoder().encode(secret);
  const algorithm = { name: "HMAC", hash: "SHA-256" };
  const key = await crypto.subtle.importKey("raw", raw, algorithm, false, ["verify"]);
  return crypto.subtle.verify("HMAC", key, signature, signed);
}

// WHCC's example is in capitals; either is read.
function bytesOf(hex: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[0-9a-fA-F]{64}$/.test(hex)) return undefined;
  return new Uint8Array((hex.match(/../g) ?? []).map((pair) => Number.parseInt(pair, 16)));
}

const text = z
  .union([z.string(), z.number()])
  .transform((value) => String(value).trim())
  .nullish()
  .catch(undefined);
const event = z.looseObject({
  Event: z.string(),
  ConfirmationId: z.string().min(1),
  EntryId: text,
  SequenceNumber: text,
  OrderNumber: text,
  Status: text,
  Errors: z
    .array(z.object({ ErrorCode: text, Error: text, AssetPath: text }))
    .nullish()
    .catch(undefined),
  ShippingInfo: z
    .array(z.object({ Carrier: text, TrackingNumber: text, TrackingUrl: text }))
    .nullish()
    .catch(undefined),
});

function readEvent(body: string): Callback {
  const parsed = event.safeParse(asJson(body));
  if (!parsed.success)
    return { kind: "ignored", sentence: "WHCC sent something that is no event of an order." };
  const { Event, ConfirmationId, EntryId, SequenceNumber, OrderNumber, Status, Errors, ShippingInfo } =
    parsed.data;
  // "This will change in the future, so please look for a specific event value."
  if (Event !== "Processed" && Event !== "Shipped")
    return { kind: "ignored", sentence: `WHCC told of “${Event}”, which means nothing to this app.` };
  const data: News = {
    event: Event,
    sequence: SequenceNumber || "1",
    errors: (Errors ?? []).map(({ ErrorCode, Error: words, AssetPath }) => ({
      code: ErrorCode ?? "",
      words: words ?? "",
      asset: withoutQuery(AssetPath ?? ""),
    })),
    parcels: (ShippingInfo ?? []).map(({ Carrier, TrackingNumber, TrackingUrl }) => ({
      carrier: Carrier ?? "",
      number: TrackingNumber ?? "",
      url: /^https?:\/\//.test(TrackingUrl ?? "") ? (TrackingUrl ?? "") : "",
    })),
    ...(Status && { status: Status }),
    ...(OrderNumber && { orderNumber: OrderNumber }),
  };
  const numbers = data.parcels.map(({ number }) => number).sort();
  const id = [ConfirmationId, data.sequence, Event, ...(Event === "Shipped" ? numbers : [Status ?? ""])].join(
    "/",
  );
  // The ConfirmationId is known here only when the confirmation was answered; the EntryId is ours from the start.
  const about = { number: ConfirmationId, reference: partOfEntry(EntryId ?? "") };
  return { kind: "news", id, about, data };
}

// A signed address of a shopper's picture is a key to it: what comes after the path is not kept.
const withoutQuery = (address: string): string => address.replace(/[?#].*$/s, "");

function asJson(body: string): unknown {
  try {
    return JSON.parse(body) as unknown;
  } catch {
    return undefined; // whatever it is, it is no event
  }
}

/** Tells WHCC our address: POST /webhooks/create, or POST /api/callback/create with the Order Submit API's keys. */
export async function registerCallbacks(
  address: string,
  settings: Settings,
  asking: Asking,
): Promise<string> {
  const api = await apiFor(settings, asking);
  if (settings.placing === "submit") await submitCallback(api, "create", ["callbackUri", address]);
  else await createWebhook(api, address);
  return "WHCC was told the address and now asks whether it is ours. WHCC keeps one address for each set of keys: an earlier one is replaced.";
}

/** Answers the handshake: POST /webhooks/verify, or POST /api/callback/verify. */
export async function confirmCallbacks(word: string, settings: Settings, asking: Asking): Promise<void> {
  const api = await apiFor(settings, asking);
  if (settings.placing === "submit") await submitCallback(api, "verify", ["verifier", word]);
  else await verifyWebhook(api, word);
}

function apiFor(settings: Settings, asking: Asking): Promise<Api> {
  return settings.placing === "submit"
    ? submitApi(settings, asking)
    : editorApi(ownAccount(settings), settings, asking);
}

/** POST /webhooks/create of the Editor API. */
export async function createWebhook(api: Api, callbackUri: string): Promise<void> {
  await post(api, "/webhooks/create", { callbackUri });
}

/** POST /webhooks/verify of the Editor API. */
export async function verifyWebhook(api: Api, verifier: string): Promise<void> {
  await post(api, "/webhooks/verify", { verifier });
}

const verdict = z.looseObject({ isValid: z.boolean().optional(), valid: z.boolean().optional() });

/**
 * POST /webhooks/validate of the Editor API: whether WHCC signed this body. The page shows no answer: true or false where
 * it says so, undefined where nothing is said.
 */
export async function validateWebhook(
  api: Api,
  given: { body: unknown; signature: string },
): Promise<boolean | undefined> {
  const path = "/webhooks/validate";
  const reply = await ask(api, { method: "POST", path, json: given, expect: "anything" });
  refuseError(reply);
  const said = verdict.safeParse(reply.json).data;
  return said?.isValid ?? said?.valid;
}

/** POST /api/callback/create and /api/callback/verify of the Order Submit API, which takes them as a form. */
export async function submitCallback(
  api: Api,
  step: "create" | "verify",
  field: readonly [name: "callbackUri" | "verifier", value: string],
): Promise<void> {
  const path = `/callback/${step}`;
  refuseError(await ask(api, { method: "POST", path, form: { fields: [field] }, expect: "anything" }));
}

async function post(api: Api, path: string, json: unknown): Promise<void> {
  // The documents show no answer of these calls: a 2xx without an ErrorNumber is one.
  refuseError(await ask(api, { method: "POST", path, json, expect: "anything" }));
}
