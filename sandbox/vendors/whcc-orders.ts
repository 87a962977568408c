// WHCC's orders, the same through both APIs: an import is a quote with a ConfirmationID and orders nothing; the
// confirmation is the order, once. Sources: WHCC Editor API, "Ordering"; Order Submit API, "Order import", "Order
// submit", read 2026-11-22.
import { randomUUID } from "node:crypto";
import { json, type Call, type LedgerEntry, type Reply, type Route } from "./stand-in.ts";
import { receivedTime } from "./whcc-clock.ts";
import { shippingLine } from "./whcc-catalogue.ts";
import { editorError, failure } from "./whcc-errors.ts";
import { readEntry, type Entry, type EntryOrder } from "./whcc-import.ts";
import { cents, makes } from "./whcc-makes.ts";
import type { Caller, createTokens } from "./whcc-tokens.ts";

/** An import. `numbers` holds WHCC's own order number of each sequence, once it is confirmed. */
export interface Quote {
  id: string;
  /** The credentials it was imported with: only they may confirm it, and they hear of it. */
  key: string;
  entry: Entry;
  body: unknown;
  confirmed: boolean;
  numbers: Map<string, number>;
}

interface Given {
  now: () => Date;
  ledger: LedgerEntry[];
  as: ReturnType<typeof createTokens>["as"];
}

const taxRate = 0.07;

/** The routes for ordering, and what was imported through them. */
export function createOrders({ now, ledger, as }: Given) {
  const quotes = new Map<string, Quote>();
  /** EntryIds that became an order. */
  const submitted = new Set<string>();
  // Counts on over a reset: a vendor never gives a number twice.
  let orderNumber = 14_989_342;

  function importEntry(caller: Caller, call: Call): Reply {
    const read = readEntry(call.body);
    if ("refused" in read) return read.refused;
    const { entry } = read;
    if (submitted.has(entry.EntryId)) return failure("412.04");
    const quote: Quote = {
      id: randomUUID(),
      key: caller.key,
      entry,
      body: call.body,
      confirmed: false,
      numbers: new Map(),
    };
    quotes.set(quote.id, quote);
    return json(200, {
      Account: "10072",
      ConfirmationID: quote.id,
      EntryID: entry.EntryId,
      Key: caller.key,
      NumberOfOrders: entry.Orders.length,
      Orders: entry.Orders.map(priced),
      Received: receivedTime(now()),
    });
  }

  function confirm(caller: Caller, call: Call): Reply {
    const quote = quotes.get(call.params[0] ?? "");
    if (quote?.key !== caller.key) return failure("412.03");
    if (submitted.has(quote.entry.EntryId)) return failure("412.04");
    submitted.add(quote.entry.EntryId);
    quote.confirmed = true;
    for (const { SequenceNumber } of quote.entry.Orders) {
      quote.numbers.set(String(SequenceNumber), orderNumber);
      orderNumber += 1;
    }
    ledger.push({
      vendor: "whcc",
      number: quote.id,
      at: now().toISOString(),
      body: quote.body,
      lines: quote.entry.Orders.flatMap(linesOf),
      reference: quote.entry.EntryId,
    });
    return json(200, {
      Confirmation: `Entry ID=${quote.id}: Confirmed order submitted.`,
      ConfirmationID: quote.id,
      ConfirmedOrders: quote.entry.Orders.length,
      Received: receivedTime(now()),
    });
  }

  /** The document sends Content-Length: 0; a server of its kind answers 411 without one. */
  function submit(caller: Caller, call: Call): Reply {
    if (call.raw.length > 0) return editorError(400, "This request takes no body.");
    if (call.headers["content-length"] === undefined) return editorError(411, "Length Required");
    return confirm(caller, call);
  }

  const routes: Route[] = [
    { method: "POST", path: "/api/v1/oas/orders/create", answer: as(importEntry) },
    { method: "POST", path: "/api/v1/oas/orders/*/confirm", takes: "nothing", answer: as(confirm) },
    { method: "POST", path: "/api/OrderImport", answer: as(importEntry) },
    { method: "POST", path: "/api/OrderImport/Submit/*", takes: "nothing", answer: as(submit) },
  ];
  return {
    routes,
    /** For the controls: a confirmed order, or an exception that says there is none. */
    confirmed(confirmationId: string): Quote {
      const quote = quotes.get(confirmationId);
      if (!quote?.confirmed) throw new Error(`WHCC has no confirmed order ${confirmationId}`);
      return quote;
    },
    allConfirmed: (): Quote[] => [...quotes.values()].filter(({ confirmed }) => confirmed),
    reset(): void {
      quotes.clear();
      submitted.clear();
    },
  };
}

/** One order of the answer to an import: money is text, the sequence number too. */
function priced({ SequenceNumber, OrderItems, OrderAttributes }: EntryOrder) {
  const shipping = shippingLine(OrderAttributes.map(({ AttributeUID }) => AttributeUID));
  const lines = [
    ...OrderItems.map(({ ProductUID, Quantity }) => {
      const make = makes.find(({ productUid }) => productUid === ProductUID);
      return {
        ProductDescription: make?.description ?? String(ProductUID),
        Quantity,
        price: cents((make?.unitPrice ?? 0) * Quantity),
      };
    }),
    { ProductDescription: shipping.description, Quantity: 1, price: shipping.price },
  ];
  const subTotal = cents(lines.reduce((sum, { price }) => sum + price, 0));
  const tax = cents(subTotal * taxRate);
  return {
    SequenceNumber: String(SequenceNumber),
    Products: lines.map(({ price, ...line }) => ({ ...line, Price: price.toFixed(2) })),
    SubTotal: subTotal.toFixed(2),
    Tax: tax.toFixed(2),
    Total: cents(subTotal + tax).toFixed(2),
  };
}

function linesOf(order: EntryOrder): LedgerEntry["lines"] {
  return order.OrderItems.map((item) => ({
    sku: String(item.ProductUID),
    quantity: item.Quantity,
    detail: {
      editorId: item.EditorId,
      sequence: String(order.SequenceNumber),
      reference: order.Reference ?? null,
      shipTo: order.ShipToAddress,
      attributes: order.OrderAttributes.map(({ AttributeUID }) => AttributeUID),
      assets: item.ItemAssets.map(({ AssetPath }) => AssetPath),
    },
  }));
}
