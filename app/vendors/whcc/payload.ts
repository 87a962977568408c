// One VendorOrder to WHCC's export request, and what the export's answer is held against. Pure.
import { z } from "zod";
import type { LineFacts, OrderFacts } from "../../orders/order.ts";
import { oneLine, refuse, withoutGaps, type Part, type PartLine } from "../vendor.ts";
import { uidsIn, type Product, type Settings } from "./settings.ts";
import { toContact, toShipFrom, toShipTo } from "./ship-to.ts";
import { sameWords, wordsIn } from "./text.ts";

const text = z.string().min(1);
const uid = z.int().positive();
const editorId = z
  .string()
  .regex(/^[A-Za-z0-9_-]{1,30}$/, "A design's ID has at most 30 letters and digits.");

const address = z.strictObject({
  name: text,
  addr1: text,
  addr2: text.optional(),
  city: text,
  state: z.string(),
  zip: z.string(),
  country: z.string().regex(/^[A-Z]{2}$/),
});

const exportBody = z.strictObject({
  editors: z
    .array(
      z.strictObject({
        editorId,
        quantity: z.int().positive(),
        orderAttributes: z.array(uid).min(1).optional(),
      }),
    )
    .min(1),
  orderAttributes: z.array(uid).min(1),
  entryId: z.string().regex(/^[\x21-\x7e]{1,64}$/),
  // "Reference String-32": it is printed on the parcel's label.
  reference: text.max(32),
  shipToAddress: address,
  shipFromAddress: address,
});

const design = z.strictObject({
  editorId,
  /** For sentences only. */
  title: text,
  productUids: z.array(uid).min(1),
  selections: z.array(text),
  maxPriceCents: z.int().nonnegative().optional(),
  lines: z.array(z.strictObject({ lineId: text, quantity: z.int().positive() })).min(1),
});

/**
 * What is sent to `PUT /oas/editors/export`, with the limits of WHCC's documents ("Export Editors for Ordering" and
 * "Order Request", read 2026-11-22), and beside it what the answer must be like. Address lengths are not documented.
 */
export const payload = z.strictObject({
  accountId: text.max(128),
  export: exportBody,
  contact: z.strictObject({ phone: text.optional(), attn: text.optional() }),
  designs: z.array(design).min(1),
});
export type Payload = z.infer<typeof payload>;
export type ExportBody = z.infer<typeof exportBody>;
export type AddressPayload = z.infer<typeof address>;
export type Design = z.infer<typeof design>;

/** The property that says "this line has a design at WHCC" when a merchant has not chosen another name. */
export const defaultEditorProperty = "_editor_id";
/** The property that names the account a design was made for. */
export const accountProperty = "_whcc_account_id";

/** Designs of different accounts cannot be exported together ("Only editors from the same accountId"). */
export function groupOf(line: LineFacts): string {
  return valueOf(line, accountProperty) ?? "";
}

/** The export of one VendorOrder. Throws VendorError `rejected` with a sentence for what cannot be sent. */
export function toPayload(part: Part<Product>, settings: Settings): Payload {
  const lines = part.lines.filter(({ line }) => line.quantity > 0);
  if (lines.length === 0) return refuse("Nothing in this order is left to be made.");
  const shipTo = toShipTo(part.order, settings);
  const shipping = shippingOf(part.order, settings);
  const all = [...new Set([...uidsIn(settings.orderAttributes), ...shipping])];
  const editors = new Map<
    string,
    { editor: ExportBody["editors"][number]; design: Design; product: string }
  >();
  for (const one of lines) {
    const { editor, design: wanted } = toDesign(one, { settings, all });
    const product = JSON.stringify(one.product);
    const before = editors.get(editor.editorId);
    if (before && before.product !== product)
      return refuse(
        `The same design was ordered as two different variants (${called(one.line)} and another). Ask the shopper to design each of them.`,
      );
    if (!before) editors.set(editor.editorId, { editor, design: wanted, product });
    else {
      before.editor.quantity += editor.quantity;
      before.design.lines.push(...wanted.lines);
    }
  }
  const entryId = entryIdOf(part);
  return {
    accountId: accountOf(lines, settings),
    export: {
      editors: [...editors.values()].map(({ editor }) => editor),
      orderAttributes: all,
      entryId,
      reference: referenceOf(part, entryId),
      shipToAddress: shipTo,
      shipFromAddress: toShipFrom(settings),
    },
    contact: toContact(part.order),
    designs: [...editors.values()].map(({ design: wanted }) => wanted),
  };
}

