// The local Shopify as a process of its own: prints one JSON line when it listens, stops on SIGTERM or SIGINT.
//   node sandbox/shopify/serve.ts --port 4100 --app http://127.0.0.1:4101
import { parseArgs } from "node:util";
import { startShopify } from "./index.ts";
import { adminSchema } from "./schema.ts";

const { values } = parseArgs({
  options: {
    port: { type: "string", default: "4100" },
    "app-proxy-port": { type: "string", default: "0" },
    app: { type: "string" },
    shops: { type: "string" },
    secret: { type: "string" },
    "previous-secrets": { type: "string" },
    key: { type: "string" },
    "token-seconds": { type: "string" },
    /** Seconds before each further try, e.g. 1,2,4,8: short in a demo, Shopify's own otherwise. */
    retries: { type: "string", default: "2,4,8,16,30,60,120,240" },
    "retry-every": { type: "string", default: "1" },
    "order-ids-from": { type: "string" },
    /** size,restorePerSecond of the Admin API's bucket. */
    bucket: { type: "string" },
    collect: { type: "boolean", default: false },
  },
});

// Read before anybody is told that it listens: it takes a second or two, and nothing else is answered meanwhile.
adminSchema();

const numbers = (text: string) => text.split(",").map(Number);
const [size, restorePerSecond] = numbers(values.bucket ?? "");
const local = await startShopify({
  port: Number(values.port),
  appProxyPort: Number(values["app-proxy-port"]),
  retrySchedule: numbers(values.retries),
  retryEverySeconds: Number(values["retry-every"]),
  deliver: !values.collect,
  ...(values.app ? { appUrl: values.app } : {}),
  ...(values.shops ? { shops: values.shops.split(",") } : {}),
  ...(values.secret ? { apiSecret: values.secret } : {}),
  ...(values["previous-secrets"] ? { previousSecrets: values["previous-secrets"].split(",") } : {}),
  ...(values.key ? { apiKey: values.key } : {}),
  ...(values["token-seconds"] ? { tokenSeconds: Number(values["token-seconds"]) } : {}),
  ...(values["order-ids-from"] ? { orderIdsFrom: values["order-ids-from"] } : {}),
  ...(size && restorePerSecond ? { bucket: { size, restorePerSecond } } : {}),
});

const { url, port, appProxyUrl, adminUrl, apiKey } = local;
process.stdout.write(
  `${JSON.stringify({ listening: true, url, port, appProxyUrl, adminUrl, apiKey, shops: local.shops().map((one) => one.shop) })}\n`,
);

for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void local.stop().then(() => process.exit(0)));
}
