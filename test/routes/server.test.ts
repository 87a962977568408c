// The web process as it is run: started with its own environment, spoken to over HTTP, told to stop.
import type { ChildProcess } from "node:child_process";
import { createHmac } from "node:crypto";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import path from "node:path";
import { afterAll, afterEach, expect, test } from "vitest";
import { testDatabase } from "#test/support/database.ts";
import { testEnv } from "#test/support/postgres.ts";
import { startWeb as startWebIn, type Web } from "./web.ts";

const database = testDatabase();
const home = mkdtempSync(path.join(tmpdir(), "makerlane-web-"));
const running: ChildProcess[] = [];

// A home with the project's migrations and the smallest build that Remix accepts, so that no page need be built.
mkdirSync(path.join(home, "build/server"), { recursive: true });
mkdirSync(path.join(home, "build/client/assets"), { recursive: true });
symlinkSync(path.resolve("prisma"), path.join(home, "prisma"));
writeFileSync(path.join(home, "build/client/assets/a.css"), "p{}");
writeFileSync(path.join(home, "build/server/package.json"), '{"type":"module"}');
writeFileSync(
  path.join(home, "build/server/index.js"),
  `export const assets = { entry: { module: "", imports: [] }, routes: {}, url: "", version: "1" };
   export const entry = { module: { default: () => new Response("page") } };
   export const routes = {}, future = { v3_singleFetch: true }, basename = "/", publicPath = "/", isSpaMode = false;`,
);

afterEach(() => {
  for (const child of running.splice(0)) if (child.exitCode === null) child.kill("SIGKILL");
});
afterAll(() => rmSync(home, { recursive: true, force: true }));

async function startWeb(variables: Record<string, string> = {}): Promise<Web> {
  const web = await startWebIn({ DATABASE_URL: database.url, ...variables }, home);
  running.push(web.child);
  return web;
}

async function postOrder(url: string): Promise<number> {
  const body = '{"id":1}';
  const response = await fetch(`${url}/webhooks/orders`, {
    method: "POST",
    body,
    headers: {
      "x-shopify-topic": "orders/paid",
      "x-shopify-shop-domain": "demo.myshopify.com",
      "x-shopify-webhook-id": "1",
      "x-shopify-hmac-sha256": createHmac("sha256", testEnv.SHOPIFY_API_SECRET).update(body).digest("base64"),
    },
  });
  return response.status;
}

test("the web process says what it was started with, without a secret in it", async () => {
  const web = await startWeb();
  const text = JSON.stringify(web.lines);
  expect(text).toContain('"SHOPIFY_API_SECRET":"set"');
  for (const secret of [testEnv.SHOPIFY_API_SECRET, testEnv.ENCRYPTION_KEYS, database.url])
    expect(text).not.toContain(secret);
});

test("health, webhooks, files and pages each answer, and an acknowledged webhook wakes the worker", async () => {
  const web = await startWeb();

  expect(await (await fetch(`${web.url}/livez`)).json()).toEqual({ alive: true });
  const ready = await fetch(`${web.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([200, { ready: true, oldestOverdueSeconds: 0 }]);

  expect(await postOrder(web.url)).toBe(200);
  await expect
    .poll(async () => (await database.pool.query(`SELECT key FROM graphile_worker.jobs`)).rows)
    .toEqual([{ key: "intake" }]);

  const asset = await fetch(`${web.url}/assets/a.css`, { headers: { "accept-encoding": "gzip, br" } });
  expect(asset.headers.get("cache-control")).toBe("public, max-age=31536000, immutable");
  expect([asset.headers.get("content-encoding"), await asset.text()]).toEqual(["br", "p{}"]);
  const plain = await fetch(`${web.url}/assets/a.css`, { headers: { "accept-encoding": "identity" } });
  expect([plain.headers.get("content-encoding"), await plain.text()]).toEqual([null, "p{}"]);
  expect((await fetch(`${web.url}/assets/none.css`)).status).toBe(404);
  const page = await fetch(`${web.url}/app`);
  expect(page.headers.get("x-content-type-options")).toBe("nosniff");
  expect(page.headers.get("x-powered-by")).toBeNull();

  await database.later("90 seconds");
  const late = (await (await fetch(`${web.url}/readyz`)).json()) as { oldestOverdueSeconds: number };
  expect(late.oldestOverdueSeconds).toBeGreaterThanOrEqual(90);
});

test("a process whose database is away lives, but is not ready and acknowledges nothing", async () => {
  const web = await startWeb({ DATABASE_URL: "postgresql://nobody@127.0.0.1:1/none" });
  expect((await fetch(`${web.url}/livez`)).status).toBe(200);
  const ready = await fetch(`${web.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { ready: false, why: "the database does not answer" },
  ]);
  expect(await postOrder(web.url)).toBe(503);
});

test("a database that was never migrated is named as the reason", async () => {
  const empty = `empty_${Date.now()}`;
  await database.pool.query(`CREATE DATABASE ${empty}`);
  const web = await startWeb({ DATABASE_URL: database.url.replace(/[^/]+$/, empty) });
  const ready = await fetch(`${web.url}/readyz`);
  expect([ready.status, await ready.json()]).toEqual([
    503,
    { ready: false, why: "the database is not migrated; run: npm run migrate" },
  ]);
  web.child.kill("SIGKILL");
  await web.exited;
  await database.pool.query(`DROP DATABASE ${empty} WITH (FORCE)`);
});

test("told to stop, it finishes the webhook it has begun, takes no new one, and ends", async () => {
  const web = await startWeb();
  const body = '{"id":2}';
  const answer = new Promise<string>((resolve) => {
    let text = "";
    const socket = connect(Number(new URL(web.url).port), "127.0.0.1");
    const signature = createHmac("sha256", testEnv.SHOPIFY_API_SECRET).update(body).digest("base64");
    socket.write(
      `POST /webhooks/orders HTTP/1.1\r\nhost: x\r\nx-shopify-topic: orders/paid\r\nx-shopify-shop-domain: d.myshopify.com\r\n` +
        `x-shopify-webhook-id: 9\r\nx-shopify-hmac-sha256: ${signature}\r\ncontent-length: ${body.length}\r\n\r\n{`,
    );
    socket.on("data", (data) => (text += data.toString()));
    socket.on("close", () => resolve(text));
    socket.on("error", () => resolve(text));
    const stopping = setInterval(() => {
      if (!web.lines.some((line) => line["msg"] === "web.stopping")) return;
      clearInterval(stopping);
      socket.write(body.slice(1));
    }, 10);
  });
  await fetch(`${web.url}/livez`); // the half request is surely there by now
  web.child.kill("SIGTERM");

  expect(await answer).toContain("HTTP/1.1 200");
  expect(await web.exited).toBe(0);
  expect((await database.pool.query(`SELECT "webhookId" FROM "WebhookEvent"`)).rows).toEqual([
    { webhookId: "9" },
  ]);
  await expect(fetch(`${web.url}/livez`)).rejects.toThrow();
});
