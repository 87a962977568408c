// MGE DOT answers that are odd, half or contradict each other: never a second order, never a wrong number.
import { expect, test } from "vitest";
import { readOrder } from "#app/vendors/dot/client.ts";
import { dot } from "#app/vendors/dot/index.ts";
import { settings as fields, type Settings } from "#app/vendors/dot/settings.ts";
import { wordsIn } from "#app/vendors/dot/status.ts";
import { fieldsSchema } from "#app/vendors/fields.ts";
import type { Notes } from "#app/vendors/vendor.ts";
import { memoryCalls } from "#test/vendors/calls.ts";
import {
  baseSettings,
  host,
  kit,
  optionId,
  orders,
  payloadOf,
  problemOf,
  wireTo,
  type Answer,
} from "./world.ts";

const drafts = "/api/v1/order-drafts/";
const ready = { json: { valid: true, status: "READY", checkout: { ready_until: "2026-11-22T10:00:00Z" } } };
const gone = { status: 404, body: "<h1>Not Found</h1>" };

/** An MGE that answers like this (else calmly), and the conversation about one kit ordered from a preview. */
async function told(answers: Record<string, Answer | Answer[]>, notes: Notes = {}) {
  const mge = await host({
    [`POST ${drafts}`]: { status: 201, json: { id: 184, status: "DRAFT" } },
    [`GET ${drafts}184/`]: { json: { id: 184, status: "READY", submitted_order_id: null } },
    [`PATCH ${drafts}184/`]: { json: { id: 184, status: "DRAFT" } },
    [`POST ${drafts}184/validate/`]: ready,
    [`POST ${drafts}184/submit/`]: { status: 201, json: { id: "MGE0980926F" } },
    ...answers,
  });
  const settings = { ...baseSettings, baseUrl: mge.url };
  const payload = payloadOf([kit({ _dot_preview_option_id: optionId })]);
  const calls = memoryCalls({ vendor: dot, settings, http: wireTo(mge.url), notes });
  return {
    mge,
    calls,
    submit: () => orders().submit(payload, settings, calls),
    probe: () => orders().probe(payload, settings, calls),
    said: () => mge.asked.map(({ method, path }) => `${method} ${path.replace(drafts, "")}`),
  };
}

test.each([184, "184"])("M15 a draft's number may be a number or text (%j)", async (id) => {
  const { submit } = await told({ [`POST ${drafts}`]: { status: 201, json: { id } } });

  expect(await submit()).toEqual({ number: "MGE0980926F" });
});

test("M15 a draft without a number is tried once more, then held, and never submitted", async () => {
  const { submit, said } = await told({ [`POST ${drafts}`]: { status: 201, json: { status: "DRAFT" } } });

  expect((await problemOf(submit)).problem).toBe("retry");
  expect((await problemOf(submit)).problem).toBe("rejected");
  expect(said()).toEqual(["POST ", "POST "]);
});

test.each<[string, unknown, string]>([
  [
    "says so per line",
    { valid: false, status: "DRAFT", line_items: [{ index: 0, sku: "S", errors: ["Too big"] }] },
    "Line 1 (S): Too big.",
  ],
  [
    "says so in words",
    { valid: false, detail: "Shipping method is required." },
    "Shipping method is required.",
  ],
  [
    "says so by field",
    { valid: false, errors: { shipping: { phone: ["Too short."] } } },
    "shipping phone: Too short.",
  ],
  ["leaves it a draft", { valid: true, status: "DRAFT" }, "without giving a reason"],
  ["does not say", { status: "READY" }, "without giving a reason"],
])("a check that %s holds the order with MGE's words", async (_how, json, words) => {
  const { submit, said } = await told({ [`POST ${drafts}184/validate/`]: { json } });
  const problem = await problemOf(submit);

  expect(problem.problem).toBe("rejected");
  expect(problem.message).toContain(words);
  expect(said()).toEqual(["POST ", "POST 184/validate/"]);
});

test("a draft that vanished before it was ever submitted is made anew", async () => {
  const { submit, said } = await told({
    [`POST ${drafts}`]: [
      { status: 201, json: { id: 173 } },
      { status: 201, json: { id: 184 } },
    ],
    [`POST ${drafts}173/validate/`]: [{ status: 503 }, gone],
  });

  expect((await problemOf(submit)).problem).toBe("retry");
  expect(await submit()).toEqual({ number: "MGE0980926F" });
  expect(said()).toEqual([
    "POST ",
    "POST 173/validate/",
    "POST 173/validate/",
    "POST ",
    "POST 184/validate/",
    "POST 184/submit/",
  ]);
});

test("a draft that vanished after a submit is for a person to look at, not to be made anew", async () => {
  const { submit, probe, said } = await told({
    [`POST ${drafts}184/submit/`]: { status: 502, body: "<h1>Bad Gateway</h1>" },
    [`GET ${drafts}184/`]: gone,
  });

  expect((await problemOf(submit)).problem).toBe("unsure");
  expect(await probe()).toHaveProperty("cannotTell");
  expect((await problemOf(submit)).problem).toBe("unsure");
  expect(said().filter((line) => line === "POST ")).toHaveLength(1);
});

