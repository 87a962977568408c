// How a merchant gets in: a real session token, exchanged at the local Shopify, kept sealed.
import { expect, test } from "vitest";
import { testDatabase } from "#test/support/database.ts";

const database = testDatabase();
// The app reads its environment when the first of its modules is loaded, so all of them are loaded after this.
process.env["DATABASE_URL"] = database.url;
const { env } = await import("#app/env.server.ts");
if (env.DATABASE_URL !== database.url) throw new Error("a module of the app was loaded too early");
const { openToken } = await import("#app/session-storage.server.ts");
const { addDocumentResponseHeaders, authenticate, login } = await import("#app/shopify.server.ts");
const { localShopify, shop } = await import("#test/shopify/local-shop.ts");
const shopify = localShopify();

const browser = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/130.0 Safari/537.36";
const exchanges = (): number =>
  shopify()
    .tokensIssued()
    .filter((one) => one.grant === "token-exchange").length;

/** The first document of a page, as Shopify's admin asks for it. */
function documentRequest(idToken: string, agent = browser): Request {
  const search = new URLSearchParams({
    shop,
    host: btoa("admin.shopify.com/store/demo"),
    embedded: "1",
    id_token: idToken,
  });
  return new Request(`https://makerlane.test/app?${search}`, { headers: { "user-agent": agent } });
}

/** A later request of the page, with the token App Bridge puts on it. */
function fetchRequest(idToken: string): Request {
  return new Request("https://makerlane.test/app/orders.data", {
    headers: { "user-agent": browser, authorization: `Bearer ${idToken}` },
  });
}

async function refusal(work: Promise<unknown>): Promise<Response> {
  try {
    await work;
  } catch (thrown) {
    if (thrown instanceof Response) return thrown;
    throw thrown;
  }
  throw new Error("it was let in");
}

test("a merchant who opens the app is known, and the shop's token is kept sealed", async () => {
  const { session } = await authenticate.admin(documentRequest(shopify().idToken()));

  expect(session.shop).toBe(shop);
  const { rows } = await database.pool.query<{ accessToken: string; refreshToken: string; minutes: number }>(
    `SELECT "accessToken", "refreshToken", extract(epoch FROM expires - now())::float8 / 60 AS minutes FROM "Session"`,
  );
  expect(rows).toHaveLength(1);
  expect(rows[0]?.accessToken).toMatch(/^sealed:/);
  expect(rows[0]?.refreshToken).toMatch(/^sealed:/);
  expect(openToken(rows[0]?.accessToken ?? "", { column: "accessToken", shop })).toBe(session.accessToken);
  expect(Math.round(rows[0]?.minutes ?? 0)).toBe(60);
  expect((await database.pool.query(`SELECT shop, reconnect FROM "Shop"`)).rows).toEqual([
    { shop, reconnect: null },
  ]);
});

test("the first page's loaders, all at once, exchange one token between them", async () => {
  const before = exchanges();
  const idToken = shopify().idToken();
  const all = await Promise.all(
    Array.from({ length: 4 }, () => authenticate.admin(documentRequest(idToken))),
  );
  expect(new Set(all.map(({ session }) => session.accessToken)).size).toBe(1);
  expect(exchanges() - before).toBe(1);

  await authenticate.admin(fetchRequest(shopify().idToken()));
  expect(exchanges() - before).toBe(1);
});

test("opening the app reconnects a shop whose token Shopify refused", async () => {
  await authenticate.admin(documentRequest(shopify().idToken()));
  await database.pool.query(`UPDATE "Session" SET "accessToken" = ''`);
  await database.pool.query(`UPDATE "Shop" SET reconnect = 'Open Makerlane once.'`);

  await authenticate.admin(documentRequest(shopify().idToken()));

  expect((await database.pool.query(`SELECT reconnect FROM "Shop"`)).rows).toEqual([{ reconnect: null }]);
  expect((await database.pool.query(`SELECT 1 FROM "Session" WHERE "accessToken" <> ''`)).rows).toHaveLength(
    1,
  );
});

test("a forged, old or foreign session token gets nobody in", async () => {
  const good = shopify().sessionToken();
  const past = Math.floor(Date.now() / 1000) - 3600;
  const tokens = [
    `${good.slice(0, -4)}AAAA`,
    shopify().sessionToken({ exp: past, nbf: past - 60 }),
    shopify().sessionToken({ aud: "another-app" }),
    "x.y.z",
  ];
  for (const token of tokens) {
    const answer = await refusal(authenticate.admin(fetchRequest(token)));
    expect(answer.status, token).toBe(401);
  }
  expect((await database.pool.query(`SELECT 1 FROM "Session"`)).rows).toEqual([]);
});

test("who comes with a place in Shopify's admin that nobody can read is sent to the way in", async () => {
  for (const host of ["x", "%%%", btoa("no host"), btoa("["), ""]) {
    const search = new URLSearchParams({ shop, host, embedded: "1" });
    const request = new Request(`https://makerlane.test/app?${search}`, {
      headers: { "user-agent": browser },
    });
    const answer = await refusal(authenticate.admin(request));
    expect([answer.status, answer.headers.get("location")], host).toEqual([302, "/auth/login"]);
  }
});

test("a robot is sent away", async () => {
  const answer = await refusal(authenticate.admin(documentRequest(shopify().idToken(), "Googlebot/2.1")));
  expect(answer.status).toBe(410);
});

test("who comes with a shop's name but without Shopify around it is sent to Shopify's install page", async () => {
  const answer = await refusal(
    Promise.resolve(login(new Request(`https://makerlane.test/auth/login?shop=${shop}`))),
  );
  expect(answer.headers.get("location")).toContain(
    "admin.shopify.com/store/demo/oauth/install?client_id=makerlane-demo",
  );
  expect(await login(new Request("https://makerlane.test/auth/login"))).toEqual({});
});

test("only Shopify's admin may put a shop's page into a frame", () => {
  const headers = new Headers();
  addDocumentResponseHeaders(documentRequest("x"), headers);
  expect(headers.get("content-security-policy")).toContain(
    `frame-ancestors https://${shop} https://admin.shopify.com`,
  );
});
