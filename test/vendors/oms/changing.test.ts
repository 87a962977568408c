// What can still be done about an order that the OMS has, and the files it made for it.
import { describe, expect, test } from "vitest";
import { createHttp } from "#app/vendors/http.server.ts";
import { oms } from "#app/vendors/oms/index.ts";
import { memoryCalls } from "#test/vendors/calls.ts";
import { anAddress } from "#test/support/builders.ts";
import { anAttempt, failing, standIn, two } from "./stand-in.ts";
import { orders, payloadOf, settings } from "./support.ts";

/** An order that is there, with everything its abilities are given. */
async function sent() {
  const { payload, mine, calls } = anAttempt();
  const { number, notes = {} } = await orders().submit(payload, mine, calls);
  const order = { payload, number, notes, reference: calls.reference };
  const { cancel, update } = orders().changing;
  if (!cancel || !update) throw new Error("the OMS takes orders back and changes them");
  return {
    order,
    cancel: (one = order) => cancel(one, mine, calls),
    update: (next: unknown, one = order) => update(next, one, { settings: mine, asking: calls }),
    files: () => orders().files?.(order, mine, calls),
  };
}

describe("taking back", () => {
  test("an order is deleted in the OMS, and asking again is harmless", async () => {
    const { cancel } = await sent();

    expect(await cancel()).toMatch(/^Order #1001 is deleted in the OMS\./);
    expect(await cancel()).toBe("Order #1001 is not in the OMS any more.");
    expect(standIn.ledger()[0]?.body).toHaveProperty("deleted_at");
  });

  test("an order whose number was lost is left to a person", async () => {
    const { order, cancel } = await sent();

    const error = await failing(cancel({ ...order, number: undefined }));

    expect(error).toMatchObject({
      problem: "rejected",
      message: expect.stringContaining("Look for the order in the OMS and delete it there."),
    });
    expect(standIn.requests()).toHaveLength(1);
  });

  test("a lost answer is asked for again, and then it is gone", async () => {
    const { cancel } = await sent();
    standIn.fault({ on: "DELETE /api/v1/orders/*", kind: "error-done" });

    expect((await failing(cancel())).problem).toBe("retry");
    expect(await cancel()).toBe("Order #1001 is not in the OMS any more.");
  });

  test("a proxy that says 404 for the OMS is not taken for a deletion", async () => {
    const { order } = await sent();
    const mine = settings();
    const proxy = async () => ({ status: 404, headers: {}, bytes: new TextEncoder().encode("<html>") });
    const calls = memoryCalls({ vendor: oms, settings: mine, http: proxy });

    const error = await failing(Promise.resolve(orders().changing.cancel?.(order, mine, calls)));

    expect(error.problem).toBe("connection");
  });
});

describe("bringing up to date", () => {
  const moved = () =>
    payloadOf({
      lines: two,
      order: { shippingAddress: anAddress({ address1: "2 Side St", firstName: "Bob", name: "Bob Tan" }) },
    });

  test("O24 a new address arrives with everything but the items", async () => {
    const { update } = await sent();

    const said = await update(moved());

    const put = standIn.requests().find(({ method }) => method === "PUT");
    expect(Object.keys(put?.body as object).sort()).toEqual([
      "addresses",
      "currency_code",
      "customer",
      "ecommerce_order_number",
      "note",
      "shippings",
      "subtotal_price",
      "total_price",
    ]);
    expect(standIn.ledger()[0]).toMatchObject({
      body: { addresses: [{ address_1: "2 Side St" }], customer: { name: "Bob" } },
      lines: [{ sku: "9001" }, { sku: "9001" }],
    });
    expect(said).toContain("Its items are as they were.");
  });

  test("a change that is changed back reaches the OMS as well", async () => {
    const { order, update } = await sent();
    await update(moved());

    await update(order.payload);

    expect(standIn.ledger()[0]?.body).toMatchObject({ addresses: [{ address_1: "1 Main St" }] });
  });

  test("a note that was taken away in Shopify is named, because the OMS cannot empty a field", async () => {
    const { update } = await sent();

    const said = await update(payloadOf({ lines: two, order: { note: undefined } }));

    expect(said).toContain("The note that was removed in Shopify is still there");
  });

  test("an order that is not there any more cannot be changed", async () => {
    const { cancel, update } = await sent();
    await cancel();

    expect(await failing(update(moved()))).toMatchObject({
      problem: "rejected",
      message: "The OMS does not have order #1001 any more, so nothing can be changed there.",
    });
  });
});

describe("print files", () => {
  test("those that are ready can be fetched, each named by its order and item, without the token", async () => {
    const { files } = await sent();
    standIn.setPrint("14002", "ready");

    const found = (await files()) ?? [];

    expect(found).toEqual([{ filename: "1001-14002.pdf", url: expect.stringMatching(/14002\.pdf$/) }]);
    const http = createHttp({ allowedPrivateHosts: [`127.0.0.1:${standIn.port}`] });
    const file = await http({ method: "GET", url: found[0]?.url ?? "", expect: "bytes" }, false);
    await http.close();
    expect(new TextDecoder().decode(file.bytes)).toMatch(/^%PDF-/);
  });

  test("none is ready yet", async () => {
    const { files } = await sent();

    expect(await files()).toEqual([]);
  });
});
