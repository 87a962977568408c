// POST /admin/api/2026-10/graphql.json: the token, the planned faults, the bucket; then the query itself.
// Every call is written down, whatever became of it.
import { randomUUID } from "node:crypto";
import { z } from "zod";
import type { TokenIssue } from "../tokens.ts";
import type { Store } from "../store.ts";
import { createBucket, type Bucket, type BucketSize } from "./cost.ts";
import { costExtension, prepare, run, type AdminCall } from "./execute.ts";
import type { AdminContext } from "./nodes.ts";

/**
 * What may go wrong at the Admin API. "done" faults take effect first: `500-done`, `timeout-after` (never
 * answers), `reset-after` (line cut). `401` is a revoked token, `402` a frozen shop, `423` a locked one.
 */
export const faultKinds = [
  "throttled",
  "429",
  "500-done",
  "500-not-done",
  "timeout-after",
  "timeout-before",
  "reset-after",
  "reset-before",
  "401",
  "402",
  "403",
  "404",
  "423",
  "503",
  "html-200",
] as const;
/** One of `faultKinds`. */
export type FaultKind = (typeof faultKinds)[number];

/** Strikes calls whose root fields or operation name contain `operation`; `times` calls, one by default. */
export const adminFault = z.object({
  kind: z.enum(faultKinds),
  operation: z.string().optional(),
  shop: z.string().optional(),
  times: z.number().int().min(1).default(1),
});
/** A fault to plan, e.g. { kind: "500-done", operation: "fulfillmentCreate" }. */
export type AdminFault = z.input<typeof adminFault>;

/** One call of the app, as kept for tests. */
export interface AdminRequest {
  at: Date;
  shop: string;
  operationName: string | null;
  roots: string[];
  query: string;
  variables: Record<string, unknown>;
  cost: number;
  /** Null when the line was cut or never answered. */
  status: number | null;
  /** True when top-level errors went back. */
  failed: boolean;
  fault: FaultKind | null;
}

/** What goes back on the wire; `cut` closes the socket, `hang` leaves it open without a byte. */
export type AdminAnswer =
  { status: number; body: string; type: string; headers?: Record<string, string> } | { wire: "cut" | "hang" };

const requestBody = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

/** What the endpoint shares with the rest of the sandbox. */
export interface EndpointOptions {
  bucket: BucketSize;
  now: () => Date;
  context: (store: Store) => AdminContext;
  /** How many calls are remembered; older ones are forgotten. */
  keep: number;
}

interface Asked {
  store: Store;
  token: TokenIssue | null;
  raw: string;
}

/** Shopify refuses a single query dearer than this, whatever is in the bucket. */
const maxCost = 1000;

