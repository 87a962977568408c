// What Dora sells beside rings, looked at by a person.
import { defineTool, type AnyTool } from "../vendor.ts";
import { findProducts, readProduct } from "./lists.ts";
import { money } from "./rings.ts";
import { readUser } from "./sessions.ts";
import type { Settings } from "./settings.ts";
import { counted, linked, pagesOf } from "./wording.ts";

const tool = defineTool<Settings>();
const group = "Other products";
const pageSize = 50;

const products = tool({
  id: "products",
  label: "Find products",
  help: "What Dora sells in your country beside rings, such as boxes and displays.",
  group,
  fields: [
    {
      key: "search",
      kind: "text",
      label: "Search",
      help: "A part of the name or description.",
      required: false,
    },
    {
      key: "sortBy",
      kind: "choice",
      label: "Sorted by",
      choices: [
        { value: "product_name", label: "Name" },
        { value: "product_price", label: "Price" },
      ],
      default: "product_name",
    },
    { key: "descending", kind: "toggle", label: "Highest first", default: false },
    { key: "page", kind: "number", label: "Page", default: 1, whole: true, min: 1 },
  ],
  run: async ({ search, sortBy: sort_by, descending, page }, settings, calls) => {
    const sort_dir = descending ? "desc" : "asc";
    const wanted = { search: search?.trim() || undefined, sort_by, sort_dir, page, limit: pageSize } as const;
    const { items, pagination } = await findProducts(wanted, settings, calls);
    if (items.length === 0)
      return { sentence: page > 1 ? `There is no page ${page}.` : "No product of Dora's fits." };
    const { currency_code: currency } = await readUser(settings, calls);
    return {
      sentence: `${counted(pagination?.total ?? items.length, "product")}${pagesOf(pagination)}`,
      table: {
        columns: ["Product", "Description", "Price", "Product id"],
        rows: items.map(({ id, name, description, price, image }) => [
          linked(name ?? `Product ${id}`, image),
          description ?? "",
          typeof price === "number" ? money(price, currency) : "",
          id,
        ]),
      },
    };
  },
});

const product = tool({
  id: "product",
  label: "A product",
  help: "Everything Dora tells about one product.",
  group,
  fields: [
    { key: "id", kind: "number", label: "Product id", help: "From “Find products”.", whole: true, min: 1 },
  ],
  run: async ({ id }, settings, calls) => {
    const found = await readProduct(id, settings, calls);
    if (!found) return { sentence: `Dora has no product ${id}.` };
    const { name, description, price, image } = found;
    const { currency_code: currency } = await readUser(settings, calls);
    return {
      sentence: `${name ?? `Product ${id}`} costs ${money(price, currency)}.`,
      facts: [
        ["Description", description || "none"],
        ["Price", money(price, currency)],
        ["Product id", String(id)],
      ],
      ...(image && { image }),
    };
  },
});

/** The tools of what is no ring, in the order in which the admin shows them. */
export const productTools: readonly AnyTool<Settings>[] = [products, product];
