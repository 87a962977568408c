// Who may ask: only what Shopify signed, lately, for a shop that has the app.
import "./folder.ts";
import { beforeEach, expect, test } from "vitest";
import { z } from "zod";
import { readJson, readProxy } from "#app/previews/proxy-door.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { testEnv } from "#test/support/postgres.ts";
import { aShop, shop } from "#test/support/road.ts";
import { forwarded, posted, said, signQuery } from "./shopper.ts";

const database = testDatabase();
beforeEach(() => aShop(database.pool, shop));

const status = async (request: Request, now?: Date): Promise<number> =>
  await readProxy(database.pool, request, now).then(
    () => 200,
    (error: unknown) => (error instanceof Response ? error.status : 500),
  );
const at = (query: string): Request => new Request(`https://makerlane.test/proxy/artworks?${query}`);

test("threat 6: a request that Shopify signed is let in, with the shop, the path and the shopper it names", async () => {
  const request = forwarded("/artworks", { query: { logged_in_customer_id: "77", browser: "x" } });
  expect(await readProxy(database.pool, request)).toEqual({
    shop,
    base: "/apps/dot",
    address: "198.51.100.4",
    host: "kits.example.com",
    customerId: "77",
  });
  expect(await status(at(signQuery({}, testEnv.SHOPIFY_API_SECRET_PREVIOUS)))).toBe(200);
});

test("threat 6: without a signature, with a wrong one, or with anything changed, nobody is let in", async () => {
  const good = signQuery({ browser: "a" });
  expect(await status(at(good))).toBe(200);
  expect(await status(at(""))).toBe(403);
  expect(await status(at(good.replace(/signature=.*/, "signature=")))).toBe(403);
  expect(await status(at(good.replace(/signature=./, "signature=g")))).toBe(403);
  expect(await status(at(good.replace("browser=a", "browser=b")))).toBe(403);
  expect(await status(at(`${good}&more=1`))).toBe(403);
  expect(await status(at(`${good}&shop=other.myshopify.com`))).toBe(403);
  expect(await status(at(signQuery({}, "another secret")))).toBe(403);
});

test("threat 6: a signed request is good for five minutes, and not before its time", async () => {
  const minutes = (count: number): Date => new Date(Date.now() + count * 60_000);
  const request = forwarded("/artworks");
  expect(await status(request, minutes(4.9))).toBe(200);
  expect(await status(request, minutes(5.1))).toBe(403);
  expect(await status(request, minutes(-5.1))).toBe(403);
});

test("threat 6: a shop that does not have the app, or left, is not served", async () => {
  expect(await status(forwarded("/x", { query: { shop: "other.myshopify.com" } }))).toBe(403);
  await database.pool.query(`UPDATE "Shop" SET "uninstalledAt" = now()`);
  expect(await status(forwarded("/x"))).toBe(403);
});

test("a shop that moved its proxy or its domain is known by the new ones from the first request", async () => {
  await readProxy(database.pool, forwarded("/x"));
  await readProxy(
    database.pool,
    forwarded("/x", {
      query: { path_prefix: "/tools/painting" },
      headers: { "x-forwarded-host": "New.Example.com" },
    }),
  );
  const { rows } = await database.pool.query(`SELECT "proxyPath", hosts FROM "Shop"`);
  expect(rows).toEqual([{ proxyPath: "/tools/painting", hosts: ["new.example.com", "kits.example.com"] }]);
});

test("a JSON body is read whatever it is called, and refused when it is large or no JSON", async () => {
  const schema = z.object({ a: z.number() });
  const read = (request: Request): Promise<unknown> =>
    said(readJson(request, schema).then((value) => Response.json(value)));
  expect(await read(posted("/x", { a: 1 }))).toEqual({ status: 200, body: { a: 1 } });
  expect(await read(posted("/x", { a: "1" }))).toMatchObject({ status: 400 });
  expect(await read(forwarded("/x", { method: "POST", body: "{" }))).toMatchObject({ status: 400 });
  expect(await read(posted("/x", { a: 1, b: "x".repeat(20_000) }))).toMatchObject({ status: 413 });
});
