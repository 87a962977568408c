// The shop's rules for shoppers' photos as a form: how long they are kept, how many there may be, which looks.
import { BlockStack, Card, ChoiceList, FormLayout, Link, List, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { PageForm } from "./page-form.tsx";
import { SaveBar } from "./save-bar.tsx";
import type { StorefrontPage } from "./storefront-page.server.ts";

interface StorefrontFormProps {
  page: Pick<StorefrontPage, "settings" | "looks" | "connections">;
  errors: Record<string, string>;
  saving: boolean;
  onSave: (values: Record<string, string>) => void;
}

const numbers = [
  {
    key: "keepUnordered",
    label: "Keep a photo that nobody ordered",
    suffix: "days",
    help: "7 to 30. The page of the product tells shoppers this number.",
  },
  {
    key: "keepOrdered",
    label: "Keep an ordered photo after the order is delivered",
    suffix: "days",
    help: "0 to 365. Long enough for a claim. Until the delivery it is kept in any case.",
  },
  {
    key: "photosPerDay",
    label: "Photos in a day",
    suffix: "photos",
    help: "For the whole shop. When they are used up, shoppers are asked to come back later. 0 takes none.",
  },
  {
    key: "previewsADay",
    label: "Previews in a day",
    suffix: "previews",
    help: "For the whole shop, each day; a day begins with its first preview and lasts 24 hours. The vendor counts previews against your account.",
  },
] as const;

/** The form. Give it a new `key` after each save, so that it starts from what is stored. */
export function StorefrontForm({ page, errors, saving, onSave }: StorefrontFormProps) {
  const initial = draftOf(page.settings);
  const [draft, setDraft] = useState(initial);
  const isChanged = JSON.stringify(draft) !== JSON.stringify(initial);
  const save = (): void => onSave(draft);
  return (
    <PageForm errors={errors} onSubmit={save}>
      <Card>
        <BlockStack gap="400">
          <FormLayout>
            {numbers.map(({ key, label, suffix, help }) => (
              <TextField
                key={key}
                label={label}
                suffix={suffix}
                helpText={help}
                inputMode="numeric"
                autoComplete="off"
                value={draft[key]}
                onChange={(value) => setDraft({ ...draft, [key]: value })}
                error={errors[key] ?? false}
              />
            ))}
          </FormLayout>
          {page.looks.length > 0 && (
            <ChoiceList
              allowMultiple
              title="Looks that shoppers can choose"
              choices={page.looks.map(({ look, label }) => ({ value: look, label }))}
              selected={draft.looks.split(",").filter(Boolean)}
              onChange={(chosen) => setDraft({ ...draft, looks: inOrder(page.looks, chosen) })}
              {...(errors["looks"] !== undefined && { error: errors["looks"] })}
            />
          )}
          <MadeAgain connections={page.connections} />
        </BlockStack>
        <SaveBar
          id="storefront-save-bar"
          open={isChanged}
          saving={saving}
          onSave={save}
          onDiscard={() => setDraft(initial)}
        />
      </Card>
    </PageForm>
  );
}

type Draft = Record<(typeof numbers)[number]["key"] | "looks", string>;

function draftOf({ looks, ...rest }: StorefrontPage["settings"]): Draft {
  return {
    keepUnordered: String(rest.keepUnordered),
    keepOrdered: String(rest.keepOrdered),
    photosPerDay: String(rest.photosPerDay),
    previewsADay: String(rest.previewsADay),
    looks: looks.join(","),
  };
}

// In the vendor's order whatever was clicked first, so that going back is no change.
function inOrder(looks: StorefrontPage["looks"], chosen: string[]): string {
  return looks
    .map(({ look }) => look)
    .filter((look) => chosen.includes(look))
    .join(",");
}

// It is the connection's own setting, because two accounts may want it differently: said here, changed there.
function MadeAgain({ connections }: Pick<StorefrontPage, "connections">) {
  if (connections.length === 0) return null;
  return (
    <BlockStack gap="100">
      <Text as="h3" variant="bodyMd">
        When a preview had to be made again
      </Text>
      <Text as="p" tone="subdued">
        It happens when a shopper pays for another size than they looked at, or when the preview is too old.
      </Text>
      <List>
        {connections.map(({ id, label, to, madeAgain }) => (
          <List.Item key={id}>
            {label}: {madeAgainText(madeAgain)}{" "}
            <Link url={to} accessibilityLabel={`Change it for ${label}`}>
              Change
            </Link>
          </List.Item>
        ))}
      </List>
    </BlockStack>
  );
}

function madeAgainText(madeAgain: StorefrontPage["connections"][number]["madeAgain"]): string {
  if (madeAgain === undefined) return "its settings cannot be opened, so its orders wait.";
  return madeAgain === "send"
    ? "the order is sent."
    : "the order waits, and its page shows you both pictures.";
}
