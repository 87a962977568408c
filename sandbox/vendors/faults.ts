// The switches that make a stand-in misbehave: which requests a fault is for, and how many of them it takes.
import { z } from "zod";

/** What goes wrong. "Done" means the order (or other effect) truly exists at the vendor afterwards. */
export const faultKinds = [
  "refuse", // socket destroyed before the body is read; not done
  "slow", // done on arrival, answered after delayMs
  "timeout-before", // never answered; not done
  "timeout-after", // done; never answered
  "reset-after", // done; socket reset
  "too-many", // 429 with Retry-After; not done
  "error-not-done", // 500; not done
  "error-done", // 500; done
  "html-502", // a proxy's HTML page; not done
  "html-502-done", // a proxy's HTML page; done
  "truncated", // done; the answer breaks off in the middle although content-length promises all of it
  "expired-preview", // DOT only: the 400 of a preview that is too old; not done
  "revoked-key", // 401 until cleared; not done
  "late", // never answered; done only when releaseLate() is called
] as const;
export type FaultKind = (typeof faultKinds)[number];

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
