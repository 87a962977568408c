// What a merchant fills in for Dora: the dealer login, and for every variant which ring or product it is.
import { defineFields, type Values } from "../fields.ts";

/** A Connection's settings. `maxTotal` and expected prices are in the dealer's own currency. */
export const settings = defineFields([
  {
    key: "baseUrl",
    kind: "url",
    label: "Web address",
    help: "Dora's own address. Change it only if Dora gave you another one.",
    default: "https://api.configuredora.com",
  },
  {
    key: "username",
    kind: "text",
    label: "User name",
    help: "Ask Dora for a login of its own for this app. With a shared login, what somebody else puts into the cart stops your orders.",
  },
  { key: "password", kind: "secret", label: "Password" },
  {
    key: "priceTolerance",
    kind: "number",
    label: "Price tolerance in percent",
    help: "An order is held when Dora's price differs by more than this from the expected prices of its products. 0 means it must be the same. Leave it empty to accept any price. The price changes with the ring size, so leave some room. Orders with a product that has no expected price are not compared.",
    required: false,
    min: 0,
    max: 100,
  },
  {
    key: "maxTotal",
    kind: "number",
    label: "Highest total of one order",
    help: "In the currency of your Dora account. Dearer orders are held for you to look at.",
    required: false,
    min: 0,
  },
  {
    key: "cannotBeSent",
    kind: "text",
    label: "Personalisation that cannot be sent",
    help: "Parts of property names, separated by commas. Dora takes no engraving, so an order with one is held instead of being made without it.",
    default: "engrav, inscri, gravur",
  },
  {
    key: "sizeNames",
    kind: "text",
    label: "Names of the ring size",
    help: "What your shop calls the ring size, as an option of a variant or as a property that the shopper fills in, separated by commas.",
    default: "Ring size, Size",
  },
  {
    key: "finishNames",
    kind: "text",
    label: "Names of the finish property",
    help: "What your product page calls the surface finish, separated by commas.",
    default: "Finish",
  },
]);

/** The settings as the folder's functions get them. */
export type Settings = Values<typeof settings>;

/** The metal colours of the Dora API v2 document, 'Update Cart', read 2026-11-22. */
export const colors = ["White", "Yellow", "Rose"] as const;
/** The surface finishes of the same section. */
export const finishes = ["Polished", "Hammered", "Brushed", "Iced"] as const;

const choicesOf = <const T extends string>(values: readonly T[]): { value: T; label: T }[] =>
  values.map((value) => ({ value, label: value }));

/** What a Mapping stores: everything that costs money comes from here, never from a shopper's property. */
export const product = defineFields([
  {
    key: "type",
    kind: "choice",
    label: "Kind",
    choices: [
      { value: "ring", label: "Ring" },
      { value: "product", label: "Other product" },
    ],
    default: "ring",
  },
  {
    key: "collectionId",
    kind: "number",
    label: "Collection",
    help: "Rings only. Once it is chosen, its rings are offered below.",
    required: false,
    whole: true,
    min: 1,
  },
  {
    key: "id",
    kind: "number",
    label: "Ring or product",
    help: "Search for it above, or choose a collection first. Else its number at Dora.",
    whole: true,
    min: 1,
  },
  {
    key: "width",
    kind: "number",
    label: "Width in mm",
    help: "Rings only.",
    required: false,
    min: 0.1,
    max: 100,
  },
  {
    key: "parts",
    kind: "list",
    label: "Parts",
    help: "Rings only: every part of the ring, with its metal.",
    min: 0,
    fields: [
      {
        key: "name",
        kind: "text",
        label: "Part",
        help: "As Dora calls it, for example Band.",
        pattern: { regex: ".*\\S.*", message: "A part needs its name." },
      },
      { key: "metalId", kind: "number", label: "Metal", whole: true, min: 1 },
      {
        key: "color",
        kind: "choice",
        label: "Colour",
        help: "Leave it empty only for a metal that comes in no colours.",
        choices: choicesOf(colors),
        required: false,
      },
      {
        key: "finish",
        kind: "choice",
        label: "Finish",
        help: "Leave it empty only for a metal that comes in no finishes.",
        choices: choicesOf(finishes),
        required: false,
      },
      {
        key: "finishes",
        kind: "text",
        label: "Finishes the shopper may choose",
        help: "Separated by commas, for example Polished, Brushed. Only finishes that cost the same. Empty: none.",
        required: false,
      },
    ],
  },
  {
    key: "sizeMm",
    kind: "number",
    label: "Ring size in mm",
    help: "For a variant that has one size, and whenever the shopper is not asked for one. Filled in when an option of the variant names a size of the list below.",
    required: false,
    min: 1,
    max: 200,
  },
  {
    key: "sizes",
    kind: "list",
    label: "Sizes the shopper may choose",
    help: "Filled in with the sizes of your country when a ring is chosen. The tool “Ring sizes” on the Vendors page lists them as well. Add rows for what your shop calls them.",
    min: 0,
    fields: [
      {
        key: "label",
        kind: "text",
        label: "Size",
        help: "What the shopper sees, for example 54, 7 1/2 or P½.",
      },
      { key: "sizeMm", kind: "number", label: "Size in mm", min: 1, max: 200 },
    ],
  },
  {
    key: "diamonds",
    kind: "list",
    label: "Diamonds",
    help: "Only when Dora gave you these ids. They are not part of its catalogue.",
    min: 0,
    fields: [
      { key: "cutId", kind: "number", label: "Cut id", whole: true },
      { key: "countSize", kind: "number", label: "Count size" },
      { key: "size", kind: "number", label: "Size" },
      { key: "qualityId", kind: "text", label: "Quality id" },
    ],
  },
  {
    key: "expectedPrice",
    kind: "number",
    label: "Expected price of one",
    help: "In the currency of your Dora account, for the size that is chosen or Dora's usual one. It follows what you choose above. Compared when a price tolerance is set.",
    required: false,
    min: 0,
  },
]);

/** A mapped product as the folder's functions get it. */
export type Product = Values<typeof product>;

/** A comma list of a settings field as its trimmed, non-empty entries. */
export function listOf(text: string | undefined): string[] {
  return (text ?? "")
    .split(",")
    .map((entry) => entry.trim())
    .filter((entry) => entry !== "");
}
