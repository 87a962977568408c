// The webhook door, through a real socket and into a real database: what it takes, and what it refuses.
import { randomBytes } from "node:crypto";
import { request as httpRequest, type IncomingMessage } from "node:http";
import fc from "fast-check";
import { expect, test } from "vitest";
import { testDatabase } from "#test/support/database.ts";
import { bodyOf, headersFor, inbox, openDoor, post, previousSecret, sign } from "./door.ts";

const database = testDatabase();

test("a signed webhook is kept, sealed and byte for byte, before it is acknowledged", async () => {
  const door = await openDoor(database);
  // Not what JSON would come back as: big numbers, odd spacing, bytes that are no UTF-8, a NUL.
  const body = Buffer.concat([
    Buffer.from('{"id": 820982911946154508 ,"x":"é'),
    Buffer.from([0, 0xff, 0xfe]),
  ]);

  expect(await post({ port: door.port, body })).toBe(200);

  const [row, ...others] = await inbox(database.pool);
  expect(others).toEqual([]);
  expect(row && bodyOf(row).equals(body)).toBe(true);
  expect(row?.body.includes("820982911946154508")).toBe(false);
  expect(row).toMatchObject({ state: "new", shop: "demo.myshopify.com", topic: "orders/paid" });
  expect(row).toMatchObject({ triggeredAt: "2026-11-22T08:00:00.000000000Z" });
  expect(door.woken()).toBe(1);
});

test("a topic nobody knows is kept like any other", async () => {
  const door = await openDoor(database);
  const body = "{}";
  expect(
    await post({ port: door.port, body, headers: headersFor(body, { "x-shopify-topic": "moons/new" }) }),
  ).toBe(200);
  expect(await inbox(database.pool)).toMatchObject([{ topic: "moons/new" }]);
});

test("a bad, missing or shortened signature, or a changed byte, is refused and nothing is kept", async () => {
  const door = await openDoor(database);
  const body = '{"id":1,"name":"é"}';
  const good = sign(body);
  const bad = [
    "",
    "x",
    good.slice(0, -4),
    `${good}AAAA`,
    sign(body, "shpss_other"),
    Buffer.from(good, "base64").toString("hex"),
    "€".repeat(20).replaceAll("€", "%"),
    "A".repeat(5000),
  ];
  for (const signature of bad)
    expect(
      await post({
        port: door.port,
        body,
        headers: headersFor(body, { "x-shopify-hmac-sha256": signature }),
      }),
      signature,
    ).toBe(401);
  const { "x-shopify-hmac-sha256": _, ...unsigned } = headersFor(body);
  expect(await post({ port: door.port, body, headers: unsigned })).toBe(401);
  expect(await post({ port: door.port, body: body.replace("1", "2"), headers: headersFor(body) })).toBe(401);

  expect(await inbox(database.pool)).toEqual([]);
  expect(await post({ port: door.port, body })).toBe(200);
});

test("a webhook signed with the previous secret is taken while Shopify still uses it", async () => {
  const door = await openDoor(database);
  const body = '{"id":1}';
  const headers = headersFor(body, { "x-shopify-hmac-sha256": sign(body, previousSecret) });
  expect(await post({ port: door.port, body, headers })).toBe(200);
  expect(await inbox(database.pool)).toHaveLength(1);
});

test("one delivery sent fifty times at once makes one row and fifty acknowledgements", async () => {
  const door = await openDoor(database);
  const body = JSON.stringify({ id: 1, text: "x".repeat(7000) });
  const headers = headersFor(body);

  const statuses = await Promise.all(
    Array.from({ length: 50 }, () => post({ port: door.port, body, headers })),
  );

  expect(statuses).toEqual(Array.from({ length: 50 }, () => 200));
  expect(await inbox(database.pool)).toHaveLength(1);
});

test("hundreds of deliveries at once, from two processes that share some, each make one row", async () => {
  const doors = [await openDoor(database), await openDoor(database)];
  const deliveries = Array.from({ length: 200 }, (_, index) => {
    const body = JSON.stringify({ id: index, text: randomBytes(2000).toString("hex") });
    return { body, headers: headersFor(body) };
  });

  const statuses = await Promise.all(
    doors.flatMap(({ port }) => deliveries.map(async (delivery) => await post({ port, ...delivery }))),
  );

  expect(new Set(statuses)).toEqual(new Set([200]));
  const kept = await inbox(database.pool);
  expect(kept).toHaveLength(200);
  expect(
    kept.map((row) => (JSON.parse(bodyOf(row).toString()) as { id: number }).id).sort((a, b) => a - b),
  ).toEqual(deliveries.map((_, index) => index));
});

test("a body that comes in pieces is checked and kept as the bytes it was", async () => {
  const door = await openDoor(database);
  const body = Buffer.from('{"name":"Zoë 👩‍👩‍👧","id":820982911946154508}');
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sending = httpRequest({
      port: door.port,
      method: "POST",
      path: "/webhooks/orders",
      headers: headersFor(body),
    });
    sending.on("response", (response: IncomingMessage) => resolve(response.resume().statusCode));
    sending.on("error", reject);
    // One byte at a time, so that every character is cut somewhere.
    for (const byte of body) sending.write(Buffer.from([byte]));
    sending.end();
  });
  expect(status).toBe(200);
  const [row] = await inbox(database.pool);
  expect(row && bodyOf(row).equals(body)).toBe(true);
});

test("whatever stands in the headers, the door answers, and never with an error of its own", async () => {
  const door = await openDoor(database);
  const value = fc.string({
    unit: fc
      .integer({ min: 0x20, max: 0xff })
      .filter((code) => code !== 0x7f)
      .map((code) => String.fromCharCode(code)),
    maxLength: 400,
  });
  const names = [
    "x-shopify-topic",
    "x-shopify-shop-domain",
    "x-shopify-webhook-id",
    "x-shopify-triggered-at",
    "x-shopify-hmac-sha256",
  ];
  await fc.assert(
    fc.asyncProperty(fc.subarray(names), value, fc.boolean(), async (chosen, text, signed) => {
      const headers = headersFor("{}", Object.fromEntries(chosen.map((name) => [name, text.trim()])));
      if (signed) headers["x-shopify-hmac-sha256"] = sign("{}");
      const status = await post({ port: door.port, body: "{}", headers });
      expect([200, 400, 401]).toContain(status);
    }),
    { numRuns: 400 },
  );
});

test("a delivery without the headers Shopify always sends is refused", async () => {
  const door = await openDoor(database);
  const body = "{}";
  for (const header of ["x-shopify-topic", "x-shopify-shop-domain", "x-shopify-webhook-id"]) {
    const headers = headersFor(body);
    delete headers[header];
    expect(await post({ port: door.port, body, headers }), header).toBe(400);
    expect(
      await post({ port: door.port, body, headers: headersFor(body, { [header]: "x".repeat(300) }) }),
    ).toBe(400);
  }
  expect((await fetch(`http://127.0.0.1:${door.port}/webhooks/orders`)).status).toBe(405);
  expect(await inbox(database.pool)).toEqual([]);
});
