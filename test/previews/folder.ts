// Imported first: a folder of its own for the pictures of a test file, before the app reads where they lie.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll } from "vitest";

/** The folder. */
export const folder = mkdtempSync(path.join(tmpdir(), "makerlane-pictures-"));
process.env["DATA_DIR"] = folder;

afterAll(() => rmSync(folder, { recursive: true, force: true }));
