// The list of checks. A check answers with what is wrong, or undefined.
import path from "node:path";
import { databaseDrift } from "./database-drift.ts";
import { graphqlProblems } from "./graphql.ts";
import { run } from "./run-command.ts";
import { longFiles, openEnds, registryHosts } from "./text.ts";
import { themeProblems } from "./theme.ts";

/** One check: its name on the command line, what it holds, and what is wrong (undefined: nothing). */
export interface Check {
  name: string;
  about: string;
  run(): Promise<string | undefined>;
}

const tool = (...names: string[]): string => path.join("node_modules", ...names);

export const checks: readonly Check[] = [
  {
    name: "lint",
    about: "the rules and the walls of eslint.config.js",
    run: () => run([tool("eslint", "bin", "eslint.js"), "--max-warnings", "0", "."]),
  },
  {
    name: "types",
    about: "TypeScript, strict",
    run: () => run([tool("typescript", "bin", "tsc"), "--noEmit", "-p", "."]),
  },
  {
    name: "format",
    about: "prettier has nothing to change",
    run: () => run([tool("prettier", "bin", "prettier.cjs"), "--check", "--log-level", "warn", "."]),
  },
  { name: "database", about: "the migrations make what schema.prisma says", run: databaseDrift },
  {
    name: "graphql",
    about: "every operation is valid in Shopify's schema and its scopes are asked for",
    run: graphqlProblems,
  },
  { name: "theme", about: "Shopify's theme check, and what it does not see", run: themeProblems },
  { name: "lockfile", about: "names no registry host", run: registryHosts },
  { name: "length", about: "no file over 300 lines", run: longFiles },
  { name: "words", about: "no open ends in the tree", run: openEnds },
];
