// What can be seen by reading every file of the tree as text.
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { promisify } from "node:util";

const run = promisify(execFile);
const source = /\.(tsx?|m?js|liquid|css|sql|sh|prisma|toml|ya?ml)$|(^|\/)(Dockerfile|run)$/;

interface TextFile {
  name: string;
  text: string;
}

/** No source file over 300 lines: a longer one holds two things. */
export async function longFiles(): Promise<string | undefined> {
  const files = await sources();
  return list(
    files
      // The first migration is made by a tool, schema.prisma is one thing by nature, and a block or a theme has one
      // stylesheet.
      .filter(({ name }) => !name.startsWith("prisma/") && !name.endsWith(".css"))
      .map(({ name, text }) => ({ name, lines: text.split("\n").length - (text.endsWith("\n") ? 1 : 0) }))
      .filter(({ lines }) => lines > 300)
      .map(({ name, lines }) => `${name} has ${lines} lines`),
  );
}

// Spelled so that this file does not find itself.
const open = /\b(TO[D]O|FIX[M]E|X[X]X|HA[C]K)\b/;
const skipped = /\b(it|test|describe)\.(skip|only|todo)\b/;
const silenced = /@ts-(ignore|nocheck)|eslint-[d]isable/;

/** No open end left for later, no test switched off, no check silenced. */
export async function openEnds(): Promise<string | undefined> {
  const files = await sources();
  return list(
    files.flatMap(({ name, text }) =>
      text
        .split("\n")
        .map((line, at) => ({ line, at: at + 1 }))
        .filter(({ line }) => open.test(line) || skipped.test(line) || silenced.test(line))
        .map(({ line, at }) => `${name}:${at}  ${line.trim().slice(0, 120)}`),
    ),
  );
}

/** The lockfile names no host: packages come from whatever registry the machine uses. */
export async function registryHosts(): Promise<string | undefined> {
  const text = await readFile("package-lock.json", "utf8");
  const hosts = new Set(text.match(/https?:\/\/[^/"\s]+\/[^"\s]*\.tgz/g)?.map((url) => new URL(url).host));
  return list(
    [...hosts].map(
      (host) => `package-lock.json names ${host}; npm config set omit-lockfile-registry-resolved true`,
    ),
  );
}

/** What git has or would add; a copy without git is read by what lies there. */
async function sources(): Promise<TextFile[]> {
  const { stdout } = await run("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], {
    maxBuffer: 16 * 1024 * 1024,
  });
  const names = stdout.split("\0").filter((name) => source.test(name));
  const read = await Promise.all(
    names.map(async (name) => ({ name, text: await readFile(name, "utf8").catch(() => "") })),
  );
  return read;
}

function list(lines: string[]): string | undefined {
  return lines.length === 0 ? undefined : lines.join("\n");
}
