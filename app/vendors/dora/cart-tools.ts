// The cart, looked at by a person, and one line taken out of it while no order uses it. Buying stays where orders are
// sent.
import { defineTool, VendorError, type AnyTool, type ToolResult } from "../vendor.ts";
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

const takeOut = tool({
  id: "cart-remove",
  label: "Take a line out of the cart",
  help: "For what somebody left in the cart. Not possible while an order of this app uses it.",
  group,
  fields: [{ key: "itemKey", kind: "text", label: "Key of the line", help: "From “What is in the cart”." }],
  confirm: "The line is taken out of Dora's cart.",
  alone: true,
  run: async (input, settings, calls) => {
    const itemKey = input.itemKey.trim();
    const cart = await readCart(settings, calls);
    const line = cart.items.find((item) => item.item_key === itemKey);
    if (!line)
      return cart.items.length === 0
        ? { sentence: "The cart is empty, so there is nothing to take out." }
        : shown(cart, "The cart has no line with this key. Nothing was taken out.");
    await removeFromCart(itemKey, settings, calls);
    const after = await readCart(settings, calls);
    if (after.items.some((item) => item.item_key === itemKey))
      throw new VendorError("retry", "Dora still has this line in its cart. Try again in a few minutes.");
    const left = after.items.length === 0 ? "The cart is empty now." : `It still holds ${piecesIn(after)}.`;
    return shown(after, `${line.quantity} × ${nameOf(line)} was taken out of the cart. ${left}`);
  },
});

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
