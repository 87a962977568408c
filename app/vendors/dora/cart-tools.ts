// The cart, looked at by a person, and one line taken out of it. Buying stays where orders are sent: this app's orders
// meet in the same cart, so nothing here may change what an order is about to buy.
import { defineTool, refuse, VendorError, type AnyTool, type ToolCalls, type ToolResult } from "../vendor.ts";
import { nameOf, wordsOf, type Cart, type CartItem } from "./cart.ts";
import { readCart, removeFromCart } from "./client.ts";
import type { Settings } from "./settings.ts";

const tool = defineTool<Settings>();
const group = "Cart";

const lookAtCart = tool({
  id: "cart",
  label: "What is in the cart",
  help: "Shows the one cart of this login. Between two orders it must be empty: what somebody else puts into it stops your orders.",
  group,
  fields: [],
  run: async (_input, settings, calls) => {
    const cart = await readCart(settings, calls);
    return cart.items.length === 0
      ? { sentence: "The cart is empty." }
      : {
          ...shown(cart, `The cart holds ${piecesIn(cart)}.`),
          warnings: [
            "While an order is being sent its items lie here for a moment. If they stay, no other order can be sent.",
          ],
        };
  },
});

// A cart that an order is working on changes within this time, or that order waits for a person.
const restMs = 3 * 60_000;

const takeOut = tool({
  id: "cart-remove",
  label: "Take a line out of the cart",
  help: "For what somebody left in the cart. Asks twice: the first time the cart is only looked at; when it is unchanged three minutes later, the line is taken out.",
  group,
  fields: [{ key: "itemKey", kind: "text", label: "Key of the line", help: "From “What is in the cart”." }],
  confirm:
    "The line is taken out of Dora's cart. Pause every connection that uses this login first: an order that is being sent at this moment could be bought without it.",
  run: async (input, settings, calls) => {
    const itemKey = input.itemKey.trim();
    const cart = await readCart(settings, calls);
    const line = cart.items.find((item) => item.item_key === itemKey);
    if (!line)
      return cart.items.length === 0
        ? { sentence: "The cart is empty, so there is nothing to take out." }
        : shown(cart, "The cart has no line with this key. Nothing was taken out.");
    const wait = await unrest(cart, calls);
    if (wait !== undefined) refuse(wait);
    await removeFromCart(itemKey, settings, calls);
    const after = await readCart(settings, calls);
    await calls.keep(seenName, "");
    if (after.items.some((item) => item.item_key === itemKey))
      throw new VendorError("retry", "Dora still has this line in its cart. Try again in a few minutes.");
    const left = after.items.length === 0 ? "The cart is empty now." : `It still holds ${piecesIn(after)}.`;
    return shown(after, `${line.quantity} × ${nameOf(line)} was taken out of the cart. ${left}`);
  },
});

const seenName = "cart seen";

/**
 * Why the cart must be left alone for now; undefined when it has been the same for a while. This app's own orders hold
 * the login for seconds, and no tool can see that, so a cart that may be in use is told by whether it moves.
 */
async function unrest(cart: Cart, calls: ToolCalls): Promise<string | undefined> {
  const now = await fingerprint(cart);
  const [before = "", since = ""] = ((await calls.kept(seenName)) ?? "").split(" ");
  const sinceMs = Date.parse(since);
  if (before === now && calls.now.getTime() - sinceMs >= restMs) return undefined;
  const isNew = before !== now || Number.isNaN(sinceMs);
  if (isNew) await calls.keep(seenName, `${now} ${calls.now.toISOString()}`);
  return isNew
    ? "Nothing was taken out yet: an order may be using the cart at this moment. Do this again in three minutes. If the cart has not changed until then, the line is taken out."
    : "Nothing was taken out yet: an order may still be using the cart. Three minutes after you first asked, do this again.";
}

async function fingerprint({ items }: Cart): Promise<string> {
  const lines = items.map(({ item_key, quantity }) => JSON.stringify([item_key, quantity])).sort();
  const bytes = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(lines.join()));
  return [...new Uint8Array(bytes).subarray(0, 12)]
    .map((byte) => byte.toString(16).padStart(2, "0"))
    .join("");
}

function piecesIn({ items }: Cart): string {
  const pieces = items.reduce((sum, { quantity }) => sum + quantity, 0);
  return pieces === 1 ? "one piece" : `${pieces} pieces`;
}

function shown({ items, total }: Cart, sentence: string): ToolResult {
  if (items.length === 0) return { sentence };
  return {
    sentence,
    ...(typeof total === "number" && { facts: [["Total", total.toFixed(2)] as const] }),
    table: { columns: ["Item", "Quantity", "Price", "As configured", "Key"], rows: items.map(rowOf) },
  };
}

function rowOf(item: CartItem): (string | number)[] {
  const { quantity, price, item_key, details } = item;
  const local = details?.local_size ? `size ${details.local_size}, ` : "";
  const words = wordsOf(item);
  return [
    details?.name ?? nameOf(item),
    quantity,
    typeof price === "number" ? price.toFixed(2) : "",
    words === "" ? "" : local + words,
    item_key,
  ];
}

/** The tools of the cart, in the order in which the admin shows them. */
export const cartTools: readonly AnyTool<Settings>[] = [lookAtCart, takeOut];
