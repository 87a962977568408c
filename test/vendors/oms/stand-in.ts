// A fresh stand-in of the OMS around every test, and an order on its way to it.
import { afterEach, beforeEach } from "vitest";
import { createHttp } from "#app/vendors/http.server.ts";
import { oms } from "#app/vendors/oms/index.ts";
import type { OrderPayload } from "#app/vendors/oms/payload.ts";
import type { VendorError } from "#app/vendors/vendor.ts";
import { startOms, type OmsStandIn } from "#sandbox/vendors/oms.ts";
import { memoryCalls, type MemoryCalls } from "#test/vendors/calls.ts";
import { aDesignLine, payloadOf, settings, token } from "./support.ts";

export let standIn: OmsStandIn;
let http: ReturnType<typeof createHttp>;

beforeEach(async () => {
  standIn = await startOms({ tokens: [token] });
  http = createHttp({ allowedPrivateHosts: [`127.0.0.1:${standIn.port}`] });
});
afterEach(async () => {
  await standIn.stop();
  await http.close();
});

export const two = [aDesignLine({ id: "14001" }), aDesignLine({ id: "14002" })];

/** One order on its way: what it is, its settings and its calls. */
export function anAttempt(given: { payload?: OrderPayload; settings?: Record<string, unknown> } = {}): {
  payload: OrderPayload;
  mine: Record<string, unknown>;
  calls: MemoryCalls;
} {
  const mine = settings({ baseUrl: standIn.url, ...given.settings });
  const payload = given.payload ?? payloadOf({ lines: two });
  return { payload, mine, calls: memoryCalls({ vendor: oms, settings: mine, http }) };
}

/** What an order fails with. */
export async function failing(promise: Promise<unknown>): Promise<VendorError> {
  return promise.then(
    () => {
      throw new Error("it did not fail");
    },
    (error: VendorError) => error,
  );
}
