// Letters to Dora, which a repeat would send twice: written down before they leave.
import { refuse, VendorError, type ToolCalls } from "../vendor.ts";

const sending = "sending";

/** A letter: `kind` and `content` make it the same one as an earlier letter. */
export interface Letter {
  kind: "request" | "contact";
  content: unknown;
  /** The merchant wants it sent although the same one was sent, or may have been. */
  again: boolean;
}

/**
 * Sends a letter that was not sent before. A clear refusal puts back what was there. Throws VendorError `rejected` when
 * the same one was sent before, and `unsure` when no answer came: whether it arrived, nobody can ask Dora for.
 */
export async function sendOnce(
  { kind, content, again }: Letter,
  calls: ToolCalls,
  send: () => Promise<void>,
): Promise<void> {
  const name = `letter:${kind}:${await digestOf(content)}`;
  const before = (await calls.kept(name)) ?? "";
  if (before !== "" && !again)
    refuse(
      before === sending
        ? `${doubt} Tick the last field to send it all the same.`
        : `Exactly this was sent to Dora on ${before}. Tick the last field to send it again.`,
    );
  await calls.keep(name, sending);
  try {
    await send();
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    if (error.lost)
      throw new VendorError("unsure", doubt, { lost: true, status: error.status, cause: error });
    await calls.keep(name, before);
    throw error;
  }
  await calls.keep(name, calls.now.toISOString().slice(0, 10));
}

const doubt =
  "Dora was sent this, but no answer came, so it may or may not have arrived. Ask Dora, or wait for its reply, before it is sent again.";

async function digestOf(content: unknown): Promise<string> {
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(content)));
  return [...new Uint8Array(bytes).subarray(0, 12)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}
