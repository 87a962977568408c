// The server every stand-in stands behind: each fault kind once, the control doors, the page, and rude clients.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { afterEach, beforeEach, expect, test } from "vitest";
import { startDot, type DotStandIn } from "#sandbox/vendors/dot.ts";
import { keepRequests } from "#sandbox/vendors/request-log.ts";
import type { FaultKind } from "#sandbox/vendors/stand-in.ts";
import { at, clientOf, dotOrder, until, type Answer } from "./client.ts";

let dot: DotStandIn;
let ask: ReturnType<typeof clientOf>;
const order = (): Promise<Answer> => ask("POST", "/api/v1/orders/", dotOrder);

beforeEach(async () => {
  dot = await startDot();
  ask = clientOf(dot, "mge_sk_demo");
});
afterEach(() => dot.stop());

const answered: [kind: FaultKind, status: number, type: string, orders: number][] = [
  ["too-many", 429, "application/json", 0],
  ["error-not-done", 500, "application/json", 0],
  ["error-done", 500, "application/json", 1],
  ["html-502", 502, "text/html", 0],
  ["html-502-done", 502, "text/html", 1],
  ["revoked-key", 401, "application/json", 0],
  ["expired-preview", 400, "application/json", 0],
];
for (const [kind, status, type, orders] of answered) {
  test(`with ${kind} the vendor answers ${status} and has made ${orders} orders`, async () => {
    dot.fault({ kind, retryAfterSeconds: 7 });

    const answer = await order();

    expect(answer.status).toBe(status);
    expect(answer.type).toContain(type);
    expect(dot.ledger()).toHaveLength(orders);
    if (kind === "too-many") expect(answer.headers.get("retry-after")).toBe("7");
  });
}

const cutOff: [kind: FaultKind, orders: number][] = [
  ["refuse", 0],
  ["reset-after", 1],
  ["truncated", 1],
];
for (const [kind, orders] of cutOff) {
  test(`with ${kind} the line breaks and the vendor has made ${orders} orders`, async () => {
    dot.fault({ kind });

    await expect(order()).rejects.toThrow();

    expect(dot.ledger()).toHaveLength(orders);
    expect((await order()).status).toBe(201);
  });
}

test("a truncated answer promises its whole length and brings only the first half", async () => {
  dot.fault({ kind: "truncated" });
  const { port } = dot;
  const body = JSON.stringify(dotOrder);
  const head = `POST /api/v1/orders/ HTTP/1.1\r\nhost: x\r\nauthorization: Bearer mge_sk_demo\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n\r\n`;

  let got = "";
  const socket = connect(port, "127.0.0.1", () => socket.write(head + body));
  socket.on("data", (chunk) => (got += chunk.toString()));
  await once(socket, "close");

  const [headers = "", half = ""] = got.split("\r\n\r\n", 2);
  const promised = Number(/content-length: (\d+)/.exec(headers)?.[1]);
  expect(half.length).toBe(Math.floor(promised / 2));
  expect(() => JSON.parse(half) as unknown).toThrow();
});

for (const [kind, orders] of [
  ["timeout-before", 0],
  ["timeout-after", 1],
] as const) {
  test(`with ${kind} no answer ever comes and the vendor has made ${orders} orders`, async () => {
    dot.fault({ kind, on: "POST /api/v1/orders" });
    const stop = new AbortController();
    let ended = false;
    const waiting = ask("POST", "/api/v1/orders/", dotOrder, { signal: stop.signal }).finally(
      () => (ended = true),
    );
    waiting.catch(() => undefined);

    await until(() => dot.requests().some((request) => request.body !== undefined));
    await ask("GET", "/api/v1/account/brands/");

    expect(ended).toBe(false);
    expect(dot.ledger()).toHaveLength(orders);
    expect(dot.requests()[0]?.status).toBe("none");
    stop.abort();
    await expect(waiting).rejects.toThrow();
  });
}

test("a slow vendor makes the order at once and answers later", async () => {
  dot.fault({ kind: "slow", delayMs: 40 });
  const started = performance.now();

  const waiting = order();
  await until(() => dot.ledger().length === 1);

  expect((await waiting).status).toBe(201);
  expect(performance.now() - started).toBeGreaterThan(35);
});

test("a late request takes effect only when it is released, and its client never hears of it", async () => {
  dot.fault({ kind: "late" });
  const stop = new AbortController();
  const waiting = ask("POST", "/api/v1/orders/", dotOrder, { signal: stop.signal });
  waiting.catch(() => undefined);
  await until(() => dot.requests().some((request) => request.body !== undefined));

  stop.abort();
  await expect(waiting).rejects.toThrow();
  expect(dot.ledger()).toHaveLength(0);

  dot.releaseLate();
  expect(dot.ledger()).toHaveLength(1);
  dot.releaseLate();
  expect(dot.ledger()).toHaveLength(1);
});

test("a revoked key stays revoked until the faults are cleared", async () => {
  dot.fault({ kind: "revoked-key" });

  const statuses = [(await order()).status, (await order()).status];
  dot.clearFaults();

  expect([...statuses, (await order()).status]).toEqual([401, 401, 201]);
});

