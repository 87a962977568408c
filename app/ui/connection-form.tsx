// The form of a connection: the vendor's own fields, and what every connection has besides.
import {
  Banner,
  BlockStack,
  Box,
  Button,
  Card,
  Checkbox,
  FormLayout,
  InlineStack,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import { draftOf, maskedSecrets, postedDraft, sameDraft, type Draft } from "./draft.ts";
import { FieldForm } from "./field-form.tsx";
import { PageForm } from "./page-form.tsx";
import { SaveBar } from "./save-bar.tsx";
import type { VendorPage } from "./vendors-page.server.ts";

interface Common {
  label: string;
  holdMinutes: string;
  approve: boolean;
  takesTestOrders: boolean;
}

interface ConnectionFormProps {
  page: VendorPage;
  errors: Record<string, string>;
  saving: boolean;
  onSave: (entries: [string, string][]) => void;
}

/** The form. Give it a new `key` after each save, so that it starts from what is stored. */
export function ConnectionForm({ page, errors, saving, onSave }: ConnectionFormProps) {
  const { vendor, connection } = page;
  const shown = connection?.values ?? {};
  const initial: Draft = draftOf(vendor.fields, shown);
  const initialCommon: Common = {
    label: connection?.label ?? page.newLabel,
    holdMinutes: String(connection?.holdMinutes ?? 30),
    approve: connection?.approve ?? false,
    takesTestOrders: connection?.takesTestOrders ?? false,
  };
  const [draft, setDraft] = useState(initial);
  const [common, setCommon] = useState(initialCommon);
  const isChanged = !sameDraft(draft, initial) || JSON.stringify(common) !== JSON.stringify(initialCommon);
  const save = (): void =>
    onSave([
      ...postedDraft(vendor.fields, draft),
      ...Object.entries(common).map(([key, value]): [string, string] => [key, String(value)]),
    ]);

  return (
    <PageForm errors={errors} onSubmit={save}>
      <BlockStack gap="400">
        {errors["_form"] && (
          <Banner tone="critical" title="Not saved">
            {errors["_form"]}
          </Banner>
        )}
        {Object.keys(errors).some((key) => key !== "_form") && (
          <Banner tone="critical" title="Not saved">
            Some fields are not right. The reason is beside each of them.
          </Banner>
        )}
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              Your account at {vendor.label}
            </Text>
            <FieldForm
              fields={vendor.fields}
              draft={draft}
              onChange={setDraft}
              errors={errors}
              secrets={maskedSecrets(vendor.fields, shown)}
            />
          </BlockStack>
        </Card>
        <Card>
          <BlockStack gap="300">
            <Text as="h2" variant="headingMd">
              {vendor.takesOrders ? "Orders" : "This connection"}
            </Text>
            <CommonFields
              {...{ common, errors }}
              takesOrders={vendor.takesOrders}
              onChange={(change) => setCommon({ ...common, ...change })}
            />
          </BlockStack>
        </Card>
        {/* A new connection can be saved as it stands: its defaults may be all that is needed. */}
        {connection === undefined && (
          <Box paddingInline={{ xs: "400", sm: "0" }}>
            <InlineStack align="end">
              <Button submit variant="primary" loading={saving}>
                {`Connect ${vendor.label}`}
              </Button>
            </InlineStack>
          </Box>
        )}
      </BlockStack>
      <SaveBar
        id="connection-save-bar"
        open={isChanged}
        saving={saving}
        onSave={save}
        onDiscard={() => {
          setDraft(initial);
          setCommon(initialCommon);
        }}
      />
    </PageForm>
  );
}

function CommonFields({
  common,
  errors,
  takesOrders,
  onChange,
}: {
  common: Common;
  errors: Record<string, string>;
  takesOrders: boolean;
  onChange: (change: Partial<Common>) => void;
}) {
  return (
    <FormLayout>
      <TextField
        label="Name of this connection"
        helpText="What you call it here. It tells two accounts at the same vendor apart."
        value={common.label}
        onChange={(label) => onChange({ label })}
        autoComplete="off"
        maxLength={80}
        error={errors["label"] ?? false}
      />
      {takesOrders && (
        <>
          <TextField
            label="Wait before sending"
            helpText="0 to 4320 minutes (three days). Until an order is sent, a cancellation, refund or edit in Shopify changes what is sent. Afterwards it is too late."
            inputMode="numeric"
            suffix="minutes"
            value={common.holdMinutes}
            onChange={(holdMinutes) => onChange({ holdMinutes })}
            autoComplete="off"
            error={errors["holdMinutes"] ?? false}
          />
          <Checkbox
            label="A person approves every order"
            helpText="Nothing is sent until you press Approve on the order's page."
            checked={common.approve}
            onChange={(approve) => onChange({ approve })}
          />
          <Checkbox
            label="This is a test account"
            helpText="Orders that Shopify marks as tests may go here, and nowhere else. Choose products you sell at your real account."
            checked={common.takesTestOrders}
            onChange={(takesTestOrders) => onChange({ takesTestOrders })}
          />
        </>
      )}
    </FormLayout>
  );
}
