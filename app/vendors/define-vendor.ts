// Joins a vendor's functions into the plain shape that the rest of the app knows.
import type { z } from "zod";
import { fieldsSchema, type Field, type Values } from "./fields.ts";
import { VendorError } from "./vendor-error.ts";
import type { OrdersAbility, Vendor, VendorDefinition } from "./vendor.ts";
import type { Asking, Calls, Notes } from "./words.ts";

/** Joins a vendor's functions into the plain shape, parsing what crosses the border both ways. */
export function defineVendor<const S extends readonly Field[], const P extends readonly Field[], Payload>(
  definition: VendorDefinition<S, P, Payload>,
): Vendor {
  const { accountKey, login, products, orders } = definition;
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
    ...(orders && { orders: plainOrders(orders, { label: definition.label, settingsOf, productOf }) }),
  };
}

interface Borders<Settings, Product> {
  label: string;
  settingsOf(raw: unknown): Settings;
  productOf(raw: unknown): Product;
}

function plainOrders<Settings, Product, Payload>(
  orders: OrdersAbility<Settings, Product, Payload>,
  { label, settingsOf, productOf }: Borders<Settings, Product>,
): NonNullable<Vendor["orders"]> {
  const payloadOf = (raw: unknown): Payload =>
    parse(
      orders.payload,
      raw,
      (first) => new VendorError("rejected", `${label} would refuse this order: ${first}`),
    );
  const { withdraw, track } = orders;
  return {
    toPayload: (part, raw) =>
      payloadOf(
        orders.toPayload(
          { ...part, lines: part.lines.map((line) => ({ ...line, product: productOf(line.product) })) },
          settingsOf(raw),
        ),
      ),
    submit: (payload, raw, calls) => orders.submit(payloadOf(payload), settingsOf(raw), calls),
    probe: (payload, raw, calls) => orders.probe(payloadOf(payload), settingsOf(raw), calls),
    ...(withdraw && {
      withdraw: (payload: unknown, raw: unknown, calls: Calls) =>
        withdraw(payloadOf(payload), settingsOf(raw), calls),
    }),
    quiescenceSeconds: orders.quiescenceSeconds,
    looksLikeOurs: (line) => orders.looksLikeOurs(line),
    ...(track && {
      track: (
        sent: { payload: unknown; number?: string | undefined; notes: Notes },
        raw: unknown,
        asking: Asking,
      ) => track({ ...sent, payload: payloadOf(sent.payload) }, settingsOf(raw), asking),
    }),
  };
}

function parse<T>(schema: z.ZodType<T>, raw: unknown, error: (first: string) => VendorError): T {
  const parsed = schema.safeParse(raw);
  if (parsed.success) return parsed.data;
  const issue = parsed.error.issues[0];
  throw error(
    issue ? `${issue.path.join(".")}${issue.path.length > 0 ? ": " : ""}${issue.message}` : "unreadable",
  );
}
