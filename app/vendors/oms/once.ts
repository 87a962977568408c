// Making something at the OMS that a repeat would make twice: written down before the request leaves.
import { VendorError, type ToolCalls } from "../vendor.ts";

/** What is kept while a request is under way; found later, it may have arrived or not. */
export const sending = "sending";

/** What the merchant is told when it is not known whether something was made. */
export interface Doubt {
  /** "category \"T-Shirts\"", for the sentence. */
  what: string;
  /** What to do about it, as a sentence. */
  then: string;
}

/**
 * Makes something under these names in the tool's memory: "sending" before, what `make` answers after. A clear no puts
 * back what was there. Throws VendorError `unsure` when no answer came, and leaves "sending".
 */
export async function makeOnce(
  calls: Pick<ToolCalls, "kept" | "keep">,
  { names, doubt }: { names: readonly string[]; doubt: Doubt },
  make: () => Promise<string>,
): Promise<string> {
  const before = new Map<string, string>();
  for (const name of names) {
    before.set(name, (await calls.kept(name)) ?? "");
    await calls.keep(name, sending);
  }
  try {
    const made = await make();
    for (const name of names) await calls.keep(name, made);
    return made;
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    if (error.lost)
      throw new VendorError("unsure", doubtful(doubt), { lost: true, status: error.status, cause: error });
    for (const [name, value] of before) await calls.keep(name, value);
    throw error;
  }
}

/** The sentence about something that may or may not have been made. */
export function doubtful({ what, then }: Doubt): string {
  return `The OMS was asked to make ${what}, but no answer came, so it may or may not exist. ${then}`;
}
