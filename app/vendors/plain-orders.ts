// The orders ability in the plain shape that the rest of the app knows: what crosses the border is parsed.
import { parse } from "./parse.ts";
import { VendorError } from "./vendor-error.ts";
import type { OrdersAbility, Vendor } from "./vendor.ts";
import type { Asking, Calls } from "./words.ts";
import type { Sent } from "./abilities.ts";

type PlainOrders = NonNullable<Vendor["orders"]>;

interface Borders<Settings, Product> {
  label: string;
  settingsOf(raw: unknown): Settings;
  productOf(raw: unknown): Product;
}

/** Closes over the vendor's own types: narrow inside, one plain shape outside. */
export function plainOrders<Settings, Product, Payload>(
  orders: OrdersAbility<Settings, Product, Payload>,
  { label, settingsOf, productOf }: Borders<Settings, Product>,
): PlainOrders {
  const payloadOf = (raw: unknown): Payload =>
    parse(
      orders.payload,
      raw,
      (first) => new VendorError("rejected", `${label} would refuse this order: ${first}`),
    );
  const sentOf = (sent: Sent<unknown>): Sent<Payload> => ({ ...sent, payload: payloadOf(sent.payload) });
  const { withdraw, groupOf, lowestPrice, track, report, check, files } = orders;
  const { instead, cancel, update } = orders.changing;
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
    ...(groupOf && { groupOf }),
    ...(lowestPrice && { lowestPrice: (product: unknown) => lowestPrice(productOf(product)) }),
    ...(track && {
      track: (sent: Sent<unknown>, raw: unknown, asking: Asking) =>
        track(sentOf(sent), settingsOf(raw), asking),
    }),
    ...(report && {
      report: (news: Record<string, unknown>, sent: Sent<unknown>) => report(news, sentOf(sent)),
    }),
    ...(check && {
      check: (payload: unknown, raw: unknown, asking: Asking) =>
        check(payloadOf(payload), settingsOf(raw), asking),
    }),
    changing: {
      instead,
      ...(cancel && {
        cancel: (sent: Sent<unknown>, raw: unknown, asking: Asking) =>
          cancel(sentOf(sent), settingsOf(raw), asking),
      }),
      ...(update && {
        update: (next: unknown, sent: Sent<unknown>, given: { settings: unknown; asking: Asking }) =>
          update(payloadOf(next), sentOf(sent), {
            settings: settingsOf(given.settings),
            asking: given.asking,
          }),
      }),
    },
    ...(files && {
      files: (sent: Sent<unknown>, raw: unknown, asking: Asking) =>
        files(sentOf(sent), settingsOf(raw), asking),
    }),
  };
}
