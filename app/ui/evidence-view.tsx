// "Exactly what was sent": loaded when it is opened, with personal data hidden until somebody asks for it.
import { Banner, BlockStack, Box, Button, Collapsible, InlineStack, Text } from "@shopify/polaris";
import { useFetcher } from "@remix-run/react";
import { useState } from "react";
import type { Decided } from "./decide.server.ts";

/** The button and, once opened, the payload and the exchanges of one part. */
export function EvidenceView({ partId }: { partId: string }) {
  const [open, setOpen] = useState(false);
  const fetcher = useFetcher<Decided>();
  const load = (personal: boolean): void =>
    fetcher.submit({ intent: "show sent", part: partId, personal: String(personal) }, { method: "post" });
  const evidence = fetcher.data && "evidence" in fetcher.data ? fetcher.data.evidence : undefined;
  const refused = fetcher.data && "refused" in fetcher.data ? fetcher.data.refused : undefined;
  const busy = fetcher.state !== "idle";
  const id = `sent-${partId}`;
  return (
    <BlockStack gap="200">
      <InlineStack gap="200">
        <Button
          variant="plain"
          disclosure={open ? "up" : "down"}
          ariaControls={id}
          ariaExpanded={open}
          onClick={() => {
            if (!open) load(false);
            setOpen(!open);
          }}
        >
          Exactly what was sent
        </Button>
      </InlineStack>
      <Collapsible id={id} open={open}>
        {refused && <Banner tone="critical">{refused}</Banner>}
        {busy && !evidence && (
          <Text as="p" tone="subdued">
            Loading what was sent…
          </Text>
        )}
        {evidence && (
          <BlockStack gap="300">
            <InlineStack gap="200" blockAlign="center">
              <Button loading={busy} onClick={() => load(!evidence.showsPersonal)}>
                {evidence.showsPersonal ? "Hide personal data" : "Show personal data"}
              </Button>
              <Text as="p" variant="bodySm" tone="subdued">
                {evidence.showsPersonal
                  ? "Names, addresses, phones and e-mails are shown. This was logged."
                  : "Names, addresses, phones and e-mails are hidden. Showing them is logged."}
              </Text>
            </InlineStack>
            {evidence.payload === undefined ? (
              <Text as="p">Nothing was sent yet, or its time to be kept is over.</Text>
            ) : (
              <Block title="Payload" text={evidence.payload} />
            )}
            {evidence.hash && (
              <Text as="p" variant="bodySm" tone="subdued" breakWord>
                SHA-256 of what was sent: {evidence.hash}
              </Text>
            )}
            {evidence.exchanges.map((exchange, index) => (
              <BlockStack key={index} gap="100">
                <Text as="h3" variant="headingXs">
                  {exchange.title}
                </Text>
                {exchange.request !== undefined && <Block title="Request" text={exchange.request} />}
                {exchange.response !== undefined && <Block title="Answer" text={exchange.response} />}
              </BlockStack>
            ))}
          </BlockStack>
        )}
      </Collapsible>
    </BlockStack>
  );
}

// Scrolls inside itself and can be reached by keyboard, so that a long payload never widens a phone's page.
function Block({ title, text }: { title: string; text: string }) {
  return (
    <BlockStack gap="050">
      <Text as="span" variant="bodySm" tone="subdued">
        {title}
      </Text>
      <Box background="bg-surface-secondary" borderRadius="200" padding="200">
        <div tabIndex={0} role="region" aria-label={title} style={{ overflow: "auto", maxHeight: "24rem" }}>
          <pre style={{ margin: 0, fontSize: "0.75rem", whiteSpace: "pre-wrap", overflowWrap: "anywhere" }}>
            {text}
          </pre>
        </div>
      </Box>
    </BlockStack>
  );
}
