// Strict reading of a request body: every field the vendor's document does not name is trouble. Each vendor turns
// the same troubles into its own error shape.
import { z } from "zod";

/** One thing wrong with a body, at a path into it. */
export interface Trouble {
  path: (string | number)[];
  kind: "unknown" | "required" | "null" | "wrong";
  text: string;
}

export type Read<Value> = { ok: true; value: Value } | { ok: false; troubles: Trouble[] };

/** Reads a body by its schema (use z.strictObject throughout). */
export function readStrictly<Value>(schema: z.ZodType<Value>, body: unknown): Read<Value> {
  const read = schema.safeParse(body);
  if (read.success) return { ok: true, value: read.data };
  return { ok: false, troubles: read.error.issues.flatMap((issue) => troublesOf(issue, body)) };
}

function troublesOf(issue: z.core.$ZodIssue, body: unknown): Trouble[] {
  const path = issue.path.map((key) => (typeof key === "symbol" ? String(key) : key));
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({ path: [...path, key], kind: "unknown", text: "Unknown field." }));
  }
  const value = valueAt(body, path);
  if (value === undefined) return [{ path, kind: "required", text: "This field is required." }];
  if (value === null) return [{ path, kind: "null", text: "This field may not be null." }];
  return [{ path, kind: "wrong", text: issue.message }];
}

function valueAt(body: unknown, path: (string | number)[]): unknown {
  let value = body;
  for (const key of path) {
    if (typeof value !== "object" || value === null) return undefined;
    value = (value as Record<string | number, unknown>)[key];
  }
  return value;
}

export const isText = z
  .string({ error: "Not a valid string." })
  .trim()
  .min(1, "This field may not be blank.");
export const isInteger = z.int({ error: "A valid integer is required." });
export const isCount = isInteger.min(1, "Ensure this value is greater than or equal to 1.");
export const isMoney = z.number({ error: "A valid number is required." }).nonnegative("Must be at least 0.");
export const isEmail = z
  .string({ error: "Not a valid string." })
  .regex(/^[^\s@]+@[^\s@]+\.[^\s@]+$/, "Enter a valid email address.");

/** True for the machine itself, where the demo's picture links may be plain http. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127\./.test(hostname);
}
