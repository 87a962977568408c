// One shop of the sandbox as tests and pages use it: every deed changes the store and sends the webhooks
// Shopify would send for it, all of one deed under one event id.
import { randomUUID } from "node:crypto";
import { createFulfillment, displayFulfillmentStatus } from "./fulfillments.ts";
import { fulfillmentOrdersOf, isActive } from "./fulfillment-orders.ts";
import { num } from "./ids.ts";
import { cancel, edit, payOrder, placeOrder, refund } from "./orders.ts";
import { restDataRequest, restRedact, restScopes, restShopRedact } from "./privacy.ts";
import { changeProduct, createProduct, removeProduct } from "./products.ts";
import { restEdit, restRefund, restShop } from "./rest-events.ts";
import { restFulfillment, restOrder } from "./rest-order.ts";
import { restProduct } from "./rest-product.ts";
import { seedProducts } from "./seed-products.ts";
import { note, orderOf, type Store } from "./store.ts";
import type { Tokens, TokenIssue } from "./tokens.ts";
import type {
  CheckoutInput,
  FulfillmentRecord,
  OrderEdit,
  OrderInput,
  OrderRecord,
  ProductChange,
  ProductInput,
  ProductRecord,
  RefundInput,
  RefundRecord,
  TrackingRecord,
} from "./types.ts";
import type { Delivery, Sender } from "./webhooks.ts";

/** What a person ships in the admin. No lines means all that is left. */
export interface HandFulfillment {
  lines?: { lineId: string; quantity: number }[] | undefined;
  tracking?:
    { company?: string | undefined; number?: string | undefined; url?: string | undefined } | undefined;
}

/** One shop, and what merchant, shopper and Shopify may do in it. */
export interface ShopHandle {
  shop: string;
  store: Store;
  /** A paid order, as the storefront's pay button makes it: orders/create and orders/paid. */
  checkout(cart: CheckoutInput): Promise<OrderRecord>;
  /** An order in any payment state; orders/paid is sent only when it is paid. */
  createOrder(input: OrderInput): Promise<OrderRecord>;
  markPaid(id: string): Promise<OrderRecord>;
  /** With `refund` the money goes back at once and refunds/create is sent too, as the admin offers first. */
  cancelOrder(id: string, reason?: string, how?: { refund?: boolean }): Promise<OrderRecord>;
  editOrder(id: string, change: OrderEdit): Promise<OrderRecord>;
  refundOrder(id: string, input?: RefundInput): Promise<RefundRecord>;
  /** Somebody presses "Fulfill items" in the admin, behind the app's back. */
  fulfilByHand(id: string, how?: HandFulfillment): Promise<FulfillmentRecord>;
  /** Each sends its webhook: products/create, products/update (also `archiveProduct`), products/delete. */
  createProduct(input: ProductInput): Promise<ProductRecord>;
  updateProduct(id: string, change: ProductChange): Promise<ProductRecord>;
  archiveProduct(id: string): Promise<ProductRecord>;
  deleteProduct(id: string): Promise<void>;
  /** A large catalogue at once, the same in every run, without webhooks. */
  seedProducts(count: number): ProductRecord[];
  /** Tokens die at once, then app/uninstalled goes out. */
  uninstall(): Promise<void>;
  install(): void;
  /** The three privacy topics, and app/scopes_update. */
  requestData(email: string): Promise<Delivery[]>;
  redactCustomer(email: string): Promise<Delivery[]>;
  redactShop(): Promise<Delivery[]>;
  changeScopes(previous: string[], current: string[]): Promise<Delivery[]>;
  /** Signs and sends one delivery now. A string or Buffer body goes out byte for byte. */
  webhook(topic: string, body: unknown, headers?: Record<string, string>): Promise<Delivery>;
  /** REST shape; JSON.stringify writes its ids as bare numbers, also those above 2^53. */
  orderAsWebhook(id: string): Record<string, unknown>;
  sessionToken(overrides?: Record<string, unknown>): string;
  idToken(overrides?: Record<string, unknown>): string;
  /** An offline token without the detour over a session token; installs the app. */
  grantToken(): TokenIssue;
  /** Sends the topics of a deed done elsewhere, e.g. by the Admin API. */
  emit(topics: string[], of: DeedOf): Delivery[];
}

/** Which records a deed's webhooks are about. */
export interface DeedOf {
  orderId: string;
  fulfillmentId?: string;
  refundId?: string;
}

/** What a shop shares with the others of its server. */
export interface ShopParts {
  store: Store;
  sender: Sender;
  tokens: Tokens;
}

