// From the cart to the order's own page: the cart, the address form, and the page that follows the parcel.
import { displayFulfillmentStatus, fulfillmentsOf } from "../fulfillments.ts";
import { escape, type Reply } from "../http.ts";
import { totals } from "../orders.ts";
import { person, type Store } from "../store.ts";
import type { AddressRecord, OrderRecord, PropertyRecord } from "../types.ts";
import { countOf, totalOf, type Cart, type CartLine } from "./cart.ts";
import { page, price } from "./look.ts";

const shippingMinor = 500;

/** Properties as themes show them: a leading "_" hides one, and an address with /uploads/ becomes a link. */
export function shownProperties(properties: PropertyRecord[]): string {
  return properties
    .filter(({ name }) => !name.startsWith("_"))
    .map(({ name, value }) => `<p class="props">${escape(name)}: ${shownValue(String(value))}</p>`)
    .join("");
}

function shownValue(value: string): string {
  if (!value.includes("/uploads/") || !/^(https?:|\/)/.test(value)) return escape(value);
  const file = value.split(/[?#]/)[0]?.split("/").at(-1);
  // The shop's own domain is this server.
  const place = value.replace(/^https:\/\/[\w-]+\.myshopify\.com(?=\/)/, "");
  return `<a href="${escape(place)}">${escape(file)}</a>`;
}

function titleOf(store: Store, line: CartLine): string {
  const variant = store.variants.get(line.variantId);
  const product = variant ? store.products.get(variant.productId) : undefined;
  return `<strong>${escape(product?.title ?? "Gone")}</strong><p class="props">${escape(variant?.title)}</p>${shownProperties(line.properties)}`;
}

/** The attributes by which a theme marks the row of a line; `n` counts from 0. */
export type CartRow = (line: CartLine, n: number) => string;

/** The cart's lines, or the way out of an empty one. */
export function cartBody(store: Store, cart: Cart, row: CartRow = () => ""): string {
  const rows = cart.lines.map((line, n) => {
    const variant = store.variants.get(line.variantId);
    const minor = (variant?.priceMinor ?? 0) * line.quantity;
    const handle = variant && store.products.get(variant.productId)?.handle;
    return `<tr ${row(line, n)}><td class="media"><img src="/cdn/products/${escape(handle)}.svg" alt="" width="80" height="80"></td><td>${titleOf(store, line)}</td><td class="num">× ${line.quantity}</td><td class="num">${price(minor, store.currency)}</td>
<td class="num"><form method="post" action="/cart/change"><input type="hidden" name="id" value="${escape(line.key)}"><input type="hidden" name="quantity" value="0"><button class="plain" type="submit" aria-label="Remove">Remove</button></form></td></tr>`;
  });
  return rows.length
    ? `<h1>Your cart</h1><div class="panel"><table><tbody>${rows.join("")}</tbody></table>
<div class="sum all"><span>Subtotal</span><span>${price(totalOf(store, cart), store.currency)}</span></div></div>
<a class="button" href="/checkout">Check out</a>`
    : `<h1>Your cart is empty</h1><p class="lead">Nothing here yet.</p><a class="button" href="/">See the catalogue</a>`;
}

/** The cart of a shop without one of the themes. */
export function cartPage(store: Store, cart: Cart): Reply {
  return page(store, { title: "Cart", body: cartBody(store, cart), inCart: countOf(cart) });
}

const addressFields: [keyof AddressRecord, string][] = [
  ["firstName", "First name"],
  ["lastName", "Last name"],
  ["company", "Company (optional)"],
  ["address1", "Address"],
  ["address2", "Apartment (optional)"],
  ["zip", "Postcode"],
  ["city", "City"],
  ["province", "State or province"],
  ["provinceCode", "State code"],
  ["country", "Country"],
  ["countryCode", "Country code"],
  ["phone", "Phone"],
];

/** The address form, filled in for a sensible person, and the pay button. */
export function checkoutPage(store: Store, cart: Cart): Reply {
  const known = person();
  const inputs = addressFields.map(
    ([name, label]) =>
      `<div class="field"><label class="name" for="${name}">${label}</label><input id="${name}" type="text" name="${name}" value="${escape(known[name])}"></div>`,
  );
  const rows = cart.lines.map(
    (line) => `<tr><td>${titleOf(store, line)}</td><td class="num">× ${line.quantity}</td></tr>`,
  );
  const total = totalOf(store, cart);
  const body = `<h1>Checkout</h1><form method="post" action="/checkout"><div class="two"><div>
<div class="panel"><h2>Contact</h2><div class="field"><label class="name" for="email">E-mail</label><input id="email" type="email" name="email" value="rosa.alvarez@example.com"></div></div>
<div class="panel"><h2>Delivery</h2><div class="row">${inputs.join("")}</div></div></div>
<div><div class="panel"><h2>Your order</h2><table><tbody>${rows.join("")}</tbody></table>
<div class="sum"><span>Shipping</span><span>${price(shippingMinor, store.currency)}</span></div>
<div class="sum all"><span>Total</span><span>${price(total + shippingMinor, store.currency)}</span></div></div>
<div class="panel"><fieldset><legend>Payment</legend><div class="pills"><label><input type="radio" name="payment" value="now" checked><span>Card</span></label><label><input type="radio" name="payment" value="later"><span>Bank transfer, later</span></label></div></fieldset>
<div class="field"><label><input type="checkbox" name="test" value="1"> A test order</label></div>
<div class="field"><label class="name" for="note">Note to the shop</label><input id="note" type="text" name="note"></div>
<button class="wide" type="submit" id="pay">Pay now</button></div></div></div></form>`;
  return page(store, { title: "Checkout", body, inCart: countOf(cart) });
}

/** The address the form sent; an emptied field is a missing part, not an empty text. */
export function addressFromForm(form: URLSearchParams): AddressRecord {
  const part = (name: keyof AddressRecord) => form.get(name)?.trim() || null;
  const entries = addressFields.map(([name]) => [name, part(name)]);
  return Object.fromEntries(entries) as unknown as AddressRecord;
}

/** The order's own page; it looks again every second and a half. */
export function statusPage(store: Store, order: OrderRecord, inCart: number): Reply {
  const body = `<h1>Thank you${order.customer?.firstName ? `, ${escape(order.customer.firstName)}` : ""}</h1>
<p class="lead">Your order ${escape(order.name)} is with us. This page follows it.</p><div data-live aria-live="polite">${statusPart(store, order)}</div>`;
  const script = `const live = document.querySelector("[data-live]");
setInterval(async () => {
  const response = await fetch(location.pathname + "?part=1");
  const text = response.ok ? await response.text() : live.innerHTML;
  if (text !== live.dataset.last) live.innerHTML = live.dataset.last = text;
}, 1500);`;
  return page(store, { title: `Order ${order.name}`, body, inCart, script });
}

const words: Record<string, string> = {
  FULFILLED: "On its way",
  PARTIALLY_FULFILLED: "Partly on its way",
  UNFULFILLED: "Being made",
  IN_PROGRESS: "Being made",
  ON_HOLD: "On hold",
};

/** The part of the status page that changes. */
export function statusPart(store: Store, order: OrderRecord): string {
  const state = displayFulfillmentStatus(store, order);
  const sums = totals(order);
  const shipments = fulfillmentsOf(store, order.id).filter((one) => one.status === "SUCCESS");
  const lines = order.lines.map(
    (line) =>
      `<tr><td><strong>${escape(line.title)}</strong><p class="props">${escape(line.variantTitle)}</p>${shownProperties(line.properties)}</td><td class="num">× ${line.currentQuantity}</td><td class="num">${price(line.priceMinor * line.currentQuantity, order.currency)}</td></tr>`,
  );
  const tracks = shipments.map((shipment) => {
    const numbers = shipment.tracking.map(({ company, number, url }) => {
      const text = escape(`${company ?? ""} ${number ?? ""}`.trim() || "Sent without a number");
      return url && /^https?:/.test(url) ? `<a href="${escape(url)}">${text}</a>` : text;
    });
    const pieces = shipment.lines.reduce((sum, line) => sum + line.quantity, 0);
    return `<div class="track"><strong>${numbers.join(", ") || "Sent"}</strong><p class="props">${pieces} ${pieces === 1 ? "piece" : "pieces"}, ${escape(shipment.createdAt)}</p></div>`;
  });
  const badge = order.cancelledAt
    ? "Cancelled"
    : order.financialStatus === "pending"
      ? "Waiting for payment"
      : (words[state] ?? state);
  return `<div class="two"><div class="panel"><h2>Delivery</h2><p><span class="badge${state === "FULFILLED" ? " good" : ""}">${escape(badge)}</span></p>${tracks.join("")}</div>
<div class="panel"><h2>Order ${escape(order.name)}</h2><table><tbody>${lines.join("")}</tbody></table><div class="sum"><span>Shipping</span><span>${price(sums.shipping, order.currency)}</span></div><div class="sum all"><span>Total</span><span>${price(sums.currentTotal, order.currency)}</span></div></div></div>`;
}
