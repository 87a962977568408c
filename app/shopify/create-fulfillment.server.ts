// Tells Shopify that a parcel has left. Not idempotent at Shopify: after ShopifyError "unsure" the caller must read
// the fulfillments before it may try again.
import { z } from "zod";
import type { Admin } from "./admin.server.ts";
import { gidNumber, toGid } from "./gid.ts";

/** How a parcel can be followed. */
export interface Tracking {
  /** A carrier's name; Shopify makes the link itself for those it knows. */
  company?: string | undefined;
  number?: string | undefined;
  url?: string | undefined;
}

/** One parcel's part of one fulfillment order. Ids are Shopify's numbers as text. */
export interface NewFulfillment {
  fulfillmentOrderId: string;
  /** Lines of the fulfillment order (not of the order). Never empty: Shopify would ship all that remains. */
  lines: { id: string; quantity: number }[];
  tracking?: Tracking | undefined;
  /** Whether Shopify writes to the shopper. */
  notify: boolean;
}

const operation = `#graphql
  mutation CreateFulfillment($fulfillment: FulfillmentInput!) {
    fulfillmentCreate(fulfillment: $fulfillment) {
      fulfillment { id }
      userErrors { field message }
    }
  }`;

/** Makes one fulfillment and answers with its number. */
export async function createFulfillment(admin: Admin, parcel: NewFulfillment): Promise<string> {
  if (parcel.lines.length === 0) throw new Error("a fulfillment without lines would ship everything");
  const answer = await admin.graphql(
    operation,
    {
      fulfillment: {
        lineItemsByFulfillmentOrder: [
          {
            fulfillmentOrderId: toGid("FulfillmentOrder", parcel.fulfillmentOrderId),
            fulfillmentOrderLineItems: parcel.lines.map(({ id, quantity }) => ({
              id: toGid("FulfillmentOrderLineItem", id),
              quantity,
            })),
          },
        ],
        notifyCustomer: parcel.notify,
        ...(parcel.tracking && { trackingInfo: trackingInfo(parcel.tracking) }),
      },
    },
    z.object({ fulfillmentCreate: z.object({ fulfillment: z.object({ id: gidNumber }) }) }),
  );
  return answer.fulfillmentCreate.fulfillment.id;
}

/** Tracking as Shopify's input wants it. What is not known is left out, so that Shopify keeps or guesses it. */
export function trackingInfo({ company, number, url }: Tracking): Record<string, string> {
  return { ...(company && { company }), ...(number && { number }), ...(url && { url }) };
}
