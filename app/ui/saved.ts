// When a form was saved, told only once the page has read anew what is stored.
import { useState } from "react";

interface Saving {
  state: string;
  data: unknown;
}

/**
 * The moment of the last save, 0 before the first: the `key` of a form that starts from what is stored. A fetcher has
 * its answer before the page's own data is read again; a form that starts anew then would start from the old values,
 * and call what was just saved a change that is not.
 */
export function useSavedAt({ state, data }: Saving): number {
  const [last, setLast] = useState(0);
  const at = state === "idle" ? (savedAt(data) ?? last) : last;
  if (at !== last) setLast(at);
  return at;
}

function savedAt(data: unknown): number | undefined {
  const { saved } = (data ?? {}) as { saved?: { at: number } };
  return saved?.at;
}
