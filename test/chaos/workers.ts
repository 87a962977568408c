// The app's workers as real processes that may be killed and paused; whoever was killed is started again at once,
// except while all are held.
import { setTimeout as pause } from "node:timers/promises";
import { startChild, type Child, type ChildPlan, type Listen } from "#sandbox/demo/child.ts";

/** The workers of a run. */
export interface Workers {
  names: readonly string[];
  /** kill -9. Answers whether there was one to kill: it may just be starting, or be paused on purpose. */
  kill(name: string): boolean;
  /** SIGSTOP; answers whether it runs and was not paused before. */
  pause(name: string): boolean;
  resume(name: string): void;
  /** kill -9 for all, and none is started again before `release`. After this no worker can speak to anybody. */
  hold(): Promise<void>;
  release(): Promise<void>;
  stop(): Promise<void>;
}

interface Keeping {
  listen: Listen;
  /** Told of a worker that ended although nobody killed it. */
  onDeath: (name: string, how: number | string) => void;
}

/** Starts `count` workers and keeps them; resolves when all are ready. */
export async function keepWorkers(
  plan: Omit<ChildPlan, "name">,
  count: number,
  { listen, onDeath }: Keeping,
): Promise<Workers> {
  const names = Array.from({ length: count }, (_, n) => `worker ${n + 1}`);
  const running = new Map<string, Child>();
  const starting = new Map<string, Promise<void>>();
  const paused = new Set<string>();
  const killed = new Set<number>();
  let held = false;

  const start = (name: string): Promise<void> => {
    const begun = (async () => {
      for (;;) {
        try {
          const child = await startChild({ ...plan, name }, listen);
          running.set(name, child);
          void child.exited.then((how) => {
            running.delete(name);
            paused.delete(name);
            if (!killed.has(child.pid)) onDeath(name, how);
            if (!held) void start(name);
          });
          return;
        } catch (error) {
          // Its database may be away just now.
          onDeath(name, error instanceof Error ? (error.message.split("\n")[0] ?? "") : "1");
          await pause(300);
          if (held) return;
        }
      }
    })();
    starting.set(name, begun);
    return begun;
  };
  const kill = (name: string): boolean => {
    const child = running.get(name);
    if (!child || paused.has(name)) return false;
    killed.add(child.pid);
    child.kill("SIGKILL");
    return true;
  };
  const resume = (name: string): void => {
    if (paused.delete(name)) running.get(name)?.kill("SIGCONT");
  };
  const hold = async (): Promise<void> => {
    held = true;
    for (const name of names) resume(name);
    // One that is just starting speaks as soon as it can: it is waited for, then killed like the others.
    await Promise.all(starting.values());
    const ends = [...running.values()].map(({ exited }) => exited);
    for (const name of names) kill(name);
    await Promise.all(ends);
  };

  await Promise.all(names.map(start));
  return {
    names,
    kill,
    resume,
    hold,
    pause: (name) => {
      const child = running.get(name);
      if (!child || paused.has(name)) return false;
      paused.add(name);
      child.kill("SIGSTOP");
      return true;
    },
    release: async () => {
      held = false;
      await Promise.all(names.map(start));
    },
    stop: hold,
  };
}
