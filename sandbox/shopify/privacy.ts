// The bodies of the topics about the app itself and about people: scopes, data requests, redactions.
import { gid, num } from "./ids.ts";
import { timestamp, type Store } from "./store.ts";

/** app/scopes_update. */
export function restScopes(store: Store, previous: string[], current: string[]): Record<string, unknown> {
  const updated_at = timestamp(store.now());
  return { id: num(store.ids.other()), shop_id: gid("Shop", store.shopId), previous, current, updated_at };
}

/** The orders one person placed, by e-mail. */
function ordersBy(store: Store, email: string) {
  return [...store.orders.values()].filter((order) => order.email === email);
}

function who(store: Store, email: string) {
  const orders = ordersBy(store, email);
  const customer = orders[0]?.customer ?? null;
  return {
    orders: orders.map((order) => num(order.id)),
    customer: { id: num(customer?.id ?? "7300000000000"), email, phone: customer?.phone ?? null },
  };
}

/** customers/data_request: the customer asks what we keep. */
export function restDataRequest(store: Store, email: string): Record<string, unknown> {
  const { orders, customer } = who(store, email);
  return {
    shop_id: num(store.shopId),
    shop_domain: store.domain,
    orders_requested: orders,
    customer,
    data_request: { id: num(store.ids.other()) },
  };
}

/** customers/redact: forget this person. */
export function restRedact(store: Store, email: string): Record<string, unknown> {
  const { orders, customer } = who(store, email);
  return { shop_id: num(store.shopId), shop_domain: store.domain, customer, orders_to_redact: orders };
}

/** shop/redact: 48 h after an uninstall, forget the shop. */
export function restShopRedact(store: Store): Record<string, unknown> {
  return { shop_id: num(store.shopId), shop_domain: store.domain };
}
