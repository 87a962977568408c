// Remix's build, made only when something it is made of has changed since.
import { spawn } from "node:child_process";
import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";

const output = path.join("build", "server", "index.js");
const sources = ["app", "vite.config.ts", "tsconfig.json", "package-lock.json"];

/** Builds the pages when the build is missing or older than a source. Answers whether it did. */
export async function buildIfNeeded(): Promise<boolean> {
  const built = existsSync(output) ? statSync(output).mtimeMs : 0;
  if (built > (await newest(sources))) return false;
  await new Promise<void>((resolve, reject) => {
    const child = spawn(
      process.execPath,
      [path.join("node_modules", "@remix-run", "dev", "dist", "cli.js"), "vite:build"],
      {
        stdio: ["ignore", "pipe", "pipe"],
        env: { ...process.env, NODE_ENV: "production" },
      },
    );
    const said: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (chunk: Buffer) => said.push(chunk));
    child.once("error", reject);
    child.once("exit", (code) =>
      code === 0 ? resolve() : reject(new Error(`the build failed:\n${Buffer.concat(said).toString()}`)),
    );
  });
  return true;
}

async function newest(places: string[]): Promise<number> {
  const times = await Promise.all(
    places.map(async (place) => {
      const stat = statSync(place);
      if (!stat.isDirectory()) return stat.mtimeMs;
      const inside = await readdir(place, { recursive: true });
      return Math.max(
        ...inside.map((name) => statSync(path.join(place, name), { throwIfNoEntry: false })?.mtimeMs ?? 0),
      );
    }),
  );
  return Math.max(...times);
}
