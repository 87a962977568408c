// The catalogue of one connection: see what publishing would change, publish everything, and what came of each
// product.
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Banner, BlockStack, Page } from "@shopify/polaris";
import { TitleBar } from "@shopify/app-bridge-react";
import { authenticate } from "../shopify.server.ts";
import { useToast } from "../ui/app-bridge.ts";
import { changeCatalogue, readCataloguePage, type CataloguePage } from "../ui/catalogue-page.server.ts";
import { readPublicationView } from "../ui/catalogue.ts";
import { Differences } from "../ui/differences.tsx";
import { notFound } from "../ui/page-error.tsx";
import { usePolling } from "../ui/polling.ts";
import { Publications } from "../ui/publications.tsx";
import { SyncCard } from "../ui/sync-card.tsx";

export { clickAction as clientAction, shouldRevalidate } from "../ui/lost.ts";
export { PageError as ErrorBoundary } from "../ui/page-error.tsx";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data ? `Catalogue at ${data.connection.label}` : "Catalogue"} · Makerlane` },
];

function connectionOf(request: Request): string {
  return new URL(request.url).searchParams.get("connection") ?? "";
}

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const { searchParams } = new URL(request.url);
  const page = await readCataloguePage({
    shop: session.shop,
    vendorId: params["vendor"] ?? "",
    connectionId: connectionOf(request),
    view: readPublicationView(searchParams.get("view")),
    search: (searchParams.get("search") ?? "").trim().slice(0, 100),
    page: Number(searchParams.get("page") ?? "1"),
    now: new Date(),
  });
  if (!page)
    throw notFound("This catalogue is not here. Its connection may have been removed in another window.", {
      label: "See all vendors",
      to: "/app/vendors",
    });
  return page;
}

export async function action({ request }: ActionFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const form = await request.formData();
  return await changeCatalogue({ shop: session.shop, connectionId: connectionOf(request), form });
}

export default function CatalogueRoute() {
  // What came over the wire is what the loader gave: plain values. Only TypeScript writes optional fields differently.
  const page = useLoaderData<typeof loader>() as CataloguePage;
  const { vendor, connection, sync } = page;
  const fetcher = useFetcher<typeof action>();
  const busy = fetcher.state === "idle" ? undefined : String(fetcher.formData?.get("intent") ?? "");
  const answer = busy === undefined ? fetcher.data : undefined;
  useToast(fetcher.data, answer && "done" in answer ? answer.done : undefined);
  usePolling((sync?.isRunning ?? false) || page.isMoving, 2);
  const back = `/app/vendors/${vendor.id}?connection=${connection.id}`;
  return (
    <Page
      title="Catalogue"
      subtitle={`Your products at ${vendor.label}.`}
      backAction={{ content: connection.label, url: back }}
    >
      <TitleBar title={`Catalogue at ${connection.label}`} />
      <BlockStack gap="400">
        {connection.status !== "on" && (
          <Banner
            tone="warning"
            title={
              connection.status === "paused" ? "The connection is paused" : "The connection does not work"
            }
            action={{ content: "Open the connection", url: back }}
          >
            <p>Nothing is published until it is {connection.status === "paused" ? "resumed" : "mended"}.</p>
          </Banner>
        )}
        {answer && "refused" in answer && (
          <Banner tone="critical" title="That was not done">
            {answer.refused}
          </Banner>
        )}
        <SyncCard
          page={page}
          busy={busy}
          onStart={(dryRun) =>
            fetcher.submit({ intent: dryRun ? "dry run" : "publish all" }, { method: "post" })
          }
          onStop={() => fetcher.submit({ intent: "stop" }, { method: "post" })}
        />
        {sync?.isDryRun && sync.differences.length > 0 && <Differences key={sync.startedAt} sync={sync} />}
        <Publications page={page} />
      </BlockStack>
    </Page>
  );
}
