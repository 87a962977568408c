// When the answer to a click is lost on the way: the page stays as it is, with all that was typed, and the frame says
// so (lost-answer.tsx). Without this the page of errors would take the place of the form.
import type { ClientActionFunctionArgs, ShouldRevalidateFunction } from "@remix-run/react";
import { useSyncExternalStore } from "react";

const typedIsHere =
  "The answer did not arrive. What you typed is still here: look at your internet connection and try again.";
// Lost was the answer, maybe not the deed: this says neither that it was done nor that it was not.
const mayBeDone =
  "The answer did not arrive, but it may have been done all the same. What you typed is still here. Load the page again, or look at the vendor, before you try again.";

// Tells Remix that nothing changed; no action of the app answers with it.
const lostStatus = 503;

let sentence: string | undefined;
const listeners = new Set<() => void>();

function say(next: string | undefined): void {
  sentence = next;
  for (const listener of listeners) listener();
}

function listen(listener: () => void): () => void {
  listeners.add(listener);
  return () => void listeners.delete(listener);
}

/** What there is to say of the last click: its answer was lost, or nothing. */
export function useLostAnswer(): string | undefined {
  return useSyncExternalStore(
    listen,
    () => sentence,
    () => undefined,
  );
}

/** Says nothing any more. */
export const forgetLostAnswer = (): void => say(undefined);

/** For a page whose form may be sent again: what is saved twice is saved once. */
export const clientAction = (click: ClientActionFunctionArgs): Promise<unknown> => send(click, typedIsHere);

/** For a page whose clicks do something at a vendor or in Shopify: look before the next try. */
export const clickAction = (click: ClientActionFunctionArgs): Promise<unknown> => send(click, mayBeDone);

/**
 * After a lost answer the page's data is not read again: that would fail as well and take the form away. Every page
 * with a form and the frame around it export this, because Remix reads again whatever has no function of its own.
 */
export const shouldRevalidate: ShouldRevalidateFunction = ({ actionStatus, defaultShouldRevalidate }) =>
  defaultShouldRevalidate && actionStatus !== lostStatus;

async function send(
  { request, serverAction }: Pick<ClientActionFunctionArgs, "request" | "serverAction">,
  lost: string,
): Promise<unknown> {
  forgetLostAnswer();
  try {
    return await serverAction();
  } catch (error) {
    // Whoever left the page wants no answer any more.
    if (request.signal.aborted || !isLost(error)) throw error;
    say(lost);
    return Response.json(null, { status: lostStatus });
  }
}

// The browser's fetch has a TypeError for a cut connection. Half an answer, or the page of a server in between that
// did not reach us, is what Remix cannot decode; it says so in words only.
function isLost(error: unknown): boolean {
  return (
    error instanceof TypeError ||
    (error instanceof Error && error.message.startsWith("Unable to decode turbo-stream"))
  );
}
