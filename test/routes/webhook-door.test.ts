// The webhook door, through a real socket and into a real database.
import { createServer, request as httpRequest, type IncomingMessage, type Server } from "node:http";
import { connect, type AddressInfo } from "node:net";
import { afterEach, expect, test } from "vitest";
import { createHmac, randomBytes, randomUUID } from "node:crypto";
import pg from "pg";
import { open } from "#app/crypto.server.ts";
import { createPool } from "#app/db.server.ts";
import { createWebhookDoor, type DoorOptions } from "#app/webhook-door.server.ts";
import { testDatabase } from "#test/support/database.ts";

const database = testDatabase();
const secret = "shpss_test_secret";
const previous = "shpss_test_previous";
const closing: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

interface OpenDoor {
  port: number;
  woken: () => number;
}

async function openDoor(overrides: Partial<DoorOptions> = {}): Promise<OpenDoor> {
  let woken = 0;
  const db = overrides.db ?? createPool(database.url, { max: 6, name: "door" });
  const door = createWebhookDoor({ secrets: [secret, previous], wake: () => woken++, ...overrides, db });
  const server: Server = createServer(door);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
    if (!db.ending) await db.end();
  });
  return { port: (server.address() as AddressInfo).port, woken: () => woken };
}

function sign(body: string | Buffer, key = secret): string {
  return createHmac("sha256", key).update(body).digest("base64");
}

function headersFor(body: string | Buffer, overrides: Record<string, string> = {}): Record<string, string> {
  return {
    "content-type": "application/json",
    "x-shopify-topic": "orders/paid",
    "x-shopify-shop-domain": "demo.myshopify.com",
    "x-shopify-api-version": "2026-10",
    "x-shopify-webhook-id": randomUUID(),
    "x-shopify-triggered-at": "2026-11-22T08:00:00.000000000Z",
    "x-shopify-hmac-sha256": sign(body),
    ...overrides,
  };
}

interface Post {
  port: number;
  body: string | Buffer;
  headers?: Record<string, string>;
}

async function post({ port, body, headers = headersFor(body) }: Post): Promise<number> {
  const response = await fetch(`http://127.0.0.1:${port}/webhooks/orders`, {
    method: "POST",
    headers,
    body: typeof body === "string" ? body : new Uint8Array(body),
  });
  await response.arrayBuffer();
  return response.status;
}

async function rows(): Promise<{ shop: string; topic: string; webhookId: string; body: Buffer }[]> {
  const result = await database.pool.query<{ shop: string; topic: string; webhookId: string; body: Buffer }>(
    `SELECT * FROM "WebhookEvent" ORDER BY id`,
  );
  return result.rows;
}

function bodyOf(row: { shop: string; topic: string; webhookId: string; body: Buffer }): Buffer {
  const place = {
    table: "WebhookEvent",
    column: "body",
    shop: row.shop,
    row: `${row.topic}/${row.webhookId}`,
  };
  return open(row.body, place);
}

test("a signed webhook is kept, sealed and byte for byte, before it is acknowledged", async () => {
  const door = await openDoor();
  // Not what JSON would come back as: big numbers, odd spacing, bytes that are no UTF-8, a NUL.
  const body = Buffer.concat([
    Buffer.from('{"id": 820982911946154508 ,"x":"é'),
    Buffer.from([0, 0xff, 0xfe]),
  ]);

  expect(await post({ port: door.port, body })).toBe(200);

  const [row, ...others] = await rows();
  expect(others).toEqual([]);
  expect(row && bodyOf(row).equals(body)).toBe(true);
  expect(row?.body.includes("820982911946154508")).toBe(false);
  expect(row).toMatchObject({ state: "new", shop: "demo.myshopify.com", topic: "orders/paid" });
  expect(row).toMatchObject({ triggeredAt: "2026-11-22T08:00:00.000000000Z" });
  expect(door.woken()).toBe(1);
});

test("a topic nobody knows is kept like any other", async () => {
  const door = await openDoor();
  const body = "{}";
  expect(
    await post({ port: door.port, body, headers: headersFor(body, { "x-shopify-topic": "moons/new" }) }),
  ).toBe(200);
  expect(await rows()).toMatchObject([{ topic: "moons/new" }]);
});

