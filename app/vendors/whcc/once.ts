// Calls of tools that make something new each time: begun is written down before, done after.
import { VendorError, type ToolCalls, type ToolResult } from "../vendor.ts";

/**
 * Making a second one costs nothing here, but nobody would know of the first. What was begun is written down before;
 * found still begun, the merchant is told once and can then start over.
 */
export async function makeOnce(
  { name, what }: { name: string; what: string },
  calls: ToolCalls,
  make: () => Promise<ToolResult>,
): Promise<ToolResult> {
  if ((await calls.kept(name)) === "sending") {
    await calls.keep(name, "");
    return {
      sentence: `An earlier try got no answer from WHCC, so there may be a ${what} that nobody knows of. It costs nothing and can be left alone.`,
      warnings: [`Nothing was made now. Press the button once more to make a new ${what}.`],
    };
  }
  await calls.keep(name, "sending");
  const result = await make().catch(async (error: unknown) => {
    // A clear no made nothing; only a lost answer leaves the question open.
    if (error instanceof VendorError && !error.lost) await calls.keep(name, "");
    throw error;
  });
  await calls.keep(name, "");
  return result;
}
