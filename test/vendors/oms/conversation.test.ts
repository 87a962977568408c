// The OMS conversation over real HTTP with the stand-in, which makes a second order of every second create.
import { describe, expect, test } from "vitest";
import { SendError } from "#app/vendors/http.server.ts";
import { oms } from "#app/vendors/oms/index.ts";
import type { OrderPayload } from "#app/vendors/oms/payload.ts";
import type { Problem } from "#app/vendors/vendor.ts";
import type { FaultKind } from "#sandbox/vendors/stand-in.ts";
import { memoryCalls } from "#test/vendors/calls.ts";
import { anAttempt, failing, standIn, two } from "./stand-in.ts";
import { aDesignLine, orders, payloadOf, token } from "./support.ts";

const create = "POST /api/v1/orders";
const look = "GET /api/v1/order-items/*/print";

/** Sends an order whose answer is lost in this way, and looks for it. */
async function sendInto(
  kind: FaultKind,
  more: { settings?: Record<string, unknown>; payload?: OrderPayload } = {},
) {
  const { payload, mine, calls } = anAttempt(more);
  standIn.fault({ on: create, kind });
  const error = await failing(orders().submit(payload, mine, calls));
  return { error, probe: () => orders().probe(payload, mine, calls) };
}

describe("sending", () => {
  test("O1 the OMS has the order as it was meant, and its number and item ids are kept", async () => {
    const { payload, mine, calls } = anAttempt();

    const receipt = await orders().submit(payload, mine, calls);

    const [entry] = standIn.ledger();
    expect(standIn.ledger()).toHaveLength(1);
    expect(entry?.body).toEqual(JSON.parse(JSON.stringify(payload)));
    expect(receipt.number).toBe(entry?.number);
    expect(receipt.notes).toEqual({
      "item:14001": entry?.lines[0]?.detail["uid"],
      "item:14002": entry?.lines[1]?.detail["uid"],
    });
    expect(calls.exchanges.map(({ kind }) => kind)).toEqual(["commit"]);
    expect(JSON.stringify(calls.exchanges)).not.toContain(token);
  });

  test("the OMS takes what the whole mapping can make", async () => {
    const { payload, mine, calls } = anAttempt({
      payload: payloadOf({
        lines: [
          aDesignLine({
            properties: [...aDesignLine().properties, { name: "Engraving", value: "李 👋\nAna" }],
          }),
        ],
        settings: { sendBillingAddress: true, createPrintFiles: false, stripHash: true },
        part: { whole: false, resend: 1 },
      }),
    });

    await orders().submit(payload, mine, calls);

    expect(standIn.ledger()[0]?.body).toEqual(JSON.parse(JSON.stringify(payload)));
  });

  test("a refusal shows the words of the OMS", async () => {
    const { payload, mine, calls } = anAttempt();
    const [item] = payload.items;
    // Our own check is looser here than the stand-in, which does not take a blank text.
    const odd = { ...payload, items: [{ ...item, ecommerce_variant_id: " " }] };

    const error = await failing(orders().submit(odd, mine, calls));

    expect(error).toMatchObject({ problem: "rejected", status: 422 });
    expect(error.message).toMatch(/^Ideal Factory OMS: The items\.0\.ecommerce_variant_id field is invalid/);
    expect(standIn.ledger()).toHaveLength(0);
  });

  test("a design that is damaged by then is refused before anything is sent", async () => {
    const { payload, mine, calls } = anAttempt();
    const items = payload.items.map((item) => ({ ...item, template_config: "%7B" }));

    expect(() => orders().submit({ ...payload, items }, mine, calls)).toThrow("The design is unreadable.");
    expect(standIn.requests()).toHaveLength(0);
  });

  test.each<[string, Record<string, unknown>, string]>([
    ["a token it does not know", { token: "another_token_0" }, "does not accept the key"],
    ["a store that is not ours", { storeId: "S2" }, "This token is not allowed for store S2."],
  ])("%s pauses the connection", async (_name, other, words) => {
    const { payload, mine, calls } = anAttempt({
      settings: other,
      payload: payloadOf({ lines: two, settings: other }),
    });

    const error = await failing(orders().submit(payload, mine, calls));

    expect(error.problem).toBe("connection");
    expect(error.message).toContain(words);
  });

  test("a wrong address pauses the connection", async () => {
    const { payload, mine, calls } = anAttempt({ settings: { baseUrl: `${standIn.url}/other` } });

    const error = await failing(orders().submit(payload, mine, calls));

    expect(error.problem).toBe("connection");
    expect(error.message).toContain("Check the API address and the store ID");
  });

  test("asked to slow down, the order is tried again later", async () => {
    const { error } = await sendInto("too-many");

    expect(error).toMatchObject({ problem: "retry", retryAfterSeconds: 1 });
    expect(standIn.ledger()).toHaveLength(0);
  });
});

