// Access to a shop: renewed by one process at a time, never lost with a reply, given up only on Shopify's own word.
import { expect, test } from "vitest";
import { z } from "zod";
import { createPool } from "#app/db.server.ts";
import { createSessionStorage, openToken } from "#app/session-storage.server.ts";
import { adminFor, ShopifyError } from "#app/shopify/admin.server.ts";
import { welcomeShop } from "#app/shopify/installation.server.ts";
import { accessToken, refreshDueTokens } from "#app/shopify/token.server.ts";
import { testDatabase } from "#test/support/database.ts";
import { cutShopify } from "#test/support/redirect.ts";
import { Session } from "@shopify/shopify-api";
import { connectShop, localShopify, shop } from "./local-shop.ts";

const database = testDatabase();
const shopify = localShopify();

const refreshes = (): number =>
  shopify()
    .tokensIssued()
    .filter((one) => one.grant === "refresh").length;

async function sessionRow(): Promise<{
  accessToken: string;
  refreshToken: string | null;
  secondsLeft: number;
  reconnect: string | null;
}> {
  const { rows } = await database.pool.query<{
    accessToken: string;
    refreshToken: string | null;
    secondsLeft: number;
    reconnect: string | null;
  }>(
    `SELECT "accessToken", "refreshToken", extract(epoch FROM expires - now())::float8 AS "secondsLeft", reconnect
     FROM "Session" JOIN "Shop" USING (shop)`,
  );
  const [row] = rows;
  if (!row) throw new Error("no session");
  return row;
}

async function problemOf(work: Promise<unknown>): Promise<string> {
  return await work.then(
    () => "none",
    (error: unknown) => (error instanceof ShopifyError ? error.problem : String(error)),
  );
}

const ask = (): Promise<unknown> =>
  adminFor(shop, database.pool).graphql(
    "query { shop { name } }",
    {},
    z.object({ shop: z.object({ name: z.string() }) }),
  );

test("a token with more than five minutes left is used as it is", async () => {
  const { accessToken: given } = await connectShop(database, shopify());
  const before = refreshes();
  expect(await accessToken(database.pool, shop)).toBe(given);
  expect(refreshes()).toBe(before);
});

test("twenty workers that find a token at its end renew it once between them", async () => {
  await connectShop(database, shopify(), "4 minutes");
  const before = refreshes();
  const pools = Array.from({ length: 20 }, (_, n) =>
    createPool(database.url, { max: 1, name: `worker ${n}` }),
  );
  // Connected before, one by one: twenty at once on a busy machine take longer than a pool waits for a connection.
  for (const pool of pools) await pool.query("SELECT 1");

  const tokens = await Promise.all(pools.map((pool) => accessToken(pool, shop)));

  expect(refreshes() - before).toBe(1);
  expect(new Set(tokens).size).toBe(1);
  expect(openToken((await sessionRow()).accessToken, { column: "accessToken", shop })).toBe(tokens[0]);
  await Promise.all(pools.map((pool) => pool.end()));
});

test("neither token stands readable in the database", async () => {
  await connectShop(database, shopify(), "1 minute");
  const token = await accessToken(database.pool, shop);
  const { rows } = await database.pool.query<{ text: string }>(`SELECT s::text AS text FROM "Session" s`);
  expect(rows[0]?.text).not.toContain(token);
  expect(rows[0]?.text).not.toMatch(/shp(at|rt)_/);
});

test("a renewal whose reply is lost is made again, because the old refresh token still counts", async () => {
  await connectShop(database, shopify(), "-1 minutes");
  cutShopify(async (send) => {
    await send();
    throw new TypeError("fetch failed");
  });
  expect(await problemOf(accessToken(database.pool, shop))).toBe("retry");

  cutShopify(undefined);
  await expect(ask()).resolves.toEqual({ shop: { name: expect.any(String) as string } });
  expect((await sessionRow()).reconnect).toBeNull();
});

test("while Shopify cannot renew it, a token that has minutes left goes on being used", async () => {
  const { accessToken: given } = await connectShop(database, shopify(), "3 minutes");
  cutShopify(() => Promise.reject(new TypeError("fetch failed")));
  expect(await accessToken(database.pool, shop)).toBe(given);
});

