// Runs a tool of node_modules; only what it says when it fails is of interest.
import { runNode } from "../../sandbox/demo/run-node.ts";

/** Runs Node with `args`. Answers with what the tool said when it failed, else undefined. */
export async function run(args: string[]): Promise<string | undefined> {
  const { code, said } = await runNode(args);
  return code === 0 ? undefined : said || `ended with code ${String(code)}`;
}
