// `npm run chaos -- --orders 200 [--seed n]`: orders under injected faults, with real processes. Exit code 1 when an
// order was made twice, lost, made wrong, or does not come to rest; 2 when the run itself went wrong. `--control naive`
// shows that the run can fail.
import { randomBytes, randomInt } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { parseArgs } from "node:util";
import { runControl } from "./control.ts";

const { values } = parseArgs({
  options: {
    orders: { type: "string", default: "200" },
    seed: { type: "string", default: String(randomInt(1, 1_000_000)) },
    control: { type: "string" },
  },
});
const orders = Number(values.orders);
const seed = Number(values.seed);
const say = (text: string): void => void process.stdout.write(`${text}\n`);
if (!Number.isSafeInteger(orders) || orders < 1 || !Number.isSafeInteger(seed)) {
  say("usage: npm run chaos -- [--orders 200] [--seed 1] [--control naive]");
  process.exit(2);
}
if (values.control !== undefined) process.exit(await runControl({ name: values.control, orders, seed, say }));

// The app's modules read the environment as they are loaded, so it is set before the rest is.
const encryptionKeys = `chaos:${randomBytes(32).toString("base64")}`;
Object.assign(process.env, {
  NODE_ENV: "test",
  LOG_LEVEL: "silent",
  SHOPIFY_API_KEY: "makerlane-demo",
  SHOPIFY_API_SECRET: "makerlane-demo-secret",
  SHOPIFY_APP_URL: "http://127.0.0.1",
  ENCRYPTION_KEYS: encryptionKeys,
});
await mkdir(".data", { recursive: true });
const { runChaos } = await import("./chaos.ts");
say(`${orders} orders, seed ${seed}`);
try {
  process.exitCode = (await runChaos({ orders, seed, encryptionKeys, say })) ? 0 : 1;
} catch (error) {
  say(error instanceof Error ? (error.stack ?? error.message) : String(error));
  process.exitCode = 2;
}
process.exit();
