// One login has one cart, additions sum up, and one call buys whatever is in it. So: nothing is added to a cart
// that is not empty, only what is missing is ever added, nothing is bought that is not exactly the order, and
// what disappeared from the cart is never added again without a person.
import { refuse, VendorError, type Calls, type Probe, type ProbeCalls, type Receipt } from "../vendor.ts";
import { compareCart, namesOf, nameOf, type Cart, type Comparison } from "./cart.ts";
import { addToCart, buyCart, readCart, removeFromCart } from "./client.ts";
import { readConfiguredItem } from "./lists.ts";
import type { Payload, Put } from "./payload.ts";
import { troubleWithRing } from "./rings.ts";
import type { Settings } from "./settings.ts";
import { goneSentence, judgeCart, sameRound, troubleWithPrice } from "./status.ts";

/** The longest that Dora may still apply a request nobody heard about (no server waits longer). Not documented. */
export const quiescenceSeconds = 120;

interface Order {
  payload: Payload;
  settings: Settings;
  calls: Calls;
}

/** Fills the cart, compares it, buys it. Continues a cart that the notes say is ours. */
export async function submit(payload: Payload, settings: Settings, calls: Calls): Promise<Receipt> {
  const order = { payload, settings, calls };
  const cart = await fill(order, await begin(order));
  const trouble = troubleWithPrice(cart.total, payload.expected, settings);
  if (trouble) await hold(trouble, calls);

  const answer = await buyCart(settings, calls);
  if ("refused" in answer) {
    await calls.remember({ refused: answer.refused });
    throw new VendorError(
      "unsure",
      "Dora refused to buy a cart that was full a moment ago, so somebody may have bought or emptied it.",
      { status: answer.refused, lost: true },
    );
  }
  const { orderNo, total } = answer;
  const remark =
    typeof total === "number" && typeof cart.total === "number" && total !== cart.total
      ? `Dora's order costs ${total.toFixed(2)}, its cart said ${cart.total.toFixed(2)} a moment before.`
      : undefined;
  return { number: orderNo, notes: { cart: "bought", total: total ?? cart.total ?? null }, remark };
}

/** The cart as it may be continued from: empty, or with nothing but ours when the notes say we began. */
async function begin({ payload, settings, calls }: Order): Promise<Cart> {
  const cart = await readCart(settings, calls);
  if (calls.notes["cart"] !== "ours") {
    // Also when it holds exactly this order: without our note it may be an equal one that is bought already.
    if (cart.items.length > 0)
      refuse(
        `Dora's cart is not empty: it holds ${namesOf(cart.items.map(nameOf))}. Nothing was added or removed. Buy or empty the cart at Dora, then send this order again. A login of its own for this app avoids this.`,
      );
    await checkRings(payload, settings, calls);
  }
  const there = compare(payload, cart);
  const { reference } = calls;
  const fresh = { cart: "ours", reference, pieces: there.pieces, failures: 0, gone: null, refused: null };
  if (!sameRound(calls.notes, reference)) await calls.remember(fresh);
  else if (calls.notes["gone"] === true) refuse(goneSentence);
  else if (there.pieces < noted(calls, "pieces")) await stopForGone(there, calls);
  else if (there.pieces > noted(calls, "pieces")) await calls.remember({ pieces: there.pieces });
  await stopForOthers(there, calls);
  return cart;
}

async function checkRings(payload: Payload, settings: Settings, calls: Calls): Promise<void> {
  for (const { put, collection_id: collectionId } of payload.lines) {
    if (put.type !== "ring" || collectionId === undefined) continue;
    const item = await readConfiguredItem({ put, collectionId }, settings, calls);
    const trouble = troubleWithRing(put, item);
    if (trouble) refuse(`${trouble}. Correct the product on the Products page, then send this order again.`);
  }
}

