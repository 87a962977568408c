// Small pieces that every page uses: a badge, a sentence with a moment in it, a place with nothing in it yet.
import { Badge, BlockStack, Box, Button, Card, InlineStack, Text } from "@shopify/polaris";
import type { ReactNode } from "react";
import { Moment } from "./moment.tsx";
import type { BadgeLook, Saying } from "./standing.ts";

/** A badge as `standing.ts` describes it. */
export function Standing({ look, vendor }: { look: BadgeLook; vendor?: string }) {
  const label = vendor ? `${vendor}: ${look.label}` : look.label;
  return (
    <Badge {...(look.tone && { tone: look.tone })} {...(look.progress && { progress: look.progress })}>
      {label}
    </Badge>
  );
}

/** A sentence with its moment. */
export function Says({ saying }: { saying: Saying }) {
  return (
    <>
      {saying.text}
      {saying.at && (
        <>
          {" "}
          <Moment at={saying.at} />.
        </>
      )}
      {saying.after && ` ${saying.after}`}
    </>
  );
}

/** What a list shows instead of rows: why it is empty and what to do. */
export function Empty({
  title,
  children,
  action,
}: {
  title: string;
  children: ReactNode;
  action?: { label: string; to?: string; onAction?: () => void };
}) {
  return (
    <Box padding="800">
      <BlockStack gap="300" inlineAlign="center">
        <Text as="h2" variant="headingMd" alignment="center">
          {title}
        </Text>
        <Text as="p" tone="subdued" alignment="center">
          {children}
        </Text>
        {action && (
          <Button
            variant="primary"
            {...(action.to && { url: action.to })}
            {...(action.onAction && { onClick: action.onAction })}
          >
            {action.label}
          </Button>
        )}
      </BlockStack>
    </Box>
  );
}

/** One key figure. A figure that asks for something is a link to where it is done. */
export function Figure({ label, value, to }: { label: string; value: ReactNode; to?: string }) {
  return (
    <Card>
      <BlockStack gap="100">
        <Text as="h3" variant="bodySm" tone="subdued">
          {label}
        </Text>
        <InlineStack align="space-between" blockAlign="center">
          <Text as="p" variant="headingLg">
            {value}
          </Text>
          {to && (
            <Button variant="plain" url={to} accessibilityLabel={`See: ${label}`}>
              See
            </Button>
          )}
        </InlineStack>
      </BlockStack>
    </Card>
  );
}

/** A label and its value, one under the other. */
export function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <BlockStack>
      <Text as="span" variant="bodySm" tone="subdued">
        {label}
      </Text>
      <Text as="span" breakWord>
        {children}
      </Text>
    </BlockStack>
  );
}