test("a draft that vanishes while a submit of it may be under way is not made anew", async () => {
  const { submit, said } = await told(
    { [`POST ${drafts}184/validate/`]: gone },
    { draftId: "184", submitTried: true },
  );

  expect((await problemOf(submit)).problem).toBe("unsure");
  expect(said()).not.toContain("POST ");
});

test("a check refused because a late submit has landed is a success", async () => {
  const { submit } = await told(
    {
      [`POST ${drafts}184/validate/`]: { status: 409, json: { detail: "This draft was already submitted." } },
      [`GET ${drafts}184/`]: [
        { json: { id: 184, status: "READY" } },
        { json: { id: 184, status: "SUBMITTED", submitted_order_id: "MGE7" } },
      ],
    },
    { draftId: "184", submitTried: true },
  );

  expect(await submit()).toEqual({ number: "MGE7" });
});

test("a draft that MGE clearly refused is checked again, and may be replaced when it is gone", async () => {
  const { submit, calls, said } = await told({
    [`POST ${drafts}184/submit/`]: { status: 400, json: { detail: "The draft is no longer ready." } },
    [`POST ${drafts}184/validate/`]: [ready, gone],
    [`POST ${drafts}`]: [
      { status: 201, json: { id: 184 } },
      { status: 201, json: { id: 185 } },
    ],
    [`POST ${drafts}185/validate/`]: ready,
    [`POST ${drafts}185/submit/`]: { status: 201, json: { id: "MGE8" } },
  });

  expect((await problemOf(submit)).problem).toBe("rejected");
  expect(calls.notes).toMatchObject({ submitTried: false, readyUntil: null });
  expect(await submit()).toEqual({ number: "MGE8" });
  expect(said().filter((line) => line.startsWith("GET"))).toHaveLength(1);
});

test("a submit refused because it was submitted before is a success", async () => {
  const { submit } = await told({
    [`POST ${drafts}184/submit/`]: { status: 400, json: { detail: "Already submitted." } },
    [`GET ${drafts}184/`]: { json: { id: 184, status: "SUBMITTED", submitted_order_id: "MGE7" } },
  });

  expect(await submit()).toEqual({ number: "MGE7" });
});

test("a submit answered with a conflict stays unsure until its draft is read", async () => {
  const { submit } = await told({
    [`POST ${drafts}184/submit/`]: { status: 409, json: { detail: "Busy." } },
  });

  expect((await problemOf(submit)).problem).toBe("unsure");
});

test.each<[string, Answer]>([
  ["has no number", { status: 201, json: { status: "processing" } }],
  ["is the draft itself", { status: 200, json: { id: 184, status: "SUBMITTED" } }],
  ["is a web page", { status: 200, body: "<h1>Thanks</h1>" }],
])("a submit whose answer %s is looked up by its draft", async (_how, answer) => {
  const { submit, probe } = await told({
    [`POST ${drafts}184/submit/`]: answer,
    [`GET ${drafts}184/`]: { json: { id: 184, status: "SUBMITTED", submitted_order_id: "MGE7" } },
  });

  expect((await problemOf(submit)).problem).toBe("unsure");
  expect(await probe()).toEqual({ found: { number: "MGE7" } });
});

test("an order that is there without its number says so to the merchant", async () => {
  const { probe } = await told(
    { [`GET ${drafts}184/`]: { json: { id: 184, status: "SUBMITTED" } } },
    { draftId: "184", submitTried: true },
  );

  expect(await probe()).toMatchObject({
    found: { remark: expect.stringContaining("did not tell its number") as string },
  });
});

test("a state of a draft that MGE never told of is not guessed at", async () => {
  const { probe, submit } = await told(
    { [`GET ${drafts}184/`]: { json: { id: 184, status: "PARKED" } } },
    { draftId: "184", submitTried: true },
  );

  expect(await probe()).toMatchObject({ cannotTell: expect.stringContaining("PARKED") as string });
  expect((await problemOf(submit)).problem).toBe("unsure");
});

test("a lost number of a draft is for a person to look at", async () => {
  const { probe } = await told({});

  expect(await probe()).toHaveProperty("cannotTell");
});

test("a web address without MGE behind it pauses the connection", async () => {
  const { submit } = await told({ [`POST ${drafts}`]: gone });

  expect((await problemOf(submit)).problem).toBe("connection");
});

test("MGE's error bodies become words, and its web pages do not", () => {
  expect(wordsIn({ detail: "No such brand" })).toBe("No such brand.");
  expect(wordsIn({ shipping: { phone: ["Required."] }, line_items: [{}, { sku: ["Unknown SKU"] }] })).toBe(
    "shipping phone: Required. line_items 2 sku: Unknown SKU.",
  );
  expect(
    dot.readError({ status: 500, headers: {}, json: undefined, text: "<h1>", bytes: new Uint8Array() }).words,
  ).toBe(undefined);
});

test("an order's state can be read at MGE", async () => {
  const mge = await host({ "GET /api/v1/orders/MGE1/": { json: { id: "MGE1", status: "processing" } } });
  const raw = { ...baseSettings, baseUrl: mge.url };
  const settings: Settings = fieldsSchema(fields).parse(raw);
  const asking = memoryCalls({ vendor: dot, settings: raw, http: wireTo(mge.url) });

  expect(await readOrder("MGE1", { settings, asking })).toEqual({ number: "MGE1", status: "processing" });
});
