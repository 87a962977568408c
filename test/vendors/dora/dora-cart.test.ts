// The conversation with Dora's cart, against the stand-in: nothing bought twice, nothing of others touched.
import { expect, test } from "vitest";
import { aRing, atDora, errorOf, orders, payloadOf, ringLine, ringPart } from "./rings.ts";

const at = atDora();
const payload = payloadOf();
const submit = (
  calls: Parameters<typeof orders.submit>[2],
  what: unknown = payload,
  settings = at.settings(),
) => orders.submit(what, settings, calls);

/** Puts something into the cart as a person at Dora's website would. */
async function somebodyAdds(put: unknown): Promise<void> {
  const calls = await at.loggedIn();
  const headers = { authorization: `Bearer ${calls.token}` };
  await calls.ask({ method: "PUT", url: `${at.standIn.url}/cart`, headers, json: put, expect: "anything" });
}

/** Buys whatever lies in the cart, as a person would. */
async function somebodyBuys(): Promise<void> {
  const calls = await at.loggedIn();
  await calls.commit({ method: "POST", url: `${at.standIn.url}/cart`, headers: { authorization: `Bearer ${calls.token}` } }); // prettier-ignore
}

const tray = { type: "product", id: 72, quantity: 1 };

test("D1 a ring is added once, looked at and bought once, and its order number is kept", async () => {
  const calls = await at.loggedIn();
  const receipt = await submit(calls);

  const [entry, ...more] = at.standIn.ledger();
  expect(more).toEqual([]);
  expect(entry?.lines).toMatchObject([{ sku: "4021", quantity: 1, detail: { size: 17.7, width: 4 } }]);
  expect(receipt).toMatchObject({ number: entry?.number, remark: undefined });
  expect(at.bodies("PUT")).toEqual([payload.lines[0]?.put]);
  expect(at.bodies("POST")).toEqual([undefined]);
  expect(calls.exchanges.map(({ kind, method }) => `${kind} ${method}`)).toEqual([
    "ask POST", // login
    "ask GET",
    "ask POST", // the ring can be made like this
    "ask PUT",
    "ask GET",
    "commit POST",
  ]);
});

test("what a next look-up needs is written down before the first thing is added", async () => {
  const calls = await at.loggedIn();
  const atSend: unknown[] = [];
  const ask = calls.ask;
  calls.ask = (request) => {
    if (request.method === "PUT") atSend.push({ ...calls.notes });
    return ask(request);
  };
  await submit(calls);

  expect(atSend).toMatchObject([{ cart: "ours", reference: "M-1001-a", pieces: 0 }]);
});

test("D2 a cart with something in it is not touched, and the merchant reads what is in it", async () => {
  const equal = payload.lines[0]?.put;
  await somebodyAdds(equal);
  await somebodyAdds(tray);
  const calls = await at.loggedIn();
  const error = await errorOf(() => submit(calls));
  await orders.withdraw?.(payload, at.settings(), calls);

  expect(error.problem).toBe("rejected");
  expect(error.message).toContain("4021");
  expect(at.bodies("PUT")).toEqual([equal, tray]);
  expect(at.said("DELETE")).toBe(0);
  expect(calls.notes).toEqual({});
});

test("D3 two orders one after the other are two purchases, each with its own ring only", async () => {
  const other = payloadOf(ringPart([[ringLine({ quantity: 2 }), aRing({ id: 313 })]]));
  await submit(await at.loggedIn());
  await submit(await at.loggedIn({ reference: "M-1002-a" }), other);

  expect(at.standIn.ledger().map(({ lines }) => lines.map((line) => [line.sku, line.quantity]))).toEqual([
    [["4021", 1]],
    [["4055", 2]],
  ]);
});

test("D5 an addition whose answer was lost is found in the cart and not made again", async () => {
  const calls = await at.loggedIn();
  at.standIn.fault({ on: "PUT /cart", kind: "reset-after" });
  const lost = await errorOf(() => submit(calls));
  await submit(calls);

  expect(lost).toMatchObject({ problem: "retry", lost: true });
  expect(at.said("PUT")).toBe(1);
  expect(at.standIn.ledger().flatMap((entry) => entry.lines)).toMatchObject([{ quantity: 1 }]);
});

