// Where the tools of a vendor are: their addresses, and the list of them as pages show it. Pure.

/** A tool as lists show it. */
export interface ToolView {
  id: string;
  label: string;
  help: string;
  group: string;
  takes?: "orders" | "products" | undefined;
}

/** A tool as a page's action on chosen rows. */
export interface OfferedTool {
  label: string;
  /** The address of its page, without what was chosen. */
  to: string;
}

/** More than this is not chosen in one go: the address would grow too long for a server in between. */
export const maxChosen = 50;

/** The page of a tool for one connection. */
export function toolAddress(at: { vendor: string; connection: string; tool: string }): string {
  return `/app/vendors/${at.vendor}/tools/${at.tool}?connection=${at.connection}`;
}

/** The page of a tool with what was chosen on a list. */
export function withChosen(to: string, ids: readonly string[]): string {
  return ids.length === 0 ? to : `${to}&ids=${ids.slice(0, maxChosen).join(",")}`;
}

/** Reads what was chosen from the address: Shopify's numbers or our ids; anything else is left out. */
export function readChosen(text: string | null): string[] {
  const ids = (text ?? "").split(",").filter((id) => /^[0-9a-f-]{1,40}$/i.test(id));
  return [...new Set(ids)].slice(0, maxChosen);
}

/** The tools under their headings, in the order the vendor gives. */
export function inGroups<T extends { group: string }>(tools: readonly T[]): { group: string; tools: T[] }[] {
  return [...Map.groupBy(tools, ({ group }) => group)].map(([group, list]) => ({ group, tools: list }));
}

/** Tools of several connections that take the same: the name of the connection tells them apart. */
export function offeredTools(
  connections: readonly { id: string; vendor: string; label: string; tools: readonly ToolView[] }[],
  takes: "orders" | "products",
): OfferedTool[] {
  return connections.flatMap(({ id, vendor, label, tools }) =>
    tools
      .filter((tool) => tool.takes === takes)
      .map((tool) => ({
        label: `${tool.label} (${label})`,
        to: toolAddress({ vendor, connection: id, tool: tool.id }),
      })),
  );
}
