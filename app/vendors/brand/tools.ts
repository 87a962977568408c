// What a merchant can ask dotcph by hand: is the key good, what does the agency see, what would it see.
import type { ProductFacts } from "../../products/product.ts";
import { defineTool, refuse, VendorError, type AnyTool, type Cell, type ToolResult } from "../vendor.ts";
import { checkHealth, deactivateProduct, fetchProduct, listProducts } from "./client.ts";
import { toItem } from "./payload.ts";
import type { Settings } from "./settings.ts";
import { amount, type Listed } from "./status.ts";

const tool = defineTool<Settings>();
// More rows than a person reads; the file has all of them.
const mostRows = 250;

const health = tool({
  id: "health",
  label: "Check the connection",
  help: "Asks dotcph whether the key works, for which brand, and whether pictures can be stored.",
  group: "Account",
  fields: [],
  run: async (_input, settings, calls) => {
    const { brand, hasStorage } = await checkHealth(settings, calls);
    return {
      sentence: `dotcph answers and knows the key of ${brand ?? "your brand"}.`,
      facts: [
        ["Brand", brand ?? "not told"],
        ["Picture storage", hasStorage ? "ready" : "not set up by the agency"],
      ],
      ...(settings.pictures === "upload" &&
        !hasStorage && {
          warnings: ["Until the agency sets up picture storage, pictures are sent as links."],
        }),
    };
  },
});

const list = tool({
  id: "products",
  label: "List products",
  help: "Everything dotcph has of your brand, also what was not sent by this app.",
  group: "Catalogue",
  fields: [
    {
      key: "search",
      kind: "text",
      label: "Search",
      help: "A part of a name or SKU. Leave empty for all.",
      required: false,
    },
    { key: "inactive", kind: "toggle", label: "Show inactive products too", default: true },
  ],
  run: async ({ search, inactive }, settings, calls) => {
    const all = await listProducts(settings, calls);
    const words = search?.trim().toLowerCase() ?? "";
    const found = all.filter(
      ({ sku, name, isActive }) => (inactive || isActive) && `${sku}\n${name}`.toLowerCase().includes(words),
    );
    const active = all.filter(({ isActive }) => isActive).length;
    const total = `dotcph has ${counted(all.length, "product")}, ${active} of them active.`;
    if (found.length === 0) return { sentence: all.length === 0 ? total : `${total} None of them fits.` };
    const columns = [
      "SKU",
      "Name",
      "Retail price",
      "Wholesale price",
      "Variants",
      "Pictures",
      "Active",
      "Sent by API",
    ];
    const rows = found.map((each) => rowOf(each));
    return {
      sentence: found.length === all.length ? total : `${total} ${found.length} fit.`,
      ...(found.length > mostRows && {
        warnings: [`The first ${mostRows} are shown; the file has all ${found.length}.`],
      }),
      table: { columns, rows: rows.slice(0, mostRows) },
      file: csvFile("dotcph-products.csv", [columns, ...rows]),
    };
  },
});

function rowOf(each: Listed): Cell[] {
  return [
    each.sku,
    each.name,
    amount(each.selling_price),
    amount(each.purchase_price),
    each.variants.filter((variant) => variant.is_active).length,
    each.images.length,
    each.isActive ? "yes" : "no",
    each.isPushed ? "yes" : "no",
  ];
}

const product = tool({
  id: "product",
  label: "Look up a product",
  help: "Everything dotcph has about one product.",
  group: "Catalogue",
  fields: [{ key: "sku", kind: "text", label: "Product SKU", help: "Without a variant's suffix." }],
  run: async ({ sku }, settings, calls): Promise<ToolResult> => {
    const found = await fetchProduct(sku.trim(), settings, calls);
    if (!found) return { sentence: `dotcph does not have ${sku.trim()}.` };
    const [image] = found.images;
    return {
      sentence: `${found.name || found.sku} is ${found.isActive ? "active" : "inactive"} at dotcph.`,
      facts: [
        ["SKU", found.sku],
        ["Number at dotcph", String(found.id ?? "not told")],
        ["Retail price", amount(found.selling_price)],
        ["Wholesale price", amount(found.purchase_price)],
        ["Lead time", typeof found.lead_time_days === "number" ? `${found.lead_time_days} days` : "none"],
        ["Pictures", String(found.images.length)],
        ["Description", found.description ?? ""],
        ["Further facts", JSON.stringify(found.metadata ?? {})],
      ],
      ...(found.variants.length > 0 && { table: variantTable(found) }),
      ...(image && URL.canParse(image.url) && { image: image.url }),
    };
  },
});

