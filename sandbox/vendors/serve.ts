// Runs one stand-in as its own process: `node sandbox/vendors/serve.ts dot --port 4201`. Prints one JSON line when
// it listens; ends on SIGTERM or SIGINT. `--preview-seconds 2.5` makes MGE paint as slowly as it really does.
import { parseArgs } from "node:util";
import { startBrand } from "./brand.ts";
import { startDora } from "./dora.ts";
import { startDot } from "./dot.ts";
import { startOms } from "./oms.ts";
import type { StandIn } from "./stand-in.ts";
import { startWhcc } from "./whcc.ts";

const starters: Record<string, (options: { port: number; previewSeconds: number }) => Promise<StandIn>> = {
  dot: startDot,
  oms: startOms,
  whcc: startWhcc,
  dora: startDora,
  brand: startBrand,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { port: { type: "string", default: "0" }, "preview-seconds": { type: "string", default: "0" } },
});
const start = starters[positionals[0] ?? ""];
const port = Number(values.port);
const previewSeconds = Number(values["preview-seconds"]);
if (!start || !Number.isInteger(port) || port < 0 || port > 65535 || !(previewSeconds >= 0)) {
  process.stderr.write(
    `usage: node sandbox/vendors/serve.ts ${Object.keys(starters).join("|")} [--port 4201] [--preview-seconds 2.5]\n`,
  );
  process.exit(2);
}
const standIn = await start({ port, previewSeconds });
process.stdout.write(`${JSON.stringify({ id: standIn.id, url: standIn.url })}\n`);
for (const signal of ["SIGTERM", "SIGINT"] as const) {
  process.once(signal, () => void standIn.stop().then(() => process.exit(0)));
}
