// The shop's products: for every variant whether it was said what it is, before somebody buys it.
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useNavigate, useNavigation, useSearchParams } from "@remix-run/react";
import { Banner, BlockStack, Box, Card, InlineStack, Page, Pagination } from "@shopify/polaris";
import { TitleBar } from "@shopify/app-bridge-react";
import { useState } from "react";
import { authenticate } from "../shopify.server.ts";
import { ListHeader } from "../ui/list-header.tsx";
import { ProductActions } from "../ui/product-actions.tsx";
import { ChoiceView, ProductView } from "../ui/product-list.tsx";
import { nothingOpen, productViews, readProductView } from "../ui/products.ts";
import { readProductsPage, type ProductsPage } from "../ui/products-page.server.ts";
import { maxChosen } from "../ui/tools.ts";
import { Empty } from "../ui/words.tsx";

export { PageError as ErrorBoundary } from "../ui/page-error.tsx";

export const meta: MetaFunction = () => [{ title: "Products · Makerlane" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const { searchParams } = new URL(request.url);
  return await readProductsPage({
    shop: session.shop,
    view: readProductView(searchParams.get("view")),
    search: (searchParams.get("search") ?? "").trim().slice(0, 100),
    cursor: searchParams.get("after"),
  });
}

export default function ProductsRoute() {
  const page = useLoaderData<typeof loader>() as ProductsPage;
  const navigate = useNavigate();
  const navigation = useNavigation();
  const [parameters] = useSearchParams();
  const isLoading = navigation.state === "loading";
  const turn = (after: string | undefined): void => {
    const next = new URLSearchParams(parameters);
    next.delete("after");
    if (after !== undefined) next.set("after", after);
    navigate(`?${next.toString()}`);
  };
  const { isFirst, next } = page;
  return (
    <Page title="Products" subtitle="Say for every variant which vendor product it is.">
      <TitleBar title="Products" />
      <BlockStack gap="400">
        {page.trouble && (
          <Banner tone="critical" title="Shopify could not be asked for your products">
            <p>
              {page.trouble} Load the page again in a moment. What you chose before is under Chosen, and
              orders go on as usual.
            </p>
          </Banner>
        )}
        <Card padding="0">
          <ListHeader
            views={productViews.map((view) =>
              view.id === "broken" ? { ...view, count: page.broken } : view,
            )}
            view={page.view}
            search={page.search}
            searchLabel="Product title or SKU"
          />
          <div aria-busy={isLoading} style={{ opacity: isLoading ? 0.6 : 1 }}>
            <Rows page={page} />
          </div>
          {(next !== undefined || isFirst === false) && (
            <Box padding="300">
              <InlineStack align="center">
                <Pagination
                  hasPrevious={isFirst === false}
                  onPrevious={() => turn(undefined)}
                  hasNext={next !== undefined}
                  onNext={() => turn(next)}
                  accessibilityLabels={{ previous: "Back to the first page", next: "Next page" }}
                />
              </InlineStack>
            </Box>
          )}
        </Card>
      </BlockStack>
    </Page>
  );
}

function Rows({ page }: { page: ProductsPage }) {
  if (page.choices)
    return page.choices.length > 0 ? (
      <>
        {page.choices.map((row) => (
          <ChoiceView key={row.variantId} row={row} />
        ))}
      </>
    ) : (
      <NoChoices page={page} />
    );
  if (!page.products) return null;
  if (page.products.length > 0)
    return <ChosenProducts key={page.products[0]?.id} products={page.products} tools={page.tools} />;
  if (page.isEmptyShop)
    return (
      <Empty title="Your shop has no products yet">
        Create a product in Shopify. It appears here, and you can say which vendor product it is.
      </Empty>
    );
  if (page.view === "not-chosen") {
    const { title, sentence } = nothingOpen(page);
    return (
      <Empty
        title={title}
        {...(page.search && { action: { label: "See all products", to: "/app/products" } })}
      >
        {sentence}
      </Empty>
    );
  }
  return (
    <Empty title="Nothing matches" action={{ label: "See all products", to: "/app/products" }}>
      No product has “{page.search}” in its title or SKU. Archived products are not shown.
    </Empty>
  );
}

interface ChosenProductsProps {
  products: NonNullable<ProductsPage["products"]>;
  tools: ProductsPage["tools"];
}

// Products can be chosen only where a connected vendor can do something with them.
function ChosenProducts({ products, tools }: ChosenProductsProps) {
  const [chosen, setChosen] = useState<string[]>([]);
  const choose = (id: string, isOn: boolean): void =>
    setChosen(isOn ? [...chosen, id] : chosen.filter((other) => other !== id));
  return (
    <>
      {tools.length > 0 && <ProductActions chosen={chosen} tools={tools} onClear={() => setChosen([])} />}
      {products.map((product) => (
        <ProductView
          key={product.id}
          {...product}
          {...(tools.length > 0 && {
            choosing: {
              isOn: chosen.includes(product.id),
              isFull: chosen.length >= maxChosen,
              onChange: (isOn: boolean) => choose(product.id, isOn),
            },
          })}
        />
      ))}
    </>
  );
}

function NoChoices({ page }: { page: Pick<ProductsPage, "view" | "search"> }) {
  if (page.search)
    return (
      <Empty title="Nothing matches" action={{ label: "See all products", to: "/app/products" }}>
        No choice has “{page.search}” in its title or SKU.
      </Empty>
    );
  return page.view === "broken" ? (
    <Empty title="Nothing needs you">Every product you chose has a vendor connection.</Empty>
  ) : (
    <Empty title="Nothing is chosen yet" action={{ label: "See all products", to: "/app/products" }}>
      Open a variant and say which vendor product it is.
    </Empty>
  );
}
