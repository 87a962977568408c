// The web process for a test, as it is run: with an environment of its own, spoken to over HTTP.
import { spawn, type ChildProcess } from "node:child_process";
import path from "node:path";
import { createInterface } from "node:readline";
import { testEnv } from "#test/support/postgres.ts";

/** A running web process. Whoever starts it ends it. */
export interface Web {
  url: string;
  /** Its log so far, line by line. */
  lines: Record<string, unknown>[];
  /** Everything it wrote so far, to either output. */
  said: string[];
  child: ChildProcess;
  exited: Promise<number | null>;
}

/** Starts it in `home` (the project's own folder when absent) and answers when it listens. */
export async function startWeb(variables: Record<string, string>, home?: string): Promise<Web> {
  const child = spawn(process.execPath, [path.resolve("app/server.ts")], {
    ...(home !== undefined && { cwd: home }),
    env: { PATH: process.env["PATH"], ...testEnv, LOG_LEVEL: "info", PORT: "0", ...variables },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const exited = new Promise<number | null>((resolve) => child.once("exit", resolve));
  const lines: Record<string, unknown>[] = [];
  const said: string[] = [];
  createInterface({ input: child.stderr }).on("line", (text) => said.push(text));
  const listening = await new Promise<unknown>((resolve, reject) => {
    createInterface({ input: child.stdout }).on("line", (text) => {
      said.push(text);
      if (!text.startsWith("{")) return;
      const line = JSON.parse(text) as Record<string, unknown>;
      lines.push(line);
      if (line["msg"] === "web.started") resolve(line["listening"]);
    });
    child.once("exit", (code) =>
      reject(new Error(`the web process ended with ${code}:\n${said.slice(-20).join("\n")}`)),
    );
  });
  return { url: `http://127.0.0.1:${String(listening)}`, lines, said, child, exited };
}