/** Adds what is missing, one request each, and returns a cart that was seen to hold exactly the order. */
async function fill({ payload, settings, calls }: Order, cart: Cart): Promise<Cart> {
  const there = compare(payload, cart);
  let { pieces } = there;
  for (const put of there.missing) {
    await add(put, { payload, settings, calls });
    pieces += put.quantity;
    await calls.remember({ pieces });
  }
  if (there.missing.length === 0) return cart;
  const filled = await readCart(settings, calls);
  const seen = compare(payload, filled);
  if (seen.pieces < pieces) await stopForGone(seen, calls);
  await stopForOthers(seen, calls);
  return filled;
}

async function add(put: Put, { settings, calls }: Order): Promise<void> {
  const failures = noted(calls, "failures") + 1;
  if ((await addToCart(put, settings, calls)) === "kept") return;
  await calls.remember({ failures });
  if (failures > 1)
    await hold(
      `Dora could not put ${nameOf(put)} into its cart, twice. Ask Dora about it, then send this order again.`,
      calls,
    );
  throw new VendorError(
    "retry",
    "Dora could not keep its cart. It is looked at again, then tried once more.",
    {
      status: 500,
      lost: true,
    },
  );
}

function compare(payload: Payload, cart: Cart): Comparison {
  return compareCart(
    payload.lines.map((line) => line.put),
    cart,
  );
}

function noted(calls: Calls, key: "pieces" | "failures"): number {
  const value = calls.notes[key];
  return typeof value === "number" ? value : 0;
}

// Not `rejected`: a refused order goes on when the merchant corrects something, this one only after somebody
// looked whether it was bought.
async function stopForGone({ foreign }: Comparison, calls: Calls): Promise<never> {
  await calls.remember({ gone: true });
  if (foreign.length === 0) throw new VendorError("unsure", goneSentence);
  throw new VendorError("unsure", strangers(foreign), { quarantine: strangers(foreign) });
}

async function stopForOthers({ foreign, tooMany }: Comparison, calls: Calls): Promise<void> {
  if (foreign.length > 0)
    await hold(`${strangers(foreign)} Then send this order again.`, calls, strangers(foreign));
  if (tooMany.length > 0)
    await hold(
      `Dora's cart held more than this order needs: ${namesOf(tooMany)}. Nothing was bought, and this order's items are taken out of the cart again. Send it again; if it happens twice, somebody else uses this login.`,
      calls,
    );
}

/** Refuses after we began. What a person takes out of the cart from here on is not missed: we asked for it. */
async function hold(sentence: string, calls: Calls, quarantine?: string): Promise<never> {
  await calls.remember({ pieces: 0 });
  throw new VendorError("rejected", sentence, { quarantine });
}

function strangers(foreign: readonly string[]): string {
  return `Dora's cart holds something this app did not put there or that Dora changed: ${namesOf(foreign)}. Nothing was bought. Empty the cart at Dora.`;
}

/** Takes our own items out of the cart, and nothing else. */
export async function withdraw(payload: Payload, settings: Settings, calls: Calls): Promise<void> {
  if (calls.notes["cart"] !== "ours") return;
  const there = compare(payload, await readCart(settings, calls));
  const isNews = sameRound(calls.notes, calls.reference) && calls.notes["gone"] !== true;
  if (isNews && there.pieces < noted(calls, "pieces")) await stopForGone(there, calls);
  // From here on, less in the cart is our own doing.
  await calls.remember({ pieces: 0 });
  for (const item of there.ours) await removeFromCart(item.item_key, settings, calls);
  if (there.ours.length > 0 && compare(payload, await readCart(settings, calls)).ours.length > 0)
    throw new VendorError(
      "retry",
      "Dora still has this order's items in its cart. They are taken out again later.",
    );
  await calls.remember({ cart: "given back" });
}

/** Dora has no order list, so the cart is all there is to look at. */
export async function probe(_: Payload, settings: Settings, calls: ProbeCalls): Promise<Probe> {
  return judgeCart(await readCart(settings, calls), calls.notes, calls.reference);
}
