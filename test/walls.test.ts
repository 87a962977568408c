// The walls between the parts of the app, each tried with a file that climbs over it: a rule that reports nothing is
// no rule.
import { ESLint } from "eslint";
import { expect, test } from "vitest";
import tseslint from "typescript-eslint";

// The planted files do not exist, so TypeScript knows no types for them; the walls need none.
const eslint = new ESLint({ overrideConfig: [tseslint.configs.disableTypeChecked] });

async function reported(filePath: string, code: string): Promise<string[]> {
  const [result] = await eslint.lintText(`${code}\n`, { filePath });
  return (result?.messages ?? []).map(({ ruleId, message }) => `${ruleId ?? "parser"}: ${message}`);
}

const uses = (from: string): string => `import { thing } from "${from}"; export const used = thing;`;

const violations: [where: string, code: string, reason: string][] = [
  ["app/routes/app.planted.tsx", uses("../orders/submission.ts"), "Pages decide nothing"],
  ["app/routes/app.planted.tsx", uses("../vendors/dot/index.ts"), "index.server.ts knows the vendors"],
  ["app/ui/planted.tsx", uses("../orders/writeback.ts"), "Pages decide nothing"],
  ["app/orders/intake.ts", uses("./routing.ts"), "A step never calls another step"],
  ["app/orders/routing.ts", uses("./submission.ts"), "A step never calls another step"],
  ["app/orders/submission.ts", uses("./tracking.ts"), "A step never calls another step"],
  ["app/orders/tracking.ts", uses("./writeback.ts"), "A step never calls another step"],
  ["app/orders/writeback.ts", uses("./intake.ts"), "A step never calls another step"],
  ["app/products/intake.ts", uses("./publishing.ts"), "A step never calls another step"],
  ["app/products/publishing.ts", uses("../orders/intake.ts"), "A step never calls another step"],
  [
    "app/previews/preview-making.server.ts",
    uses("./artwork-preparing.server.ts"),
    "A step never calls another step",
  ],
  ["app/routes/app.planted.tsx", uses("../products/publishing.ts"), "Pages decide nothing"],
  ["app/ui/planted.tsx", uses("../previews/preview-making.server.ts"), "Pages decide nothing"],
  ["app/orders/submission.ts", uses("../vendors/dora/client.ts"), "index.server.ts knows the vendors"],
  ["app/orders/submission.ts", uses("../routes/app.tsx"), "Imports go downward only"],
  ["app/orders/submission.ts", uses("../worker.ts"), "Imports go downward only"],
  ["app/orders/standing.ts", uses("../ui/words.tsx"), "The road knows no page"],
  ["app/orders/order.ts", uses("zod"), "order.ts imports nothing"],
  ["app/orders/order.ts", uses("./parcels.ts"), "order.ts imports nothing"],
  ["app/vendors/dot/planted.ts", uses("../oms/payload.ts"), "A vendor's folder imports its own files"],
  ["app/vendors/dot/planted.ts", uses("../http.server.ts"), "A vendor's folder imports its own files"],
  ["app/vendors/dot/planted.ts", uses("../../db.server.ts"), "A vendor's folder imports its own files"],
  [
    "app/vendors/dot/planted.ts",
    uses("../../orders/submission.ts"),
    "A vendor's folder imports its own files",
  ],
  ["app/vendors/dot/planted.ts", uses("undici"), "no package but zod"],
  ["app/vendors/dot/planted.ts", uses("node:fs"), "no package but zod"],
  ["app/vendors/vendor.ts", uses("./dot/index.ts"), "index.server.ts knows the vendors"],
  ["app/connections.server.ts", uses("./vendors/oms/settings.ts"), "index.server.ts knows the vendors"],
  ["app/queue.server.ts", uses("./orders/intake.ts"), "Pages decide nothing"],
  ["app/shopify/planted.server.ts", uses("undici"), "one way out to vendors"],
  ["app/planted.server.ts", uses("../sandbox/vendors/dot.ts"), "never imports the sandbox"],
  ["app/orders/parcels.ts", uses("../../test/support/builders.ts"), "never imports the sandbox"],
  ["app/orders/parcels.ts", uses("#sandbox/vendors/dot.ts"), "never imports the sandbox"],
  ["app/orders/parcels.ts", uses("#app/db.server.ts"), "imports are relative"],
  ["sandbox/vendors/planted.ts", uses("../../app/vendors/vendor.ts"), "an independent reading"],
  ["sandbox/shopify/admin-api/planted.ts", uses("#app/orders/order.ts"), "an independent reading"],
  ["app/planted.server.ts", "export const url = process.env['DATABASE_URL'];", "reads the environment"],
  ["app/planted.server.ts", uses("node:process"), "reads the environment"],
  ["app/orders/parcels.ts", "export default 1;", "default"],
  ["app/orders/parcels.ts", 'console.log("here");', "console"],
  [
    "app/orders/parcels.ts",
    "export const f = (a: 1, b: 2, c: 3, d: 4) => [a, b, c, d];",
    "At most three parameters",
  ],
  ["app/orders/parcels.ts", "export const f = (a: any) => String(a);", "any"],
  ["app/orders/parcels.ts", "export const f = (a?: { b: 1 }) => a!.b;", "non-null"],
];

test.each(violations)("a file at %s may not say: %s", async (where, code, reason) => {
  const said = await reported(where, code);

  expect(said.join("\n")).toContain(reason);
});

const allowed: [where: string, code: string][] = [
  ["app/routes/app.planted.tsx", uses("../orders/decision.server.ts")],
  ["app/routes/app.planted.tsx", uses("../vendors/index.server.ts")],
  ["app/routes/app.planted.tsx", "export default function Page() { return null; }"],
  ["app/orders/submission.ts", uses("../vendors/index.server.ts")],
  ["app/orders/submission.ts", uses("./order.ts")],
  ["app/vendors/dot/planted.ts", uses("../vendor.ts")],
  ["app/vendors/dot/planted.ts", uses("../../orders/order.ts")],
  ["app/vendors/dot/planted.ts", uses("./submission.ts")],
  ["app/vendors/dot/planted.ts", uses("zod")],
  ["app/vendors/index.server.ts", uses("./dot/index.ts")],
  ["app/vendors/wire.server.ts", uses("undici")],
  ["app/worker.ts", uses("./orders/intake.ts")],
  ["app/env.server.ts", "export const all = process.env;"],
  ["sandbox/vendors/planted.ts", uses("zod")],
  ["test/planted.test.ts", uses("#app/orders/submission.ts")],
];

test.each(allowed)("a file at %s may say: %s", async (where, code) => {
  expect(await reported(where, code)).toEqual([]);
});
