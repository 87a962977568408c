// Keeps processes running: one that ends by itself is started again, until everything is told to stop.
import { startChild, type Child, type ChildPlan, type Listen } from "./child.ts";

export interface Supervisor {
  /** Starts a process and keeps it; resolves when it is ready. `again` is told of every later start of it. */
  keep(plan: ChildPlan, again?: (child: Child) => void): Promise<Child>;
  /** The running process of a name. */
  child(name: string): Child | undefined;
  names(): string[];
  /** Stops everything: the app's processes first, then what they talk to, PostgreSQL last. */
  stop(): Promise<void>;
}

/** Told of every process that ended by itself, with its exit code or signal. */
export type OnDeath = (name: string, how: number | string) => void;

/** A process that ended a moment ago would end again by the same cause: a breath between two tries. */
const breathMs = 500;

export function createSupervisor(listen: Listen, onDeath?: OnDeath): Supervisor {
  const children = new Map<string, Child>();
  let stopping = false;

  const keep: Supervisor["keep"] = async (plan, again) => {
    const child = await startChild(plan, listen);
    children.set(plan.name, child);
    if (stopping) await child.stop();
    void child.exited.then((how) => void restart(how));

    async function restart(ended: number | string): Promise<void> {
      for (let how = ended; !stopping;) {
        onDeath?.(plan.name, how);
        await new Promise((resolve) => setTimeout(resolve, breathMs));
        if (stopping) return;
        try {
          // Started first: behind "again?." it would not be started when nobody wants to be told.
          const child = await keep(plan, again);
          again?.(child);
          return;
        } catch (error) {
          how = error instanceof Error ? error.message : "1";
        }
      }
    }
    return child;
  };

  return {
    keep,
    child: (name) => children.get(name),
    names: () => [...children.keys()],
    stop: async () => {
      stopping = true;
      const all = [...children.values()];
      const app = all.filter(({ name }) => isApp(name));
      const rest = all.filter(({ name }) => !isApp(name) && name !== "postgres");
      await Promise.all(app.map((child) => child.stop()));
      await Promise.all(rest.map((child) => child.stop(5_000)));
      await children.get("postgres")?.stop(30_000);
    },
  };
}

/** The web process and the workers: what stops first, and needs the database's address. */
export function isApp(name: string): boolean {
  return name === "web" || name.startsWith("worker");
}
