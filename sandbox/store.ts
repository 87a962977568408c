// `npm run store`, called by `npx @shopify/cli app dev`: web and worker against a real development store, on a
// PostgreSQL of their own in .data. The CLI names things its way: HOST is the address of its tunnel.
import { randomBytes } from "node:crypto";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { buildIfNeeded } from "./demo/build.ts";
import { logLine } from "./demo/log-line.ts";
import { runNode } from "./demo/run-node.ts";
import { createSupervisor } from "./demo/supervisor.ts";

const { HOST, PORT, SHOPIFY_API_KEY, SHOPIFY_API_SECRET } = process.env;
const say = (text: string): void => void process.stdout.write(`${text}\n`);
if (!HOST || !SHOPIFY_API_KEY || !SHOPIFY_API_SECRET) {
  say("This is started by the Shopify CLI: npx @shopify/cli app dev. Without a store: npm run demo.");
  process.exit(2);
}
const folder = path.resolve(".data", "store");
const env = {
  NODE_ENV: "production",
  SHOPIFY_API_KEY,
  SHOPIFY_API_SECRET,
  SHOPIFY_APP_URL: HOST,
  ENCRYPTION_KEYS: await keptKeys(),
  DATA_DIR: folder,
  PORT: PORT ?? "3000",
};
const supervisor = createSupervisor(
  (name, line) => {
    const text = logLine(name, line);
    if (text !== undefined) say(text);
  },
  (name, how) => say(`${name} ended (${how}); starting it again`),
);
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const)
  process.once(signal, () => void supervisor.stop().then(() => process.exit(0)));

await buildIfNeeded();
await supervisor.keep({ name: "postgres", args: ["app/postgres.server.ts", path.join(folder, "postgres")] });
const migrated = await runNode(["app/migrate.server.ts"], env);
if (migrated.code !== 0) throw new Error(`the migrations failed:\n${migrated.said}`);
await Promise.all([
  supervisor.keep({ name: "web", args: ["app/server.ts"], env }),
  supervisor.keep({ name: "worker", args: ["app/worker.ts"], env }),
]);
say("Web and worker run. Open the app from the store's admin.");

// Kept beside the database: rows sealed with a key that is lost cannot be opened any more.
async function keptKeys(): Promise<string> {
  const file = path.join(folder, "keys");
  await mkdir(folder, { recursive: true });
  const kept = await readFile(file, "utf8").catch(() => undefined);
  if (kept !== undefined) return kept.trim();
  const made = `store:${randomBytes(32).toString("base64")}`;
  await writeFile(file, `${made}\n`, { mode: 0o600 });
  return made;
}
