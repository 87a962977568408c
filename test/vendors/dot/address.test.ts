// Where MGE DOT is told to send a parcel, and that no order at all can break the mapping.
import fc from "fast-check";
import { expect, test } from "vitest";
import { payload as payloadSchema } from "#app/vendors/dot/payload.ts";
import { settings as fields } from "#app/vendors/dot/settings.ts";
import { fieldsSchema } from "#app/vendors/fields.ts";
import { VendorError } from "#app/vendors/vendor.ts";
import { anAddress, anOrder, anyLine, anyOrder } from "#test/support/builders.ts";
import { baseSettings, kit, payloadOf, photoLink, problemOf, sku } from "./world.ts";

const byLink = (): ReturnType<typeof kit> => kit({ _dot_asset_url: photoLink });
const shippedTo = (overrides: Parameters<typeof anAddress>[0], more: Parameters<typeof anOrder>[0] = {}) => ({
  part: { order: anOrder({ shippingAddress: anAddress(overrides), ...more }) },
});

test("M5 the second address line joins the street", () => {
  const { shipping } = payloadOf([byLink()]).order;

  expect(shipping["street"]).toBe("1 Main St, #04-12");
  expect(Object.keys(shipping)).toEqual(["name", "email", "phone", "street", "city", "zip", "country"]);
});

test("M5 a company stands before the street, and a state after the city where parcels need it", () => {
  const place = { company: "Tan & Co", city: "Eagan", provinceCode: "MN", zip: "55121", countryCode: "US" };
  const { shipping } = payloadOf([byLink()], shippedTo(place)).order;

  expect(shipping["street"]).toBe("Tan & Co, 1 Main St, #04-12");
  expect(shipping["city"]).toBe("Eagan, MN");
});

test("M6 the customer's phone is used when the address has none", () => {
  const facts = shippedTo(
    { phone: undefined },
    { billingAddress: undefined, customer: { id: "77", phone: "+65 8123 4567" } },
  );

  expect(payloadOf([byLink()], facts).order.shipping["phone"]).toBe("+6581234567");
});

test("M6 an order without any phone is held", async () => {
  const facts = shippedTo({ phone: undefined }, { billingAddress: undefined, customer: { id: "77" } });
  const problem = await problemOf(() => payloadOf([byLink()], facts));

  expect(problem.problem).toBe("rejected");
  expect(problem.message).toContain("phone");
});

test("M6 the connection's own phone stands in, and without it the order is held", async () => {
  const nobody = { billingAddress: undefined, phone: undefined, customer: { id: "77" } };
  const facts = shippedTo({ phone: undefined }, nobody);
  const settings = { defaultPhone: "+65 6123-4567" };

  expect(payloadOf([byLink()], { ...facts, settings }).order.shipping["phone"]).toBe("+6561234567");
  expect(payloadOf([byLink()], { settings }).order.shipping["phone"]).toBe("+6581234567");
  expect((await problemOf(() => payloadOf([byLink()], facts))).message).toContain("needs a phone number");
});

test.each([
  ["+65 6123 4567", true],
  ["(02) 9876-5432", true],
  ["112", false],
  ["+", false],
  ["ask at the shop", false],
])("the connection's own phone is a phone number: %s", (defaultPhone, isOne) => {
  const read = fieldsSchema(fields).safeParse({ ...baseSettings, defaultPhone });

  expect(read.error?.issues.map(({ message }) => message)).toEqual(
    isOne ? undefined : ["Write a phone number with its country code, for example +65 6123 4567."],
  );
});

test("M7 a parcel to Singapore without a city goes to Singapore", () => {
  expect(payloadOf([byLink()], shippedTo({ city: undefined })).order.shipping["city"]).toBe("Singapore");
});

test("M19 an order without an e-mail goes without one", () => {
  const facts = { part: { order: anOrder({ email: undefined, customer: undefined }) } };

  expect(payloadOf([byLink()], facts).order.shipping).not.toHaveProperty("email");
});

test.each(["shippingAddress", "address1", "zip", "countryCode", "name"])(
  "an order without its %s is held",
  async (part) => {
    const nobody = { name: undefined, firstName: undefined, lastName: undefined };
    const facts =
      part === "shippingAddress"
        ? { part: { order: anOrder({ shippingAddress: undefined }) } }
        : part === "name"
          ? shippedTo(nobody, { billingAddress: undefined })
          : shippedTo({ [part]: undefined });

    expect((await problemOf(() => payloadOf([byLink()], facts))).problem).toBe("rejected");
  },
);

test("a parcel to Hong Kong needs no postcode", () => {
  const { shipping } = payloadOf(
    [byLink()],
    shippedTo({ countryCode: "HK", city: "Kowloon", zip: undefined }),
  ).order;

  expect(shipping).not.toHaveProperty("zip");
});

test("names keep their letters and lose line breaks", () => {
  const place = { name: "Łódź O’Connor 🎨", address1: "1 Main\nSt", address2: "محمد" };
  const { shipping } = payloadOf([byLink()], shippedTo(place)).order;

  expect(shipping["name"]).toBe("Łódź O’Connor 🎨");
  expect(shipping["street"]).toBe("1 Main St, محمد");
});

test("whatever an order holds, it becomes something MGE takes or a sentence", () => {
  const names = ["_dot_asset_url", "_dot_preview_option_id", "_dot_preview_id", "Photo"];
  const anyArtwork = fc.record({
    id: fc.string({ minLength: 1 }),
    contentType: fc.constant("image/png"),
    width: fc.integer(),
    height: fc.integer(),
    url: fc.webUrl(),
  });
  const anyProduct = fc.record(
    {
      sku: fc.oneof({ weight: 9, arbitrary: fc.constant(sku) }, { weight: 1, arbitrary: fc.string() }),
      cropMode: fc.constantFrom("", "auto_allowed"),
    },
    { requiredKeys: [] },
  );
  const anyLines = fc.array(
    fc.record({
      line: anyLine(names).map((line) => ({ ...line, quantity: line.quantity % 101 })),
      product: anyProduct,
      artwork: fc.option(anyArtwork, { nil: undefined, freq: 9 }),
    }),
    { minLength: 1, maxLength: 2 },
  );
  const anySettings = fc.record({
    submission: fc.constantFrom("draft", "direct"),
    artworkTransfer: fc.constantFrom("asset-url", "upload", "from-url"),
    artworkSource: fc.constantFrom("preview", "photo"),
    linkProperties: fc.constant("_dot_asset_url,Photo"),
  });
  let sent = 0;
  fc.assert(
    fc.property(anyOrder(names), anyLines, anySettings, fc.boolean(), (order, lines, settings, whole) => {
      const shippingAddress = whole ? anAddress() : order.shippingAddress;
      try {
        const made = payloadOf(lines, { settings, part: { order: { ...order, shippingAddress } } });
        payloadSchema.parse(JSON.parse(JSON.stringify(made)));
        sent += 1;
      } catch (error) {
        if (!(error instanceof VendorError)) throw error;
        expect(error.problem).toBe("rejected");
        expect(error.message).not.toMatch(/line_items|would refuse/);
      }
    }),
    { numRuns: 300 },
  );
  expect(sent).toBeGreaterThan(3);
});
