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

/** What to do about an ErrorNumber; undefined for one that WHCC's list does not have. */
export function problemOf(number: string): Problem | undefined {
  // The token ended early; the next try brings a new one. All other 403s are about the keys.
  if (number === "403.01") return "retry";
  if (/^403(\.\d+)?$/.test(number)) return "connection";
  return /^(400|412)(\.\d+)?$/.test(number) ? "rejected" : undefined;
}

/**
 * The words, and the problem where a 2xx hides one. An ErrorNumber that nobody knows is left to the call: a commit
 * that got one may or may not have bought.
 */
export function readError(reply: VendorReply): { words?: string | undefined; problem?: Problem | undefined } {
  const refusal = readRefusal(reply);
  if (!refusal) return {};
  const { number, words } = refusal;
  // "Already submitted" is the success of a repeated confirm: with a 2xx it goes back to the call as an answer, with
  // a 4xx as "unsure", the one problem that no other number and no other 4xx but 409 is given.
  if (number === alreadySubmitted) return reply.status < 400 ? {} : { words, problem: "unsure" };
  if (reply.status === 401 || reply.status === 403 || reply.status >= 500) return { words };
  return { words, problem: problemOf(number) };
}

/** Throws for an answer that is an error although its status says otherwise. For harmless requests. */
export function refuseError(reply: VendorReply): void {
  const refusal = readRefusal(reply);
  if (!refusal) return;
  throw new VendorError(
    problemOf(refusal.number) ?? "rejected",
    `WHCC: ${refusal.words ?? `refused without a reason (status ${reply.status}).`}`,
    { status: reply.status },
  );
}

/** Reads the answer to a harmless request by its schema; one that is no such answer is asked for again. */
export function readReply<T>(schema: z.ZodType<T>, reply: VendorReply): T {
  refuseError(reply);
  const parsed = schema.safeParse(reply.json);
  if (parsed.success) return parsed.data;
  throw new VendorError("retry", "WHCC gave an answer that we cannot read.", {
    status: reply.status,
    lost: true,
  });
}
