// Joins a vendor's functions into the plain shape that the rest of the app knows.
import type { AnyTool, CallbacksAbility, CatalogueAbility, PreviewOrder } from "./abilities.ts";
import { fieldsSchema, type Field, type Values } from "./fields.ts";
import { parse } from "./parse.ts";
import { plainOrders } from "./plain-orders.ts";
import { VendorError } from "./vendor-error.ts";
import type { VariantOptions, Vendor, VendorDefinition } from "./vendor.ts";
import type { Asking } from "./words.ts";

/** Joins a vendor's functions into the plain shape, parsing what crosses the border both ways. */
export function defineVendor<
  const S extends readonly Field[],
  const P extends readonly Field[],
  Payload = never,
  Item = never,
>(definition: VendorDefinition<S, P, Payload, Item>): Vendor {
  const { accountKey, login, products, configure, fromOptions } = definition;
  const { orders, catalogue, callbacks, previews } = definition;
  // Made once: making and compiling a schema anew was a seventh of the worker's time (measured 2026-11-22).
  const settingsSchema = fieldsSchema(definition.settings);
  const productSchema = fieldsSchema(definition.product);
  const settingsOf = (raw: unknown): Values<S> =>
    parse(
      settingsSchema,
      raw,
      (first) => new VendorError("connection", `The ${definition.label} settings are incomplete: ${first}`),
    );
  const productOf = (raw: unknown): Values<P> =>
    parse(
      productSchema,
      raw,
      (first) =>
        new VendorError(
          "rejected",
          `The ${definition.label} product chosen for this variant is incomplete: ${first} Open Products and choose it again.`,
        ),
    );
  return {
    id: definition.id,
    label: definition.label,
    summary: definition.summary,
    settings: definition.settings,
    product: definition.product,
    goodToKnow: definition.goodToKnow ?? [],
    atOnce: definition.atOnce,
    readError: definition.readError,
    test: (raw, asking) => definition.test(settingsOf(raw), asking),
    ...(accountKey && { accountKey: (raw: unknown) => accountKey(settingsOf(raw)) }),
    ...(login && { login: (raw: unknown, asking: Asking) => login(settingsOf(raw), asking) }),
    ...(products && {
      products: (raw: unknown, search: string, asking: Asking) => products(settingsOf(raw), search, asking),
    }),
    ...(configure && {
      configure: (product: Record<string, unknown>, raw: unknown, asking: Asking) =>
        configure(product, settingsOf(raw), asking),
    }),
    ...(fromOptions && {
      fromOptions: (options: VariantOptions, product: Record<string, unknown>, raw: unknown) =>
        fromOptions(options, product, settingsOf(raw)),
    }),
    ...(orders && { orders: plainOrders(orders, { label: definition.label, settingsOf, productOf }) }),
    ...(catalogue && { catalogue: plainCatalogue(catalogue, definition.label, settingsOf) }),
    ...(callbacks && { callbacks: plainCallbacks(callbacks, settingsOf) }),
    ...(previews && {
      previews: {
        ...previews,
        sizeOf: (raw: unknown, sku: string | undefined) => previews.sizeOf(productOf(raw), sku),
        start: (order: PreviewOrder, raw: unknown, asking: Asking) =>
          previews.start(order, settingsOf(raw), asking),
        read: (id: string, raw: unknown, asking: Asking) => previews.read(id, settingsOf(raw), asking),
        lifeSeconds: (raw: unknown) => previews.lifeSeconds(settingsOf(raw)),
        whenMadeAgain: (raw: unknown) => previews.whenMadeAgain(settingsOf(raw)),
        ordersPhotos: (raw: unknown) => previews.ordersPhotos(settingsOf(raw)),
      },
    }),
    tools: (definition.tools ?? []).map((tool) => plainTool(tool, settingsOf)),
  };
}

function plainCatalogue<Settings, Item>(
  catalogue: CatalogueAbility<Settings, Item>,
  label: string,
  settingsOf: (raw: unknown) => Settings,
): NonNullable<Vendor["catalogue"]> {
  const itemOf = (raw: unknown): Item =>
    parse(
      catalogue.item,
      raw,
      (first) => new VendorError("rejected", `${label} would refuse this product: ${first}`),
    );
  return {
    toItem: (product, raw) => itemOf(catalogue.toItem(product, settingsOf(raw))),
    keyOf: (item) => catalogue.keyOf(itemOf(item)),
    batchSize: catalogue.batchSize,
    publish: (items, raw, asking) =>
      catalogue.publish(
        items.map(({ item, notes }) => ({ item: itemOf(item), notes })),
        settingsOf(raw),
        asking,
      ),
    withdraw: (key, raw, asking) => catalogue.withdraw(key, settingsOf(raw), asking),
    list: (raw, asking) => catalogue.list(settingsOf(raw), asking),
    contentOf: (item) => catalogue.contentOf(itemOf(item)),
  };
}

function plainCallbacks<Settings>(
  callbacks: CallbacksAbility<Settings>,
  settingsOf: (raw: unknown) => Settings,
): CallbacksAbility<unknown> {
  const { register, confirm } = callbacks;
  return {
    read: (request, raw) => callbacks.read(request, settingsOf(raw)),
    ...(register && {
      register: (address: string, raw: unknown, asking: Asking) => register(address, settingsOf(raw), asking),
    }),
    ...(confirm && {
      confirm: (word: string, raw: unknown, asking: Asking) => confirm(word, settingsOf(raw), asking),
    }),
  };
}

function plainTool<Settings>(
  tool: AnyTool<Settings>,
  settingsOf: (raw: unknown) => Settings,
): AnyTool<unknown> {
  const input = fieldsSchema(tool.fields);
  return {
    ...tool,
    run: (raw, settings, calls) =>
      tool.run(
        parse(input, raw, (first) => new VendorError("rejected", first)),
        settingsOf(settings),
        calls,
      ),
  };
}
