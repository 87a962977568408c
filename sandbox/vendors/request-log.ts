// The last requests a stand-in saw, with what it answered: what a test asks when it wants to know who called.
import type { IncomingHttpHeaders } from "node:http";

/** One request. `status` is "none" until (and unless) something was answered. */
export interface Recorded {
  method: string;
  /** As sent, with its query. */
  path: string;
  status: number | "none";
  body: unknown;
  headers: Record<string, string>;
}

const mostRequests = 5000;
/** Bodies are kept as they came, so a run with 30 MB uploads or designs needs a second bound. */
const mostBodyBytes = 128 * 1024 * 1024;

export function keepRequests() {
  let kept: { record: Recorded; bytes: number }[] = [];
  let bodyBytes = 0;
  const sizes = new WeakMap<Recorded, { record: Recorded; bytes: number }>();

  function forget(count: number): void {
    for (const { bytes } of kept.slice(0, count)) bodyBytes -= bytes;
    kept = kept.slice(count);
  }

  return {
    open(request: { method: string; path: string; headers: IncomingHttpHeaders }): Recorded {
      const headers: Record<string, string> = {};
      for (const [name, value] of Object.entries(request.headers)) headers[name] = String(value);
      const record: Recorded = {
        method: request.method,
        path: request.path,
        status: "none",
        body: undefined,
        headers,
      };
      const entry = { record, bytes: 0 };
      sizes.set(record, entry);
      kept.push(entry);
      // Trimmed in strides: cutting the array at every request would cost more than the request.
      if (kept.length >= 2 * mostRequests) forget(kept.length - mostRequests);
      return record;
    },
    keepBody(record: Recorded, { body, bytes }: { body: unknown; bytes: number }): void {
      record.body = body;
      const entry = sizes.get(record);
      if (!entry) return;
      entry.bytes = bytes;
      bodyBytes += bytes;
      while (bodyBytes > mostBodyBytes && kept.length > 1) forget(Math.ceil(kept.length / 4));
    },
    all: (): Recorded[] => kept.slice(-mostRequests).map((entry) => entry.record),
    clear(): void {
      kept = [];
      bodyBytes = 0;
    },
  };
}
