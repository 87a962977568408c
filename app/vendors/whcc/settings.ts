// What a merchant fills in for WHCC: the connection's settings, and what a Mapping stores about a design.
// No attribute number is a default here: which exist and which go together is the merchant's own WHCC catalogue.
import { defineFields, type Values } from "../fields.ts";

const uidList = {
  regex: "\\s*\\d{1,9}(\\s*[,; ]\\s*\\d{1,9})*\\s*",
  message: "Write the numbers from your WHCC catalogue, separated by commas, for example 548, 553.",
};

/** A connection's settings. Both APIs have keys of their own; the Order Submit API's are needed for its way only. */
export const settings = defineFields([
  {
    key: "baseUrl",
    kind: "url",
    label: "Editor API address",
    help: "WHCC's own address. While you try it out, WHCC's staging address with staging keys.",
    default: "https://prospector.dragdrop.design",
  },
  { key: "key", kind: "text", label: "Editor API key", help: "From WHCC." },
  { key: "secret", kind: "secret", label: "Editor API secret", help: "From WHCC." },
  {
    key: "accountId",
    kind: "text",
    label: "Account ID for all designs",
    help: "WHCC keeps designs by the account they were made for. Leave empty when your shop gives every shopper an account and names it in the line item property _whcc_account_id.",
    required: false,
  },
  {
    key: "editorProperty",
    kind: "text",
    label: "Property with the design",
    help: "The name of the line item property in which your shop keeps WHCC's editor ID.",
    default: "_editor_id",
  },
  {
    key: "placing",
    kind: "choice",
    label: "Place orders through",
    help: "Both make the same order. Choose the Order Submit API only if WHCC gave you keys for it.",
    choices: [
      { value: "editor", label: "The Editor API" },
      { value: "submit", label: "The Order Submit API" },
    ],
    default: "editor",
  },
  {
    key: "submitBaseUrl",
    kind: "url",
    label: "Order Submit API address",
    help: "WHCC's own address, or https://sandbox.apps.whcc.com with sandbox keys.",
    default: "https://apps.whcc.com",
  },
  {
    key: "consumerKey",
    kind: "text",
    label: "Order Submit consumer key",
    help: "Needed to place orders through the Order Submit API, and to look up attribute numbers.",
    required: false,
  },
  { key: "consumerSecret", kind: "secret", label: "Order Submit consumer secret", required: false },
  {
    key: "orderAttributes",
    kind: "text",
    label: "Order attributes of every order",
    help: "Usually the one that says “drop ship to client”. The tool “Order attributes” lists the numbers.",
    pattern: uidList,
  },
  {
    key: "shippingAttributes",
    kind: "list",
    label: "Shipping methods",
    help: "Which WHCC order attributes each of your Shopify shipping methods is.",
    required: false,
    fields: [
      {
        key: "shopify",
        kind: "text",
        label: "Shopify shipping method",
        help: "Its name or code, as on the order.",
      },
      { key: "uids", kind: "text", label: "WHCC order attributes", pattern: uidList },
    ],
  },
  {
    key: "defaultShippingAttributes",
    kind: "text",
    label: "WHCC order attributes for all other methods",
    help: "Leave empty to hold orders whose shipping method is not in the list.",
    required: false,
    pattern: uidList,
  },
  {
    key: "countries",
    kind: "text",
    label: "Countries you ship to through WHCC",
    help: "Two-letter codes, separated by commas. Orders to other countries are held.",
    default: "US",
    pattern: {
      regex: "\\s*[A-Za-z]{2}(\\s*[,; ]\\s*[A-Za-z]{2})*\\s*",
      message: "Write codes such as US, CA.",
    },
  },
  {
    key: "maxOrderUsd",
    kind: "number",
    label: "Highest cost of one order in US dollars",
    help: "What WHCC asks for it with shipping and tax. Dearer orders are held for you to look at.",
    required: false,
    min: 0,
  },
  {
    key: "fromName",
    kind: "text",
    label: "Sender: name",
    help: "WHCC prints this address on the parcel; returns go there.",
  },
  { key: "fromAddr1", kind: "text", label: "Sender: street" },
  { key: "fromAddr2", kind: "text", label: "Sender: second line", required: false },
  { key: "fromCity", kind: "text", label: "Sender: city" },
  { key: "fromState", kind: "text", label: "Sender: state", help: "Two letters in the US and Canada." },
  { key: "fromZip", kind: "text", label: "Sender: ZIP code" },
  {
    key: "fromCountry",
    kind: "text",
    label: "Sender: country",
    default: "US",
    pattern: { regex: "[A-Za-z]{2}", message: "Write the country as two letters, for example US." },
  },
]);
export type Settings = Values<typeof settings>;

/** What a Mapping stores: which design fits the variant that was paid for, and what its order has besides. */
export const product = defineFields([
  {
    key: "productUids",
    kind: "text",
    label: "Product numbers (ProductUID)",
    help: "A design of any other WHCC product is held, because the shopper may have changed it after paying. The tool “Look at a design” shows the number of a sample design.",
    pattern: uidList,
  },
  {
    key: "selections",
    kind: "text",
    label: "What the design must be",
    help: "Words from the design's summary, separated by commas, for example 10×10, Lustre. All of them must be in it. Leave empty to compare only the product number.",
    required: false,
  },
  {
    key: "maxPriceUsd",
    kind: "number",
    label: "Highest price of one piece in US dollars",
    help: "What WHCC asks you for one piece, without shipping. A dearer design is held.",
    required: false,
    min: 0,
  },
  {
    key: "moreAttributes",
    kind: "text",
    label: "Further order attributes",
    help: "Numbers that are added for this variant, for example for packaging.",
    required: false,
    pattern: uidList,
  },
  {
    key: "ownAttributes",
    kind: "text",
    label: "Order attributes instead of the connection's",
    help: "WHCC takes these numbers and no others for this variant, so one of them must be a shipping method. Usually empty.",
    required: false,
    pattern: uidList,
  },
  {
    key: "editorProductId",
    kind: "text",
    label: "Product in the Editor API",
    help: "WHCC's ID of the product that shoppers design. Only a note for you and for the tool “Start a design”.",
    required: false,
  },
]);
export type Product = Values<typeof product>;

/** The numbers in "548, 553", each once, in their order. */
export function uidsIn(list: string | undefined): number[] {
  return [...new Set((list ?? "").match(/\d+/g)?.map(Number) ?? [])];
}
