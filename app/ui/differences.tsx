// What a dry run found: the products that publishing would create, change, make inactive or hold.
import { Card, BlockStack, Text } from "@shopify/polaris";
import type { SyncView } from "./catalogue-page.server.ts";
import { ResultTable } from "./result-table.tsx";

/** The first differences as a table; the figures above it count all of them. */
export function Differences({ sync }: { sync: SyncView }) {
  const { create = 0, update = 0, deactivate = 0, hold = 0 } = sync.counts;
  const isCut = sync.differences.length < create + update + deactivate + hold;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          What would change
        </Text>
        {isCut && (
          <Text as="p" tone="subdued">
            {sync.differences.length === 1
              ? "The first difference."
              : `The first ${sync.differences.length} differences.`}{" "}
            The figures above count all of them.
          </Text>
        )}
        <ResultTable
          name="what-would-change"
          table={{
            columns: ["Product", "Key", "What would happen", "Details"],
            rows: sync.differences.map(({ title, key, what, details }) => [
              { text: title },
              { text: key },
              { text: what },
              { text: details },
            ]),
          }}
        />
      </BlockStack>
    </Card>
  );
}
