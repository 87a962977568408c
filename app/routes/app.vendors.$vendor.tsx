// One account at one vendor: one form for every vendor, drawn from its fields, and the buttons of a connection.
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useFetcher, useLoaderData, useSearchParams } from "@remix-run/react";
import { Banner, BlockStack, Button, Card, InlineStack, List, Page, Text } from "@shopify/polaris";
import { TitleBar } from "@shopify/app-bridge-react";
import { authenticate } from "../shopify.server.ts";
import { useToast } from "../ui/app-bridge.ts";
import { CallbacksCard } from "../ui/callbacks-card.tsx";
import { connect, type Connected } from "../ui/connect.server.ts";
import { ConnectionActions } from "../ui/connection-actions.tsx";
import { ConnectionForm } from "../ui/connection-form.tsx";
import { formOf } from "../ui/draft.ts";
import { noErrors } from "../ui/focus-error.ts";
import { notFound } from "../ui/page-error.tsx";
import { ToolsCard } from "../ui/tools-card.tsx";
import { useSavedAt } from "../ui/saved.ts";
import { readVendorPage, type VendorPage } from "../ui/vendors-page.server.ts";
import { Standing } from "../ui/words.tsx";
import { vendorById } from "../vendors/index.server.ts";

export { clickAction as clientAction, shouldRevalidate } from "../ui/lost.ts";
export { PageError as ErrorBoundary } from "../ui/page-error.tsx";

export const meta: MetaFunction = () => [{ title: "Vendor connection · Makerlane" }];

function connectionOf(request: Request): string | undefined {
  return new URL(request.url).searchParams.get("connection") ?? undefined;
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const page = await readVendorPage({
    shop: session.shop,
    vendorId: params["vendor"] ?? "",
    connectionId: connectionOf(request),
  });
  if (!page)
    throw notFound("This connection is not here. It may have been removed in another window.", {
      label: "See all vendors",
      to: "/app/vendors",
    });
  return { ...page, makesPreviews: vendorById(page.vendor.id)?.previews !== undefined };
}

export async function action({ request, params }: ActionFunctionArgs): Promise<Connected | Response> {
  const { session, redirect } = await authenticate.admin(request);
  const connectionId = connectionOf(request);
  const vendorId = params["vendor"] ?? "";
  const answer = await connect({
    shop: session.shop,
    vendorId,
    connectionId,
    form: await request.formData(),
  });
  if ("removed" in answer) return redirect("/app/vendors");
  if ("saved" in answer && connectionId === undefined)
    return redirect(`/app/vendors/${vendorId}?connection=${answer.saved.connectionId}&new=1`);
  return answer;
}

export default function VendorRoute() {
  // What came over the wire is what the loader gave: plain values. Only TypeScript writes optional fields differently.
  const page = useLoaderData<typeof loader>() as VendorPage & { makesPreviews: boolean };
  const { vendor, connection, makesPreviews } = page;
  const [parameters] = useSearchParams();
  const fetcher = useFetcher<Connected>();
  const answer = fetcher.state === "idle" ? fetcher.data : undefined;
  const savedAt = useSavedAt(fetcher);
  useToast(fetcher.data, answer && "saved" in answer ? `Saved. ${answer.saved.sentence}` : undefined);
  const save = (entries: [string, string][]): void =>
    fetcher.submit(formOf("save", entries), { method: "post" });

  return (
    <Page
      title={connection ? connection.label : `Connect ${vendor.label}`}
      backAction={{ content: "Vendors", url: "/app/vendors" }}
      subtitle={vendor.summary}
      {...(connection && { titleMetadata: <Standing look={connection.badge} /> })}
    >
      <TitleBar title={connection ? connection.label : `Connect ${vendor.label}`} />
      <BlockStack gap="400">
        {connection && parameters.has("new") && (
          <Banner tone="success" title={`${vendor.label} is connected`} action={nextStep(page)}>
            <p>
              {vendor.takesOrders
                ? "The settings were tried and work. Next, choose which of your products are made there."
                : "The settings were tried and work. Next, see what publishing your products would change there."}
            </p>
          </Banner>
        )}
        {connection && (
          <ConnectionActions
            key={connection.id}
            vendor={vendor}
            connection={connection}
            makesPreviews={makesPreviews}
          />
        )}
        {connection && vendor.takesCatalogue && <CatalogueLink vendor={vendor} to={catalogueAddress(page)} />}
        {vendor.goodToKnow.length > 0 && (
          <Banner tone="info" title="Good to know">
            <List>
              {vendor.goodToKnow.map((sentence) => (
                <List.Item key={sentence}>{sentence}</List.Item>
              ))}
            </List>
          </Banner>
        )}
        {connection && <ToolsCard vendor={vendor} connectionId={connection.id} tools={vendor.tools} />}
        {page.callbacks && (
          <CallbacksCard key={page.callbacks.address} vendorLabel={vendor.label} callbacks={page.callbacks} />
        )}
        <ConnectionForm
          key={`${connection?.id ?? "new"} ${savedAt}`}
          page={page}
          errors={answer && "errors" in answer ? answer.errors : noErrors}
          saving={fetcher.state !== "idle"}
          onSave={save}
        />
      </BlockStack>
    </Page>
  );
}

function catalogueAddress({ vendor, connection }: VendorPage): string {
  return `/app/vendors/${vendor.id}/catalogue?connection=${connection?.id ?? ""}`;
}

function nextStep(page: VendorPage): { content: string; url: string } {
  return page.vendor.takesOrders
    ? { content: "Choose products", url: "/app/products?view=not-chosen" }
    : { content: "Open the catalogue", url: catalogueAddress(page) };
}

function CatalogueLink({ vendor, to }: { vendor: VendorPage["vendor"]; to: string }) {
  return (
    <Card>
      <InlineStack gap="300" align="space-between" blockAlign="center">
        <div style={{ flex: "1 1 16rem", minWidth: 0 }}>
          <Text as="h2" variant="headingMd">
            Catalogue
          </Text>
          <Text as="p" tone="subdued">
            Your products as {vendor.label} has them: what is published, what is held and why.
          </Text>
        </div>
        <Button url={to}>Open the catalogue</Button>
      </InlineStack>
    </Card>
  );
}
