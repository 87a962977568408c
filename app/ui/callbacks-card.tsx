// The vendor's calls to us: whether they arrive, and the button that tells the vendor where to call.
import { Banner, BlockStack, Button, Card, InlineStack, Text, TextField } from "@shopify/polaris";
import { useFetcher } from "@remix-run/react";
import { useToast } from "./app-bridge.ts";
import type { CallbacksView } from "./callbacks-page.server.ts";
import type { Connected } from "./connect.server.ts";
import { Moment } from "./moment.tsx";
import { usePolling } from "./polling.ts";
import { Standing } from "./words.tsx";

interface CallbacksCardProps {
  vendorLabel: string;
  callbacks: CallbacksView;
}

/** The card. Its button posts to the page it stands on. */
export function CallbacksCard({ vendorLabel, callbacks }: CallbacksCardProps) {
  const { address, canRegister, badge, sentence, isPending, isFailed, lastAt, unmatched } = callbacks;
  const fetcher = useFetcher<Connected>();
  const busy = fetcher.state !== "idle";
  const answer = busy ? undefined : fetcher.data;
  useToast(fetcher.data, answer && "done" in answer ? answer.done : undefined);
  usePolling(isPending, 3);
  return (
    <Card>
      <BlockStack gap="300">
        <InlineStack gap="200" blockAlign="center">
          <Text as="h2" variant="headingMd">
            News from {vendorLabel}
          </Text>
          <Standing look={badge} />
        </InlineStack>
        {isFailed && sentence !== undefined ? (
          <Banner tone="warning" title="The address is not registered">
            {sentence}
          </Banner>
        ) : (
          <Text as="p">
            {sentence ??
              (canRegister
                ? `Register the address below, then ${vendorLabel} tells of progress by itself.`
                : `Give the address below to ${vendorLabel}, then it tells of progress by itself.`)}
          </Text>
        )}
        <Text as="p" tone="subdued">
          {lastAt ? (
            <>
              It last told something <Moment at={lastAt} />. What it says about an order is on the order’s
              page.
            </>
          ) : (
            "It has not told anything yet."
          )}
        </Text>
        {unmatched > 0 && (
          <Text as="p" tone="subdued">
            {unmatched === 1
              ? "One call is about an order that is not known here (yet). It is kept for 30 days and matched by itself."
              : `${unmatched} calls are about orders that are not known here (yet). They are kept for 30 days and matched by themselves.`}
          </Text>
        )}
        {answer && "refused" in answer && (
          <Banner tone="critical" title="That did not work">
            {answer.refused}
          </Banner>
        )}
        <TextField
          label="Address"
          value={address}
          readOnly
          autoComplete="off"
          selectTextOnFocus
          helpText="It is only for this connection."
        />
        {canRegister && (
          <InlineStack>
            <Button
              loading={busy}
              onClick={() => fetcher.submit({ intent: "register callbacks" }, { method: "post" })}
            >
              {sentence !== undefined ? "Register the address again" : "Register the address"}
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}
