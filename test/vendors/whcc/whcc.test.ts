// A Shopify order to WHCC's export request: the mapping, with one case for each limit.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fieldsSchema } from "#app/vendors/fields.ts";
import { VendorError } from "#app/vendors/vendor.ts";
import { partOfEntry, payload } from "#app/vendors/whcc/payload.ts";
import { product as productFields } from "#app/vendors/whcc/settings.ts";
import { anyOrder, aPart, properties } from "#test/support/builders.ts";
import { aDesignLine, aLineOf, heldWith, orders, payloadOf, settings } from "./support.ts";

describe("the export", () => {
  test("W1 a paid design becomes the export request, with keys in lower case", () => {
    expect(payloadOf()).toMatchInlineSnapshot(`
      {
        "accountId": "demo-shopper",
        "contact": {
          "phone": "16515550100",
        },
        "designs": [
          {
            "editorId": "demoPhotoBlock",
            "lines": [
              {
                "lineId": "14001",
                "quantity": 2,
              },
            ],
            "productUids": [
              186,
            ],
            "selections": [],
            "title": "Photo block",
          },
        ],
        "export": {
          "editors": [
            {
              "editorId": "demoPhotoBlock",
              "quantity": 2,
            },
          ],
          "entryId": "5551234567890",
          "orderAttributes": [
            548,
            553,
          ],
          "reference": "#1001",
          "shipFromAddress": {
            "addr1": "3432 Denmark Ave",
            "city": "Eagan",
            "country": "US",
            "name": "Returns",
            "state": "MN",
            "zip": "55123",
          },
          "shipToAddress": {
            "addr1": "1 Main St",
            "addr2": "Apt 4",
            "city": "Eagan",
            "country": "US",
            "name": "Ana Tan",
            "state": "MN",
            "zip": "55121",
          },
        },
      }
    `);
  });

  test("W22 a mapped line without a design is held, and the deprecated request is never made", () => {
    const line = aDesignLine({ properties: properties({ _whcc_account_id: "demo-shopper" }) });

    expect(heldWith({ lines: [line] })).toContain('"Photo block" has no design');
    expect(heldWith({ lines: [aLineOf("  ")] })).toContain("has no design");
    expect(JSON.stringify(payloadOf())).not.toContain("editorIds");
  });

  test.each(["x".repeat(31), "../orders", "a b", "é"])("a design ID that cannot be one is held: %s", (id) => {
    expect(heldWith({ lines: [aLineOf(id)] })).toContain("cannot be one of WHCC's");
  });

  test("the same design on two lines is asked for once, with both quantities", () => {
    const lines = [aDesignLine({ id: "1", quantity: 2 }), aDesignLine({ id: "2", quantity: 3 })];

    const { export: body, designs } = payloadOf({ lines });

    expect(body.editors).toEqual([{ editorId: "demoPhotoBlock", quantity: 5 }]);
    expect(designs[0]?.lines).toEqual([
      { lineId: "1", quantity: 2 },
      { lineId: "2", quantity: 3 },
    ]);
    expect(heldWith({ lines, products: { "2": { productUids: "192" } } })).toContain(
      "ordered as two different variants",
    );
  });

  test("W5 designs of two accounts are two orders at WHCC, with entry IDs of their own", () => {
    const other = aDesignLine({
      id: "14002",
      properties: properties({ _editor_id: "demoOtherShopper", _whcc_account_id: "other-shopper" }),
    });

    expect(orders().groupOf?.(aDesignLine())).not.toBe(orders().groupOf?.(other));
    const first = payloadOf({ part: { reference: "M-1001-a-7F3K2" } });
    const second = payloadOf({ lines: [other], part: { reference: "M-1001-b-7F3K2" } });
    expect([first.accountId, second.accountId]).toEqual(["demo-shopper", "other-shopper"]);
    expect([first.export.entryId, second.export.entryId]).toEqual(["5551234567890", "5551234567890-b"]);
    expect(heldWith({ lines: [aDesignLine(), other] })).toContain("two WHCC accounts");
  });

  test("an order that a person has sent again is another entry", () => {
    expect(payloadOf({ part: { resend: 1 } }).export.entryId).toBe("5551234567890-r2");
  });

  test("a design without an account is of the account in the settings, or held", () => {
    const lines = [aDesignLine({ properties: properties({ _editor_id: "demoPhotoBlock" }) })];

    expect(payloadOf({ lines, settings: { accountId: "one-for-all" } }).accountId).toBe("one-for-all");
    expect(heldWith({ lines })).toContain("Nobody knows for which WHCC account");
  });

  test("W21 an order name of 40 letters is replaced on the label by our own reference", () => {
    const { reference } = payloadOf({ order: { name: "#".padEnd(40, "7") } }).export;

    expect(reference).toBe("M-1001-a");
    expect(payloadOf({ order: { name: "#1001" } }).export.reference).toBe("#1001");
  });
});

