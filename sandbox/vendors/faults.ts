// The switches that make a stand-in misbehave: which requests a fault is for, and how many of them it takes.
import { z } from "zod";

/** What goes wrong, in words. "Made" means the order (or other effect) truly exists at the vendor afterwards. */
export const faultMeanings = {
  refuse: "The line is cut before the request is read. Not made.",
  slow: "Made at once, answered late (delayMs).",
  "timeout-before": "Never answered. Not made.",
  "timeout-after": "Made, never answered.",
  "reset-after": "Made, then the line is reset.",
  "too-many": "429 with Retry-After. Not made.",
  "error-not-done": "500. Not made.",
  "error-done": "500, although made.",
  "html-502": "A proxy's HTML page. Not made.",
  "html-502-done": "A proxy's HTML page, although made.",
  truncated: "Made; the answer breaks off in the middle, although content-length promises all of it.",
  "expired-preview": "The 400 of a preview that is too old. Not made. DOT only.",
  "revoked-key": "401 until cleared. Not made.",
  late: "Never answered; made only when late requests are delivered.",
} as const;
export type FaultKind = keyof typeof faultMeanings;
export const faultKinds = Object.keys(faultMeanings) as FaultKind[];

/** One switch. Faults are looked at in the order they were set; the first that fits takes the request. */
export interface Fault {
  /** "POST /api/v1/orders", `*` for one path segment; absent = any documented route. A last slash is ignored. */
  on?: string;
  kind: FaultKind;
  /** How many requests it takes: 1 when absent (revoked-key: Infinity). */
  times?: number;
  /** Let this many fitting requests pass first. */
  after?: number;
  retryAfterSeconds?: number;
  delayMs?: number;
}

/** The same over HTTP, where Infinity travels as JSON null. */
export const faultSchema = z.strictObject({
  on: z.string().min(3).optional(),
  kind: z.enum(faultKinds),
  times: z.number().int().positive().or(z.literal(Infinity)).nullish(),
  after: z.number().int().nonnegative().optional(),
  retryAfterSeconds: z.number().nonnegative().optional(),
  delayMs: z.number().nonnegative().optional(),
});

/** A fault as read from another process, or a sentence that says what is wrong with it. */
export function readFault(body: unknown): Fault | string {
  const read = faultSchema.safeParse(body);
  if (!read.success) return z.prettifyError(read.error);
  const { on, kind, times, after, retryAfterSeconds, delayMs } = read.data;
  return {
    kind,
    ...(on === undefined ? {} : { on }),
    ...(times === undefined ? {} : { times: times ?? Infinity }),
    ...(after === undefined ? {} : { after }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
    ...(delayMs === undefined ? {} : { delayMs }),
  };
}

interface Armed {
  fault: Fault;
  patterns: string[][];
  letPass: number;
  left: number;
}

/** "POST /a/b/" → ["POST", "a", "b"], so that patterns and requests compare piece by piece. */
function pieces(pattern: string): string[] {
  const [method = "", path = ""] = pattern.trim().split(/\s+/, 2);
  return [method.toUpperCase(), ...path.split("/").filter((piece) => piece !== "")];
}

function fits(pattern: string[], asked: string[]): boolean {
  if (pattern.length !== asked.length) return false;
  return pattern.every((piece, at) => piece === "*" || piece === asked[at] || asked[at] === "*");
}

/** The armed faults of one stand-in. `routes` are its documented "METHOD /path/*" patterns. */
export function armFaults(routes: string[], previewRoutes: string[] = []) {
  let armed: Armed[] = [];
  const documented = routes.map(pieces);

  return {
    /** Throws when the fault could never fire: a switch that silently does nothing hides a broken test. */
    add(fault: Fault): void {
      if (fault.kind === "expired-preview" && previewRoutes.length === 0) {
        throw new Error("expired-preview: this vendor makes no previews");
      }
      const patterns =
        fault.on !== undefined
          ? [pieces(fault.on)]
          : fault.kind === "expired-preview"
            ? previewRoutes.map(pieces)
            : documented;
      if (!patterns.some((pattern) => documented.some((route) => fits(pattern, route)))) {
        throw new Error(`no documented route fits "${fault.on ?? ""}"; there are: ${routes.join(", ")}`);
      }
      const times = fault.times ?? (fault.kind === "revoked-key" ? Infinity : 1);
      armed.push({ fault, patterns, letPass: fault.after ?? 0, left: times });
    },
    /** The fault this request meets, if any; it is used up by that. */
    take(method: string, path: string): Fault | undefined {
      if (armed.length === 0) return undefined;
      const asked = pieces(`${method} ${path}`);
      for (const one of armed) {
        if (!one.patterns.some((pattern) => fits(pattern, asked))) continue;
        if (one.letPass > 0) {
          one.letPass -= 1;
          continue;
        }
        one.left -= 1;
        if (one.left <= 0) armed = armed.filter((other) => other !== one);
        return one.fault;
      }
      return undefined;
    },
    clear(): void {
      armed = [];
    },
    /** What is still to come, for the page. */
    active(): { fault: Fault; left: number | "until cleared"; letPass: number }[] {
      return armed.map(({ fault, left, letPass }) => ({
        fault,
        left: Number.isFinite(left) ? left : "until cleared",
        letPass,
      }));
    },
  };
}
