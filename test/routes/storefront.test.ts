// What a shopper's browser says to the running web process, over HTTP: through the shop's proxy, and past it with a
// ticket. The routes are the app's own files; only the bundle around them is made here.
import { folder } from "#test/previews/folder.ts";
import type { ChildProcess } from "node:child_process";
import { mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { signedArtworkUrl } from "#app/previews/artwork.server.ts";
import { limitAddress } from "#app/previews/limits.server.ts";
import {
  aBrowser,
  aForm,
  aPhoto,
  aReadyPhoto,
  prepareAll,
  rowOf,
  signQuery,
} from "#test/previews/shopper.ts";
import { testDatabase } from "#test/support/database.ts";
import { aShop, shop } from "#test/support/road.ts";
import { startWeb } from "./web.ts";

const database = testDatabase();
const home = path.join(folder, "home");
let child: ChildProcess | undefined;
let url = "";
let lines: Record<string, unknown>[] = [];

// Every door of the storefront that there is: a new one is held against the rules below without being named here.
const doors = readdirSync("app/routes")
  .map((file) => path.basename(file, ".tsx"))
  .filter((name) => name.startsWith("proxy."));
const routes = Object.fromEntries(
  [...doors, "u", "artwork.$id"].map((name) => [
    name,
    name.replaceAll(/\.\$?|_(?=\.)/g, (sign) => (sign === "_" ? "" : sign === "." ? "/" : "/:")),
  ]),
);

// These routes draw no page, so Node runs them as they are once they are called .ts and know where the app lies.
function writeBuild(): void {
  const server = path.join(home, "build/server");
  mkdirSync(server, { recursive: true });
  mkdirSync(path.join(home, "build/client/assets"), { recursive: true });
  symlinkSync(path.resolve("prisma"), path.join(home, "prisma"));
  writeFileSync(path.join(server, "package.json"), '{"type":"module"}');
  const app = pathToFileURL(path.resolve("app")).href;
  const names = Object.keys(routes);
  for (const [n, name] of names.entries()) {
    const source = readFileSync(`app/routes/${name}.tsx`, "utf8");
    writeFileSync(path.join(server, `r${n}.ts`), source.replaceAll('from "../', `from "${app}/`));
  }
  const entries = names.map(
    (name, n) =>
      `"routes/${name}": { id: "routes/${name}", parentId: "root", path: "${routes[name]}", module: r${n} },`,
  );
  writeFileSync(
    path.join(server, "index.js"),
    `${names.map((_, n) => `import * as r${n} from "./r${n}.ts";`).join("\n")}
     export const assets = { entry: { module: "", imports: [] }, routes: {}, url: "", version: "1" };
     export const entry = { module: { default: () => new Response("page") } };
     export const routes = { root: { id: "root", path: "", module: { default: () => null } }, ${entries.join("\n")} };
     export const future = { v3_singleFetch: true }, basename = "/", publicPath = "/", isSpaMode = false;`,
  );
}

beforeAll(async () => {
  writeBuild();
  ({ child, url, lines } = await startWeb({ DATABASE_URL: database.url, DATA_DIR: folder }, home));
});
afterAll(() => void child?.kill("SIGKILL"));
beforeEach(() => aShop(database.pool, shop));

const storefront = "https://kits.example.com";
const words = { product: "632910392", variant: "808950810" };

function proxied(to: string, init: RequestInit = {}, query: Record<string, string> = {}): Promise<Response> {
  const headers = { "x-forwarded-host": "kits.example.com", "x-forwarded-for": "198.51.100.9" };
  return fetch(`${url}/proxy${to}?${signQuery(query)}`, { ...init, headers });
}

test("through the proxy: a photo goes in, is seen by its own browser, shown by its link, and deleted", async () => {
  const browser = aBrowser();
  const sent = await proxied("/artworks", { method: "POST", body: aForm(await aPhoto(), { browser }) });
  expect([sent.status, sent.headers.get("cache-control")]).toEqual([202, "no-store"]);
  const { artwork } = (await sent.json()) as { artwork: string };
  await prepareAll(database.pool);
  const seen = await proxied(`/artworks/${artwork}`, {}, { browser });
  const body = (await seen.json()) as { state: string; image: string };
  expect(body).toMatchObject({ artwork, state: "ready", width: 1200, height: 900 });
  expect((await proxied(`/artworks/${artwork}`, {}, { browser: aBrowser() })).status).toBe(404);
  const picture = await proxied(body.image.replace("/apps/dot", ""));
  expect([picture.status, picture.headers.get("content-type")]).toEqual([200, "image/webp"]);
  expect(picture.headers.get("x-content-type-options")).toBe("nosniff");
  expect(picture.headers.get("content-disposition")).toMatch(/^attachment;/);
  const gone = { method: "POST", body: JSON.stringify({ browser }) };
  expect((await proxied(`/artworks/${artwork}/delete`, gone)).status).toBe(200);
  expect((await proxied(`/artworks/${artwork}`, {}, { browser })).status).toBe(404);
});

test("threat 6: what Shopify did not sign is refused at every door before anything of it is read, and counts for nobody", async () => {
  expect(doors.length).toBeGreaterThan(9);
  const photo = await aPhoto();
  for (const door of doors) {
    const to = `/${routes[door]?.replaceAll(/:\w+/g, "7")}`;
    // A query as Shopify writes it, signed by somebody else, from an address that somebody else has.
    for (const query of ["", signQuery({}, "another secret"), `${signQuery({})}&shop=other.myshopify.com`]) {
      const statuses = [];
      for (const method of ["GET", "POST"]) {
        const init = { method, headers: { "x-forwarded-for": "203.0.113.7" } };
        const body = method === "POST" ? { body: aForm(photo) } : {};
        const answer = await fetch(`${url}${to}?${query}`, { ...init, ...body });
        statuses.push(answer.status);
        const text = await answer.text();
        if (answer.status === 403) expect(JSON.parse(text)).toEqual({ error: { code: "bad_request" } });
      }
      // Each takes one of the two methods; the other is not there.
      expect(statuses, to).toContain(403);
      for (const status of statuses) expect([403, 405], to).toContain(status);
    }
  }
  for (const table of ["RateBucket", "Artwork", "Preview", "Selection", "UploadTicket"])
    expect((await database.pool.query(`SELECT 1 FROM "${table}"`)).rowCount, table).toBe(0);
});

test("threat 5: an id that no database could hold is answered like an unknown one, and wakes nobody", async () => {
  const browser = aBrowser();
  const before = lines.length;
  for (const id of ["%00", "7%00", "%2500", "'", "7"]) {
    const gone = { method: "POST", body: JSON.stringify({ browser }) };
    const answers = [
      await proxied(`/artworks/${id}`, {}, { browser }),
      await proxied(`/previews/${id}`, {}, { browser }),
      await proxied(`/artworks/${id}/delete`, gone),
    ];
    expect(
      answers.map(({ status }) => status),
      id,
    ).toEqual([404, 404, 200]);
    expect(await answers[0]?.json()).toEqual({ error: { code: "gone" } });
  }
  expect(lines.slice(before).filter(({ level }) => level === "error" || level === 50)).toEqual([]);
});

test("S9 and threat 9: a vendor fetches a picture by its own link only, as a file, for its time", async () => {
  const id = await aReadyPhoto(database.pool, aBrowser());
  const other = await aReadyPhoto(database.pool, aBrowser());
  const link = new URL(signedArtworkUrl(id));
  expect(link.origin).toBe("https://makerlane.test");
  const fetched = (to: string): Promise<Response> => fetch(`${url}${to}`);
  const good = await fetched(`${link.pathname}${link.search}`);
  expect([good.status, good.headers.get("content-type")]).toEqual([200, "image/jpeg"]);
  expect(good.headers.get("content-disposition")).toBe("attachment");
  expect(good.headers.get("x-content-type-options")).toBe("nosniff");
  expect(good.headers.get("cache-control")).toBe("private, no-store");
  const old = new URL(signedArtworkUrl(id, new Date(Date.now() - 46 * 86_400_000)));
  for (const bad of [
    `/artwork/${other}${link.search}`,
    `/artwork/${id}`,
    `${old.pathname}${old.search}`,
    `${link.pathname}${link.search.replace(/expires=\d/, "expires=9")}`,
  ])
    expect((await fetched(bad)).status, bad).toBe(403);
  await database.pool.query(`UPDATE "Artwork" SET "forgetAt" = now() WHERE id = $1`, [id]);
  expect((await fetched(`${link.pathname}${link.search}`)).status).toBe(404);
});

test("S9 and threat 7: the photo over the limit is told in the answer's own header when to come again", async () => {
  const headers = { "x-forwarded-host": "kits.example.com", "x-forwarded-for": "203.0.113.11" };
  for (let sent = 0; sent < 10; sent++) await limitAddress(database.pool, shop, "203.0.113.11");
  const init = { method: "POST", headers, body: aForm(await aPhoto()) };
  const answer = await fetch(`${url}/proxy/artworks?${signQuery({})}`, init);
  expect(answer.status).toBe(429);
  expect(Number(answer.headers.get("retry-after"))).toBeGreaterThan(50);
});

test("threat 19: past the proxy the browser asks first, sends its ticket, and its page may read the answer", async () => {
  const asking = { method: "POST", body: JSON.stringify({ browser: aBrowser(), ...words }) };
  const { ticket } = (await (await proxied("/tickets", asking)).json()) as { ticket: string };
  const ask = (origin: string): Promise<Response> =>
    fetch(`${url}/u`, {
      method: "OPTIONS",
      headers: {
        origin,
        "access-control-request-method": "POST",
        "access-control-request-headers": "authorization",
      },
    });
  const may = await ask(storefront);
  expect([may.status, may.headers.get("access-control-allow-origin")]).toEqual([204, storefront]);
  expect(may.headers.get("access-control-allow-headers")).toBe("authorization");
  expect((await ask("https://evil.example")).status).toBe(403);

  const form = new FormData();
  form.set("photo", new Blob([new Uint8Array(await aPhoto())]), "a.jpg");
  const send = (origin: string): Promise<Response> =>
    fetch(`${url}/u`, {
      method: "POST",
      body: form,
      headers: { origin, authorization: `Bearer ${ticket}` },
    });
  expect((await send("https://evil.example")).status).toBe(403);
  const taken = await send(storefront);
  expect([taken.status, taken.headers.get("access-control-allow-origin")]).toEqual([202, storefront]);
  const { artwork } = (await taken.json()) as { artwork: string };
  expect(await rowOf(database.pool, artwork)).toMatchObject({ shop, state: "new" });
  expect((await send(storefront)).status).toBe(401);
  expect((await fetch(`${url}/u`)).status).toBe(405);
});
