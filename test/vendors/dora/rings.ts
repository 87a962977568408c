// What the tests of Dora share: settings, mapped products and orders for them, and a stand-in with a login.
import { afterAll, beforeAll, beforeEach, expect } from "vitest";
import type { LineFacts } from "#app/orders/order.ts";
import { dora } from "#app/vendors/dora/index.ts";
import type { Payload } from "#app/vendors/dora/payload.ts";
import { createHttp, type Http } from "#app/vendors/http.server.ts";
import { VendorError, type Part, type Vendor } from "#app/vendors/vendor.ts";
import { startDora } from "#sandbox/vendors/dora.ts";
import { aLine, aPart } from "#test/support/builders.ts";
import { memoryCalls, type MemoryCalls, type MemoryCallsInput } from "#test/vendors/calls.ts";

/** Dora's orders ability, which it always has. */
export const orders = ability(dora);

function ability(vendor: Vendor): NonNullable<Vendor["orders"]> {
  if (!vendor.orders) throw new Error(`${vendor.id} takes no orders`);
  return vendor.orders;
}

/** Settings as a merchant saves them, changed by `overrides`. */
export function theSettings(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return { baseUrl: "http://127.0.0.1:1", username: "dealer", password: "dora_demo", ...overrides };
}

/** A 4 mm court band in yellow 14 kt gold whose sizes the shopper may choose. */
export function aRing(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    type: "ring",
    id: 310,
    collectionId: 12,
    width: 4,
    parts: [{ name: "Band", metalId: 5, color: "Yellow", finish: "Polished" }],
    sizes: [
      { label: "54", sizeMm: 17.3 },
      { label: "56", sizeMm: 17.7 },
    ],
    ...overrides,
  };
}

/** A line of one ring in size 56, changed by `overrides`. */
export function ringLine(overrides: Partial<LineFacts> = {}): LineFacts {
  return aLine({
    title: "Court band",
    quantity: 1,
    properties: [{ name: "Ring size", value: "56" }],
    ...overrides,
  });
}

/** The part of an order that goes to Dora: pairs of a line and its mapped product. */
export function ringPart(
  pairs: [LineFacts, Record<string, unknown>][] = [[ringLine(), aRing()]],
  overrides: Partial<Part<unknown>> = {},
): Part<unknown> {
  return aPart<unknown>(
    pairs.map(([line, product]) => ({ line, product })),
    overrides,
  );
}

/** The payload of a part, as it would be frozen. */
export function payloadOf(part: Part<unknown> = ringPart(), settings = theSettings()): Payload {
  return orders.toPayload(part, settings) as Payload;
}

/** The VendorError something throws; a test fails when it throws nothing or anything else. */
export async function errorOf(work: () => unknown): Promise<VendorError> {
  const error = await Promise.resolve()
    .then(work)
    .then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
  expect(error).toBeInstanceOf(VendorError);
  return error as VendorError;
}

/** A stand-in for the whole file, empty before each test, and calls that are logged in to it. */
export function atDora() {
  let standIn: Awaited<ReturnType<typeof startDora>>;
  let http: Http & { close(): Promise<void> };
  beforeAll(async () => {
    standIn = await startDora();
    http = createHttp({ allowedPrivateHosts: [new URL(standIn.url).host] });
  });
  beforeEach(() => standIn.reset());
  afterAll(async () => {
    await http.close();
    await standIn.stop();
  });

  const settings = (overrides: Record<string, unknown> = {}): Record<string, unknown> =>
    theSettings({ baseUrl: standIn.url, ...overrides });

  return {
    get standIn() {
      return standIn;
    },
    settings,
    /** Calls without a token. */
    calls: (input: Partial<MemoryCallsInput> = {}): MemoryCalls =>
      memoryCalls({ vendor: dora, settings: settings(), http, now: new Date(), ...input }),
    /** Calls with the token of a fresh login. */
    async loggedIn(input: Partial<MemoryCallsInput> = {}): Promise<MemoryCalls> {
      const calls = memoryCalls({ vendor: dora, settings: settings(), http, now: new Date(), ...input });
      const login = await dora.login?.(input.settings ?? settings(), calls);
      calls.token = login?.token ?? "";
      return calls;
    },
    /** How often the cart was asked for something since the last reset, e.g. "PUT". */
    said: (method: string): number =>
      standIn.requests().filter((one) => one.method === method && one.path === "/cart").length,
    bodies: (method: string): unknown[] =>
      standIn.requests().flatMap((one) => (one.method === method && one.path === "/cart" ? [one.body] : [])),
  };
}
