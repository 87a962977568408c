// The products that shoppers can preview, each with when its block was last seen and what can be previewed.
import { Badge, BlockStack, Box, Card, InlineStack, Link, Text } from "@shopify/polaris";
import { ListHeader } from "./list-header.tsx";
import { Moment } from "./moment.tsx";
import { PagedRows } from "./paged-rows.tsx";
import type { StorefrontPage } from "./storefront-page.server.ts";
import { storefrontViews } from "./storefront.ts";
import { Empty, Standing } from "./words.tsx";

type Product = StorefrontPage["products"][number];

/** The list with its views, search and pages. */
export function StorefrontProducts({ page }: { page: StorefrontPage }) {
  const { products, seen } = page.counts;
  return (
    <Card padding="0">
      <ListHeader
        views={storefrontViews.map((view) =>
          view.id === "not-seen" && products > seen ? { ...view, count: products - seen } : view,
        )}
        view={page.view}
        search={page.search}
        searchLabel="Product title"
      />
      <PagedRows page={page.page} pages={page.pages} total={page.found}>
        {page.products.length === 0 ? (
          <NoProducts page={page} />
        ) : (
          page.products.map((product) => <ProductRow key={product.key} product={product} />)
        )}
      </PagedRows>
    </Card>
  );
}

function NoProducts({ page }: { page: StorefrontPage }) {
  if (page.counts.products > 0)
    return (
      <Empty title="No product here" action={{ label: "See all products", to: "/app/storefront" }}>
        {page.search
          ? `No product in this view has “${page.search}” in its title.`
          : page.view === "all"
            ? "The list has become shorter than this page’s number."
            : "Every product is in the other view."}
      </Empty>
    );
  return page.connections.length === 0 ? (
    <Empty
      title="No vendor with previews is connected"
      action={{ label: "See the vendors", to: "/app/vendors" }}
    >
      Connect a vendor that turns photos into paintings. Then choose which of your products it makes.
    </Empty>
  ) : (
    <Empty title="No product can be previewed yet" action={{ label: "Choose products", to: "/app/products" }}>
      Choose {page.connections[0]?.label ?? "the vendor"} as the maker of a product. Its sizes can be
      previewed at once.
    </Empty>
  );
}

function ProductRow({ product }: { product: Product }) {
  return (
    <Box padding="400" borderBlockStartWidth="025" borderColor="border">
      <BlockStack gap="150">
        <InlineStack gap="200" align="space-between" blockAlign="start">
          <BlockStack gap="050">
            {product.variants.map(({ id, title, size }) => (
              <InlineStack key={id} gap="200" align="start" blockAlign="center">
                <Link url={`/app/products/${id}`} removeUnderline>
                  {title}
                </Link>
                {size ? <Badge>{size}</Badge> : <Badge tone="critical">No size</Badge>}
              </InlineStack>
            ))}
          </BlockStack>
          <Standing look={product.badge} />
        </InlineStack>
        {product.variants.some(({ size }) => size === undefined) && (
          <Text as="p">
            A variant without a size cannot be previewed: open it and choose the kit it is. Until then its
            orders ask for a photo.
          </Text>
        )}
        <Text as="p" variant="bodySm" tone="subdued">
          {product.seenAt ? (
            <>
              A shopper last saw the block <Moment at={product.seenAt} />.
            </>
          ) : product.productId ? (
            "No shopper has seen the block on this product yet."
          ) : (
            "Which product this is was not said when it was chosen: open it and save it once."
          )}
        </Text>
      </BlockStack>
    </Box>
  );
}
