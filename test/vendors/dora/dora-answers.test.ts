// How Dora's answers are read: logins and their ends, errors in two shapes, odd numbers, carts, the catalogue.
import { expect, test } from "vitest";
import { cartSchema, compareCart } from "#app/vendors/dora/cart.ts";
import { dora } from "#app/vendors/dora/index.ts";
import { tokenEnds } from "#app/vendors/dora/login.ts";
import { sizeText } from "#app/vendors/dora/size.ts";
import { fieldsSchema } from "#app/vendors/fields.ts";
import type { VendorReply } from "#app/vendors/vendor.ts";
import { aRing, atDora, errorOf, orders, payloadOf, ringLine, ringPart } from "./rings.ts";

const at = atDora();
const payload = payloadOf();
const wanted = payload.lines.map((line) => line.put);

function aReply(status: number, body: unknown): VendorReply {
  const text = typeof body === "string" ? body : JSON.stringify(body);
  return {
    status,
    headers: {},
    text,
    json: typeof body === "string" ? undefined : body,
    bytes: new Uint8Array(),
  };
}

test("a good login is answered with the dealer's name and currency", async () => {
  expect(await dora.test(at.settings(), await at.loggedIn())).toBe(
    "Connected as Demo Jeweller, prices in EUR.",
  );
  expect(await dora.test(at.settings(), at.calls())).toContain("Demo Jeweller");
});

test("D16 a login that may not buy is refused with its reason, at once", async () => {
  const settings = at.settings({ username: "browse" });
  const error = await errorOf(() => dora.test(settings, at.calls({ settings })));

  expect(error.problem).toBe("connection");
  expect(error.message).toContain("nopurchase");
});

test("a role that was taken away later is noticed by the connection test", async () => {
  const asking = { ...at.calls(), token: "t", ask: async () => aReply(200, { role: "nopurchase" }) };

  expect((await errorOf(() => dora.test(at.settings(), asking))).problem).toBe("connection");
});

test("a wrong password is the connection's trouble and the password is in no message", async () => {
  const settings = at.settings({ password: "s3cret-wrong" });
  const error = await errorOf(() => dora.login?.(settings, at.calls({ settings })));

  expect(error).toMatchObject({
    problem: "connection",
    message: expect.stringContaining("Invalid username"),
  });
  expect(error.message).not.toContain("s3cret-wrong");
});

test("D17 a token is renewed with itself, and with the password once it has ended", async () => {
  const calls = await at.loggedIn();
  at.standIn.reset();
  await dora.login?.(at.settings(), calls);
  await dora.login?.(at.settings(), { ...calls, token: "a.b.c" });

  expect(at.standIn.requests().map(({ path, status }) => [path, status])).toEqual([
    ["/auth/authenticate", 200],
    ["/auth/authenticate", 401],
    ["/auth/login", 200],
  ]);
});

test("a token ends when it says so, and in an hour when it does not say", async () => {
  const now = new Date("2026-11-22T09:00:00Z");
  const soon = Math.floor(now.getTime() / 1000) + 120;
  const jwt = (claims: string) => `h.${Buffer.from(claims).toString("base64url")}.s`;
  const hour = new Date("2026-11-22T10:00:00Z");

  expect(tokenEnds(jwt(JSON.stringify({ sub: "Łukasz", exp: soon })), now)).toEqual(new Date(soon * 1000));
  for (const odd of [
    "opaque",
    "",
    "a.b.c",
    "a.!!.c",
    jwt("{}"),
    jwt('{"exp":"soon"}'),
    jwt('{"exp":1000000000}'),
  ])
    expect(tokenEnds(odd, now)).toEqual(hour);
});

test("D18 both error shapes are shown as text, and a proxy's page is not", () => {
  expect(dora.readError(aReply(400, { error: "Invalid item type" })).words).toBe("Invalid item type");
  expect(dora.readError(aReply(404, { error: { message: "Item not found" } })).words).toBe("Item not found");
  for (const other of ["<html>502</html>", { error: {} }, { error: null }, [], null, { error: "" }])
    expect(dora.readError(aReply(502, other)).words).toBeUndefined();
});

test.each([
  ["D22 an order number that is a number is kept as text", { orderNo: 10045, total: "351.20" }, "10045"],
  ["an order number that is text is kept as it is", { orderNo: " W-10045 " }, "W-10045"],
])("%s", async (_, body, number) => {
  const calls = await at.loggedIn();
  calls.commit = async () => aReply(200, body);

  expect(await orders.submit(payload, at.settings(), calls)).toMatchObject({ number });
});

test.each([
  [200, { total: 351.2 }],
  [200, { orderNo: "" }],
  [200, { error: "Failed" }],
  [200, []],
  [400, { error: "Cart is empty" }],
  [404, { error: "Cart not found" }],
  [422, "<html></html>"],
])("an answer %i %j to the purchase is neither a success nor a refusal", async (status, body) => {
  const calls = await at.loggedIn();
  calls.commit = async () => aReply(status, body);

  expect((await errorOf(() => orders.submit(payload, at.settings(), calls))).problem).toBe("unsure");
});

test("a total that differs from the cart's is told to the merchant", async () => {
  const calls = await at.loggedIn();
  calls.commit = async () => aReply(200, { orderNo: "1", total: 400 });

  expect((await orders.submit(payload, at.settings(), calls)).remark).toContain("400.00");
});