/** The Admin API of all shops, with its faults and its memory of calls. */
export function createAdminApi(options: EndpointOptions) {
  const requests: AdminRequest[] = [];
  const faults: { fault: z.output<typeof adminFault>; left: number }[] = [];
  const buckets = new Map<string, Bucket>();

  function bucketOf(shop: string): Bucket {
    const held = buckets.get(shop) ?? createBucket(options.bucket);
    buckets.set(shop, held);
    return held;
  }

  function strike(request: AdminRequest): FaultKind | null {
    const words = [request.operationName ?? "", ...request.roots];
    const at = faults.findIndex(
      ({ fault }) =>
        (fault.shop === undefined || fault.shop === request.shop) &&
        (fault.operation === undefined || words.some((word) => word.includes(fault.operation ?? ""))),
    );
    const found = faults[at];
    if (!found) return null;
    found.left -= 1;
    if (found.left === 0) faults.splice(at, 1);
    return found.fault.kind;
  }

  function remember(request: AdminRequest): void {
    requests.push(request);
    if (requests.length > 2 * options.keep) requests.splice(0, options.keep);
  }

  async function answer({ store, token, raw }: Asked): Promise<AdminAnswer> {
    const parsed = requestBody.safeParse(readJson(raw));
    const call: AdminCall = parsed.success
      ? {
          query: parsed.data.query,
          variables: parsed.data.variables ?? {},
          operationName: parsed.data.operationName ?? null,
        }
      : { query: "", variables: {}, operationName: null };
    const prepared = prepare(call);
    const request: AdminRequest = {
      at: options.now(),
      shop: store.domain,
      operationName: "errors" in prepared ? null : (prepared.operation.name?.value ?? null),
      roots: "errors" in prepared ? [] : prepared.roots,
      query: call.query,
      variables: call.variables,
      cost: "errors" in prepared ? 0 : prepared.cost,
      status: null,
      failed: true,
      fault: null,
    };
    remember(request);
    const reply = (body: Record<string, unknown>, status = 200): AdminAnswer => {
      request.status = status;
      request.failed = status !== 200 || body["errors"] !== undefined;
      return json(status, body);
    };
    request.fault = strike(request);
    const before = request.fault ? instead(request.fault) : null;
    if (before) {
      if ("status" in before) request.status = before.status;
      return before;
    }
    if (!token || request.fault === "401") {
      return reply(
        { errors: "[API] Invalid API key or access token (unrecognized login or wrong password)" },
        401,
      );
    }
    if ("errors" in prepared) return reply({ errors: prepared.errors });
    const bucket = bucketOf(store.domain);
    const { cost } = prepared;
    if (request.fault === "throttled") bucket.drain();
    if (cost > maxCost) return reply(tooDear(cost));
    if (request.fault === "throttled" || !bucket.take(cost)) {
      return reply({ errors: [throttled], extensions: { cost: costExtension(cost, bucket) } });
    }
    const done = await run(prepared, { call, store, context: options.context(store), bucket });
    const after = request.fault ? afterwards(request.fault) : null;
    if (!after) return reply(done);
    if ("status" in after) request.status = after.status;
    return after;
  }

  return {
    answer,
    requests: (): AdminRequest[] => requests,
    bucketOf,
    addFault(fault: AdminFault): void {
      const read = adminFault.parse(fault);
      faults.push({ fault: read, left: read.times });
    },
    faults: () => faults.map(({ fault, left }) => ({ ...fault, left })),
    clearFaults: () => void faults.splice(0),
  };
}

/** What `createAdminApi` gives. */
export type AdminApi = ReturnType<typeof createAdminApi>;

const throttled = {
  message: "Throttled",
  extensions: { code: "THROTTLED", documentation: "https://shopify.dev/api/usage/limits" },
};

function tooDear(cost: number): Record<string, unknown> {
  return {
    errors: [
      {
        message: `Query cost is ${cost}, which exceeds the single query max cost limit (${maxCost}).`,
        extensions: { code: "MAX_COST_EXCEEDED", cost, maxCost },
      },
    ],
  };
}

function json(status: number, body: unknown, more: Record<string, string> = {}): AdminAnswer {
  return {
    status,
    body: JSON.stringify(body),
    type: "application/json; charset=utf-8",
    headers: { "x-request-id": randomUUID(), "x-shopify-api-version": "2026-10", ...more },
  };
}

const serverError = () => json(500, { errors: "Internal Server Error" });

/** Faults that strike before anything happens; null for the others. */
function instead(kind: FaultKind): AdminAnswer | null {
  switch (kind) {
    case "429":
      return json(429, { errors: "Too many requests" }, { "retry-after": "2.0" });
    case "500-not-done":
      return serverError();
    case "503":
      return { status: 503, body: "<html><body>Service unavailable</body></html>", type: "text/html" };
    case "402":
      return json(402, { errors: "This shop is currently frozen." });
    case "403":
      return json(403, { errors: "This action requires merchant approval." });
    case "404":
      return json(404, { errors: "Not Found" });
    case "423":
      return json(423, { errors: "This shop is unavailable." });
    case "html-200":
      return { status: 200, body: "<html><body>Just a moment…</body></html>", type: "text/html" };
    case "timeout-before":
      return { wire: "hang" };
    case "reset-before":
      return { wire: "cut" };
    case "throttled":
    case "401":
    case "500-done":
    case "timeout-after":
    case "reset-after":
      return null;
  }
}

/** Faults that strike when the work is done. */
function afterwards(kind: FaultKind): AdminAnswer | null {
  if (kind === "500-done") return serverError();
  if (kind === "timeout-after") return { wire: "hang" };
  return kind === "reset-after" ? { wire: "cut" } : null;
}

function readJson(raw: string): unknown {
  try {
    return JSON.parse(raw);
  } catch {
    return null;
  }
}
