// The theme extension, when there is one: Shopify's theme check with the rules for app extensions.
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import path from "node:path";
import { themeCheckRun } from "@shopify/theme-check-node";

/** Lists every offence in every extension. */
export async function themeProblems(): Promise<string | undefined> {
  if (!existsSync("extensions")) return undefined;
  const folders = (await readdir("extensions", { withFileTypes: true })).filter((entry) =>
    entry.isDirectory(),
  );
  const found = await Promise.all(
    folders.map(async ({ name }) => {
      const root = path.resolve("extensions", name);
      const { offenses } = await themeCheckRun(root, path.resolve(".theme-check.yml"));
      return offenses.map(
        ({ uri, check, message, start }) =>
          `${path.relative(process.cwd(), new URL(uri).pathname)}:${start.line + 1}  ${check}: ${message}`,
      );
    }),
  );
  const problems = found.flat();
  return problems.length === 0 ? undefined : problems.join("\n");
}
