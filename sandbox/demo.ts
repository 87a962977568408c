// `npm run demo`: the whole of Makerlane on this machine, with a shop, five vendors and nothing else. With --check
// one mixed order runs through it without a person, beside a running demo, and the exit code says whether it arrived.
import { randomBytes } from "node:crypto";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { parseArgs } from "node:util";
import { buildIfNeeded } from "./demo/build.ts";
import { checkCatalogue } from "./demo/check-catalogue.ts";
import { checkRoad } from "./demo/check.ts";
import { logLine } from "./demo/log-line.ts";
import { createMerchant } from "./demo/merchant.ts";
import { setUpShop } from "./demo/setup.ts";
import { startWorld, type DemoWorld } from "./demo/world.ts";

const { values } = parseArgs({ options: { check: { type: "boolean", default: false } } });
const say = (text: string): void => void process.stdout.write(`${text}\n`);
let world: DemoWorld | undefined;
let folder = path.resolve(".data", "demo");
let ending: Promise<void> | undefined;

for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.on(signal, () => void end(values.check ? 1 : 0, "Stopping …"));
try {
  await (values.check ? runCheck() : runDemo());
} catch (error) {
  await end(1, error instanceof Error ? error.message : String(error));
}

async function runDemo(): Promise<void> {
  const { encryptionKeys, runningAs } = await readKept();
  if (runningAs !== undefined && (await isDemo(runningAs)))
    return end(1, `A demo already runs here (process ${runningAs}). Stop it first, or go on with it.`);
  await keepInMind({ encryptionKeys, runningAs: process.pid });
  await start({ encryptionKeys, fixedPorts: true, from: "info" });
  if (!world) return;
  const { mapped } = await setUpShop(world, createMerchant(world));
  const { shopifyUrl, adminUrl, vendorUrls } = world;
  say(`
Makerlane runs. Five vendors are connected, ${mapped} variants say who makes them, nothing is held back.

  The shop             ${shopifyUrl}/
  The merchant's side  ${adminUrl}
  What MGE DOT got     ${vendorUrls.dot}/
  What the OMS got     ${vendorUrls.oms}/
  What WHCC got        ${vendorUrls.whcc}/
  What Dora got        ${vendorUrls.dora}/
  dotcph's catalogue   ${vendorUrls.brand}/

Buy something in the shop and watch it arrive. On a vendor's page you can make it misbehave.
Every start begins with an empty shop. Ctrl-C stops everything.
`);
}

async function runCheck(): Promise<void> {
  await mkdir(path.dirname(folder), { recursive: true });
  folder = await mkdtemp(path.join(path.dirname(folder), "check-"));
  const began = performance.now();
  const encryptionKeys = newKeys();
  await start({ encryptionKeys, fixedPorts: false, from: "warning" });
  if (!world) return;
  const merchant = createMerchant(world);
  const { catalogue } = await setUpShop(world, merchant);
  const road = await checkRoad(world, merchant);
  const products = await checkCatalogue(world, merchant, catalogue);
  const ok = road.ok && products.ok;
  const text = `${road.text}\n\n${products.text}`;
  const seconds = ((performance.now() - began) / 1000).toFixed(0);
  await end(
    ok ? 0 : 1,
    `\n${text}\n\n${ok ? "Everything arrived once, and right" : "Something is WRONG"} (${seconds} s).`,
  );
}

async function start(options: {
  encryptionKeys: string;
  fixedPorts: boolean;
  from: "info" | "warning";
}): Promise<void> {
  const { encryptionKeys, fixedPorts, from } = options;
  say("Building the pages if they changed …");
  await buildIfNeeded();
  say("Starting PostgreSQL, five vendors, a local Shopify, web and worker …");
  const started = await startWorld({
    folder,
    encryptionKeys,
    fixedPorts,
    // As long as a real one at least, so that the demo shows how the page bridges the wait.
    previewSeconds: 2.5,
    listen: (name, line) => {
      const text = logLine(name, line, from);
      if (text !== undefined && !ending) say(text);
    },
    onDeath: (name, how) => say(`${name.padEnd(9)} ended (${how}); starting it again`),
  });
  // Told to stop while it was starting.
  if (ending) await started.stop();
  else world = started;
}

function end(code: number, words: string): Promise<void> {
  ending ??= (async () => {
    say(words);
    await world?.stop();
    if (path.basename(folder).startsWith("check-")) await rm(folder, { recursive: true, force: true });
    process.exit(code);
  })();
  return ending;
}

interface Kept {
  /** Kept, so that what an earlier start has sealed stays readable for whoever looks into its database. */
  encryptionKeys: string;
  /** The demo that runs in this folder: a second one would empty its database. */
  runningAs?: number;
}

function keptFile(): string {
  return path.join(folder, "demo.json");
}

async function readKept(): Promise<Kept> {
  const text = await readFile(keptFile(), "utf8").catch(() => undefined);
  return text === undefined ? { encryptionKeys: newKeys() } : (JSON.parse(text) as Kept);
}

async function keepInMind(kept: Kept): Promise<void> {
  await mkdir(folder, { recursive: true });
  await writeFile(keptFile(), `${JSON.stringify(kept, null, 2)}\n`, { mode: 0o600 });
}

// By its command line, because a number is given again: after a restart of the machine, or in a new container, it may
// belong to anything.
async function isDemo(pid: number): Promise<boolean> {
  const command = await readFile(`/proc/${pid}/cmdline`, "utf8").catch(() => "");
  return pid !== process.pid && command.includes("demo.ts");
}

function newKeys(): string {
  return `demo:${randomBytes(32).toString("base64")}`;
}
