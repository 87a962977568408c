// A page about something that is going on looks again by itself, while somebody can see it.
import { useRevalidator } from "@remix-run/react";
import { useEffect } from "react";

/** Loads the page's data again every `seconds`, as long as `isOn` and the page is visible. */
export function usePolling(isOn: boolean, seconds: number): void {
  const { revalidate, state } = useRevalidator();
  useEffect(() => {
    if (!isOn || state !== "idle") return undefined;
    const timer = setTimeout(() => {
      if (document.visibilityState === "visible") revalidate();
    }, seconds * 1000);
    // A page that was hidden when its time came looks as soon as it is seen again.
    const look = (): void => {
      if (document.visibilityState === "visible") revalidate();
    };
    document.addEventListener("visibilitychange", look);
    return () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", look);
    };
  }, [isOn, seconds, state, revalidate]);
}
