// What every npm script goes through: `node sandbox/ready.mjs <script> [arguments]`. Installs what the lockfile
// asks for, generates the Prisma client, then runs the script on Node 24, whatever Node the machine has.
// It spawns Node 24 by its path because dash remembers where it found `node`: on a fresh machine `npm ci && node x`
// in one npm script would go on with the old Node, also after the install put Node 24 first on the path.
import { spawn, spawnSync } from "node:child_process";
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import path from "node:path";
import process from "node:process";

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "..");
const inRoot = (...names) => path.join(root, ...names);
// In production the packages for development stay away, Node 24 among them: then the machine's own must do.
const isProduction = process.env.NODE_ENV === "production";
const ownNode = Number(process.versions.node.split(".")[0]) >= 24 ? process.execPath : undefined;
const node24 = (isProduction && ownNode) || inRoot("node_modules", ".bin", "node");
const say = (text) => process.stderr.write(`${text}\n`);

const unready = () => missingPackages() || missingClient();
if (unready()) {
  const unlock = await lock(inRoot(".cache", "ready.lock"));
  try {
    const missing = missingPackages();
    if (missing) install(missing);
    if (missingClient()) generateClient();
  } finally {
    unlock();
  }
}
runOnNode24(process.argv.slice(2));

/** Why the packages must be installed, or undefined. npm's own record of what lies there is held against the lockfile. */
function missingPackages() {
  const record = inRoot("node_modules", ".package-lock.json");
  if (!existsSync(record) || !existsSync(node24)) return "no packages are installed yet";
  const wanted = JSON.parse(readFileSync(inRoot("package-lock.json"), "utf8")).packages;
  const there = JSON.parse(readFileSync(record, "utf8")).packages;
  const differs = Object.keys(wanted).find(
    (name) =>
      name !== "" &&
      !wanted[name].optional &&
      !(isProduction && wanted[name].dev) &&
      there[name]?.version !== wanted[name].version,
  );
  return (
    differs && `${differs.replace(/^.*node_modules\//, "")} is not the version that the lockfile asks for`
  );
}

function install(why) {
  say(`Installing (${why}); this takes a minute or two …`);
  const npm = process.env.npm_execpath;
  const [command, first] = npm?.endsWith(".js") ? [process.execPath, [npm]] : ["npm", []];
  // npm's own lines (old engines, install scripts) say nothing to somebody who only wants to start.
  const done = spawnSync(command, [...first, "ci", "--loglevel=error", "--no-fund", "--no-audit"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
  if (done.status !== 0) stop(`npm ci failed:\n${done.stdout ?? ""}${done.stderr ?? ""}${done.error ?? ""}`);
  say(done.stdout.split("\n").find((line) => /^(added|changed|up to date)/.test(line)) ?? "installed");
  if (!existsSync(node24)) stop("npm ci did not bring Node 24 (package `node`): allow its install script.");
}

/** Prisma keeps the schema it generated from beside what it generated. */
function missingClient() {
  const made = inRoot("node_modules", ".prisma", "client", "schema.prisma");
  return (
    !existsSync(made) ||
    readFileSync(made, "utf8") !== readFileSync(inRoot("prisma", "schema.prisma"), "utf8")
  );
}

function generateClient() {
  const prisma = inRoot("node_modules", "prisma", "build", "index.js");
  const made = spawnSync(node24, [prisma, "generate", "--no-hints"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    // Without the first, Prisma takes the schema for one that needs its native engine and goes to download that, though
    // nothing is asked of any database. Without the second it waits up to ten seconds for a version check.
    env: {
      ...process.env,
      DATABASE_URL: "postgresql://nothing.is.asked",
      CHECKPOINT_DISABLE: "1",
      PRISMA_HIDE_UPDATE_MESSAGE: "1",
    },
  });
  if (made.status !== 0) stop(`prisma generate failed:\n${made.stdout ?? ""}${made.stderr ?? ""}`);
}

function runOnNode24(given) {
  // In a group of its own, and with a lifeline: Ctrl-C in a terminal reaches everybody in the group, npm passes it on
  // besides, and a process that is told twice to stop is not let finish. So every signal goes on once, from here.
  const lifeline = new URL("demo/lifeline.mjs", import.meta.url).href;
  const child = spawn(node24, ["--import", lifeline, ...given], {
    stdio: "inherit",
    cwd: root,
    detached: true,
    env: { ...process.env, STARTED_BY: String(process.pid) },
  });
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  let told = 0;
  for (const signal of signals)
    process.on(signal, () => {
      if (Date.now() - told > 1000) child.kill(signal);
      told = Date.now();
    });
  child.once("error", (error) => stop(`Node 24 does not start: ${error.message}`));
  child.once("exit", (code, signal) => {
    if (!signal) process.exit(code ?? 1);
    for (const one of signals) process.removeAllListeners(one);
    process.kill(process.pid, signal);
  });
}

// Two commands started at once on a fresh machine must not install into the same folder.
async function lock(file) {
  mkdirSync(path.dirname(file), { recursive: true });
  for (let told = false; ; told = true) {
    try {
      const held = openSync(file, "wx");
      writeSync(held, String(process.pid));
      closeSync(held);
      process.once("exit", () => rmSync(file, { force: true }));
      return () => rmSync(file, { force: true });
    } catch (error) {
      if (error?.code !== "EEXIST") throw error;
      if (!isAlive(holderOf(file))) rmSync(file, { force: true });
      else if (!told) say("Another command is installing; waiting for it …");
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function holderOf(file) {
  try {
    return Number(readFileSync(file, "utf8"));
  } catch {
    return 0;
  }
}

function isAlive(pid) {
  try {
    return pid > 0 && process.kill(pid, 0);
  } catch (error) {
    return error?.code === "EPERM";
  }
}

function stop(text) {
  say(text);
  process.exit(1);
}
