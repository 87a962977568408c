// A tool of the OMS as the admin runs it, with what it keeps in memory.
import type { ProductFacts, ProductVariant } from "#app/products/product.ts";
import { oms } from "#app/vendors/oms/index.ts";
import type { ToolCalls, ToolResult } from "#app/vendors/vendor.ts";
import { anAttempt } from "./stand-in.ts";
import { orders } from "./support.ts";

export type ToolOrder = ToolCalls["orders"][number];

interface Given {
  input?: Record<string, unknown>;
  orders?: readonly ToolOrder[];
  products?: readonly ProductFacts[];
}

/** What the tools of one connection keep. Pass the same one to go on where an earlier run ended. */
export type Memory = Map<string, string>;

/** Runs a tool by its id against the stand-in. */
export function useTool(id: string, given: Given = {}, memory: Memory = new Map()): Promise<ToolResult> {
  const tool = oms.tools.find((one) => one.id === id);
  if (!tool) throw new Error(`there is no tool ${id}`);
  const { mine, calls } = anAttempt();
  return tool.run(given.input ?? {}, mine, {
    ask: calls.ask,
    token: "",
    now: calls.now,
    orders: given.orders ?? [],
    products: given.products ?? [],
    kept: async (name) => memory.get(name),
    keep: async (name, value) => void memory.set(name, value),
  });
}

/** Sends an order, and gives it as the admin hands it to a tool. */
export async function aSentOrder(given: Parameters<typeof anAttempt>[0] = {}): Promise<ToolOrder> {
  const { payload, mine, calls } = anAttempt(given);
  const { number, notes = {} } = await orders().submit(payload, mine, calls);
  return { name: "#1001", payload, number, notes, reference: calls.reference };
}

/** A variant of a Shopify product. */
export function aVariant(overrides: Partial<ProductVariant> = {}): ProductVariant {
  return { id: "9001", title: "Large", options: [], metafields: {}, weight: 200.4, ...overrides };
}

/** A Shopify product with two variants. */
export function aProduct(overrides: Partial<ProductFacts> = {}): ProductFacts {
  return {
    id: "8001",
    title: "Classic  White T-Shirt",
    handle: "classic-white",
    descriptionHtml: "<p>Soft &amp; white.</p><p>100&#37; cotton</p>",
    status: "active",
    tags: ["tshirt", "white, large"],
    currency: "SGD",
    updatedAt: "2026-11-22T08:00:00Z",
    images: [],
    variants: [aVariant(), aVariant({ id: "9002", title: "Small" })],
    metafields: {},
    ...overrides,
  };
}
