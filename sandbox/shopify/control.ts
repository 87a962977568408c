// The sandbox's own doors for other processes (demo, chaos, bench): orders in, deeds, and what came of them.
import { z } from "zod";
import { adminFault, type AdminApi } from "./admin-api/endpoint.ts";
import { answerCatalogue, productWhole } from "./control-catalogue.ts";
import { json, type Asked, type Reply } from "./http.ts";
import type { LocalShopify, ShopHandle } from "./index.ts";
import type { OrderRecord } from "./types.ts";

interface Behind {
  local: LocalShopify;
  adminApi: AdminApi;
}

const text = z.string().nullable();
const address = z
  .object({
    firstName: text,
    lastName: text,
    company: text,
    address1: text,
    address2: text,
    city: text,
    province: text,
    provinceCode: text,
    country: text,
    countryCode: text,
    zip: text,
    phone: text,
  })
  .partial()
  .nullable();
const property = z.object({ name: z.string(), value: z.union([z.string(), z.number()]) });
const cartLine = z.object({
  variantId: z.string().optional(),
  sku: z.string().optional(),
  quantity: z.number().int().min(1).optional(),
  properties: z
    .union([z.array(property), z.record(z.string(), z.union([z.string(), z.number()]))])
    .optional(),
  title: z.string().optional(),
  priceMinor: z.number().int().optional(),
  discountMinor: z.number().int().optional(),
  requiresShipping: z.boolean().optional(),
});

/** POST /_sandbox/checkout and /_sandbox/orders. `shop` chooses the shop, the default one otherwise. */
export const orderBody = z.object({
  lines: z.array(cartLine).min(1),
  shop: z.string().optional(),
  email: z.string().nullish(),
  phone: z.string().nullish(),
  note: z.string().nullish(),
  test: z.boolean().optional(),
  tags: z.array(z.string()).optional(),
  noteAttributes: z.array(property).optional(),
  currency: z.string().optional(),
  shippingAddress: address.optional(),
  billingAddress: address.optional(),
  shippingMinor: z.number().int().optional(),
  sourceName: z.string().optional(),
  financialStatus: z.enum(["pending", "authorized", "paid", "partially_paid", "voided"]).optional(),
});

const deedBody = z.object({
  shop: z.string().optional(),
  reason: z.string().optional(),
  refund: z.boolean().optional(),
  note: z.string().optional(),
  email: z.string().optional(),
  amountMinor: z.number().int().optional(),
  lines: z
    .array(
      z.object({
        lineId: z.string(),
        quantity: z.number().int(),
        restockType: z.enum(["no_restock", "cancel", "return"]).optional(),
      }),
    )
    .optional(),
  remove: z.array(z.object({ lineId: z.string(), quantity: z.number().int() })).optional(),
  add: z.array(cartLine).optional(),
  tracking: z.object({ company: z.string(), number: z.string(), url: z.string() }).partial().optional(),
  topic: z.string().optional(),
  body: z.unknown().optional(),
  headers: z.record(z.string(), z.string()).optional(),
  at: z.string().optional(),
  appUrl: z.string().optional(),
});
type Deed = z.output<typeof deedBody>;

/** Answers one control request. Unknown doors are 404, a bad body 400 with zod's words. */
export async function answerControl(behind: Behind, asked: Asked): Promise<Reply> {
  const parts = asked.path.split("/").slice(2);
  const shop = shopOf(behind.local, asked.url.searchParams.get("shop"));
  if (asked.method === "GET" || asked.method === "DELETE") return look(behind, { asked, parts, shop });
  const body = asked.body.length > 0 ? (JSON.parse(asked.body.toString("utf8")) as unknown) : {};
  const [what = "", id, deed] = parts;
  const done = await answerCatalogue(behind.local, { what, id, deed, shop, body });
  if (done) return done;
  if (what === "checkout" || (what === "orders" && id === undefined)) {
    const { shop: domain, ...input } = orderBody.parse(body);
    const at = domain ? shopOf(behind.local, domain) : shop;
    const order = what === "checkout" ? await at.checkout(input) : await at.createOrder(input);
    return json(briefly(order), 201);
  }
  if (what === "faults") {
    behind.adminApi.addFault(adminFault.parse(body));
    return json(behind.adminApi.faults(), 201);
  }
  const given = deedBody.parse(body);
  const at = given.shop ? shopOf(behind.local, given.shop) : shop;
  if (what === "orders" && id && deed) return json(await orderDeed(at, { id, deed, given }));
  return json(await otherDeed(behind.local, at, { what, given }));
}

