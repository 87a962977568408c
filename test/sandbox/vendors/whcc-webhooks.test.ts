// The WHCC stand-in's webhooks against WHCC's documents: the handshake, the signature and what is told.
import { createHmac } from "node:crypto";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startWhcc, type WhccStandIn } from "#sandbox/vendors/whcc.ts";
import { at, until } from "./client.ts";
import {
  editorClient,
  listeningShop,
  orderOf,
  placedOrder,
  submitClient,
  type Ask,
  type Heard,
} from "./whcc-account.ts";

let whcc: WhccStandIn;
let ask: Ask;
let shop: Awaited<ReturnType<typeof listeningShop>>;

beforeEach(async () => {
  whcc = await startWhcc({ now: () => new Date("2026-11-22T12:00:00Z") });
  ask = await editorClient(whcc);
  shop = await listeningShop();
});
afterEach(async () => {
  await whcc.stop();
  await shop.close();
});

const register = (callbackUri: string) => ask("POST", "/api/v1/webhooks/create", { callbackUri });
const verify = (verifier: unknown) => ask("POST", "/api/v1/webhooks/verify", { verifier });
const verifierIn = (heard: Heard | undefined) => new URLSearchParams(heard?.body).get("verifier");

/** Registers the shop, and forgets what it heard of that. */
async function registered(): Promise<void> {
  await register(shop.url);
  await verify(verifierIn(shop.heard[0]));
  shop.heard.length = 0;
}

/** Reads the deliveries the shop got, and fails for one whose signature is not right. */
function readAll(secret = "whcc_secret"): unknown[] {
  return shop.heard.map(({ headers, body }) => {
    const [, t = "", v1 = ""] = /^t=(\d+),v1=([0-9A-F]{64})$/.exec(String(headers["whcc-signature"])) ?? [];
    const expected = createHmac("sha256", secret).update(`${t}.${body}`).digest("hex");
    expect(v1.toLowerCase()).toBe(expected);
    return JSON.parse(body) as unknown;
  });
}

test("an address is posted a verifier as an unsigned form before its registration is answered", async () => {
  const answer = await register(shop.url);

  expect(answer.status).toBe(200);
  expect(shop.heard).toHaveLength(1);
  expect(shop.heard[0]?.headers["content-type"]).toBe("application/x-www-form-urlencoded");
  expect(shop.heard[0]?.headers["whcc-signature"]).toBeUndefined();
  expect(verifierIn(shop.heard[0])).toMatch(/^[0-9a-f-]{36}$/);
});

test("nothing is told to an address that has not given its verifier back", async () => {
  await register(shop.url);
  const id = await placedOrder(ask);

  expect(await whcc.accept(id)).toMatchObject([{ status: "nobody" }]);
  expect((await verify("a guess")).body).toMatchObject({ ErrorNumber: "400.04" });
  expect(await whcc.accept(id)).toMatchObject([{ status: "nobody" }]);
  expect((await verify(verifierIn(shop.heard[0]))).body).toEqual({ callbackUri: shop.url });
  expect(await whcc.accept(id)).toMatchObject([{ status: 200 }]);
});

test("an address that is none, is not safe, or does not answer is refused with a number", async () => {
  const elsewhere = await listeningShop();
  await elsewhere.close();
  shop.shop.answer = 404;

  const answers = [
    await register("not an address"),
    await register("http://shop.example.com/hook"),
    await register(elsewhere.url),
    await register(shop.url),
  ];
  expect(answers.map(({ status, body }) => [status, at(body, "ErrorNumber")])).toEqual([
    [200, "400.04"],
    [200, "400.04"],
    [200, "400.05"],
    [200, "400.05"],
  ]);
});

test("a new address replaces the old one, once it is verified", async () => {
  await registered();
  const second = await listeningShop();
  const id = await placedOrder(ask);

  await register(second.url);
  await whcc.accept(id);
  expect(shop.heard).toHaveLength(1);
  await verify(verifierIn(second.heard[0]));
  await whcc.accept(id);
  expect([shop.heard.length, second.heard.length]).toEqual([1, 2]);
  await second.close();
});

test("every sequence of an order is accepted by a signed webhook of its own", async () => {
  await registered();
  const id = await placedOrder(ask, { editors: [{ editorId: "demoAlbum", quantity: 2 }] });

  await whcc.accept(id);

  expect(readAll()).toEqual(
    ["1", "2"].map((SequenceNumber) => ({
      Status: "Accepted",
      Errors: [],
      OrderNumber: expect.any(Number),
      Event: "Processed",
      ConfirmationId: id,
      EntryId: "5551234567890",
      Reference: "#1001",
      SequenceNumber,
    })),
  );
});

