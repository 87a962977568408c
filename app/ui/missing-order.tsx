// "An order is missing?": brings one order in by its number, when no webhook told of it.
import { Banner, BlockStack, Modal, Text, TextField } from "@shopify/polaris";
import { useFetcher } from "@remix-run/react";
import { useEffect, useState } from "react";

/** What came of the import. */
export type Imported = { done: string } | { refused: string };

interface MissingOrderProps {
  open: boolean;
  onClose: () => void;
  /** An order is being brought in. */
  onImported: () => void;
}

/** The dialog. It stays open after an answer, so that the answer can be read and the next number typed. */
export function MissingOrder({ open, onClose, onImported }: MissingOrderProps) {
  const fetcher = useFetcher<Imported>();
  const [number, setNumber] = useState("");
  const busy = fetcher.state !== "idle";
  const answer = busy ? undefined : fetcher.data;
  useEffect(() => {
    if (fetcher.data && "done" in fetcher.data) onImported();
  }, [fetcher.data, onImported]);
  const submit = (): void => fetcher.submit({ intent: "import", number }, { method: "post" });
  return (
    <Modal
      open={open}
      onClose={onClose}
      title="An order is missing?"
      primaryAction={{
        content: "Bring it in",
        loading: busy,
        disabled: number.trim() === "",
        onAction: submit,
      }}
      secondaryActions={[{ content: "Close", onAction: onClose }]}
    >
      <Modal.Section>
        <BlockStack gap="300">
          <Text as="p">
            Every order that Shopify told us of is in this list, also those with nothing for your vendors: see
            Not ours. If one is not, enter its number and it is read from Shopify now. An order that is here
            already is read again; nothing is sent twice.
          </Text>
          <form
            onSubmit={(event) => {
              event.preventDefault();
              submit();
            }}
          >
            <TextField
              label="Order number or web address"
              placeholder="#1001"
              value={number}
              onChange={setNumber}
              autoComplete="off"
              maxLength={300}
              error={answer && "refused" in answer ? answer.refused : false}
            />
          </form>
          {answer && "done" in answer && <Banner tone="success">{answer.done}</Banner>}
        </BlockStack>
      </Modal.Section>
    </Modal>
  );
}
