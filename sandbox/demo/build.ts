// Remix's build, made only when something it is made of has changed since.
import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { runNode } from "./run-node.ts";

const output = path.join("build", "server", "index.js");
const sources = ["app", "vite.config.ts", "tsconfig.json", "package-lock.json"];

/** Builds the pages when the build is missing or older than a source. Answers whether it did. */
export async function buildIfNeeded(): Promise<boolean> {
  const built = existsSync(output) ? statSync(output).mtimeMs : 0;
  if (built > (await newest(sources))) return false;
  const made = await runNode(
    [path.join("node_modules", "@remix-run", "dev", "dist", "cli.js"), "vite:build"],
    {
      NODE_ENV: "production",
    },
  );
  if (made.code !== 0) throw new Error(`the build failed:\n${made.said}`);
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
