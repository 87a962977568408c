// What a merchant fills in to make or change a category, a product or a variant. The keys are the OMS's own names
// (OMS REST API, product categories, products, product variants, read 2026-11-22), so a form is a request body.
import { defineFields, type Field } from "../fields.ts";

const shared = {
  description: { key: "description", kind: "text", label: "Description", required: false },
  dpi: {
    key: "default_dpi",
    kind: "number",
    label: "Default resolution (dpi)",
    whole: true,
    min: 1,
    required: false,
  },
  editorCategory: {
    key: "editor_category_id",
    kind: "text",
    label: "Editor category ID",
    help: "As the customiser knows it.",
    required: false,
  },
} as const satisfies Record<string, Field>;

const optionalNumber = (key: string, label: string, help?: string): Field => ({
  key,
  kind: "number",
  label,
  whole: true,
  required: false,
  ...(help !== undefined && { help }),
});

const optionalText = (key: string, label: string): Field => ({ key, kind: "text", label, required: false });

/** The form of a category. Its ids of parent and location are UIDs, as text. */
export const categoryFields: readonly Field[] = defineFields([
  { key: "name", kind: "text", label: "Name" },
  {
    key: "parent_id",
    kind: "text",
    label: "Parent category",
    help: "Its UID. Leave empty for a category of its own.",
    required: false,
  },
  shared.description,
  { ...shared.dpi, help: "300 when left empty." },
  shared.editorCategory,
  { key: "default_location_id", kind: "text", label: "Default location", help: "Its UID.", required: false },
]);

/** The form of a product. Its ids are numbers. */
export const productFields: readonly Field[] = defineFields([
  { key: "name", kind: "text", label: "Name" },
  { key: "category_id", kind: "number", label: "Category ID", whole: true, min: 1 },
  {
    key: "team_id",
    kind: "number",
    label: "Team ID",
    help: "Ideal Factory support knows it.",
    whole: true,
    min: 1,
  },
  { key: "order_column", kind: "number", label: "Place in listings", whole: true, default: 1 },
  { key: "active", kind: "toggle", label: "Active", default: true },
  { key: "code", kind: "text", label: "Product code", required: false },
  shared.description,
  shared.dpi,
  shared.editorCategory,
  optionalNumber("default_location_id", "Default location ID"),
]);

/** The form of a variant. Weight is without a sign; the document names no units. */
export const variantFields: readonly Field[] = defineFields([
  { key: "name", kind: "text", label: "Name" },
  { key: "product_id", kind: "number", label: "Product ID", whole: true, min: 1 },
  {
    key: "country_id",
    kind: "number",
    label: "Country ID",
    help: "The OMS's own number of the country it is made in. Ideal Factory support knows it.",
    whole: true,
    min: 1,
  },
  {
    key: "weight",
    kind: "number",
    label: "Weight",
    help: "The units of weight and size are not documented: ask Ideal Factory.",
    whole: true,
    min: 0,
    required: false,
  },
  optionalNumber("length", "Length"),
  optionalNumber("width", "Width"),
  optionalNumber("height", "Height"),
  shared.description,
  optionalNumber("product_variant_category_id", "Variant category ID"),
  optionalNumber("price_id", "Price ID"),
  optionalText("editor_product_id", "Editor product ID"),
  optionalText("customs_code", "Customs code"),
  optionalText("customs_description", "Customs description"),
  optionalText("long_customs_description", "Long customs description"),
  shared.dpi,
  optionalText("seo_details", "SEO details"),
  { ...optionalText("ecommerce_tags", "Tags"), help: "Separated by commas." },
  optionalNumber("default_location_id", "Default location ID"),
]);

/** Only a new variant takes it. */
export const uuidField: Field = {
  key: "uuid",
  kind: "text",
  label: "UUID",
  help: "36 characters. Leave empty and the OMS makes one.",
  required: false,
  pattern: {
    regex: "[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}",
    message: "A UUID has 36 characters.",
  },
};

/** The same fields for a change: nothing is asked for, nothing is filled in by itself, and a yes or no may be left. */
export function forChange(fields: readonly Field[]): readonly Field[] {
  return fields.map((field): Field => {
    const { key, label } = field;
    switch (field.kind) {
      case "toggle":
        return {
          key,
          label,
          kind: "choice",
          required: false,
          choices: [
            { value: "true", label: "Yes" },
            { value: "false", label: "No" },
          ],
        };
      case "number": {
        const { default: _default, ...rest } = field;
        return { ...rest, required: false };
      }
      default:
        return { ...field, required: false };
    }
  });
}
