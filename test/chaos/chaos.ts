// One run: builds the world of real processes, plays the plan of its seed, lets everything come to rest, and holds the
// vendors' ledgers against what was ordered. Loaded only after the environment is set (run.ts).
import { createWriteStream } from "node:fs";
import path from "node:path";
import { z } from "zod";
import { buildIfNeeded } from "#sandbox/demo/build.ts";
import type { Listen } from "#sandbox/demo/child.ts";
import { startWorld, type DemoWorld } from "#sandbox/demo/world.ts";
import { aWorld, hostOf } from "#test/support/road.ts";
import { accountFor, entriesFor } from "./accounting.ts";
import { startMortalDatabase, type MortalDatabase } from "./database.ts";
import { makeWishes, type Wish } from "./orders.ts";
import { createPerson } from "./person.ts";
import { planRounds } from "./plan.ts";
import { chanceOf } from "./random.ts";
import { isKept, report, type Outcome } from "./report.ts";
import { comeToRest, passNight, playRound, type Stage } from "./rounds.ts";
import { setUpShops, shopifyAt, shops } from "./scene.ts";
import { doorsOf, vendorIds, type LedgerEntry, type VendorId } from "./vendors.ts";
import { keepWorkers, type Workers } from "./workers.ts";

/** What to run. */
export interface ChaosOptions {
  orders: number;
  seed: number;
  encryptionKeys: string;
  say(text: string): void;
}

/** Runs it; answers whether the promise was kept. */
export async function runChaos(options: ChaosOptions): Promise<boolean> {
  const { say, seed } = options;
  const began = performance.now();
  const logFile = path.join(".data", `chaos-${seed}.log`);
  const { listen, errors } = listener(logFile);
  const deaths = new Map<string, number>();
  const closing: (() => Promise<unknown>)[] = [];
  const closeAll = async (): Promise<void> => {
    for (const close of closing.splice(0).reverse()) await close();
  };
  // PostgreSQL would live on.
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
    process.once(signal, () => void closeAll().finally(() => process.exit(2)));
  try {
    await buildIfNeeded();
    const database = await startMortalDatabase();
    closing.push(() => database.remove());
    const { stage, wishes } = await build(options, { database, listen, deaths, closing });
    const rounds = planRounds(wishes, seed);
    for (const [n, round] of rounds.entries()) {
      const place = `round ${n + 1} of ${rounds.length}`;
      say(
        `${seconds(began).padStart(4)} s  ${place}: ${round.deeds.length} deeds in ${round.milliseconds / 1000} s`,
      );
      await playRound(stage, round);
      await passNight(stage);
    }
    say(`${seconds(began).padStart(4)} s  coming to rest`);
    const unfinished = await comeToRest(stage, 14);
    const outcome = await judge(stage, { wishes, unfinished, deaths, errors });
    outcome.seconds = (performance.now() - began) / 1000;
    say(`\n${await report(stage, outcome)}`);
    if (!isKept(outcome))
      say(`What the app logged is in ${logFile}; the same again: --orders ${wishes.length} --seed ${seed}`);
    return isKept(outcome);
  } finally {
    await closeAll();
  }
}

interface Building {
  database: MortalDatabase;
  listen: Listen;
  deaths: Map<string, number>;
  closing: (() => Promise<unknown>)[];
}

async function build(
  { orders, seed, encryptionKeys, say }: ChaosOptions,
  { database, listen, deaths, closing }: Building,
): Promise<{ stage: Stage; wishes: Wish[] }> {
  const webKills = new Set<number>();
  const noteDeath = (name: string, how: number | string): void => {
    const key = `${name} (${how})`;
    deaths.set(key, (deaths.get(key) ?? 0) + 1);
  };
  const { url } = database;
  const env = { LOG_LEVEL: "info" };
  const world = await startWorld({
    folder: "",
    encryptionKeys,
    fixedPorts: false,
    workers: 0,
    databaseUrl: url,
    shops,
    env,
    listen,
    // Every SIGKILL is ours.
    onDeath: (name, how) => {
      if (how !== "SIGKILL") noteDeath(name, how);
    },
  });
  closing.push(() => world.stop());
  const assortments = await setUpShops(database.pool, world);
  const wishes = makeWishes(orders, {
    shops: assortments,
    chance: chanceOf(seed, "orders"),
    shopifyUrl: world.shopifyUrl,
  });
  const workers = await startWorkers({ world, encryptionKeys, env }, { listen, onDeath: noteDeath });
  closing.push(() => workers.stop());
  const hosts = [...Object.values(world.vendorUrls), world.shopifyUrl].map(hostOf);
  const hands = aWorld(database.pool, hosts);
  closing.push(() => hands.close());
  const doors = doorsOf(world.vendorUrls);
  const placed = new Map<string, Wish>();
  const stage: Stage = {
    database,
    workers,
    doors,
    placed,
    say,
    shopify: shopifyAt(world.shopifyUrl),
    person: createPerson({ world: hands, pool: database.pool, doors, placed }),
    struck: new Map(),
    killWeb: () => {
      const web = world.child("web");
      if (!web || webKills.has(web.pid)) return false;
      webKills.add(web.pid);
      web.kill("SIGKILL");
      return true;
    },
  };
  return { stage, wishes };
}

