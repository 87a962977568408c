// What a merchant sees when a page cannot be drawn: what happened, what it means for the orders, what to do next.
import { BlockStack, Button, Card, InlineStack, Page, Text } from "@shopify/polaris";
import { isRouteErrorResponse, useRouteError } from "@remix-run/react";

/** What a loader throws for a page that is not there: a sentence and where to go on. */
export function notFound(sentence: string, next: { label: string; to: string }): Response {
  return Response.json({ sentence, next }, { status: 404 });
}

interface Told {
  sentence: string;
  next: { label: string; to: string };
}

function isTold(data: unknown): data is Told {
  return typeof data === "object" && data !== null && "sentence" in data && "next" in data;
}

/** The error boundary of every page. */
export function PageError() {
  const error = useRouteError();
  // Shopify's library throws whole pages as well: the way to log in, or out of the frame. They must run as they are.
  if (isRouteErrorResponse(error) && typeof error.data === "string" && error.data.includes("<script"))
    return <div dangerouslySetInnerHTML={{ __html: error.data }} />;
  const told = isRouteErrorResponse(error) && isTold(error.data) ? error.data : undefined;
  const isGone = isRouteErrorResponse(error) && error.status === 404;
  return (
    <Page title={told || isGone ? "Not found" : "This page could not be shown"} narrowWidth>
      <Card>
        <BlockStack gap="300">
          <Text as="p">
            {told?.sentence ??
              (isGone
                ? "There is no such page in this app."
                : "Something went wrong while this page was made. Your orders are not affected: they are handled elsewhere and go on. Load the page again; if it happens again, write to support with the time it happened.")}
          </Text>
          <InlineStack gap="200">
            {told ? (
              <Button variant="primary" url={told.next.to}>
                {told.next.label}
              </Button>
            ) : (
              <>
                {!isGone && (
                  <Button variant="primary" onClick={() => window.location.reload()}>
                    Load again
                  </Button>
                )}
                <Button url="/app">Go to Home</Button>
              </>
            )}
          </InlineStack>
        </BlockStack>
      </Card>
    </Page>
  );
}
