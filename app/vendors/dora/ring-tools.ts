// One ring, looked at by a person: its price as it would be made, its sizes, its specification sheet.
import type { PostedFile } from "../fields.ts";
import { defineTool, refuse, type AnyTool, type Cell, type ToolCalls } from "../vendor.ts";
import type { Item, ItemPage } from "./catalogue.ts";
import { ringFacts } from "./facts.ts";
import { findRings, isRing, readRing, readSheet, type AskedPart } from "./lists.ts";
import { nameOfMetal } from "./making.ts";
import { money } from "./rings.ts";
import { colors, finishes, type Settings } from "./settings.ts";
import { counted } from "./wording.ts";

const tool = defineTool<Settings>();
const group = "Rings";
const whole = { kind: "number", whole: true, min: 1 } as const;
const choices = (values: readonly string[]) => values.map((value) => ({ value, label: value }));

const ringId = { key: "id", label: "Ring id", help: "From “Find rings”.", ...whole } as const;
const collectionId = {
  key: "collectionId",
  label: "Collection id",
  help: "Leave it empty to have it looked up.",
  required: false,
  ...whole,
} as const;
const mode = {
  key: "mode",
  kind: "choice",
  label: "Price of",
  choices: [
    { value: "ring", label: "The ring" },
    { value: "sample", label: "A sample" },
  ],
  default: "ring",
} as const;
const measures = [
  { key: "size", kind: "number", label: "Size in mm", required: false, min: 1, max: 200 },
  { key: "width", kind: "number", label: "Width in mm", required: false, min: 0.1, max: 100 },
] as const;
const color = {
  key: "color",
  kind: "choice",
  label: "Colour",
  choices: choices(colors),
  required: false,
} as const;
const finish = {
  key: "finish",
  kind: "choice",
  label: "Finish",
  choices: choices(finishes),
  required: false,
} as const;

const ring = tool({
  id: "ring",
  label: "A ring and its price",
  help: "Asks Dora for a ring as you would have it made. What you leave empty, Dora fills in.",
  group,
  fields: [
    ringId,
    collectionId,
    mode,
    ...measures,
    {
      key: "parts",
      kind: "list",
      label: "Parts",
      help: "Only those that shall be different from what Dora makes by itself.",
      required: false,
      fields: [
        { key: "name", kind: "text", label: "Part", help: "As Dora calls it, for example Band." },
        { key: "metalId", label: "Metal id", required: false, ...whole },
        color,
        finish,
      ],
    },
  ],
  run: async (input, settings, calls) => {
    const parts: AskedPart[] = input.parts.map((one) => ({
      name: one.name.trim(),
      metal_id: one.metalId,
      color: one.color,
      finish: one.finish,
    }));
    const where = await whereIs(input, settings, calls);
    if (!where) return { sentence: `Dora has no ring ${input.id}.` };
    const { mode: kind, size, width } = input;
    const asked = { id: input.id, collection_id: where.collection_id, mode: kind, size, width };
    const item = await readRing({ ...asked, ...(parts.length > 0 && { parts }) }, settings, calls);
    if (!isRing(item)) return { sentence: `Dora does not make it like this: ${item.words}.` };
    const what = kind === "sample" ? "a sample of " : "";
    return {
      sentence: `${money(item.total_price, item.currency)} for ${what}style ${item.style_no ?? item.id}.`,
      facts: [
        ...ringFacts(item, { row: where, isPriced: true }),
        ["Collection", `${item.collection_name ?? ""} (id ${where.collection_id})`.trim()],
      ],
      table: materialTable(item),
      ...(where.image && { image: where.image }),
    };
  },
});

type Row = ItemPage["items"][number];

/** The ring as the search has it: where it stands, and its picture. */
async function whereIs(
  { id, collectionId: collection_id }: { id: number; collectionId: number | undefined },
  settings: Settings,
  calls: ToolCalls,
): Promise<Row | undefined> {
  const { items } = await findRings({ ids: [id], collection_id, page: 1, limit: 20 }, settings, calls);
  return items.find((row) => row.id === id);
}

