// The call that buys, over real HTTP with the stand-in: whatever becomes of its answer, there is one order.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Http } from "#app/vendors/http.server.ts";
import type { FaultKind } from "#sandbox/vendors/stand-in.ts";
import {
  anAttempt,
  failing,
  orders,
  send,
  startThere,
  type Attempt,
  type Given,
  type There,
} from "./support.ts";

const confirms = {
  editor: "POST /api/v1/oas/orders/*/confirm",
  submit: "POST /api/OrderImport/Submit/*",
} as const;
type Way = "editor" | "submit";

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

describe("the confirmation", () => {
  test.each<[string, FaultKind, Way]>([
    ["W10", "reset-after", "editor"],
    ["W10", "reset-after", "submit"],
    ["W10", "error-done", "editor"],
    ["W10", "html-502-done", "editor"],
    ["W10", "truncated", "editor"],
    ["W11", "error-not-done", "editor"],
    ["W11", "error-not-done", "submit"],
    ["W11", "html-502", "editor"],
  ])("%s the same confirmation again makes one order (%s, %s)", async (_case, kind, placing) => {
    const one = attempt({ settings: { placing } });
    there.standIn.fault({ on: confirms[placing], kind });

    expect(await failing(send(one))).toMatchObject({ problem: "unsure" });
    expect(await orders().probe(one.payload, one.mine, one.calls)).toEqual({ sendAgain: true });
    const receipt = await send(one);

    expect(there.standIn.ledger().map(({ number }) => number)).toEqual([receipt.number]);
    expect(asked().filter((request) => /create|OrderImport$/.test(request))).toHaveLength(1);
  });

  test("W10 a repeated confirmation that says “already submitted” (412.04) is a success, with HTTP 200 or 412", async () => {
    for (const status of [200, 412]) {
      there.standIn.reset();
      const said: string[] = [];
      const one = attempt({}, async (request, fresh) => {
        const reply = await there.http(request, fresh);
        if (!isRepeat(request.url)) return reply;
        said.push(new TextDecoder().decode(reply.bytes));
        return { ...reply, status };
      });
      const isRepeat = (url: string): boolean =>
        url.endsWith("/confirm") && one.calls.notes["confirms"] === 2;
      there.standIn.fault({ on: confirms.editor, kind: "reset-after" });

      await failing(send(one));
      const receipt = await send(one);

      expect(said).toEqual([expect.stringContaining("412.04")]);
      expect(there.standIn.ledger().map(({ number }) => number)).toEqual([receipt.number]);
    }
  });

  test("W12 after a crash between quote and confirmation the kept quote is confirmed, and no second one is made", async () => {
    const one = attempt();
    there.standIn.fault({ on: confirms.editor, kind: "too-many" });

    expect(await failing(send(one))).toMatchObject({ problem: "retry" });
    const kept = one.calls.notes["confirmationId"];
    const receipt = await send(one);

    expect(receipt.number).toBe(kept);
    expect(asked().filter((request) => request.endsWith("create"))).toHaveLength(1);
  });

  test("a quote that WHCC forgot before it was ever confirmed is asked for anew, once", async () => {
    const one = attempt();
    await one.calls.remember({
      confirmationId: "00000000-0000-0000-0000-000000000000",
      way: "editor",
      confirms: 0,
    });

    const first = await failing(send(one));
    expect(first).toMatchObject({ problem: "retry" });
    expect(first.message).toContain("412.03");
    await send(one);
    expect(there.standIn.ledger()).toHaveLength(1);

    const two = attempt({ order: { id: "8" } });
    await two.calls.remember({ confirmationId: "0", way: "editor", confirms: 0, quotedAgain: true });
    expect(await failing(send(two))).toMatchObject({ problem: "rejected" });
  });

  test("a quote that may have been confirmed is never replaced: a person looks", async () => {
    const one = attempt();
    await one.calls.remember({ confirmationId: "0", way: "editor", confirms: 1 });

    const error = await failing(send(one));

    expect(error).toMatchObject({ problem: "unsure" });
    expect(error.message).toContain("Look for 0 at WHCC");
    expect(one.calls.notes["confirmationId"]).toBe("0");
    expect(asked()).not.toContain("POST /api/v1/oas/orders/create");
  });

  test("an order is confirmed where it was quoted, also when the merchant chose the other way since", async () => {
    const one = attempt();
    there.standIn.fault({ on: confirms.editor, kind: "too-many" });
    await failing(send(one));

    await send({ ...one, mine: { ...one.mine, placing: "submit" } });

    expect(there.standIn.ledger()).toHaveLength(1);
  });

  test("the same confirmation is repeated later and later, not in a loop", async () => {
    const one = attempt();
    await one.calls.remember({ confirmationId: "0", way: "editor", confirms: 4 });
    one.calls.secondsSinceCommit = 100;

    const error = await failing(orders().probe(one.payload, one.mine, one.calls));

    expect(error).toMatchObject({ problem: "retry", retryAfterSeconds: 200 });
    one.calls.secondsSinceCommit = 300;
    expect(await orders().probe(one.payload, one.mine, one.calls)).toEqual({ sendAgain: true });
  });

  test("without the number of the confirmation only a person can look", async () => {
    const { payload, mine, calls } = attempt();

    expect(await orders().probe(payload, mine, calls)).toEqual({
      cannotTell: expect.stringContaining("entry ID 5551234567890"),
    });
  });

  test("a cancelled order whose confirmation got no answer is held; a mere quote is left alone", async () => {
    const one = attempt();
    await orders().withdraw?.(one.payload, one.mine, one.calls);
    there.standIn.fault({ on: confirms.editor, kind: "reset-after" });
    await failing(send(one));

    const error = await failing(orders().withdraw?.(one.payload, one.mine, one.calls) ?? Promise.resolve());

    expect(error.message).toContain("Ask WHCC to cancel");
  });
});
