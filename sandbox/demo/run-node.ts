// Runs a program of ours or of node_modules to its end and keeps what it says.
import { spawn } from "node:child_process";

/** How a tool ended; `said` is both its outputs in the order they came. */
export interface Ended {
  code: number | null;
  stdout: string;
  said: string;
}

/** Runs Node with `args` to its end. */
export function runNode(args: string[], env: Record<string, string> = {}): Promise<Ended> {
  const child = spawn(process.execPath, args, {
    stdio: ["ignore", "pipe", "pipe"],
    env: { ...process.env, NO_COLOR: "1", ...env },
  });
  const stdout: Buffer[] = [];
  const said: Buffer[] = [];
  child.stdout.on("data", (chunk: Buffer) => void (stdout.push(chunk), said.push(chunk)));
  child.stderr.on("data", (chunk: Buffer) => said.push(chunk));
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("close", (code) =>
      resolve({ code, stdout: Buffer.concat(stdout).toString(), said: Buffer.concat(said).toString() }),
    );
  });
}
