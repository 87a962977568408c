// Tools about the MGE account: which brands the key may order for, and which kits.
import { defineTool, type Cell } from "../vendor.ts";
import { brands, skuFormat, variants } from "./catalogue.ts";
import type { Settings } from "./settings.ts";

const group = "Account and kits";
const mostRows = 200;

/** The brands of the account ("GET /api/v1/account/brands/"). */
export const listBrands = defineTool<Settings>()({
  id: "brands",
  label: "Brands",
  help: "Lists the brands your key may order for. The number of one of them belongs in this connection's settings.",
  group,
  fields: [],
  async run(_input, settings, asking) {
    const rows = await brands({ settings, asking });
    const isOurs = rows.some(({ id }) => id === settings.brandId);
    return {
      sentence: rows.length === 0 ? "MGE knows no brand for this key." : `${count(rows.length, "brand")}.`,
      table: {
        columns: ["Brand number", "Name", "Short code", "E-mail", "Currency", "Your role", "Here"],
        rows: rows.map((row): Cell[] => [
          row.id,
          row.name,
          row.shortCode,
          row.email,
          row.currency,
          row.isDefault ? `${row.role} (default)`.trim() : row.role,
          row.id === settings.brandId ? "This connection" : "",
        ]),
      },
      ...(!isOurs && {
        warnings: [
          `Brand ${settings.brandId}, which this connection orders for, is not among them. Correct its number in the settings.`,
        ],
      }),
    };
  },
});

/** The kits of the account and how their SKUs are written ("GET /api/v1/products/types/DOT/" and "…/variants/"). */
export const listKits = defineTool<Settings>()({
  id: "kits",
  label: "Kits and SKUs",
  help: "Lists the kits this account may order, with what MGE charges you, and shows how a SKU is written.",
  group,
  fields: [
    {
      key: "search",
      kind: "text",
      label: "Search",
      help: "Words of the SKU or its description, e.g. “40x50 black”. Leave empty for all.",
      required: false,
    },
  ],
  async run({ search = "" }, settings, asking) {
    const format = await skuFormat({ settings, asking });
    const kits = await variants({ settings, asking });
    const words = search.toLowerCase().split(/\s+/).filter(Boolean);
    const found = kits.filter(({ sku, label }) =>
      words.every((word) => `${sku} ${label}`.toLowerCase().includes(word)),
    );
    const left = found.length - mostRows;
    return {
      sentence:
        found.length === 0
          ? `None of the ${count(kits.length, "kit")} fits this search.`
          : `${count(found.length, "kit")}${words.length > 0 ? ` of ${kits.length}` : ""}.`,
      facts: [
        ["How a SKU is written", format.template || "MGE does not say"],
        ["Example", format.example || "MGE does not say"],
      ],
      table: {
        columns: ["SKU", "Family", "Size", "Frame", "Colour", "Speed", "MGE charges (EUR)"],
        rows: found
          .slice(0, mostRows)
          .map((kit): Cell[] => [
            kit.sku,
            kit.family,
            kit.sizeLabel,
            kit.frameLabel,
            kit.color.toLowerCase(),
            kit.speed,
            kit.price,
          ]),
      },
      ...(left > 0 && { warnings: [`${left} more are not shown. Search for fewer.`] }),
    };
  },
});

const count = (many: number, noun: string): string => `${many} ${noun}${many === 1 ? "" : "s"}`;
