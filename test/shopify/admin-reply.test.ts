// What a reply of Shopify means, as a table: for a question, which may be asked again, and for a deed, which may not.
import { expect, test } from "vitest";
import { readReply } from "#app/shopify/admin-reply.ts";

const ok = (body: unknown, status = 200): { status: number; retryAfter: null; text: string } => ({
  status,
  retryAfter: null,
  text: JSON.stringify(body),
});
const cost = {
  requestedQueryCost: 500,
  throttleStatus: { maximumAvailable: 2000, currentlyAvailable: 100, restoreRate: 100 },
};

test.each([
  [
    "a throttled query waits until its points are back",
    ok({ errors: [{ message: "Throttled", extensions: { code: "THROTTLED" } }], extensions: { cost } }),
    "retry",
    "retry",
    4,
  ],
  [
    "too many requests wait as long as Shopify says",
    { status: 429, retryAfter: "2.5", text: "" },
    "retry",
    "retry",
    2.5,
  ],
  [
    "an error of Shopify's leaves a mutation unsure",
    { status: 500, retryAfter: null, text: "" },
    "retry",
    "unsure",
    undefined,
  ],
  [
    "a gateway's error leaves a mutation unsure",
    { status: 504, retryAfter: null, text: "<html>" },
    "retry",
    "unsure",
    undefined,
  ],
  [
    "a page instead of an answer leaves a mutation unsure",
    { status: 200, retryAfter: null, text: "<html>" },
    "retry",
    "unsure",
    undefined,
  ],
  [
    "a cut answer leaves a mutation unsure",
    { status: 200, retryAfter: null, text: '{"data":{"ful' },
    "retry",
    "unsure",
    undefined,
  ],
  [
    "an inner error leaves a mutation unsure",
    ok({ errors: [{ message: "x", extensions: { code: "INTERNAL_SERVER_ERROR" } }] }),
    "retry",
    "unsure",
    undefined,
  ],
  [
    "half an answer leaves a mutation unsure",
    ok({ data: { fulfillmentCreate: { fulfillment: null } }, errors: [{ message: "x" }] }),
    "rejected",
    "unsure",
    undefined,
  ],
  [
    "an unpaid shop is looked at again in an hour",
    { status: 402, retryAfter: null, text: "" },
    "retry",
    "retry",
    3600,
  ],
  [
    "a locked shop is looked at again in an hour",
    { status: 423, retryAfter: null, text: "" },
    "retry",
    "retry",
    3600,
  ],
  ["a closed shop is gone", { status: 404, retryAfter: null, text: "" }, "gone", "gone", undefined],
  [
    "a missing permission needs the merchant",
    { status: 403, retryAfter: null, text: "" },
    "rejected",
    "rejected",
    undefined,
  ],
  ["a redirect is not followed", { status: 301, retryAfter: null, text: "" }, "retry", "retry", undefined],
  [
    "a field Shopify denies is a refusal",
    ok({ errors: [{ message: "Access denied", extensions: { code: "ACCESS_DENIED" } }] }),
    "rejected",
    "rejected",
    undefined,
  ],
  ["one text for an error is a refusal", ok({ errors: "Not allowed" }), "rejected", "rejected", undefined],
] as const)("%s", (_name, reply, query, mutation, wait) => {
  expect(readReply({ ...reply, mutation: false }).error?.problem).toBe(query);
  expect(readReply({ ...reply, mutation: true }).error?.problem).toBe(mutation);
  if (wait !== undefined) expect(readReply({ ...reply, mutation: true }).error?.retryAfterSeconds).toBe(wait);
});

test("every refusal of a mutation is told, not only the first, whatever its list is called", () => {
  const reply = readReply({
    ...ok({
      data: {
        a: {
          userErrors: [
            { field: ["fulfillment", "lines"], message: "One." },
            { field: null, message: "Two." },
          ],
        },
        b: { orderCancelUserErrors: [{ message: "Three." }], userErrors: [] },
      },
    }),
    mutation: true,
  });
  expect(reply.error?.message).toBe("Shopify refused it: One. Two. Three.");
  expect(reply.error?.userErrors[0]).toEqual({ field: "fulfillment.lines", message: "One." });
});