describe("order attributes", () => {
  test("the shipping method decides, by code or by title; others have the default or are held", () => {
    const by = (line: { code?: string; title?: string }, more: Record<string, unknown> = {}) => ({
      order: { shippingLines: [line] },
      settings: { shippingAttributes: [{ shopify: "Express (2-3 days)", uids: "554, 600" }], ...more },
    });

    expect(payloadOf(by({ title: "express  (2-3 days)" })).export.orderAttributes).toEqual([548, 554, 600]);
    expect(
      payloadOf(by({ title: "Drone" }, { defaultShippingAttributes: "553" })).export.orderAttributes,
    ).toEqual([548, 553]);
    expect(heldWith(by({ title: "Drone" }))).toContain(
      'The shipping method "Drone" has no WHCC order attributes',
    );
    expect(heldWith({ ...by({}), order: { shippingLines: [] } })).toContain("no shipping method");
  });

  test("W7 attributes that replace the connection's must name a shipping method", () => {
    const given = {
      product: { ownAttributes: "548, 545" },
      settings: { orderAttributes: "96", shippingAttributes: [{ shopify: "STD", uids: "554" }] },
    };

    expect(heldWith(given)).toContain("name no shipping method");
    const knows = { ...given.settings, defaultShippingAttributes: "545" };
    const { editors, orderAttributes } = payloadOf({ ...given, settings: knows }).export;
    expect(editors[0]?.orderAttributes).toEqual([548, 545]);
    expect(orderAttributes).toEqual([96, 554]);
  });

  test("further attributes of a variant go together with the connection's, because a list of its own replaces them", () => {
    const { editors } = payloadOf({ product: { moreAttributes: "551" } }).export;

    expect(editors[0]?.orderAttributes).toEqual([548, 553, 551]);
    expect(payloadOf({ product: { moreAttributes: "553" } }).export.editors[0]).not.toHaveProperty(
      "orderAttributes",
    );
  });
});

