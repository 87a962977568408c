// The questions the Admin API answers here.
import { GraphQLError } from "graphql";
import { displayFulfillmentStatus } from "../fulfillments.ts";
import { isActive } from "../fulfillment-orders.ts";
import { digits, gid } from "../ids.ts";
import { shopGid, type Store } from "../store.ts";
import type { OrderRecord, ProductRecord, VariantRecord } from "../types.ts";
import { bulkQueries } from "./bulk-node.ts";
import { fulfillmentNode, fulfillmentOrderNode } from "./fulfillment-node.ts";
import { metafieldFields } from "./metafield-node.ts";
import { connection, type AdminContext, type Node, type PageArgs } from "./nodes.ts";
import { customerNode, lineNode, locationNode, orderNode } from "./order-node.ts";
import { productNode, variantNode } from "./product-node.ts";
import { matches, readSearch } from "./search.ts";

interface ListArgs extends PageArgs {
  query?: string | null;
  sortKey?: string | null;
}

/** The fields of QueryRoot that are implemented; a query for any other fails loudly. */
export function queries(store: Store, context: AdminContext): Node {
  const bulk = bulkQueries(store, context);
  return {
    shop: () => shopNode(store),
    app: () => appNode(store, context),
    currentAppInstallation: () => installationNode(store, context),
    appInstallation: () => installationNode(store, context),
    orders: (args: ListArgs) => connection(ordersFor(store, args), args, (order) => orderNode(store, order)),
    ordersCount: (args: { query?: string | null }) => ({
      count: ordersFor(store, args).length,
      precision: "EXACT",
    }),
    order: (args: { id: string }) => lookUp(store, args.id, "Order"),
    fulfillmentOrder: (args: { id: string }) => lookUp(store, args.id, "FulfillmentOrder"),
    fulfillmentOrders: (args: ListArgs & { includeClosed?: boolean }) => {
      const terms = readSearch(args.query, ["status", "updated_at", "id"]);
      const found = [...store.fulfillmentOrders.values()].filter(
        (one) =>
          (args.includeClosed || isActive(one)) &&
          matches(terms, { status: one.status.toLowerCase(), updated_at: one.updatedAt, id: one.id }),
      );
      return connection(found, args, (one) => fulfillmentOrderNode(store, one));
    },
    // Nothing is ever assigned to a fulfillment service of the app's in this shop.
    assignedFulfillmentOrders: (args: PageArgs) => connection([], args, (none) => none),
    fulfillment: (args: { id: string }) => lookUp(store, args.id, "Fulfillment"),
    customer: (args: { id: string }) => lookUp(store, args.id, "Customer"),
    location: () => locationNode(store),
    locations: (args: PageArgs) => connection([{ id: store.locationId }], args, () => locationNode(store)),
    products: (args: ListArgs) =>
      connection(productsFor(store, args), args, (product) => productNode(store, product)),
    productsCount: (args: ListArgs) => ({ count: productsFor(store, args).length, precision: "EXACT" }),
    product: (args: { id: string }) => lookUp(store, args.id, "Product"),
    productVariant: (args: { id: string }) => lookUp(store, args.id, "ProductVariant"),
    productVariants: (args: ListArgs) =>
      connection(variantsFor(store, args), args, (variant) => variantNode(store, variant)),
    productVariantsCount: (args: ListArgs) => ({
      count: variantsFor(store, args).length,
      precision: "EXACT",
    }),
    ...bulk,
    node: (args: { id: string }) => (isBulk(args.id) ? bulk.bulkOperation(args) : lookUp(store, args.id)),
    nodes: (args: { ids: string[] }) =>
      args.ids.map((id) => (isBulk(id) ? bulk.bulkOperation({ id }) : lookUp(store, id))),
    webhookSubscriptions: (args: PageArgs) => connection([], args, (none) => none),
  };
}

const isBulk = (id: string) => id.startsWith("gid://shopify/BulkOperation/");

/** Any record by its gid, as `node` and `nodes` want it; null when there is none. */
export function lookUp(store: Store, id: string, expected?: string): Node | null {
  const type = /^gid:\/\/shopify\/(\w+)\/\d+/.exec(id)?.[1];
  if (!type || (expected && type !== expected)) {
    throw new GraphQLError(`Invalid global id '${id}'`, {
      extensions: { code: "argumentLiteralsIncompatible" },
    });
  }
  const key = digits(type, id) ?? "";
  const found = <Record>(from: Map<string, Record>, toNode: (record: Record) => Node) => {
    const record = from.get(key);
    return record === undefined ? null : toNode(record);
  };
  switch (type) {
    case "Order":
      return found(store.orders, (order) => orderNode(store, order));
    case "LineItem":
      return found(store.lines, ({ order, line }) => lineNode(store, order, line));
    case "FulfillmentOrder":
      return found(store.fulfillmentOrders, (record) => fulfillmentOrderNode(store, record));
    case "Fulfillment":
      return found(store.fulfillments, (record) => fulfillmentNode(store, record));
    case "Product":
      return found(store.products, (product) => productNode(store, product));
    case "ProductVariant":
      return found(store.variants, (variant) => variantNode(store, variant));
    case "Customer": {
      const of = [...store.orders.values()].find((order) => order.customer?.id === key)?.customer;
      return of ? customerNode(store, of) : null;
    }
    case "Shop":
      return key === store.shopId ? shopNode(store) : null;
    case "Location":
      return key === store.locationId ? locationNode(store) : null;
    default:
      return null;
  }
}

const orderFields = [
  "created_at",
  "updated_at",
  "processed_at",
  "id",
  "name",
  "email",
  "status",
  "financial_status",
  "fulfillment_status",
  "test",
  "tag",
  "sku",
  "source_name",
  "customer_id",
];