test.each([
  ["an answer that is no cart", 200, { items: "none" }, "retry"],
  ["a page that is not Dora's", 404, "<html>Not Found</html>", "connection"],
])("%s adds nothing", async (_, status, body, problem) => {
  const calls = at.calls();
  calls.ask = async () => aReply(status, body);

  expect((await errorOf(() => orders.submit(payload, at.settings(), calls))).problem).toBe(problem);
  expect(calls.notes).toEqual({});
});

test("a login that never had a cart has an empty one", async () => {
  const calls = at.calls();
  calls.ask = async () => aReply(404, { error: "Cart not found" });

  expect(await orders.probe(payload, at.settings(), calls)).toMatchObject({ code: "number unknown" });
});

test("a cart is compared by what is configured, not by how it is written", () => {
  const [put] = payloadOf(
    ringPart([
      [
        ringLine({ quantity: 3 }),
        aRing({
          parts: [
            { name: "Band", metalId: 5, color: "Yellow", finish: "Polished" },
            { name: "Setting", metalId: 8 },
          ],
        }),
      ],
    ]),
  ).lines.map((line) => line.put);
  const item = (quantity: unknown, key: unknown) => ({
    type: "ring",
    id: "310",
    quantity,
    item_key: key,
    options: {
      size: "17.70",
      width: 4.0000001,
      parts: [
        { name: "Setting", metal_id: "8", color: null, finish: "", metal_name: "Platinum" },
        { name: "Band", metal_id: 5, color: "yellow", finish: "Polished" },
      ],
      diamonds: [],
    },
    details: [],
  });
  const cart = cartSchema.parse({ items: { "0": item(1, "a"), "2": item("2", 7) }, total: "12.50" });

  expect(put && compareCart([put], cart)).toMatchObject({ pieces: 3, missing: [], tooMany: [], foreign: [] });
});

test.each([
  ["another size", { size: 17.3 }],
  ["another width", { width: 4.5 }],
  ["another metal", { parts: [{ name: "Band", metal_id: 6, color: "Yellow", finish: "Polished" }] }],
  ["another colour", { parts: [{ name: "Band", metal_id: 5, color: "White", finish: "Polished" }] }],
  ["a part more", { parts: [{ name: "Band", metal_id: 5, color: "Yellow", finish: "Polished" }, { name: "Setting" }] }], // prettier-ignore
  ["diamonds", { diamonds: [{ diamond_cut_id: 1, diamond_count_size: 1, diamond_size: 1, diamond_quality_id: 1 }] }], // prettier-ignore
  ["diamonds nobody can read", { diamonds: [{}] }],
  ["options nobody can read", { size: null }],
])("a ring with %s is not ours", (_, options) => {
  const [put] = wanted;
  const ours = put?.type === "ring" ? put.options : {};
  const cart = cartSchema.parse({
    items: [
      {
        type: "ring",
        id: 310,
        quantity: 1,
        item_key: "k",
        options: { ...ours, ...options },
        details: { style_no: "4021" },
      },
    ],
  });

  expect(compareCart(wanted, cart)).toMatchObject({
    pieces: 0,
    ours: [],
    foreign: ["style 4021"],
    missing: wanted,
  });
});

test("the pick-list offers rings complete with their defaults, and other products", async () => {
  const calls = await at.loggedIn();
  const rows = (await dora.products?.(at.settings(), "4021", calls)) ?? [];
  const [band] = rows;
  const others = (await dora.products?.(at.settings(), "box", calls)) ?? [];

  expect(rows.map((row) => row.label)).toEqual(["4021 · Classics", "4021H · Classics", "4021L · Classics"]);
  expect(band).toMatchObject({
    detail: "Band: Gold 14 kt White Polished, 4 mm, EUR 351.20",
    config: { type: "ring", id: 310, collectionId: 12, width: 4, expectedPrice: 351.2 },
  });
  expect(others).toMatchObject([
    { label: "Ring box, oak", detail: "Not a ring, EUR 19.00", config: { id: 71 } },
  ]);
  for (const row of [...rows, ...others])
    expect(fieldsSchema(dora.product).safeParse(row.config)).toMatchObject({ success: true });
  expect(await dora.products?.(at.settings(), "no such style", calls)).toEqual([]);
});

test("what the pick-list offers can be bought as it is", async () => {
  const calls = await at.loggedIn();
  const rows = (await dora.products?.(at.settings(), "", calls)) ?? [];
  const lines = rows.map(({ config }, index): [ReturnType<typeof ringLine>, Record<string, unknown>] => [
    ringLine({ id: String(index) }),
    config,
  ]);
  const everything = payloadOf(ringPart(lines));
  const receipt = await orders.submit(everything, at.settings({ priceTolerance: 0 }), calls);

  expect(rows.length).toBeGreaterThan(9);
  expect(receipt.number).toBe(at.standIn.ledger()[0]?.number);
});

test.each([
  ["7 1/2", "7.5"],
  ["7-1/2", "7.5"],
  ["7½", "7.5"],
  ["7,50", "7.5"],
  ["Ring size: 54", "54"],
  ["SIZE 54", "54"],
  ["½", "0.5"],
  ["P½", "p.5"],
  ["P 1/2", "p.5"],
  ["Z+1", "z+1"],
  ["５４", "54"],
  ["US 7.5", "us 7.5"],
  ["1 7/2", "1 7/2"],
  ["71/2", "71/2"],
  ["10/11/12", "10/11/12"],
  ["not sure", "not sure"],
  ["size", "size"],
  ["", ""],
])("the ring size “%s” is read as “%s”", (text, read) => {
  expect(sizeText(text)).toBe(read);
});
