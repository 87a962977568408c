// One shop's memory: products, orders and what became of them, as plain maps keyed by the digits of an id.
import { catalogue } from "./catalogue.ts";
import { gid, type NextId } from "./ids.ts";
import type {
  AddressRecord,
  FulfillmentOrderRecord,
  FulfillmentRecord,
  ImageRecord,
  LineRecord,
  MetafieldRecord,
  OrderRecord,
  ProductRecord,
  ShopEvent,
  VariantRecord,
} from "./types.ts";

/** Sequences shared by all shops of a server, because Shopify's ids are unique across shops. */
export interface Ids {
  order: NextId;
  line: NextId;
  fulfillmentOrder: NextId;
  fulfillmentOrderLine: NextId;
  fulfillment: NextId;
  fulfillmentLine: NextId;
  product: NextId;
  variant: NextId;
  inventoryItem: NextId;
  image: NextId;
  other: NextId;
}

/** Keys are the digits of an id, never a gid. */
export interface Store {
  domain: string;
  shopId: string;
  shopName: string;
  email: string;
  currency: string;
  locationId: string;
  /** Where a browser finds the shop's pictures: the server itself, because there is no CDN. */
  picturesAt: string;
  ids: Ids;
  now: () => Date;
  products: Map<string, ProductRecord>;
  variants: Map<string, VariantRecord>;
  /** In the order they were placed. */
  orders: Map<string, OrderRecord>;
  lines: Map<string, { order: OrderRecord; line: LineRecord }>;
  fulfillmentOrders: Map<string, FulfillmentOrderRecord>;
  fulfillments: Map<string, FulfillmentRecord>;
  fulfillmentOrdersOf: Map<string, FulfillmentOrderRecord[]>;
  fulfillmentsOf: Map<string, FulfillmentRecord[]>;
  /** By the owner's gid, then by "namespace.key": a catalogue has more of them than may be walked per product. */
  metafields: Map<string, Map<string, MetafieldRecord>>;
  events: ShopEvent[];
  nextOrderNumber: number;
}

/** `index` is the shop's place in its server; it moves the catalogue's ids. */
export interface StoreOptions {
  domain: string;
  index: number;
  ids: Ids;
  now: () => Date;
}

/** A store with the demo catalogue and no orders. */
export function createStore({ domain, index, ids, now }: StoreOptions): Store {
  const name = domain.replace(/\.myshopify\.com$/, "");
  const store: Store = {
    domain,
    shopId: String(58_400_000_001 + index),
    shopName: `${name.charAt(0).toUpperCase()}${name.slice(1)} shop`,
    email: `owner@${name}.example.com`,
    currency: "USD",
    locationId: String(71_000_000_001 + index),
    picturesAt: `https://${domain}`,
    ids,
    now,
    products: new Map(),
    variants: new Map(),
    orders: new Map(),
    lines: new Map(),
    fulfillmentOrders: new Map(),
    fulfillments: new Map(),
    fulfillmentOrdersOf: new Map(),
    fulfillmentsOf: new Map(),
    metafields: new Map(),
    events: [],
    nextOrderNumber: 1001,
  };
  for (const product of catalogue(index, timestamp(now()))) addProduct(store, product);
  return store;
}

/** Puts a product and its variants on sale. */
export function addProduct(store: Store, product: ProductRecord): void {
  store.products.set(product.id, product);
  for (const variant of product.variants) store.variants.set(variant.id, variant);
}

/** Whole seconds and a Z, as Shopify's GraphQL writes times. */
export function timestamp(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

/** Writes down what happened, and when. */
export function note(store: Store, event: Omit<ShopEvent, "at">): void {
  store.events.push({ at: timestamp(store.now()), ...event });
}

/** The order, or an error that names the id: callers here are tests and the admin's own pages. */
export function orderOf(store: Store, id: string): OrderRecord {
  const order = store.orders.get(id);
  if (!order) throw new Error(`${store.domain} has no order ${id}`);
  return order;
}

/** A variant by SKU, or by product handle and variant title ("Size / Frame"). Throws when there is none. */
export function findVariant(
  store: Store,
  by: { sku: string } | { handle: string; title?: string },
): VariantRecord {
  for (const product of store.products.values()) {
    for (const variant of product.variants) {
      if ("sku" in by ? variant.sku === by.sku : matches(product, variant, by)) return variant;
    }
  }
  throw new Error(`${store.domain} sells nothing like ${JSON.stringify(by)}`);
}

function matches(
  product: ProductRecord,
  variant: VariantRecord,
  by: { handle: string; title?: string },
): boolean {
  return product.handle === by.handle && (by.title === undefined || variant.title === by.title);
}

/** The product's drawing, as a page of the storefront or the admin loads it. */
export function pictureOf(store: Store, product: ProductRecord): string {
  return `${store.picturesAt}/cdn/products/${product.handle}.svg`;
}

/** Where one of a product's own pictures is: its address as given, or the shop's own server for a path. */
export function imageUrl(at: string, image: ImageRecord): string {
  return image.src.startsWith("/") ? `${at}${image.src}` : image.src;
}

/** The gid of the shop itself. */
export function shopGid(store: Store): string {
  return gid("Shop", store.shopId);
}

/** Who checks out when nobody says otherwise. */
export function person(): AddressRecord {
  return {
    firstName: "Rosa",
    lastName: "Alvarez",
    company: null,
    address1: "742 Birch Lane",
    address2: "Apt 3",
    city: "Portland",
    province: "Oregon",
    provinceCode: "OR",
    country: "United States",
    countryCode: "US",
    zip: "97201",
    phone: "+15035550142",
  };
}
