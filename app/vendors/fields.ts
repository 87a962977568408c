// Settings as data: from one list of fields come the form, its validation, the types and the masking.
// Used for a Connection's settings and for what a Mapping stores about a vendor's product.
import { z } from "zod";

interface Base {
  readonly key: string;
  readonly label: string;
  readonly help?: string;
  /** A field is asked for unless this is false. */
  readonly required?: boolean;
}

/** One thing a merchant fills in. `secret` is shown masked and never sent back to the browser. */
export type Field =
  | (Base & { readonly kind: "text" | "secret"; readonly default?: string; readonly pattern?: Pattern })
  | (Base & { readonly kind: "url"; readonly default?: string })
  | (Base & {
      readonly kind: "number";
      readonly default?: number;
      readonly min?: number;
      readonly max?: number;
      readonly whole?: boolean;
    })
  | (Base & { readonly kind: "file"; readonly accept: string; readonly maxBytes: number })
  | (Base & { readonly kind: "toggle"; readonly default: boolean })
  | (Base & { readonly kind: "choice"; readonly choices: readonly Choice[]; readonly default?: string })
  | (Base & { readonly kind: "list"; readonly fields: readonly Field[]; readonly min?: number });

/** A file that a merchant chose in a form. Only tools have file fields: settings and products are kept as JSON. */
export interface PostedFile {
  filename: string;
  contentType: string;
  bytes: Uint8Array;
}

/** What a text must look like (a JavaScript regular expression, matched whole) and what to say when it does not. */
export interface Pattern {
  readonly regex: string;
  readonly message: string;
}

/** One option of a choice field. */
export interface Choice {
  readonly value: string;
  readonly label: string;
}

type ValueOf<F> = F extends { kind: "toggle" }
  ? boolean
  : F extends { kind: "number" }
    ? number
    : F extends { kind: "file" }
      ? PostedFile
      : F extends { kind: "choice"; choices: readonly { value: infer V }[] }
        ? V
        : F extends { kind: "list"; fields: infer L extends readonly Field[] }
          ? Values<L>[]
          : string;

// A list that is not asked for is an empty list.
type Given<F> = F extends { kind: "list" }
  ? true
  : F extends { required: false }
    ? F extends { default: infer D }
      ? D extends undefined
        ? false
        : true
      : false
    : true;

/** The type of what a list of fields holds, e.g. `Values<typeof settings>`. Optional fields are `| undefined`. */
export type Values<Fs extends readonly Field[]> = {
  [F in Fs[number] as F["key"]]: Given<F> extends true ? ValueOf<F> : ValueOf<F> | undefined;
};

/** Lets TypeScript keep the literal keys and kinds of a list of fields. */
export function defineFields<const Fs extends readonly Field[]>(fields: Fs): Fs {
  return fields;
}

function schemaOf(field: Field): z.ZodType {
  const asked = field.required !== false;
  const missing = `${field.label} is missing.`;
  switch (field.kind) {
    case "toggle":
      return z.boolean().default(field.default);
    case "number": {
      let number = z.number({ error: `${field.label} must be a number.` });
      if (field.whole) number = number.int(`${field.label} must be a whole number.`);
      if (field.min !== undefined)
        number = number.min(field.min, `${field.label} must be at least ${field.min}.`);
      if (field.max !== undefined)
        number = number.max(field.max, `${field.label} must be at most ${field.max}.`);
      return field.default !== undefined ? number.default(field.default) : asked ? number : number.optional();
    }
    case "file": {
      const file = z
        .custom<PostedFile>(
          (value) => typeof value === "object" && value !== null && "bytes" in value,
          missing,
        )
        .refine((value) => value.bytes.length <= field.maxBytes, `${field.label} is too large.`);
      return asked ? file : file.optional();
    }
    case "choice": {
      const values = field.choices.map((choice) => choice.value);
      const choice = z
        .string({ error: missing })
        .refine((value) => values.includes(value), `${field.label}: choose one of the list.`);
      return field.default !== undefined ? choice.default(field.default) : asked ? choice : choice.optional();
    }
    case "list": {
      const rows = z.array(fieldsSchema(field.fields), { error: missing });
      const least = field.min ?? (asked ? 1 : 0);
      return rows.min(least, missing).default([]);
    }
    case "url": {
      const url = z
        .string({ error: missing })
        .refine(
          isBaseUrl,
          `${field.label} must be a web address that starts with https:// and has no user name in it.`,
        );
      return field.default !== undefined ? url.default(field.default) : asked ? url : url.optional();
    }
    case "text":
    case "secret": {
      let text = z.string({ error: missing }).max(4000, `${field.label} is too long.`);
      if (asked) text = text.min(1, missing);
      const pattern = field.pattern;
      const checked = pattern
        ? text.refine((value) => new RegExp(`^(?:${pattern.regex})$`, "u").test(value), pattern.message)
        : text;
      return field.default !== undefined
        ? checked.default(field.default)
        : asked
          ? checked
          : checked.optional();
    }
  }
}

// http is let through here for vendors on the operator's own network; the connector refuses it for any host
// the operator has not allowed, so the form's sentence asks for https.
function isBaseUrl(value: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return (
    (url.protocol === "https:" || url.protocol === "http:") &&
    url.username === "" &&
    url.password === "" &&
    url.hash === ""
  );
}

