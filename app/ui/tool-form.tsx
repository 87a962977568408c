// The form of a tool: what it works on, its fields, and the button that runs it. What changes something at the
// vendor asks first.
import { Banner, BlockStack, Box, Button, Card, InlineStack, Modal, Text } from "@shopify/polaris";
import { useState } from "react";
import { Chooser } from "./chooser.tsx";
import { draftOf, hasFiles, postedForm } from "./draft.ts";
import { FieldForm } from "./field-form.tsx";
import { PageForm } from "./page-form.tsx";
import type { ToolPage } from "./tool-page.server.ts";

interface ToolFormProps {
  page: ToolPage;
  errors: Record<string, string>;
  running: boolean;
  onRun: (run: { form: FormData; isMultipart: boolean }) => void;
}

/** The form. It keeps what was filled in after a run, so that the next one differs only where it should. */
export function ToolForm({ page, errors, running, onRun }: ToolFormProps) {
  const { tool, vendor, choosing } = page;
  const [draft, setDraft] = useState(() => draftOf(tool.fields, {}));
  const [chosen, setChosen] = useState(() => choosing?.chosen ?? []);
  const [isAsking, setIsAsking] = useState(false);
  const run = (): void => {
    setIsAsking(false);
    const posted = postedForm(tool.fields, draft);
    for (const { id } of chosen) posted.append("ids", id);
    onRun({ form: posted, isMultipart: hasFiles(tool.fields, draft) });
  };
  const whole = errors[""] ?? errors["_form"];
  return (
    <PageForm errors={errors} onSubmit={tool.confirm === undefined ? run : () => setIsAsking(true)}>
      <BlockStack gap="400">
        {Object.keys(errors).length > 0 && (
          <Banner tone="critical" title="That was not done">
            {whole ?? errors["ids"] ?? "Some fields are not right. The reason is beside each of them."}
          </Banner>
        )}
        {choosing && tool.takes && (
          <Chooser
            takes={tool.takes}
            vendorLabel={vendor.label}
            choosing={choosing}
            chosen={chosen}
            onChange={setChosen}
          />
        )}
        {tool.fields.length > 0 && (
          <Card>
            <FieldForm fields={tool.fields} draft={draft} onChange={setDraft} errors={errors} />
          </Card>
        )}
        <Box paddingInline={{ xs: "400", sm: "0" }}>
          <InlineStack align="end" gap="200" blockAlign="center">
            {tool.takes && chosen.length === 0 && (
              <Text as="span" tone="subdued">
                {tool.takes === "orders" ? "No order is chosen yet." : "No product is chosen yet."}
              </Text>
            )}
            {/* What changes something is named after what it does; the others are named after what they show. */}
            <Button
              submit
              variant="primary"
              loading={running}
              {...(tool.confirm === undefined && { accessibilityLabel: `Show the result: ${tool.label}` })}
            >
              {tool.confirm === undefined ? "Show the result" : tool.label}
            </Button>
          </InlineStack>
        </Box>
      </BlockStack>
      {tool.confirm !== undefined && (
        <Modal
          open={isAsking}
          onClose={() => setIsAsking(false)}
          title={`${tool.label}?`}
          primaryAction={{ content: tool.label, onAction: run }}
          secondaryActions={[{ content: "Go back", onAction: () => setIsAsking(false) }]}
        >
          <Modal.Section>
            <Text as="p">{tool.confirm}</Text>
          </Modal.Section>
        </Modal>
      )}
    </PageForm>
  );
}
