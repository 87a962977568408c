// Changes how a parcel that Shopify knows can be followed: a corrected number, or one that came late.
import { z } from "zod";
import type { Admin } from "./admin.server.ts";
import { trackingInfo, type Tracking } from "./create-fulfillment.server.ts";
import { gidNumber, toGid } from "./gid.ts";

/** New tracking of one fulfillment (Shopify's number as text). */
export interface NewTracking {
  fulfillmentId: string;
  tracking: Tracking;
  /** Whether Shopify writes to the shopper. */
  notify: boolean;
}

const operation = `#graphql
  mutation UpdateTracking($id: ID!, $tracking: FulfillmentTrackingInput!, $notify: Boolean) {
    fulfillmentTrackingInfoUpdate(fulfillmentId: $id, trackingInfoInput: $tracking, notifyCustomer: $notify) {
      fulfillment { id }
      userErrors { field message }
    }
  }`;

/** Sets a fulfillment's tracking. Doing it twice leaves the same state, but may write to the shopper twice. */
export async function updateTracking(admin: Admin, change: NewTracking): Promise<void> {
  await admin.graphql(
    operation,
    {
      id: toGid("Fulfillment", change.fulfillmentId),
      tracking: trackingInfo(change.tracking),
      notify: change.notify,
    },
    z.object({ fulfillmentTrackingInfoUpdate: z.object({ fulfillment: z.object({ id: gidNumber }) }) }),
  );
}
