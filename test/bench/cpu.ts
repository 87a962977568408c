// How much processor time processes have used, as Linux counts it. Elsewhere nothing is known and nothing is claimed.
import { readdirSync, readFileSync } from "node:fs";

// The kernel's unit in /proc: a hundredth of a second on every Linux there is (getconf CLK_TCK).
const ticksPerSecond = 100;

/** Processor time of a process so far, in milliseconds, with that of its children (PostgreSQL's backends) or without. */
export function cpuMs(pid: number, { children = false } = {}): number | undefined {
  const processes = readProcesses();
  const own = processes.get(pid);
  if (!own) return undefined;
  let ticks = own.ticks;
  if (children) for (const { parent, ticks: more } of processes.values()) if (parent === pid) ticks += more;
  return (ticks * 1000) / ticksPerSecond;
}

/** Processor time of the whole machine so far, in milliseconds over all processors, without being idle. */
export function machineMs(): number | undefined {
  const line = read("/proc/stat")?.split("\n")[0]?.split(/ +/).slice(1).map(Number);
  if (!line) return undefined;
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0] = line;
  return ((user + nice + system + irq + softirq) * 1000) / ticksPerSecond;
}

function readProcesses(): Map<number, { parent: number; ticks: number }> {
  const found = new Map<number, { parent: number; ticks: number }>();
  const names = readable(() => readdirSync("/proc")) ?? [];
  for (const name of names) {
    if (!/^\d+$/.test(name)) continue;
    // The name of a program may hold spaces and brackets; the fields begin behind its last bracket.
    const fields = read(`/proc/${name}/stat`)
      ?.replace(/^.*\) /s, "")
      .split(" ")
      .map(Number);
    if (!fields) continue;
    // state, parent, …; user and system time, then those of children that have ended.
    const [parent = 0, ticks] = [fields[1], sum(fields.slice(11, 15))];
    found.set(Number(name), { parent, ticks });
  }
  return found;
}

function sum(values: number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function read(file: string): string | undefined {
  return readable(() => readFileSync(file, "utf8"));
}

// A process that ended while we looked.
function readable<T>(look: () => T): T | undefined {
  try {
    return look();
  } catch {
    return undefined;
  }
}
