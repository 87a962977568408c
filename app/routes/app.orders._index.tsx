// All orders that Shopify told us of: what went where, where each one stands, and why.
import type { ActionFunctionArgs, LoaderFunctionArgs, MetaFunction } from "@remix-run/node";
import { useLoaderData, useNavigate, useNavigation, useSearchParams } from "@remix-run/react";
import { Card, Page } from "@shopify/polaris";
import { TitleBar } from "@shopify/app-bridge-react";
import { useCallback, useEffect, useState } from "react";
import { importOrder } from "../orders/decision.server.ts";
import { authenticate } from "../shopify.server.ts";
import { adminFor } from "../shopify/admin.server.ts";
import { findShopifyOrder } from "../ui/find-order.server.ts";
import { ListHeader } from "../ui/list-header.tsx";
import { MissingOrder, type Imported } from "../ui/missing-order.tsx";
import { readView, views } from "../ui/order-views.ts";
import { readOrdersPage, type OrdersPage } from "../ui/orders-page.server.ts";
import { OrdersTable, pollingSeconds } from "../ui/orders-table.tsx";
import { readCursor } from "../ui/paging.ts";
import { usePolling } from "../ui/polling.ts";
import { Empty } from "../ui/words.tsx";
import { world } from "../world.server.ts";

export { clientAction, shouldRevalidate } from "../ui/lost.ts";
export { PageError as ErrorBoundary } from "../ui/page-error.tsx";

export const meta: MetaFunction = () => [{ title: "Orders · Makerlane" }];

export async function loader({ request }: LoaderFunctionArgs) {
  const { session } = await authenticate.admin(request);
  const { searchParams } = new URL(request.url);
  const newer = readCursor(searchParams.get("newer"));
  return await readOrdersPage({
    shop: session.shop,
    view: readView(searchParams.get("view")),
    search: (searchParams.get("search") ?? "").trim().slice(0, 100),
    cursor: newer ?? readCursor(searchParams.get("older")),
    backwards: newer !== undefined,
    now: new Date(),
  });
}

export async function action({ request }: ActionFunctionArgs): Promise<Imported> {
  const { session } = await authenticate.admin(request);
  const { shop } = session;
  const form = await request.formData();
  const here = await world();
  const found = await findShopifyOrder(adminFor(shop, here.db), String(form.get("number") ?? ""));
  if ("refused" in found) return found;
  const answer = await importOrder(here, { shop, shopifyId: found.shopifyId });
  return "refused" in answer
    ? answer
    : { done: "It is being read from Shopify. It appears in this list in a few seconds." };
}

export default function OrdersRoute() {
  const page = useLoaderData<typeof loader>();
  const navigate = useNavigate();
  const navigation = useNavigation();
  const [parameters] = useSearchParams();
  const [isMissing, setIsMissing] = useState(false);
  const { isExpecting, expect } = useExpecting();
  const isMoving = page.isMoving || isExpecting;
  // Without rows there is no table, and nothing in it that could be chosen.
  usePolling(isMoving && page.rows.length === 0, pollingSeconds);

  const turn = (direction: "newer" | "older"): void => {
    const next = new URLSearchParams(parameters);
    next.delete("newer");
    next.delete("older");
    const cursor = page[direction];
    if (cursor !== undefined) next.set(direction, cursor);
    navigate(`?${next.toString()}`);
  };

  return (
    <Page
      title="Orders"
      fullWidth
      secondaryActions={[
        { content: "An order is missing?", onAction: () => setIsMissing(true) },
        { content: "Enter tracking for many", url: "/app/orders/tracking" },
      ]}
    >
      <TitleBar title="Orders" />
      <Card padding="0">
        <ListHeader
          views={views.map((view) => (view.id === "needs-you" ? { ...view, count: page.needing } : view))}
          view={page.view}
          search={page.search}
          searchLabel="Order, reference, vendor's number or tracking number"
        />
        {page.rows.length === 0 ? (
          <NoOrders page={page} onMissing={() => setIsMissing(true)} />
        ) : (
          <OrdersTable
            key={`${page.view} ${page.search} ${page.rows[0]?.id ?? ""}`}
            page={page}
            loading={navigation.state === "loading"}
            newer={page.newer}
            older={page.older}
            isMoving={isMoving}
            onPage={turn}
          />
        )}
      </Card>
      <MissingOrder open={isMissing} onClose={() => setIsMissing(false)} onImported={expect} />
    </Page>
  );
}

/** How long the list is watched after an order was asked for: it is read, takes its place, and is sent. */
const expectingMs = 20_000;

function useExpecting(): { isExpecting: boolean; expect: () => void } {
  const [asked, setAsked] = useState(0);
  useEffect(() => {
    if (asked === 0) return undefined;
    const timer = setTimeout(() => setAsked(0), expectingMs);
    return () => clearTimeout(timer);
  }, [asked]);
  const expect = useCallback(() => setAsked((times) => times + 1), []);
  return { isExpecting: asked > 0, expect };
}

function NoOrders({
  page,
  onMissing,
}: {
  page: Pick<OrdersPage, "isNewShop" | "isConnected" | "search" | "view">;
  onMissing: () => void;
}) {
  if (page.isNewShop)
    return (
      <Empty
        title="No orders yet"
        action={
          page.isConnected
            ? { label: "Choose products", to: "/app/products" }
            : { label: "Connect a vendor", to: "/app/vendors" }
        }
      >
        Paid orders appear here by themselves within seconds, each with what became of it.
        {page.isConnected
          ? " Choose what your products are, then place a test order."
          : " Connect a vendor first."}
      </Empty>
    );
  if (page.search)
    return (
      <Empty title="Nothing matches" action={{ label: "An order is missing?", onAction: onMissing }}>
        No order in this view has “{page.search}” in its name, reference, vendor number or tracking number.{" "}
        {page.view === "all" ? "Bring" : "Look in All, or bring"} the order in by its number.
      </Empty>
    );
  if (page.view === "needs-you")
    return <Empty title="Nothing needs you">Every order is on its way or done.</Empty>;
  return (
    <Empty title="No orders here" action={{ label: "See all orders", to: "/app/orders" }}>
      No order is in this state at the moment.
    </Empty>
  );
}
