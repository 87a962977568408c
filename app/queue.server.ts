// What may be asked of the worker. The row is the truth, a job is only a wake-up: it names a step, not a row.
// A wake-up that is lost costs the seconds until the next sweep, never an order.
import type { Sql } from "./db.server.ts";
import { log } from "./log.server.ts";

/** The steps that can be woken, in the order of the roads. */
export const steps = [
  "intake",
  "routing",
  "submission",
  "tracking",
  "writeback",
  "publishing",
  "artwork",
  "previews",
] as const;
export type Step = (typeof steps)[number];

/** Asks for a step soon, and forgets: never throws, because the row already says what is to do. */
export interface Waker {
  wake(step: Step): void;
  close(): Promise<void>;
}

// Wake-ups are sent after the commit and at most one per step in this time: a NOTIFY inside a transaction makes
// every commit of the database queue up behind its flush (measured: 150 instead of 2,080 commits a second).
const coalesceMs = 25;

/** Sends wake-ups through the job queue. One job per step waits at a time, whoever asked for it. */
export function createWaker(sql: Sql): Waker {
  const asked = new Set<Step>();
  let timer: NodeJS.Timeout | undefined;
  const flush = async (): Promise<void> => {
    timer = undefined;
    const names = [...asked];
    asked.clear();
    if (names.length === 0) return;
    try {
      await sql.query(
        `SELECT graphile_worker.add_job(step, '{}'::json, job_key := step, max_attempts := 3) FROM unnest($1::text[]) AS step`,
        [names],
      );
    } catch (error) {
      log.warn({ err: error, steps: names }, "queue.wake_lost");
    }
  };
  return {
    wake: (step) => {
      asked.add(step);
      timer ??= setTimeout(() => void flush(), coalesceMs);
    },
    close: async () => {
      clearTimeout(timer);
      await flush();
    },
  };
}
