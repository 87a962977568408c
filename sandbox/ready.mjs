// What every npm script goes through: `node sandbox/ready.mjs <script> [arguments]`. Installs what the lockfile
// asks for, generates the Prisma client, fetches Shopify's schema where it is needed, then runs the script on Node 24,
// whatever Node the machine has. Without a script it only makes ready.
// It spawns Node 24 by its path because dash remembers where it found `node`: on a fresh machine `npm ci && node x`
// in one npm script would go on with the old Node, also after the install put Node 24 first on the path.
import { spawn, spawnSync } from "node:child_process";
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeSync,
} from "node:fs";
import path from "node:path";
import process from "node:process";

const root = path.resolve(import.meta.dirname ?? path.dirname(new URL(import.meta.url).pathname), "..");
const inRoot = (...names) => path.join(root, ...names);
const ownNode = Number(process.versions.node.split(".")[0]) >= 24 ? process.execPath : undefined;
const [script] = process.argv.slice(2);
// The app's own processes in production need no packages for development where the machine has Node 24 itself: among
// those packages are Node 24 for a machine with an older one, and what builds the pages.
const isProduction = process.env.NODE_ENV === "production" && Boolean(ownNode && script?.startsWith("app/"));
const node24 = isProduction ? ownNode : inRoot("node_modules", ".bin", "node");
const say = (text) => process.stderr.write(`${text}\n`);

// The local Shopify executes it and the checks validate against it; the app itself never reads it.
const schema = JSON.parse(readFileSync(inRoot("sandbox", "shopify", "schema-file.json"), "utf8"));
const missingSchema = () =>
  !existsSync(inRoot(".cache", schema.file)) && /^(test\/|sandbox\/demo\.ts$|$)/.test(script ?? "");

const unready = () => missingPackages() || missingClient() || missingSchema();
if (unready()) {
  const unlock = await lock(inRoot(".cache", "ready.lock"));
  try {
    const missing = missingPackages();
    if (missing) install(missing);
    if (missingClient()) generateClient();
    if (missingSchema()) fetchSchema();
  } finally {
    unlock();
  }
}
if (script) runOnNode24(process.argv.slice(2));

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
  // Said aloud, because npm leaves them out by itself where NODE_ENV is production.
  const done = npm("ci", isProduction ? "--omit=dev" : "--include=dev", "--no-fund", "--no-audit");
  if (done.status !== 0) stop(`npm ci failed:\n${said(done)}`);
  say(done.stdout.split("\n").find((line) => /^(added|changed|up to date)/.test(line)) ?? "installed");
  if (!existsSync(node24)) stop("npm ci did not bring Node 24 (package `node`): allow its install script.");
}

// On the Node that npm itself was started with, and with the caller's whole environment: there lie the proxy and the
// certificates of a machine that needs some to reach npm's registry.
function npm(...args) {
  const program = process.env.npm_execpath;
  const [command, first] = program?.endsWith(".js") ? [process.execPath, [program]] : ["npm", []];
  // npm's own lines (old engines, install scripts) say nothing to somebody who only wants to start.
  return spawnSync(command, [...first, ...args, "--loglevel=error"], {
    cwd: root,
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
    maxBuffer: 64 * 1024 * 1024,
  });
}

function said({ stdout, stderr, error }) {
  return `${stdout ?? ""}${stderr ?? ""}${error ?? ""}`;
}

/** Takes the one file out of the package's tarball. The package itself would pull in Shopify's whole CLI. */
function fetchSchema() {
  say("Fetching Shopify's schema of its Admin API (14 MB, once) …");
  const made = inRoot(".cache", "schema-new");
  rmSync(made, { recursive: true, force: true });
  mkdirSync(made, { recursive: true });
  try {
    const packed = npm("pack", schema.package, "--pack-destination", made);
    const tarball = (packed.stdout ?? "").trim().split("\n").at(-1) ?? "";
    const taken = packed.status === 0 && spawnSync("tar", ["-xzf", tarball, schema.file], { cwd: made });
    if (taken && taken.status === 0) {
      mkdirSync(path.dirname(inRoot(".cache", schema.file)), { recursive: true });
      return renameSync(path.join(made, schema.file), inRoot(".cache", schema.file));
    }
    const trouble = `Shopify's schema could not be taken out of ${schema.package}:\n${said(taken || packed)}`;
    // Most tests and checks do without it; those that do not say so themselves.
    if (!script?.startsWith("test/")) stop(trouble);
    say(trouble);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
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
  if (made.status !== 0) stop(`prisma generate failed:\n${said(made)}`);
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