function ordersFor(store: Store, args: ListArgs): OrderRecord[] {
  const terms = readSearch(args.query, orderFields);
  const found = [...store.orders.values()].filter((order) => matches(terms, orderWords(store, order)));
  const by = {
    UPDATED_AT: (order: OrderRecord) => order.updatedAt,
    CREATED_AT: (order: OrderRecord) => order.createdAt,
    PROCESSED_AT: (order: OrderRecord) => order.processedAt,
  }[args.sortKey ?? "PROCESSED_AT"];
  return sorted(found, by ?? (() => ""));
}

function orderWords(store: Store, order: OrderRecord): Record<string, string | string[]> {
  const display = displayFulfillmentStatus(store, order);
  const shipping = { FULFILLED: "shipped", PARTIALLY_FULFILLED: "partial" }[display] ?? "unshipped";
  const state = order.cancelledAt ? "cancelled" : order.closedAt ? "closed" : "open";
  return {
    "": [order.name, order.email ?? "", ...order.lines.map((line) => line.title)],
    created_at: order.createdAt,
    updated_at: order.updatedAt,
    processed_at: order.processedAt,
    id: order.id,
    name: [order.name, String(order.number)],
    email: order.email ?? "",
    status: ["any", state, ...(order.cancelledAt ? [] : ["not_cancelled"])],
    financial_status: ["any", order.financialStatus],
    fulfillment_status: ["any", shipping, ...(shipping === "shipped" ? ["fulfilled"] : ["unfulfilled"])],
    test: String(order.test),
    tag: order.tags,
    sku: order.lines.map((line) => line.sku ?? ""),
    source_name: order.sourceName,
    customer_id: order.customer?.id ?? "",
  };
}

/** By the key, then by id as a number, as Shopify breaks ties. */
function sorted<Item extends { id: string }>(items: Item[], key: (item: Item) => string): Item[] {
  const byId = (a: Item, b: Item) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1);
  return items.sort((a, b) => (key(a) < key(b) ? -1 : key(a) > key(b) ? 1 : byId(a, b)));
}

const productFields = [
  "title",
  "sku",
  "status",
  "id",
  "vendor",
  "product_type",
  "handle",
  "tag",
  "updated_at",
];

function productsFor(store: Store, args: ListArgs): ProductRecord[] {
  const terms = readSearch(args.query, productFields);
  const found = [...store.products.values()].filter((product) =>
    matches(terms, {
      "": [product.title, product.vendor, ...product.variants.map((variant) => variant.sku ?? "")],
      title: product.title,
      sku: product.variants.map((variant) => variant.sku ?? ""),
      status: product.status,
      id: product.id,
      vendor: product.vendor,
      product_type: product.productType,
      handle: product.handle,
      tag: product.tags,
      updated_at: product.updatedAt,
    }),
  );
  const by = {
    TITLE: (product: ProductRecord) => product.title.toLowerCase(),
    UPDATED_AT: (product: ProductRecord) => product.updatedAt,
    VENDOR: (product: ProductRecord) => product.vendor,
  }[args.sortKey ?? "ID"];
  return sorted(found, by ?? (() => ""));
}

function variantsFor(store: Store, args: ListArgs): VariantRecord[] {
  const terms = readSearch(args.query, ["title", "sku", "id", "product_id", "product_status", "updated_at"]);
  const found = [...store.variants.values()].filter((variant) => {
    const product = store.products.get(variant.productId);
    return matches(terms, {
      "": [variant.title, variant.sku ?? "", product?.title ?? ""],
      title: variant.title,
      sku: variant.sku ?? "",
      id: variant.id,
      product_id: variant.productId,
      product_status: product?.status ?? "",
      updated_at: product?.updatedAt ?? "",
    });
  });
  return sorted(found, () => "");
}

function shopNode(store: Store): Node {
  return {
    __typename: "Shop",
    id: shopGid(store),
    name: store.shopName,
    email: store.email,
    contactEmail: store.email,
    myshopifyDomain: store.domain,
    url: `https://${store.domain}`,
    primaryDomain: {
      id: gid("Domain", store.shopId),
      host: store.domain,
      url: `https://${store.domain}`,
      sslEnabled: true,
    },
    currencyCode: store.currency,
    enabledPresentmentCurrencies: [store.currency],
    ianaTimezone: "America/New_York",
    timezoneAbbreviation: "EST",
    timezoneOffset: "-0500",
    timezoneOffsetMinutes: -300,
    unitSystem: "IMPERIAL_SYSTEM",
    weightUnit: "POUNDS",
    shopOwnerName: "Sam Owner",
    orderNumberFormatPrefix: "#",
    orderNumberFormatSuffix: "",
    setupRequired: false,
    taxesIncluded: false,
    plan: { partnerDevelopment: true, publicDisplayName: "Basic", shopifyPlus: false },
    ...metafieldFields(store, shopGid(store)),
  };
}

function appNode(store: Store, context: AdminContext): Node {
  return {
    __typename: "App",
    id: gid("App", "580111"),
    apiKey: context.apiKey,
    title: "Makerlane",
    handle: "makerlane",
    embedded: true,
    installation: () => installationNode(store, context),
  };
}

function installationNode(store: Store, context: AdminContext): Node {
  return {
    __typename: "AppInstallation",
    id: gid("AppInstallation", store.shopId),
    app: () => appNode(store, context),
    launchUrl: context.appUrl,
    uninstallUrl: null,
    accessScopes: context.scopes.map((handle) => ({ handle, description: handle.replaceAll("_", " ") })),
    activeSubscriptions: [],
    ...metafieldFields(store, gid("AppInstallation", store.shopId)),
  };
}
