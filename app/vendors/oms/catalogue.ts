// The catalogue of the OMS: product categories, products and product variants. Each kind is made, read, changed and
// deleted in the same way, so there are four calls and three tables of fields.
// Source: OMS REST API, product categories, products, product variants, read 2026-11-22.
import { z } from "zod";
import { VendorError, type VendorReply } from "../vendor.ts";
import { request, type Talk } from "./request.ts";
import { saysUnknown } from "./status.ts";

const text = z.string().min(1);
const whole = z.number().int();
const unsigned = whole.nonnegative();

const category = z.strictObject({
  name: text,
  parent_id: text.optional(),
  description: text.optional(),
  default_dpi: whole.optional(),
  editor_category_id: text.optional(),
  default_location_id: text.optional(),
});

const product = z.strictObject({
  category_id: whole,
  name: text,
  code: text.optional(),
  order_column: whole,
  active: z.boolean(),
  description: text.optional(),
  default_dpi: whole.optional(),
  team_id: whole,
  editor_category_id: text.optional(),
  default_location_id: whole.optional(),
});

const variant = z.strictObject({
  name: text,
  product_variant_category_id: whole.optional(),
  product_id: whole,
  price_id: whole.optional(),
  editor_product_id: text.optional(),
  weight: unsigned.optional(),
  length: whole.optional(),
  width: whole.optional(),
  height: whole.optional(),
  description: text.optional(),
  country_id: whole,
  customs_code: text.optional(),
  customs_description: text.optional(),
  long_customs_description: text.optional(),
  default_dpi: unsigned.optional(),
  seo_details: text.optional(),
  ecommerce_tags: text.optional(),
  default_location_id: whole.optional(),
});

/** One of the three tables. `noun` is what the merchant reads; `idName` is what the document calls its id. */
export interface Kind<Create, Update> {
  path: string;
  noun: string;
  idName: string;
  create: z.ZodType<Create>;
  update: z.ZodType<Update>;
}

/** Product categories. The document calls their id a UID and writes 1: it is passed on as text. */
export const categories = {
  path: "/product-categories",
  noun: "category",
  idName: "category_id",
  create: category,
  update: category.partial(),
};

/** Products. */
export const products = {
  path: "/products",
  noun: "product",
  idName: "product_id",
  create: product,
  update: product.partial(),
};

/** Product variants. Only a new one takes a `uuid`, of 36 characters. */
export const variants = {
  path: "/product-variants",
  noun: "variant",
  idName: "variant_id",
  create: variant.extend({ uuid: z.uuid().optional() }),
  update: variant.partial(),
};

/** A product as "create product" takes it. */
export type ProductBody = z.infer<typeof products.create>;
/** A variant as "create product variant" takes it. */
export type VariantBody = z.infer<typeof variants.create>;

/** One row of a table as the OMS tells it. `id` is the number it is addressed by; `uid` its second name. */
export interface Row {
  id?: string;
  uid?: string;
  name?: string;
  /** Everything the OMS said that is a text, a number or a yes. */
  facts: [name: string, value: string][];
}

/**
 * Makes a row (POST). Not to be repeated blindly: the document promises no check for a second one of the same name.
 * Throws VendorError; with `lost` the row may exist.
 */
export async function createRow<C, U>(kind: Kind<C, U>, body: C, { settings, asking }: Talk): Promise<Row> {
  const reply = await asking.ask(request(settings, { method: "POST", path: kind.path, json: body }));
  const row = readRow(kind, reply);
  if (row.id === undefined && row.uid === undefined)
    throw new VendorError("retry", `The OMS did not say which ${kind.noun} it made.`, {
      status: reply.status,
      lost: true,
    });
  return row;
}

/** Reads a row (GET); undefined when there is none. */
export async function fetchRow<C, U>(
  kind: Kind<C, U>,
  id: string,
  { settings, asking }: Talk,
): Promise<Row | undefined> {
  const path = rowPath(kind, id);
  const reply = await asking.ask(request(settings, { method: "GET", path, alsoFine: [404] }));
  return isMissing(reply) ? undefined : readRow(kind, reply);
}

/** Changes the fields that are given (PUT); undefined when there is no such row. Twice is harmless. */
export async function updateRow<C, U>(
  kind: Kind<C, U>,
  { id, body }: { id: string; body: U },
  { settings, asking }: Talk,
): Promise<Row | undefined> {
  const path = rowPath(kind, id);
  const reply = await asking.ask(request(settings, { method: "PUT", path, json: body, alsoFine: [404] }));
  return isMissing(reply) ? undefined : readRow(kind, reply);
}

/** Deletes a row (DELETE); false when there was none. Twice is harmless. */
export async function deleteRow<C, U>(
  kind: Kind<C, U>,
  id: string,
  { settings, asking }: Talk,
): Promise<boolean> {
  const reply = await asking.ask(
    request(settings, { method: "DELETE", path: rowPath(kind, id), expect: "anything", alsoFine: [404] }),
  );
  return !isMissing(reply);
}

function rowPath<C, U>(kind: Kind<C, U>, id: string): string {
  return `${kind.path}/${encodeURIComponent(id)}`;
}

// Only the OMS's own JSON says that something is not there; a proxy's page says that the address is wrong.
function isMissing(reply: VendorReply): boolean {
  if (reply.status !== 404) return false;
  if (saysUnknown(reply)) return true;
  throw new VendorError(
    "connection",
    "What answers at the OMS's address is not the OMS. Check the API address on the Vendors page.",
    { status: 404 },
  );
}

const shown = z.record(z.string(), z.unknown());
const name = z.union([z.string().min(1), z.number().int()]).transform(String);

// The document says "the created details" and no more, so the id is looked for under both of its names. A product's
// `category_id` is its parent's: each kind knows only its own.
function readRow<C, U>(kind: Kind<C, U>, reply: VendorReply): Row {
  const parsed = shown.safeParse(reply.json);
  const told = parsed.success ? parsed.data : {};
  const textOf = (...keys: string[]): string | undefined =>
    keys.map((key) => name.safeParse(told[key]).data).find((value) => value !== undefined);
  const id = textOf("id", kind.idName);
  const uid = textOf("uid", "uuid");
  const called = textOf("name");
  return {
    ...(id !== undefined && { id }),
    ...(uid !== undefined && { uid }),
    ...(called !== undefined && { name: called }),
    facts: Object.entries(told).flatMap(([key, value]): [string, string][] =>
      ["string", "number", "boolean"].includes(typeof value) && value !== "" ? [[key, String(value)]] : [],
    ),
  };
}
