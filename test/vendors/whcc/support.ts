// What every test of WHCC starts from: settings that work, and the order of the golden payload.
import { startWhcc, type WhccOptions, type WhccStandIn } from "#sandbox/vendors/whcc.ts";
import type { Address, LineFacts, OrderFacts } from "#app/orders/order.ts";
import { fieldsSchema } from "#app/vendors/fields.ts";
import { createHttp, type Http } from "#app/vendors/http.server.ts";
import { VendorError, type Part, type ToolCalls, type ToolResult } from "#app/vendors/vendor.ts";
import { whcc } from "#app/vendors/whcc/index.ts";
import { payload, type Payload } from "#app/vendors/whcc/payload.ts";
import { settings as fields, type Settings } from "#app/vendors/whcc/settings.ts";
import { aLine, anAddress, anOrder, aPart, properties } from "#test/support/builders.ts";
import { memoryCalls, type MemoryCalls } from "#test/vendors/calls.ts";

/** Complete settings; Shopify's "STD" is WHCC's 553. */
export function settings(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    baseUrl: "https://prospector.example.com",
    key: "whcc_demo",
    secret: "whcc_secret",
    consumerKey: "oas_demo",
    consumerSecret: "oas_secret",
    submitBaseUrl: "https://apps.example.com",
    orderAttributes: "548",
    shippingAttributes: [{ shopify: "STD", uids: "553" }],
    fromName: "Returns",
    fromAddr1: "3432 Denmark Ave",
    fromCity: "Eagan",
    fromState: "MN",
    fromZip: "55123",
    ...overrides,
  };
}

/** The same, read as the vendor's functions get them. */
export function readSettings(raw: Record<string, unknown>): Settings {
  return fieldsSchema(fields).parse(raw);
}

/** A delivery address that WHCC ships to. */
export function inMinnesota(overrides: Partial<Address> = {}): Address {
  return anAddress({
    address2: "Apt 4",
    city: "Eagan",
    province: "Minnesota",
    provinceCode: "MN",
    zip: "55121",
    country: "United States",
    countryCode: "US",
    phone: "+1 651 555 0100",
    ...overrides,
  });
}

/** A line with a finished design: two photo blocks of 10 by 10. */
export function aDesignLine(overrides: Partial<LineFacts> = {}): LineFacts {
  return aLine({
    id: "14001",
    title: "Photo block",
    properties: properties({ _editor_id: "demoPhotoBlock", _whcc_account_id: "demo-shopper" }),
    ...overrides,
  });
}

/** A line with this design of the demo shopper. */
export function aLineOf(editorId: string, overrides: Partial<LineFacts> = {}): LineFacts {
  return aDesignLine({
    properties: properties({ _editor_id: editorId, _whcc_account_id: "demo-shopper" }),
    ...overrides,
  });
}

export interface Given {
  lines?: LineFacts[];
  /** By line id, where a line is not the photo block. */
  products?: Record<string, Record<string, unknown>>;
  order?: Partial<OrderFacts>;
  address?: Partial<Address>;
  part?: Partial<Part<unknown>>;
  product?: Record<string, unknown>;
  settings?: Record<string, unknown>;
}

/** The orders ability; WHCC takes orders. */
export function orders(): NonNullable<typeof whcc.orders> {
  if (!whcc.orders) throw new Error("WHCC takes orders");
  return whcc.orders;
}

/** The payload of an order given by what is special about it. */
export function payloadOf(given: Given = {}): Payload {
  const lines = given.lines ?? [aDesignLine()];
  const part = aPart(
    lines.map((line) => ({
      line,
      product: given.products?.[line.id] ?? { productUids: "186", ...given.product },
    })),
    {
      order: anOrder({ lines, shippingAddress: inMinnesota(given.address), ...given.order }),
      ...given.part,
    },
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

/** A running WHCC and a way to it. */
export interface There {
  standIn: WhccStandIn;
  http: Http;
  stop(): Promise<void>;
}

export async function startThere(options: WhccOptions = {}): Promise<There> {
  const standIn = await startWhcc({ port: 0, ...options });
  const http = createHttp({ allowedPrivateHosts: [`127.0.0.1:${standIn.port}`] });
  return {
    standIn,
    http,
    stop: async () => {
      await standIn.stop();
      await http.close();
    },
  };
}

/** One order on its way: what it is, its settings and its calls. */
export interface Attempt {
  payload: Payload;
  mine: Record<string, unknown>;
  calls: MemoryCalls;
}

/** An order of `given` on its way to `there`. */
export function anAttempt({ standIn, http }: Pick<There, "standIn" | "http">, given: Given = {}): Attempt {
  const mine = settings({ baseUrl: standIn.url, submitBaseUrl: standIn.url, ...given.settings });
  return { payload: payloadOf(given), mine, calls: memoryCalls({ vendor: whcc, settings: mine, http }) };
}

/** Sends an order. */
export const send = ({ payload: body, mine, calls }: Attempt) => orders().submit(body, mine, calls);

/** What an order fails with. */
export async function failing(promise: Promise<unknown>): Promise<VendorError> {
  return promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: VendorError) => error,
  );
}

/** The way to WHCC with one kind of answer changed on its way back: `path` is how its address ends. */
export function withAnswer(http: Http, path: string, change: (json: unknown) => unknown): Http {
  return async (request, fresh) => {
    const reply = await http(request, fresh);
    if (!new URL(request.url).pathname.endsWith(path)) return reply;
    const json = JSON.parse(new TextDecoder().decode(reply.bytes)) as unknown;
    return { ...reply, bytes: new TextEncoder().encode(JSON.stringify(change(json))) };
  };
}

/** Runs a tool by its id; `memory` is what its connection keeps. */
export function useTool(
  there: Pick<There, "standIn" | "http">,
  id: string,
  { input = {}, memory = new Map() }: { input?: Record<string, unknown>; memory?: Map<string, string> } = {},
): Promise<ToolResult> {
  const tool = whcc.tools.find((one) => one.id === id);
  if (!tool) throw new Error(`there is no tool ${id}`);
  const { mine, calls } = anAttempt(there);
  const given: ToolCalls = {
    ask: calls.ask,
    token: "",
    now: calls.now,
    orders: [],
    products: [],
    kept: async (name) => memory.get(name),
    keep: async (name, value) => void memory.set(name, value),
  };
  return tool.run(input, mine, given);
}
