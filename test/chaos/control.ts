// Shows that the harness can fail: the same run on a copy of the app in which one promise is broken on purpose.
import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, stat, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";

/** A broken promise: in `file`, `line` becomes `instead`. */
interface Control {
  file: string;
  line: string;
  instead: string;
}

const controls: Record<string, Control | undefined> = {
  // What most integrations do: no clear answer, so it is sent again.
  naive: {
    file: "app/orders/submission.ts",
    line: "const mayGoOn = await probe(conversation, claim.commitAgeSeconds);",
    instead: `const mayGoOn = ((claim.commitAgeSeconds = null), await conversation.world.db.query('UPDATE "VendorOrder" SET "committingAt" = NULL WHERE id = $1', [claim.id])) && (probe satisfies unknown);`,
  },
};

const copied = [
  "app",
  "sandbox",
  "test",
  "prisma",
  "build",
  "package.json",
  "tsconfig.json",
  "shopify.app.toml",
];

/** Runs chaos on the broken copy; answers with its exit code: 1 when the harness noticed, as it must. */
export async function runControl({
  name,
  orders,
  seed,
  say,
}: {
  name: string;
  orders: number;
  seed: number;
  say(text: string): void;
}): Promise<number> {
  const control = controls[name];
  if (!control) {
    say(`there is no control "${name}", only: ${Object.keys(controls).join(", ")}`);
    return 2;
  }
  const folder = await mkdtemp(path.join(tmpdir(), "makerlane-control-"));
  try {
    for (const place of copied)
      await cp(place, path.join(folder, place), { recursive: true, preserveTimestamps: true });
    await symlink(path.resolve("node_modules"), path.join(folder, "node_modules"));
    const file = path.join(folder, control.file);
    const source = await readFile(file, "utf8");
    const { atime, mtime } = await stat(file);
    if (source.split(control.line).length !== 2)
      throw new Error(`${control.file} has no line "${control.line}"`);
    await writeFile(file, source.replace(control.line, control.instead));
    // As old as it was, or the pages would be built again, which do not have the step.
    await utimes(file, atime, mtime);
    say(`The control "${name}": ${control.file} of a copy is broken on purpose.`);
    const run = spawn(
      process.execPath,
      ["test/chaos/run.ts", "--orders", String(orders), "--seed", String(seed)],
      { cwd: folder, stdio: "inherit" },
    );
    const code = await new Promise<number>((resolve) => run.once("exit", (ended) => resolve(ended ?? 2)));
    say(code === 1 ? "The harness noticed." : `The harness did NOT notice (exit code ${code}).`);
    return code;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
