// Whether a vendor calls us when something happens, for the page of a connection.
import { readCallbacks } from "../callbacks.server.ts";
import { prisma, world } from "../world.server.ts";
import type { BadgeLook } from "./standing.ts";

/** What the page says of a vendor's calls. Times are ISO 8601. */
export interface CallbacksView {
  /** Where the vendor calls. */
  address: string;
  /** Whether the vendor can be told the address from here. */
  canRegister: boolean;
  badge: BadgeLook;
  /** How registering went. */
  sentence?: string;
  /** The vendor was told and has not confirmed yet: worth another look in a moment. */
  isPending: boolean;
  isFailed: boolean;
  lastAt?: string;
  /** Calls that belong to no order we know, so far. */
  unmatched: number;
}

/** undefined for a vendor that makes no calls, and before there is a connection. */
export async function readCallbacksView(at: {
  shop: string;
  connectionId: string | undefined;
}): Promise<CallbacksView | undefined> {
  const { shop, connectionId } = at;
  if (connectionId === undefined) return undefined;
  const read = await readCallbacks(await world(), { shop, connectionId });
  if (!read) return undefined;
  const { address, canRegister, state, lastAt } = read;
  return {
    address,
    canRegister,
    badge: badgeOf(state?.state, lastAt !== undefined),
    ...(state && { sentence: state.sentence }),
    isPending: state?.state === "registering",
    isFailed: state?.state === "failed",
    ...(lastAt && { lastAt: lastAt.toISOString() }),
    unmatched: await prisma.vendorCallback.count({ where: { shop, connectionId, state: "orphan" } }),
  };
}

function badgeOf(state: "registering" | "registered" | "failed" | undefined, hasCalled: boolean): BadgeLook {
  switch (state) {
    case "registering":
      return { label: "Waits for the vendor", tone: "info", progress: "partiallyComplete" };
    case "registered":
      return { label: "Registered", tone: "success", progress: "complete" };
    case "failed":
      return { label: "Not registered", tone: "critical", progress: "incomplete" };
    case undefined:
      return hasCalled
        ? { label: "Works", tone: "success" }
        : { label: "Not set up", progress: "incomplete" };
  }
}
