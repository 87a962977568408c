// What strangers, other shoppers and other shops may learn of a preview, or make it cost: nothing, and no more.
import "./folder.ts";
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { answerPreview } from "#app/previews/preview-answers.server.ts";
import { fetchLook } from "#app/previews/preview-pictures.server.ts";
import type { World } from "#app/world.server.ts";
import { aTown, kitSku } from "#test/support/town.ts";
import { aShopper, heard, makeAll, mapKit } from "./preview-scene.ts";
import { aBrowser, base } from "./shopper.ts";

const town = aTown();
beforeEach(async () => {
  await mapKit(town, { connectionId: await town.connect("dot"), sku: kitSku });
});

const starts = (): number =>
  town.dot.requests().filter(({ method, path }) => method === "POST" && path.endsWith("/preview/")).length;

test("threat 7: the same photo of another browser is not painted again at MGE, and each browser sees only its own", async () => {
  const shopper = aShopper(town);
  const photo = await shopper.photo();
  const other = aShopper(town);
  const theirs = await other.photo();
  // The same bytes, as when two people send one photo.
  await town.database.pool.query(`UPDATE "Artwork" SET sha256 = 'the same'`);
  const mine = String((await shopper.ask(photo, kitSku)).body["preview"]);
  await makeAll(town);
  const second = String((await other.ask(theirs, kitSku)).body["preview"]);
  expect(second).not.toBe(mine);
  await makeAll(town);
  expect(starts()).toBe(1);
  expect((await other.look(second)).body).toMatchObject({ state: "ready" });
  expect((await other.look(mine)).status).toBe(404);
  const { rows } = await town.database.pool.query<{ keys: number }>(
    `SELECT count(DISTINCT each ->> 'image')::int AS keys FROM "Preview", jsonb_array_elements(pictures) AS each`,
  );
  expect(rows).toEqual([{ keys: 4 }]);
});

test("threat 7: a photo has thirty previews at most, whatever is chosen of it", async () => {
  const shopper = aShopper(town);
  const photo = await shopper.photo();
  const asked = [];
  for (let cut = 0; cut < 31; cut++)
    asked.push(
      await shopper.ask(photo, kitSku, { crop: { x: 0, y: 0, width: 0.9, height: 0.9 - cut / 1000 } }),
    );
  expect(asked.map(({ status }) => status)).toEqual([...Array.from({ length: 30 }, () => 202), 429]);
  expect(asked[30]?.body).toEqual({ error: { code: "quota", seconds: 3600 } });
});

test("threat 5 and 18: another browser, another shop, a guess and no browser at all learn nothing of a preview", async () => {
  const shopper = aShopper(town);
  const id = String((await shopper.ask(await shopper.photo(), kitSku)).body["preview"]);
  await makeAll(town);
  const { pool } = town.database;
  const visitor = { shop: town.shopify.shop, base, address: "198.51.100.4", host: "kits.example.com" };
  const look = async (id: string, browser: string | null, shop = visitor.shop): Promise<number> =>
    (await heard(answerPreview(pool, { ...visitor, shop }, { id, browser }))).status;
  expect(await look(id, shopper.browser)).toBe(200);
  expect(await look(id, aBrowser())).toBe(404);
  expect(await look(randomUUID(), shopper.browser)).toBe(404);
  for (const guess of ["1' OR '1'='1", "\0", `${id}\0`, "", "x".repeat(5_000)])
    expect(await look(guess, shopper.browser)).toBe(404);
  expect(await look(id, shopper.browser, "other.myshopify.com")).toBe(404);
  for (const none of [null, "", "z".repeat(32)]) expect(await look(id, none)).toBe(400);
  // One that was made again for an order is nobody's to look at, though its row names no browser.
  await pool.query(`UPDATE "Preview" SET browser = ''`);
  expect(await look(id, shopper.browser)).toBe(404);
});

test("S6 and threat 9: a vendor's picture on a private network is never fetched, nor is one that it leads to", async () => {
  const reached: string[] = [];
  const server = createServer((request, response) => {
    reached.push(request.url ?? "");
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  for (const address of [
    `http://127.0.0.1:${port}/a`,
    `http://127.1:${port}/a`,
    `http://localhost:${port}/a`,
    `http://2130706433:${port}/a`,
    `http://0x7f.1:${port}/a`,
    `http://0:${port}/a`,
    `http://[::ffff:127.0.0.1]:${port}/a`,
    `http://[::1]:${port}/a`,
    `http://user@127.0.0.1:${port}/a`,
    "http://169.254.169.254/latest/meta-data/",
    "http://[fd00::1]/a",
    "http://10.0.0.1/a",
    "file:///etc/passwd",
    "gopher://127.0.0.1/a",
  ])
    expect(await fetchLook(town.world, address), address).toBeUndefined();
  // Where an allowed host sends us on to is held against the guard again.
  const http: World["http"] = async (request, ...rest) => {
    if (!request.url.startsWith("https://mge.example/")) return town.world.http(request, ...rest);
    return { status: 302, headers: { location: `http://127.0.0.1:${port}/on` }, bytes: new Uint8Array() };
  };
  expect(await fetchLook({ http }, "https://mge.example/p.jpg")).toBeUndefined();
  expect(reached).toEqual([]);
});
