// What an HTTP reply of the Admin API means: data, or what to do next. Pure.
// Sources: shopify.dev, API response and status codes, GraphQL rate limits, 2026-10; read 2026-11-22.
import { z } from "zod";
import { ShopifyError, type UserError } from "./shopify-error.ts";

/** A reply, read. `dead`: the token was refused, and nothing was carried out. */
export interface AdminReply {
  data?: unknown;
  error?: ShopifyError;
  dead?: boolean;
}

interface Raw {
  status: number;
  /** The Retry-After header, in seconds. */
  retryAfter: string | null;
  text: string;
  mutation: boolean;
}

/** Reads a reply of the Admin API. */
export function readReply({ status, retryAfter, text, mutation }: Raw): AdminReply {
  if (status === 401) return { dead: true };
  const asked = Number(retryAfter);
  const wait = Number.isFinite(asked) && asked > 0 ? Math.min(asked, 3600) : undefined;
  const fail = (
    sentence: string,
    problem: ShopifyError["problem"],
    retryAfterSeconds = wait,
  ): AdminReply => ({
    error: new ShopifyError(sentence, {
      problem,
      retryAfterSeconds,
      cause: new Error(`HTTP ${status}: ${text.slice(0, 200)}`),
    }),
  });
  switch (status) {
    case 200:
      break;
    case 402:
      return fail(
        "Shopify has frozen this shop for an unpaid bill. We look again every hour.",
        "retry",
        3600,
      );
    case 423:
      return fail("Shopify has locked this shop. We look again every hour.", "retry", 3600);
    case 404:
      return fail("Shopify does not know this shop any more.", "gone");
    case 403:
      return fail(
        "Shopify does not allow this. Open Makerlane once and approve what it asks for.",
        "rejected",
      );
    case 429:
      return fail("Shopify asked us to slow down. It is tried again.", "retry", wait ?? 2);
    default:
      return mutation && status >= 500
        ? fail("Shopify failed in the middle of it. We look before we try again.", "unsure")
        : fail("Shopify had trouble of its own. It is tried again.", "retry");
  }
  const parsed = envelope.safeParse(readJson(text));
  if (!parsed.success || (!parsed.data.data && !parsed.data.errors?.length)) {
    return mutation
      ? fail("Shopify answered something unreadable. We look before we try again.", "unsure")
      : fail("Shopify answered something unreadable. It is tried again.", "retry");
  }
  const { data, errors = [] } = parsed.data;
  // Half an answer beside the errors: the mutation itself ran, and only reading its result failed.
  if (errors.length > 0 && mutation && hasAnswer(data))
    return fail("Shopify answered only in part. We look before we try again.", "unsure");
  if (errors.length > 0)
    return { error: readErrors({ errors, mutation, extensions: parsed.data.extensions }) };
  const refused = userErrorsOf(data);
  if (refused.length > 0)
    return {
      error: new ShopifyError(`Shopify refused it: ${refused.map((one) => one.message).join(" ")}`, {
        problem: "rejected",
        userErrors: refused,
      }),
    };
  return { data };
}

const topError = z.object({
  message: z.string().default("unknown"),
  extensions: z.object({ code: z.string().optional() }).nullish().catch(undefined),
});
const cost = z.object({
  requestedQueryCost: z.number(),
  throttleStatus: z.object({ currentlyAvailable: z.number(), restoreRate: z.number().positive() }),
});
const envelope = z.object({
  data: z.unknown().optional(),
  // Some gateways answer with one text instead of a list.
  errors: z
    .union([z.array(topError), z.string().transform((message) => [{ message, extensions: undefined }])])
    .nullish()
    .transform((list) => list ?? undefined),
  extensions: z
    .object({ cost: cost.optional().catch(undefined) })
    .nullish()
    .catch(undefined),
});
type Envelope = z.infer<typeof envelope>;

interface Refused {
  errors: NonNullable<Envelope["errors"]>;
  mutation: boolean;
  extensions: Envelope["extensions"];
}

function readErrors({ errors, mutation, extensions }: Refused): ShopifyError {
  const codes = new Set(errors.map((error) => error.extensions?.code));
  const words = errors.map((error) => error.message).join(" ");
  if (codes.has("THROTTLED"))
    return new ShopifyError("Shopify asked us to slow down. It is tried again.", {
      problem: "retry",
      retryAfterSeconds: throttledFor(extensions?.cost),
    });
  if (codes.has("INTERNAL_SERVER_ERROR") || codes.has("TIMEOUT"))
    return new ShopifyError(
      mutation
        ? "Shopify failed in the middle of it. We look before we try again."
        : "Shopify had trouble of its own. It is tried again.",
      { problem: mutation ? "unsure" : "retry", cause: new Error(words.slice(0, 300)) },
    );
  if (codes.has("SHOP_INACTIVE"))
    return new ShopifyError("Shopify says this shop is not active. We look again every hour.", {
      problem: "retry",
      retryAfterSeconds: 3600,
    });
  if (codes.has("ACCESS_DENIED"))
    return new ShopifyError(
      "Shopify does not allow this with the permissions Makerlane has. Open Makerlane once and approve what it asks for.",
      { problem: "rejected", cause: new Error(words.slice(0, 300)) },
    );
  return new ShopifyError(`Shopify refused it: ${words.slice(0, 300)}`, {
    problem: "rejected",
    userErrors: errors.map((error) => ({ field: "", message: error.message })),
  });
}

// The bucket fills at restoreRate points a second; what is missing must be there before asking again.
function throttledFor(given: z.infer<typeof cost> | undefined): number {
  if (!given) return 2;
  const missing = given.requestedQueryCost - given.throttleStatus.currentlyAvailable;
  return Math.min(60, Math.max(1, Math.ceil(missing / given.throttleStatus.restoreRate)));
}

const refusals = z.array(z.object({ field: z.array(z.string()).nullish(), message: z.string() }));

// Every mutation's payload has `userErrors`, and some have a second list with a longer name beside it.
function userErrorsOf(data: unknown): UserError[] {
  if (typeof data !== "object" || data === null) return [];
  return Object.values(data).flatMap((payload: unknown) => {
    if (typeof payload !== "object" || payload === null) return [];
    return Object.entries(payload)
      .filter(([name]) => /userErrors$/i.test(name))
      .flatMap(([, list]) => refusals.safeParse(list).data ?? [])
      .map(({ field, message }) => ({ field: (field ?? []).join("."), message }));
  });
}

function hasAnswer(data: unknown): boolean {
  if (typeof data !== "object" || data === null) return false;
  return (Object.values(data) as unknown[]).some((value) => value !== null);
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
