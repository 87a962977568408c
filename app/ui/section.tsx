// A settings page in two columns: what a section is about, and beside it its cards; one above the other on a phone.
import { BlockStack, Box, InlineGrid, Text } from "@shopify/polaris";
import type { ReactNode } from "react";

interface SectionProps {
  title: string;
  description: string;
  children: ReactNode;
}

/** One section. Polaris's Layout.AnnotatedSection sets its text against the very edge of a phone's screen. */
export function Section({ title, description, children }: SectionProps) {
  return (
    <InlineGrid columns={{ xs: "minmax(0, 1fr)", md: "minmax(0, 1fr) minmax(0, 2fr)" }} gap="400">
      <Box paddingInline={{ xs: "400", sm: "0" }} paddingBlockStart={{ md: "400" }}>
        <BlockStack gap="200">
          <Text as="h2" variant="headingMd">
            {title}
          </Text>
          <Text as="p" tone="subdued">
            {description}
          </Text>
        </BlockStack>
      </Box>
      {children}
    </InlineGrid>
  );
}
