// The rows of the orders page: a table on a screen, a list on a phone.
import {
  Badge,
  Banner,
  BlockStack,
  Box,
  IndexTable,
  InlineStack,
  Link,
  Text,
  useBreakpoints,
  useIndexResourceState,
} from "@shopify/polaris";
import { useBulkActions } from "./bulk-orders.tsx";
import { Moment } from "./moment.tsx";
import type { OrdersPage } from "./orders-page.server.ts";
import { usePolling } from "./polling.ts";
import { Says, Standing } from "./words.tsx";

type Row = OrdersPage["rows"][number];

/** How often a list that moves looks again. */
export const pollingSeconds = 3;

interface OrdersTableProps {
  page: Pick<OrdersPage, "rows" | "tools" | "hasFiles">;
  loading: boolean;
  newer: string | undefined;
  older: string | undefined;
  /** What is shown will soon be different. */
  isMoving: boolean;
  onPage: (direction: "newer" | "older") => void;
}

/** The table, with paging at its foot. Rows can be chosen when there is something to do with them. */
export function OrdersTable({ page, loading, newer, older, isMoving, onPage }: OrdersTableProps) {
  const { rows } = page;
  const { smDown } = useBreakpoints();
  const { selectedResources, allResourcesSelected, handleSelectionChange } = useIndexResourceState(rows);
  // A new order at the top starts the table anew, and what was chosen would be chosen no more.
  usePolling(isMoving && selectedResources.length === 0, pollingSeconds);
  const { files, tools, isSaving, refused, dismiss } = useBulkActions(page, selectedResources);
  // On a phone Polaris draws neither checkboxes nor the bar of actions. Tools choose their orders on their own pages
  // there, and each part of an order has its files.
  const canChoose = !smDown && files.length + tools.length > 0;
  const table = (
    <IndexTable
      resourceName={{ singular: "order", plural: "orders" }}
      itemCount={rows.length}
      selectable={canChoose}
      selectedItemsCount={allResourcesSelected ? "All" : selectedResources.length}
      onSelectionChange={handleSelectionChange}
      promotedBulkActions={files}
      bulkActions={tools}
      loading={loading}
      condensed={smDown}
      headings={[
        { title: "Order" },
        { title: "Placed" },
        { title: "What went where" },
        { title: "Where it stands" },
      ]}
      pagination={{
        hasPrevious: newer !== undefined,
        hasNext: older !== undefined,
        onPrevious: () => onPage("newer"),
        onNext: () => onPage("older"),
        accessibilityLabels: { previous: "Newer orders", next: "Older orders" },
      }}
    >
      {rows.map((row, position) => (
        <IndexTable.Row
          key={row.id}
          id={row.id}
          position={position}
          selected={selectedResources.includes(row.id)}
        >
          {smDown ? <Narrow row={row} /> : <Wide row={row} />}
        </IndexTable.Row>
      ))}
    </IndexTable>
  );
  return (
    <>
      <div role="status">
        {isSaving && (
          <Box padding="300">
            <Text as="p">The files are being collected. This takes a while for many orders.</Text>
          </Box>
        )}
        {refused && (
          <Box padding="300">
            <Banner tone="critical" title="The files were not saved" onDismiss={dismiss}>
              {refused}
            </Banner>
          </Box>
        )}
      </div>
      {table}
    </>
  );
}

function Wide({ row }: { row: Row }) {
  return (
    <>
      <IndexTable.Cell>
        <InlineStack gap="100" blockAlign="center" wrap={false}>
          <Link url={`/app/orders/${row.id}`} dataPrimaryLink monochrome removeUnderline>
            <Text as="span" fontWeight="semibold">
              {row.name}
            </Text>
          </Link>
          <Marks row={row} />
        </InlineStack>
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Moment at={row.placedAt} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <Badges row={row} />
      </IndexTable.Cell>
      <IndexTable.Cell>
        <div style={{ whiteSpace: "normal", minWidth: "16rem", maxWidth: "32rem" }}>
          <Text as="span" breakWord>
            <Says saying={row.saying} />
          </Text>
        </div>
      </IndexTable.Cell>
    </>
  );
}

function Narrow({ row }: { row: Row }) {
  return (
    <div style={{ padding: "0.75rem 1rem", width: "100%", whiteSpace: "normal" }}>
      <BlockStack gap="150">
        <InlineStack gap="200" align="space-between" blockAlign="center">
          <Link url={`/app/orders/${row.id}`} dataPrimaryLink monochrome removeUnderline>
            <Text as="span" fontWeight="semibold">
              {row.name}
            </Text>
          </Link>
          <Text as="span" variant="bodySm" tone="subdued">
            <Moment at={row.placedAt} />
          </Text>
        </InlineStack>
        <InlineStack gap="100">
          <Marks row={row} />
          <Badges row={row} />
        </InlineStack>
        <Text as="p" breakWord>
          <Says saying={row.saying} />
        </Text>
      </BlockStack>
    </div>
  );
}

function Marks({ row }: { row: Row }) {
  return (
    <>
      {row.isTest && <Badge tone="info">Test</Badge>}
      {row.isCancelled && <Badge tone="warning">Cancelled</Badge>}
    </>
  );
}

function Badges({ row }: { row: Row }) {
  return (
    <InlineStack gap="100">
      {row.badge && <Standing look={row.badge} />}
      {row.parts.map((part) => (
        <Standing key={part.id} look={part.badge} vendor={part.label} />
      ))}
    </InlineStack>
  );
}