// As the demo starts its own, but kept by hands that can hold them down for a night.
function startWorkers(
  { world, encryptionKeys, env }: { world: DemoWorld; encryptionKeys: string; env: Record<string, string> },
  keeping: { listen: Listen; onDeath: (name: string, how: number | string) => void },
): Promise<Workers> {
  const redirect = new URL("../../sandbox/redirect.mjs", import.meta.url).href;
  const plan = {
    args: ["app/worker.ts"],
    env: {
      NODE_ENV: "production",
      NODE_OPTIONS: `--import=${redirect}`,
      SANDBOX_SHOPIFY_URL: world.shopifyUrl,
      SHOPIFY_API_KEY: "makerlane-demo",
      SHOPIFY_API_SECRET: world.apiSecret,
      SHOPIFY_APP_URL: world.appUrl,
      ENCRYPTION_KEYS: encryptionKeys,
      DATABASE_URL: world.databaseUrl,
      ALLOWED_PRIVATE_HOSTS: [...Object.values(world.vendorUrls), world.shopifyUrl].map(hostOf).join(","),
      ...env,
    },
  };
  return keepWorkers(plan, 2, keeping);
}

const logLine = z.object({
  level: z.number(),
  msg: z.string(),
  err: z.object({ message: z.string() }).optional(),
});
const pinoError = 50;

/** Writes down what the processes say, and counts what they call an error. */
function listener(file: string): { listen: Listen; errors: Map<string, number> } {
  const errors = new Map<string, number>();
  const log = createWriteStream(file);
  const listen: Listen = (name, line) => {
    log.write(`${name} ${typeof line === "string" ? line : JSON.stringify(line)}\n`);
    const read = logLine.safeParse(line);
    if (!read.success || read.data.level < pinoError) return;
    const what = `${read.data.msg} (${read.data.err?.message.slice(0, 80) ?? ""})`;
    errors.set(what, (errors.get(what) ?? 0) + 1);
  };
  return { listen, errors };
}

async function judge(
  { database, doors, person, placed }: Stage,
  given: { wishes: Wish[] } & Pick<Outcome, "unfinished" | "deaths" | "errors">,
): Promise<Outcome> {
  const ledgers = Object.fromEntries(
    await Promise.all(vendorIds.map(async (id) => [id, await doors[id].ledger()] as const)),
  ) as Record<VendorId, LedgerEntry[]>;
  const parts = await database.pool.query<PartRow>(
    `SELECT v.id, v.reference, v.vendor, v.status, v."vendorNumber", o."shopifyId" FROM "VendorOrder" v JOIN "Order" o ON o.id = v."orderId"`,
  );
  const helped = new Set(
    [...person.deeds.held.values()].flatMap((codes) => [...codes.values()].flatMap((ids) => [...ids])),
  );
  const bySelf = new Map<string, number>();
  const disagreements: string[] = [];
  for (const part of parts.rows) {
    const isSent = part.status === "sent" || part.status === "shipped";
    if (isSent && !helped.has(part.id)) bySelf.set(part.vendor, (bySelf.get(part.vendor) ?? 0) + 1);
    const wish = placed.get(part.shopifyId);
    const entries = wish ? entriesFor(wish, part.vendor, ledgers[part.vendor]) : [];
    const trouble = disagreement(part, entries);
    if (trouble !== undefined) disagreements.push(`${part.reference} at ${part.vendor}: ${trouble}`);
  }
  const { wishes, ...rest } = given;
  return { ...rest, account: accountFor(wishes, ledgers), bySelf, disagreements, seconds: 0 };
}

interface PartRow {
  id: string;
  reference: string;
  vendor: VendorId;
  status: string;
  vendorNumber: string | null;
  shopifyId: string;
}

function disagreement({ status, vendorNumber }: PartRow, entries: LedgerEntry[]): string | undefined {
  const numbers = entries.map(({ number }) => number);
  if (status !== "sent" && status !== "shipped") return undefined;
  if (numbers.length === 0) return "sent by the app's word, unknown to the vendor";
  // A number that was lost with its answer stays unknown; a wrong one would lead the merchant astray.
  if (vendorNumber !== null && !numbers.includes(vendorNumber))
    return `the app says ${vendorNumber}, the vendor ${numbers.join(", ")}`;
  return undefined;
}

function seconds(began: number): string {
  return ((performance.now() - began) / 1000).toFixed(0);
}
