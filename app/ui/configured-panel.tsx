// What the product in the making comes to at its vendor: price and other facts, a picture, and what stands against it.
import { Banner, BlockStack, Box, Card, InlineGrid, InlineStack, Spinner, Text } from "@shopify/polaris";
import type { Configuring } from "./configuring.ts";
import { Fact } from "./words.tsx";

interface PanelProps {
  making: Configuring;
  vendorLabel: string;
  /** What stands against the whole of it. */
  problem: string | undefined;
}

/** The panel above the fields. Problems of single fields stand beside them. */
export function ConfiguredPanel({ making, vendorLabel, problem }: PanelProps) {
  const { configured, trouble, isAsking } = making;
  const facts = configured?.facts ?? [];
  const image = configured?.image;
  return (
    <div aria-live="polite" aria-busy={isAsking}>
      <BlockStack gap="400">
        {trouble !== undefined && (
          <Banner tone="warning" title={`${vendorLabel} could not be asked what can be chosen`}>
            <p>{trouble} You can fill in the fields below by hand and save.</p>
          </Banner>
        )}
        {problem !== undefined && (
          <Banner tone="warning" title="It cannot be made like this">
            <p>{problem}</p>
          </Banner>
        )}
        <Card>
          <BlockStack gap="300">
            <InlineStack gap="200" blockAlign="center">
              <Text as="h2" variant="headingMd">
                As {vendorLabel} would make it
              </Text>
              {isAsking && <Spinner size="small" accessibilityLabel={`${vendorLabel} is being asked`} />}
            </InlineStack>
            {facts.length === 0 && image === undefined && (
              <Text as="p" tone="subdued">
                {isAsking ? "One moment…" : "Choose below; price and details appear here."}
              </Text>
            )}
            {image !== undefined && (
              <Box>
                <img
                  src={image}
                  alt={`The product as ${vendorLabel} would make it`}
                  referrerPolicy="no-referrer"
                  style={{ maxWidth: "100%", maxHeight: "20rem", display: "block" }}
                />
              </Box>
            )}
            {facts.length > 0 && (
              <InlineGrid columns={{ xs: 2, md: 4 }} gap="300">
                {facts.map(([label, value]) => (
                  <Fact key={label} label={label}>
                    {value}
                  </Fact>
                ))}
              </InlineGrid>
            )}
          </BlockStack>
        </Card>
      </BlockStack>
    </div>
  );
}
