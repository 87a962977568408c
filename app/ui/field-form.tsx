// One form for every vendor, drawn from its fields: what a merchant fills in for a connection, and for a product.
import {
  BlockStack,
  Box,
  Button,
  Checkbox,
  FormLayout,
  InlineError,
  InlineStack,
  Select,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import type { Choice, Field } from "../vendors/fields.ts";
import { draftOf, type Draft } from "./draft.ts";
import { FileInput } from "./file-input.tsx";

interface FieldFormProps {
  fields: readonly Field[];
  draft: Draft;
  onChange: (draft: Draft) => void;
  /** Sentences by posted name, e.g. "parts.0.metalId". */
  errors: Record<string, string>;
  /** The masked value of each stored secret; "" for one that is not stored. */
  secrets?: Record<string, string>;
  /** What the vendor says can be chosen right now, by posted name: such a text becomes a choice. */
  choices?: Choices;
  /** What stands before a name: "parts.0." inside a list. */
  prefix?: string;
}

/** Options by posted name, e.g. "metal" or "parts.0.finish". */
export type Choices = Readonly<Record<string, readonly Choice[]>>;

/** No choices, always the same object. */
export const noChoices: Choices = {};

/** The inputs of a list of fields, in their order. */
export function FieldForm(props: FieldFormProps) {
  const { fields, draft, onChange, errors, secrets = {}, choices = noChoices, prefix = "" } = props;
  return (
    <FormLayout>
      {fields.map((field) => (
        <FieldInput
          key={field.key}
          field={field}
          name={prefix + field.key}
          value={draft[field.key] ?? ""}
          onChange={(value) => onChange({ ...draft, [field.key]: value })}
          errors={errors}
          secret={secrets[field.key] ?? ""}
          choices={choices}
        />
      ))}
    </FormLayout>
  );
}

interface InputProps<F> {
  field: F;
  name: string;
  value: Draft[string];
  onChange: (value: Draft[string]) => void;
  errors: Record<string, string>;
  secret: string;
  choices: Choices;
}

function FieldInput({ field, name, value, onChange, errors, secret, choices }: InputProps<Field>) {
  const error = errors[name] ?? false;
  const text = typeof value === "string" ? value : "";
  const label =
    field.required === false && field.kind !== "toggle" ? `${field.label} (optional)` : field.label;
  const offered = choices[name];
  if (offered && offered.length > 0 && mayBeChosen(field))
    return (
      <Select
        label={label}
        helpText={field.help}
        options={optionsOf({ offered, text, isOptional: field.required === false })}
        value={text}
        onChange={onChange}
        error={error}
      />
    );
  switch (field.kind) {
    case "toggle":
      return (
        <Checkbox
          label={label}
          helpText={field.help}
          checked={value === true}
          onChange={(checked) => onChange(checked)}
          error={error}
        />
      );
    case "choice":
      return (
        <Select
          label={label}
          helpText={field.help}
          options={[
            ...(field.default === undefined ? [{ value: "", label: "Choose one" }] : []),
            ...field.choices.map((choice) => ({ value: choice.value, label: choice.label })),
          ]}
          value={text}
          onChange={onChange}
          error={error}
        />
      );
    case "list":
      return <ListInput {...{ field, name, value, onChange, errors, secret, choices }} />;
    case "file":
      return <FileInput {...{ field, label, value, onChange, error }} />;
    case "secret":
      return (
        <TextField
          label={label}
          type="password"
          helpText={[field.help, secret ? `Stored: ${secret}. Leave it empty to keep it.` : ""]
            .filter(Boolean)
            .join(" ")}
          placeholder={secret}
          value={text}
          onChange={onChange}
          // A browser must not offer the password of another site here, nor keep this one.
          autoComplete="new-password"
          spellCheck={false}
          error={error}
        />
      );
    case "number":
      return (
        <TextField
          label={label}
          helpText={field.help}
          // Not type "number": it drops a comma as decimal sign, and a mouse wheel changes it unseen.
          inputMode={field.whole ? "numeric" : "decimal"}
          value={text}
          onChange={onChange}
          autoComplete="off"
          error={error}
        />
      );
    case "text":
    case "url":
      return (
        <TextField
          label={label}
          helpText={field.help}
          {...(field.kind === "url" && ({ type: "url", placeholder: "https://" } as const))}
          value={text}
          onChange={onChange}
          autoComplete="off"
          maxLength={4000}
          error={error}
        />
      );
  }
}

const mayBeChosen = ({ kind }: Field): boolean =>
  kind === "text" || kind === "number" || kind === "choice" || kind === "url";

// What is chosen now stays in the list even when the vendor does not offer it any more: a form never changes a
// value by being opened.
function optionsOf({
  offered,
  text,
  isOptional,
}: {
  offered: readonly Choice[];
  text: string;
  isOptional: boolean;
}): Choice[] {
  const isOffered = offered.some(({ value }) => value === text);
  return [
    { value: "", label: isOptional ? "None" : "Choose one" },
    ...(text !== "" && !isOffered ? [{ value: text, label: `${text} (not offered)` }] : []),
    ...offered.filter(({ value }) => value !== "").map(({ value, label }) => ({ value, label })),
  ];
}

type ListField = Extract<Field, { kind: "list" }>;

function ListInput({ field, name, value, onChange, errors, choices }: InputProps<ListField>) {
  const rows = Array.isArray(value) ? value : [];
  const [said, setSaid] = useState("");
  const error = errors[name];
  const put = (index: number, row: Draft): void =>
    onChange(rows.map((old, at) => (at === index ? row : old)));
  const add = (): void => {
    onChange([...rows, draftOf(field.fields, {})]);
    setSaid(`Row ${rows.length + 1} added to ${field.label}.`);
  };
  const remove = (index: number): void => {
    onChange(rows.filter((_, at) => at !== index));
    setSaid(`Row ${index + 1} removed from ${field.label}.`);
  };
  return (
    <Box role="group" aria-labelledby={`${name}-title`}>
      <BlockStack gap="200">
        <Text as="span" id={`${name}-title`}>
          {field.required === false ? `${field.label} (optional)` : field.label}
        </Text>
        {field.help && (
          <Text as="p" tone="subdued">
            {field.help}
          </Text>
        )}
        {rows.map((row, index) => (
          <Box
            key={index}
            role="group"
            aria-label={`${field.label}, row ${index + 1}`}
            padding="300"
            borderWidth="025"
            borderColor="border"
            borderRadius="200"
          >
            <BlockStack gap="200">
              <FieldForm
                fields={field.fields}
                draft={row}
                onChange={(changed) => put(index, changed)}
                errors={errors}
                choices={choices}
                prefix={`${name}.${index}.`}
              />
              <InlineStack align="end">
                <Button
                  tone="critical"
                  variant="plain"
                  accessibilityLabel={`Remove row ${index + 1} of ${field.label}`}
                  onClick={() => remove(index)}
                >
                  Remove
                </Button>
              </InlineStack>
            </BlockStack>
          </Box>
        ))}
        {error && <InlineError message={error} fieldID={name} />}
        <InlineStack>
          <Button
            onClick={add}
            // A spoken command is what is read on the button, so its words come first.
            accessibilityLabel={`${rows.length === 0 ? "Add" : "Add another"}: ${field.label}`}
          >
            {rows.length === 0 ? "Add" : "Add another"}
          </Button>
        </InlineStack>
        <div role="status">
          <Text as="span" visuallyHidden>
            {said}
          </Text>
        </div>
      </BlockStack>
    </Box>
  );
}
