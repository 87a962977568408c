// The export: designs become the order that WHCC will be asked to make, and that order is held against what was paid.
// Source: WHCC, "Export Editors for Ordering", read 2026-11-22.
import { z } from "zod";
import { refuse } from "../vendor.ts";
import { ask, type Api } from "./client.ts";
import { toCents, type Design, type ExportBody, type Payload } from "./payload.ts";
import { readReply } from "./status.ts";
import { sameWords } from "./text.ts";

const id = z.union([z.string(), z.number()]).transform(String);
const place = z.looseObject({});

const orderItem = z.looseObject({ EditorId: id, ProductUID: id, Quantity: z.number() });
const oneOrder = z.looseObject({
  SequenceNumber: id,
  ShipToAddress: place.nullish(),
  ShipFromAddress: place.nullish(),
  OrderItems: z.array(orderItem).min(1),
});
const selection = z.object({
  description: z.string().nullish().catch(undefined),
  name: z.string().nullish().catch(undefined),
  label: z.string().nullish().catch(undefined),
});
const item = z.object({
  id,
  pricing: z.object({ unitBasePrice: z.number() }).nullish().catch(undefined),
  editor: z
    .object({
      // The document says object and shows an array.
      selectionsSummary: z
        .union([z.array(selection), z.record(z.string(), selection).transform(Object.values<Selection>)])
        .catch([]),
      productPreviews: z
        .record(z.string(), z.object({ scale_512: z.string().optional(), scale_256: z.string().optional() }))
        .optional()
        .catch(undefined),
    })
    .nullish()
    .catch(undefined),
});
type Selection = z.infer<typeof selection>;

const exported = z.object({
  items: z.array(item),
  // Kept as it came: the order is sent on verbatim, and a number or a name that we do not know is WHCC's business.
  order: z.looseObject({ EntryId: z.unknown(), Orders: z.array(place).min(1) }),
});

/** An export: what it costs and shows by editor, and the order, verbatim. */
export type Exported = z.infer<typeof exported>;
type OneOrder = z.infer<typeof oneOrder>;

/** PUT /oas/editors/export. It changes nothing at WHCC; `photos` swap the files that will be printed from. */
export async function exportEditors(
  api: Api,
  body: ExportBody | { editors: { editorId: string; photos?: { id: string; printUrl: string }[] }[] },
): Promise<Exported> {
  const maxBytes = 8 * 1024 * 1024;
  const path = "/oas/editors/export";
  const reply = await ask(api, { method: "PUT", path, json: body, maxBytes });
  return readReply(exported, reply, "design");
}

/** An order that is right, and which of our lines each of its sequences makes. */
export interface Checked {
  order: unknown;
  sequences: Map<string, [lineId: string, quantity: number][]>;
}

/** Holds an export against the payload. Throws VendorError `rejected` with a sentence for the first thing that is wrong. */
export function checkExport({ items, order }: Exported, payload: Payload): Checked {
  if (order.EntryId !== payload.export.entryId)
    refuse("WHCC's export is of another order than was asked for. Ask WHCC, then try again.");
  const orders = order.Orders.map((each) => readOrder(each));
  for (const design of payload.designs) checkDesign(design, { items, orders });
  const known = new Set(payload.designs.map(({ editorId }) => editorId));
  if (orders.some(({ OrderItems }) => OrderItems.some(({ EditorId }) => !known.has(EditorId))))
    refuse("WHCC's export holds a design that is not in this order. Ask WHCC, then try again.");
  return { order: withContact(order, payload.contact), sequences: shareOut(orders, payload.designs) };
}

const neededPlace = ["Name", "Addr1", "City", "State", "Zip", "Country"];

// "Any required fields for OrderImport will be initialized to null and need to be provided": for these nobody could.
function readOrder(raw: Record<string, unknown>): OneOrder {
  const gaps = ["SequenceNumber", "DropShipFlag", "FromAddressValue", "Reference"].filter((key) =>
    isGap(raw[key]),
  );
  for (const key of ["ShipToAddress", "ShipFromAddress"]) {
    const address = place.safeParse(raw[key]).data ?? {};
    gaps.push(...neededPlace.filter((part) => isGap(address[part])).map((part) => `${key}.${part}`));
  }
  const attributes = z.array(z.looseObject({ AttributeUID: z.number() })).min(1);
  if (!attributes.safeParse(raw["OrderAttributes"]).success) gaps.push("OrderAttributes");
  const parsed = oneOrder.safeParse(raw);
  const first = parsed.error?.issues[0]?.path.join(".");
  if (gaps.length === 0 && first !== undefined) gaps.push(first);
  if (!parsed.success || gaps.length > 0)
    return refuse(
      `WHCC would refuse this order, because ${gaps.join(", ")} is missing in it. Correct the order or the WHCC settings, or ask WHCC what the design lacks.`,
    );
  return parsed.data;
}

