// `npm run bench -- preview`: from a shopper's photo to the first look.
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { testEnv } from "#test/support/postgres.ts";

/** Photos prepared in a second, their memory, and fifty uploads at once; in a process with an environment of its own. */
async function benchPhotos(): Promise<void> {
  await inProcess("photos.ts");
}

/** From the photo that a shopper chose to the first look in their browser, with a vendor of no time and one of two seconds. */
async function benchShopper(): Promise<void> {
  await inProcess("preview-shopper.ts");
}

async function inProcess(file: string): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), "makerlane-bench-"));
  try {
    const child = spawn(process.execPath, [path.join("test", "bench", file)], {
      stdio: "inherit",
      env: { ...process.env, ...testEnv, DATA_DIR: folder },
    });
    const code = await new Promise((resolve) => child.once("exit", resolve));
    if (code !== 0) throw new Error(`${file} ended with ${String(code)}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every figure of the previews. */
export async function benchPreview(): Promise<void> {
  await benchPhotos();
  await benchShopper();
}
