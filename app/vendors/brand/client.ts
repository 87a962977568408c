// The calls to dotcph: push, list, read and take out products, and the health check. All of them may be made twice:
// a push is an upsert by SKU.
import {
  refuse,
  VendorError,
  type Asking,
  type ListedItem,
  type VendorReply,
  type VendorRequest,
} from "../vendor.ts";
import type { PictureBody } from "./pictures.ts";
import type { ProductBody } from "./payload.ts";
import { ruleTrouble } from "./prices.ts";
import type { Settings } from "./settings.ts";
import { readHealth, readListed, toListedItem, type Health, type Listed } from "./status.ts";

/** A product with its pictures; without `images` when they did not change. */
export type PushedProduct = ProductBody & { images?: PictureBody[] };

/** What dotcph answers to a push that it read and does not take as a whole: 400, too large, or not understood. */
export const refusedWhole: readonly number[] = [400, 413, 422];

/** Pushes up to 100 products ("POST /products", Brand Product API, read 2026-11-22). A whole refusal is an answer. */
export async function pushProducts(
  products: readonly PushedProduct[],
  settings: Settings,
  asking: Asking,
): Promise<VendorReply> {
  return asking.ask(
    request(settings, {
      method: "POST",
      path: "/products",
      json: { products },
      alsoFine: refusedWhole,
      // Pictures may come along, and dotcph stores them before it answers.
      deadlineMs: 60_000,
    }),
  );
}

// The list has no pages: 10,000 products with descriptions are some thirty megabytes.
const mostListBytes = 128 * 1024 * 1024;

/** Everything dotcph has of the brand, inactive products too ("GET /products"). */
export async function listProducts(settings: Settings, asking: Asking): Promise<Listed[]> {
  const reply = await asking.ask(
    request(settings, { method: "GET", path: "/products", maxBytes: mostListBytes, deadlineMs: 120_000 }),
  );
  return readListed(reply);
}

/**
 * One product by its SKU ("GET /products/{sku}"); undefined when dotcph does not have it. A SKU that does not survive
 * in a path is looked for in the list, because a 404 then says nothing.
 */
export async function fetchProduct(
  sku: string,
  settings: Settings,
  asking: Asking,
): Promise<Listed | undefined> {
  const reply = await asking.ask(
    request(settings, { method: "GET", path: skuPath(sku), expect: "anything", alsoFine: [404] }),
  );
  if (reply.status !== 404) return readListed(reply, true)[0];
  if (isPlain(sku)) return known404(reply);
  return (await listProducts(settings, asking)).find((each) => each.sku === sku);
}

/**
 * Takes a product out ("DELETE /products/{sku}": it is marked inactive, a push brings it back). One that is not there
 * is done. Throws `rejected` when dotcph says that it does not know a SKU which its own list still shows.
 */
export async function deactivateProduct(sku: string, settings: Settings, asking: Asking): Promise<string> {
  const reply = await asking.ask(
    request(settings, { method: "DELETE", path: skuPath(sku), expect: "anything", alsoFine: [404] }),
  );
  if (reply.status !== 404) return `${sku} was taken out of your catalogue at dotcph.`;
  if (isPlain(sku)) known404(reply);
  else if ((await listProducts(settings, asking)).some((each) => each.sku === sku && each.isActive))
    return refuse(
      `dotcph cannot find ${sku} by its own address, because of the signs in the SKU, so it is still in your catalogue. Ask your agency to take it out.`,
    );
  return `dotcph does not have ${sku}, so there was nothing to take out.`;
}

/** Whether the key works, for which brand, and whether pictures can be stored ("GET /health"). */
export async function checkHealth(settings: Settings, asking: Asking): Promise<Health> {
  return readHealth(await asking.ask(request(settings, { method: "GET", path: "/health" })));
}

/** Tries the settings; answers "Connected as …". */
export async function testConnection(settings: Settings, asking: Asking): Promise<string> {
  const trouble = ruleTrouble(settings);
  if (trouble !== undefined) throw new VendorError("connection", trouble);
  const { brand, hasStorage } = await checkHealth(settings, asking);
  const pictures =
    settings.pictures !== "upload" || hasStorage
      ? ""
      : " Your agency has no picture storage, so pictures are sent as links.";
  return `Connected as ${brand ?? "your brand"}.${pictures}`;
}

/** Everything dotcph has, in the words of the dry run. */
export async function listItems(settings: Settings, asking: Asking): Promise<ListedItem[]> {
  return (await listProducts(settings, asking)).map(toListedItem);
}

// A slash or a percent sign is decoded by some servers before they look for the path.
function isPlain(sku: string): boolean {
  return encodeURIComponent(sku) === sku;
}

// All its errors are JSON: a page of HTML comes from a wrong address, where every product would seem to be gone.
function known404(reply: VendorReply): undefined {
  if (typeof reply.json !== "object" || reply.json === null)
    throw new VendorError(
      "connection",
      "What answers at this API address is not dotcph. Compare the address with what your agency sent you.",
      { status: reply.status },
    );
  return undefined;
}

function skuPath(sku: string): string {
  // "/products/.." is "/" to every reader of addresses, also when it is encoded.
  if (sku === "" || /^\.{1,2}$/.test(sku)) return refuse("A SKU of nothing but dots cannot be asked for.");
  return `/products/${encodeURIComponent(sku)}`;
}

type ApiRequest = Omit<VendorRequest, "url" | "headers"> & { path: string };

function request(settings: Settings, { path, ...rest }: ApiRequest): VendorRequest {
  return {
    ...rest,
    url: `${apiRoot(settings.baseUrl)}${path}`,
    headers: { "x-api-key": settings.apiKey },
  };
}

/** "https://dotcph.com" and "https://dotcph.com/api/v1/" both mean the same API. */
export function apiRoot(baseUrl: string): string {
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, "").replace(/\/api\/v1$/, "");
  return `${url.origin}${path}/api/v1`;
}
