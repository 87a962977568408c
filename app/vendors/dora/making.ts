// A ring in the making: what of the form can be read, what Dora fills into empty places, what can be chosen, and what
// stands against it. Pure. Only what is empty is filled in: what somebody chose is never changed, only objected to.
import { z } from "zod";
import type { Configured } from "../vendor.ts";
import type { Item, Material, Part } from "./catalogue.ts";
import type { AskedPart } from "./lists.ts";
import { thousandths } from "./numbers.ts";
import { chosen, defaultMetal } from "./rings.ts";
import { colors, finishes, listOf } from "./settings.ts";
import { sizeText } from "./size.ts";

// What cannot be read yet is nothing yet: the form says at its own fields what a number must look like.
const whole = z.number().int().min(1).optional().catch(undefined);
const length = z.number().positive().optional().catch(undefined);
const words = z.string().trim().optional().catch(undefined);
const rows = <T>(row: z.ZodType<T>) => z.array(row).catch([]);

/** The form's values while they are being filled in, as far as they can be read. */
export const makingSchema = z.object({
  type: z.enum(["ring", "product"]).catch("ring"),
  id: whole,
  collectionId: whole,
  width: length,
  parts: rows(z.looseObject({ name: words, metalId: whole, color: words, finish: words, finishes: words })),
  sizeMm: length,
  sizes: rows(z.looseObject({ label: words, sizeMm: length })),
  diamonds: rows(z.unknown()),
  expectedPrice: z.number().optional().catch(undefined),
});
export type Making = z.infer<typeof makingSchema>;
type MadePart = Making["parts"][number];

/** The ring with its empty places filled in, from what Dora makes when nobody chooses. */
export function fillRing(asked: Making, item: Item): Making {
  // Without parts nothing was chosen yet: only then the sizes are Dora's own too. A list that a merchant emptied stays.
  const isFresh = asked.parts.length === 0;
  const hasSize = asked.sizeMm !== undefined || asked.sizes.length > 0;
  return {
    ...asked,
    width: asked.width ?? item.default_width ?? item.width ?? undefined,
    parts: fillParts(asked.parts, item),
    sizes:
      isFresh && !hasSize
        ? item.sizes.map((row) => ({ label: row.size ?? String(row.size_mm), sizeMm: row.size_mm }))
        : asked.sizes,
  };
}

function fillParts(asked: readonly MadePart[], { parts }: Item): MadePart[] {
  const open = parts.filter((part) => !asked.some(({ name }) => name === part.name.trim()));
  const named = asked.map((row) =>
    row.name ? row : { ...row, name: open.shift()?.name.trim() ?? row.name },
  );
  const all: MadePart[] = [...named, ...open.map(({ name }) => ({ name: name.trim() }))];
  return all.map((row) => {
    const part = partOf(row, parts);
    const metalId = row.metalId ?? (part && defaultMetal(part)?.id);
    const metal = part?.available_materials.find(({ id }) => id === metalId);
    return {
      ...row,
      metalId,
      color: row.color || chosen(metal?.default_color, metal?.available_colors, colors),
      finish: row.finish || chosen(metal?.default_finish, metal?.available_finishes, finishes),
    };
  });
}

function partOf(row: MadePart, parts: readonly Part[]): Part | undefined {
  return parts.find(({ name }) => name.trim() === row.name);
}

function metalOf(row: MadePart, parts: readonly Part[]): Material | undefined {
  return partOf(row, parts)?.available_materials.find(({ id }) => id === row.metalId);
}

/** What can be chosen for this ring, by field. The sizes of the list are not offered: a chart of seventy in each row. */
export function ringChoices(made: Making, item: Item): Configured["choices"] {
  const choices: Configured["choices"] = {
    width: item.widths.map(({ width }) => ({ value: String(width), label: `${width} mm` })),
    sizeMm: item.sizes.map((row) => ({ value: String(row.size_mm), label: sizeLabel(row) })),
  };
  for (const [index, row] of made.parts.entries()) {
    const metals = partOf(row, item.parts)?.available_materials ?? [];
    const metal = metalOf(row, item.parts);
    const put = (key: string, values: Configured["choices"][string]): void =>
      void (choices[`parts.${index}.${key}`] = values);
    put("name", plainly(item.parts.map(({ name }) => name.trim())));
    put(
      "metalId",
      metals.map((one) => ({ value: String(one.id), label: nameOfMetal(one) })),
    );
    put("color", plainly(known(metal?.available_colors, colors)));
    put("finish", plainly(known(metal?.available_finishes, finishes)));
  }
  return choices;
}

const plainly = (values: readonly string[]) => values.map((value) => ({ value, label: value }));
const known = (available: readonly string[] | undefined, taken: readonly string[]): string[] =>
  (available ?? []).filter((one) => taken.includes(one));

