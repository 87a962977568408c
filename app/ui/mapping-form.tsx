// The form of a Mapping: who makes the variant, and which of the vendor's products it is.
import { Banner, BlockStack, Box, Button, Card, Checkbox, InlineStack, Select, Text } from "@shopify/polaris";
import { useState } from "react";
import { draftOf, pickedDraft, postedDraft, sameDraft, type Draft } from "./draft.ts";
import { ConfiguredPanel } from "./configured-panel.tsx";
import { useConfigurator } from "./configuring.ts";
import { FieldForm, noChoices } from "./field-form.tsx";
import { useFocusError } from "./focus-error.ts";
import type { MappingPage } from "./mapping-page.server.ts";
import { PickList } from "./pick-list.tsx";
import { SaveBar } from "./save-bar.tsx";

interface MappingFormProps {
  page: MappingPage;
  errors: Record<string, string>;
  saving: boolean;
  onSave: (entries: [string, string][]) => void;
}

/** The form. Give it a new `key` after each save, so that it starts from what is stored. */
export function MappingForm({ page, errors, saving, onSave }: MappingFormProps) {
  const { mapping, connections, options } = page;
  const stored = connections.find(({ id }) => id === mapping?.connectionId);
  // One connection is no choice: it is taken, but saved only when the merchant says so.
  const first = stored?.id ?? (connections.length === 1 ? connections[0]?.id : undefined) ?? "";
  const [connectionId, setConnectionId] = useState(first);
  const connection = connections.find(({ id }) => id === connectionId);
  const initialOf = (id: string): Draft => {
    const chosen = connections.find((candidate) => candidate.id === id);
    return chosen ? draftOf(chosen.fields, mapping?.connectionId === id ? mapping.product : {}) : {};
  };
  const [draft, setDraft] = useState(() => initialOf(first));
  const [alsoOthers, setAlsoOthers] = useState(false);
  const form = useFocusError<HTMLDivElement>(errors);
  const isChanged = alsoOthers || connectionId !== first || !sameDraft(draft, initialOf(first));
  const isTouched = !sameDraft(draft, initialOf(connectionId));
  const making = useConfigurator({ connection, draft, options, isTouched, onFill: setDraft });
  const { configured } = making;
  // Before anything is chosen everything is missing: that is no news and not said in red.
  const problems = isTouched || mapping?.connectionId === connectionId ? (configured?.problems ?? {}) : {};
  const choose = (id: string): void => {
    setConnectionId(id);
    setDraft(initialOf(id));
  };
  const save = (): void =>
    onSave([
      ["connectionId", connectionId],
      ["alsoOthers", String(alsoOthers)],
      ...(connection ? postedDraft(connection.fields, draft) : []),
    ]);

  return (
    <div ref={form}>
      <BlockStack gap="400">
        {Object.keys(errors).length > 0 && (
          <Banner tone="critical" title="Not saved">
            {errors["variantId"] ?? "Some fields are not right. The reason is beside each of them."}
          </Banner>
        )}
        <Card>
          <Select
            label="Made by"
            options={[
              ...(first === "" || mapping?.isBroken ? [{ value: "", label: "Choose a connection" }] : []),
              ...connections.map(({ id, label, status }) => ({
                value: id,
                label:
                  status === "on" ? label : `${label} (${status === "paused" ? "paused" : "does not work"})`,
              })),
            ]}
            value={connectionId}
            onChange={choose}
            {...(connectionId === "" && {
              helpText: "Leave this open when no vendor makes it.",
            })}
            error={errors["connectionId"] ?? false}
          />
        </Card>
        {connection?.hasList && (
          <PickList
            key={connection.id}
            connection={connection}
            onPick={(config) => setDraft(pickedDraft(connection.fields, draft, config))}
          />
        )}
        {connection && (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              save();
            }}
          >
            <BlockStack gap="400">
              {connection.hasConfigurator && (
                <ConfiguredPanel
                  making={making}
                  vendorLabel={connection.vendorLabel}
                  problem={problems[""]}
                />
              )}
              <Card>
                <BlockStack gap="300">
                  <Text as="h2" variant="headingMd">
                    Which product of {connection.vendorLabel} it is
                  </Text>
                  {connection.fields.length === 0 && <Text as="p">There is nothing else to fill in.</Text>}
                  <FieldForm
                    fields={connection.fields}
                    draft={draft}
                    onChange={setDraft}
                    errors={{ ...problems, ...errors }}
                    choices={configured?.choices ?? noChoices}
                  />
                  {page.openOthers > 0 && (
                    <Checkbox
                      label={
                        page.openOthers === 1
                          ? "Also for the other variant of this product that is not chosen yet"
                          : `Also for the ${page.openOthers} other variants of this product that are not chosen yet`
                      }
                      helpText={
                        connection.readsOptions
                          ? "They become the same, but for what their own options say, such as the size. Leave this off when they differ in anything else that the fields above say, such as the metal."
                          : "They become exactly the same. Leave this off when the variants differ in what the fields above say, such as size or metal."
                      }
                      checked={alsoOthers}
                      onChange={(checked) => setAlsoOthers(checked)}
                    />
                  )}
                </BlockStack>
              </Card>
              {(!mapping || mapping.isBroken) && (
                <Box paddingInline={{ xs: "400", sm: "0" }}>
                  <InlineStack align="end">
                    <Button submit variant="primary" loading={saving} disabled={page.isGone}>
                      Save this choice
                    </Button>
                  </InlineStack>
                </Box>
              )}
            </BlockStack>
          </form>
        )}
        <SaveBar
          id="mapping-save-bar"
          open={isChanged}
          saving={saving}
          onSave={save}
          onDiscard={() => {
            choose(first);
            setAlsoOthers(false);
          }}
        />
      </BlockStack>
    </div>
  );
}
