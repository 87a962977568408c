// The lines of an order: who makes each, why, and what the shopper wrote on it.
import { BlockStack, Card, Divider, InlineStack, Link, List, Text } from "@shopify/polaris";
import { Fragment } from "react";
import type { OrderPage } from "./order-page.server.ts";
import { Standing } from "./words.tsx";

type Line = OrderPage["lines"][number];

/** All lines, each with its verdict and the reason for it. */
export function LinesCard({ lines }: { lines: Line[] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Lines
        </Text>
        {lines.length === 0 && (
          <Text as="p" tone="subdued">
            The lines appear here as soon as the order has been looked at.
          </Text>
        )}
        {lines.map((line, index) => (
          <Fragment key={line.id}>
            {index > 0 && <Divider />}
            <LineView line={line} />
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}

function LineView({ line }: { line: Line }) {
  return (
    <BlockStack gap="150">
      <InlineStack gap="200" align="space-between" blockAlign="center">
        <Text as="h3" fontWeight="semibold" breakWord>
          {line.quantity} × {line.title}
        </Text>
        <Standing look={line.badge} />
      </InlineStack>
      {line.sku && (
        <Text as="p" variant="bodySm" tone="subdued" breakWord>
          SKU {line.sku}
        </Text>
      )}
      {line.reason && (
        <Text as="p" breakWord>
          {line.reason}
        </Text>
      )}
      {line.verdict === "held" && line.variantId && (
        <Link url={`/app/products/${line.variantId}`}>Choose what this product is</Link>
      )}
      {line.properties.length > 0 && (
        <List>
          {line.properties.map(({ name, value }, index) => (
            <List.Item key={index}>
              <Text as="span" tone={name.startsWith("_") ? "subdued" : "base"} breakWord>
                {name}: <PropertyValue name={name} value={value} />
              </Text>
            </List.Item>
          ))}
        </List>
      )}
    </BlockStack>
  );
}

// A shopper or a customiser app wrote it: a long one is cut, and only a web address becomes a link. What a shopper
// reads is short; a name with an underscore is between apps, and often a whole design.
function PropertyValue({ name, value }: { name: string; value: string }) {
  const most = name.startsWith("_") ? 100 : 500;
  const short = value.length > most ? `${value.slice(0, most)}… (${value.length} characters)` : value;
  return /^https:\/\/\S+$/.test(value) && URL.canParse(value) ? (
    <Link url={value} target="_blank">
      {short}
    </Link>
  ) : (
    <>{short}</>
  );
}
