// An order body as OrderImport reads it: its fields (412.01), its e-mail (412.06) and its business rules (412.02).
// Source: WHCC Order Submit API, "Order request schema", "Albums", "Errors", read 2026-11-22.
import { z } from "zod";
import type { Reply } from "./stand-in.ts";
import { isCount, isEmail, isInteger, isText, readStrictly, type Trouble } from "./strict.ts";
import { attributesTrouble } from "./whcc-catalogue.ts";
import { failure, sentenceOf } from "./whcc-errors.ts";
import { makes } from "./whcc-makes.ts";

const isNumber = z.number({ error: "A valid number is required." });
const isFlag = z.boolean({ error: "Not a boolean." });
const isString = z.string({ error: "Not a valid string." });
const atMost = (length: number, text: z.ZodString = isString): z.ZodString =>
  text.max(length, `Ensure this field has no more than ${length} characters.`);

const addressSchema = z.strictObject({
  Name: isText,
  Attn: isString.nullish(),
  Addr1: isText,
  Addr2: isString.nullish(),
  City: isText,
  State: isString,
  Zip: isText,
  Country: isText,
  Phone: isString.nullish(),
});
const attributeSchema = z.strictObject({ AttributeUID: isInteger });
/** A number, or the same as text: the documents have both. */
const isNode = z.union([isInteger, z.string().regex(/^\d+$/)], { error: "A valid node id is required." });

const assetSchema = z
  .strictObject({
    ProductNodeID: isNode.optional(),
    DP2NodeID: isNode.optional(),
    AssetPath: isText.refine((text) => URL.canParse(text), "Not a valid URL."),
    ImageHash: z
      .string({ error: "Not a valid string." })
      .regex(/^[0-9a-fA-F]{32}$/, "The MD5 of the file is required."),
    PrintedFileName: isText,
    AutoRotate: isFlag.nullish(),
    AssetEnhancement: isString.nullish(),
    OffsetX: isNumber.optional(),
    OffsetY: isNumber.optional(),
    ImageRotation: isNumber.optional(),
    X: isNumber.optional(),
    Y: isNumber.optional(),
    ZoomX: isNumber.optional(),
    ZoomY: isNumber.optional(),
    PageNumber: isInteger.optional(),
    IsCoverAsset: isFlag.optional(),
  })
  .refine(
    (asset) => asset.ProductNodeID !== undefined || asset.DP2NodeID !== undefined,
    "ProductNodeID is required.",
  );

const itemSchema = z.strictObject({
  ProductUID: isInteger,
  Quantity: isCount,
  EditorId: isText.optional(),
  LayoutRotation: isNumber.nullish(),
  ItemBookAttribute: z.strictObject({ NumberOfPages: isCount, BookAttributeUID: isInteger }).nullish(),
  ItemAssets: z.array(assetSchema).min(1, "Ensure this field has at least 1 elements."),
  ItemAttributes: z.array(attributeSchema),
});

const orderSchema = z.strictObject({
  SequenceNumber: z.union([isInteger, atMost(10).min(1)], { error: "A sequence number is required." }),
  DropShipFlag: isInteger.optional(),
  FromAddressValue: isInteger.optional(),
  Reference: atMost(32).nullish(),
  Instructions: atMost(500).nullish(),
  SendNotificationEmailAddress: isEmail.nullish(),
  SendNotificationEmailToAccount: isFlag.nullish(),
  ShipToAddress: addressSchema,
  ShipFromAddress: addressSchema,
  OrderAttributes: z.array(attributeSchema),
  OrderItems: z.array(itemSchema).min(1, "Ensure this field has at least 1 elements."),
});

const entrySchema = z.strictObject({
  EntryId: isText,
  Orders: z.array(orderSchema).min(1, "Ensure this field has at least 1 elements."),
});

export type Entry = z.infer<typeof entrySchema>;
export type EntryOrder = Entry["Orders"][number];

/** Reads an order body; a Reply is the refusal. */
export function readEntry(body: unknown): { entry: Entry } | { refused: Reply } {
  const read = readStrictly(entrySchema, body);
  if (!read.ok) return { refused: refusalOf(read.troubles) };
  const trouble = rulesTrouble(read.value);
  return trouble === undefined ? { entry: read.value } : { refused: failure("412.02", trouble) };
}

function refusalOf(troubles: Trouble[]): Reply {
  const onlyMail = troubles.every(
    ({ path, kind }) => path.includes("SendNotificationEmailAddress") && kind === "wrong",
  );
  return failure(onlyMail ? "412.06" : "412.01", sentenceOf(troubles));
}

function rulesTrouble({ Orders }: Entry): string | undefined {
  const numbers = Orders.map(({ SequenceNumber }) => String(SequenceNumber));
  if (new Set(numbers).size !== numbers.length) return "a SequenceNumber is there twice";
  for (const order of Orders) {
    const trouble =
      attributesTrouble(order.OrderAttributes.map(({ AttributeUID }) => AttributeUID)) ??
      addressTrouble(order.ShipToAddress) ??
      itemsTrouble(order.OrderItems);
    if (trouble !== undefined) return `order ${order.SequenceNumber}: ${trouble}`;
  }
  return undefined;
}

function addressTrouble({ Country, State, Zip }: EntryOrder["ShipToAddress"]): string | undefined {
  if (!/^[A-Z]{2}$/.test(Country)) return `${Country} is not a country code`;
  if ((Country === "US" || Country === "CA") && !/^[A-Z]{2}$/.test(State)) return `${State} is not a state`;
  if (Country === "US" && !/^\d{5}(-?\d{4})?$/.test(Zip)) return `${Zip} is not a ZIP code`;
  return undefined;
}

function itemsTrouble(items: EntryOrder["OrderItems"]): string | undefined {
  for (const item of items) {
    const make = makes.find(({ productUid }) => productUid === item.ProductUID);
    if (!make) return `product ${item.ProductUID} is not in the catalog`;
    const given = item.ItemAttributes.map(({ AttributeUID }) => AttributeUID);
    const strange = given.find((uid) => !make.attributes.some((attribute) => attribute.uid === uid));
    if (strange !== undefined) return `product ${item.ProductUID} has no attribute ${strange}`;
    const missing = make.attributes.find(({ uid }) => !given.includes(uid));
    if (missing) return `product ${item.ProductUID} needs a choice of ${missing.category}`;
    if (!make.album) continue;
    if (items.length > 1) return "an album is the only item of its order";
    if (!item.ItemBookAttribute) return "an album needs an ItemBookAttribute";
    for (const { AssetPath, PageNumber } of item.ItemAssets) {
      if (PageNumber === undefined) return "every asset of an album has a PageNumber";
      if (!/\.jpe?g(\?|$)/i.test(AssetPath)) return `${AssetPath} is not a JPEG`;
    }
  }
  return undefined;
}
