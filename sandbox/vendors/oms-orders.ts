// The tables of the OMS document for an order, read to the letter; and Laravel-like words for what is wrong.
// Source: OMS REST API, sections on orders, read 2026-11-22.
import { z } from "zod";
import { isCount, isEmail, isInteger, isMoney, isText, type Trouble } from "./strict.ts";

const isUrl = isText.refine(
  (text) => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && !/\s/.test(text),
  "must be a valid URL.",
);

const itemSchema = z.strictObject({
  ecommerce_order_item_id: isText,
  ecommerce_variant_id: isText,
  quantity: isCount,
  price: isMoney.optional(),
  properties: z
    .record(z.string(), z.json({ error: "must not hold null." }).refine(isWhole, "must not hold null."))
    .optional(),
  template_config: z.string({ error: "must be a string." }).superRefine(checkTemplate),
  thumbnails: z.array(isUrl).min(1, "must have at least 1 items."),
  design_version_id: isText.optional(),
});

const customerSchema = z.strictObject({
  email: isEmail.optional(),
  ecommerce_customer_id: isText.optional(),
  name: isText.optional(),
  surname: isText.optional(),
  phone: isText.optional(),
});

const addressSchema = z.strictObject({
  type_id: z.enum(["billing", "shipping"], { error: "must be billing or shipping." }),
  address_1: isText,
  address_2: isText.optional(),
  post_code: isText,
  city: isText,
  county: isText.optional(),
  country_code: z.string().regex(/^[A-Z]{2}$/, "must be a two-letter country code."),
  country_id: isInteger.optional(),
});

const shippingSchema = z.strictObject({ code: isText, shipping_price: isMoney });

const changeable = {
  customer: customerSchema.optional(),
  ecommerce_order_number: isText.optional(),
  total_price: isMoney.optional(),
  subtotal_price: isMoney.optional(),
  currency_code: z
    .string()
    .regex(/^[A-Z]{3}$/, "must be a three-letter currency code.")
    .optional(),
  note: isText.optional(),
  addresses: z.array(addressSchema).optional(),
  shippings: z.array(shippingSchema).optional(),
};
const items = z.array(itemSchema).min(1, "must have at least 1 items.");

/** POST /api/v1/orders */
export const createSchema = z.strictObject({
  store_id: isText,
  ecommerce_order_id: isText,
  items,
  create_print_files: z.boolean({ error: "must be true or false." }).optional(),
  ...changeable,
});

/** PUT /api/v1/orders/{order_uid}: no store_id, no ecommerce_order_id, no create_print_files. */
export const updateSchema = z.strictObject({ items: items.optional(), ...changeable });

/** POST /api/v1/batch-orders */
export const batchSchema = z.strictObject({
  order_items: z.array(isText).min(1, "must have at least 1 items."),
  print_templates: z.array(isText).min(1, "must have at least 1 items."),
});

export type OmsItem = z.infer<typeof itemSchema>;

/**
 * "It's urlencoded json string": only characters a URL may hold, and one decoding must give an object or array.
 * Raw JSON, JSON encoded twice, and half of a string all end here instead of in a ruined print.
 */
function checkTemplate(text: string, context: z.core.$RefinementCtx<string>): void {
  const refuse = (message: string): void => {
    context.issues.push({ code: "custom", input: text, message });
  };
  if (!/^[A-Za-z0-9\-_.!~*'();/?:@&=+$,#%]+$/.test(text)) return refuse("must be a urlencoded string.");
  try {
    const decoded: unknown = JSON.parse(decodeURIComponent(text));
    if (typeof decoded !== "object" || decoded === null) refuse("must decode to a JSON object or array.");
  } catch {
    refuse("must decode to JSON.");
  }
}

function isWhole(value: unknown): boolean {
  if (value === null) return false;
  return typeof value !== "object" || Object.values(value as object).every(isWhole);
}

/** `{message, errors: {"items.0.quantity": ["The items.0.quantity field is required."]}}` */
export function unprocessable(troubles: Trouble[]) {
  const errors: Record<string, string[]> = {};
  for (const { path, kind, text } of troubles) {
    const field = path.length > 0 ? path.join(".") : "body";
    (errors[field] ??= []).push(`The ${field} field ${wordsFor(kind, text)}`);
  }
  const [first] = Object.values(errors);
  return { message: first?.[0] ?? "The given data was invalid.", errors };
}

function wordsFor(kind: Trouble["kind"], text: string): string {
  switch (kind) {
    case "required":
      return "is required.";
    case "null":
      return "must not be null.";
    case "unknown":
      return "is not known.";
    case "wrong":
      return text.startsWith("must ") ? text : `is invalid: ${text}`;
  }
}
