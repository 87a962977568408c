// How figures are said: one JSON line each, and what they mean against an aim as a sentence at the end.
import { loadavg } from "node:os";

/** One figure. `ours`, `peer` and `ratio` stand side by side; `more` says under which conditions. */
export interface Figure {
  what: string;
  unit: string;
  ours: number | null;
  peer?: number | null;
  /** ours divided by peer, unless `how` says otherwise. */
  ratio?: number | null;
  [more: string]: unknown;
}

/** An aim and whether it was met; null when the machine could not tell. */
export interface Verdict {
  aim: string;
  measured: string;
  met: boolean;
}

/** Prints a figure. */
export function sayFigure(figure: Figure): void {
  const rounded = Object.fromEntries(
    Object.entries(figure).map(([name, value]) => [name, typeof value === "number" ? round(value) : value]),
  );
  process.stdout.write(`${JSON.stringify(rounded)}\n`);
}

/** Prints what the figures mean. */
export function sayVerdicts(verdicts: Verdict[]): void {
  for (const { aim, measured, met } of verdicts)
    process.stdout.write(`${met ? "MET   " : "MISSED"} ${aim}: ${measured}\n`);
}

/** To three significant digits, but whole numbers stay whole. */
export function round(value: number): number {
  return Math.abs(value) >= 100 ? Math.round(value) : Number(value.toPrecision(3));
}

/** The machine's load average over one minute: what else was going on. */
export function load(): number {
  return round(loadavg()[0] ?? 0);
}

/** The middle one, or the mean of the two in the middle; NaN of none. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [
    sorted[Math.floor((sorted.length - 1) / 2)],
    sorted[Math.ceil((sorted.length - 1) / 2)],
  ];
  return low === undefined || high === undefined ? Number.NaN : (low + high) / 2;
}
