// Who speaks to our callback address: WHCC's signature, and the one message that comes without.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Callback, CallbackRequest } from "#app/vendors/vendor.ts";
import { signatureOf } from "#sandbox/vendors/whcc.ts";
import { callbacks, openDoor, type Door } from "./door.ts";
import { anAttempt, failing, settings, startThere, type There } from "./support.ts";

const now = new Date("2026-11-22T09:00:00Z");
const seconds = now.getTime() / 1000;

let there: There;
let door: Door;
beforeAll(async () => {
  there = await startThere({ now: () => now });
  door = await openDoor(now);
});
afterAll(async () => {
  door.close();
  await there.stop();
});
beforeEach(() => {
  there.standIn.reset();
  door.received.length = 0;
});

const read = (request: CallbackRequest, more: Record<string, unknown> = {}): Promise<Callback> =>
  callbacks().read(request, settings(more));

function signed(body: string, given: { at?: number; secret?: string } = {}): CallbackRequest {
  const signature = signatureOf(body, {
    secret: given.secret ?? "whcc_secret",
    seconds: given.at ?? seconds,
  });
  return { headers: { "whcc-signature": signature }, contentType: "application/json", body, now };
}

describe("who speaks", () => {
  const body = JSON.stringify({
    Event: "Processed",
    Status: "Accepted",
    ConfirmationId: "c",
    SequenceNumber: "1",
  });

  test("W17 a signature counts in capitals or not, for five minutes, and for these bytes only", async () => {
    const good = signed(body);
    const signature = good.headers["whcc-signature"] ?? "";
    expect(signature).toMatch(/v1=[0-9A-F]{64}/);
    const withSignature = (text: string): CallbackRequest => ({
      ...good,
      headers: { "whcc-signature": text },
    });

    expect((await read(good)).kind).toBe("news");
    expect((await read(withSignature(signature.toLowerCase()))).kind).toBe("news");
    expect((await read(signed(body, { at: seconds - 299 }))).kind).toBe("news");
    for (const bad of [
      { ...good, body: body.replace("Accepted", "Accepteb") },
      signed(body, { at: seconds - 600 }),
      signed(body, { at: seconds + 600 }),
      signed(body, { secret: "other" }),
      withSignature(signature.replace("v1=", "v0=")),
      withSignature("t=1"),
      withSignature(""),
      { ...good, headers: {} },
    ])
      expect((await read(bad)).kind).toBe("refused");
  });

  test("either API's secret may have signed it", async () => {
    expect((await read(signed(body, { secret: "oas_secret" }))).kind).toBe("news");
    const without = { consumerKey: undefined, consumerSecret: undefined };
    expect((await read(signed(body, { secret: "oas_secret" }), without)).kind).toBe("refused");
  });

  test("a signed message that is no event is ignored", async () => {
    for (const odd of ["[]", "hello", "{}", '{"Event":"Shipped"}'])
      expect((await read(signed(odd))).kind).toBe("ignored");
  });

  test("W18 the handshake comes as an unsigned form, and is answered with its own word", async () => {
    const { mine, calls } = anAttempt(there);

    const said = await callbacks().register?.(door.address, mine, calls);

    expect(said).toContain("asks whether it is ours");
    const [request] = door.received;
    expect(request?.contentType).toContain("form");
    const callback = request && (await read(request));
    if (callback?.kind !== "handshake") throw new Error("it was no handshake");
    const error = await failing(callbacks().confirm?.("another word", mine, calls) ?? Promise.resolve());
    expect(error.message).toContain("verification code is not right");
    await callbacks().confirm?.(callback.word, mine, calls);
  });

  test("an address that nobody answers at is refused in WHCC's words", async () => {
    const { mine, calls } = anAttempt(there);

    const error = await failing(
      callbacks().register?.("http://127.0.0.1:9/", mine, calls) ?? Promise.resolve(),
    );

    expect(error).toMatchObject({ problem: "rejected" });
    expect(error.message).toContain("400.05");
  });
});