test("a bad, missing or shortened signature, or a changed byte, is refused and nothing is kept", async () => {
  const door = await openDoor();
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

  expect(await rows()).toEqual([]);
  expect(await post({ port: door.port, body })).toBe(200);
});

test("a webhook signed with the previous secret is taken while Shopify still uses it", async () => {
  const door = await openDoor();
  const body = '{"id":1}';
  const headers = headersFor(body, { "x-shopify-hmac-sha256": sign(body, previous) });
  expect(await post({ port: door.port, body, headers })).toBe(200);
  expect(await rows()).toHaveLength(1);
});

test("one delivery sent fifty times at once makes one row and fifty acknowledgements", async () => {
  const door = await openDoor();
  const body = JSON.stringify({ id: 1, text: "x".repeat(7000) });
  const headers = headersFor(body);

  const statuses = await Promise.all(
    Array.from({ length: 50 }, () => post({ port: door.port, body, headers })),
  );

  expect(statuses).toEqual(Array.from({ length: 50 }, () => 200));
  expect(await rows()).toHaveLength(1);
});

test("hundreds of deliveries at once, from two processes that share some, each make one row", async () => {
  const doors = [await openDoor(), await openDoor()];
  const deliveries = Array.from({ length: 200 }, (_, index) => {
    const body = JSON.stringify({ id: index, text: randomBytes(2000).toString("hex") });
    return { body, headers: headersFor(body) };
  });

  const statuses = await Promise.all(
    doors.flatMap(({ port }) => deliveries.map(async (delivery) => await post({ port, ...delivery }))),
  );

  expect(new Set(statuses)).toEqual(new Set([200]));
  const kept = await rows();
  expect(kept).toHaveLength(200);
  expect(
    kept.map((row) => (JSON.parse(bodyOf(row).toString()) as { id: number }).id).sort((a, b) => a - b),
  ).toEqual(deliveries.map((_, index) => index));
});

test("one delivery that the database refuses does not cost the others their acknowledgement", async () => {
  const door = await openDoor();
  await database.pool.query(
    `ALTER TABLE "WebhookEvent" ADD CONSTRAINT "refuse_one" CHECK ("topic" <> 'orders/poison')`,
  );
  const sent = Array.from({ length: 20 }, async (_, index) => {
    const body = `{"id":${index}}`;
    const topic = index === 7 ? "orders/poison" : "orders/paid";
    return await post({ port: door.port, body, headers: headersFor(body, { "x-shopify-topic": topic }) });
  });
  const statuses = await Promise.all(sent);
  await database.pool.query(`ALTER TABLE "WebhookEvent" DROP CONSTRAINT "refuse_one"`);

  expect(statuses.filter((status) => status === 503)).toHaveLength(1);
  expect(await rows()).toHaveLength(19);
});

test("a delivery without the headers Shopify always sends is refused", async () => {
  const door = await openDoor();
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
  expect(await rows()).toEqual([]);
});

test("a body of ten megabytes is turned away at once when its length says so", async () => {
  const door = await openDoor();
  const status = await new Promise<number | undefined>((resolve, reject) => {
    const sending = httpRequest({
      port: door.port,
      method: "POST",
      path: "/webhooks/orders",
      headers: { ...headersFor(""), "content-length": String(10 * 1024 * 1024) },
    });
    sending.on("response", (response: IncomingMessage) => {
      resolve(response.statusCode);
      sending.destroy();
    });
    sending.on("error", reject);
    sending.flushHeaders(); // nothing of the body is ever sent
  });
  expect(status).toBe(413);
  expect(await rows()).toEqual([]);
});

test("endless bodies in pieces are turned away, the connection is closed and the memory stays flat", async () => {
  const door = await openDoor();
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  for (let round = 0; round < 4; round++) {
    const answers = await Promise.all([1, 2, 3].map(() => sendEndlessly(door.port)));
    for (const answer of answers) expect(answer).toContain("HTTP/1.1 413");
  }
  // 120 MB were offered; what is measured holds the senders' own buffers too.
  expect(process.memoryUsage.rss() - before).toBeLessThan(80 * 1024 * 1024);
  expect(await rows()).toEqual([]);
  expect(await post({ port: door.port, body: "x".repeat(4 * 1024 * 1024) })).toBe(200);
});

