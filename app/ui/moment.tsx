// A moment in the reader's own language and time zone. The server knows neither, so the first drawing is the same
// plain UTC on both sides, and the browser's own follows it.
import { useSyncExternalStore } from "react";
import { appBridge } from "./app-bridge.ts";

const never = (): (() => void) => () => undefined;

/** Whether the page is alive in a browser; false on the server and in the very first drawing. */
export function useInBrowser(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

/** "2026-11-22 10:30 UTC": by hand, because two versions of Intl may put different spaces. */
export function utcText(at: string): string {
  return `${at.slice(0, 10)} ${at.slice(11, 16)} UTC`;
}

function localText(at: string): string {
  const locale = appBridge()?.config?.locale ?? navigator.language;
  return new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));
}

/** A moment. `at` is ISO 8601 in UTC. */
export function Moment({ at }: { at: string }) {
  const inBrowser = useInBrowser();
  return (
    <time dateTime={at} title={utcText(at)}>
      {inBrowser ? localText(at) : utcText(at)}
    </time>
  );
}
