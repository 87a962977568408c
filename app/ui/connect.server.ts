// What the page of a connection posts, handed to the functions that do it.
import {
  pauseConnection,
  removeConnection,
  resumeConnection,
  saveConnection,
  testConnection,
} from "../connections.server.ts";
import { registerCallbacks } from "../callbacks.server.ts";
import { releaseAccount } from "../orders/decision.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import { world } from "../world.server.ts";

/** What came of it. `saved` names the connection and when, so that the page starts anew from what is stored. */
export type Connected =
  | { done: string; removed?: true }
  | { refused: string }
  | { errors: Record<string, string> }
  | { saved: { connectionId: string; sentence: string; at: number } };

/** Does what was posted for a vendor's connection; without `connectionId` a new one is saved. */
export async function connect(given: {
  shop: string;
  vendorId: string;
  connectionId: string | undefined;
  form: FormData;
}): Promise<Connected> {
  const { shop, vendorId, connectionId, form } = given;
  const here = await world();
  const intent = String(form.get("intent") ?? "");
  if (intent === "save") {
    const answer = await saveConnection(here, { shop, vendorId, connectionId, form });
    return "errors" in answer ? answer : { saved: { ...answer, at: Date.now() } };
  }
  if (!connectionId) return { refused: "This connection is not there any more. Load the page again." };
  const at = { shop, connectionId };
  switch (intent) {
    case "test": {
      const answer = await testConnection(here, at);
      return "refused" in answer ? answer : { done: answer.sentence };
    }
    case "pause":
      return said(await pauseConnection(here, at), pausedSentence(vendorId));
    case "resume":
      return said(await resumeConnection(here, at), "Resumed. Its orders go on.");
    case "register callbacks": {
      const answer = await registerCallbacks(here, at);
      return "refused" in answer ? answer : { done: answer.sentence };
    }
    case "release":
      return said(await releaseAccount(here, at), "The account is released. Its orders go on.");
    case "remove": {
      const answer = await removeConnection(here, at);
      return "refused" in answer ? answer : { done: "Removed.", removed: true };
    }
    default:
      return { refused: "The page is out of date. Load it again." };
  }
}

// What was sent is not asked for while it is paused; a vendor that calls by itself is still heard. That shoppers get no
// previews stands on the page: a toast has room for so much, and is gone while the pause goes on.
function pausedSentence(vendorId: string): string {
  return vendorById(vendorId)?.orders?.track
    ? "Paused. Its orders and their tracking wait until you resume it."
    : "Paused. Its orders wait until you resume it.";
}

function said(answer: { done: true } | { refused: string }, sentence: string): Connected {
  return "refused" in answer ? answer : { done: sentence };
}
