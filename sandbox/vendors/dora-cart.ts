// Dora's one cart per login: lines in, and POST /cart buys whatever lies in it, from whomever it came.
// Source: Dora API v2, "Cart Endpoints", read 2026-11-22.
import { z } from "zod";
import { orderedLine, readLine, refuse, shownLine, totalOf, type CartLine } from "./dora-cart-lines.ts";
import { countryOf, type DoraUser } from "./dora-login.ts";
import { json, type Call, type LedgerEntry, type Reply, type Route } from "./stand-in.ts";

interface Cart {
  lines: Map<string, CartLine>;
  /** Every change since the last purchase: whose items met in this cart shows here. */
  history: { at: string; method: string; body: unknown }[];
}

const saved: Reply = { status: 200 };

const changeSchema = z.strictObject({ item_key: z.string().min(1), quantity: z.int() });
const removeSchema = z.strictObject({ item_key: z.string().min(1) });
const looseSchema = z.record(z.string(), z.unknown());

interface CartSettings {
  now: () => Date;
  ledger: LedgerEntry[];
  as(step: (user: DoraUser, call: Call) => Reply): Route["answer"];
}

export function createCarts({ now, ledger, as }: CartSettings): { routes: Route[]; reset(): void } {
  /** Absent until the first line is added; stays, empty, after a purchase. */
  const carts = new Map<string, Cart>();
  // Counts on over a reset: a vendor never gives a number twice.
  let orderNo = 10045;

  function show(user: DoraUser): Reply {
    const lines = [...(carts.get(user.username)?.lines.values() ?? [])];
    return json(200, {
      items: lines.map((line) => shownLine(line, user)),
      total: totalOf(lines, user) / 100,
    });
  }

  function put(user: DoraUser, call: Call): Reply {
    const read = looseSchema.safeParse(call.body);
    if (!read.success) return refuse(400, "Invalid request format");
    const added = "item_key" in read.data ? changeLine(user, read.data) : addLine(user, read.data);
    if (added !== saved) return added;
    const cart = carts.get(user.username);
    cart?.history.push({ at: now().toISOString(), method: "PUT", body: call.body });
    return saved;
  }

  function addLine(user: DoraUser, body: Record<string, unknown>): Reply {
    const line = readLine(body);
    if ("status" in line) return line;
    const cart = carts.get(user.username) ?? { lines: new Map<string, CartLine>(), history: [] };
    carts.set(user.username, cart);
    const same = cart.lines.get(line.key);
    if (same) {
      same.quantity += line.quantity;
      if (line.image !== undefined) same.image = line.image;
    } else cart.lines.set(line.key, line);
    return saved;
  }

  /** "Quantity to add/subtract": a line that reaches zero is gone. */
  function changeLine(user: DoraUser, body: Record<string, unknown>): Reply {
    if (body["quantity"] === undefined) return refuse(400, "Quantity is required");
    const read = changeSchema.safeParse(body);
    if (!read.success) return refuse(400, "Invalid request format");
    const cart = carts.get(user.username);
    const line = cart?.lines.get(read.data.item_key);
    if (!cart || !line) return refuse(404, "Item not found or incorrect options");
    line.quantity += read.data.quantity;
    if (line.quantity < 1) cart.lines.delete(line.key);
    return saved;
  }

  function remove(user: DoraUser, call: Call): Reply {
    const read = removeSchema.safeParse(call.body);
    if (!read.success) return refuse(400, "Item key required");
    const cart = carts.get(user.username);
    if (!cart) return refuse(404, "Cart not found");
    if (!cart.lines.delete(read.data.item_key)) return refuse(404, "Item not found in cart");
    cart.history.push({ at: now().toISOString(), method: "DELETE", body: call.body });
    return saved;
  }

  /** The commit: no reference, no address, no way to ask afterwards. */
  function buy(user: DoraUser): Reply {
    if (user.role === "nopurchase") return refuse(403, "No purchase permission");
    const cart = carts.get(user.username);
    if (!cart) return refuse(404, "Cart not found");
    const lines = [...cart.lines.values()];
    if (lines.length === 0) return refuse(400, "Cart is empty");
    const number = String(orderNo);
    orderNo += 1;
    const total = totalOf(lines, user) / 100;
    const items = lines.map((line) => orderedLine(line, user));
    ledger.push({
      vendor: "dora",
      number,
      at: now().toISOString(),
      body: {
        dealer: user.dealerName,
        username: user.username,
        currency: countryOf(user).currency,
        total,
        items,
        history: cart.history,
      },
      lines: items.map(({ style_no, quantity, ...detail }) => ({ sku: style_no, quantity, detail })),
    });
    carts.set(user.username, { lines: new Map(), history: [] });
    return json(200, { orderNo: number, total });
  }

  const routes: Route[] = [
    { method: "GET", path: "/cart", answer: as(show) },
    { method: "PUT", path: "/cart", answer: as(put) },
    { method: "DELETE", path: "/cart", answer: as(remove) },
    { method: "POST", path: "/cart", takes: "nothing", answer: as(buy) },
  ];
  return { routes, reset: () => carts.clear() };
}
