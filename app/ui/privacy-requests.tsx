// The requests to show or forget a customer's data: what was asked, what was done, and the export to pass on.
import { Badge, Banner, BlockStack, Button, Card, Divider, InlineStack, Text } from "@shopify/polaris";
import { useFetcher } from "@remix-run/react";
import { Fragment, useEffect } from "react";
import { download } from "./download.ts";
import { Moment } from "./moment.tsx";
import type { SettingsPage } from "./shop-settings.server.ts";

const topics: Record<string, string> = {
  "customers/data_request": "A customer asks what we hold about them",
  "customers/redact": "A customer's data must be erased",
  "shop/redact": "All data of the shop must be erased",
};

type Request = SettingsPage["requests"][number];

/** All requests, latest first. */
export function PrivacyRequests({ requests }: { requests: Request[] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Privacy requests
        </Text>
        {requests.length === 0 && (
          <Text as="p" tone="subdued">
            There were none. When a customer asks you for their data or its deletion, start it in Shopify
            under Customers: it arrives here and is done by itself.
          </Text>
        )}
        {requests.map((request, index) => (
          <Fragment key={request.id}>
            {index > 0 && <Divider />}
            <RequestView request={request} />
          </Fragment>
        ))}
      </BlockStack>
    </Card>
  );
}

type Answer = { name: string; text: string } | { refused: string };

function RequestView({ request }: { request: Request }) {
  const fetcher = useFetcher<Answer>();
  const answer = fetcher.data;
  useEffect(() => {
    if (answer && "text" in answer) download({ ...answer, type: "application/json" });
  }, [answer]);
  return (
    <BlockStack gap="150">
      <InlineStack gap="200" blockAlign="center">
        <Text as="h3" fontWeight="semibold">
          {topics[request.topic.toLowerCase()] ?? request.topic}
        </Text>
        <Badge {...(request.doneAt ? { tone: "success" as const } : { tone: "attention" as const })}>
          {request.doneAt ? "Done" : "Under way"}
        </Badge>
      </InlineStack>
      <Text as="p" variant="bodySm" tone="subdued">
        Asked <Moment at={request.requestedAt} />
        {request.doneAt && (
          <>
            , done <Moment at={request.doneAt} />
          </>
        )}
      </Text>
      {request.outcome && (
        <Text as="p" breakWord>
          {request.outcome}
        </Text>
      )}
      {answer && "refused" in answer && <Banner tone="critical">{answer.refused}</Banner>}
      {request.hasExport && (
        <InlineStack>
          <Button
            loading={fetcher.state !== "idle"}
            onClick={() => fetcher.submit({ intent: "export", request: request.id }, { method: "post" })}
          >
            Download the export
          </Button>
        </InlineStack>
      )}
    </BlockStack>
  );
}
