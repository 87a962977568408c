// Making, reading, changing and deleting categories, products and variants of the OMS by hand: four tools for each.
import type { Field } from "../fields.ts";
import { refuse, withoutGaps, type AnyTool, type ToolCalls, type ToolResult } from "../vendor.ts";
import {
  categories,
  createRow,
  deleteRow,
  fetchRow,
  products,
  updateRow,
  variants,
  type Kind,
  type Row,
} from "./catalogue.ts";
import { categoryFields, forChange, productFields, uuidField, variantFields } from "./catalogue-fields.ts";
import { doubtful, makeOnce, sending, type Doubt } from "./once.ts";
import type { Settings } from "./settings.ts";
import { uuidOf } from "./uuid.ts";

interface Table<C, U> {
  kind: Kind<C, U>;
  plural: string;
  fields: readonly Field[];
  /** Fields that only a new row has. */
  onlyNew?: readonly Field[];
  /** Fields by which a second one is recognised. */
  sameBy: readonly string[];
  idHelp: string;
}

type Input = Record<string, unknown>;

const again: Field = {
  key: "again",
  kind: "toggle",
  label: "Make it although the same one was made here before",
  default: false,
};

function toolsOf<C, U>(table: Table<C, U>): AnyTool<Settings>[] {
  const { kind, plural, fields, onlyNew = [], idHelp } = table;
  const { noun } = kind;
  const group = `Catalogue: ${plural}`;
  const id: Field = { key: "id", kind: "text", label: `ID of the ${noun}`, help: idHelp };
  return [
    {
      id: `create-${noun}`,
      label: `Make a ${noun}`,
      help: `Makes a new ${noun} in the OMS.`,
      group,
      fields: [...fields, ...onlyNew, again],
      confirm: `A new ${noun} is made in the OMS.`,
      run: (input, settings, calls) => create(table, input as Input, { settings, calls }),
    },
    {
      id: `read-${noun}`,
      label: `Look at a ${noun}`,
      help: `Shows what the OMS has. It cannot list its ${plural}, so the ID is needed.`,
      group,
      fields: [id],
      run: async (input, settings, calls) => {
        const asked = idIn(input as Input);
        const row = await fetchRow(kind, asked, { settings, asking: calls });
        return row ? { sentence: `${called(kind, row)}.`, facts: factsOf(row) } : missing(kind, asked);
      },
    },
    {
      id: `update-${noun}`,
      label: `Change a ${noun}`,
      help: "Only the fields that you fill in are changed.",
      group,
      fields: [id, ...forChange(fields)],
      confirm: `The ${noun} is changed in the OMS.`,
      run: (input, settings, calls) => change(table, input as Input, { settings, calls }),
    },
    {
      id: `delete-${noun}`,
      label: `Delete a ${noun}`,
      help: `Takes a ${noun} out of the OMS for good.`,
      group,
      fields: [id],
      confirm: `The ${noun} is deleted in the OMS. This cannot be undone.`,
      run: async (input, settings, calls) => {
        const asked = idIn(input as Input);
        const deleted = await deleteRow(kind, asked, { settings, asking: calls });
        return deleted
          ? { sentence: `${capital(noun)} ${asked} is deleted in the OMS.` }
          : missing(kind, asked);
      },
    },
  ];
}

interface Given {
  settings: Settings;
  calls: ToolCalls;
}

async function create<C, U>(
  { kind, sameBy }: Table<C, U>,
  input: Input,
  { settings, calls }: Given,
): Promise<ToolResult> {
  const { again: repeat, ...fields } = input;
  const body = bodyOf(kind.create, fields);
  const doubt: Doubt = {
    what: `the ${kind.noun} "${String(fields["name"])}"`,
    then: "Look for it in the OMS; make it again only when it is not there.",
  };
  const name = `made:${kind.noun}:${await uuidOf(JSON.stringify(sameBy.map((key) => fields[key] ?? null)))}`;
  const kept = await calls.kept(name);
  if (kept && repeat !== true)
    refuse(
      kept === sending
        ? doubtful(doubt)
        : `${capital(kind.noun)} "${String(fields["name"])}" was made here before, with the ID ${kept}. Tick the last field to make another one.`,
    );
  let made: Row | undefined;
  const id = await makeOnce(calls, { names: [name], doubt }, async () => {
    made = await createRow(kind, body, { settings, asking: calls });
    return made.id ?? made.uid ?? "";
  });
  return {
    sentence: `${capital(kind.noun)} "${String(fields["name"])}" is in the OMS, with the ID ${id}.`,
    facts: made ? factsOf(made) : [],
  };
}

async function change<C, U>(
  { kind }: Table<C, U>,
  input: Input,
  { settings, calls }: Given,
): Promise<ToolResult> {
  const { id: _id, active, ...rest } = input;
  const fields = withoutGaps({ ...rest, active: active === undefined ? undefined : active === "true" });
  if (Object.keys(fields).length === 0) refuse("Nothing is filled in, so nothing is changed.");
  const id = idIn(input);
  const body = bodyOf(kind.update, fields);
  const row = await updateRow(kind, { id, body }, { settings, asking: calls });
  return row
    ? { sentence: `${capital(kind.noun)} ${id} is changed in the OMS.`, facts: factsOf(row) }
    : missing(kind, id);
}

// The form has checked its fields; this is the vendor's own shape, with nothing beside it.
function bodyOf<T>(
  schema: { safeParse(value: unknown): { success: boolean; data?: T | undefined } },
  input: Input,
): T {
  const parsed = schema.safeParse(withoutGaps(input));
  return parsed.success && parsed.data !== undefined
    ? parsed.data
    : refuse("One of the fields is not as the OMS takes it. Check the form.");
}

function idIn(input: Input): string {
  const id = input["id"];
  return typeof id === "string" && id.trim() !== "" ? id.trim() : refuse("The ID is missing.");
}

function missing(kind: { noun: string }, id: string): ToolResult {
  return { sentence: `The OMS has no ${kind.noun} ${id}.` };
}

const capital = (noun: string): string => noun.charAt(0).toUpperCase() + noun.slice(1);

function called(kind: { noun: string }, { id, uid, name }: Row): string {
  return `${capital(kind.noun)} ${id ?? uid ?? ""}${name === undefined ? "" : `: "${name}"`}`;
}

/** "default_dpi" as a person reads it: "Default dpi". */
function factsOf(row: Row): [string, string][] {
  return row.facts.map(([key, value]) => [capital(key.replaceAll("_", " ")), value]);
}

/** The twelve tools of the catalogue. */
export const catalogueTools: readonly AnyTool<Settings>[] = [
  ...toolsOf({
    kind: categories,
    plural: "categories",
    fields: categoryFields,
    sameBy: ["name", "parent_id"],
    idHelp: "Its ID or UID, as the OMS shows it.",
  }),
  ...toolsOf({
    kind: products,
    plural: "products",
    fields: productFields,
    sameBy: ["name", "category_id", "code"],
    idHelp: "Its number, as the OMS shows it.",
  }),
  ...toolsOf({
    kind: variants,
    plural: "variants",
    fields: variantFields,
    onlyNew: [uuidField],
    sameBy: ["name", "product_id", "uuid"],
    idHelp: "Its number, as the OMS shows it.",
  }),
];
