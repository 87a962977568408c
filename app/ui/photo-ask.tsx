// A line that was bought without a photo: the link for its shopper, and what became of it.
import { BlockStack, Button, Text, TextField } from "@shopify/polaris";
import { useState } from "react";
import { Moment } from "./moment.tsx";
import type { PictureView } from "./order-pictures.server.ts";

interface PhotoAskProps {
  ask: NonNullable<PictureView["ask"]>;
  title: string;
}

/** The link with a button to copy it, and whether the shopper opened or used it. */
export function PhotoAsk({ ask, title }: PhotoAskProps) {
  const [copied, setCopied] = useState<"yes" | "no">();
  if (ask.usedAt)
    return (
      <Text as="p" tone="subdued">
        The link to add a photo was used or taken back <Moment at={ask.usedAt} />. It opens nothing any more.
      </Text>
    );
  // A frame may be kept from the clipboard; the field itself can always be copied from.
  const copy = async (): Promise<void> =>
    setCopied(
      await navigator.clipboard.writeText(ask.url).then(
        () => "yes" as const,
        () => "no" as const,
      ),
    );
  return (
    <BlockStack gap="200">
      <Text as="p">
        Nothing was sent: there is no photo that this line could be made from. Send the shopper this link to
        add one; the order then goes on by itself.
      </Text>
      <TextField
        label="Link for the shopper"
        value={ask.url}
        readOnly
        autoComplete="off"
        selectTextOnFocus
        helpText="Whoever has it can add a photo to this line, once, and sees nothing else of the order."
        connectedRight={
          <Button onClick={() => void copy()} accessibilityLabel={`Copy the link for ${title}`}>
            Copy
          </Button>
        }
      />
      <div role="status">
        {copied !== undefined && (
          <Text as="p" tone={copied === "yes" ? "success" : "critical"}>
            {copied === "yes"
              ? "The link is copied."
              : "The browser did not let us copy: mark the link and copy it."}
          </Text>
        )}
      </div>
      <Text as="p" tone="subdued">
        {ask.openedAt ? (
          <>
            The shopper opened it <Moment at={ask.openedAt} />, and has not chosen yet.
          </>
        ) : (
          "It was not opened yet."
        )}{" "}
        It is good until <Moment at={ask.expiresAt} />.
      </Text>
    </BlockStack>
  );
}