test("an addition that never arrived is made by the next try", async () => {
  const calls = await at.loggedIn();
  at.standIn.fault({ on: "PUT /cart", kind: "refuse" });
  await errorOf(() => submit(calls));
  await submit(calls);

  expect(at.standIn.ledger()).toHaveLength(1);
});

test("an addition that arrives late after all, on top of the second, is noticed and taken out", async () => {
  const calls = await at.loggedIn();
  at.standIn.fault({ on: "PUT /cart", kind: "error-not-done" });
  await errorOf(() => submit(calls));
  await somebodyAdds({ ...payload.lines[0]?.put, quantity: 1 });
  await somebodyAdds({ ...payload.lines[0]?.put, quantity: 1 });
  const error = await errorOf(() => submit(calls));
  await orders.withdraw?.(payload, at.settings(), calls);

  expect(error.problem).toBe("rejected");
  expect(error.message).toContain("2 instead of 1");
  expect(at.standIn.ledger()).toEqual([]);
  expect(await orders.probe(payload, at.settings(), calls), "the cart is empty").not.toHaveProperty(
    "quarantine",
  );
});

test("500 at an addition is looked into and tried once more, then held", async () => {
  const calls = await at.loggedIn();
  at.standIn.fault({ on: "PUT /cart", kind: "error-not-done", times: 2 });
  const first = await errorOf(() => submit(calls));
  const second = await errorOf(() => submit(calls));

  expect(first).toMatchObject({ problem: "retry", lost: true });
  expect(second.problem).toBe("rejected");
  expect(at.said("PUT")).toBe(2);
});

test("500 at an addition that was made all the same is not added again", async () => {
  const calls = await at.loggedIn();
  at.standIn.fault({ on: "PUT /cart", kind: "error-done" });
  await errorOf(() => submit(calls));
  await submit(calls);

  expect(at.said("PUT")).toBe(1);
  expect(at.standIn.ledger().flatMap((entry) => entry.lines)).toMatchObject([{ quantity: 1 }]);
});

test("D7 a try that ended between adding and buying is continued and buys once", async () => {
  const calls = await at.loggedIn();
  const two = payloadOf(ringPart([[ringLine({ quantity: 2 }), aRing()], [ringLine({ properties: [] }), { type: "product", id: 71 }]])); // prettier-ignore
  calls.commit = () => Promise.reject(new Error("killed"));
  await expect(submit(calls, two)).rejects.toThrow("killed");

  const again = await at.loggedIn({ notes: calls.notes });
  await submit(again, two);

  expect(at.said("PUT")).toBe(2);
  expect(at.standIn.ledger()).toHaveLength(1);
  expect(at.standIn.ledger()[0]?.lines.map((line) => line.quantity)).toEqual([2, 1]);
});

test("a full cart is nobody's without the note that it is ours: the same order may be bought already", async () => {
  const calls = await at.loggedIn();
  calls.commit = () => Promise.reject(new Error("killed"));
  await expect(submit(calls)).rejects.toThrow("killed");

  expect((await errorOf(async () => submit(await at.loggedIn()))).problem).toBe("rejected");
  expect(at.standIn.ledger()).toEqual([]);
});

test("a cart somebody else bought between two tries is not filled again", async () => {
  const calls = await at.loggedIn();
  at.standIn.fault({ on: "POST /cart", kind: "too-many" });
  expect((await errorOf(() => submit(calls))).problem).toBe("retry");
  await somebodyBuys();
  const error = await errorOf(() => submit(calls));
  const probed = await orders.probe(payload, at.settings(), calls);

  expect(error.problem).toBe("unsure");
  expect(at.standIn.ledger()).toHaveLength(1);
  expect(at.said("PUT")).toBe(1);
  expect(probed).toMatchObject({ cannotTell: expect.stringContaining("gone"), code: "unsure" });
});

test("a ring that lies in the cart otherwise than it was added is not bought, and the login stops", async () => {
  const calls = await at.loggedIn();
  const ask = calls.ask;
  calls.ask = async (request) => {
    const reply = await ask(request);
    const text = reply.text.replaceAll('"Yellow"', '"White"');
    return request.method === "GET" ? { ...reply, text, json: JSON.parse(text) as unknown } : reply;
  };
  const error = await errorOf(() => submit(calls));
  const probed = await orders.probe(payload, at.settings(), calls);

  expect(error).toMatchObject({ problem: "unsure", quarantine: expect.stringContaining("4021") });
  expect(probed).toMatchObject({ cannotTell: expect.stringContaining("Dora changed"), code: "unsure" });
  expect(at.standIn.ledger()).toEqual([]);
  expect(at.said("DELETE")).toBe(0);
});

