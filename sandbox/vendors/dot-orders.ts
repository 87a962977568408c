// Reads an order for MGE DOT as strictly as its guide allows: which fields, one artwork source per line, real SKUs.
// Source: MGE DOT guide, "Payload examples" and "Common mistakes", read 2026-11-22.
import { z } from "zod";
import { dotSkus } from "./dot-catalogue.ts";
import type { PreviewOption } from "./dot-previews.ts";
import { isCount, isEmail, isInteger, isLoopback, isText, type Trouble } from "./strict.ts";

const lineSchema = z
  .strictObject({
    sku: isText,
    quantity: isCount,
    asset_url: z.string({ error: "Not a valid string." }).superRefine(checkUrl).optional(),
    asset_token: z.uuid("Must be a valid UUID.").optional(),
    preview_option_id: z.uuid("Must be a valid UUID.").optional(),
    asset_params: z
      .strictObject({
        source_width: isCount.optional(),
        source_height: isCount.optional(),
        crop_mode: z.literal("auto_allowed", { error: "Not a valid choice." }).optional(),
      })
      .optional(),
  })
  .superRefine((line, context) => {
    const sources = [line.asset_url, line.asset_token, line.preview_option_id].filter((s) => s !== undefined);
    if (sources.length > 1) {
      context.addIssue({ code: "custom", message: "Use one artwork source per line item." });
    }
    if (line.asset_params && line.preview_option_id !== undefined) {
      context.addIssue({
        code: "custom",
        path: ["asset_params"],
        message: "Only with asset_url or asset_token.",
      });
    }
  });

/** The guide's seven names and no others: line1 or postal_code are the mistakes it warns of. */
const shippingSchema = z.strictObject({
  name: isText.optional(),
  email: isEmail.optional(),
  phone: isText.optional(),
  street: isText.optional(),
  city: isText.optional(),
  zip: isText.optional(),
  country: z
    .string()
    .regex(/^[A-Z]{2}$/, "Use the two-letter country code.")
    .optional(),
});

const orderFields = {
  brand_id: isInteger,
  line_items: z.array(lineSchema),
  shipping: shippingSchema.optional(),
};
const draftFields = {
  ...orderFields,
  reference_id: isText.max(100).optional(),
  notes: z.string().max(2000).optional(),
  shipping_method_id: z.union([isInteger, isText]).optional(),
  carrier_company_name: isText.optional(),
  shipping_pickup_point: isText.optional(),
};

/** POST /api/v1/orders/ and …/orders/validate/ */
export const orderSchema = z.strictObject(orderFields);
/** POST /api/v1/order-drafts/ : `line_items` may be empty, `shipping` may follow later. */
export const draftSchema = z.strictObject(draftFields);
/** PATCH /api/v1/order-drafts/{id}/ : any of the draft's fields, each replaced whole. */
export const draftChangeSchema = z.strictObject(draftFields).partial();

export type DotLine = z.infer<typeof lineSchema>;
export type DotOrder = z.infer<typeof draftSchema>;

function checkUrl(text: string, context: z.core.$RefinementCtx<string>): void {
  const refuse = (message: string): void => {
    context.issues.push({ code: "custom", input: text, message });
  };
  if (!URL.canParse(text) || /\s/.test(text)) return refuse("Enter a valid URL.");
  const { protocol, hostname } = new URL(text);
  if (protocol !== "https:" && !(protocol === "http:" && isLoopback(hostname))) refuse("Use an https URL.");
  if (text.length > 2048) refuse("Ensure this field has no more than 2048 characters.");
}

/** Countries without postal codes that an order may name; everywhere else `zip` is required. */
const withoutZip = new Set([
  "AE",
  "AG",
  "AO",
  "BB",
  "BO",
  "BS",
  "BW",
  "BZ",
  "FJ",
  "GH",
  "HK",
  "JM",
  "MO",
  "QA",
  "UG",
  "ZW",
]);

export const previewExpired = "preview_option_id has expired; create a fresh preview before ordering.";

/** What a line may point at: the tokens of its draft (a direct order has none) and the previews made. */
export interface Artwork {
  tokens: ReadonlySet<string> | undefined;
  preview(id: string): PreviewOption | undefined;
  expired(option: PreviewOption): boolean;
}

/** What is wrong with a well-formed order; empty when MGE would make it. Paths as in the body. */
export function troublesWith(order: DotOrder, artwork: Artwork): Trouble[] {
  const wrong = (path: Trouble["path"], text: string): Trouble => ({ path, kind: "wrong", text });
  const troubles: Trouble[] = [];
  if (order.line_items.length === 0) troubles.push(wrong(["line_items"], "This list may not be empty."));
  order.line_items.forEach((line, at) => {
    for (const [field, text] of lineTroubles(line, artwork)) {
      troubles.push(wrong(["line_items", at, ...(field ? [field] : [])], text));
    }
  });
  const shipping = order.shipping;
  if (!shipping) return [...troubles, wrong(["shipping"], "This field is required.")];
  for (const field of ["name", "phone", "street", "city", "country"] as const) {
    if (shipping[field] === undefined) troubles.push(wrong(["shipping", field], "This field is required."));
  }
  if (shipping.zip === undefined && !withoutZip.has(shipping.country ?? "")) {
    troubles.push(wrong(["shipping", "zip"], "This field is required."));
  }
  if (shipping.phone !== undefined && shipping.phone.replace(/\D/g, "").length < 5) {
    troubles.push(wrong(["shipping", "phone"], "Enter a valid phone number."));
  }
  return troubles;
}

function lineTroubles(line: DotLine, artwork: Artwork): [field: string, text: string][] {
  const variant = dotSkus.get(line.sku);
  if (!variant) return [["sku", `SKU "${line.sku}" is not available.`]];
  if (line.asset_url !== undefined) return [];
  if (line.asset_token !== undefined) {
    if (!artwork.tokens) return [["asset_token", "asset_token can only be used in an order draft."]];
    return artwork.tokens.has(line.asset_token)
      ? []
      : [["asset_token", "asset_token not found in this draft."]];
  }
  if (line.preview_option_id === undefined) {
    return [["", "One artwork source is required: asset_url, asset_token or preview_option_id."]];
  }
  const option = artwork.preview(line.preview_option_id);
  if (!option) return [["preview_option_id", "preview_option_id not found."]];
  if (artwork.expired(option)) return [["preview_option_id", previewExpired]];
  return option.size === variant.size ? [] : [["sku", "This SKU does not belong to the preview option."]];
}

/** Django REST style: troubles as a map that has the body's own shape. */
export function fieldMap(troubles: Trouble[]): Record<string, unknown> {
  const groups = new Map<string | number, Trouble[]>();
  for (const trouble of troubles) {
    const key = trouble.path[0] ?? "non_field_errors";
    groups.set(key, [...(groups.get(key) ?? []), { ...trouble, path: trouble.path.slice(1) }]);
  }
  return Object.fromEntries([...groups].map(([key, inner]) => [key, fieldErrors(inner)]));
}

function fieldErrors(troubles: Trouble[]): unknown {
  const deeper = troubles.filter((trouble) => trouble.path.length > 0);
  if (deeper.length === 0) return troubles.map((trouble) => trouble.text);
  const places = deeper.map((trouble) => trouble.path[0]);
  if (!places.every((place) => typeof place === "number")) return fieldMap(troubles);
  return Array.from({ length: Math.max(...places) + 1 }, (_, at) =>
    fieldMap(
      deeper
        .filter(({ path }) => path[0] === at)
        .map((trouble) => ({ ...trouble, path: trouble.path.slice(1) })),
    ),
  );
}
