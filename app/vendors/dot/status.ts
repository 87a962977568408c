// What MGE's answers mean: error bodies, drafts, validations, orders. Pure; an unknown answer is never guessed at.
import { z } from "zod";
import { VendorError, refuse, type Problem, type VendorReply } from "../vendor.ts";

// Each reply is read for what we use and tolerates additions; MGE's guide shows almost none of them
// (field names from partners' published notes, see README).
const id = z.union([z.int().nonnegative(), z.string().regex(/^[\w-]{1,64}$/)]);
const draftReply = z.looseObject({
  id: id.nullish(),
  status: z.string().nullish(),
  submitted_order_id: id.nullish(),
});
const validationReply = z.looseObject({
  valid: z.boolean(),
  status: z.string().nullish(),
  checkout: z.looseObject({ ready_until: z.string().nullish() }).nullish(),
  line_items: z
    .array(z.looseObject({ index: z.int().nullish(), sku: z.string().nullish(), errors: z.unknown() }))
    .nullish(),
});

/** A draft as MGE shows it. `orderNumber` is there once it was submitted. */
export interface DraftState {
  id: string | undefined;
  state: "open" | "submitted" | "unknown";
  status: string;
  orderNumber: string | undefined;
}

/** Reads GET or POST order-drafts/; an answer that is no draft at all is one to ask for again. */
export function readDraft(reply: VendorReply): DraftState {
  const parsed = draftReply.safeParse(reply.json);
  if (!parsed.success) throw new VendorError("retry", "MGE DOT's answer about the draft could not be read.");
  const status = (parsed.data.status ?? "").toUpperCase();
  const orderNumber = textOf(parsed.data.submitted_order_id);
  return {
    id: textOf(parsed.data.id),
    state:
      orderNumber !== undefined || status === "SUBMITTED"
        ? "submitted"
        : status === "DRAFT" || status === "READY"
          ? "open"
          : "unknown",
    status,
    orderNumber,
  };
}

/**
 * The number in the answer to a submit or a direct order, e.g. "MGE0980926F"; undefined when there is none.
 * `draftId` guards against an answer that is the draft itself: its id is no order's number.
 */
export function readOrderNumber(json: unknown, draftId?: string): string | undefined {
  const parsed = draftReply.safeParse(json);
  if (!parsed.success) return undefined;
  const given = textOf(parsed.data.submitted_order_id) ?? textOf(parsed.data.id);
  return given === draftId ? undefined : given;
}

/**
 * Reads the validation of a draft: how long it may be submitted (ISO time), or undefined when MGE does not say.
 * Throws `rejected` with MGE's own words per line: an invalid draft comes back as HTTP 200 with valid:false.
 */
export function readValidation(reply: VendorReply): { readyUntil: string | undefined } {
  const parsed = validationReply.safeParse(reply.json);
  const status = parsed.success ? (parsed.data.status ?? "READY").toUpperCase() : "";
  if (!parsed.success || !parsed.data.valid || status !== "READY") {
    const words = parsed.success ? problemsOf(parsed.data) : [];
    refuse(
      words.length > 0
        ? withWayOut(`MGE DOT cannot make this order: ${words.join(" ")} Correct it and try again.`)
        : "MGE DOT checked this order and did not accept it, without giving a reason. Ask MGE, then try again.",
    );
  }
  const until = parsed.data.checkout?.ready_until;
  return { readyUntil: until && Number.isFinite(Date.parse(until)) ? until : undefined };
}

/**
 * What the validation of a whole order found, as sentences; none when MGE would make it. `numbers` are the merchant's
 * numbers (from 1) of the lines that were sent, when some were left out.
 */
export function readOrderCheck(reply: VendorReply, numbers: readonly number[]): string[] {
  if (reply.status >= 400) {
    const words = wordsIn(reply.json);
    return [words ? withWayOut(`MGE DOT: ${words}`) : "MGE DOT would refuse this order, without a reason."];
  }
  const parsed = validationReply.safeParse(reply.json);
  if (!parsed.success) throw new VendorError("retry", "MGE DOT's answer to the check could not be read.");
  const words = problemsOf(parsed.data, numbers).map(withWayOut);
  if (words.length > 0 || parsed.data.valid) return parsed.data.valid ? [] : words;
  return ["MGE DOT would refuse this order, without giving a reason. Ask MGE."];
}

function problemsOf(validation: z.infer<typeof validationReply>, numbers?: readonly number[]): string[] {
  const { line_items: lines, valid: _valid, status: _status, checkout: _checkout, ...rest } = validation;
  const perLine = (lines ?? []).flatMap((line, place) => {
    const words = wordsIn(line.errors);
    const index = line.index ?? place;
    const number = numbers?.[index] ?? index + 1;
    return words ? [`Line ${number}${line.sku ? ` (${line.sku})` : ""}: ${words}`] : [];
  });
  const others = wordsIn(
    Object.fromEntries(
      Object.entries(rest).filter(([key]) =>
        /^(detail|message|error|errors|non_field_errors|shipping.*|brand.*)$/.test(key),
      ),
    ),
  );
  return (others ? [others, ...perLine] : perLine).map((words) => words.slice(0, 300)).slice(0, 5);
}

/** MGE's words in an error body (Django REST style), and the way out when a preview has expired; HTML pages have none that a merchant should read. */
export function readError(reply: VendorReply): { words?: string | undefined; problem?: Problem | undefined } {
  const words = reply.status >= 400 ? wordsIn(reply.json) : undefined;
  return words === undefined ? {} : { words: withWayOut(words) };
}

// Keys that only wrap the words; all others name the field the words are about.
const wrappers = new Set(["detail", "message", "error", "errors", "non_field_errors"]);

/** Words of an error value of any depth: text, lists, or maps of fields, e.g. "shipping phone: This field is required." */
export function wordsIn(value: unknown): string | undefined {
  const found = collect(value, []).slice(0, 8);
  return found.length > 0
    ? found.map((words) => (/[.!?]$/.test(words) ? words : `${words}.`)).join(" ")
    : undefined;
}

function collect(value: unknown, path: readonly string[]): string[] {
  if (path.length > 6) return [];
  if (typeof value === "string" || typeof value === "number") {
    const words = String(value).trim().slice(0, 300);
    return words === "" ? [] : [path.length > 0 ? `${path.join(" ")}: ${words}` : words];
  }
  if (Array.isArray(value)) {
    const plain = value.every((each) => typeof each === "string");
    return value.flatMap((each: unknown, place) =>
      collect(each, plain ? path : [...path, String(place + 1)]),
    );
  }
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    collect(inner, wrappers.has(key) ? path : [...path, key]),
  );
}

// Wording only: whatever MGE says, the order is held.
function withWayOut(words: string): string {
  const expired = /preview/i.test(words) && /expired/i.test(words);
  return expired
    ? `${words} Ask the shopper to choose again, or choose the photo in the MGE DOT settings and try again.`
    : words;
}

function textOf(value: string | number | null | undefined): string | undefined {
  return value === null || value === undefined || value === "" ? undefined : String(value);
}
