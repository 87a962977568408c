// One tool of a vendor: a form drawn from its fields, what it works on, and what came of it.
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useFetcher, useLoaderData, type ShouldRevalidateFunction } from "@remix-run/react";
import { Banner, BlockStack, Page } from "@shopify/polaris";
import { TitleBar } from "@shopify/app-bridge-react";
import { authenticate } from "../shopify.server.ts";
import { noErrors } from "../ui/focus-error.ts";
import { notFound } from "../ui/page-error.tsx";
import { ToolForm } from "../ui/tool-form.tsx";
import { readToolPage, runPosted, type ToolAnswer, type ToolPage } from "../ui/tool-page.server.ts";
import { ToolResultView } from "../ui/tool-result.tsx";

export { clickAction as clientAction } from "../ui/lost.ts";
export { PageError as ErrorBoundary } from "../ui/page-error.tsx";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data?.tool.label ?? "Tool"} · Makerlane` },
];

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const { searchParams } = new URL(request.url);
  const page = await readToolPage({
    shop: session.shop,
    vendorId: params["vendor"] ?? "",
    toolId: params["tool"] ?? "",
    connectionId: searchParams.get("connection") ?? "",
    ids: searchParams.get("ids"),
    search: (searchParams.get("search") ?? "").trim().slice(0, 100),
    cursor: searchParams.get("after"),
  });
  if (!page)
    throw notFound("This tool is not here. Its connection may have been removed in another window.", {
      label: "See all vendors",
      to: "/app/vendors",
    });
  return page;
}

export async function action({ request, params }: ActionFunctionArgs): Promise<ToolAnswer> {
  const { session } = await authenticate.admin(request);
  return await runPosted(
    {
      shop: session.shop,
      vendorId: params["vendor"] ?? "",
      toolId: params["tool"] ?? "",
      connectionId: new URL(request.url).searchParams.get("connection") ?? "",
    },
    request,
  );
}

// The form keeps its values after a run, and a run changes nothing that the page shows.
export const shouldRevalidate: ShouldRevalidateFunction = ({ formMethod, defaultShouldRevalidate }) =>
  defaultShouldRevalidate && formMethod === undefined;

export default function ToolRoute() {
  // What came over the wire is what the loader gave: plain values. Only TypeScript writes optional fields differently.
  const page = useLoaderData<typeof loader>() as ToolPage;
  const { vendor, connection, tool } = page;
  const fetcher = useFetcher<ToolAnswer>();
  const isRunning = fetcher.state !== "idle";
  const answer = isRunning ? undefined : fetcher.data;
  const back = `/app/vendors/${vendor.id}?connection=${connection.id}`;
  return (
    <Page title={tool.label} subtitle={tool.help} backAction={{ content: connection.label, url: back }}>
      <TitleBar title={tool.label} />
      <BlockStack gap="400">
        {connection.isFailing && (
          <Banner
            tone="warning"
            title={`${connection.label} does not work at the moment`}
            action={{ content: "Open the connection", url: back }}
          >
            <p>{vendor.label} will probably refuse this too. Correct the connection first.</p>
          </Banner>
        )}
        <ToolForm
          key={`${connection.id} ${tool.id}`}
          page={page}
          errors={answer && "errors" in answer ? answer.errors : noErrors}
          running={isRunning}
          onRun={({ form, isMultipart }) =>
            fetcher.submit(form, {
              method: "post",
              ...(isMultipart && { encType: "multipart/form-data" as const }),
            })
          }
        />
        <ToolResultView
          answer={answer}
          running={isRunning}
          name={`${vendor.id}-${tool.id}`}
          vendorLabel={vendor.label}
        />
      </BlockStack>
    </Page>
  );
}
