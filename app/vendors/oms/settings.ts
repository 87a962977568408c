// What a merchant fills in for Ideal Factory's OMS: the connection's settings, and what a Mapping stores.
// Where the vendor's document leaves a question open, the answer is a setting here and not a guess in code.
import { defineFields, type Values } from "../fields.ts";

/** A connection's settings. There is no default address: the OMS REST API text (read 2026-11-22) names none. */
export const settings = defineFields([
  {
    key: "baseUrl",
    kind: "url",
    label: "API address",
    help: "The web address of your OMS, as Ideal Factory support gave it to you, for example https://oms.example.com.",
  },
  {
    key: "token",
    kind: "secret",
    label: "API token",
    help: "Issued by Ideal Factory support. It does not expire by itself.",
    pattern: {
      regex: "[\\x21-\\x7e]+",
      message: "API token must be one word without spaces. Copy it again, without the word Bearer.",
    },
  },
  {
    key: "storeId",
    kind: "text",
    label: "Store ID",
    help: "Issued by Ideal Factory support, one for each of your stores.",
  },
  {
    key: "createPrintFiles",
    kind: "toggle",
    label: "Make print files at once",
    help: "The OMS makes the print file of every item as soon as it has the order.",
    default: true,
  },
  {
    key: "shippingCodes",
    kind: "list",
    label: "Shipping codes",
    help: "Which OMS shipping code each of your Shopify shipping methods is.",
    required: false,
    fields: [
      {
        key: "shopify",
        kind: "text",
        label: "Shopify shipping method",
        help: "Its name or code, as on the order.",
      },
      { key: "code", kind: "text", label: "OMS shipping code" },
    ],
  },
  {
    key: "defaultShippingCode",
    kind: "text",
    label: "OMS shipping code for all other methods",
    help: "Leave empty to hold orders whose shipping method is not in the list.",
    required: false,
  },
  {
    key: "recipient",
    kind: "choice",
    label: "Customer name",
    help: "OMS addresses have no field for a name, so the parcel carries the name of the customer.",
    choices: [
      { value: "shipping", label: "The person the parcel goes to" },
      { value: "billing", label: "The person who paid (the recipient is written in the note)" },
    ],
    default: "shipping",
  },
  {
    key: "sendNote",
    kind: "toggle",
    label: "Send the order note",
    help: "When the parcel goes to a company or to somebody else than the buyer, the note says so too.",
    default: true,
  },
  {
    key: "sendBillingAddress",
    kind: "toggle",
    label: "Send the billing address",
    help: "The OMS does not need it.",
    default: false,
  },
  {
    key: "stripHash",
    kind: "toggle",
    label: "Send the order number without #",
    help: "1001 instead of #1001.",
    default: false,
  },
  {
    key: "placeholderPostcode",
    kind: "text",
    label: "Postcode for countries without one",
    help: "The OMS asks for a postcode even where none exists. Ask Ideal Factory what they want there.",
    required: false,
  },
  {
    key: "designProperty",
    kind: "text",
    label: "Property with the design",
    help: "The name of the line item property in which your customiser leaves the design.",
    default: "_template_config",
  },
  {
    key: "thumbnailProperties",
    kind: "text",
    label: "Properties with pictures of the design",
    help: "Names of line item properties, separated by commas.",
    default: "_thumbnails, _thumbnail",
  },
  {
    key: "designVersionProperty",
    kind: "text",
    label: "Property with the design version",
    default: "_design_version_id",
  },
  {
    key: "afterSilence",
    kind: "choice",
    label: "When the OMS did not answer and does not know the items",
    help: "The OMS cannot be asked for an order by its number, only for the print file of an item. Ask Ideal Factory whether an item without a print file can still be an order before you let orders be sent again.",
    choices: [
      { value: "hold", label: "Hold the order, a person looks in the OMS" },
      { value: "send-again", label: "Send it again (only when print files are made at once)" },
    ],
    default: "hold",
  },
]);
export type Settings = Values<typeof settings>;

/** What a Mapping stores about the product at the OMS. */
export const product = defineFields([
  {
    key: "omsVariantId",
    kind: "text",
    label: "Variant ID in the OMS",
    help: "The ID of your variant as the OMS was told it. Leave empty when that is the Shopify variant ID.",
    required: false,
  },
  {
    key: "defaultThumbnailUrl",
    kind: "url",
    label: "Picture to send when the shopper's design has none",
    help: "The OMS asks for a picture of every item. Must start with https://.",
    required: false,
  },
]);
export type Product = Values<typeof product>;