test("a rejection names the file, and a shipment its parcels", async () => {
  await registered();
  const id = await placedOrder(ask, { editors: [{ editorId: "demoAlbum", quantity: 2 }] });

  await whcc.reject(id, 1, { code: "400.03" });
  await whcc.ship(id, "2", [{ carrier: "UPS", trackingNumber: "1Z 999" }, {}]);

  expect(readAll()).toEqual([
    {
      Status: "Rejected",
      Errors: [
        {
          ErrorCode: "400.03",
          Error: "Error copying files from consumer.",
          AssetPath: expect.stringContaining("demoAlbum"),
        },
      ],
      Event: "Processed",
      ConfirmationId: id,
      EntryId: "5551234567890",
      Reference: "#1001",
      SequenceNumber: "1",
    },
    {
      ShippingInfo: [
        {
          Carrier: "UPS",
          ShipDate: "2026-11-22T12:00:00+00:00",
          TrackingNumber: "1Z 999",
          TrackingUrl: "http://www.ups.com/Tracking?tracknumbers=1Z%20999",
          Weight: 0.35,
        },
        expect.objectContaining({ Carrier: "FedEx" }),
      ],
      OrderNumber: expect.any(Number),
      Event: "Shipped",
      ConfirmationId: id,
      EntryId: "5551234567890",
      Reference: "#1001",
      SequenceNumber: "2",
    },
  ]);
  await expect(whcc.ship(id, 3, {})).rejects.toThrow("no sequence 3");
  await expect(whcc.accept("unknown")).rejects.toThrow("no confirmed order");
});

test("an event that no document names yet can be told too", async () => {
  await registered();
  const id = await placedOrder(ask);

  await whcc.tell(id, 1, { Event: "Delayed", Days: 2 });

  expect(readAll()).toMatchObject([{ Event: "Delayed", Days: 2, ConfirmationId: id, SequenceNumber: "1" }]);
});

test("what a shop did not take waits, and is sent again newly signed until it is taken", async () => {
  await registered();
  const id = await placedOrder(ask);
  shop.shop.answer = 503;
  expect(await whcc.accept(id)).toMatchObject([{ status: 503 }]);
  expect(await whcc.redeliver()).toMatchObject([{ status: 503 }]);

  shop.shop.answer = 200;

  expect(await whcc.redeliver()).toMatchObject([{ status: 200 }]);
  expect(await whcc.redeliver()).toEqual([]);
  expect(new Set(readAll().map((told) => JSON.stringify(told))).size).toBe(1);
  expect(shop.heard).toHaveLength(3);
});

test("orders of the other API are told to that API's address, signed with its secret", async () => {
  const submit = await submitClient(whcc);
  const form = (field: string, value: string) => {
    const body = new FormData();
    body.set(field, value);
    return body;
  };
  await submit("POST", "/api/callback/create", form("callbackUri", shop.url));
  await submit("POST", "/api/callback/verify", form("verifier", verifierIn(shop.heard[0]) ?? ""));
  shop.heard.length = 0;
  const quote = await submit("POST", "/api/OrderImport", await orderOf(ask));
  const id = String(at(quote.body, "ConfirmationID"));
  await submit("POST", `/api/OrderImport/Submit/${id}`);

  await whcc.accept(id);

  expect(readAll("oas_secret")).toMatchObject([{ ConfirmationId: id }]);
  expect(await whcc.accept(await placedOrder(ask, { entryId: "2" }))).toMatchObject([{ status: "nobody" }]);
  expect((await submit("POST", "/api/callback/create", { callbackUri: shop.url })).status).toBe(415);
});

test("the vendor validates a signature for whoever asks, and sees a changed byte", async () => {
  await registered();
  await whcc.accept(await placedOrder(ask));
  const { body, headers } = shop.heard[0] ?? { body: "", headers: {} };
  const signature = String(headers["whcc-signature"]);
  const isValid = async (text: string) =>
    at((await ask("POST", "/api/v1/webhooks/validate", { body: text, signature })).body, "isValid");

  expect([await isValid(body), await isValid(body.replace("Accepted", "accepted"))]).toEqual([true, false]);
});

test("a person or another process accepts, rejects and ships orders at the workshop's doors", async () => {
  await registered();
  const id = await placedOrder(ask);
  const door = async (path: string, body: object = {}): Promise<unknown> => {
    const init = {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    };
    return (await fetch(`${whcc.url}/workshop/${path}`, init)).json();
  };
  const before = whcc.requests().length;

  await door(`orders/${id}/accept`);
  await door(`orders/${id}/ship`, { sequence: "1", trackingNumber: "42" });
  await door(`orders/${id}/reject`, { sequence: 1, code: "400.01" });

  expect(readAll()).toMatchObject([
    { Status: "Accepted" },
    { ShippingInfo: [{ TrackingNumber: "42" }] },
    { Errors: [{ ErrorCode: "400.01" }] },
  ]);
  expect(await door(`orders/${id}/ship`, { sequence: "7" })).toEqual({
    error: `WHCC's order ${id} has no sequence 7`,
  });
  expect(await door("redeliver")).toEqual({ deliveries: [] });
  expect(await door("editors/demoPhotoBlock/design", { make: "block-24x36" })).toEqual({ deliveries: [] });
  expect(await (await fetch(`${whcc.url}/workshop`)).text()).toContain("5551234567890");
  expect(whcc.requests()).toHaveLength(before);
});

test("a vendor that is slow to register has posted its verifier all the same", async () => {
  whcc.fault({ kind: "timeout-after", on: "POST /api/v1/webhooks/create" });
  const stop = new AbortController();
  const waiting = ask("POST", "/api/v1/webhooks/create", { callbackUri: shop.url }, { signal: stop.signal });
  waiting.catch(() => undefined);

  await until(() => shop.heard.length === 1);

  stop.abort();
  expect((await verify(verifierIn(shop.heard[0]))).status).toBe(200);
});
