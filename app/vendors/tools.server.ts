// A vendor's tool, from the form in the admin to what came back. Reads the fields, gathers what the merchant chose,
// talks to the vendor once, and answers with something a page can show.
import { askOpen, openConnection, type OpenConnection } from "../connections/ask.server.ts";
import { forget, recall, remember, take } from "../connections/memory.server.ts";
import { whileNoOrder } from "../connections/resting.server.ts";
import { gone } from "../connections/row.server.ts";
import { openJson } from "../crypto.server.ts";
import { log } from "../log.server.ts";
import { referenceAtVendor } from "../orders/order-id.ts";
import type { ProductFacts } from "../products/product.ts";
import { adminFor, ShopifyError } from "../shopify/admin.server.ts";
import { readProduct } from "../shopify/read-product.server.ts";
import type { World } from "../world.server.ts";
import { readFormWithFiles } from "./fields.ts";
import type { Exchange } from "./http.server.ts";
import type { AnyTool, Asking, Notes, ToolCalls, ToolResult } from "./vendor.ts";

/** What a page posted for a tool. */
export interface ToolRun {
  shop: string;
  connectionId: string;
  toolId: string;
  /** The tool's fields by their keys; file fields as files. */
  form: FormData;
  /** Ids of Orders or of VendorOrders; those that this connection's vendor has are used. */
  orderIds: readonly string[];
  /** Shopify's numbers of products. */
  productIds: readonly string[];
}

/** What came of it: the result, one sentence for each wrong field, or why it was not done. */
export type ToolOutcome = { result: ToolResult } | { errors: Record<string, string> } | { refused: string };

// Longer than any request to a page lives: after that a tool that was begun is not running any more.
const runMinutes = 15;
const mostChosen = 250;

/**
 * Runs a tool. One that changes something at the vendor (it asks first) runs once at a time on a connection, so that a
 * double click is not two; what it began and could not finish, it finds in its memory at the next run.
 */
export async function runTool(world: World, run: ToolRun): Promise<ToolOutcome> {
  const open = await openConnection(world, run);
  const tool = open?.vendor.tools.find(({ id }) => id === run.toolId);
  if (!open || !tool) return { refused: open ? "This tool is not there any more. Reload the page." : gone };
  const read = await readFormWithFiles(tool.fields, run.form);
  if ("errors" in read) return read;
  if (tool.confirm === undefined) return converse(world, { run, open, tool, input: read.values });
  const { shop, connectionId } = run;
  const lock = { shop, connectionId, name: `app:running ${tool.id}` };
  if (!(await take(world.db, { ...lock, value: "", minutes: runMinutes })))
    return {
      refused: "This is being done at this moment. Wait until it is finished, then look at what came of it.",
    };
  const running: Running = { run, open, tool, input: read.values };
  try {
    if (tool.alone !== true) return await converse(world, running);
    return await whileNoOrder(world, open.row.accountId, (stillAlone) =>
      converse(world, { ...running, beforeSend: stillAlone }),
    );
  } finally {
    await forget(world.db, lock);
  }
}

interface Running {
  run: ToolRun;
  open: OpenConnection;
  tool: AnyTool<unknown>;
  input: Record<string, unknown>;
  /** May keep a request from leaving, by throwing. */
  beforeSend?: () => Promise<void>;
}

async function converse(world: World, running: Running): Promise<ToolOutcome> {
  const { run, open, tool, input, beforeSend } = running;
  const chosen = await gather(world, running);
  if ("refused" in chosen) return chosen;
  const exchanges: Exchange[] = [];
  const started = performance.now();
  const asked = await askOpen(
    world,
    {
      ...open,
      exchanges,
      ...(beforeSend && { beforeSend }),
      ...(tool.withoutLogin && { withoutLogin: true }),
    },
    (asking) => tool.run(input, open.settings, callsOf(world, { run, asking, chosen })),
  );
  log.info(
    {
      shop: run.shop,
      vendor: open.vendor.id,
      tool: tool.id,
      requests: exchanges.length,
      problem: "refused" in asked ? asked.problem : undefined,
      milliseconds: Math.round(performance.now() - started),
    },
    "tool.ran",
  );
  if ("refused" in asked) return { refused: asked.refused };
  const { warnings = [], ...result } = asked.answer;
  return { result: { ...result, warnings: [...chosen.leftOut, ...warnings] } };
}