test("an addition that was bought by somebody before the last look is not made again", async () => {
  const calls = await at.loggedIn();
  const ask = calls.ask;
  calls.ask = async (request) => {
    const reply = await ask(request);
    if (request.method === "PUT") await somebodyBuys();
    return reply;
  };
  const error = await errorOf(() => submit(calls));
  calls.ask = ask;
  const again = await errorOf(() => submit(calls));

  expect([error.problem, again.problem]).toEqual(["unsure", "rejected"]);
  expect(at.standIn.ledger()).toHaveLength(1);
});

test("after a person looked and said “send it again”, a cart that was emptied is filled again", async () => {
  const notes = { cart: "ours", reference: "M-1001-a", pieces: 1, gone: true };
  const before = await errorOf(async () => submit(await at.loggedIn({ notes })));
  await submit(await at.loggedIn({ notes, reference: "M-1001-a-r2" }));

  expect(before.problem).toBe("rejected");
  expect(at.standIn.ledger()).toHaveLength(1);
});

test("after a person looked and said “send it again”, a cart that is still full is bought as it is", async () => {
  const calls = await at.loggedIn();
  at.standIn.fault({ on: "POST /cart", kind: "error-not-done" });
  await errorOf(() => submit(calls));
  await submit(await at.loggedIn({ notes: calls.notes, reference: "M-1001-a-r2" }));

  expect(at.said("PUT")).toBe(1);
  expect(at.standIn.ledger()).toHaveLength(1);
});

test("something of somebody else beside ours stops the login, and only ours is taken out", async () => {
  const calls = await at.loggedIn();
  const ask = calls.ask;
  calls.ask = async (request) => {
    const reply = await ask(request);
    if (request.method === "PUT") await somebodyAdds(tray);
    return reply;
  };
  const error = await errorOf(() => submit(calls));
  await orders.withdraw?.(payload, at.settings(), calls);

  expect(error).toMatchObject({ problem: "rejected", quarantine: expect.stringContaining("product 72") });
  expect(at.standIn.ledger()).toEqual([]);
  expect(at.said("DELETE")).toBe(1);
  expect((await errorOf(async () => submit(await at.loggedIn()))).message).toContain("product 72");
});

test("D8 a purchase without an answer and an empty cart: bought, the number is in Dora's e-mail", async () => {
  const calls = await at.loggedIn();
  at.standIn.fault({ on: "POST /cart", kind: "reset-after" });
  const error = await errorOf(() => submit(calls));
  const probed = await orders.probe(payload, at.settings(), calls);
  await submit(await at.loggedIn({ reference: "M-1002-a" }));

  expect(error.problem).toBe("unsure");
  expect(probed).toMatchObject({ code: "number unknown", cannotTell: expect.stringContaining("e-mail") });
  expect(probed).not.toHaveProperty("quarantine");
  expect(at.standIn.ledger(), "the next order goes on").toHaveLength(2);
});

test.each(["error-not-done", "html-502", "refuse"] as const)(
  "D9 a purchase that ends in %s with the cart still full stops the login until a person looked",
  async (kind) => {
    const calls = await at.loggedIn();
    at.standIn.fault({ on: "POST /cart", kind });
    const error = await errorOf(() => submit(calls));
    const probed = await orders.probe(payload, at.settings(), calls);

    expect(error.problem).toBe("unsure");
    expect(probed).toMatchObject({ code: "unsure", quarantine: expect.stringContaining("4021") });
    expect(at.standIn.ledger()).toEqual([]);
  },
);

test("a cart emptied between the last look and the purchase is not taken for a refusal", async () => {
  const calls = await at.loggedIn();
  const commit = calls.commit;
  calls.commit = async (request) => {
    await somebodyBuys();
    return commit(request);
  };
  const error = await errorOf(() => submit(calls));
  const probed = await orders.probe(payload, at.settings(), calls);

  expect(error).toMatchObject({ problem: "unsure", status: 400 });
  expect(probed).toMatchObject({ code: "unsure", cannotTell: expect.stringContaining("did not buy it") });
});
