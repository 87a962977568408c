// A shopper's photo to dot paintings to choose from: start a preview, look how far it is, and which kits can be ordered
// from it. Source: MGE DOT guide, "Flow B: Preview => Order", read 2026-11-22; what the guide leaves out (the name of
// the photo's field, the answers) as partners of MGE published it, and read leniently.
import { z } from "zod";
import { refuse, VendorError, type ArtworkFile, type Asking } from "../vendor.ts";
import { needsApi, request, type Gone } from "./request.ts";
import type { Settings } from "./settings.ts";

/** A preview to be made. Making one costs nothing but a part of the account's preview quota. */
export interface PreviewWish {
  /** JPEG, PNG or WebP, up to 25 MB. */
  file: ArtworkFile;
  /** MGE's code of a size, e.g. "40X50": one preview is of one size, and fits every kit of that size. */
  size: string;
  /** MGE's names of looks; the guide names "source" and "drama". Default: both. */
  looks?: readonly string[];
  options?: {
    /** How many pictures of each look, 1 to 9. Default 1. */
    comparisonCount?: number;
    /** Lets MGE improve the photo first. Default true. */
    autoEnhance?: boolean;
    /** Lets MGE choose what to crop. Default true. */
    autoCrop?: boolean;
  };
}

/** The looks that the guide names. */
export const namedLooks = ["source", "drama"] as const;

const id = z.union([z.string().min(1).max(100), z.int()]).transform(String);
const started = z.looseObject({ preview_id: id });
const uploadCapBytes = 25 * 1024 * 1024;

/**
 * Starts a preview ("POST /api/v1/preview/", multipart). Twice is two previews. Throws VendorError; `rejected` with
 * MGE's words when it does not take the photo.
 */
export async function startPreview(
  { file, size, looks = namedLooks, options = {} }: PreviewWish,
  settings: Settings,
  asking: Asking,
): Promise<{ previewId: string }> {
  if (looks.length === 0) refuse("Choose at least one look.");
  if (file.bytes.length > uploadCapBytes) refuse("The photo is larger than the 25 MB that MGE DOT takes.");
  const { comparisonCount = 1, autoEnhance = true, autoCrop = true } = options;
  const fields: [string, string][] = [
    ["brand_id", String(settings.brandId)],
    ["products", JSON.stringify(["DOT"])],
    ["comparison_count", String(comparisonCount)],
    ["auto_enhance", String(autoEnhance)],
    ["auto_crop", String(autoCrop)],
    // The guide writes the size in quotes; they are its notation.
    ["preferred_size", size.trim().toUpperCase()],
    ["preview_options", JSON.stringify({ DOT: looks.map((variant) => ({ variant })) })],
  ];
  const reply = await asking.ask(
    request(settings, {
      method: "POST",
      path: "/api/v1/preview/",
      form: { fields, files: [{ name: "image", ...file }] },
      deadlineMs: 60_000,
      alsoFine: [404],
    }),
  );
  needsApi(reply);
  const parsed = started.safeParse(reply.json);
  if (reply.status === 404 || !parsed.success)
    throw new VendorError("retry", "MGE DOT did not say which preview it began.", { status: reply.status });
  return { previewId: parsed.data.preview_id };
}

/** One painting to choose from. What is not there yet is undefined. */
export interface PreviewLook {
  /** MGE's name of the look, e.g. "drama". */
  look: string;
  label: string;
  size: string;
  /** Where MGE shows the picture; whether and when the link ends is not documented. */
  imageUrl: string | undefined;
  /** What an order names to have this one made. */
  optionId: string | undefined;
}

/** How far a preview is. `looks` may hold pictures before it is ready: they may change until then. */
export interface Preview {
  state: "working" | "ready" | "failed";
  looks: PreviewLook[];
}

const word = z.string().nullish().catch(undefined);
const previewReply = z.looseObject({
  status: z.string(),
  previews: z
    .array(
      z.looseObject({
        variant: word,
        label: word,
        size: word,
        preview_option_id: id.nullish().catch(undefined),
        preview_url: word,
      }),
    )
    .nullish()
    .catch(undefined),
});

const failures = new Set(["FAILED", "CANCELLED", "CANCELED", "ERROR"]);

/**
 * How far a preview is ("GET /api/v1/preview/{preview_id}/"); "gone" when MGE does not have it. Partners ask every two
 * seconds and give up after two minutes. Nothing in the answer is secret: a shopper may see all of it.
 */
