// A tool of Dora as the admin runs it, with what it keeps in memory.
import { fieldsSchema } from "#app/vendors/fields.ts";
import { dora } from "#app/vendors/dora/index.ts";
import type { AnyTool, ToolResult } from "#app/vendors/vendor.ts";
import type { MemoryCalls } from "#test/vendors/calls.ts";

/** What the tools of one connection keep. Pass the same one to go on where an earlier run ended. */
export type Memory = Map<string, string>;

export function toolOf(id: string): AnyTool<unknown> {
  const tool = dora.tools.find((one) => one.id === id);
  if (!tool) throw new Error(`there is no tool ${id}`);
  return tool;
}

/** Runs a tool by its id with the calls of `atDora`; fields left out have the form's defaults. */
export function useTool(
  id: string,
  at: { calls: MemoryCalls; settings: Record<string, unknown>; memory?: Memory },
  input: Record<string, unknown> = {},
): Promise<ToolResult> {
  const { calls, settings, memory = new Map<string, string>() } = at;
  const tool = toolOf(id);
  return tool.run(fieldsSchema(tool.fields).parse(input), settings, {
    ask: calls.ask,
    token: calls.token,
    now: calls.now,
    orders: [],
    products: [],
    kept: async (name) => memory.get(name),
    keep: async (name, value) => void memory.set(name, value),
  });
}

/** Every column of a table with the cells of one row. */
export function rowOf({ table }: ToolResult, index = 0): Record<string, unknown> {
  const row = table?.rows[index] ?? [];
  return Object.fromEntries((table?.columns ?? []).map((column, at) => [column, row[at]]));
}