test("a fault hits its own route only, after as many requests as it lets pass, as often as it says", async () => {
  dot.fault({ kind: "error-not-done", on: "POST /api/v1/order-drafts/*/submit", after: 1, times: 2 });
  const { body } = await ask("POST", "/api/v1/order-drafts/", dotOrder);
  const submit = `/api/v1/order-drafts/${String(at(body, "id"))}/submit/`;
  await ask("POST", submit.replace("submit", "validate"));

  const statuses = [];
  for (let n = 0; n < 4; n += 1) statuses.push((await ask("POST", submit)).status);

  expect(statuses).toEqual([201, 500, 500, 200]);
  expect(dot.ledger()).toHaveLength(1);
});

test("a fault that could never fire is refused instead of doing nothing", async () => {
  expect(() => dot.fault({ kind: "slow", on: "POST /api/v1/ordres" })).toThrow("no documented route");

  const answer = await fetch(`${dot.url}/_sandbox/faults`, {
    method: "POST",
    body: JSON.stringify({ kind: "meteor" }),
  });
  expect(answer.status).toBe(400);
});

test("another process reads the ledger and the requests, sets and clears faults, and starts over", async () => {
  const control = async (method: string, path: string, body?: unknown): Promise<unknown> => {
    const init = body === undefined ? { method } : { method, body: JSON.stringify(body) };
    return (await fetch(`${dot.url}/_sandbox/${path}`, init)).json();
  };
  await order();
  await control("POST", "faults", { kind: "too-many", times: null });
  expect([(await order()).status, (await order()).status]).toEqual([429, 429]);
  expect(await control("GET", "faults")).toMatchObject([{ left: "until cleared" }]);
  await control("DELETE", "faults");
  expect((await order()).status).toBe(201);

  expect(await control("GET", "ledger")).toMatchObject([
    { vendor: "dot", body: dotOrder },
    { vendor: "dot" },
  ]);
  expect(await control("GET", "ledger?last=1")).toHaveLength(1);
  expect(await control("GET", "requests")).toMatchObject([
    { method: "POST", path: "/api/v1/orders/", status: 201, body: dotOrder },
    { status: 429 },
    { status: 429 },
    { status: 201 },
  ]);

  await control("POST", "reset");
  expect([await control("GET", "ledger"), await control("GET", "requests")]).toEqual([[], []]);
});

test("a late request is released over HTTP too", async () => {
  dot.fault({ kind: "late" });
  const stop = new AbortController();
  ask("POST", "/api/v1/orders/", dotOrder, { signal: stop.signal }).catch(() => undefined);
  await until(() => dot.requests().some((request) => request.body !== undefined));

  await fetch(`${dot.url}/_sandbox/release-late`, { method: "POST" });

  expect(dot.ledger()).toHaveLength(1);
  stop.abort();
});

test("a person sees the vendor's name and the fault switches on its page", async () => {
  const page = await (await fetch(dot.url)).text();
  const state = (await (await fetch(`${dot.url}/_sandbox/state`)).json()) as unknown;

  expect(page).toContain("<h1>MGE DOT</h1>");
  expect(page).not.toMatch(/src="https?:|href="https?:/);
  expect(at(state, "kinds")).toContainEqual({ kind: "expired-preview", meaning: expect.any(String) });
  expect(at(state, "routes")).toContain("POST /api/v1/orders/");
});

test("a client that is killed in the middle of its request does no harm", async () => {
  const socket = connect(dot.port, "127.0.0.1", () => {
    socket.write("POST /api/v1/orders/ HTTP/1.1\r\nhost: x\r\ncontent-length: 5000\r\n\r\n{");
  });
  socket.on("error", () => undefined);
  await until(() => dot.requests().length === 1);
  socket.resetAndDestroy();

  expect((await order()).status).toBe(201);
  expect(dot.requests()[0]?.status).toBe("none");
  expect(dot.ledger()).toHaveLength(1);
});

test("a request that is not HTTP does no harm", async () => {
  const socket = connect(dot.port, "127.0.0.1", () => socket.write("what?\r\n\r\n"));
  socket.on("error", () => undefined);
  await once(socket, "close");

  expect((await order()).status).toBe(201);
});

test("a body over 30 MB is refused", async () => {
  const answer = await ask("POST", "/api/v1/orders/", { ...dotOrder, notes: "x".repeat(30 * 1024 * 1024) });

  expect(answer.status).toBe(413);
  expect(dot.ledger()).toHaveLength(0);
});

test("only the last 5,000 requests are remembered, and fewer when their bodies are large", () => {
  const log = keepRequests();
  for (let n = 0; n < 12_000; n += 1) log.open({ method: "GET", path: `/${n}`, headers: {} });
  expect([log.all().length, log.all()[0]?.path, log.all().at(-1)?.path]).toEqual([5000, "/7000", "/11999"]);

  for (const record of log.all().slice(-10))
    log.keepBody(record, { body: "a big one", bytes: 30 * 1024 * 1024 });
  expect(log.all().length).toBeLessThan(5000);
  expect(log.all().at(-1)).toMatchObject({ path: "/11999", body: "a big one" });
});

test("a stand-in runs as a process of its own, says where, and ends when told", async () => {
  const child = spawn(process.execPath, ["sandbox/vendors/serve.ts", "oms", "--port", "0"]);
  const [line] = (await once(child.stdout, "data")) as [Buffer];
  const said = JSON.parse(line.toString()) as { id: string; url: string };

  expect(said.id).toBe("oms");
  expect((await fetch(`${said.url}/_sandbox/ledger`)).status).toBe(200);
  child.kill("SIGTERM");
  expect(await once(child, "exit")).toEqual([0, null]);
});
