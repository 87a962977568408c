// What a merchant fills in for dotcph: the key, how prices become wholesale prices, and which Shopify field is which
// of the agency's. Where the vendor's document leaves a question open, the answer is a setting here.
import { defineFields, type Values } from "../fields.ts";

const metafield = {
  regex: "[A-Za-z0-9_$:-]+\\.[A-Za-z0-9_-]+",
  message: "Write a metafield as namespace.key, for example custom.wholesale_price.",
} as const;

/** A connection's settings. Address and key: dotcph Brand Product API, "Authentication", "Base URL", read 2026-11-22. */
export const settings = defineFields([
  {
    key: "apiKey",
    kind: "secret",
    label: "API key",
    help: "From your agency, as key_id:secret. It looks like bk_abc123:… and both parts are needed.",
    pattern: {
      regex: "[\\x21-\\x39\\x3b-\\x7e]+:[\\x21-\\x7e]+",
      message: "API key must be two parts with a colon between them, key_id:secret. Copy it whole.",
    },
  },
  {
    key: "baseUrl",
    kind: "url",
    label: "API address",
    help: "Change it only when your agency tells you to.",
    default: "https://dotcph.com/api/v1",
  },
  {
    key: "currency",
    kind: "text",
    label: "Your brand's currency at dotcph",
    help: "Three letters, for example DKK. dotcph does not tell it; ask your agency.",
    pattern: { regex: "[A-Za-z]{3}", message: "A currency has three letters, for example DKK." },
  },
  {
    key: "exchangeRate",
    kind: "number",
    label: "Exchange rate",
    help: "How much of that currency one unit of your shop's currency is. Only when the two differ; while it is empty, such products are held.",
    required: false,
    min: 0.000001,
    max: 1_000_000,
  },
  {
    key: "wholesaleRule",
    kind: "choice",
    label: "Wholesale price",
    help: "What the agency pays you. The cost you entered in Shopify is your own affair and is never sent.",
    choices: [
      { value: "percent", label: "A percentage of the retail price" },
      { value: "metafield", label: "From a metafield of the variant or the product" },
      { value: "list", label: "From the price list below" },
    ],
  },
  {
    key: "wholesalePercent",
    kind: "number",
    label: "Percentage",
    help: "For example 50, when the agency pays half of the retail price.",
    required: false,
    min: 0.01,
    max: 100,
  },
  {
    key: "wholesaleMetafield",
    kind: "text",
    label: "Metafield with the wholesale price",
    help: "A plain number in it is read in your brand's currency.",
    required: false,
    pattern: metafield,
  },
  {
    key: "wholesalePrices",
    kind: "list",
    label: "Price list",
    help: "One row for a variant's SKU, or for the product's SKU when all its variants cost the same. In your brand's currency.",
    required: false,
    fields: [
      { key: "sku", kind: "text", label: "SKU" },
      { key: "price", kind: "number", label: "Wholesale price", min: 0.01 },
    ],
  },
  {
    key: "skuRule",
    kind: "choice",
    label: "Product SKU",
    help: "dotcph knows a product by one SKU, Shopify has one for each variant. A product whose SKU changes is another product at dotcph.",
    choices: [
      { value: "prefix", label: "What its variants' SKUs begin with" },
      { value: "handle", label: "Its handle in Shopify" },
      { value: "metafield", label: "From a metafield of the product" },
    ],
    default: "prefix",
  },
  {
    key: "skuMetafield",
    kind: "text",
    label: "Metafield with the product SKU",
    required: false,
    pattern: metafield,
  },
  {
    key: "sizeOptions",
    kind: "text",
    label: "Options that are the size",
    help: "Names of product options, separated by commas.",
    default: "Size",
  },
  { key: "colorOptions", kind: "text", label: "Options that are the color", default: "Color, Colour" },
  {
    key: "materialOptions",
    kind: "text",
    label: "Options that are the material",
    default: "Material, Fabric",
  },
  {
    key: "compositionMetafield",
    kind: "text",
    label: "Metafield with the composition",
    help: "Of the variant or the product, for example 80% cotton, 20% polyester.",
    required: false,
    pattern: metafield,
  },
  {
    key: "leadTimeDays",
    kind: "number",
    label: "Lead time in days",
    required: false,
    whole: true,
    min: 0,
    max: 3650,
  },
  {
    key: "leadTimeMetafield",
    kind: "text",
    label: "Metafield with the lead time in days",
    help: "Of the product; where it is empty, the lead time above is sent.",
    required: false,
    pattern: metafield,
  },
  {
    key: "pictures",
    kind: "choice",
    label: "Pictures",
    choices: [
      { value: "link", label: "Send links to the pictures in your shop" },
      { value: "upload", label: "Send the pictures themselves (the agency needs picture storage)" },
      { value: "none", label: "Send no pictures" },
    ],
    default: "link",
  },
  {
    key: "unchangedPictures",
    kind: "choice",
    label: "Pictures that did not change",
    help: "dotcph does not say whether pictures sent again replace the first ones or stand beside them.",
    choices: [
      { value: "leave out", label: "Leave out" },
      { value: "send again", label: "Send again (when pictures disappear at the agency)" },
    ],
    default: "leave out",
  },
  {
    key: "metadata",
    kind: "list",
    label: "Further facts from metafields",
    help: "The agency sees them under the name you give, for example designer.",
    required: false,
    fields: [
      { key: "metafield", kind: "text", label: "Metafield", pattern: metafield },
      { key: "name", kind: "text", label: "Name at the agency" },
    ],
  },
]);
export type Settings = Values<typeof settings>;
