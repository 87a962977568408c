// WHCC's errors in our words. They come as `{"ErrorNumber":"412.04","Message":"…"}`, often with HTTP 200, so the body is
// read before the status: here, and nowhere else. Pure.
import { z } from "zod";
import { VendorError, type Problem, type VendorReply } from "../vendor.ts";

const errorBody = z.object({
  ErrorNumber: z.union([z.string(), z.number()]).transform(String).nullish().catch(undefined),
  Message: z.string().nullish().catch(undefined),
  message: z.string().nullish().catch(undefined),
  error: z
    .union([z.string(), z.object({ message: z.string() }).transform(({ message }) => message)])
    .nullish()
    .catch(undefined),
});

/** What an error body says; undefined when the answer is no error. `number` is WHCC's ErrorNumber, or "". */
export interface Refusal {
  number: string;
  words: string | undefined;
}

/** Reads an error out of an answer of any status ("Errors", Order Submit API, read 2026-11-22). */
export function readRefusal(reply: VendorReply): Refusal | undefined {
  const { ErrorNumber, Message, message, error } = errorBody.safeParse(reply.json).data ?? {};
  const number = ErrorNumber?.trim() ?? "";
  if (number === "" && reply.status < 400) return undefined;
  const words = [Message, message, error]
    .find((each) => typeof each === "string" && each.trim() !== "")
    ?.trim();
  return { number, words: number === "" ? words : `${words ?? "no reason given"} (${number})` };
}

/** An order of this id was submitted before: to a confirm that is the answer one hopes for. */
export const alreadySubmitted = "412.04";
/** The token ended early, or is not taken for what was asked: a new one is worth a try. */
export const tokenEnded = "403.01";

/** What to do about an ErrorNumber; undefined for one that WHCC's list does not have. */
export function problemOf(number: string): Problem | undefined {
  if (number === tokenEnded) return "retry";
  // These four name the keys. A plain 403 names nothing: it may be about one design only, whose ID a shopper wrote.
  if (/^403\.0[2-5]$/.test(number)) return "connection";
  return /^(400|403|412)(\.\d+)?$/.test(number) ? "rejected" : undefined;
}

/**
 * The words, and the problem by the number wherever there is one. An ErrorNumber that nobody knows is left to the call:
 * a commit that got one may or may not have bought.
 */
export function readError(reply: VendorReply): { words?: string | undefined; problem?: Problem | undefined } {
  const refusal = readRefusal(reply);
  if (!refusal) return {};
  const { number, words } = refusal;
  // "Already submitted" is the success of a repeated confirm: with a 2xx it goes back to the call as an answer, with
  // a 4xx as "unsure", the one problem that no other number and no other 4xx but 409 is given.
  if (number === alreadySubmitted) return reply.status < 400 ? {} : { words, problem: "unsure" };
  if (reply.status >= 500) return { words };
  return { words, problem: problemOf(number) };
}

/**
 * What a harmless request was about: a single design, or what all orders share. It decides what a 403 means that says no
 * more: the design is another account's, or the key may not do this.
 */
export type Subject = "account" | "design";

/** Throws for an answer that is an error, whatever its status. For harmless requests. */
export function refuseError(reply: VendorReply, subject: Subject = "account"): void {
  const refusal = readRefusal(reply);
  if (!refusal) return;
  const { number, words } = refusal;
  const { status } = reply;
  const isKey = status === 401 || (status === 403 && subject === "account");
  const problem = problemOf(number) ?? (isKey ? "connection" : "rejected");
  throw new VendorError(
    problem,
    problem === "connection"
      ? `WHCC does not accept the key${words ? `: ${words.replace(/[\s.]+$/, "")}` : ""}. Enter a valid one on the Vendors page.`
      : `WHCC: ${words ?? `refused without a reason (status ${status}).`}`,
    { status },
  );
}

/** Reads the answer to a harmless request by its schema; one that is no such answer is asked for again. */
export function readReply<T>(schema: z.ZodType<T>, reply: VendorReply, subject?: Subject): T {
  refuseError(reply, subject);
  const parsed = schema.safeParse(reply.json);
  if (parsed.success) return parsed.data;
  throw new VendorError("retry", "WHCC gave an answer that we cannot read.", {
    status: reply.status,
    lost: true,
  });
}
