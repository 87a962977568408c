// A database that stops before one statement until the test lets it go on: how two things come to happen at once.
import type { Db } from "#app/db.server.ts";

export interface Gate {
  readonly db: Db;
  /** Resolves when the statement is about to be sent. */
  readonly reached: Promise<void>;
  open(): void;
}

/** The same database, but the first statement that contains `words` waits at the gate. */
export function gateBefore(words: string, db: Db): Gate {
  let arrive = (): void => undefined;
  let open = (): void => undefined;
  const reached = new Promise<void>((resolve) => (arrive = resolve));
  const opened = new Promise<void>((resolve) => (open = resolve));
  const pass = async (statement: unknown): Promise<void> => {
    if (!String(statement).includes(words)) return;
    arrive();
    await opened;
  };
  const gated: Db = {
    query: async (text, values) => {
      await pass(text);
      return db.query(text, values);
    },
    connect: async () => {
      const client = await db.connect();
      return new Proxy(client, {
        get: (target, name) =>
          name === "query"
            ? async (text: string, values?: unknown[]) => {
                await pass(text);
                return target.query(text, values);
              }
            : name === "release"
              ? (broken?: Error) => target.release(broken)
              : (Reflect.get(target, name) as unknown),
      });
    },
  };
  return { db: gated, reached, open: () => open() };
}

/** Resolves when somebody waits for a lock in this database, or when `done` is: whichever comes first. */
export async function lockedOr(db: Db, done: Promise<unknown>): Promise<void> {
  let isDone = false;
  const finished = done.finally(() => (isDone = true));
  finished.catch(() => undefined);
  while (!isDone) {
    const { rowCount } = await db.query(
      `SELECT 1 FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    if (rowCount !== 0) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
