// What stands in a form that is drawn from a vendor's fields: from stored values to inputs, and from inputs to
// what is posted. The rules themselves are app/vendors/fields.ts; nothing here knows a vendor.
import type { Field } from "../vendors/fields.ts";

/** The inputs of a form: text for most kinds, a boolean for a toggle, a chosen file, rows for a list. */
export interface Draft {
  [key: string]: string | boolean | File | Draft[];
}

/** The inputs for stored values, defaults where nothing is stored. A secret always starts empty. */
export function draftOf(fields: readonly Field[], values: Record<string, unknown>): Draft {
  const draft: Draft = {};
  for (const field of fields) draft[field.key] = inputOf(field, values[field.key]);
  return draft;
}

function inputOf(field: Field, value: unknown): Draft[string] {
  switch (field.kind) {
    case "secret":
    case "file":
      return "";
    case "toggle":
      return typeof value === "boolean" ? value : field.default;
    case "list":
      return Array.isArray(value) ? value.map((row) => draftOf(field.fields, isRecord(row) ? row : {})) : [];
    case "text":
    case "url":
    case "number":
    case "choice":
      return value === undefined || value === null ? String(field.default ?? "") : String(value);
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Whether nothing was changed. */
export function sameDraft(one: Draft, other: Draft): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/**
 * What is posted: names as `readForm` reads them, e.g. "parts.0.metalId". Fields no longer there are left out, and
 * files: a form with files is made by `postedForm`.
 */
export function postedDraft(fields: readonly Field[], draft: Draft, prefix = ""): [string, string][] {
  return fields.flatMap((field): [string, string][] => {
    const input = draft[field.key];
    const name = prefix + field.key;
    if (Array.isArray(input))
      return field.kind === "list"
        ? input.flatMap((row, index) => postedDraft(field.fields, row, `${name}.${index}.`))
        : [];
    return input instanceof File ? [] : [[name, String(input ?? "")]];
  });
}

/** What `postedDraft` gives as a form, with what is asked for. */
export function formOf(intent: string, entries: readonly [string, string][]): FormData {
  const form = new FormData();
  form.set("intent", intent);
  for (const [name, value] of entries) form.append(name, value);
  return form;
}

/** The whole form as it is posted, files included. */
export function postedForm(fields: readonly Field[], draft: Draft): FormData {
  const form = new FormData();
  for (const [name, text] of postedDraft(fields, draft)) form.append(name, text);
  for (const [name, file] of filesOf(fields, draft, "")) form.append(name, file, file.name);
  return form;
}

/** Whether a file was chosen anywhere: only then the form is posted in parts. */
export function hasFiles(fields: readonly Field[], draft: Draft): boolean {
  return filesOf(fields, draft, "").length > 0;
}

function filesOf(fields: readonly Field[], draft: Draft, prefix: string): [string, File][] {
  return fields.flatMap((field): [string, File][] => {
    const input = draft[field.key];
    const name = prefix + field.key;
    if (input instanceof File) return [[name, input]];
    if (!Array.isArray(input) || field.kind !== "list") return [];
    return input.flatMap((row, index) => filesOf(field.fields, row, `${name}.${index}.`));
  });
}

/**
 * The values of inputs that are still being filled in: numbers as numbers, what is empty left out. Nothing is
 * checked here; a number that is none stays text, so that whoever reads it can say so.
 */
export function valuesInMaking(fields: readonly Field[], draft: Draft): Record<string, unknown> {
  const values: Record<string, unknown> = {};
  for (const field of fields) {
    const input = draft[field.key];
    if (field.kind === "list")
      values[field.key] = Array.isArray(input) ? input.map((row) => valuesInMaking(field.fields, row)) : [];
    else if (typeof input === "boolean") values[field.key] = input;
    else if (typeof input === "string" && input.trim() !== "")
      values[field.key] = field.kind === "number" ? numberOf(input) : input.trim();
  }
  return values;
}

function numberOf(text: string): number | string {
  const number = Number(text.trim().replace(",", "."));
  return Number.isNaN(number) ? text.trim() : number;
}

/** The inputs after a product of the vendor's pick-list was chosen: what it says is taken over, the rest stays. */
export function pickedDraft(fields: readonly Field[], draft: Draft, config: Record<string, unknown>): Draft {
  const named = fields.filter((field) => config[field.key] !== undefined);
  return { ...draft, ...draftOf(named, config) };
}

/** Masked values of the secrets, for the hint in an empty secret input; "" when none is stored. */
export function maskedSecrets(
  fields: readonly Field[],
  shown: Record<string, unknown>,
): Record<string, string> {
  return Object.fromEntries(
    fields
      .filter((field) => field.kind === "secret")
      .map((field) => [field.key, typeof shown[field.key] === "string" ? String(shown[field.key]) : ""]),
  );
}
