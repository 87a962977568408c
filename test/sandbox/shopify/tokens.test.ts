import { expect, test } from "vitest";
import { adminOf, askToken, clock, exchange, openShop } from "./world.ts";

const offline = {
  grant_type: exchange,
  requested_token_type: "urn:shopify:params:oauth:token-type:offline-access-token",
  expiring: "1",
};
const refresh = { grant_type: "refresh_token" };

test("A session token becomes an offline token that lives an hour, with a refresh token for ninety days", async () => {
  const shop = await openShop();

  const { status, body } = await askToken(shop, { ...offline, subject_token: shop.sessionToken() });

  expect(status).toBe(200);
  expect(body).toMatchObject({ expires_in: 3600, refresh_token_expires_in: 90 * 86400 });
  expect(shop.tokensIssued()).toHaveLength(1);
});

test.each([
  ["is forged", (token: string) => `${token.slice(0, -3)}abc`, {}],
  ["has expired", (token: string) => token, { exp: 1 }],
  ["is for another app", (token: string) => token, { aud: "other" }],
  ["is for another shop", (token: string) => token, { dest: "https://other.myshopify.com" }],
])("A session token that %s gets no access", async (_what, spoil, claims) => {
  const shop = await openShop();

  const { status, body } = await askToken(shop, {
    ...offline,
    subject_token: spoil(shop.sessionToken(claims)),
  });

  expect(status).toBe(400);
  expect(body["error"]).toBe("invalid_subject_token");
  expect(shop.tokensIssued()).toEqual([]);
});

test("A person's token names the person and cannot be refreshed", async () => {
  const shop = await openShop();

  const { body } = await askToken(shop, {
    grant_type: exchange,
    subject_token: shop.sessionToken(),
    requested_token_type: "urn:shopify:params:oauth:token-type:online-access-token",
  });

  expect(body).toMatchObject({ associated_user: { email: "sam@example.com" } });
  expect(body).not.toHaveProperty("refresh_token");
});

test("A refresh whose answer was lost may be repeated, until the new refresh token is used", async () => {
  const shop = await openShop();
  const first = shop.grantToken().refreshToken ?? "";

  await askToken(shop, { ...refresh, refresh_token: first });
  const again = await askToken(shop, { ...refresh, refresh_token: first });
  const next = await askToken(shop, { ...refresh, refresh_token: String(again.body["refresh_token"]) });
  const late = await askToken(shop, { ...refresh, refresh_token: first });

  expect([again.status, next.status, late.status]).toEqual([200, 200, 400]);
  expect(shop.tokensIssued().filter(({ grant }) => grant === "refresh")).toHaveLength(3);
});

test("An access token stops working after its hour", async () => {
  const time = clock();
  const shop = await openShop({ now: time.now });
  const admin = adminOf(shop);

  expect((await admin("{ shop { name } }")).status).toBe(200);
  time.pass(3601);
  expect((await admin("{ shop { name } }")).status).toBe(401);
});

test("An uninstall kills every token of that shop and of no other", async () => {
  const shop = await openShop({ shops: ["one.myshopify.com", "two.myshopify.com"], deliver: false });
  const two = shop.forShop("two.myshopify.com");
  const admin = adminOf(shop);
  const kept = two.grantToken();

  await shop.uninstall();

  expect((await admin("{ shop { name } }")).status).toBe(401);
  const { status } = await fetch(`${shop.url}/admin/api/2026-10/graphql.json`, {
    method: "POST",
    headers: { "x-shopify-access-token": kept.accessToken, "x-standin-host": "two.myshopify.com" },
    body: JSON.stringify({ query: "{ shop { name } }" }),
  });
  expect(status).toBe(200);
  expect((await askToken(shop, { ...offline, subject_token: shop.sessionToken() })).status).toBe(400);
});
