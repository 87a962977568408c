// The webhook door under pressure: bodies without end, senders without haste, databases that hang, break and go.
import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import pg from "pg";
import { expect, test } from "vitest";
import { testDatabase } from "#test/support/database.ts";
import { headersFor, inbox, openDoor, post } from "./door.ts";

const database = testDatabase();

test("one delivery that the database refuses does not cost the others their acknowledgement", async () => {
  const door = await openDoor(database);
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
  expect(await inbox(database.pool)).toHaveLength(19);
});

test("a body of ten megabytes is turned away at once when its length says so", async () => {
  const door = await openDoor(database);
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
  expect(await inbox(database.pool)).toEqual([]);
});

test("endless bodies in pieces are turned away, the connection is closed and the memory stays flat", async () => {
  const door = await openDoor(database);
  globalThis.gc?.();
  const before = process.memoryUsage.rss();
  for (let round = 0; round < 4; round++) {
    const answers = await Promise.all([1, 2, 3, 4, 5].map(() => sendEndlessly(door.port)));
    for (const answer of answers) expect(answer).toContain("HTTP/1.1 413");
  }
  // 200 MB were offered; what is measured holds the senders' own buffers too, and what is not collected yet.
  expect(process.memoryUsage.rss() - before).toBeLessThan(130 * 1024 * 1024);
  expect(await inbox(database.pool)).toEqual([]);
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
  const door = await openDoor(database, { readMs: 200 });
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
  expect(await inbox(database.pool)).toEqual([]);
});

test("while the database is away the answer is 503, and the same delivery later makes one row", async () => {
  const away = new pg.Pool({
    connectionString: "postgresql://nobody@127.0.0.1:1/none",
    connectionTimeoutMillis: 500,
  });
  const closed = await openDoor(database, { db: away });
  const body = '{"id":1}';
  const headers = headersFor(body);
  const statuses = await Promise.all(
    Array.from({ length: 10 }, () => post({ port: closed.port, body, headers })),
  );
  expect(new Set(statuses)).toEqual(new Set([503]));
  expect(closed.woken()).toBe(0);

  const door = await openDoor(database);
  expect(await post({ port: door.port, body, headers })).toBe(200);
  expect(await post({ port: door.port, body, headers })).toBe(200);
  expect(await inbox(database.pool)).toHaveLength(1);
});

test("a database that hangs gets 503 in time, never a 200, and is used again when it moves", async () => {
  const door = await openDoor(database, { storeMs: 400 });
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
  // Shopify itself waits five seconds.
  expect(took).toBeLessThan(4_500);
  expect(await post({ port: door.port, body, headers })).toBe(200);
  expect(await inbox(database.pool)).toHaveLength(1);
});

test("connections that break under the door are replaced without losing an acknowledged delivery", async () => {
  const door = await openDoor(database);
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
  const kept = new Set((await inbox(database.pool)).map((row) => row.webhookId));
  expect(acknowledged.filter((id) => !kept.has(id))).toEqual([]);
  expect(acknowledged.length).toBeGreaterThan(0);
});