test("a token that dies on the way is renewed and the question asked once more", async () => {
  await connectShop(database, shopify());
  const before = refreshes();
  shopify().fault({ kind: "401" });
  await ask();
  expect(refreshes() - before).toBe(1);
});

test("a refused renewal makes the shop wait for its merchant, without asking Shopify again", async () => {
  await connectShop(database, shopify(), "-1 minutes");
  await shopify().uninstall();
  expect(await problemOf(ask())).toBe("reconnect");
  expect(await sessionRow()).toMatchObject({
    accessToken: "",
    refreshToken: null,
    reconnect: expect.stringContaining("Open Makerlane once") as string,
  });

  let asked = 0;
  cutShopify((send) => {
    asked++;
    return send();
  });
  for (let n = 0; n < 5; n++) expect(await problemOf(ask())).toBe("reconnect");
  expect(await refreshDueTokens(database.pool)).toBe(0);
  expect(asked).toBe(0);
  shopify().install();
});

test("a token that Shopify refuses even when new makes the shop wait, and the hourly look tries it again", async () => {
  await connectShop(database, shopify());
  shopify().fault({ kind: "401", times: 2 });
  expect(await problemOf(ask())).toBe("reconnect");
  expect(await refreshDueTokens(database.pool)).toBe(1);
  await ask();
});

/** The merchant opens the app, and Shopify's library keeps the tokens that it is given. */
async function openTheApp(): Promise<string> {
  const { accessToken: given, refreshToken } = shopify().grantToken();
  const session = {
    id: `offline_${shop}`,
    shop,
    state: "",
    isOnline: false,
    accessToken: given,
    expires: new Date(Date.now() + 60 * 60_000),
    refreshToken: refreshToken ?? "",
    refreshTokenExpires: new Date(Date.now() + 90 * 24 * 60 * 60_000),
  };
  await createSessionStorage(database.pool).storeSession(new Session(session));
  await welcomeShop(database.pool, shop);
  return given;
}

test("a merchant who opens the app while an old refresh token is being refused stays connected", async () => {
  await connectShop(database, shopify(), "-1 minutes");
  let given = "";
  cutShopify(async () => {
    given = await openTheApp();
    return Response.json({ error: "invalid_grant" }, { status: 400 });
  });
  expect(await problemOf(ask())).toBe("retry");
  cutShopify(undefined);
  expect(await accessToken(database.pool, shop)).toBe(given);
  expect(await sessionRow()).toMatchObject({ reconnect: null, refreshToken: expect.any(String) as string });
});

test("a merchant who opens the app while even a new token is being refused stays connected", async () => {
  await connectShop(database, shopify());
  shopify().fault({ kind: "401", times: 2 });
  let [given, asked] = ["", 0];
  cutShopify(async (send) => {
    const answer = await send();
    // The question, the renewal, the question again: its refusal is on the way when the merchant comes.
    if (++asked === 3) given = await openTheApp();
    return answer;
  });
  expect(await problemOf(ask())).toBe("retry");
  cutShopify(undefined);
  expect(await accessToken(database.pool, shop)).toBe(given);
  expect(await sessionRow()).toMatchObject({ reconnect: null });
});

test("a wrong client secret of ours disconnects no shop", async () => {
  await connectShop(database, shopify(), "-1 minutes");
  cutShopify(() => Promise.resolve(Response.json({ error: "application_cannot_be_found" }, { status: 400 })));
  expect(await problemOf(accessToken(database.pool, shop))).toBe("retry");
  expect(await sessionRow()).toMatchObject({ reconnect: null, refreshToken: expect.any(String) as string });
});

test("a reply that names no end of the token is read as one hour, and as the same refresh token", async () => {
  await connectShop(database, shopify(), "-1 minutes");
  const before = await sessionRow();
  cutShopify(() => Promise.resolve(Response.json({ access_token: "shpat_new" })));
  expect(await accessToken(database.pool, shop)).toBe("shpat_new");
  const after = await sessionRow();
  expect(Math.round(after.secondsLeft / 60)).toBe(60);
  const open = (sealed: string | null): string => openToken(sealed ?? "", { column: "refreshToken", shop });
  expect(open(after.refreshToken)).toBe(open(before.refreshToken));
});

