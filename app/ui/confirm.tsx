// A button that asks first: for what cannot be taken back.
import { Button, Modal, Text } from "@shopify/polaris";
import { useState, type ReactNode } from "react";

interface ConfirmProps {
  label: string;
  title: string;
  /** What it means, in sentences. */
  children: ReactNode;
  /** The words on the button that does it. */
  confirm: string;
  critical?: boolean;
  busy: boolean;
  onConfirm: () => void;
}

/** The button and, once pressed, the question. */
export function Confirm({ label, title, children, confirm, critical = true, busy, onConfirm }: ConfirmProps) {
  const [open, setOpen] = useState(false);
  const close = (): void => setOpen(false);
  return (
    <>
      <Button loading={busy} onClick={() => setOpen(true)} {...(critical && { tone: "critical" })}>
        {label}
      </Button>
      <Modal
        open={open}
        onClose={close}
        title={title}
        primaryAction={{
          content: confirm,
          destructive: critical,
          onAction: () => {
            close();
            onConfirm();
          },
        }}
        secondaryActions={[{ content: "Go back", onAction: close }]}
      >
        <Modal.Section>
          <Text as="p">{children}</Text>
        </Modal.Section>
      </Modal>
    </>
  );
}
