// The vendor's own products, to choose from instead of typing ids.
import { Banner, BlockStack, Button, Card, Divider, InlineStack, Text, TextField } from "@shopify/polaris";
import { useFetcher } from "@remix-run/react";
import { Fragment, useState } from "react";
import type { Mapped, MappingPage } from "./mapping-page.server.ts";

// A list longer than this is not read but searched.
const shown = 50;

interface PickListProps {
  connection: MappingPage["connections"][number];
  /** What the chosen product says about the vendor's fields. */
  onPick: (config: Record<string, unknown>) => void;
}

/** Search and results. Nothing is asked of the vendor before the merchant searches. */
export function PickList({ connection, onPick }: PickListProps) {
  const fetcher = useFetcher<Mapped>();
  const [search, setSearch] = useState("");
  const [picked, setPicked] = useState("");
  const busy = fetcher.state !== "idle";
  const answer = busy ? undefined : fetcher.data;
  const products = answer && "products" in answer ? answer.products : undefined;
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Choose from the products of {connection.vendorLabel}
        </Text>
        <form
          role="search"
          onSubmit={(event) => {
            event.preventDefault();
            setPicked("");
            fetcher.submit({ intent: "search", connectionId: connection.id, search }, { method: "post" });
          }}
        >
          <TextField
            label="Name, or leave it empty to see all"
            type="search"
            value={search}
            onChange={setSearch}
            autoComplete="off"
            maxLength={200}
            connectedRight={
              <Button submit loading={busy}>
                Search
              </Button>
            }
          />
        </form>
        {answer && "refused" in answer && (
          <Banner tone="critical" title={`${connection.vendorLabel} could not be asked`}>
            <p>{answer.refused} You can fill in the fields below by hand.</p>
          </Banner>
        )}
        {products?.length === 0 && (
          <Text as="p">
            {search
              ? "Nothing has this name. Try a shorter one, or fill in the fields below by hand."
              : `${connection.vendorLabel} lists no products. Fill in the fields below by hand.`}
          </Text>
        )}
        {products?.slice(0, shown).map((product, index) => (
          <Fragment key={index}>
            {index > 0 && <Divider />}
            <InlineStack gap="300" align="space-between" blockAlign="center">
              <div style={{ flex: "1 1 12rem", minWidth: 0 }}>
                <Text as="p" fontWeight="semibold" breakWord>
                  {product.label}
                </Text>
                {product.detail && (
                  <Text as="p" variant="bodySm" tone="subdued" breakWord>
                    {product.detail}
                  </Text>
                )}
              </div>
              <Button
                accessibilityLabel={`Choose ${product.label}`}
                onClick={() => {
                  setPicked(product.label);
                  onPick(product.config);
                }}
              >
                Choose
              </Button>
            </InlineStack>
          </Fragment>
        ))}
        {products && products.length > shown && (
          <Text as="p" tone="subdued">
            The first {shown} of {products.length} are shown. Search for a name to see others.
          </Text>
        )}
        <div role="status">
          {picked && <Text as="p">{picked} was filled in below. Check it, then save.</Text>}
        </div>
      </BlockStack>
    </Card>
  );
}
