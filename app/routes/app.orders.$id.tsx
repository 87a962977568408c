// One order: what is in it, where each vendor's part stands, what happened, and what a person can do.
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useFetcher, useLoaderData } from "@remix-run/react";
import { Badge, Banner, BlockStack, Card, InlineStack, Layout, Page, Text } from "@shopify/polaris";
import { TitleBar } from "@shopify/app-bridge-react";
import { authenticate } from "../shopify.server.ts";
import { adminLink, useToast } from "../ui/app-bridge.ts";
import { decide, type Decided } from "../ui/decide.server.ts";
import { LinesCard } from "../ui/lines-card.tsx";
import { Moment } from "../ui/moment.tsx";
import { readOrderPage, type OrderPage } from "../ui/order-page.server.ts";
import { readOrderPictures } from "../ui/order-pictures.server.ts";
import { notFound } from "../ui/page-error.tsx";
import { PartCard } from "../ui/part-card.tsx";
import { PicturesCard } from "../ui/pictures-card.tsx";
import { isInForm, usePolling } from "../ui/polling.ts";
import { Story } from "../ui/story.tsx";
import { Fact, Standing } from "../ui/words.tsx";

export { clickAction as clientAction, shouldRevalidate } from "../ui/lost.ts";
export { PageError as ErrorBoundary } from "../ui/page-error.tsx";

export const meta: MetaFunction<typeof loader> = ({ data }) => [
  { title: `${data ? `Order ${data.name}` : "Order"} · Makerlane` },
];

const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export async function loader({ request, params }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const id = params["id"] ?? "";
  const { shop } = session;
  const [order, pictures] = uuid.test(id)
    ? await Promise.all([
        readOrderPage({ shop, id, now: new Date() }),
        readOrderPictures({ shop, orderId: id }),
      ])
    : [];
  if (!order)
    throw notFound("This order is not here. It may belong to another shop, or have been erased.", {
      label: "See all orders",
      to: "/app/orders",
    });
  return { ...order, pictures: pictures ?? [] };
}

export async function action({ request, params }: ActionFunctionArgs): Promise<Decided> {
  const { session, sessionToken } = await authenticate.admin(request);
  return await decide({
    shop: session.shop,
    orderId: params["id"] ?? "",
    user: sessionToken.sub,
    form: await request.formData(),
  });
}

export default function OrderRoute() {
  const order = useLoaderData<typeof loader>();
  const fetcher = useFetcher<Decided>();
  const answer = fetcher.state === "idle" ? fetcher.data : undefined;
  useToast(fetcher.data, answer && "done" in answer ? answer.done : undefined);
  usePolling(order.isMoving, 3, isInForm);
  return (
    <Page
      title={order.name}
      backAction={{ content: "Orders", url: "/app/orders" }}
      titleMetadata={<Badges order={order} />}
      secondaryActions={[
        { content: "Open in Shopify", url: adminLink("orders", order.shopifyId), target: "_top" },
        {
          content: "Route again",
          loading: fetcher.state !== "idle",
          disabled: order.isForgotten,
          helpText: "Looks at the order anew, for example after you chose products.",
          onAction: () => fetcher.submit({ intent: "route again" }, { method: "post" }),
        },
      ]}
    >
      <TitleBar title={`Order ${order.name}`} />
      <Layout>
        <Layout.Section>
          <BlockStack gap="400">
            {answer && "refused" in answer && (
              <Banner tone="critical" title="That was not done">
                {answer.refused}
              </Banner>
            )}
            {order.sentence && order.status !== "routed" && (
              <Banner tone={order.status === "held" ? "critical" : "info"}>{order.sentence}</Banner>
            )}
            {order.unreadable && (
              <Banner tone="warning" title="A part of this page is missing">
                The details of this order cannot be opened, because their encryption key is missing. The
                states and buttons below work. Put the key back into ENCRYPTION_KEYS to see the rest.
              </Banner>
            )}
            {order.parts.map((part) => (
              <PartCard key={part.id} part={part} />
            ))}
            <PicturesCard pictures={order.pictures} />
            <LinesCard lines={order.lines} />
            <Story order={order} />
          </BlockStack>
        </Layout.Section>
        <Layout.Section variant="oneThird">
          <Summary order={order} />
        </Layout.Section>
      </Layout>
    </Page>
  );
}

function Badges({ order }: { order: OrderPage }) {
  return (
    <InlineStack gap="100">
      {order.badge && <Standing look={order.badge} />}
      <Badge tone={order.paid ? "success" : "attention"}>{order.paid ? "Paid" : "Not paid"}</Badge>
      {order.cancelledAt && <Badge tone="warning">Cancelled</Badge>}
      {order.test && <Badge tone="info">Test order</Badge>}
    </InlineStack>
  );
}

function Summary({ order }: { order: OrderPage }) {
  return (
    <Card>
      <BlockStack gap="300">
        <Text as="h2" variant="headingMd">
          Order
        </Text>
        <Fact label="Placed">
          <Moment at={order.placedAt} />
        </Fact>
        {order.cancelledAt && (
          <Fact label="Cancelled">
            <Moment at={order.cancelledAt} />
          </Fact>
        )}
        {order.destination && <Fact label="Goes to">{order.destination}</Fact>}
        {order.shipping.length > 0 && <Fact label="Shipping method">{order.shipping.join(", ")}</Fact>}
        <Fact label="Personal data">
          {order.isForgotten ? (
            "Erased. Only states and references are kept."
          ) : order.forgetAt ? (
            <>
              Kept until <Moment at={order.forgetAt} />
            </>
          ) : (
            "Kept until the order is done"
          )}
        </Fact>
      </BlockStack>
    </Card>
  );
}
