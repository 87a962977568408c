// How a wake-up becomes work: the step is drained until nothing is due. At most one drain per step in a process; a
// wake-up during one makes it look once more.
import { log } from "./log.server.ts";

/** Drains a step. Resolves when nothing is due, or when another drain of this process took the wish over. */
export type Drain = () => Promise<void>;

/** Makes `work` (one pass until nothing is due) safe to ask for at any time. */
export function drainer(signal: AbortSignal, work: () => Promise<void>): Drain {
  let isRunning = false;
  let again = false;
  return async () => {
    if (isRunning) {
      again = true;
      return;
    }
    isRunning = true;
    try {
      do {
        again = false;
        await work();
      } while (again && !signal.aborted);
    } finally {
      isRunning = false;
    }
  };
}

/** Repeats a batch step until it finds nothing. */
export async function drainRows(step: () => Promise<number>, signal: AbortSignal): Promise<void> {
  while (!signal.aborted && (await step()) > 0);
}

/**
 * Keeps up to `atOnce` pieces of work going: whenever some end, more are started. Resolves when nothing is due and
 * nothing is under way; after the signal nothing new is started.
 */
export async function drainStarted(
  start: (free: number) => Promise<Promise<void>[]>,
  { atOnce, signal }: { atOnce: number; signal: AbortSignal },
): Promise<void> {
  const underWay = new Set<Promise<void>>();
  // The database may be away: what was started before is still this drain's, and counts against its limit.
  const startOrWait = (): Promise<Promise<void>[]> =>
    start(atOnce - underWay.size).catch(async (error: unknown) => {
      await Promise.all(underWay);
      throw error;
    });
  for (;;) {
    const free = atOnce - underWay.size;
    const started = free > 0 && !signal.aborted ? await startOrWait() : [];
    for (const work of started) {
      const tracked: Promise<void> = work
        .catch((error: unknown) => log.error({ err: error }, "worker.work_failed"))
        .finally(() => underWay.delete(tracked));
      underWay.add(tracked);
    }
    if (underWay.size === 0) {
      if (started.length === 0) return;
      continue;
    }
    await Promise.race(underWay);
  }
}