test("a shop whose token cannot be opened does not keep the other shops' from being renewed", async () => {
  await connectShop(database, shopify());
  await database.pool.query(`INSERT INTO "Shop" (shop) VALUES ('broken.myshopify.com')`);
  await database.pool.query(
    `INSERT INTO "Session" (id, shop, state, "accessToken", "refreshToken", "refreshTokenExpires")
     VALUES ('offline_broken.myshopify.com', 'broken.myshopify.com', '', 'no sealed text', 'no sealed text', now() + interval '1 day')`,
  );
  await database.later("61 days");
  await database.pool.query(
    `UPDATE "Session" SET "refreshTokenExpires" = now() + interval '1 day' WHERE shop = 'broken.myshopify.com'`,
  );
  expect(await refreshDueTokens(database.pool)).toBe(1);
});

test("a shop nobody opened for two months keeps its access", async () => {
  await connectShop(database, shopify());
  expect(await refreshDueTokens(database.pool)).toBe(0);
  await database.later("61 days");
  expect(await refreshDueTokens(database.pool)).toBe(1);
  const { rows } = await database.pool.query<{ days: number }>(
    `SELECT extract(day FROM "refreshTokenExpires" - now())::int AS days FROM "Session"`,
  );
  expect(rows[0]?.days).toBeGreaterThanOrEqual(89);
});

test("a shop that uninstalled the app is not asked for anything", async () => {
  await connectShop(database, shopify());
  await database.pool.query(`UPDATE "Shop" SET "uninstalledAt" = now()`);
  expect(await problemOf(ask())).toBe("gone");
  expect(
    await problemOf(adminFor("other.myshopify.com", database.pool).graphql("{ shop { name } }", {}, z.any())),
  ).toBe("gone");
  expect(
    await problemOf(adminFor("evil.example.com/x", database.pool).graphql("{ shop { name } }", {}, z.any())),
  ).toBe("gone");
});

test("a session of Shopify's library comes back whole, and an older token never replaces a newer one", async () => {
  const storage = createSessionStorage(database.pool);
  const session = (accessToken: string, minutes: number): Session =>
    new Session({
      id: `offline_${shop}`,
      shop,
      state: "",
      isOnline: false,
      scope: "read_orders",
      accessToken,
      expires: new Date(Date.now() + minutes * 60_000),
      refreshToken: `refresh of ${accessToken}`,
      refreshTokenExpires: new Date(Date.now() + 1e9),
    });
  const newer = session("newer", 60);
  await storage.storeSession(newer);
  await storage.storeSession(session("older", 30));

  const found = await storage.loadSession(`offline_${shop}`);
  expect(found?.equals(newer)).toBe(true);
  expect(found?.refreshToken).toBe("refresh of newer");
  expect(await storage.findSessionsByShop(shop)).toHaveLength(1);
  await storage.deleteSessions([`offline_${shop}`]);
  expect(await storage.loadSession(`offline_${shop}`)).toBeUndefined();
});

test("opening the app ends the wait, and coming back after an uninstall begins a new installation", async () => {
  await connectShop(database, shopify());
  await database.pool.query(
    `UPDATE "Shop" SET reconnect = 'open the app', "installedAt" = now() - interval '9 days'`,
  );
  const state = async (): Promise<unknown> =>
    (
      await database.pool.query(
        `SELECT reconnect, "uninstalledAt", "installedAt" < now() - interval '8 days' AS "sameInstallation" FROM "Shop"`,
      )
    ).rows[0];
  await welcomeShop(database.pool, shop);
  expect(await state()).toEqual({ reconnect: null, uninstalledAt: null, sameInstallation: true });

  await database.pool.query(`UPDATE "Shop" SET "uninstalledAt" = now()`);
  await welcomeShop(database.pool, shop);
  expect(await state()).toEqual({ reconnect: null, uninstalledAt: null, sameInstallation: false });
});
