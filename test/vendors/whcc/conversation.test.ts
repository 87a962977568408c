// The conversation over real HTTP with the stand-in: what is asked, compared, quoted and confirmed, and what is not.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Http } from "#app/vendors/http.server.ts";
import {
  aLineOf,
  anAttempt,
  failing,
  send,
  startThere,
  withAnswer,
  type Attempt,
  type Given,
  type There,
} from "./support.ts";

const ways = ["editor", "submit"] as const;

let there: There;
beforeAll(async () => {
  there = await startThere();
});
afterAll(() => there.stop());
beforeEach(() => there.standIn.reset());

const attempt = (given: Given = {}, http: Http = there.http): Attempt =>
  anAttempt({ standIn: there.standIn, http }, given);
const asked = (): string[] =>
  there.standIn.requests().map(({ method, path }) => `${method} ${path.replace(/[?].*|[0-9a-f-]{36}/g, "")}`);
const bodyOf = (path: string): unknown =>
  there.standIn.requests().find((request) => request.path.endsWith(path))?.body;

describe("sending", () => {
  test("W1 WHCC has the order as its own export wrote it, with nothing added but phone and attention", async () => {
    let exported: { order: { Orders: { ShipToAddress: Record<string, unknown> }[] } } | undefined;
    const spy = withAnswer(there.http, "/export", (json) => (exported = json as typeof exported));
    const one = attempt({ address: { company: "Sunny Studio" } }, spy);

    const receipt = await send(one);

    for (const { ShipToAddress } of exported?.order.Orders ?? [])
      Object.assign(ShipToAddress, { Phone: "16515550100", Attn: "Ana Tan" });
    expect(bodyOf("/oas/orders/create")).toEqual(exported?.order);
    const [entry] = there.standIn.ledger();
    expect(there.standIn.ledger()).toHaveLength(1);
    expect(receipt.number).toBe(entry?.number);
    expect(entry?.lines).toMatchObject([
      { sku: "186", quantity: 2, detail: { editorId: "demoPhotoBlock", attributes: [548, 553] } },
    ]);
    expect(asked()).toEqual([
      "POST /api/v1/auth/access-token",
      "PUT /api/v1/oas/editors/export",
      "POST /api/v1/oas/orders/create",
      "POST /api/v1/oas/orders//confirm",
    ]);
  });

  test.each(ways)("no record of a conversation holds a secret or a token (%s)", async (placing) => {
    const one = attempt({ settings: { placing } });

    await send(one);

    const record = JSON.stringify(one.calls.exchanges);
    expect(record).not.toMatch(/whcc_secret|oas_secret|accessToken|"Token/);
    expect(JSON.stringify(one.calls.notes)).not.toContain("eyJ");
  });

  test("W2 numbers and node IDs arrive as WHCC wrote them, digit by digit", async () => {
    await send(
      attempt({
        lines: [aLineOf("demoPhotoBlock"), aLineOf("demoAlbum", { id: "2", quantity: 1 })],
        products: { "2": { productUids: "426" } },
      }),
    );

    const body = JSON.stringify(bodyOf("/oas/orders/create"));
    expect(body).toContain('"ZoomY":66.54135338345864');
    expect(body).toContain('"DP2NodeID":"10000"');
    expect(body).toContain('"DP2NodeID":10000');
  });

  test("W4 an album of two comes as two orders of one, and that is right", async () => {
    const one = attempt({ lines: [aLineOf("demoAlbum", { quantity: 2 })], product: { productUids: "426" } });

    await send(one);

    expect(there.standIn.ledger()[0]?.lines.map(({ quantity }) => quantity)).toEqual([1, 1]);
    expect(one.calls.notes).toMatchObject({ "seq:1": '[["14001",1]]', "seq:2": '[["14001",1]]' });
  });

  test("W5 two accounts are two exports and two entries", async () => {
    const second = aLineOf("demoOtherShopper", {
      properties: [
        { name: "_editor_id", value: "demoOtherShopper" },
        { name: "_whcc_account_id", value: "other-shopper" },
      ],
    });

    await send(attempt());
    await send(attempt({ lines: [second], part: { reference: "M-1001-b" } }));

    expect(there.standIn.ledger().map(({ reference }) => reference)).toEqual([
      "5551234567890",
      "5551234567890-b",
    ]);
  });

  test("a design of another account is refused by WHCC, whatever the property says", async () => {
    const error = await failing(send(attempt({ lines: [aLineOf("demoOtherShopper")] })));

    expect(error).toMatchObject({ problem: "rejected" });
    expect(error.message).toContain("does not belong");
    expect(there.standIn.ledger()).toHaveLength(0);
  });

  test("the Order Submit API makes the same order", async () => {
    const receipt = await send(attempt({ settings: { placing: "submit" } }));

    expect(there.standIn.ledger()[0]?.number).toBe(receipt.number);
    expect(asked().slice(-3)).toEqual([
      "GET /api/AccessToken",
      "POST /api/OrderImport",
      "POST /api/OrderImport/Submit/",
    ]);
  });

  test("the Order Submit API without its keys pauses the connection", async () => {
    const error = await failing(
      send(attempt({ settings: { placing: "submit", consumerSecret: undefined } })),
    );

    expect(error).toMatchObject({ problem: "connection" });
    expect(error.message).toContain("consumer key");
  });
});

describe("what is held before anything is bought", () => {
  const held = async (one: Attempt): Promise<string> => {
    const error = await failing(send(one));
    expect(error.problem).toBe("rejected");
    expect(there.standIn.ledger()).toHaveLength(0);
    expect(asked().filter((request) => request.endsWith("confirm"))).toEqual([]);
    return error.message;
  };

  test("W8 WHCC's words are shown when a quote is refused with HTTP 200", async () => {
    const words = await held(attempt({ settings: { orderAttributes: "548, 547" } }));

    expect(words).toContain("Invalid Business Rules");
    expect(words).toContain("(412.02)");
  });

  test.each(ways)("W9 a quote without a ConfirmationID is not an order (%s)", async (placing) => {
    const path = placing === "editor" ? "/oas/orders/create" : "/OrderImport";
    const words = await held(
      attempt(
        { settings: { placing } },
        withAnswer(there.http, path, () => ({})),
      ),
    );

    expect(words).toContain("no ConfirmationID");
  });

  test("W23 a design that the shopper changed after paying is held", async () => {
    there.standIn.changeDesign("demoPhotoBlock", "block-24x36");

    const words = await held(attempt());

    expect(words).toContain("product 192 instead of 186");
    expect(words).toContain("does not match what was bought");
    expect(asked()).not.toContain("POST /api/v1/oas/orders/create");
  });

  test("W23 a design of the right product but not of the choices that were bought is held", async () => {
    const product = { productUids: "186, 192", selections: "10×10, lustre photo matte surface" };
    const one = attempt({ product });
    there.standIn.changeDesign("demoPhotoBlock", "block-24x36");

    expect(await held(one)).toContain('it is not "10×10" but 24×36');
    there.standIn.changeDesign("demoPhotoBlock", "block-10x10");
    await send(one);
    expect(there.standIn.ledger()).toHaveLength(1);
  });

  test("a piece that is dearer than its variant allows is held", async () => {
    expect(await held(attempt({ product: { maxPriceUsd: 34.24 } }))).toContain("WHCC asks USD 34.25 for one");
    await send(attempt({ product: { maxPriceUsd: 34.25 } }));
  });

  test("an order that is dearer than the merchant allows is held, and quoted anew when it is tried again", async () => {
    const one = attempt({ settings: { maxOrderUsd: 80 } });

    // 2 blocks, packaging and shipping, 7 % tax.
    expect(await held(one)).toContain("WHCC asks USD 81.86 for this order, which is more than USD 80.00");
    expect(one.calls.notes).toEqual({});
    await send({ ...one, mine: { ...one.mine, maxOrderUsd: 81.86 } });
    expect(there.standIn.ledger()).toHaveLength(1);
  });

  test.each<[string, (order: Record<string, unknown>) => void, string]>([
    ["ShipToAddress.Zip", (order) => Object.assign(order["ShipToAddress"] as object, { Zip: null }), "Zip"],
    ["OrderAttributes", (order) => (order["OrderAttributes"] = null), "OrderAttributes"],
    ["FromAddressValue", (order) => (order["FromAddressValue"] = null), "FromAddressValue"],
    ["OrderItems", (order) => (order["OrderItems"] = []), "OrderItems"],
  ])("W26 an export that leaves %s empty is held and not sent on", async (_name, change, words) => {
    const http = withAnswer(there.http, "/export", (json) => {
      change((json as { order: { Orders: [Record<string, unknown>] } }).order.Orders[0]);
      return json;
    });

    expect(await held(attempt({}, http))).toContain(words);
    expect(asked()).not.toContain("POST /api/v1/oas/orders/create");
  });

  test.each<
    [
      string,
      (order: { EntryId: string; Orders: { OrderItems: Record<string, unknown>[] }[] }) => void,
      string,
    ]
  >([
    [
      "of fewer pieces",
      ({ Orders }) => Object.assign(Orders[0]?.OrderItems[0] ?? {}, { Quantity: 1 }),
      "make 1 instead of 2",
    ],
    [
      "with a design too many",
      ({ Orders }) => Orders[0]?.OrderItems.push({ EditorId: "x", ProductUID: 1, Quantity: 1 }),
      "not in this order",
    ],
    ["of another entry", (order) => (order.EntryId = "7"), "another order"],
  ])("an export %s is held", async (_name, change, words) => {
    const http = withAnswer(there.http, "/export", (json) => {
      change((json as { order: Parameters<typeof change>[0] }).order);
      return json;
    });

    expect(await held(attempt({}, http))).toContain(words);
  });

  test("an entry that WHCC has already is for a person to look at", async () => {
    await send(attempt());

    const error = await failing(send(attempt()));

    expect(error).toMatchObject({ problem: "unsure" });
    expect(error.message).toContain("entry ID 5551234567890 already");
    expect(there.standIn.ledger()).toHaveLength(1);
  });

  test("pictures that WHCC cannot read are exported once more, then held", async () => {
    const bad = { ErrorNumber: "400.03", Message: "Error copying files from consumer" };
    const one = attempt(
      {},
      withAnswer(there.http, "/oas/orders/create", () => bad),
    );

    expect(await failing(send(one))).toMatchObject({ problem: "retry" });
    expect(await held(one)).toContain("Error copying files from consumer (400.03)");
  });

  test.each(["403.02", "403.05"])("%s with HTTP 200 pauses the connection", async (ErrorNumber) => {
    const http = withAnswer(there.http, "/export", () => ({ ErrorNumber, Message: "No." }));

    expect(await failing(send(attempt({}, http)))).toMatchObject({ problem: "connection" });
  });

  test.each(["403", "403.06", "400.06", "412.05"])(
    "%s with HTTP 200 holds the order",
    async (ErrorNumber) => {
      const http = withAnswer(there.http, "/export", () => ({ ErrorNumber, Message: "No." }));

      expect(await held(attempt({}, http))).toBe(`WHCC: No. (${ErrorNumber})`);
    },
  );

  test("an unknown ErrorNumber holds the order with its words", async () => {
    const http = withAnswer(there.http, "/oas/orders/create", () => ({
      ErrorNumber: "777.1",
      Message: "Tilt",
    }));

    expect(await held(attempt({}, http))).toBe("WHCC: Tilt (777.1)");
  });
});
