// The calls to Dora, one function for each. All are asks but the last: POST /cart buys what is in the cart.
// Source of every path and field: Dora API v2, read 2026-11-22.
import { z } from "zod";
import {
  refuse,
  VendorError,
  type Asking,
  type Calls,
  type VendorProduct,
  type VendorReply,
  type VendorRequest,
} from "../vendor.ts";
import { cartSchema, number, text, type Cart } from "./cart.ts";
import {
  itemPageSchema,
  itemSchema,
  productPageSchema,
  productRow,
  ringRow,
  type Item,
} from "./catalogue.ts";
import type { Put, RingPut } from "./payload.ts";
import type { Settings } from "./settings.ts";
import { errorWords, unreadable } from "./status.ts";

type Call = Omit<VendorRequest, "url" | "headers"> & { path: string };

/** Every call but the login carries the token; a trailing slash of the setting must not double. */
function request({ path, ...call }: Call, settings: Settings, token: string): VendorRequest {
  return {
    ...call,
    url: settings.baseUrl.replace(/\/+$/, "") + path,
    ...(token !== "" && { headers: { authorization: `Bearer ${token}` } }),
  };
}

function read<T>(schema: z.ZodType<T>, reply: VendorReply, what: string): T {
  const parsed = schema.safeParse(reply.json);
  if (!parsed.success) throw unreadable(what);
  return parsed.data;
}

const user = z.object({
  dealer_name: text.nullish(),
  currency_code: text.nullish(),
  role: text.nullish(),
});
const signedIn = z.object({ token: z.string().min(1), role: text.nullish() });

/** POST /auth/login. A refused login is the connection's trouble, whatever the status: the document names none. */
export async function signIn(settings: Settings, asking: Asking): Promise<z.infer<typeof signedIn>> {
  const { username, password } = settings;
  const call: Call = {
    method: "POST",
    path: "/auth/login",
    json: { username, password },
    alsoFine: [400, 401, 403, 404, 422],
  };
  const reply = await asking.ask(request(call, settings, ""));
  if (reply.status >= 400) {
    const words = errorWords(reply);
    throw new VendorError(
      "connection",
      `Dora does not accept this user name and password${words ? `: ${words}` : ""}. Correct them on the Vendors page.`,
      { status: reply.status },
    );
  }
  return read(signedIn, reply, "the login");
}

/** GET /auth/authenticate: a fresh token for one that still works; undefined when it does not any more. */
export async function renewToken(settings: Settings, asking: Asking): Promise<string | undefined> {
  const call: Call = { method: "GET", path: "/auth/authenticate", alsoFine: [400, 401, 403, 404] };
  const reply = await asking.ask(request(call, settings, asking.token));
  return reply.status < 300
    ? read(z.object({ token: z.string().min(1) }), reply, "the login").token
    : undefined;
}

/** GET /auth/user: whose login it is. */
export async function readUser(settings: Settings, asking: Asking): Promise<z.infer<typeof user>> {
  return read(
    user,
    await asking.ask(request({ method: "GET", path: "/auth/user" }, settings, asking.token)),
    "the login",
  );
}

/** The pick-list: rings and other products that fit the search, rings with all their defaults. */
export async function listProducts(
  settings: Settings,
  search: string,
  asking: Asking,
): Promise<VendorProduct[]> {
  const rings = await readPage("/catalog/items", itemPageSchema, { search, settings, asking });
  const others = await readPage("/product/items", productPageSchema, { search, settings, asking });
  const rows = await Promise.all(
    rings.map(async (found) => {
      const item = await readItem({ id: found.id, collection_id: found.collection_id }, settings, asking);
      return item ? [ringRow(found, item)] : [];
    }),
  );
  const { currency_code } = others.length > 0 ? await readUser(settings, asking) : {};
  return [...rows.flat(), ...others.map((found) => productRow(found, currency_code))];
}

// Each ring costs one more request, so the list is short: the search narrows it.
const pageSize = 10;

async function readPage<T>(
  path: string,
  schema: z.ZodType<{ items: T[] }>,
  { search, settings, asking }: { search: string; settings: Settings; asking: Asking },
): Promise<T[]> {
  const json = { ...(search.trim() !== "" && { search: search.trim() }), page: 1, limit: pageSize };
  const call: Call = { method: "POST", path, json, alsoFine: [404] };
  const reply = await asking.ask(request(call, settings, asking.token));
  if (reply.status !== 404) return read(schema, reply, "its catalogue").items;
  // "No items found" is a 404 at Dora.
  if (errorWords(reply) === undefined) throw notDora();
  return [];
}

