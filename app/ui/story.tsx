// An order's story: what happened, latest first, a sentence each.
import { BlockStack, Card, Divider, Text } from "@shopify/polaris";
import { Fragment } from "react";
import { Moment } from "./moment.tsx";
import type { OrderPage } from "./order-page.server.ts";

const who: Record<string, string> = {
  app: "Makerlane",
  merchant: "You",
  vendor: "The vendor",
  shopify: "Shopify",
};

/** The timeline of an order. */
export function Story({ order }: { order: OrderPage }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          What happened
        </Text>
        {order.timeline.length === 0 && (
          <Text as="p" tone="subdued">
            Nothing has happened yet.
          </Text>
        )}
        {order.timeline.map((entry, index) => (
          <Fragment key={entry.id}>
            {index > 0 && <Divider />}
            <BlockStack gap="050">
              <Text as="p" breakWord>
                {entry.sentence}
              </Text>
              <Text as="p" variant="bodySm" tone="subdued">
                <Moment at={entry.at} />, {who[entry.who] ?? entry.who}
                {entry.part ? `, ${entry.part}` : ""}
              </Text>
            </BlockStack>
          </Fragment>
        ))}
        {order.isTimelineCut && (
          <Text as="p" tone="subdued">
            Earlier entries are not shown.
          </Text>
        )}
      </BlockStack>
    </Card>
  );
}