function variantTable({ sku, variants }: Listed): NonNullable<ToolResult["table"]> {
  return {
    columns: ["SKU", "Name", "Size", "Color", "Material", "Retail price", "Wholesale price", "Active"],
    rows: variants.map((each) => [
      `${sku}${each.sku_suffix ?? ""}`,
      each.name,
      each.size ?? "",
      each.color ?? "",
      each.fabric_material ?? "",
      amount(each.selling_price_override) || "as the product",
      amount(each.purchase_price_override) || "as the product",
      each.is_active ? "yes" : "no",
    ]),
  };
}

const deactivate = tool({
  id: "deactivate",
  label: "Take a product out",
  help: "Makes one product inactive at dotcph, for example one that no longer exists in Shopify. Sending it again brings it back.",
  group: "Catalogue",
  fields: [{ key: "sku", kind: "text", label: "Product SKU", help: "Without a variant's suffix." }],
  confirm: "Your agency will no longer see this product. Take it out?",
  run: async ({ sku }, settings, calls) => ({
    sentence: await deactivateProduct(sku.trim(), settings, calls),
  }),
});

const preview = tool({
  id: "preview",
  label: "See what would be sent",
  help: "Shows how the products you choose would look at dotcph. Nothing is sent.",
  group: "Catalogue",
  fields: [],
  takes: "products",
  run: async (_input, settings, { products }) => {
    if (products.length === 0) return refuse("Choose at least one product.");
    const made = products.map((facts) => tried(facts, settings));
    const fitting = made.flatMap((each) => ("item" in each ? [each.item] : []));
    return {
      sentence: `${fitting.length} of ${counted(products.length, "product")} can be sent.`,
      warnings: made.flatMap((each) => ("item" in each ? each.item.remarks : [each.sentence])),
      ...(fitting.length > 0 && {
        table: {
          columns: ["SKU", "Name", "Retail price", "Wholesale price", "Variants", "Pictures"],
          rows: fitting.map(({ product: body, pictures }) => [
            body.sku,
            body.name,
            amount(body.selling_price),
            amount(body.purchase_price),
            (body.variants ?? []).map(({ sku_suffix }) => sku_suffix).join(", "),
            pictures?.list.length ?? 0,
          ]),
        },
        file: {
          filename: "dotcph-preview.json",
          contentType: "application/json",
          bytes: new TextEncoder().encode(
            JSON.stringify({ products: fitting.map((each) => withPictures(each)) }, null, 2),
          ),
        },
      }),
    };
  },
});

type Made = { item: ReturnType<typeof toItem> } | { sentence: string };

// A product that cannot be sent is an answer here, as it is a held product when it is published.
function tried(facts: ProductFacts, settings: Settings): Made {
  try {
    return { item: toItem(facts, settings) };
  } catch (error) {
    if (error instanceof VendorError && error.problem === "rejected") return { sentence: error.message };
    throw error;
  }
}

function withPictures({ product: body, pictures }: ReturnType<typeof toItem>): object {
  return { ...body, ...(pictures && { images: pictures.list }) };
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}

function csvFile(filename: string, rows: readonly (readonly Cell[])[]): NonNullable<ToolResult["file"]> {
  const text = rows.map((row) => row.map(csvCell).join(",")).join("\r\n");
  // The mark at the front lets Excel read it as UTF-8.
  return { filename, contentType: "text/csv", bytes: new TextEncoder().encode(`\uFEFF${text}\r\n`) };
}

// A cell that begins like a formula would be run by a spreadsheet: the agency could have written it.
function csvCell(cell: Cell): string {
  const text = typeof cell === "object" ? cell.text : String(cell);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

/** What can be asked of dotcph by hand. */
export const tools: readonly AnyTool<Settings>[] = [health, list, product, preview, deactivate];
