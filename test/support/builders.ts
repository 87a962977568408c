// Orders for tests, in our own words: one plain order to vary by hand, and arbitraries that make ugly ones.
import fc from "fast-check";
import type { Address, LineFacts, Money, OrderFacts, Property } from "#app/orders/order.ts";
import type { Part, PartLine } from "#app/vendors/vendor.ts";

/** A delivery address in Singapore, changed by `overrides`; `undefined` takes a part away. */
export function anAddress(overrides: Partial<Address> = {}): Address {
  return {
    firstName: "Ana",
    lastName: "Tan",
    name: "Ana Tan",
    address1: "1 Main St",
    address2: "#04-12",
    city: "Singapore",
    zip: "018956",
    country: "Singapore",
    countryCode: "SG",
    phone: "+6581234567",
    ...overrides,
  };
}

/** One paid line of two pieces, changed by `overrides`. Give each line of an order its own `id`. */
export function aLine(overrides: Partial<LineFacts> = {}): LineFacts {
  return {
    id: "1",
    variantId: "9001",
    productId: "8001",
    sku: "KIT-1",
    title: "Made to order",
    quantity: 2,
    orderedQuantity: 2,
    price: { minor: 5500, currency: "SGD" },
    requiresShipping: true,
    giftCard: false,
    fulfilled: false,
    properties: [],
    ...overrides,
  };
}

/** Properties of a line from a plain object, in its order. */
export function properties(values: Record<string, string>): Property[] {
  return Object.entries(values).map(([name, value]) => ({ name, value }));
}

/** Ana Tan's paid order #1001 in SGD with one line, changed by `overrides`. */
export function anOrder(overrides: Partial<OrderFacts> = {}): OrderFacts {
  return {
    id: "5551234567890",
    name: "#1001",
    currency: "SGD",
    createdAt: "2026-11-22T08:00:00Z",
    updatedAt: "2026-11-22T08:00:05Z",
    paid: true,
    financialStatus: "paid",
    test: false,
    source: "web",
    email: "a@ex.com",
    note: "Leave at door",
    customer: { id: "77", email: "a@ex.com", firstName: "Ana", lastName: "Tan" },
    shippingAddress: anAddress(),
    billingAddress: anAddress(),
    shippingLines: [{ code: "STD", title: "Standard", price: { minor: 1000, currency: "SGD" } }],
    total: { minor: 12000, currency: "SGD" },
    subtotal: { minor: 11000, currency: "SGD" },
    lines: [aLine()],
    ...overrides,
  };
}

/** What `toPayload` is given: these lines of `anOrder()`, all of it, sent for the first time. */
export function aPart<Product>(
  lines: PartLine<Product>[],
  overrides: Partial<Part<Product>> = {},
): Part<Product> {
  return {
    order: anOrder({ lines: lines.map((line) => line.line) }),
    lines,
    reference: "M-1001-a",
    resend: 0,
    whole: true,
    ...overrides,
  };
}

// Found in real orders or known to break somebody: other scripts, emoji, direction marks, halves of a
// surrogate pair, control characters, markup, spreadsheet formulas, names that objects already have.
const ugly = [
  "",
  " ",
  "O’Connor",
  "Łódź",
  "李小龙",
  "محمد بن سلمان",
  "👩‍👩‍👧‍👦 family",
  "\u202Egnp.exe",
  "half \uD83D pair",
  "two\nlines\r\nand a\ttab",
  "nul\u0000byte",
  "<script>alert(1)</script>",
  "'; drop table orders; --",
  "=1+1",
  "null",
  "undefined",
  "__proto__",
  "constructor",
  "%00%2e%2e/",
  "../../etc/passwd",
  "http://127.0.0.1/",
  "data:image/png;base64,AAAA",
  "x".repeat(300),
  "é".repeat(3000),
];

/** Text as people, bots and other apps leave it in an order. */
export function anyText(): fc.Arbitrary<string> {
  return fc.oneof(
    { weight: 4, arbitrary: fc.string({ unit: "grapheme", minLength: 1, maxLength: 40 }) },
    { weight: 2, arbitrary: fc.constantFrom(...ugly) },
    { weight: 1, arbitrary: fc.string({ unit: "binary", maxLength: 60 }) },
  );
}

const anyId = (): fc.Arbitrary<string> => fc.bigInt({ min: 1n, max: 9223372036854775807n }).map(String);

const anyPhone = (): fc.Arbitrary<string> =>
  fc.oneof(fc.constantFrom("+65 8123 4567", "(555) 010-9999", "call me", "+", "00", "١٢٣٤٥٦٧٨"), anyText());