const isGap = (value: unknown): boolean => value === null || value === undefined;

function checkDesign(
  design: Design,
  { items, orders }: { items: Exported["items"]; orders: OneOrder[] },
): void {
  const { editorId, title } = design;
  const made = orders.flatMap(({ OrderItems }) => OrderItems).filter((each) => each.EditorId === editorId);
  const wanted = design.lines.reduce((sum, { quantity }) => sum + quantity, 0);
  // An album of two comes as two orders of one each: the sum counts.
  const sum = made.reduce((total, { Quantity }) => total + Quantity, 0);
  if (sum !== wanted)
    refuse(`WHCC would make ${sum} instead of ${wanted} of "${title}". Ask WHCC, then try again.`);
  const other = made.find(({ ProductUID }) => !design.productUids.map(String).includes(ProductUID));
  if (other)
    refuse(
      `The design of "${title}" does not match what was bought: it is WHCC's product ${other.ProductUID} instead of ${design.productUids.join(" or ")}. The shopper may have changed it after paying. Ask the shopper, or correct the product numbers under Products.`,
    );
  const shown = items.find((each) => each.id === editorId);
  const said = shown?.editor?.selectionsSummary ?? [];
  const missing = design.selections.find(
    (word) =>
      !said.some(
        ({ description, name }) =>
          sameWords(description ?? undefined, word) || sameWords(name ?? undefined, word),
      ),
  );
  if (missing !== undefined)
    refuse(
      `The design of "${title}" does not match what was bought: it is not "${missing}" but ${describe(said)}. Ask the shopper, or correct the words under Products.`,
    );
  if (design.maxPriceCents === undefined) return;
  const price = shown?.pricing?.unitBasePrice;
  if (price === undefined || toCents(price) > design.maxPriceCents)
    refuse(
      `WHCC asks ${price === undefined ? "an unknown price" : `USD ${price.toFixed(2)}`} for one "${title}", and at most USD ${(design.maxPriceCents / 100).toFixed(2)} is allowed. Correct the highest price under Products if that is right.`,
    );
}

/** A design's choices for a person: "10×10, Lustre". */
export function describe(summary: readonly Selection[]): string {
  const words = summary.flatMap(({ description, label }) => description ?? label ?? []);
  return words.length > 0 ? words.join(", ") : "without a description";
}

// The export has no field for these two; Order Import has ("Order Request"). Nothing else of the order is touched.
function withContact(order: Exported["order"], { phone, attn }: Payload["contact"]): unknown {
  const added = { ...(phone !== undefined && { Phone: phone }), ...(attn !== undefined && { Attn: attn }) };
  const orders = order.Orders.map((each) => {
    const address = place.parse(each["ShipToAddress"]);
    const missing = Object.entries(added).filter(([key]) => isGap(address[key]) || address[key] === "");
    return missing.length === 0
      ? each
      : { ...each, ShipToAddress: { ...address, ...Object.fromEntries(missing) } };
  });
  return { ...order, Orders: orders };
}

// In the order of the sequences, each piece of a design goes to its first line that still lacks one.
function shareOut(orders: readonly OneOrder[], designs: readonly Design[]): Checked["sequences"] {
  const left = new Map(
    designs.map(({ editorId, lines }) => [
      editorId,
      lines.map(({ lineId, quantity }) => ({ lineId, quantity })),
    ]),
  );
  const sequences: Checked["sequences"] = new Map();
  for (const { SequenceNumber, OrderItems } of orders) {
    const pieces = sequences.get(SequenceNumber) ?? [];
    for (const { EditorId, Quantity } of OrderItems) {
      let open = Quantity;
      for (const line of left.get(EditorId) ?? []) {
        const taken = Math.min(open, line.quantity);
        if (taken > 0) pieces.push([line.lineId, taken]);
        line.quantity -= taken;
        open -= taken;
      }
    }
    sequences.set(SequenceNumber, pieces);
  }
  return sequences;
}