/** "Gold 14 kt (AU585)". */
export function nameOfMetal({ id, name, code }: Pick<Material, "id" | "name" | "code">): string {
  return `${name ?? `Metal ${id}`}${code ? ` (${code})` : ""}`;
}

/** "56 (17.7 mm)". */
export function sizeLabel({ size, size_mm }: Item["sizes"][number]): string {
  return size ? `${size} (${size_mm} mm)` : `${size_mm} mm`;
}

/** What stands against this ring, by field. Sentences for the merchant. */
export function ringProblems(made: Making, item: Item): Record<string, string> {
  const problems: Record<string, string> = {};
  const style = `style ${item.style_no ?? item.id}`;
  const { min_width: least, max_width: most } = item;
  const { width } = made;
  if (width !== undefined && (width < (least ?? width) || width > (most ?? width)))
    problems["width"] = `Dora makes ${style} from ${least ?? 0} to ${most ?? "any number of"} mm wide.`;
  for (const [index, row] of made.parts.entries()) {
    const repeated = made.parts.slice(0, index).some(({ name }) => name === row.name);
    for (const [key, problem] of partProblems(row, { item, style, repeated }))
      problems[`parts.${index}.${key}`] = problem;
  }
  if (made.diamonds.length > 0 && item.diamonds.length === 0)
    problems["diamonds"] = `Dora's ${style} has no diamonds. Remove these rows.`;
  return { ...problems, ...sizeProblems(made, item) };
}

function partProblems(
  row: MadePart,
  { item, style, repeated }: { item: Item; style: string; repeated: boolean },
): [key: string, problem: string][] {
  const part = partOf(row, item.parts);
  if (!part || repeated) {
    const all = item.parts.map(({ name }) => name.trim()).join(" and ");
    return [["name", `Dora's ${style} has these parts: ${all}. Remove this row.`]];
  }
  const metal = metalOf(row, item.parts);
  if (!metal)
    return [
      ["metalId", `Dora does not make the ${part.name.trim()} of ${style} in this metal. Choose another.`],
    ];
  const wrongFinishes = listOf(row.finishes).filter(
    (wanted) => !metal.available_finishes.some((one) => one.toLowerCase() === wanted.toLowerCase()),
  );
  return [
    ...oneOf(row.color, metal.available_colors).map((said): [string, string] => ["color", said]),
    ...oneOf(row.finish, metal.available_finishes).map((said): [string, string] => ["finish", said]),
    ...(wrongFinishes.length > 0
      ? [["finishes", `Dora does not make it ${wrongFinishes.join(", ")}.`] satisfies [string, string]]
      : []),
  ];
}

// Left out is wrong as well where there is something to choose: Dora would fill it in by itself.
function oneOf(value: string | undefined, available: readonly string[]): string[] {
  if (available.length === 0) return value ? ["There is nothing to choose here for this metal."] : [];
  return value && available.includes(value) ? [] : [`For this metal: ${available.join(", ")}.`];
}

function sizeProblems(made: Making, item: Item): Record<string, string> {
  const problems: Record<string, string> = {};
  const isMade = (mm: number): boolean =>
    item.sizes.length === 0 || item.sizes.some((row) => thousandths(row.size_mm) === thousandths(mm));
  if (made.sizeMm !== undefined && !isMade(made.sizeMm))
    problems["sizeMm"] = "Dora does not make this ring in this size.";
  if (made.sizeMm === undefined && made.sizes.length === 0)
    problems["sizeMm"] = "Choose one size here, or list below the sizes a shopper may choose.";
  const seen = new Map<string, number>();
  for (const [index, { label, sizeMm }] of made.sizes.entries()) {
    if (label === undefined || sizeMm === undefined) continue;
    if (!isMade(sizeMm)) problems[`sizes.${index}.sizeMm`] = "Dora does not make this ring in this size.";
    const before = seen.get(sizeText(label));
    if (before !== undefined && before !== sizeMm)
      problems[`sizes.${index}.label`] = `This size is also listed with ${before} mm. Keep one of the two.`;
    seen.set(sizeText(label), sizeMm);
  }
  return problems;
}

/** The size that a price is asked for: the fixed one, else Dora's usual one. */
export function pricedSize(made: Making, item: Item): number | undefined {
  return made.sizeMm ?? item.default_size_mm ?? undefined;
}

/** The parts as a question to Dora. */
export function askedParts(made: Making): AskedPart[] {
  return made.parts.map(({ name = "", metalId, color, finish }) => ({
    name,
    metal_id: metalId,
    color: color || undefined,
    finish: finish || undefined,
  }));
}
