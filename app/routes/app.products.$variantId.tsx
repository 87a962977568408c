// What one variant is: which connection makes it, and which of the vendor's products it is.
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useFetcher, useLoaderData, type ShouldRevalidateFunction } from "@remix-run/react";
import { Badge, Banner, BlockStack, Box, Card, InlineStack, Page } from "@shopify/polaris";
import { TitleBar } from "@shopify/app-bridge-react";
import { authenticate } from "../shopify.server.ts";
import { adminLink, useToast } from "../ui/app-bridge.ts";
import { Confirm } from "../ui/confirm.tsx";
import { formOf } from "../ui/draft.ts";
import { noErrors } from "../ui/focus-error.ts";
import { shouldRevalidate as unlessLost } from "../ui/lost.ts";
import { MappingForm } from "../ui/mapping-form.tsx";
import { mapVariant, readMappingPage, type Mapped, type MappingPage } from "../ui/mapping-page.server.ts";
import { notFound } from "../ui/page-error.tsx";
import { useSavedAt } from "../ui/saved.ts";
import { Empty } from "../ui/words.tsx";

export { clientAction } from "../ui/lost.ts";
export { PageError as ErrorBoundary } from "../ui/page-error.tsx";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.title ?? "Product"} · Makerlane` },
];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const variantId = params["variantId"] ?? "";
  const page = /^\d{1,20}$/.test(variantId)
    ? await readMappingPage({ shop: session.shop, variantId })
    : undefined;
  if (!page)
    throw notFound("Shopify does not have this variant any more, and no choice was made for it here.", {
      label: "See all products",
      to: "/app/products",
    });
  return page;
}

export async function action({ request, params }: ActionFunctionArgs): Promise<Mapped | Response> {
  const { session, redirect } = await authenticate.admin(request);
  const variantId = params["variantId"] ?? "";
  const form = await request.formData();
  if (!/^\d{1,20}$/.test(variantId)) return { refused: "The page is out of date. Load it again." };
  const answer = await mapVariant({ shop: session.shop, variantId, form });
  return "removed" in answer ? redirect("/app/products") : answer;
}

// Asking the vendor changes nothing here, and Shopify need not be asked for the variant each time.
export const shouldRevalidate: ShouldRevalidateFunction = (change) =>
  unlessLost(change) && !["search", "configure"].includes(String(change.formData?.get("intent") ?? ""));

export default function MappingRoute() {
  // What came over the wire is what the loader gave: plain values. Only TypeScript writes optional fields differently.
  const page = useLoaderData<typeof loader>() as MappingPage;
  const { mapping } = page;
  const fetcher = useFetcher<Mapped>();
  const busy = fetcher.state === "idle" ? undefined : String(fetcher.formData?.get("intent") ?? "");
  const answer = busy === undefined ? fetcher.data : undefined;
  const savedAt = useSavedAt(fetcher);
  const saved = answer && "saved" in answer ? answer.saved : undefined;
  useToast(fetcher.data, saved && savedSentence(saved.others));
  const save = (entries: [string, string][]): void =>
    fetcher.submit(formOf("save", entries), { method: "post" });

  return (
    <Page
      title={page.title}
      backAction={{ content: "Products", url: "/app/products" }}
      {...(page.sku && { subtitle: `SKU ${page.sku}` })}
      titleMetadata={<Standing page={page} />}
      {...(page.productId && {
        secondaryActions: [
          { content: "Open in Shopify", url: adminLink("products", page.productId), target: "_top" as const },
        ],
      })}
    >
      <TitleBar title={page.title} />
      <BlockStack gap="400">
        {page.isGone && (
          <Banner tone="warning" title="This variant was deleted in Shopify">
            <p>
              It cannot be sold any more. Orders from before still use the choice below; when they are done,
              you can remove it.
            </p>
          </Banner>
        )}
        {page.trouble && (
          <Banner tone="warning" title="Shopify could not be asked about this variant">
            <p>{page.trouble} What you see is as it was when the choice was made.</p>
          </Banner>
        )}
        {mapping?.isBroken && (
          <Banner tone="critical" title="Nobody makes this any more">
            <p>
              {mapping.connectionLabel} was removed. Orders with this variant are held until you choose
              another connection.
            </p>
          </Banner>
        )}
        {answer && "refused" in answer && (
          <Banner tone="critical" title="That was not done">
            {answer.refused}
          </Banner>
        )}
        {page.connections.length === 0 ? (
          <Card>
            <Empty
              title={page.hasCatalogueOnly ? "Connect a vendor that takes orders" : "Connect a vendor first"}
              action={{ label: "Connect a vendor", to: "/app/vendors" }}
            >
              {page.hasCatalogueOnly &&
                "The vendors you connected take a catalogue only, so nothing can be made there. "}
              Then you can choose here which of its products this variant is.
            </Empty>
          </Card>
        ) : (
          <MappingForm
            key={`${page.variantId} ${savedAt}`}
            page={page}
            errors={answer && "errors" in answer ? answer.errors : noErrors}
            saving={busy === "save"}
            onSave={save}
          />
        )}
        {mapping && (
          <Box paddingInline={{ xs: "400", sm: "0" }}>
            <InlineStack>
              <Confirm
                label="Remove this choice"
                title="Remove this choice?"
                confirm="Remove it"
                busy={busy === "remove"}
                onConfirm={() => fetcher.submit({ intent: "remove" }, { method: "post" })}
              >
                {page.title} is then no longer made by {mapping.connectionLabel}. New orders with it are not
                sent; orders that were not sent yet are looked at again.
              </Confirm>
            </InlineStack>
          </Box>
        )}
      </BlockStack>
    </Page>
  );
}

function savedSentence(others: number): string {
  const also =
    others === 0 ? "" : others === 1 ? " for it and one other variant" : ` for it and ${others} others`;
  return `Saved${also}. Orders that waited for it go on.`;
}

function Standing({ page }: { page: MappingPage }) {
  if (page.isGone) return <Badge tone="warning">Deleted in Shopify</Badge>;
  if (!page.mapping) return <Badge tone="attention">Not chosen yet</Badge>;
  return page.mapping.isBroken ? (
    <Badge tone="critical">Needs you</Badge>
  ) : (
    <Badge tone="success">{`Made by ${page.mapping.connectionLabel}`}</Badge>
  );
}