function materialTable({ parts }: Item): { columns: string[]; rows: Cell[][] } {
  return {
    columns: ["Part", "Metal", "Metal id", "Colours", "Finishes", "Weight"],
    rows: parts.flatMap((part) =>
      part.available_materials.map((metal) => [
        part.name,
        nameOfMetal(metal),
        metal.id,
        metal.available_colors.join(", "),
        metal.available_finishes.join(", "),
        typeof metal.weight === "number" ? `${metal.weight} g` : "",
      ]),
    ),
  };
}

const sizes = tool({
  id: "ring-sizes",
  label: "Ring sizes",
  help: "The sizes in your country's numbers with their millimetres, for the list of sizes on the Products page.",
  group,
  fields: [
    { ...ringId, help: "Leave it empty for the first ring of the catalogue.", required: false },
    collectionId,
  ],
  run: async (input, settings, calls) => {
    const first = { page: 1, limit: 1 };
    const where =
      input.id === undefined
        ? (await findRings({ ...first, collection_id: input.collectionId }, settings, calls)).items[0]
        : await whereIs({ ...input, id: input.id }, settings, calls);
    if (!where)
      return {
        sentence:
          input.id === undefined ? "Dora shows this login no rings." : `Dora has no ring ${input.id}.`,
      };
    const asked = { id: where.id, collection_id: where.collection_id };
    const item = await readRing(asked, settings, calls);
    if (!isRing(item)) return { sentence: `Dora does not tell: ${item.words}.` };
    const style = `style ${item.style_no ?? item.id}`;
    if (item.sizes.length === 0) return { sentence: `Dora names no sizes for ${style}.` };
    return {
      sentence: `${counted(item.sizes.length, "size")} of ${style}${item.country_code ? `, as in ${item.country_code}` : ""}.`,
      table: {
        columns: ["Size", "Size in mm", "Usual"],
        rows: item.sizes.map(({ size, size_mm }) => [
          size ?? "",
          size_mm,
          size_mm === item.default_size_mm ? "usual" : "",
        ]),
      },
    };
  },
});

const sheet = tool({
  id: "ring-sheet",
  label: "Specification sheet",
  help: "A PDF of one ring as you would have it made. An engraving is only printed here: Dora's orders cannot carry one.",
  group,
  fields: [
    ringId,
    mode,
    ...measures,
    { key: "metalId", label: "Metal id", required: false, ...whole },
    color,
    finish,
    { key: "engraving", kind: "text", label: "Engraving", required: false },
    { key: "font", kind: "text", label: "Font of the engraving", required: false },
    {
      key: "image",
      kind: "file",
      label: "Picture instead of Dora's own",
      help: "PNG.",
      accept: "image/png",
      maxBytes: 4 * 1024 * 1024,
      required: false,
    },
  ],
  run: async (input, settings, calls) => {
    const { id: style_id, mode: kind, size, width, metalId: metal_id, image } = input;
    const made = await readSheet(
      {
        style_id,
        mode: kind,
        size,
        width,
        metal_id,
        color: input.color,
        finish: input.finish,
        engraving_text: input.engraving?.trim() || undefined,
        engraving_font: input.font?.trim() || undefined,
        image: image && pngText(image),
      },
      settings,
      calls,
    );
    return made
      ? {
          sentence: "The sheet is ready.",
          file: { ...made, contentType: "application/pdf" },
        }
      : { sentence: `Dora has no ring ${style_id}.` };
  },
});

// In pieces: one call with a megabyte of arguments is refused by the engine.
function pngText({ bytes }: PostedFile): string {
  if (bytes[0] !== 0x89 || bytes[1] !== 0x50) refuse("The picture is not a PNG.");
  let binary = "";
  for (let at = 0; at < bytes.length; at += 8192)
    binary += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(binary);
}

/** One ring, in the order in which the admin shows it. */
export const ringTools: readonly AnyTool<Settings>[] = [ring, sizes, sheet];
