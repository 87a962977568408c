// The page of one tool of a vendor: its form as data, what it works on, and what came of running it.
import { findConnection } from "../connections/row.server.ts";
import { runTool } from "../vendors/tools.server.ts";
import { vendorById } from "../vendors/index.server.ts";
import type { ToolResult } from "../vendors/vendor.ts";
import { prisma, world } from "../world.server.ts";
import { readLimited } from "./posted.server.ts";
import { chooseOrders, chooseProducts, type Choosing } from "./chosen.server.ts";
import { connectionBadge } from "./standing.ts";
import { maxChosen, readChosen, type ToolView } from "./tools.ts";
import { safeLink, safePicture } from "./links.ts";

interface Asked {
  shop: string;
  vendorId: string;
  toolId: string;
  connectionId: string;
}

/** Everything of the page; undefined when there is no such tool or connection in this shop. */
export async function readToolPage(
  asked: Asked & { ids: string | null; search: string; cursor: string | null },
) {
  const { shop, connectionId, search } = asked;
  const vendor = vendorById(asked.vendorId);
  const tool = vendor?.tools.find(({ id }) => id === asked.toolId);
  const connection = await findConnection((await world()).db, { shop, connectionId });
  if (!vendor || !tool || connection?.vendor !== vendor.id) return undefined;
  const which = {
    shop,
    connectionId,
    search,
    ids: readChosen(asked.ids),
    cursor: asked.cursor?.slice(0, 1000),
  };
  const choosing: Choosing | undefined =
    tool.takes === "orders"
      ? await chooseOrders(which)
      : tool.takes === "products"
        ? await chooseProducts(which)
        : undefined;
  return {
    vendor: { id: vendor.id, label: vendor.label },
    connection: {
      id: connection.id,
      label: connection.label,
      badge: connectionBadge({ ...connection, quarantine: null }),
      // A tool that needs no login works also while the connection does not.
      isFailing: connection.status === "failing" && tool.withoutLogin !== true,
    },
    tool: {
      id: tool.id,
      label: tool.label,
      help: tool.help,
      group: tool.group,
      fields: [...tool.fields],
      confirm: tool.confirm,
      takes: tool.takes,
    },
    choosing,
  };
}

/** What the page of a tool is given. */
export type ToolPage = NonNullable<Awaited<ReturnType<typeof readToolPage>>>;

/** A result as a browser is given it: plain values, addresses that may be links and pictures, the file as base64. */
export interface ShownResult {
  /** When it came, in milliseconds: the same answer twice is two results. */
  at: number;
  sentence: string;
  warnings: string[];
  facts: { label: string; value: string }[];
  table?: { columns: string[]; rows: ShownCell[][] };
  image?: string;
  file?: { name: string; type: string; base64: string };
}

/** One cell: its text, and where it leads. */
export interface ShownCell {
  text: string;
  /** A number is set to the right. */
  isNumber?: true;
  href?: string;
}

/** What came of running a tool. */
export type ToolAnswer = { result: ShownResult } | { errors: Record<string, string> } | { refused: string };

// Beside its files a form has a few texts; what is longer is not from our page.
const maxTextBytes = 1_000_000;

/** Runs a tool with what its page posted. */
export async function runPosted(asked: Asked, request: Request): Promise<ToolAnswer> {
  const tool = vendorById(asked.vendorId)?.tools.find(({ id }) => id === asked.toolId);
  if (!tool) return { refused: "The page is out of date. Load it again." };
  const files = tool.fields.reduce((sum, field) => sum + (field.kind === "file" ? field.maxBytes : 0), 0);
  const form = await readLimited(request, maxTextBytes + files);
  if (!form) return { refused: "That is more than this tool takes. Choose a smaller file." };
  const ids = form.getAll("ids").map(String).slice(0, maxChosen);
  if (tool.takes && ids.length === 0)
    return {
      errors: { ids: tool.takes === "orders" ? "Choose an order first." : "Choose a product first." },
    };
  const { shop, connectionId, toolId } = asked;
  const answer = await runTool(await world(), {
    shop,
    connectionId,
    toolId,
    form,
    orderIds: tool.takes === "orders" ? ids : [],
    productIds: tool.takes === "products" ? ids : [],
  });
  return "result" in answer ? { result: shown(answer.result, Date.now()) } : answer;
}

/** A result for the browser. Pure. */
export function shown(result: ToolResult, at: number): ShownResult {
  const { sentence, warnings, facts, table, image, file } = result;
  const picture = safePicture(image);
  return {
    at,
    sentence,
    warnings: warnings ?? [],
    facts: (facts ?? []).map(([label, value]) => ({ label, value })),
    ...(table && {
      table: { columns: table.columns, rows: table.rows.map((row) => row.map((cell) => cellOf(cell))) },
    }),
    ...(picture !== undefined && { image: picture }),
    ...(file && {
      file: {
        name: file.filename,
        type: file.contentType,
        base64: Buffer.from(file.bytes).toString("base64"),
      },
    }),
  };
}

function cellOf(cell: string | number | { text: string; href: string }): ShownCell {
  if (typeof cell === "number") return { text: String(cell), isNumber: true };
  if (typeof cell === "string") return { text: cell };
  const href = safeLink(cell.href);
  return { text: cell.text, ...(href !== undefined && { href }) };
}

/** A shop's connections with the tools of their vendors, for lists that offer tools for chosen rows. */
export async function readTools(
  shop: string,
): Promise<{ id: string; vendor: string; label: string; tools: ToolView[] }[]> {
  const connections = await prisma.connection.findMany({
    where: { shop, removedAt: null },
    orderBy: { createdAt: "asc" },
    select: { id: true, vendor: true, label: true },
  });
  return connections.map((connection) => ({ ...connection, tools: toolViews(connection.vendor) }));
}

/** The tools of a vendor as lists show them. */
export function toolViews(vendorId: string): ToolView[] {
  const tools = vendorById(vendorId)?.tools ?? [];
  return tools.map(({ id, label, help, group, takes }) => ({ id, label, help, group, takes }));
}