describe("the address", () => {
  test("W19 the state is its two letters, and what is no US state or ZIP code is held", () => {
    expect(payloadOf().export.shipToAddress.state).toBe("MN");
    expect(heldWith({ address: { provinceCode: undefined } })).toContain("has no state");
    expect(heldWith({ address: { provinceCode: "Minnesota" } })).toContain("has no state");
    expect(heldWith({ address: { zip: "5512" } })).toContain("(5512) is not one");
    expect(heldWith({ address: { zip: undefined } })).toContain("is missing");
    expect(payloadOf({ address: { zip: "55121-1234" } }).export.shipToAddress.zip).toBe("55121-1234");
  });

  test("W20 a country that is not allowed is held before anything is asked", () => {
    const toBerlin = { countryCode: "DE", provinceCode: undefined, province: undefined, zip: "10115" };

    expect(heldWith({ address: toBerlin })).toContain("goes to DE, and WHCC ships only to US");
    expect(
      payloadOf({ address: toBerlin, settings: { countries: "us, de" } }).export.shipToAddress,
    ).toMatchObject({
      state: "",
      zip: "10115",
      country: "DE",
    });
  });

  test("a company is the name on the parcel, and the person at it goes beside", () => {
    const { export: body, contact } = payloadOf({ address: { company: "Sunny Studio" } });

    expect(body.shipToAddress.name).toBe("Sunny Studio");
    expect(contact).toEqual({ phone: "16515550100", attn: "Ana Tan" });
  });

  test("an order without an address, a name, a street or a city is held", () => {
    expect(heldWith({ order: { shippingAddress: undefined } })).toContain("no delivery address");
    expect(heldWith({ address: { address1: undefined, address2: undefined } })).toContain("no street");
    expect(heldWith({ address: { city: undefined } })).toContain("no city");
  });

  test("an address with only a second line is held, not sent with the flat as its street", () => {
    expect(heldWith({ address: { address1: " ", address2: "Apt 4" } })).toContain("no street");
  });

  test("W25 a sender that is missing in the settings is the connection's trouble, not each order's", () => {
    const line = aDesignLine();
    const part = aPart([{ line, product: { productUids: "186" } }]);
    const error = failure(() => orders().toPayload(part, settings({ fromAddr1: undefined })));

    expect(error).toMatchObject({ problem: "connection" });
    expect(error.message).toContain("Sender: street is missing");
  });
});

test.each([
  ["M-1001-a-7F3K2", 0, "5551234567890", "5551234567890-a"],
  ["M-1001-a-7F3K2", 1, "5551234567890-r2", "5551234567890-a-r2"],
  ["M-1001-b-7F3K2", 0, "5551234567890-b", "5551234567890-b"],
  ["M-1001-r-7F3K2", 2, "5551234567890-r-r3", "5551234567890-r-r3"],
])("the part %s, sent again %i times, is told from its entry ID", (reference, resend, entryId, named) => {
  expect(payloadOf({ part: { reference, resend } }).export.entryId).toBe(entryId);
  expect(partOfEntry(entryId)).toBe(named);
});

test("an entry ID that is not one of ours names no part", () => {
  for (const strange of ["", "Entry 7", "M-1001-a", "555-a-b"]) expect(partOfEntry(strange)).toBeUndefined();
});

test("a line looks like WHCC's by its design", () => {
  expect(orders().looksLikeOurs(aDesignLine())).toBe(true);
  expect(orders().looksLikeOurs(aDesignLine({ properties: properties({ _editor_id: " " }) }))).toBe(false);
});

test("a variant needs a product number, and only numbers will do", () => {
  const sentences = (raw: Record<string, unknown>) =>
    fieldsSchema(productFields)
      .safeParse(raw)
      .error?.issues.map(({ message }) => message);

  expect(sentences({})).toEqual(["Product numbers (ProductUID) is missing."]);
  expect(sentences({ productUids: "186; 192" })).toBeUndefined();
  expect(sentences({ productUids: "block" })?.[0]).toContain("Write the numbers");
});

test("whatever is in an order, it is held with a sentence or becomes a request within WHCC's limits", () => {
  const names = ["_editor_id", "_whcc_account_id"];
  const mine = settings({ accountId: "one", countries: "US, SG, GB, AE", defaultShippingAttributes: "553" });
  fc.assert(
    fc.property(anyOrder(names), fc.nat(3), (order, resend) => {
      const lines = order.lines.map((line) => ({
        line: { ...line, properties: [{ name: "_editor_id", value: "demoPhotoBlock" }, ...line.properties] },
        product: { productUids: "186" },
      }));
      try {
        const made = orders().toPayload(aPart(lines, { order, resend, reference: "M-1-a" }), mine);
        expect(payload.safeParse(made).success).toBe(true);
      } catch (error) {
        if (!(error instanceof VendorError)) throw error;
        expect(error.problem).toBe("rejected");
        expect(error.message).toMatch(/^\S.*\.$/su);
      }
    }),
  );
});

function failure(run: () => unknown): VendorError {
  try {
    run();
  } catch (error) {
    if (error instanceof VendorError) return error;
    throw error;
  }
  throw new Error("it did not fail");
}