describe("after a lost answer", () => {
  test.each<[FaultKind, Problem]>([
    ["reset-after", "unsure"],
    ["truncated", "unsure"],
    ["error-done", "unsure"],
    ["html-502-done", "unsure"],
  ])("O16 O18 the order is found by its first item when the answer was lost (%s)", async (kind, problem) => {
    const { error, probe } = await sendInto(kind);

    expect(error.problem).toBe(problem);
    expect(await probe()).toEqual({
      found: {
        remark: expect.stringContaining(
          "its answer was lost and with it the order's OMS number. Look for #1001",
        ),
      },
    });
    expect(standIn.ledger()).toHaveLength(1);
  });

  test.each<FaultKind>(["error-not-done", "html-502", "refuse"])(
    "O17 an order that never arrived (%s) is held, as often as it is looked for",
    async (kind) => {
      const { error, probe } = await sendInto(kind);

      expect(error.problem).toBe("unsure");
      for (const held of [await probe(), await probe(), await probe()])
        expect(held).toEqual({ cannotTell: expect.stringContaining("Look for the order in the OMS") });
      expect(standIn.requests().filter(({ method }) => method === "POST")).toHaveLength(1);
    },
  );

  test("O18 an order for which no connection could be made is simply tried again", async () => {
    const { payload, mine } = anAttempt();
    const unreachable = async () => {
      throw new SendError("unreachable", "refused", { sent: false });
    };
    const nobody = memoryCalls({ vendor: oms, settings: mine, http: unreachable });

    expect((await failing(orders().submit(payload, mine, nobody))).problem).toBe("retry");
    expect(nobody.exchanges.map(({ kind }) => kind)).toEqual(["commit"]);
  });

  test("an account with print rows at once may send again", async () => {
    const { probe } = await sendInto("error-not-done", { settings: { afterSilence: "send-again" } });

    expect(await probe()).toEqual({ sendAgain: true });
  });

  test("but not when this order asked for no print files", async () => {
    const mine = { afterSilence: "send-again", createPrintFiles: false };
    const { probe } = await sendInto("error-not-done", {
      settings: mine,
      payload: payloadOf({ settings: mine }),
    });

    expect(await probe()).toHaveProperty("cannotTell");
  });

  test("and not when a proxy says 404 for the OMS", async () => {
    const { payload, mine } = anAttempt({ settings: { afterSilence: "send-again" } });
    const proxy = async () => ({ status: 404, headers: {}, bytes: new TextEncoder().encode("<html>") });
    const calls = memoryCalls({ vendor: oms, settings: mine, http: proxy });

    expect(await orders().probe(payload, mine, calls)).toHaveProperty("cannotTell");
  });

  test("and not when only the first item is unknown", async () => {
    const { payload, mine, calls } = anAttempt({ settings: { afterSilence: "send-again" } });
    await orders().submit(payloadOf({ lines: [aDesignLine({ id: "14002" })] }), mine, calls);

    expect(await orders().probe(payload, mine, calls)).toHaveProperty("found");
  });

  test("a second sending is looked for by its own item ids", async () => {
    const { payload, mine, calls } = anAttempt();
    await orders().submit(payload, mine, calls);

    expect(await orders().probe(payloadOf({ part: { resend: 1 } }), mine, calls)).toHaveProperty(
      "cannotTell",
    );
  });

  test("a look that fails itself is repeated", async () => {
    const { probe } = await sendInto("error-done");
    standIn.fault({ on: look, kind: "html-502" });

    expect((await failing(probe())).problem).toBe("retry");
    expect(await probe()).toHaveProperty("found");
  });

  test.each([{}, { uid: null }, { uid: "O1", ecommerce_order_id: "another" }, null, []])(
    "a success without the order in it (%j) is unclear",
    async (body) => {
      const { payload, mine } = anAttempt();
      const odd = async () => ({
        status: 201,
        headers: {},
        bytes: new TextEncoder().encode(JSON.stringify(body)),
      });
      const calls = memoryCalls({ vendor: oms, settings: mine, http: odd });

      expect((await failing(orders().submit(payload, mine, calls))).problem).toBe("unsure");
    },
  );
});
