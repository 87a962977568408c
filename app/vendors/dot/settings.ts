// What a merchant fills in for MGE DOT: once for the account, and for each variant that is a painting kit.
import { defineFields, type Values } from "../fields.ts";

/** One MGE account and brand. Keys are stored; they are never renamed. */
export const settings = defineFields([
  {
    key: "baseUrl",
    label: "Web address of MGE",
    kind: "url",
    default: "https://www.mgeveryday.sg",
    help: "Leave as it is unless MGE gave you another one.",
  },
  {
    key: "apiKey",
    label: "API key",
    kind: "secret",
    pattern: { regex: "[\\x21-\\x7e]+", message: "An MGE key is one word without spaces." },
    help: "From your MGE account. It usually starts with mge_sk_.",
  },
  {
    key: "brandId",
    label: "Brand number",
    kind: "number",
    whole: true,
    min: 1,
    help: "The number of your brand at MGE. The connection test lists yours when this one does not fit.",
  },
  {
    key: "submission",
    label: "How orders are placed",
    kind: "choice",
    choices: [
      { value: "draft", label: "As a draft that MGE checks first (recommended)" },
      { value: "direct", label: "Directly, in one step" },
    ],
    default: "draft",
    help: "If the answer to a draft is lost, the app can find out by itself what became of it. If the answer to a direct order is lost, you have to look at MGE.",
  },
  {
    key: "artworkTransfer",
    label: "How photos reach MGE",
    kind: "choice",
    choices: [
      { value: "asset-url", label: "As a link in the order (recommended)" },
      { value: "upload", label: "Uploaded with the draft" },
      { value: "from-url", label: "As a link that the draft copies at once" },
    ],
    default: "asset-url",
    help: "Direct orders always carry the link, because only drafts take files.",
  },
  {
    key: "artworkSource",
    label: "When a line has a chosen preview and a photo",
    kind: "choice",
    choices: [
      { value: "preview", label: "Order the preview the shopper chose" },
      { value: "photo", label: "Order from the photo; MGE makes a new painting of it" },
    ],
    default: "preview",
    help: "MGE's previews expire. To send an order whose preview has expired, choose the photo and try the order again; the result may look different from what the shopper saw.",
  },
  {
    key: "propertyPreviews",
    label: "Take preview numbers from line properties",
    kind: "toggle",
    default: true,
    help: "For shops whose own page writes _dot_preview_option_id. A line with a photo from this app's preview never needs it; turn it off when no other page of yours writes it.",
  },
  {
    key: "previewDays",
    label: "Days a preview can be ordered from",
    kind: "number",
    min: 0.01,
    max: 60,
    default: 7,
    help: "MGE does not say how long it keeps previews. An older one is made again from the same photo before the order is sent.",
  },
  {
    key: "previewAgain",
    label: "When a preview had to be made again",
    kind: "choice",
    choices: [
      { value: "hold", label: "Hold the order and show me both pictures" },
      { value: "send", label: "Send the order" },
    ],
    default: "hold",
    help: "Happens when the shopper paid for another size than they looked at, or when the preview is too old. The photo and the look are the same; the new painting may differ a little.",
  },
  {
    key: "cropMode",
    label: "Crop mode",
    kind: "text",
    default: "auto_allowed",
    pattern: { regex: "[a-z0-9_]{1,40}", message: "A crop mode is written in small letters and _." },
    help: "auto_allowed is the only value MGE has published. Sent for photos whose size we know.",
  },
  {
    key: "linkProperties",
    label: "Line properties with the photo link",
    kind: "text",
    default: "_dot_asset_url",
    help: "Names separated by commas, looked at in this order; add the name of your upload field here.",
  },
  {
    key: "upperCaseSku",
    label: "Write SKUs in capital letters",
    kind: "toggle",
    default: true,
  },
  {
    key: "shippingMethodId",
    label: "Shipping method number",
    kind: "number",
    whole: true,
    min: 1,
    required: false,
    help: "Only if MGE told you to send one. It goes with drafts only.",
  },
  {
    key: "defaultPhone",
    label: "Phone number for parcels without one",
    kind: "text",
    required: false,
    // What is left of it, "+" and digits, must be a number that phoneOf takes.
    pattern: {
      regex: "\\+?(?:[ ()./-]*[0-9]){5,15}[ ()./-]*",
      message: "Write a phone number with its country code, for example +65 6123 4567.",
    },
    help: "Your own. Empty: such orders are held.",
  },
  {
    key: "uploadField",
    label: "Name of the upload field",
    kind: "text",
    default: "image",
    pattern: { regex: "[A-Za-z][A-Za-z0-9_]{0,39}", message: "A field name has letters, digits and _ only." },
    help: "Used when photos are uploaded with the draft. Change it only if MGE says so.",
  },
  {
    key: "followOrders",
    label: "Follow orders at MGE",
    kind: "toggle",
    default: true,
    help: "Asks MGE now and then how far an order is and shows its own word for it. MGE sends no tracking numbers.",
  },
]);

/** What a Mapping stores about a kit. */
export const product = defineFields([
  {
    key: "sku",
    label: "MGE SKU",
    kind: "text",
    required: false,
    help: "For example DOT/VF/40X50/W/BLACK/STD. Left empty, the variant's own SKU is used if it starts with DOT/.",
  },
  {
    key: "size",
    label: "Size",
    kind: "text",
    required: false,
    help: "This and the next ones only narrow the list of SKUs.",
  },
  { key: "frame", label: "Frame", kind: "text", required: false },
  { key: "color", label: "Colour", kind: "text", required: false },
  { key: "speed", label: "Speed", kind: "text", required: false },
  { key: "family", label: "Family", kind: "text", required: false },
  {
    key: "cropMode",
    label: "Crop mode for this product",
    kind: "text",
    required: false,
    pattern: { regex: "[a-z0-9_]{1,40}", message: "A crop mode is written in small letters and _." },
    help: "Left empty, the one of the connection is used.",
  },
  {
    key: "lowestPrice",
    label: "Lowest price",
    kind: "number",
    min: 0,
    required: false,
    help: "In your shop's currency, for one kit before discounts. A kit that was sold for less waits for your approval: somebody may have got it at the price of another.",
  },
]);

export type Settings = Values<typeof settings>;
export type Product = Values<typeof product>;
