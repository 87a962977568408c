// Rings, looked for by a person: collections and the search.
import { defineTool, refuse, type AnyTool, type Cell } from "../vendor.ts";
import type { ItemPage } from "./catalogue.ts";
import { findRings, readCollections, readSiteCollections } from "./lists.ts";
import { money } from "./rings.ts";
import { listOf, type Settings } from "./settings.ts";
import { counted, linked, pagesOf } from "./wording.ts";

const tool = defineTool<Settings>();
const group = "Rings";
const whole = { kind: "number", whole: true, min: 1 } as const;
const search = { key: "search", kind: "text", label: "Search", required: false } as const;

const collections = tool({
  id: "collections",
  label: "Collections",
  help: "The collections that Dora sells in your country.",
  group,
  fields: [],
  run: async (_input, settings, calls) => {
    const found = await readCollections(settings, calls);
    if (found.length === 0) return { sentence: "Dora shows this login no collections." };
    return {
      sentence: `${counted(found.length, "collection")}.`,
      table: {
        columns: ["Collection", "Category", "New", "Collection id"],
        rows: found.map(({ id, collection_name, category_name, is_new, image }) => [
          linked(collection_name, image),
          category_name ?? "",
          is_new ? "new" : "",
          id,
        ]),
      },
    };
  },
});

const siteCollections = tool({
  id: "site-collections",
  label: "Collections of all countries",
  help: "The collections of Dora's website, by country. Their ids are the website's, not those of rings.",
  group,
  fields: [search],
  run: async (input, settings, calls) => {
    const found = await readSiteCollections(input.search?.trim(), settings, calls);
    if (found.length === 0) return { sentence: "No collection fits." };
    return {
      sentence: `${counted(found.length, "collection")}.`,
      table: {
        columns: ["Collection", "Country", "Website id"],
        rows: found.map((row) => [row.collection_name, row.country_name ?? "", row.id]),
      },
    };
  },
});

const pageSize = 50;

const rings = tool({
  id: "rings",
  label: "Find rings",
  help: "Searches Dora's catalogue. Prices are for the ring as Dora makes it when nothing is chosen.",
  group,
  fields: [
    { ...search, help: "A part of the style number." },
    { key: "collectionId", label: "Collection id", help: "From “Collections”.", required: false, ...whole },
    { key: "metalId", label: "Metal id", help: "From a ring's detail.", required: false, ...whole },
    { key: "ids", kind: "text", label: "Ring ids", help: "Separated by commas.", required: false },
    {
      key: "sortBy",
      kind: "choice",
      label: "Sorted by",
      choices: [
        { value: "style_no", label: "Style number" },
        { value: "style_name", label: "Name" },
        { value: "style_price", label: "Price" },
      ],
      default: "style_no",
    },
    { key: "descending", kind: "toggle", label: "Highest first", default: false },
    { key: "home", kind: "toggle", label: "Only rings on Dora's home page", default: false },
    { key: "page", label: "Page", default: 1, ...whole },
  ],
  run: async (input, settings, calls) => {
    const ids = listOf(input.ids).map(Number);
    if (ids.some((id) => !Number.isSafeInteger(id) || id < 1))
      refuse("Ring ids must be whole numbers, separated by commas.");
    const { sortBy: sort_by, page } = input;
    const found = await findRings(
      {
        search: input.search?.trim() || undefined,
        ids: ids.length > 0 ? ids : undefined,
        collection_id: input.collectionId,
        metal_id: input.metalId,
        sort_by,
        sort_dir: input.descending ? "desc" : "asc",
        show_home: input.home || undefined,
        page,
        limit: pageSize,
      },
      settings,
      calls,
    );
    if (found.items.length === 0)
      return { sentence: page > 1 ? `There is no page ${page}.` : "No ring of Dora's fits." };
    const { pagination, available_metals: metals } = found;
    return {
      sentence: `${counted(pagination?.total ?? found.items.length, "ring")}${pagesOf(pagination)}`,
      ...(metals.length > 0 && {
        facts: metals.map(
          ({ id, name, count }) => [`${name} (id ${id})`, count ? counted(count, "ring") : ""] as const,
        ),
      }),
      table: {
        columns: ["Style", "Name", "Collection", "Width", "Price", "Metals", "Ring id", "Collection id"],
        rows: found.items.map((row) => ringCells(row, found)),
      },
    };
  },
});

function ringCells(row: ItemPage["items"][number], { available_metals: known }: ItemPage): Cell[] {
  const { id, style_no, information, collection_name, collection_id, width, price, currency, image } = row;
  return [
    linked(style_no ?? `Ring ${id}`, image),
    information ?? "",
    collection_name ?? "",
    typeof width === "number" ? `${width} mm` : "",
    typeof price === "number" ? money(price, currency) : "",
    row.metals.map((metal) => known.find((one) => one.id === metal)?.name ?? String(metal)).join(", "),
    id,
    collection_id,
  ];
}

/** Looking for rings, in the order in which the admin shows it. */
export const searchTools: readonly AnyTool<Settings>[] = [collections, rings, siteCollections];
