// One reading of what crosses the border of a vendor's folder.
import type { z } from "zod";
import type { VendorError } from "./vendor-error.ts";

/** Parses what crosses the border; `error` is given the first complaint as a sentence. */
export function parse<T>(schema: z.ZodType<T>, raw: unknown, error: (first: string) => VendorError): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw error(
    issue ? `${issue.path.join(".")}${issue.path.length > 0 ? ": " : ""}${issue.message}` : "unreadable",
  );
}