function toDesign(
  { line, product }: PartLine<Product>,
  { settings, all }: { settings: Settings; all: number[] },
): { editor: ExportBody["editors"][number]; design: Design } {
  const id =
    valueOf(line, settings.editorProperty) ??
    refuse(
      `${called(line)} has no design: its property ${settings.editorProperty} is missing. Ask the shopper to design it again, or remove the line in Shopify.`,
    );
  if (!editorId.safeParse(id).success)
    return refuse(
      `The design of ${called(line)} has an ID that cannot be one of WHCC's. Ask the shopper again.`,
    );
  const { quantity } = line;
  return {
    editor: withoutGaps({
      editorId: id,
      quantity,
      orderAttributes: attributesOf(product, { line, settings, all }),
    }),
    design: withoutGaps({
      editorId: id,
      title: oneLine(line.title) ?? "An item without a title",
      productUids: uidsIn(product.productUids),
      selections: wordsIn(product.selections),
      maxPriceCents: product.maxPriceUsd === undefined ? undefined : toCents(product.maxPriceUsd),
      lines: [{ lineId: line.id, quantity }],
    }),
  };
}

// A design's own list replaces the one for all (measured on the document's example), so it must bring its shipping.
function attributesOf(
  product: Product,
  { line, settings, all }: { line: LineFacts; settings: Settings; all: number[] },
): number[] | undefined {
  const own = uidsIn(product.ownAttributes);
  const more = uidsIn(product.moreAttributes);
  if (own.length === 0) {
    const added = more.filter((each) => !all.includes(each));
    return added.length === 0 ? undefined : [...all, ...added];
  }
  const shippings = [
    ...(settings.shippingAttributes ?? []).flatMap((row) => uidsIn(row.uids)),
    ...uidsIn(settings.defaultShippingAttributes),
  ];
  if (!own.some((each) => shippings.includes(each)))
    return refuse(
      `The order attributes of ${called(line)} stand instead of the connection's and name no shipping method. Open Products and add one of ${shippings.join(", ") || "WHCC's shipping attributes"} to them.`,
    );
  return [...new Set([...own, ...more])];
}

function shippingOf(order: OrderFacts, settings: Settings): number[] {
  // One parcel goes one way: Shopify's first shipping line is the one the shopper chose.
  const chosen = order.shippingLines[0];
  const rows = settings.shippingAttributes ?? [];
  const row = [chosen?.code, chosen?.title].flatMap(
    (word) => rows.find(({ shopify }) => sameWords(shopify, word)) ?? [],
  )[0];
  const found = uidsIn(row?.uids ?? settings.defaultShippingAttributes);
  if (found.length > 0) return found;
  const label = oneLine(chosen?.title) ?? oneLine(chosen?.code);
  return refuse(
    label === undefined
      ? "This order has no shipping method. Choose WHCC order attributes for all other methods in the WHCC settings."
      : `The shipping method "${label}" has no WHCC order attributes. Add it to the shipping methods in the WHCC settings.`,
  );
}

function accountOf(lines: readonly PartLine<Product>[], settings: Settings): string {
  const accounts = new Set(
    lines.map(({ line }) => valueOf(line, accountProperty) ?? oneLine(settings.accountId)),
  );
  const [account, second] = [...accounts];
  if (accounts.size > 1 && second !== undefined)
    return refuse("This part holds designs of two WHCC accounts, which cannot be ordered together.");
  if (account !== undefined && account.length > 128)
    return refuse(
      "The WHCC account of this design is no account: it is longer than 128 letters. Ask the shopper again.",
    );
  return (
    account ??
    refuse(
      `Nobody knows for which WHCC account this design was made: the line has no property ${accountProperty}. Fill in "Account ID for all designs" in the WHCC settings if there is only one.`,
    )
  );
}

/**
 * The same for every try, and no other part's: WHCC refuses an EntryId that was submitted before (412.04). The order's
 * Shopify number, with the part's letter for all but the first part, and "-r2" when a person had it sent again.
 */
function entryIdOf({ order, reference, resend }: Part<Product>): string {
  const letter = /-([a-z]\d*)(?:-[A-Z0-9]{5})?$/.exec(reference)?.[1] ?? reference.replace(/[^\w-]/g, "");
  return `${order.id}${letter === "a" ? "" : `-${letter}`}${resend > 0 ? `-r${resend + 1}` : ""}`;
}

/** An EntryId as the part it names, the way callbacks say it (`About`): "5551234567890-b-r2"; undefined for a stranger's. */
export function partOfEntry(entryId: string): string | undefined {
  const [, order, letter = "a", sending = ""] =
    /^(\d+)(?:-(?!r\d+$)([a-z]\d*))?(-r\d+)?$/.exec(entryId) ?? [];
  return order === undefined ? undefined : `${order}-${letter}${sending}`;
}

function referenceOf({ order, reference }: Part<Product>, entryId: string): string {
  const name = oneLine(order.name);
  return [name, reference].find((each) => each !== undefined && each.length <= 32) ?? entryId.slice(0, 32);
}

/** Dollars as a number (a setting, or a price in WHCC's JSON) in whole cents. */
export function toCents(dollars: number): number {
  return Math.round(dollars * 100);
}

function valueOf(line: LineFacts, name: string): string | undefined {
  return line.properties
    .filter((property) => property.name.trim() === name)
    .map((property) => oneLine(property.value))
    .find((value) => value !== undefined);
}

function called(line: LineFacts): string {
  return `"${oneLine(line.title) ?? "An item without a title"}"`;
}
