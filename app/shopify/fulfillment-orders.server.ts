// What Shopify still expects to be shipped of an order, and what was shipped already: read before every parcel is
// told, and again when the answer to telling it was lost.
import { z } from "zod";
import type { Admin } from "./admin.server.ts";
import { gidNumber, nextCursor, pageInfo, toGid } from "./gid.ts";
import { ShopifyError } from "./shopify-error.ts";

/** What one location has still to ship. Ids are Shopify's numbers as text. */
export interface FulfillmentOrder {
  id: string;
  /** OPEN, IN_PROGRESS, ON_HOLD, SCHEDULED, CLOSED, CANCELLED, INCOMPLETE */
  status: string;
  /** What Shopify allows now, e.g. CREATE_FULFILLMENT. */
  supportedActions: string[];
  /** The location's name, for a person. */
  location: string;
  lines: { id: string; lineItemId: string; remainingQuantity: number }[];
}

/** One parcel that Shopify knows of, whoever told it. */
export interface Fulfillment {
  id: string;
  /** SUCCESS, CANCELLED, ERROR, FAILURE … */
  status: string;
  createdAt: Date;
  trackingNumbers: string[];
  lines: { lineItemId: string; quantity: number }[];
}

/** An order's shipping, all of it. */
export interface ShippingState {
  fulfillmentOrders: FulfillmentOrder[];
  fulfillments: Fulfillment[];
}

// Shopify gives fulfillments as a plain list without pages; no order we make has as many parcels.
const maxFulfillments = 100;

/** Reads an order's fulfillment orders and fulfillments. undefined: Shopify has no such order. */
export async function readFulfillmentOrders(
  admin: Admin,
  shopifyId: string,
): Promise<ShippingState | undefined> {
  const id = toGid("Order", shopifyId);
  const state: ShippingState = { fulfillmentOrders: [], fulfillments: [] };
  for (let cursor: string | undefined, first = true; first || cursor !== undefined; first = false) {
    const { order } = await admin.graphql(
      stateOperation,
      { id, cursor: cursor ?? null },
      z.object({ order: shipping.nullable() }),
    );
    if (!order) return undefined;
    if (order.fulfillments.length >= maxFulfillments)
      throw new ShopifyError("This order has more parcels in Shopify than Makerlane can compare.", {
        problem: "rejected",
      });
    for (const one of order.fulfillmentOrders.nodes)
      state.fulfillmentOrders.push(await wholeFulfillmentOrder(admin, one));
    if (first)
      for (const one of order.fulfillments) state.fulfillments.push(await wholeFulfillment(admin, one));
    cursor = nextCursor(order.fulfillmentOrders.pageInfo);
  }
  return state;
}

const stateOperation = `#graphql
  query ReadShippingState($id: ID!, $cursor: String) {
    order(id: $id) {
      fulfillmentOrders(first: 20, after: $cursor) {
        pageInfo { hasNextPage endCursor }
        nodes {
          id status
          supportedActions { action }
          assignedLocation { name }
          lineItems(first: 100) {
            pageInfo { hasNextPage endCursor }
            nodes { id remainingQuantity lineItem { id } }
          }
        }
      }
      fulfillments(first: 100) {
        id status createdAt
        trackingInfo(first: 10) { number }
        fulfillmentLineItems(first: 50) {
          pageInfo { hasNextPage endCursor }
          nodes { quantity lineItem { id } }
        }
      }
    }
  }`;

const moreFulfillmentOrderLines = `#graphql
  query ReadFulfillmentOrderLines($id: ID!, $cursor: String!) {
    fulfillmentOrder(id: $id) {
      lineItems(first: 250, after: $cursor) {
        pageInfo { hasNextPage endCursor }
        nodes { id remainingQuantity lineItem { id } }
      }
    }
  }`;

const moreFulfillmentLines = `#graphql
  query ReadFulfillmentLines($id: ID!, $cursor: String!) {
    fulfillment(id: $id) {
      fulfillmentLineItems(first: 250, after: $cursor) {
        pageInfo { hasNextPage endCursor }
        nodes { quantity lineItem { id } }
      }
    }
  }`;

const lineItem = z.object({ id: gidNumber });
const openLines = z.object({
  pageInfo,
  nodes: z.array(z.object({ id: gidNumber, remainingQuantity: z.number(), lineItem })),
});
const shippedLines = z.object({ pageInfo, nodes: z.array(z.object({ quantity: z.number(), lineItem })) });
const openOrder = z.object({
  id: gidNumber,
  status: z.string(),
  supportedActions: z.array(z.object({ action: z.string() })),
  assignedLocation: z.object({ name: z.string() }),
  lineItems: openLines,
});
const shipped = z.object({
  id: gidNumber,
  status: z.string(),
  createdAt: z.coerce.date(),
  trackingInfo: z.array(z.object({ number: z.string().nullish() })),
  fulfillmentLineItems: shippedLines,
});
const shipping = z.object({
  fulfillmentOrders: z.object({ pageInfo, nodes: z.array(openOrder) }),
  fulfillments: z.array(shipped),
});

async function wholeFulfillmentOrder(
  admin: Admin,
  found: z.output<typeof openOrder>,
): Promise<FulfillmentOrder> {
  const nodes = [...found.lineItems.nodes];
  let cursor = nextCursor(found.lineItems.pageInfo);
  while (cursor !== undefined) {
    const { fulfillmentOrder } = await admin.graphql(
      moreFulfillmentOrderLines,
      { id: toGid("FulfillmentOrder", found.id), cursor },
      z.object({ fulfillmentOrder: z.object({ lineItems: openLines }).nullable() }),
    );
    if (!fulfillmentOrder) throw changed();
    nodes.push(...fulfillmentOrder.lineItems.nodes);
    cursor = nextCursor(fulfillmentOrder.lineItems.pageInfo);
  }
  return {
    id: found.id,
    status: found.status,
    supportedActions: found.supportedActions.map(({ action }) => action),
    location: found.assignedLocation.name,
    lines: nodes.map((node) => ({
      id: node.id,
      lineItemId: node.lineItem.id,
      remainingQuantity: node.remainingQuantity,
    })),
  };
}

async function wholeFulfillment(admin: Admin, found: z.output<typeof shipped>): Promise<Fulfillment> {
  const nodes = [...found.fulfillmentLineItems.nodes];
  let cursor = nextCursor(found.fulfillmentLineItems.pageInfo);
  while (cursor !== undefined) {
    const { fulfillment } = await admin.graphql(
      moreFulfillmentLines,
      { id: toGid("Fulfillment", found.id), cursor },
      z.object({ fulfillment: z.object({ fulfillmentLineItems: shippedLines }).nullable() }),
    );
    if (!fulfillment) throw changed();
    nodes.push(...fulfillment.fulfillmentLineItems.nodes);
    cursor = nextCursor(fulfillment.fulfillmentLineItems.pageInfo);
  }
  return {
    id: found.id,
    status: found.status,
    createdAt: found.createdAt,
    trackingNumbers: found.trackingInfo.flatMap(({ number }) => (number ? [number] : [])),
    lines: nodes.map((node) => ({ lineItemId: node.lineItem.id, quantity: node.quantity })),
  };
}

function changed(): ShopifyError {
  return new ShopifyError("The order changed while it was read. It is read again.", {
    problem: "retry",
    retryAfterSeconds: 1,
  });
}
