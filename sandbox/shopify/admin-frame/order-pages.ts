// Orders in the admin: the list, and one order as Shopify knows it, with the buttons a merchant has.
import { displayFulfillmentStatus, fulfillmentsOf } from "../fulfillments.ts";
import { fulfillable, fulfillmentOrdersOf } from "../fulfillment-orders.ts";
import { escape, formOf, notFound, redirect, type Asked, type Reply } from "../http.ts";
import { money } from "../ids.ts";
import { totals } from "../orders.ts";
import { fullName } from "../rest-order.ts";
import type { ShopHandle } from "../shop.ts";
import type { Store } from "../store.ts";
import type { LineRecord, OrderRecord } from "../types.ts";
import { handleOf } from "./handle.ts";
import { adminPage } from "./look.ts";

const label = (status: string) => status.charAt(0) + status.slice(1).toLowerCase().replaceAll("_", " ");

function badge(status: string): string {
  const tone =
    { PAID: "good", FULFILLED: "good", UNFULFILLED: "warn", PENDING: "warn", VOIDED: "bad" }[status] ?? "";
  return `<span class="badge ${tone}">${escape(label(status))}</span>`;
}

/** The newest hundred orders. */
export function ordersPage({ store, shop }: ShopHandle): Reply {
  const base = `/store/${handleOf(shop)}/orders`;
  const newest = [...store.orders.values()].slice(-100).reverse();
  const rows = newest.map(
    (order) =>
      `<tr><td><a href="${base}/${order.id}">${escape(order.name)}</a>${order.cancelledAt ? ' <span class="badge bad">Cancelled</span>' : ""}${order.test ? ' <span class="badge">Test</span>' : ""}</td><td>${escape(order.createdAt)}</td><td>${escape(order.customer ? fullName(order.customer) : "No customer")}</td><td>${badge(order.financialStatus.toUpperCase())}</td><td>${badge(displayFulfillmentStatus(store, order))}</td><td class="num">${money(totals(order).currentTotal)} ${escape(order.currency)}</td></tr>`,
  );
  const body = `<h1>Orders</h1><div class="card"><table><thead><tr><th>Order</th><th>Placed</th><th>Customer</th><th>Payment</th><th>Fulfillment</th><th>Total</th></tr></thead><tbody>${rows.join("") || '<tr><td colspan="6">No orders yet. Buy something in the online store.</td></tr>'}</tbody></table></div>`;
  return adminPage({ handle: handleOf(shop), shopName: store.shopName, title: "Orders", body, at: "orders" });
}

/** One order: lines, parcels, fulfillment orders, address, timeline. */
export function orderPage({ store, shop }: ShopHandle, id: string): Reply {
  const order = store.orders.get(id);
  if (!order) return notFound("There is no such order.");
  const post = (deed: string, inner: string) =>
    `<form method="post" action="/store/${handleOf(shop)}/orders/${id}/${deed}">${inner}</form>`;
  const open = !order.cancelledAt;
  const buttons = [
    order.financialStatus === "pending" && open ? post("pay", "<button>Mark as paid</button>") : "",
    open
      ? post(
          "fulfil",
          '<input name="company" placeholder="Carrier" size="8" aria-label="Carrier"><input name="number" placeholder="Tracking number" size="14" aria-label="Tracking number"><button>Fulfill all by hand</button>',
        )
      : "",
    open
      ? post(
          "edit",
          `<select name="sku" aria-label="Product">${skus(store)}</select><button>Add to order</button>`,
        )
      : "",
    open
      ? post(
          "cancel",
          '<button name="refund" value="1">Cancel and refund</button><button>Cancel, keep the money</button>',
        )
      : "",
  ];
  const note = [order.note, ...order.noteAttributes.map(({ name, value }) => `${name}: ${value}`)].filter(
    Boolean,
  );
  const body = `<h1>${escape(order.name)} ${badge(order.financialStatus.toUpperCase())} ${badge(displayFulfillmentStatus(store, order))}${order.cancelledAt ? ' <span class="badge bad">Cancelled</span>' : ""}</h1>
<div class="actions">${buttons.join("")}</div>
<div class="card"><h2>Lines</h2><table><tbody>${order.lines.map((line) => lineRow(store, order, { line, post })).join("")}</tbody></table></div>
<div class="card"><h2>Fulfillments</h2>${shipments(store, order)}</div>
<div class="card"><h2>Fulfillment orders</h2>${parts(store, order)}</div>
<div class="card"><h2>Deliver to</h2><p>${address(order)}</p><p class="soft">${escape(order.email)} ${escape(order.phone)}</p></div>
<div class="card"><h2>Notes and tags</h2><p>${escape(note.join(" · ") || "None")}</p><p class="soft">${escape(order.tags.join(", "))}</p></div>
<div class="card"><h2>Timeline</h2>${timeline(store, order)}</div>`;
  return adminPage({
    handle: handleOf(shop),
    shopName: store.shopName,
    title: order.name,
    body,
    at: "orders",
  });
}

