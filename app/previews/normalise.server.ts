// A stranger's picture → a safe one: at most 3000 px, upright, sRGB, JPEG, nothing in it but pixels. Taken apart by a
// process of its own with limits on time and memory: a decoder's mistake costs that process and nothing else.
import { spawn, type ChildProcess } from "node:child_process";
import { readFile } from "node:fs/promises";
import { setPriority } from "node:os";
import { fileURLToPath } from "node:url";
import { z } from "zod";
import { isHeic, photoType } from "./upload-types.server.ts";

/** A safe picture and its two smaller copies; `from…` are the pixels that were uploaded, upright. */
export interface Normalised {
  width: number;
  height: number;
  fromWidth: number;
  fromHeight: number;
  whole: Buffer;
  medium: Buffer;
  small: Buffer;
}

/** What became of it. "crashed" is also what a process says that was ended for its time or memory. */
export type Outcome =
  | { kind: "ready"; picture: Normalised }
  | { kind: "refused"; code: "type" | "too_small" | "too_many_pixels" }
  | { kind: "crashed"; why: string };

const program = fileURLToPath(new URL("./normalise-child.server.ts", import.meta.url));
const mostAnswer = 40 * 1024 * 1024;
const reply = z.union([
  z.object({ refused: z.enum(["type", "too_small", "too_many_pixels"]) }),
  z.object({
    width: z.int().positive(),
    height: z.int().positive(),
    fromWidth: z.int().positive(),
    fromHeight: z.int().positive(),
    lengths: z.tuple([z.int().positive(), z.int().positive(), z.int().positive()]),
  }),
]);

// HEIC takes 430 MB and seconds of a core (measured, 12 megapixels), so one at a time.
let lastHeic: Promise<unknown> = Promise.resolve();

/**
 * Normalises one picture. 20 seconds and 900 MB are three times what 48 megapixels of JPEG, or 12 of HEIC, took on a
 * busy machine.
 */
export async function normalise(
  bytes: Uint8Array,
  { seconds = 20, maxMemory = 900 * 1024 * 1024 }: { seconds?: number; maxMemory?: number } = {},
): Promise<Outcome> {
  const run = (): Promise<Outcome> => runChild(bytes, { seconds, maxMemory });
  const type = photoType(bytes);
  if (!type) return { kind: "refused", code: "type" };
  if (!isHeic(type)) return run();
  const mine = lastHeic.then(run);
  lastHeic = mine.catch(() => undefined);
  return mine;
}

function runChild(
  bytes: Uint8Array,
  { seconds, maxMemory }: { seconds: number; maxMemory: number },
): Promise<Outcome> {
  const child = spawn(
    process.execPath,
    ["--max-old-space-size=512", "--permission", "--allow-fs-read=*", "--allow-addons", program],
    { env: { NODE_ENV: "production" }, stdio: ["pipe", "pipe", "ignore"] },
  );
  const chunks: Buffer[] = [];
  let size = 0;
  let why: string | undefined;
  const end = (reason: string): void => {
    why ??= reason;
    child.kill("SIGKILL");
  };
  const late = setTimeout(() => end("too long"), seconds * 1000);
  const watch = setInterval(() => {
    void memoryOf(child).then((used) => {
      if (used > maxMemory) end("too much memory");
    });
  }, 50);
  yieldToOthers(child);
  // A child that has ended reads no more; how it ended says everything.
  child.stdin.on("error", () => undefined);
  child.stdin.end(bytes);
  child.stdout.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > mostAnswer) return end("too much said");
    chunks.push(chunk);
  });
  return new Promise((resolve) => {
    const settle = (outcome: Outcome): void => {
      clearTimeout(late);
      clearInterval(watch);
      resolve(outcome);
    };
    child.once("error", (error) => settle({ kind: "crashed", why: error.message }));
    child.once("close", (code, signal) => {
      if (why !== undefined || code !== 0)
        return settle({ kind: "crashed", why: why ?? `ended with ${signal ?? code}` });
      settle(readAnswer(Buffer.concat(chunks)));
    });
  });
}

function readAnswer(said: Buffer): Outcome {
  const end = said.indexOf("\n");
  const read = reply.safeParse(parse(said.subarray(0, Math.max(end, 0)).toString()));
  if (!read.success) return { kind: "crashed", why: "unreadable answer" };
  if ("refused" in read.data) return { kind: "refused", code: read.data.refused };
  const { lengths, ...sizes } = read.data;
  let at = end + 1;
  const [whole, medium, small] = lengths.map((length) => said.subarray(at, (at += length)));
  if (!whole || !medium || !small || at !== said.length) return { kind: "crashed", why: "unreadable answer" };
  return { kind: "ready", picture: { ...sizes, whole, medium, small } };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

// Resident memory in bytes, 0 where the system does not say (only Linux has /proc). V8's own limit does not see what
// libvips takes.
async function memoryOf(child: ChildProcess): Promise<number> {
  const status = await readFile(`/proc/${child.pid}/status`, "utf8").catch(() => "");
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024;
}

// Orders and pages on the same machine go first.
function yieldToOthers(child: ChildProcess): void {
  try {
    if (child.pid !== undefined) setPriority(child.pid, 10);
  } catch {
    // It has ended already, or the system does not allow it.
  }
}