export async function readPreview(
  previewId: string,
  settings: Settings,
  asking: Asking,
): Promise<Preview | Gone> {
  const path = `/api/v1/preview/${encodeURIComponent(previewId)}/`;
  const reply = await asking.ask(request(settings, { method: "GET", path, alsoFine: [404] }));
  if (reply.status === 404) return "gone";
  const parsed = previewReply.safeParse(reply.json);
  if (!parsed.success)
    throw new VendorError("retry", "MGE DOT's answer about the preview could not be read.");
  const looks = (parsed.data.previews ?? []).map((row): PreviewLook => {
    const look = row.variant ?? "";
    return {
      look,
      label: row.label || look,
      size: row.size ?? "",
      imageUrl: linkOf(row.preview_url, settings),
      optionId: row.preview_option_id?.toLowerCase(),
    };
  });
  return stateOf(parsed.data.status.toUpperCase(), looks);
}

// A picture may be there before the preview is complete, so only MGE's word counts. PARTIAL is read as "some looks
// could not be made": those that can be ordered are shown. A word we do not know is waited on.
function stateOf(status: string, looks: PreviewLook[]): Preview {
  if (failures.has(status)) return { state: "failed", looks: [] };
  if (status === "COMPLETED") return { state: "ready", looks };
  const whole = looks.filter(({ imageUrl, optionId }) => imageUrl !== undefined && optionId !== undefined);
  if (status === "PARTIAL" && whole.length > 0) return { state: "ready", looks: whole };
  return { state: "working", looks };
}

/** One way to order from a preview: one look as one kit. */
export interface PurchaseOption {
  optionId: string;
  /** To be ordered exactly like this: "Copy the returned order_line" (MGE DOT guide, "Common mistakes"). */
  sku: string;
  label: string;
  description: string;
  frame: string;
  speed: string;
  imageUrl: string | undefined;
  mockupUrl: string | undefined;
  /** What MGE charges the brand, e.g. "30.90 EUR"; never for a shopper's eyes. */
  cost: string | undefined;
}

const named = z.looseObject({ label: word, code: word }).nullish().catch(undefined);
const purchaseReply = z.looseObject({
  purchase_options: z.array(
    z.looseObject({
      order_line: z.looseObject({ sku: z.string(), preview_option_id: z.string() }),
      label: word,
      description: word,
      preview_url: word,
      mockup_url: word,
      unit_price: z.union([z.string(), z.number()]).nullish().catch(undefined),
      currency: word,
      frame: named,
      production_speed: named,
    }),
  ),
});

/**
 * What can be ordered from a preview ("GET /api/v1/preview/{preview_id}/purchase-options/"): none while it is being
 * made; "gone" when MGE has no such preview (any more).
 */
export async function purchaseOptions(
  previewId: string,
  settings: Settings,
  asking: Asking,
): Promise<PurchaseOption[] | Gone> {
  const path = `/api/v1/preview/${encodeURIComponent(previewId)}/purchase-options/`;
  const reply = await asking.ask(request(settings, { method: "GET", path, alsoFine: [404] }));
  if (reply.status === 404) return "gone";
  const parsed = purchaseReply.safeParse(reply.json);
  if (!parsed.success)
    throw new VendorError("retry", "MGE DOT's answer about the preview could not be read.");
  return parsed.data.purchase_options.map((row) => ({
    optionId: row.order_line.preview_option_id.toLowerCase(),
    sku: row.order_line.sku,
    label: row.label ?? "",
    description: row.description ?? "",
    frame: row.frame?.label ?? row.frame?.code ?? "",
    speed: row.production_speed?.label ?? row.production_speed?.code ?? "",
    imageUrl: linkOf(row.preview_url, settings),
    mockupUrl: linkOf(row.mockup_url, settings),
    cost: row.unit_price == null ? undefined : `${row.unit_price} ${row.currency ?? ""}`.trim(),
  }));
}

// "/media/…" means MGE's own host. Anything but a web link must never reach an `<img>` or an `<a>`.
function linkOf(link: string | null | undefined, { baseUrl }: Settings): string | undefined {
  if (!link || !URL.canParse(link, baseUrl)) return undefined;
  const url = new URL(link, baseUrl);
  return /^https?:$/.test(url.protocol) ? url.href : undefined;
}
