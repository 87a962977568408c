// What becomes of a confirmed order, as WHCC tells it: accepted, rejected, shipped, each for one sequence number.
// Source: WHCC Order Submit API, "Event types", read 2026-11-22.
import { errorWords, type ErrorNumber } from "./whcc-errors.ts";
import type { createOrders, Quote } from "./whcc-orders.ts";
import type { createWebhooks, Delivery } from "./whcc-webhooks.ts";

/** Why an order was rejected. */
export interface Rejection {
  code: ErrorNumber | (string & {});
  error?: string;
  /** The file it is about; the sequence's first when absent. */
  assetPath?: string;
}

/** One parcel. */
export interface Parcel {
  carrier?: string;
  trackingNumber?: string;
  trackingUrl?: string;
  /** ISO time. */
  shipDate?: string;
  /** Pounds. */
  weight?: number;
}

/** What a person or a test can let happen to an order. A sequence is named as text or number. */
export interface OrderEvents {
  /** Every sequence accepted, one webhook each. */
  accept(confirmationId: string): Promise<Delivery[]>;
  reject(confirmationId: string, sequence: string | number, why: Rejection): Promise<Delivery[]>;
  ship(confirmationId: string, sequence: string | number, parcel: Parcel | Parcel[]): Promise<Delivery[]>;
  /** Any event, for those that "will change in the future". */
  tell(
    confirmationId: string,
    sequence: string | number,
    event: Record<string, unknown>,
  ): Promise<Delivery[]>;
}

interface Given {
  now: () => Date;
  orders: ReturnType<typeof createOrders>;
  webhooks: ReturnType<typeof createWebhooks>;
}

export function createEvents({ now, orders, webhooks }: Given): OrderEvents {
  /** The fields that every webhook ends with. */
  function about(quote: Quote, sequence: string | number) {
    const order = quote.entry.Orders.find(
      ({ SequenceNumber }) => String(SequenceNumber) === String(sequence),
    );
    if (!order) throw new Error(`WHCC's order ${quote.id} has no sequence ${sequence}`);
    return {
      ConfirmationId: quote.id,
      EntryId: quote.entry.EntryId,
      Reference: order.Reference ?? "",
      SequenceNumber: String(sequence),
    };
  }
  const number = (quote: Quote, sequence: string | number) => quote.numbers.get(String(sequence));

  return {
    async accept(confirmationId) {
      const quote = orders.confirmed(confirmationId);
      return webhooks.send(
        quote.key,
        quote.entry.Orders.map(({ SequenceNumber }) => ({
          Status: "Accepted",
          Errors: [],
          OrderNumber: number(quote, SequenceNumber),
          Event: "Processed",
          ...about(quote, SequenceNumber),
        })),
      );
    },
    /** A rejected order has no OrderNumber in the document's example. */
    async reject(confirmationId, sequence, { code, error, assetPath }) {
      const quote = orders.confirmed(confirmationId);
      const ending = about(quote, sequence);
      const words = code in errorWords ? errorWords[code as ErrorNumber] : "Unknown error";
      const first = quote.entry.Orders.find(
        ({ SequenceNumber }) => String(SequenceNumber) === String(sequence),
      );
      const AssetPath = assetPath ?? first?.OrderItems[0]?.ItemAssets[0]?.AssetPath ?? "";
      const Errors = [{ ErrorCode: code, Error: error ?? `${words}.`, AssetPath }];
      return webhooks.send(quote.key, [{ Status: "Rejected", Errors, Event: "Processed", ...ending }]);
    },
    async ship(confirmationId, sequence, parcel) {
      const quote = orders.confirmed(confirmationId);
      const ShippingInfo = (Array.isArray(parcel) ? parcel : [parcel]).map((one) => {
        const { carrier = "FedEx", trackingNumber = "512376671311227" } = one;
        return {
          Carrier: carrier,
          ShipDate:
            one.shipDate ??
            now()
              .toISOString()
              .replace(/\.\d+Z$/, "+00:00"),
          TrackingNumber: trackingNumber,
          TrackingUrl:
            one.trackingUrl ??
            `http://www.${carrier.toLowerCase()}.com/Tracking?tracknumbers=${encodeURIComponent(trackingNumber)}`,
          Weight: one.weight ?? 0.35,
        };
      });
      return webhooks.send(quote.key, [
        { ShippingInfo, OrderNumber: number(quote, sequence), Event: "Shipped", ...about(quote, sequence) },
      ]);
    },
    async tell(confirmationId, sequence, event) {
      const quote = orders.confirmed(confirmationId);
      return webhooks.send(quote.key, [
        { OrderNumber: number(quote, sequence), ...event, ...about(quote, sequence) },
      ]);
    },
  };
}
