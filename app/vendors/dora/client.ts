// The calls about the cart, one function for each. All are asks but the last: POST /cart buys what is in the cart.
// Source of every path and field: Dora API v2, 'Cart Endpoints', read 2026-11-22.
import { z } from "zod";
import { refuse, VendorError, type Asking, type Calls } from "../vendor.ts";
import { cartSchema, type Cart } from "./cart.ts";
import { number, text } from "./numbers.ts";
import type { Put } from "./payload.ts";
import { askForSome, read, request, type Call } from "./request.ts";
import type { Settings } from "./settings.ts";
import { errorWords } from "./status.ts";

/**
 * GET /cart. A login that never had a cart may get the 404 that DELETE documents; only in Dora's own error
 * shape is that an empty cart. Each item carries its picture (up to 400 px, base64), hence the cap.
 */
export async function readCart(settings: Settings, asking: Asking): Promise<Cart> {
  const call: Call = { method: "GET", path: "/cart", maxBytes: 32 * 1024 * 1024 };
  const reply = await askForSome(call, settings, asking);
  return reply ? read(cartSchema, reply, "its cart") : { items: [], total: 0 };
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