function skus(store: Store): string {
  return [...store.variants.values()]
    .filter((variant) => variant.sku)
    .map((variant) => `<option>${escape(variant.sku)}</option>`)
    .join("");
}

function lineRow(
  store: Store,
  order: OrderRecord,
  { line, post }: { line: LineRecord; post: (deed: string, inner: string) => string },
): string {
  const properties = line.properties.map(
    ({ name, value }) => `<p class="soft">${escape(name)}: ${escape(value)}</p>`,
  );
  const one = `<input type="hidden" name="line" value="${line.id}">`;
  const can = line.currentQuantity > 0 && !order.cancelledAt;
  return `<tr><td><strong>${escape(line.title)}</strong><p class="soft">${escape(line.variantTitle)} · ${escape(line.sku)}</p>${properties.join("")}</td>
<td>${line.currentQuantity} of ${line.quantity}<p class="soft">${fulfillable(store, order, line.id)} to ship</p></td>
<td class="num">${can ? `<div class="actions">${post("refund", `${one}<button>Refund one</button>`)}${post("remove", `${one}<button>Remove one</button>`)}</div>` : ""}</td></tr>`;
}

function shipments(store: Store, order: OrderRecord): string {
  const all = fulfillmentsOf(store, order.id);
  if (all.length === 0) return `<p class="soft">Nothing has been shipped.</p>`;
  return all
    .map((shipment) => {
      const tracks = shipment.tracking.map(
        ({ company, number, url }) => `${company ?? ""} ${number ?? ""} ${url ?? ""}`,
      );
      const pieces = shipment.lines.map((part) => {
        const line = order.lines.find((one) => one.id === part.lineId);
        return `${part.quantity} × ${line?.title ?? "?"}`;
      });
      const by = shipment.by === "app" ? "by Makerlane" : "by hand";
      return `<p><strong>${escape(shipment.name)}</strong> ${badge(shipment.status)} ${by}, ${escape(shipment.createdAt)}</p><p>${escape(pieces.join(", "))}</p><p class="soft">${escape(tracks.join(" · ") || "No tracking")}</p>`;
    })
    .join("");
}

function parts(store: Store, order: OrderRecord): string {
  const rows = fulfillmentOrdersOf(store, order.id).map((part) => {
    const left = part.lines.reduce((sum, line) => sum + line.remainingQuantity, 0);
    const holds = part.holds.map((hold) => `${hold.reason}: ${hold.reasonNotes ?? ""}`).join(" · ");
    return `<tr><td>${part.id}</td><td>${badge(part.status)}</td><td>${left} left</td><td class="soft">${escape(holds)}</td></tr>`;
  });
  return rows.length
    ? `<table><tbody>${rows.join("")}</tbody></table>`
    : `<p class="soft">Nothing to ship.</p>`;
}

function address({ shippingAddress: to }: OrderRecord): string {
  if (!to) return "No delivery address";
  const lines = [
    fullName(to),
    to.company,
    to.address1,
    to.address2,
    `${to.zip ?? ""} ${to.city ?? ""}`,
    to.province,
    to.country,
    to.phone,
  ];
  return lines
    .filter((line) => line?.trim())
    .map(escape)
    .join("<br>");
}

function timeline(store: Store, order: OrderRecord): string {
  return store.events
    .filter((event) => event.orderId === order.id)
    .map((event) => `<p class="soft">${escape(event.at)} ${escape(event.what)} ${escape(event.detail)}</p>`)
    .join("");
}

/** The buttons. Each goes back to the order. */
export async function orderDeed(
  shop: ShopHandle,
  asked: Asked,
  { id, deed }: { id: string; deed: string },
): Promise<Reply> {
  const form = formOf(asked);
  const lineId = form.get("line") ?? "";
  switch (deed) {
    case "pay":
      await shop.markPaid(id);
      break;
    case "cancel":
      await shop.cancelOrder(id, "customer", { refund: form.has("refund") });
      break;
    case "refund":
      await shop.refundOrder(id, { lines: [{ lineId, quantity: 1, restockType: "cancel" }] });
      break;
    case "remove":
      await shop.editOrder(id, { remove: [{ lineId, quantity: 1 }] });
      break;
    case "edit":
      await shop.editOrder(id, { add: [{ sku: form.get("sku") ?? "" }] });
      break;
    case "fulfil":
      await shop.fulfilByHand(id, {
        tracking: { company: form.get("company") ?? "", number: form.get("number") ?? "" },
      });
      break;
    default:
      return notFound("There is no such button.");
  }
  return redirect(`/store/${handleOf(shop.shop)}/orders/${id}`);
}
