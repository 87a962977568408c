// A page about something that is going on looks again by itself, while somebody can see it.
import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";

/**
 * Loads the page's data again every `seconds`, as long as `isOn`, the page is visible and the browser has a network.
 * `isBusy` is asked when the time has come: while it says so, the page is left alone.
 */
export function usePolling(isOn: boolean, seconds: number, isBusy: () => boolean = isNever): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (!isOn || state !== "idle") return undefined;
    let isOver = false;
    let isLooking = false;
    const mayLook = (): boolean =>
      !isOver && document.visibilityState === "visible" && navigator.onLine && !isBusy();
    // One look at a time: an app that hangs would otherwise be asked once more at every turn, by every open page.
    const look = async (): Promise<void> => {
      if (isLooking || !mayLook()) return;
      isLooking = true;
      try {
        if ((await isAnswered()) && mayLook()) revalidate();
      } finally {
        isLooking = false;
      }
    };
    const lookNow = (): void => void look();
    const timer = setInterval(lookNow, seconds * 1000);
    // A page that nobody saw, or that had no network, when its time came looks as soon as it can.
    document.addEventListener("visibilitychange", lookNow);
    window.addEventListener("online", lookNow);
    return () => {
      isOver = true;
      clearInterval(timer);
      document.removeEventListener("visibilitychange", lookNow);
      window.removeEventListener("online", lookNow);
    };
  }, [isOn, seconds, isBusy, state, revalidate]);
}

const isNever = (): boolean => false;

/** An app that takes longer to say that it is there is not there. */
const answerMs = 10_000;

// A look that fails puts the page of errors in the place of this one, with all that was typed on it. So the app is asked
// first whether it can answer; an operator who keeps that address inside is no reason not to look.
async function isAnswered(): Promise<boolean> {
  try {
    return (await fetch("/readyz", { signal: AbortSignal.timeout(answerMs) })).status < 500;
  } catch (error) {
    if (error instanceof TypeError) return false; // fetch's word for a lost connection
    if (error instanceof DOMException && error.name === "TimeoutError") return false;
    throw error;
  }
}

/** Whether somebody is in a form: what they type must not be taken from under their hands by what is new. */
export function isInForm(): boolean {
  return (document.activeElement?.closest("form") ?? null) !== null;
}