/** The zod schema of a list of fields; unknown keys are dropped. Messages are sentences for the merchant. */
export function fieldsSchema<const Fs extends readonly Field[]>(fields: Fs): z.ZodType<Values<Fs>> {
  const shape = Object.fromEntries(fields.map((field) => [field.key, schemaOf(field)]));
  return z.object(shape) as unknown as z.ZodType<Values<Fs>>;
}

/** What a form posted, read by its fields: the values, or one sentence for each field that is wrong. */
export type FormResult = { values: Record<string, unknown> } | { errors: Record<string, string> };

/**
 * Reads a posted form. List rows are posted as `parts.0.name`. A secret left empty keeps what `kept` has
 * for it, because secrets are never sent to the browser to be posted back.
 */
export function readForm(
  fields: readonly Field[],
  form: FormData,
  kept: Record<string, unknown> = {},
): FormResult {
  return check(fields, readRow(fields, { form, files: new Map() }, ""), kept);
}

/** The same for a form with files, as tools have them. One that is too large is not read, only refused. */
export async function readFormWithFiles(fields: readonly Field[], form: FormData): Promise<FormResult> {
  const files = new Map<string, PostedFile>();
  for (const [name, posted] of form) {
    if (typeof posted === "string" || posted.size === 0) continue;
    const field = fieldAt(fields, name);
    if (field?.kind !== "file") continue;
    if (posted.size > field.maxBytes) return { errors: { [name]: `${field.label} is too large.` } };
    const { name: filename, type: contentType } = posted;
    files.set(name, { filename, contentType, bytes: new Uint8Array(await posted.arrayBuffer()) });
  }
  return check(fields, readRow(fields, { form, files }, ""), {});
}

// The field that a posted name belongs to: "photos.0.file" is the field "file" in the list "photos".
function fieldAt(fields: readonly Field[], name: string): Field | undefined {
  const [key = "", , ...rest] = name.split(".");
  const field = fields.find((one) => one.key === key);
  return field?.kind === "list" ? fieldAt(field.fields, rest.join(".")) : field;
}

function check(
  fields: readonly Field[],
  raw: Record<string, unknown>,
  kept: Record<string, unknown>,
): FormResult {
  for (const field of fields) {
    if (field.kind === "secret" && raw[field.key] === undefined && typeof kept[field.key] === "string")
      raw[field.key] = kept[field.key];
  }
  const parsed = fieldsSchema(fields).safeParse(raw);
  if (parsed.success) return { values: parsed.data as Record<string, unknown> };
  const errors: Record<string, string> = {};
  for (const issue of parsed.error.issues) errors[issue.path.join(".")] ??= issue.message;
  return { errors };
}

// A ring-size chart in quarter steps has some seventy rows.
const maxRows = 200;

interface Posted {
  form: FormData;
  files: ReadonlyMap<string, PostedFile>;
}

function readRow(fields: readonly Field[], given: Posted, prefix: string): Record<string, unknown> {
  const { form, files } = given;
  const row: Record<string, unknown> = {};
  for (const field of fields) {
    const name = prefix + field.key;
    if (field.kind === "list") {
      const rows: Record<string, unknown>[] = [];
      for (let index = 0; index < maxRows && hasRow(form, `${name}.${index}.`); index++)
        rows.push(readRow(field.fields, given, `${name}.${index}.`));
      row[field.key] = rows;
      continue;
    }
    if (field.kind === "file") {
      row[field.key] = files.get(name);
      continue;
    }
    const posted = form.get(name);
    const text = typeof posted === "string" ? posted.trim() : "";
    if (field.kind === "toggle") row[field.key] = text === "true" || text === "on";
    else if (text === "") row[field.key] = undefined;
    else row[field.key] = field.kind === "number" ? Number(text.replace(",", ".")) : text;
  }
  return row;
}

function hasRow(form: FormData, prefix: string): boolean {
  return [...form.keys()].some((key) => key.startsWith(prefix));
}

/** Values as they may be shown: a secret becomes its first characters and dots, or "" when it is not set. */
export function maskValues(
  fields: readonly Field[],
  values: Record<string, unknown>,
): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const field of fields) {
    const value = values[field.key];
    shown[field.key] = field.kind === "secret" && typeof value === "string" ? maskSecret(value) : value;
  }
  return shown;
}

/** "mge_sk_live_abcdef" becomes "mge_sk…•••", "bk_abc123:secret…" "bk_abc…:•••"; what is short is hidden whole. */
export function maskSecret(value: string): string {
  if (value.length < 12) return "•••";
  // Before a colon stands the key's name, behind it the secret: none of that is shown.
  const [name = "", ...secret] = value.split(":");
  return secret.length > 0 ? `${name.slice(0, 6)}…:•••` : `${value.slice(0, 6)}…•••`;
}

/** The secret texts among a list of values, for scrubbing them from anything that is kept or shown. */
export function secretsOf(fields: readonly Field[], values: Record<string, unknown>): string[] {
  return fields.flatMap((field) => {
    const value = values[field.key];
    return field.kind === "secret" && typeof value === "string" && value !== "" ? [value] : [];
  });
}