function briefly({ id, name, lines }: OrderRecord) {
  return { id, name, lines: lines.map((line) => ({ id: line.id, sku: line.sku, quantity: line.quantity })) };
}

async function orderDeed(shop: ShopHandle, { id, deed, given }: { id: string; deed: string; given: Deed }) {
  switch (deed) {
    case "pay":
      return briefly(await shop.markPaid(id));
    case "cancel":
      return briefly(await shop.cancelOrder(id, given.reason, { refund: given.refund ?? false }));
    case "refund":
      return shop.refundOrder(id, given);
    case "edit":
      return briefly(await shop.editOrder(id, given));
    case "fulfil":
      return shop.fulfilByHand(id, given);
    default:
      throw new Error(`an order cannot be "${deed}" here: pay, cancel, refund, edit or fulfil it`);
  }
}

async function otherDeed(
  local: LocalShopify,
  shop: ShopHandle,
  { what, given }: { what: string; given: Deed },
) {
  const done = { ok: true };
  switch (what) {
    case "retry":
      await local.retryDue(given.at ? new Date(given.at) : undefined);
      return done;
    case "settle":
      await local.settled();
      return done;
    case "point-at":
      local.pointAt(given.appUrl ?? "");
      return done;
    case "uninstall":
      await shop.uninstall();
      return done;
    case "install":
      shop.install();
      return done;
    case "token":
      return shop.grantToken();
    case "session-token":
      return { token: shop.sessionToken() };
    case "redact-customer":
      return shop.redactCustomer(given.email ?? "");
    case "redact-shop":
      return shop.redactShop();
    case "request-data":
      return shop.requestData(given.email ?? "");
    case "webhook":
      return shop.webhook(given.topic ?? "orders/paid", given.body ?? {}, given.headers);
    case "shops":
      return { shop: local.addShop(given.shop ?? "").shop };
    default:
      throw new Error(`there is no POST /_sandbox/${what}`);
  }
}

function look(
  behind: Behind,
  { asked, parts, shop }: { asked: Asked; parts: string[]; shop: ShopHandle },
): Reply {
  const { local, adminApi } = behind;
  const { store } = shop;
  const [what = "", id = ""] = parts;
  const last = <Item>(items: Iterable<Item>): Item[] => {
    const all = [...items];
    const count = Number(asked.url.searchParams.get("last") ?? 0);
    return count > 0 ? all.slice(-count) : all;
  };
  if (asked.method === "DELETE") {
    if (what === "bulk-plans") local.bulk.clearPlans();
    else if (what === "faults") adminApi.clearFaults();
    else return json({ error: "only faults and bulk plans can be deleted" }, 404);
    return json({ ok: true });
  }
  switch (what) {
    case "health":
      return json({ ok: true, url: local.url, shops: local.shops().map((one) => one.shop) });
    case "orders":
      return id ? json(orderWhole(shop, id)) : json(last(store.orders.values()));
    case "fulfillments":
      return json(last(store.fulfillments.values()));
    case "fulfillment-orders":
      return json(last(store.fulfillmentOrders.values()));
    case "products":
      return json(id ? productWhole(shop, id) : last(store.products.values()));
    case "bulk-operations":
      return json(last(local.bulk.of(store)));
    case "bulk-plans":
      return json(local.bulk.plans());
    case "events":
      return json(last(store.events));
    case "deliveries":
      return json(last(local.deliveries()).map(({ body: _body, headers: _headers, ...rest }) => rest));
    case "delivery-counts":
      return json(countStates(local));
    case "admin-requests":
      return json(last(adminApi.requests()));
    case "tokens":
      return json(local.tokensIssued().map(({ accessToken: _a, refreshToken: _r, ...rest }) => rest));
    case "faults":
      return json(adminApi.faults());
    default:
      return json({ error: `there is no GET /_sandbox/${what}` }, 404);
  }
}

function orderWhole({ store }: ShopHandle, id: string) {
  const order = store.orders.get(id);
  if (!order) throw new Error(`there is no order ${id}`);
  const fulfillmentOrders = store.fulfillmentOrdersOf.get(id) ?? [];
  return { order, fulfillmentOrders, fulfillments: store.fulfillmentsOf.get(id) ?? [] };
}

function countStates(local: LocalShopify): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { state } of local.deliveries()) counts[state] = (counts[state] ?? 0) + 1;
  return counts;
}

function shopOf(local: LocalShopify, domain: string | null): ShopHandle {
  return domain ? local.forShop(domain) : local.forShop(local.shop);
}
