// Each product at the vendor: published, waiting, or held with the sentence that says why.
import { Banner, BlockStack, Box, Button, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { useFetcher } from "@remix-run/react";
import { adminLink, useToast } from "./app-bridge.ts";
import { publicationViews } from "./catalogue.ts";
import type { CataloguePage } from "./catalogue-page.server.ts";
import { ListHeader } from "./list-header.tsx";
import { Moment } from "./moment.tsx";
import { PagedRows } from "./paged-rows.tsx";
import { Empty, Standing } from "./words.tsx";

type Row = CataloguePage["rows"][number];

/** The list with its views, search and pages. */
export function Publications({ page }: { page: CataloguePage }) {
  return (
    <Card padding="0">
      <ListHeader
        views={publicationViews.map((view) => (view.id === "held" ? { ...view, count: page.held } : view))}
        view={page.view}
        search={page.search}
        searchLabel="Product title or key"
        keep={["connection"]}
      />
      <PagedRows page={page.page} pages={page.pages} total={page.total}>
        {page.rows.length === 0 ? (
          <NoRows page={page} />
        ) : (
          page.rows.map((row) => <RowView key={row.productId} row={row} />)
        )}
      </PagedRows>
    </Card>
  );
}

function RowView({ row }: { row: Row }) {
  const fetcher = useFetcher<{ done: string } | { refused: string }>();
  const answer = fetcher.state === "idle" ? fetcher.data : undefined;
  useToast(fetcher.data, answer && "done" in answer ? answer.done : undefined);
  return (
    <Box padding="300" borderBlockEndWidth="025" borderColor="border">
      <BlockStack gap="200">
        <InlineStack gap="300" align="space-between" blockAlign="start">
          <div style={{ flex: "1 1 16rem", minWidth: 0 }}>
            <BlockStack gap="100">
              <InlineStack gap="200" align="start" blockAlign="center">
                <Link url={adminLink("products", row.productId)} target="_top" monochrome>
                  {row.title}
                </Link>
                <Standing look={row.badge} />
              </InlineStack>
              <Text as="p" breakWord>
                {row.sentence}
              </Text>
              <Text as="p" variant="bodySm" tone="subdued" breakWord>
                {row.key ? `Key ${row.key}, ` : ""}
                <Moment at={row.at} />
              </Text>
            </BlockStack>
          </div>
          <Button
            loading={fetcher.state !== "idle"}
            accessibilityLabel={`Publish again: ${row.title}`}
            onClick={() =>
              fetcher.submit({ intent: "publish again", product: row.productId }, { method: "post" })
            }
          >
            Publish again
          </Button>
        </InlineStack>
        {answer && "refused" in answer && <Banner tone="critical">{answer.refused}</Banner>}
      </BlockStack>
    </Box>
  );
}

function NoRows({ page }: { page: CataloguePage }) {
  if (page.search)
    return (
      <Empty title="Nothing matches">No product in this view has “{page.search}” in its title or key.</Empty>
    );
  if (page.view === "held")
    return <Empty title="Nothing is held">Every product can be published as it is.</Empty>;
  if (page.view !== "all") return <Empty title="No products here">No product is in this state.</Empty>;
  return (
    <Empty title="Nothing is published yet">
      See what would change, then publish all products. From then on changes in Shopify follow by themselves.
    </Empty>
  );
}
