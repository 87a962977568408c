// The vendors: connected or not, healthy or not, and what waits for each.
import type { LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData } from "@remix-run/react";
import { Badge, BlockStack, Box, Button, Card, InlineStack, Link, Page, Text } from "@shopify/polaris";
import { TitleBar } from "@shopify/app-bridge-react";
import { authenticate } from "../shopify.server.ts";
import { readVendorsPage, type VendorsPage } from "../ui/vendors-page.server.ts";
import { Standing } from "../ui/words.tsx";

export { PageError as ErrorBoundary } from "../ui/page-error.tsx";

export const meta: MetaFunction = () => [{ title: "Vendors · Makerlane" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  return await readVendorsPage(session.shop);
}

export default function VendorsRoute() {
  const { vendors, unknown } = useLoaderData<typeof loader>();
  return (
    <Page title="Vendors" subtitle="Who makes your products, and your accounts there.">
      <TitleBar title="Vendors" />
      <BlockStack gap="400">
        {vendors.map((vendor) => (
          <VendorCard key={vendor.id} vendor={vendor} />
        ))}
        {unknown.length > 0 && (
          <Card>
            <BlockStack gap="300">
              <Text as="h2" variant="headingMd">
                No longer offered
              </Text>
              <Text as="p">
                This version of the app does not know these vendors, so nothing is sent to them. Choose
                another vendor for their products.
              </Text>
              {unknown.map((connection) => (
                <Text key={connection.id} as="p">
                  {connection.label}: {connection.waiting} waiting, {connection.held} held
                </Text>
              ))}
            </BlockStack>
          </Card>
        )}
      </BlockStack>
    </Page>
  );
}

type Vendor = VendorsPage["vendors"][number];

function VendorCard({ vendor }: { vendor: Vendor }) {
  const isConnected = vendor.connections.length > 0;
  return (
    <Card>
      <BlockStack gap="400">
        <InlineStack gap="300" align="space-between" blockAlign="start">
          <div style={{ flex: "1 1 16rem", minWidth: 0 }}>
            <BlockStack gap="100">
              <InlineStack gap="200" align="start" blockAlign="center">
                <Text as="h2" variant="headingMd">
                  {vendor.label}
                </Text>
                {!isConnected && <Badge>Not connected</Badge>}
                {vendor.isCatalogueOnly && <Badge tone="info">Catalogue only</Badge>}
              </InlineStack>
              <Text as="p" tone="subdued">
                {vendor.summary}
              </Text>
            </BlockStack>
          </div>
          <Button
            url={`/app/vendors/${vendor.id}`}
            {...(!isConnected && { variant: "primary" as const })}
            accessibilityLabel={
              isConnected ? `Connect another account at ${vendor.label}` : `Connect ${vendor.label}`
            }
          >
            {isConnected ? "Connect another account" : "Connect"}
          </Button>
        </InlineStack>
        {vendor.connections.map((connection) => (
          <ConnectionView key={connection.id} vendor={vendor} connection={connection} />
        ))}
      </BlockStack>
    </Card>
  );
}

function ConnectionView({
  vendor,
  connection,
}: {
  vendor: Vendor;
  connection: Vendor["connections"][number];
}) {
  return (
    <Box padding="300" borderWidth="025" borderColor="border" borderRadius="200">
      <InlineStack gap="300" align="space-between" blockAlign="start">
        <div style={{ flex: "1 1 16rem", minWidth: 0 }}>
          <BlockStack gap="100">
            <InlineStack gap="200" align="start" blockAlign="center">
              <Text as="h3" fontWeight="semibold" breakWord>
                {connection.label}
              </Text>
              <Standing look={connection.badge} />
              {connection.takesTestOrders && <Badge tone="info">Test account</Badge>}
            </InlineStack>
            <Text as="p" breakWord>
              {connection.sentence}
            </Text>
            {!vendor.isCatalogueOnly && (
              <Text as="p" variant="bodySm" tone="subdued">
                {connection.waiting === 0 ? "No order waits." : `${connection.waiting} waiting.`}
                {connection.held > 0 && (
                  <>
                    {" "}
                    <Link url="/app/orders?view=needs-you">{`${connection.held} held`}</Link>.
                  </>
                )}
              </Text>
            )}
          </BlockStack>
        </div>
        <Button
          url={`/app/vendors/${vendor.id}?connection=${connection.id}`}
          accessibilityLabel={`Open ${connection.label}`}
        >
          Open
        </Button>
      </InlineStack>
    </Box>
  );
}
