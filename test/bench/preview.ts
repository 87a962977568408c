// `npm run bench -- preview`: from a shopper's photo to the first look.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { testEnv } from "#test/support/postgres.ts";

/** Photos prepared in a second, their memory, and fifty uploads at once; in a process with an environment of its own. */
export async function benchPhotos(): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "makerlane-bench-"));
  try {
    const child = spawn(process.execPath, [path.join("test", "bench", "photos.ts")], {
      stdio: "inherit",
      env: { ...process.env, ...testEnv, DATA_DIR: folder },
    });
    const code = await new Promise((resolve) => child.once("exit", resolve));
    if (code !== 0) throw new Error(`the bench of photos ended with ${String(code)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every figure of the previews. */
export async function benchPreview(): Promise<void> {
  await benchPhotos();
}