/** Sends up to 10 MB in pieces and answers with what came back once the other side closed. */
function sendEndlessly(port: number): Promise<string> {
  return new Promise((resolve) => {
    let answer = "";
    let sent = 0;
    const piece = Buffer.alloc(64 * 1024, "x");
    const chunk = Buffer.concat([
      Buffer.from(`${piece.length.toString(16)}\r\n`),
      piece,
      Buffer.from("\r\n"),
    ]);
    const socket = connect(port, "127.0.0.1");
    socket.on("data", (data) => (answer += data.toString()));
    socket.on("error", () => undefined);
    socket.on("close", () => resolve(answer));
    const head = Object.entries(headersFor("")).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(
      `POST /webhooks/orders HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n${head.join("")}\r\n`,
    );
    const push = (): void => {
      while (sent < 10 * 1024 * 1024 && !socket.destroyed) {
        sent += piece.length;
        if (!socket.write(chunk)) {
          socket.once("drain", push);
          return;
        }
      }
    };
    push();
  });
}

test("a body that drips in is given up, however long its sender would go on", async () => {
  const door = await openDoor({ readMs: 200 });
  const closed = await new Promise<boolean>((resolve) => {
    const socket = connect(door.port, "127.0.0.1");
    const head = Object.entries(headersFor("")).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`POST /webhooks/orders HTTP/1.1\r\nhost: x\r\ncontent-length: 1000\r\n${head.join("")}\r\n`);
    const drip = setInterval(() => socket.write("x"), 20);
    socket.on("error", () => undefined);
    socket.on("close", () => {
      clearInterval(drip);
      resolve(true);
    });
  });
  expect(closed).toBe(true);
  expect(await rows()).toEqual([]);
});

test("while the database is away the answer is 503, and the same delivery later makes one row", async () => {
  const away = new pg.Pool({
    connectionString: "postgresql://nobody@127.0.0.1:1/none",
    connectionTimeoutMillis: 500,
  });
  const closed = await openDoor({ db: away });
  const body = '{"id":1}';
  const headers = headersFor(body);
  const statuses = await Promise.all(
    Array.from({ length: 10 }, () => post({ port: closed.port, body, headers })),
  );
  expect(new Set(statuses)).toEqual(new Set([503]));
  expect(closed.woken()).toBe(0);

  const door = await openDoor();
  expect(await post({ port: door.port, body, headers })).toBe(200);
  expect(await post({ port: door.port, body, headers })).toBe(200);
  expect(await rows()).toHaveLength(1);
});

test("a database that hangs gets 503 in time, never a 200, and is used again when it moves", async () => {
  const door = await openDoor({ storeMs: 400 });
  const blocker = await database.pool.connect();
  await blocker.query(`BEGIN; LOCK TABLE "WebhookEvent" IN ACCESS EXCLUSIVE MODE`);
  const body = '{"id":1}';
  const headers = headersFor(body);
  const began = performance.now();
  const statuses = await Promise.all(
    Array.from({ length: 30 }, () => post({ port: door.port, body, headers })),
  );
  const took = performance.now() - began;
  await blocker.query("ROLLBACK");
  blocker.release();

  expect(new Set(statuses)).toEqual(new Set([503]));
  expect(took).toBeLessThan(2_500);
  expect(await post({ port: door.port, body, headers })).toBe(200);
  expect(await rows()).toHaveLength(1);
});

test("connections that break under the door are replaced without losing an acknowledged delivery", async () => {
  const door = await openDoor();
  const acknowledged: string[] = [];
  const send = async (index: number): Promise<void> => {
    const body = `{"id":${index}}`;
    const headers = headersFor(body);
    if ((await post({ port: door.port, body, headers })) === 200)
      acknowledged.push(headers["x-shopify-webhook-id"] ?? "");
  };
  for (let round = 0; round < 6; round++) {
    const sending = Promise.all(Array.from({ length: 30 }, (_, index) => send(round * 30 + index)));
    await database.pool.query(
      `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'makerlane door' AND datname = current_database()`,
    );
    await sending;
  }
  const kept = new Set((await rows()).map((row) => row.webhookId));
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(0);
});
