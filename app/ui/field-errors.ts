// What is wrong with a posted form, as its page shows it.
import type { z } from "zod";

/** One sentence for each field that is wrong, by its posted name; the first when there are several. Pure. */
export function fieldErrors({ issues }: z.ZodError): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const issue of issues) errors[issue.path.join(".")] ??= issue.message;
  return errors;
}
