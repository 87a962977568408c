// A line that was bought without a photo: the link for its shopper, what became of it, and the way to take it back.
import { Banner, BlockStack, Button, InlineStack, Text, TextField } from "@shopify/polaris";
import { useFetcher } from "@remix-run/react";
import { useState } from "react";
import { useToast } from "./app-bridge.ts";
import { Confirm } from "./confirm.tsx";
import type { Decided } from "./decide.server.ts";
import { Moment } from "./moment.tsx";
import type { PictureView } from "./order-pictures.server.ts";

type Ask = NonNullable<PictureView["ask"]>;

interface PhotoAskProps {
  ask: Ask;
  lineId: string;
  title: string;
  /** The line has a picture: the link was used, and not taken back. */
  hasPicture: boolean;
}

/** The link with a button to copy it, or that it is used up; its buttons post to the page of the order. */
export function PhotoAsk({ ask, lineId, title, hasPicture }: PhotoAskProps) {
  const fetcher = useFetcher<Decided>();
  const busy = fetcher.state !== "idle";
  const answer = busy ? undefined : fetcher.data;
  useToast(fetcher.data, answer && "done" in answer ? answer.done : undefined);
  const act = (intent: "take link back" | "renew link"): void =>
    fetcher.submit({ intent, line: lineId }, { method: "post" });
  return (
    <BlockStack gap="200">
      {ask.usedAt === undefined ? (
        <Open ask={ask} title={title} busy={busy} onTakeBack={() => act("take link back")} />
      ) : (
        <UsedUp ask={ask} hasPicture={hasPicture} busy={busy} onRenew={() => act("renew link")} />
      )}
      {answer && ("refused" in answer || "errors" in answer) && (
        <Banner tone="critical">
          {"refused" in answer ? answer.refused : "The page is out of date. Load it again."}
        </Banner>
      )}
    </BlockStack>
  );
}

function UsedUp({
  ask,
  hasPicture,
  busy,
  onRenew,
}: {
  ask: Extract<Ask, { usedAt: string }>;
  hasPicture: boolean;
  busy: boolean;
  onRenew: () => void;
}) {
  return (
    <>
      <Text as="p" tone="subdued">
        The link to add a photo was {hasPicture ? "used" : "taken back"} <Moment at={ask.usedAt} />. It opens
        nothing any more.
      </Text>
      {ask.isWaiting && (
        <>
          <Text as="p">
            This line still has no photo to be made from. Let the link be used again, or cancel the part.
          </Text>
          <InlineStack>
            <Button loading={busy} onClick={onRenew}>
              Let the link be used again
            </Button>
          </InlineStack>
        </>
      )}
    </>
  );
}

function Open({
  ask,
  title,
  busy,
  onTakeBack,
}: {
  ask: Extract<Ask, { url: string }>;
  title: string;
  busy: boolean;
  onTakeBack: () => void;
}) {
  const [copied, setCopied] = useState<"yes" | "no">();
  // A frame may be kept from the clipboard; the field itself can always be copied from.
  const copy = async (): Promise<void> =>
    setCopied(
      await navigator.clipboard.writeText(ask.url).then(
        () => "yes" as const,
        () => "no" as const,
      ),
    );
  return (
    <>
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
      <InlineStack>
        <Confirm
          label="Take the link back"
          title="Take the link back?"
          confirm="Take the link back"
          busy={busy}
          onConfirm={onTakeBack}
        >
          It then opens nothing for whoever has it, for example because it went to the wrong person. The order
          goes on waiting for a photo; you can let the link be used again here.
        </Confirm>
      </InlineStack>
    </>
  );
}
