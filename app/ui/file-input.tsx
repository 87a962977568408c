// One file of a tool's form: dropped, or chosen by keyboard; what cannot be taken is said before anything is sent.
import { BlockStack, Box, Button, DropZone, InlineError, InlineStack, Text } from "@shopify/polaris";
import { useId, useState } from "react";
import type { Field } from "../vendors/fields.ts";
import type { Draft } from "./draft.ts";
import { sizeText } from "./download.ts";

interface FileInputProps {
  field: Extract<Field, { kind: "file" }>;
  label: string;
  value: Draft[string];
  onChange: (value: File | "") => void;
  error: string | false;
}

/** The place for one file, and the name of the file that was chosen. */
export function FileInput({ field, label, value, onChange, error }: FileInputProps) {
  const [refused, setRefused] = useState("");
  const id = useId();
  const file = value instanceof File ? value : undefined;
  const take = (_all: File[], accepted: File[], rejected: File[]): void => {
    const [chosen] = accepted;
    if (!chosen) {
      setRefused(rejected[0] ? `${rejected[0].name} is not a file of a kind that is taken here.` : "");
    } else if (chosen.size > field.maxBytes) {
      setRefused(
        `${chosen.name} has ${sizeText(chosen.size)}; at most ${sizeText(field.maxBytes)} are taken.`,
      );
    } else {
      setRefused("");
      onChange(chosen);
    }
  };
  const problem = refused || error;
  return (
    <div data-invalid={problem ? true : undefined}>
      <BlockStack gap="100">
        <DropZone label={label} id={id} accept={field.accept} allowMultiple={false} type="file" onDrop={take}>
          {file ? (
            <Box padding="400">
              <Text as="p" alignment="center" breakWord>
                {file.name} ({sizeText(file.size)})
              </Text>
            </Box>
          ) : (
            <DropZone.FileUpload
              actionTitle="Choose a file"
              actionHint={`or drop it here, at most ${sizeText(field.maxBytes)}`}
            />
          )}
        </DropZone>
        {file && (
          <InlineStack>
            <Button variant="plain" accessibilityLabel={`Remove ${file.name}`} onClick={() => onChange("")}>
              Remove
            </Button>
          </InlineStack>
        )}
        {field.help && (
          <Text as="p" tone="subdued">
            {field.help}
          </Text>
        )}
        <div role="status">{problem && <InlineError message={problem} fieldID={id} />}</div>
      </BlockStack>
    </div>
  );
}
