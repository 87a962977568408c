// What a vendor's test folder says about its endpoints: the call that speaks to each of them. The table of what the
// documents offer, and the test that holds it against these, is every-endpoint.test.ts.
import type { Asking } from "#app/vendors/vendor.ts";
import type { StandIn } from "#sandbox/vendors/stand-in.ts";

/** A stand-in with something in it, and a conversation with it. */
export interface Stage {
  standIn: StandIn;
  settings: Record<string, unknown>;
  asking: Asking;
  stop(): Promise<void>;
}

/** One documented endpoint; `path` has * for a part that varies. */
export interface Endpoint {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  path: string;
  /** Makes this request by the vendor's own typed call, with everything it needs before. */
  call(stage: Stage): Promise<unknown>;
}
