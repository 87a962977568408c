// One process of the demo: started, waited for until it says that it is ready, told to stop.
import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";

/** What to start. `args` are Node's; the environment is only what is given here, and where programs lie. */
export interface ChildPlan {
  name: string;
  args: string[];
  env?: Record<string, string>;
}

/** A process that said it is ready. */
export interface Child {
  name: string;
  pid: number;
  /** The JSON line with which it said so. */
  ready: Record<string, unknown>;
  /** Resolves when it has ended: with its code, or the signal that ended it. */
  exited: Promise<number | string>;
  kill(signal: NodeJS.Signals): void;
  /** True once `stop` was called: what it does then is its way of ending. */
  readonly isStopping: boolean;
  /** SIGTERM, and SIGKILL for what has not ended after `patienceMs`. */
  stop(patienceMs?: number): Promise<void>;
}

/** Every line a process says, read as JSON where it is. */
export type Listen = (name: string, line: Record<string, unknown> | string) => void;

const readySeconds = 90;
const lifeline = new URL("lifeline.mjs", import.meta.url).href;

/** Starts a process and waits until it is ready; rejects with its last words when it ends before. */
export function startChild(plan: ChildPlan, listen: Listen): Promise<Child> {
  const { name, args } = plan;
  const { PATH = "", HOME = "", TMPDIR } = process.env;
  const child = spawn(process.execPath, ["--import", lifeline, ...args], {
    stdio: ["ignore", "pipe", "pipe"],
    env: {
      NODE_ENV: "production",
      STARTED_BY: String(process.pid),
      PATH,
      HOME,
      ...(TMPDIR ? { TMPDIR } : {}),
      ...plan.env,
    },
    // A group of its own: Ctrl-C in the terminal reaches only the demo, which stops the others in good order.
    detached: true,
  });
  const exited = new Promise<number | string>((resolve) => {
    child.once("exit", (code, signal) => resolve(signal ?? code ?? 1));
    child.once("error", () => resolve(1));
  });
  const lastWords: string[] = [];
  return new Promise((resolve, reject) => {
    const hear = (text: string): void => {
      const line = readLine(text);
      lastWords.push(text);
      if (lastWords.length > 20) lastWords.shift();
      listen(name, line);
      if (typeof line !== "object" || !isReady(line)) return;
      clearTimeout(patience);
      resolve(handle(child, { name, ready: line, exited }));
    };
    createInterface({ input: child.stdout }).on("line", hear);
    createInterface({ input: child.stderr }).on("line", hear);
    const patience = setTimeout(() => {
      child.kill("SIGKILL");
      reject(new Error(`${name} was not ready after ${readySeconds} s:\n${lastWords.join("\n")}`));
    }, readySeconds * 1000);
    void exited.then((how) => {
      clearTimeout(patience);
      reject(new Error(`${name} ended (${how}) before it was ready:\n${lastWords.join("\n")}`));
    });
  });
}

function handle(
  child: ChildProcess,
  of: { name: string; ready: Record<string, unknown>; exited: Promise<number | string> },
): Child {
  const kill = (signal: NodeJS.Signals): void => void child.kill(signal);
  let isStopping = false;
  return {
    ...of,
    pid: child.pid ?? 0,
    kill,
    get isStopping() {
      return isStopping;
    },
    stop: async (patienceMs = 15_000) => {
      isStopping = true;
      const impatient = setTimeout(() => kill("SIGKILL"), patienceMs);
      kill("SIGTERM");
      await of.exited;
      clearTimeout(impatient);
    },
  };
}

function readLine(text: string): Record<string, unknown> | string {
  if (!text.startsWith("{")) return text;
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    return text;
  }
}

// The sandbox and PostgreSQL say their address in one line; the app's processes log that they have started.
function isReady(line: Record<string, unknown>): boolean {
  return line["msg"] === undefined
    ? typeof line["url"] === "string"
    : /^(web|worker)\.started$/.test(String(line["msg"]));
}
