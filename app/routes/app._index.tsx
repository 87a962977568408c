// Home: the setup guide, what needs the merchant now, and the figures of the day.
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import {
  Banner,
  BlockStack,
  Box,
  Button,
  Card,
  Divider,
  InlineGrid,
  InlineStack,
  Page,
  Text,
} from "@shopify/polaris";
import { TitleBar } from "@shopify/app-bridge-react";
import { Fragment } from "react";
import { authenticate } from "../shopify.server.ts";
import { readHomePage, type HomePage } from "../ui/home-page.server.ts";
import { Moment } from "../ui/moment.tsx";
import { SetupGuide } from "../ui/setup-guide.tsx";
import { dismissGuide } from "../ui/shop-settings.server.ts";
import { Figure } from "../ui/words.tsx";

export { clickAction as clientAction, shouldRevalidate } from "../ui/lost.ts";
export { PageError as ErrorBoundary } from "../ui/page-error.tsx";

export const meta: MetaFunction = () => [{ title: "Home · Makerlane" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  return await readHomePage({ shop: session.shop, now: new Date() });
}

// The page posts one thing only: dismiss the guide.
export async function action({ request }: ActionFunctionArgs) {
  const { session } = await authenticate.admin(request);
  await dismissGuide(session.shop);
  return null;
}

export default function HomeRoute() {
  const home = useLoaderData<typeof loader>();
  const fetcher = useFetcher<typeof action>();
  return (
    <Page title="Home">
      <TitleBar title="Home" />
      <BlockStack gap="400">
        {home.reconnect && (
          <Banner tone="critical" title="Shopify does not let us in">
            <p>
              {home.reconnect} Opening this page renews the access. Load it again in a minute; if this stays,
              uninstall the app and install it again: your settings are kept.
            </p>
          </Banner>
        )}
        <Troubles home={home} />
        {home.isGuideShown && (
          <SetupGuide
            steps={home.steps}
            busy={fetcher.state !== "idle"}
            onDismiss={() => fetcher.submit({ intent: "dismiss the guide" }, { method: "post" })}
          />
        )}
        <Figures home={home} />
        <Needs needs={home.needs} />
      </BlockStack>
    </Page>
  );
}

function Troubles({ home }: { home: HomePage }) {
  return (
    <>
      {home.troubles.map((trouble) => (
        <Banner
          key={trouble.id}
          tone={trouble.isStopped ? "critical" : "warning"}
          title={trouble.title}
          action={{ content: "Open the connection", url: trouble.to }}
        >
          <p>{trouble.sentence}</p>
        </Banner>
      ))}
      {home.broken > 0 && (
        <Banner
          tone="critical"
          title={
            home.broken === 1
              ? "One product has no vendor any more"
              : `${home.broken} products have no vendor any more`
          }
          action={{ content: "See the products", url: "/app/products?view=broken" }}
        >
          <p>
            Their connection was removed. The next order with one of them will be held. Choose another vendor
            for them, or remove the choice when they are not made to order.
          </p>
        </Banner>
      )}
    </>
  );
}

function Figures({ home: { needs, figures } }: { home: HomePage }) {
  return (
    <BlockStack gap="200">
      <Box paddingInline={{ xs: "400", sm: "0" }}>
        <Text as="h2" variant="headingMd">
          At a glance
        </Text>
      </Box>
      <InlineGrid columns={{ xs: 2, md: 5 }} gap="300">
        <Figure
          label="Orders that need you"
          value={needs.count}
          {...(needs.count > 0 && { to: "/app/orders?view=needs-you" })}
        />
        <Figure
          label="Parts waiting"
          value={figures.waiting}
          {...(figures.waiting > 0 && { to: "/app/orders?view=waiting" })}
        />
        <Figure label="Sent in 24 hours" value={figures.sent} />
        <Figure label="Parcels in 24 hours" value={figures.parcels} />
        <Figure
          label="Oldest waiting since"
          value={
            figures.oldest ? (
              <Text as="span" variant="bodyMd">
                <Moment at={figures.oldest.at} />
              </Text>
            ) : (
              "None"
            )
          }
          {...(figures.oldest && { to: `/app/orders/${figures.oldest.orderId}` })}
        />
      </InlineGrid>
    </BlockStack>
  );
}

function Needs({ needs }: { needs: HomePage["needs"] }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          What needs you now
        </Text>
        {needs.count === 0 && (
          <Text as="p" tone="subdued">
            Nothing. Every order is on its way or done.
          </Text>
        )}
        {needs.orders.map((order, index) => (
          <Fragment key={order.id}>
            {index > 0 && <Divider />}
            <InlineStack gap="300" align="space-between" blockAlign="start">
              <div style={{ flex: "1 1 16rem", minWidth: 0 }}>
                <BlockStack gap="100">
                  <Text as="h3" fontWeight="semibold">
                    {order.name}
                  </Text>
                  {order.sentences.map((sentence, at) => (
                    <Text key={at} as="p" breakWord>
                      {sentence}
                    </Text>
                  ))}
                  <Text as="p" variant="bodySm" tone="subdued">
                    Placed <Moment at={order.placedAt} />
                  </Text>
                </BlockStack>
              </div>
              <Button url={`/app/orders/${order.id}`} accessibilityLabel={`Open order ${order.name}`}>
                Open
              </Button>
            </InlineStack>
          </Fragment>
        ))}
        {needs.count > needs.orders.length && (
          <InlineStack>
            <Button variant="plain" url="/app/orders?view=needs-you">
              {`See all ${needs.count}`}
            </Button>
          </InlineStack>
        )}
      </BlockStack>
    </Card>
  );
}
