// Keeps the job queue running in this process, whatever becomes of the database.
import { Logger, run, type Runner } from "graphile-worker";
import type { Pool } from "pg";
import { log } from "./log.server.ts";
import type { Step } from "./queue.server.ts";

/** The queue of a worker process. */
export interface QueueRunner {
  /** Takes no further wake-up; resolves when those under way are done. */
  stop(): Promise<void>;
}

/** What the queue does for which step; a rejection is logged, and the sweep wakes the step again. */
export type Answers = Record<Step, () => Promise<void>>;

/**
 * Starts the queue; rejects when the database is not there. From then on it is started again whenever it ends: a
 * database that goes away just as a wake-up is done with makes it end for good, without an error to anybody (seen
 * with graphile-worker 0.18.0), and a worker that lives on without its queue does nothing and looks healthy.
 */
export async function keepQueue(
  db: Pool,
  answers: Answers,
  againAfterMs: number = 1_000,
): Promise<QueueRunner> {
  let stopped = false;
  let timer: NodeJS.Timeout | undefined;
  const answering = new Set<Promise<void>>();
  let runner = await start();
  watch();

  async function start(): Promise<Runner> {
    return run({
      pgPool: db,
      concurrency: Object.keys(answers).length * 2,
      // The process stops its own conversations first.
      noHandleSignals: true,
      pollInterval: 2_000,
      // Without this a finished job stays locked after a graceful stop (measured: 8 of 8 runs, and 0 with it).
      preset: { worker: { completeJobBatchDelay: 0 } },
      logger: quietLogger(),
      taskList: Object.fromEntries(
        Object.entries(answers).map(([step, answer]) => [step, () => note(answerOnly(step, answer))]),
      ),
    });
  }
  // By itself, because a queue that ended does not wait for what it began.
  async function note(answer: Promise<void>): Promise<void> {
    answering.add(answer);
    await answer;
    answering.delete(answer);
  }
  function watch(): void {
    let isOver = false;
    const over = (error?: unknown): void => {
      if (isOver || stopped) return;
      isOver = true;
      log.warn({ ...(error instanceof Error && { err: error }) }, "queue.ended");
      timer = setTimeout(again, againAfterMs);
    };
    // It says "stop" at once and ends when its last answer is done, which may be a long conversation.
    runner.events.once("stop", () => over());
    runner.promise.then(() => over(), over);
  }
  function again(): void {
    start().then(
      (started) => {
        runner = started;
        if (stopped) void started.stop();
        else watch();
      },
      (error: unknown) => {
        log.warn({ err: error }, "queue.not_started");
        if (!stopped) timer = setTimeout(again, againAfterMs);
      },
    );
  }

  return {
    stop: async () => {
      stopped = true;
      clearTimeout(timer);
      await runner.stop().catch((error: unknown) => log.warn({ err: error }, "queue.stop_failed"));
      await Promise.all(answering);
    },
  };
}

// A job that fails is written down by the queue, and when the database is away that ends the whole process
// (an unhandled rejection in graphile-worker 0.18.0), with every conversation in it. A job is only a wake-up: nothing
// is lost when it counts as done, because the row is still due.
async function answerOnly(step: string, answer: () => Promise<void>): Promise<void> {
  try {
    await answer();
  } catch (error) {
    log.warn({ err: error, step }, "queue.step_failed");
  }
}

// The queue's own lines would repeat each wake-up; what it cannot do is still said.
function quietLogger(): Logger {
  return new Logger(() => (level, message) => {
    if (level === "error" || level === "warning") log.warn({ said: message.slice(0, 300) }, "worker.queue");
  });
}
