// WHCC's calls that are not about one order, as forms in the admin: the lists a merchant picks numbers from, and callbacks.
import { defineTool, type AnyTool, type Asking, type VendorProduct } from "../vendor.ts";
import { ownAccount } from "./account.ts";
import { fetchCatalogue } from "./catalogue.ts";
import { validateWebhook } from "./callbacks.ts";
import { editorApi, submitApi, type Api } from "./client.ts";
import { designTools } from "./design-tools.ts";
import { fetchDesigns, fetchProducts, type CatalogueRow } from "./editors.ts";
import type { Settings } from "./settings.ts";

const search = {
  key: "search",
  kind: "text",
  label: "Search",
  help: "A part of the name. Leave empty to see all.",
  required: false,
} as const;

function matches(words: string | undefined, ...texts: string[]): boolean {
  const wanted = (words ?? "").trim().toLowerCase();
  return texts.some((text) => text.toLowerCase().includes(wanted));
}

const products = defineTool<Settings>()({
  id: "products",
  label: "Products to design",
  help: "What your shoppers can design with your Editor API key.",
  group: "Catalogue",
  fields: [search],
  run: async (input, settings, calls) =>
    listed(await fetchProducts(await own(settings, calls)), input.search, ["product", "Editor"]),
});

const designs = defineTool<Settings>()({
  id: "designs",
  label: "Designs to start from",
  help: "The templates a shopper's design can start from.",
  group: "Catalogue",
  fields: [search],
  run: async (input, settings, calls) =>
    listed(await fetchDesigns(await own(settings, calls)), input.search, ["design", "For the product"]),
});

const own = (settings: Settings, asking: Asking): Promise<Api> =>
  editorApi(ownAccount(settings), settings, asking);

function listed(
  all: readonly CatalogueRow[],
  words: string | undefined,
  [noun, last]: readonly [noun: string, last: string],
) {
  const found = all.filter(({ id, name, category, kind }) => matches(words, id, name, category, kind));
  if (found.length === 0)
    return {
      sentence: all.length === 0 ? `WHCC shows this key no ${noun}.` : `No ${noun} fits “${words ?? ""}”.`,
    };
  return {
    sentence: found.length === 1 ? `One ${noun}.` : `${found.length} ${noun}s.`,
    table: {
      columns: ["Name", "Category", last, "ID"],
      rows: found.map(({ id, name, category, kind }) => [name, category, kind, id]),
    },
  };
}

const attributes = defineTool<Settings>()({
  id: "order-attributes",
  label: "Order attributes",
  help: "The numbers for shipping and packaging in the settings. Use a number only together with the one it belongs to. Needs the keys of the Order Submit API.",
  group: "Catalogue",
  fields: [search],
  run: async (input, settings, calls) => {
    const { attributes: all } = await fetchCatalogue(await submitApi(settings, calls));
    const names = new Map(all.map(({ uid, name }) => [uid, name]));
    const found = all.filter(({ uid, name, group }) => matches(input.search, String(uid), name, group));
    if (found.length === 0) return { sentence: "No order attribute fits." };
    return {
      sentence: found.length === 1 ? "One order attribute." : `${found.length} order attributes.`,
      table: {
        columns: ["Number", "Name", "Kind", "Only together with"],
        rows: found.map(({ uid, name, group, parentUid }) => [
          uid,
          name,
          group,
          parentUid === undefined ? "" : `${parentUid} ${names.get(parentUid) ?? ""}`.trim(),
        ]),
      },
    };
  },
});

const productNumbers = defineTool<Settings>()({
  id: "product-numbers",
  label: "Product numbers",
  help: "The numbers (ProductUID) that a finished design can have, for the products page. Needs the keys of the Order Submit API.",
  group: "Catalogue",
  fields: [search],
  run: async (input, settings, calls) => {
    const { products: all } = await fetchCatalogue(await submitApi(settings, calls));
    const found = all.filter(({ uid, name, category }) => matches(input.search, String(uid), name, category));
    if (found.length === 0) return { sentence: "No product fits." };
    return {
      sentence: found.length === 1 ? "One product." : `${found.length} products.`,
      table: {
        columns: ["Number", "Name", "Category"],
        rows: found.map(({ uid, name, category }) => [uid, name, category]),
      },
    };
  },
});

const validate = defineTool<Settings>()({
  id: "check-callback",
  label: "Check a callback",
  help: "Asks WHCC whether it signed a message, for when you look into one by hand.",
  group: "Callbacks",
  fields: [
    { key: "body", kind: "text", label: "Message", help: "Exactly as it came." },
    {
      key: "signature",
      kind: "text",
      label: "WHCC-Signature",
      help: "The header of that name, with t= and v1=.",
    },
  ],
  run: async ({ body, signature }, settings, calls) => {
    const isTrue = await validateWebhook(await own(settings, calls), { body, signature });
    if (isTrue === undefined) return { sentence: "WHCC had nothing against it, and did not say more." };
    return {
      sentence: isTrue
        ? "WHCC says that it signed this message."
        : "WHCC says that it did not sign this message.",
    };
  },
});

/** Every tool, in the order of a merchant's first days. */
export const tools: readonly AnyTool<Settings>[] = [
  products,
  designs,
  attributes,
  productNumbers,
  ...designTools,
  validate,
];

/**
 * The pick-list of the mapping page. With the Order Submit API's keys a row brings the product number that a design is
 * compared with; GET /products knows none, so its rows leave that to be filled in.
 */
export async function listProducts(
  settings: Settings,
  words: string,
  asking: Asking,
): Promise<VendorProduct[]> {
  const made =
    settings.consumerKey && settings.consumerSecret
      ? (await fetchCatalogue(await submitApi(settings, asking))).products
      : [];
  const designable = await fetchProducts(await own(settings, asking));
  return [
    ...made
      .filter(({ uid, name, category }) => matches(words, String(uid), name, category))
      .map(({ uid, name, category }) => ({
        label: name,
        detail: `${category}, product number ${uid}`,
        config: { productUids: String(uid) },
      })),
    ...designable
      .filter(({ id, name, category }) => matches(words, id, name, category))
      .map(({ id, name, category }) => ({
        label: name,
        detail: [category, "to design; fill in the product number yourself"].filter(Boolean).join(", "),
        config: { editorProductId: id },
      })),
  ].slice(0, 250);
}