const anyEmail = (): fc.Arbitrary<string> => fc.oneof(fc.emailAddress(), anyText());

/** Money of any size Shopify can hold, refunds included. */
export function anyMoney(): fc.Arbitrary<Money> {
  return fc.record({
    minor: fc.integer({ min: -1_000_000, max: 1_000_000_000 }),
    currency: fc.constantFrom("SGD", "USD", "EUR", "JPY", "KWD"),
  });
}

/** An address with any of its parts missing or strange. */
export function anyAddress(): fc.Arbitrary<Address> {
  return fc.record(
    {
      firstName: anyText(),
      lastName: anyText(),
      name: anyText(),
      company: anyText(),
      address1: anyText(),
      address2: anyText(),
      city: anyText(),
      province: anyText(),
      provinceCode: fc.oneof(fc.constantFrom("CA", "MN", "NSW"), anyText()),
      zip: fc.oneof(fc.constantFrom("018956", "55121", "SW1A 1AA", "00000"), anyText()),
      country: anyText(),
      countryCode: fc.oneof(fc.constantFrom("SG", "US", "GB", "AE", "HK", "MC"), anyText()),
      phone: anyPhone(),
    },
    { requiredKeys: [] },
  );
}

/** A line with strange properties and amounts; `names` are property names that your vendor reads. */
export function anyLine(names: readonly string[] = []): fc.Arbitrary<LineFacts> {
  const name = names.length > 0 ? fc.oneof(fc.constantFrom(...names), anyText()) : anyText();
  const value = fc.oneof(
    fc.webUrl({ withQueryParameters: true, validSchemes: ["https", "http"] }),
    fc.uuid(),
    fc.json(),
    anyText(),
  );
  return fc.record(
    {
      id: anyId(),
      variantId: anyId(),
      productId: anyId(),
      sku: anyText(),
      title: anyText(),
      variantTitle: anyText(),
      quantity: fc.oneof(fc.integer({ min: 0, max: 12 }), fc.integer({ min: 0, max: 1_000_000 })),
      orderedQuantity: fc.integer({ min: 0, max: 1_000_000 }),
      price: anyMoney(),
      requiresShipping: fc.boolean(),
      giftCard: fc.boolean(),
      fulfilled: fc.boolean(),
      properties: fc.array(fc.record({ name, value }), { maxLength: 6 }),
    },
    {
      requiredKeys: [
        "id",
        "title",
        "quantity",
        "orderedQuantity",
        "requiresShipping",
        "giftCard",
        "fulfilled",
        "properties",
      ],
    },
  );
}

/** Any order Shopify could hand us, however ugly; `names` are property names that your vendor reads. */
export function anyOrder(names: readonly string[] = []): fc.Arbitrary<OrderFacts> {
  const moment = fc
    .date({ min: new Date("2020-01-01"), max: new Date("2030-01-01"), noInvalidDate: true })
    .map((date) => date.toISOString());
  return fc.record(
    {
      id: anyId(),
      name: fc.oneof(
        fc.integer({ min: 1 }).map((n) => `#${n}`),
        anyText(),
      ),
      currency: fc.constantFrom("SGD", "USD", "EUR", "JPY", "KWD"),
      createdAt: moment,
      updatedAt: moment,
      paid: fc.boolean(),
      financialStatus: fc.constantFrom("paid", "pending", "refunded", "partially_refunded"),
      cancelledAt: moment,
      test: fc.boolean(),
      source: fc.constantFrom("web", "pos", "shopify_draft_order", "580111"),
      email: anyEmail(),
      phone: anyPhone(),
      note: anyText(),
      customer: fc.record(
        { id: anyId(), email: anyEmail(), phone: anyPhone(), firstName: anyText(), lastName: anyText() },
        { requiredKeys: [] },
      ),
      shippingAddress: anyAddress(),
      billingAddress: anyAddress(),
      shippingLines: fc.array(
        fc.record({ code: anyText(), title: anyText(), price: anyMoney() }, { requiredKeys: [] }),
        { maxLength: 2 },
      ),
      total: anyMoney(),
      subtotal: anyMoney(),
      lines: fc.array(anyLine(names), { minLength: 1, maxLength: 4 }),
    },
    {
      requiredKeys: [
        "id",
        "name",
        "currency",
        "createdAt",
        "updatedAt",
        "paid",
        "test",
        "shippingLines",
        "lines",
      ],
    },
  );
}
