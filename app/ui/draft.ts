// What stands in a form that is drawn from a vendor's fields: from stored values to inputs, and from inputs to
// what is posted. The rules themselves are app/vendors/fields.ts; nothing here knows a vendor.
import type { Field } from "../vendors/fields.ts";

/** The inputs of a form: text for most kinds, a boolean for a toggle, rows for a list. */
export interface Draft {
  [key: string]: string | boolean | Draft[];
}

/** The inputs for stored values, defaults where nothing is stored. A secret always starts empty. */
export function draftOf(fields: readonly Field[], values: Record<string, unknown>): Draft {
  const draft: Draft = {};
  for (const field of fields) draft[field.key] = inputOf(field, values[field.key]);
  return draft;
}

function inputOf(field: Field, value: unknown): string | boolean | Draft[] {
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

/** What is posted: names as `readForm` reads them, e.g. "parts.0.metalId". Fields no longer there are left out. */
export function postedDraft(fields: readonly Field[], draft: Draft, prefix = ""): [string, string][] {
  return fields.flatMap((field): [string, string][] => {
    const input = draft[field.key];
    const name = prefix + field.key;
    if (Array.isArray(input))
      return field.kind === "list"
        ? input.flatMap((row, index) => postedDraft(field.fields, row, `${name}.${index}.`))
        : [];
    return [[name, String(input ?? "")]];
  });
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