interface Chosen {
  orders: ToolCalls["orders"];
  products: readonly ProductFacts[];
  /** Sentences about what was chosen and cannot be used. */
  leftOut: string[];
}

function callsOf(
  world: World,
  { run, asking, chosen }: { run: ToolRun; asking: Asking; chosen: Chosen },
): ToolCalls {
  const { shop, connectionId } = run;
  const nameOf = (name: string) => ({ shop, connectionId, name: `tool:${name}` });
  return {
    ask: asking.ask,
    token: asking.token,
    now: asking.now,
    orders: chosen.orders,
    products: chosen.products,
    kept: async (name) => (await recall(world.db, nameOf(name)))?.value,
    keep: (name, value) => remember(world.db, { ...nameOf(name), value }),
  };
}

async function gather(world: World, { run, open, tool }: Running): Promise<Chosen | { refused: string }> {
  if (tool.takes === "products") return readProducts(world, run);
  if (tool.takes === undefined) return { orders: [], products: [], leftOut: [] };
  const ids = [...new Set(run.orderIds)].slice(0, mostChosen);
  const { orders, found } = await readOrders(world, { run, ids });
  const { label } = open.row;
  if (orders.length === 0)
    return { refused: `${label} has none of these orders. Choose orders that were sent there.` };
  const missing = ids.length - found;
  const are = missing === 1 ? "is" : "are";
  return {
    orders,
    products: [],
    leftOut:
      missing > 0
        ? [`${missing} of the chosen orders ${are} not at ${label}, so nothing was done for them.`]
        : [],
  };
}

interface SentRow {
  id: string;
  orderId: string;
  name: string;
  payload: Buffer;
  number: string | null;
  notes: Notes;
  reference: string;
  resend: number;
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

// What was erased meanwhile has no payload any more and cannot be worked on.
async function readOrders(
  world: World,
  { run, ids }: { run: ToolRun; ids: string[] },
): Promise<{ orders: Chosen["orders"]; found: number }> {
  const { shop, connectionId } = run;
  const { rows } = await world.db.query<SentRow>(
    `SELECT v.id, v."orderId", o.name, v.payload, v."vendorNumber" AS number, v.notes, v.reference, v.resend
     FROM "VendorOrder" v JOIN "Order" o ON o.id = v."orderId"
     WHERE v.shop = $1 AND v."connectionId" = $2 AND v.status IN ('sent', 'shipped') AND v.payload IS NOT NULL
       AND (v.id = ANY($3) OR v."orderId" = ANY($3)) ORDER BY o."placedAt", v.part LIMIT $4`,
    [shop, connectionId, ids.filter((id) => uuid.test(id)), mostChosen],
  );
  const known = new Set(rows.flatMap(({ id, orderId }) => [id, orderId]));
  return {
    orders: rows.map(({ id, name, payload, number, notes, ...row }) => ({
      name,
      payload: openJson(payload, { table: "VendorOrder", column: "payload", shop, row: id }),
      number: number ?? undefined,
      notes,
      reference: referenceAtVendor(row),
    })),
    found: ids.filter((id) => known.has(id.toLowerCase())).length,
  };
}

async function readProducts(
  world: World,
  { shop, productIds }: ToolRun,
): Promise<Chosen | { refused: string }> {
  const ids = [...new Set(productIds)].filter((id) => /^\d{1,20}$/.test(id)).slice(0, mostChosen);
  const admin = adminFor(shop, world.db);
  const products: ProductFacts[] = [];
  try {
    // One after the other: Shopify counts what a query costs, and a merchant chooses a page full at most.
    for (const id of ids) {
      const product = await readProduct(admin, id);
      if (product) products.push(product);
    }
  } catch (error) {
    if (!(error instanceof ShopifyError)) throw error;
    return { refused: error.message };
  }
  if (products.length === 0)
    return { refused: "Shopify has none of these products any more. Choose others." };
  const missing = ids.length - products.length;
  return {
    orders: [],
    products,
    leftOut:
      missing === 0
        ? []
        : [`${missing} of the chosen products ${missing === 1 ? "is" : "are"} not in Shopify any more.`],
  };
}
