// `npm run bench`: figures side by side, one JSON line each, and at the end whether they meet their aims. A missed aim
// is said, not punished: the exit code is 0. `npm run bench -- webhooks`, `-- orders` or `-- catalogue` runs one of them.
import { buildIfNeeded } from "#sandbox/demo/build.ts";
import { benchCatalogue } from "./catalogue.ts";
import { benchOrders } from "./orders.ts";
import { benchPreview } from "./preview.ts";
import { benchWebhooks } from "./webhooks.ts";

const benches = {
  webhooks: benchWebhooks,
  orders: benchOrders,
  catalogue: benchCatalogue,
  preview: benchPreview,
};
const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in benches));
if (unknown.length > 0) {
  process.stderr.write(`There is no figure "${unknown.join('", "')}": ${Object.keys(benches).join(", ")}.\n`);
  process.exit(2);
}
await buildIfNeeded();
for (const [name, bench] of Object.entries(benches))
  if (wanted.length === 0 || wanted.includes(name)) await bench();
