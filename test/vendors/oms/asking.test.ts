// What is asked of the OMS besides sending: print files, the connection test, and orders that are there.
import { describe, expect, test } from "vitest";
import { fieldsSchema } from "#app/vendors/fields.ts";
import { deleteOrder, fetchOrder, updateOrder } from "#app/vendors/oms/changing.ts";
import { oms } from "#app/vendors/oms/index.ts";
import { settings as fields } from "#app/vendors/oms/settings.ts";
import { memoryCalls } from "#test/vendors/calls.ts";
import { anAttempt, failing, standIn } from "./stand-in.ts";
import { orders, settings } from "./support.ts";

describe("print files", () => {
  test("O22 are followed until all are ready, and a ready one is not asked for again", async () => {
    const { payload, mine, calls } = anAttempt();
    await orders().submit(payload, mine, calls);
    standIn.setPrint("14001", "ready");
    standIn.setPrint("14002", "queued");
    const track = () =>
      orders().track?.({ payload, notes: calls.notes, reference: calls.reference }, mine, calls);

    const first = await track();
    await calls.remember(first?.notes ?? {});
    standIn.setPrint("14002", "ready");
    const second = await track();

    expect(first).toMatchObject({ state: "1 of 2 print files ready", final: false });
    expect(second).toMatchObject({ state: "2 of 2 print files ready", final: true });
    expect(standIn.requests().filter(({ path }) => path.includes("14001"))).toHaveLength(1);
  });

  test("O22 one that is ready without a link is watched on, and is taken when the link is there", async () => {
    const { payload, mine, calls } = anAttempt();
    await orders().submit(payload, mine, calls);
    standIn.setPrint("14001", "ready");
    standIn.setPrint("14002", "ready", "/print-files/14002.pdf");
    const sent = { payload, notes: {}, reference: calls.reference };

    const first = await orders().track?.(sent, mine, calls);
    expect(first).toMatchObject({ state: "1 of 2 print files ready", final: false });
    expect(first?.trouble).toContain("gives no link to it");
    expect(await orders().files?.(sent, mine, calls)).toHaveLength(1);

    standIn.setPrint("14002", "ready");
    const second = await orders().track?.(sent, mine, calls);
    expect(second).toMatchObject({ final: true });
    expect(second).not.toHaveProperty("trouble");
  });

  test("one that could not be made is told to the merchant", async () => {
    const { payload, mine, calls } = anAttempt();
    await orders().submit(payload, mine, calls);
    standIn.setPrint("14002", "processingfailed");

    const report = await orders().track?.({ payload, notes: {}, reference: calls.reference }, mine, calls);

    expect(report).toMatchObject({
      final: false,
      trouble: expect.stringContaining("Open order #1001 in the OMS"),
    });
  });
});

describe("the connection test", () => {
  const trying = (other: Record<string, unknown> = {}) => {
    const { mine, calls } = anAttempt({ settings: other });
    return oms.test(mine, calls);
  };

  test("says that the token is accepted", async () => {
    expect(await trying()).toBe(
      "Connected. The token is accepted; store S1 is checked with the first order.",
    );
    expect(standIn.ledger()).toHaveLength(0);
  });

  test("refuses a token the OMS does not know", async () => {
    expect((await failing(trying({ token: "another_token_0" }))).problem).toBe("connection");
  });

  test("warns of an address that asks nobody for a token", async () => {
    expect(await trying({ baseUrl: `${standIn.url}/other` })).toContain("this may not be the OMS");
  });

  test.each([
    [404, "<html>"],
    [200, JSON.stringify({ ecommerce_order_item_id: "connection-test", status: "received", url: null })],
  ])("refuses an address that answers %i with %s", async (status, body) => {
    const mine = settings();
    const http = async () => ({ status, headers: {}, bytes: new TextEncoder().encode(body) });

    const error = await failing(oms.test(mine, memoryCalls({ vendor: oms, settings: mine, http })));

    expect(error.problem).toBe("connection");
    expect(error.message).toContain("is not the OMS");
  });
});

describe("an order that is there", () => {
  /** Sends an order and answers with what is needed to speak of it. */
  async function sent() {
    const { payload, mine, calls } = anAttempt();
    const { number = "" } = await orders().submit(payload, mine, calls);
    return { uid: number, payload, read: fieldsSchema(fields).parse(mine), calls };
  }

  test("can be read", async () => {
    const { uid, read, calls } = await sent();

    expect(await fetchOrder(uid, read, calls)).toMatchObject({
      uid,
      notes: { "item:14001": expect.any(String) },
    });
    expect(await fetchOrder("unknown/uid", read, calls)).toBeUndefined();
  });

  test("O24 can get another address; its items are never sent, also when a whole payload is given", async () => {
    const { uid, payload, read, calls } = await sent();
    const addresses = payload.addresses.map((address) => ({ ...address, address_1: "2 Side St" }));
    const change = { ...payload, addresses };

    await updateOrder({ uid, change }, read, calls);

    const put = standIn.requests().find(({ method }) => method === "PUT");
    expect(put?.body).toMatchObject({ addresses: [{ address_1: "2 Side St" }] });
    for (const never of ["items", "store_id", "ecommerce_order_id", "create_print_files"])
      expect(put?.body).not.toHaveProperty(never);
    expect(standIn.ledger()[0]?.lines).toHaveLength(2);
  });

  test("can be deleted, once and again", async () => {
    const { uid, read, calls } = await sent();

    await deleteOrder(uid, read, calls);
    await deleteOrder(uid, read, calls);

    expect(await fetchOrder(uid, read, calls)).toBeUndefined();
    expect(standIn.ledger()).toHaveLength(1);
  });
});