/** POST /catalog/item: a ring in detail; undefined when this login has no such ring. */
async function readItem(
  ids: { id: number; collection_id: number },
  settings: Settings,
  asking: Asking,
): Promise<Item | undefined> {
  const call: Call = { method: "POST", path: "/catalog/item", json: ids, alsoFine: [404] };
  const reply = await asking.ask(request(call, settings, asking.token));
  return reply.status === 404 ? undefined : read(itemSchema, reply, "a ring");
}

/** POST /catalog/item as it would be made. Throws `rejected` when Dora does not make it like that. */
export async function readConfiguredItem(
  { put, collectionId }: { put: RingPut; collectionId: number },
  settings: Settings,
  asking: Asking,
): Promise<Item> {
  const { size, width, parts } = put.options;
  const json = { id: put.id, collection_id: collectionId, mode: "ring", size, width, parts };
  const call: Call = { method: "POST", path: "/catalog/item", json, alsoFine: [400, 404] };
  const reply = await asking.ask(request(call, settings, asking.token));
  if (reply.status < 400) return read(itemSchema, reply, "a ring");
  const words = errorWords(reply);
  if (words === undefined) throw notDora();
  return refuse(
    `Dora does not make ring ${put.id} as it is set up: ${words}. Correct the product on the Products page, then send this order again.`,
  );
}

/**
 * GET /cart. A login that never had a cart may get the 404 that DELETE documents; only in Dora's own error
 * shape is that an empty cart. Each item carries its picture (up to 400 px, base64), hence the cap.
 */
export async function readCart(settings: Settings, asking: Asking): Promise<Cart> {
  const call: Call = { method: "GET", path: "/cart", alsoFine: [404], maxBytes: 32 * 1024 * 1024 };
  const reply = await asking.ask(request(call, settings, asking.token));
  if (reply.status !== 404) return read(cartSchema, reply, "its cart");
  if (errorWords(reply) === undefined) throw notDora();
  return { items: [], total: 0 };
}

function notDora(): VendorError {
  return new VendorError(
    "connection",
    "What answers at the web address of the Dora settings is not Dora. Correct the address on the Vendors page.",
    { status: 404 },
  );
}

/**
 * PUT /cart: adds to what is there, so it is never said twice without looking. The answer is an empty 200;
 * "not kept" is the documented 500, which may have been kept all the same.
 */
export async function addToCart(put: Put, settings: Settings, asking: Asking): Promise<"kept" | "not kept"> {
  const call: Call = { method: "PUT", path: "/cart", json: put, expect: "anything", alsoFine: [500] };
  const reply = await asking.ask(request(call, settings, asking.token));
  if (reply.status === 500) return "not kept";
  const words = errorWords(reply);
  return words === undefined ? "kept" : refuse(`Dora: ${words}`);
}

/** DELETE /cart, with its JSON body. What is not there any more is as good as removed. */
export async function removeFromCart(itemKey: string, settings: Settings, asking: Asking): Promise<void> {
  const json = { item_key: itemKey };
  const call: Call = { method: "DELETE", path: "/cart", json, expect: "anything", alsoFine: [404] };
  await asking.ask(request(call, settings, asking.token));
}

const bought = z.object({ orderNo: text.nullish(), total: number.nullish().catch(undefined) });

// The cart was full a moment ago, so a refusal does not mean "not bought": "Cart is empty" says that somebody
// was faster, and the document states none of the others. Only the key (401, 403) and "slow down" are clear.
const unclearRefusals = Array.from({ length: 100 }, (_, index) => 400 + index).filter(
  (status) => ![401, 403, 429].includes(status),
);

/** POST /cart: buys everything in it. `refused` is the status of a refusal, which proves nothing. */
export async function buyCart(
  settings: Settings,
  calls: Calls,
): Promise<{ orderNo: string; total: number | undefined } | { refused: number }> {
  const call: Call = { method: "POST", path: "/cart", alsoFine: unclearRefusals };
  const reply = await calls.commit(request(call, settings, calls.token));
  if (reply.status >= 400) return { refused: reply.status };
  const parsed = bought.safeParse(reply.json);
  const orderNo = parsed.data?.orderNo?.trim();
  if (!orderNo || orderNo === "0")
    throw new VendorError(
      "unsure",
      "Dora answered without an order number, so it may or may not have the order.",
      {
        status: reply.status,
        lost: true,
      },
    );
  return { orderNo, total: parsed.data?.total ?? undefined };
}