/** A shop on its store; the app counts as installed after `install()` or `grantToken()`. */
export function createShop({ store, sender, tokens }: ShopParts): ShopHandle {
  const subscribed = new Set(sender.subscriptions.map((one) => one.topic));
  const shop = store.domain;

  function emitBody(topic: string, body: () => unknown, eventId = randomUUID()): Delivery[] {
    if (!subscribed.has(topic)) return [];
    return sender.emit({ topic, shop, body: JSON.stringify(body()), eventId });
  }

  function emit(topics: string[], of: DeedOf): Delivery[] {
    const eventId = randomUUID();
    const order = orderOf(store, of.orderId);
    // All topics of one deed carry the same order, so its text is made once.
    let text: string | undefined;
    return topics.flatMap((topic) => {
      if (!subscribed.has(topic)) return [];
      if (topic.startsWith("fulfillments/")) {
        const shipment = store.fulfillments.get(of.fulfillmentId ?? "");
        return shipment ? emitBody(topic, () => restFulfillment(store, order, shipment), eventId) : [];
      }
      if (topic === "refunds/create") {
        const refunded = order.refunds.find((one) => one.id === of.refundId);
        return refunded ? emitBody(topic, () => restRefund(store, order, refunded), eventId) : [];
      }
      text ??= JSON.stringify(restOrder(store, order));
      return sender.emit({ topic, shop, body: text, eventId });
    });
  }

  function place(input: OrderInput): OrderRecord {
    const order = placeOrder(store, input);
    const paid = order.financialStatus === "paid";
    emit(paid ? ["orders/create", "orders/paid"] : ["orders/create"], { orderId: order.id });
    return order;
  }

  async function updateProduct(id: string, change: ProductChange): Promise<ProductRecord> {
    const product = changeProduct(store, id, change);
    emitBody("products/update", () => restProduct(store, product));
    return product;
  }

  const token = (overrides?: Record<string, unknown>) => tokens.sessionToken(shop, overrides);

  return {
    shop,
    store,
    emit,
    checkout: async (cart) => place({ ...cart, financialStatus: "paid" }),
    createOrder: async (input) => place(input),

    async markPaid(id) {
      emit(payOrder(store, id), { orderId: id });
      return orderOf(store, id);
    },

    async cancelOrder(id, reason, { refund: givesBack = false } = {}) {
      const order = orderOf(store, id);
      if (order.cancelledAt) return order;
      const refunded = cancel(store, id, { reason, refund: givesBack });
      const topics = ["orders/cancelled", "orders/updated"];
      if (refunded) emit(["refunds/create", ...topics], { orderId: id, refundId: refunded.id });
      else emit(topics, { orderId: id });
      return order;
    },

    async editOrder(id, change) {
      const delta = edit(store, id, change);
      const order = orderOf(store, id);
      emitBody("orders/edited", () => restEdit(order, delta));
      emit(["orders/updated"], { orderId: id });
      return order;
    },

    async refundOrder(id, input = {}) {
      const refunded = refund(store, id, input);
      const order = orderOf(store, id);
      emitBody("refunds/create", () => restRefund(store, order, refunded));
      emit(["orders/updated"], { orderId: id });
      return refunded;
    },

    async fulfilByHand(id, how = {}) {
      const order = orderOf(store, id);
      const made = createFulfillment(store, {
        parts: partsByHand(store, id, how.lines),
        tracking: trackingByHand(how.tracking),
        notifyCustomer: false,
        message: null,
        by: "admin",
      });
      if ("message" in made && "field" in made) throw new Error(made.message);
      const whole = displayFulfillmentStatus(store, order) === "FULFILLED";
      const topics = ["fulfillments/create", whole ? "orders/fulfilled" : "orders/partially_fulfilled"];
      emit([...topics, "orders/updated"], { orderId: id, fulfillmentId: made.id });
      return made;
    },

    async createProduct(input) {
      const product = createProduct(store, input);
      emitBody("products/create", () => restProduct(store, product));
      return product;
    },

    updateProduct,
    archiveProduct: (id) => updateProduct(id, { status: "archived" }),

    async deleteProduct(id) {
      removeProduct(store, id);
      emitBody("products/delete", () => ({ id: num(id) }));
    },

    seedProducts: (count) => seedProducts(store, count),

    async uninstall() {
      tokens.revoke(shop);
      note(store, { what: "app uninstalled" });
      emitBody("app/uninstalled", () => restShop(store));
    },

    install: () => void tokens.installed.add(shop),
    requestData: async (email) => emitBody("customers/data_request", () => restDataRequest(store, email)),
    redactCustomer: async (email) => emitBody("customers/redact", () => restRedact(store, email)),
    redactShop: async () => emitBody("shop/redact", () => restShopRedact(store)),
    changeScopes: async (previous, current) =>
      emitBody("app/scopes_update", () => restScopes(store, previous, current)),

    webhook(topic, body, headers) {
      const text = typeof body === "string" || Buffer.isBuffer(body) ? String(body) : JSON.stringify(body);
      return sender.sendNow({ topic, shop, body: text, headers });
    },

    orderAsWebhook: (id) => restOrder(store, orderOf(store, id)),
    sessionToken: token,
    idToken: token,
    grantToken: () => tokens.grant(shop),
  };
}

function trackingByHand(given: HandFulfillment["tracking"]): TrackingRecord[] {
  if (!given) return [];
  return [{ company: given.company ?? null, number: given.number ?? null, url: given.url ?? null }];
}

/** The fulfillment order lines that hold the wanted pieces; everything left when nothing is named. */
function partsByHand(store: Store, orderId: string, wanted: HandFulfillment["lines"]) {
  const open = fulfillmentOrdersOf(store, orderId).filter((one) => isActive(one) && one.status !== "ON_HOLD");
  if (!wanted) return open.map((one) => ({ fulfillmentOrderId: one.id }));
  return wanted.map(({ lineId, quantity }) => {
    const from = open.find((one) =>
      one.lines.some((line) => line.lineId === lineId && line.remainingQuantity > 0),
    );
    const line = from?.lines.find((one) => one.lineId === lineId);
    if (!from || !line) throw new Error(`nothing of line ${lineId} is left to ship`);
    return { fulfillmentOrderId: from.id, lines: [{ id: line.id, quantity }] };
  });
}
