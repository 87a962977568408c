// What every test of the OMS starts from: settings that work, and the order of the golden payload.
import type { LineFacts, OrderFacts } from "#app/orders/order.ts";
import { oms } from "#app/vendors/oms/index.ts";
import { payload, type OrderPayload } from "#app/vendors/oms/payload.ts";
import { VendorError, type Part } from "#app/vendors/vendor.ts";
import { aLine, anOrder, aPart, properties } from "#test/support/builders.ts";

export const token = "oms_demo_0123456789";

/** Complete settings; Shopify's "STD" is the OMS's STANDARD. */
export function settings(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    baseUrl: "https://oms.example.com",
    token,
    storeId: "S1",
    shippingCodes: [{ shopify: "STD", code: "STANDARD" }],
    ...overrides,
  };
}

export const encodedDesign = "%7B%22a%22%3A1%7D";

/** A line with a design, a thumbnail and a colour. */
export function aDesignLine(overrides: Partial<LineFacts> = {}): LineFacts {
  return aLine({
    id: "14001",
    quantity: 1,
    orderedQuantity: 1,
    price: { minor: 11000, currency: "SGD" },
    properties: properties({
      _template_config: encodedDesign,
      _thumbnail: "https://cdn.example.com/t.png",
      Colour: "Red",
    }),
    ...overrides,
  });
}

interface Given {
  lines?: LineFacts[];
  order?: Partial<OrderFacts>;
  part?: Partial<Part<unknown>>;
  product?: Record<string, unknown>;
  settings?: Record<string, unknown>;
}

/** The payload of an order given by what is special about it. */
export function payloadOf(given: Given = {}): OrderPayload {
  const lines = given.lines ?? [aDesignLine()];
  const part = aPart(
    lines.map((line) => ({ line, product: given.product ?? {} })),
    { order: anOrder({ lines, ...given.order }), ...given.part },
  );
  return payload.parse(orders().toPayload(part, settings(given.settings)));
}

/** The sentence an order is held with. */
export function heldWith(given: Given): string {
  try {
    payloadOf(given);
  } catch (error) {
    if (error instanceof VendorError && error.problem === "rejected") return error.message;
    throw error;
  }
  throw new Error("the order was not held");
}

/** The orders ability; every vendor that takes orders has it. */
export function orders(): NonNullable<typeof oms.orders> {
  if (!oms.orders) throw new Error("the OMS takes orders");
  return oms.orders;
}
