// Entering a parcel by hand, for vendors that report none: carrier, number, and which pieces are in it.
import {
  BlockStack,
  Button,
  Checkbox,
  FormLayout,
  InlineError,
  InlineStack,
  Text,
  TextField,
} from "@shopify/polaris";
import { useState } from "react";
import type { PartView } from "./order-page.server.ts";
import { PageForm } from "./page-form.tsx";

interface TrackingFormProps {
  part: PartView;
  busy: boolean;
  errors: Record<string, string>;
  onSubmit: (values: Record<string, string>) => void;
  onCancel: () => void;
}

/** The form. It starts with everything that is in no parcel yet. */
export function TrackingForm({ part, busy, errors, onSubmit, onCancel }: TrackingFormProps) {
  const [carrier, setCarrier] = useState("");
  const [trackingNumber, setTrackingNumber] = useState("");
  const [trackingUrl, setTrackingUrl] = useState("");
  const [notify, setNotify] = useState(true);
  const [quantities, setQuantities] = useState<Record<string, string>>({});
  const quantityOf = (line: PartView["unshipped"][number]): string =>
    quantities[line.lineId] ?? String(line.quantity);

  const submit = (): void => {
    const lines = part.unshipped.map((line) => ({
      lineId: line.lineId,
      quantity: Number(quantityOf(line) || "0"),
    }));
    onSubmit({ carrier, trackingNumber, trackingUrl, notify: String(notify), lines: JSON.stringify(lines) });
  };

  return (
    <PageForm errors={errors} onSubmit={submit}>
      <BlockStack gap="300">
        <Text as="h3" variant="headingSm">
          Enter a parcel
        </Text>
        <FormLayout>
          <FormLayout.Group>
            <TextField
              label="Carrier"
              helpText="As Shopify calls it, for example DHL Express: then Shopify makes the link."
              value={carrier}
              onChange={setCarrier}
              autoComplete="off"
              maxLength={100}
              error={errors["carrier"] ?? false}
            />
            <TextField
              label="Tracking number"
              value={trackingNumber}
              onChange={setTrackingNumber}
              autoComplete="off"
              maxLength={100}
              error={errors["trackingNumber"] ?? false}
            />
          </FormLayout.Group>
          <TextField
            label="Tracking link (optional)"
            type="url"
            value={trackingUrl}
            onChange={setTrackingUrl}
            autoComplete="off"
            error={errors["trackingUrl"] ?? false}
          />
        </FormLayout>
        <BlockStack gap="200">
          <Text as="p">How many of each are in this parcel?</Text>
          {part.unshipped.map((line) => (
            <TextField
              key={line.lineId}
              label={line.title}
              type="integer"
              inputMode="numeric"
              min={0}
              max={line.quantity}
              value={quantityOf(line)}
              onChange={(value) => setQuantities({ ...quantities, [line.lineId]: value })}
              suffix={`of ${line.quantity}`}
              autoComplete="off"
            />
          ))}
          {errors["lines"] && <InlineError message={errors["lines"]} fieldID="lines" />}
        </BlockStack>
        <Checkbox
          label="Shopify tells the customer by e-mail"
          checked={notify}
          onChange={(checked) => setNotify(checked)}
        />
        <InlineStack gap="200">
          <Button submit variant="primary" loading={busy}>
            Enter this parcel
          </Button>
          <Button onClick={onCancel}>Go back</Button>
        </InlineStack>
      </BlockStack>
    </PageForm>
  );
}
