// Every GraphQL operation in the app's source, held against Shopify's published schema and against the scopes that
// shopify.app.toml asks for.
import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { NoDeprecatedCustomRule, parse, specifiedRules, validate, type DocumentNode } from "graphql";
import { adminSchema } from "../../sandbox/shopify/schema.ts";
import { missingScopes } from "../../sandbox/shopify/scopes.ts";
import { readAppConfig } from "../../sandbox/shopify/subscriptions.ts";

const toml = "shopify.app.toml";

/** Lists unknown or deprecated fields, wrong arguments, and fields whose scope the app does not ask for. */
export async function graphqlProblems(): Promise<string | undefined> {
  const operations = await operationsIn("app");
  if (operations.length === 0) return undefined;
  const schema = adminSchema();
  const granted = existsSync(toml) ? readAppConfig(path.resolve(toml)).scopes : undefined;
  const problems = operations.flatMap(({ where, text }) => {
    const document = read(text);
    if (typeof document === "string") return [`${where}  ${document}`];
    const errors = validate(schema, document, [...specifiedRules, NoDeprecatedCustomRule]);
    if (errors.length > 0) return errors.map((error) => `${where}  ${error.message}`);
    return missingScopes(schema, document, granted ?? []).map(
      ({ name, access }) =>
        `${where}  ${name} needs ${access.scopes.join(" or ")}, which ${toml} does not ask for`,
    );
  });
  return problems.length === 0 ? undefined : problems.join("\n");
}

function read(text: string): DocumentNode | string {
  try {
    return parse(text);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Template strings that begin with the mark editors know GraphQL by. */
async function operationsIn(folder: string): Promise<{ where: string; text: string }[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => /\.tsx?$/.test(name));
  const found = await Promise.all(
    names.map(async (name) => {
      const source = await readFile(path.join(folder, name), "utf8");
      return [...source.matchAll(/`(\s*#graphql[^`]*)`/g)].map((match) => ({
        where: `${path.join(folder, name)}:${source.slice(0, match.index).split("\n").length}`,
        text: match[1] ?? "",
      }));
    }),
  );
  return found.flat();
}
