// A fresh dotcph around every test, a host of pictures, and the ability spoken to over real HTTP.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach } from "vitest";
import { brand } from "#app/vendors/brand/index.ts";
import type { Item } from "#app/vendors/brand/payload.ts";
import { createHttp, type Http } from "#app/vendors/http.server.ts";
import type { Notes, Published, ToolCalls, ToolResult } from "#app/vendors/vendor.ts";
import { startBrand, type BrandOptions, type BrandStandIn } from "#sandbox/vendors/brand.ts";
import { memoryCalls } from "#test/vendors/calls.ts";
import { apiKey, catalogue, settings } from "./support.ts";

export let standIn: BrandStandIn;
let http: ReturnType<typeof createHttp>;

beforeEach(() => standAgain());
afterEach(async () => {
  await standIn.stop();
  await http.close();
});

/** Starts dotcph anew, read in another way. */
export async function standAgain(options: BrandOptions = {}, privateHosts: string[] = []): Promise<void> {
  await standIn?.stop().catch(() => undefined);
  await http?.close().catch(() => undefined);
  standIn = await startBrand({ keys: [apiKey], ...options });
  http = createHttp({ allowedPrivateHosts: [`127.0.0.1:${standIn.port}`, ...privateHosts] });
}

/** Settings that reach the stand-in. */
export function mine(changed: Record<string, unknown> = {}): Record<string, unknown> {
  return settings({ baseUrl: standIn.url, ...changed });
}

/** A conversation with the stand-in, or over another wire. */
export function calls(changed: Record<string, unknown> = {}, wire: Http = http) {
  return memoryCalls({ vendor: brand, settings: mine(changed), http: wire });
}

/** Publishes items; `notes` are what each left the last time. */
export async function publish(
  items: readonly Item[],
  given: { notes?: readonly (Notes | undefined)[]; settings?: Record<string, unknown> } = {},
): Promise<Published[]> {
  const list = items.map((item, at) => ({ item, notes: given.notes?.[at] ?? {} }));
  return catalogue().publish(list, mine(given.settings), calls(given.settings));
}

/** How many products each push held. */
export function pushes(): number[] {
  return bodies().map(({ products }) => products.length);
}

/** What was pushed. */
export function bodies(): { products: Record<string, unknown>[] }[] {
  return standIn
    .requests()
    .filter(({ method }) => method === "POST")
    .map(({ body }) => body as { products: Record<string, unknown>[] });
}

/** Runs a tool as its form would. */
export async function runTool(
  id: string,
  input: Record<string, unknown> = {},
  given: { products?: ToolCalls["products"]; settings?: Record<string, unknown> } = {},
): Promise<ToolResult> {
  const tool = brand.tools.find((each) => each.id === id);
  if (!tool) throw new Error(`there is no tool ${id}`);
  return tool.run(input, mine(given.settings), {
    ...calls(given.settings),
    orders: [],
    products: given.products ?? [],
    kept: async () => undefined,
    keep: async () => undefined,
  });
}

/** A host on loopback with a file or a status at every path; a path without one is 404. */
export async function pictureHost(
  files: Record<string, Uint8Array | number>,
): Promise<{ url: string; host: string; asked: string[]; again(): Promise<void>; stop(): Promise<void> }> {
  const asked: string[] = [];
  const server: Server = createServer((request, response) => {
    const path = request.url ?? "";
    asked.push(path);
    const file = files[path] ?? 404;
    const status = typeof file === "number" ? file : 200;
    response.writeHead(status, {
      "content-type": "application/octet-stream",
      ...(status < 400 && status >= 300 && { location: "/elsewhere.jpg" }),
    });
    response.end(typeof file === "number" ? undefined : file);
  });
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  await listen(0);
  const { port } = server.address() as AddressInfo;
  const host = `127.0.0.1:${port}`;
  return {
    url: `http://${host}`,
    host,
    asked,
    /** At the same address, after a stop. */
    again: () => listen(port),
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
