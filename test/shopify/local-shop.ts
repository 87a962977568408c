// A local Shopify for a test file, and the rows that opening the app once leaves behind.
import { afterAll, beforeAll, beforeEach } from "vitest";
import { sealToken } from "#app/session-storage.server.ts";
import { startShopify, type LocalShopify, type ShopifyOptions } from "#sandbox/shopify/index.ts";
import type { TestDatabase } from "#test/support/database.ts";
import { cutShopify, shopifyIsAt } from "#test/support/redirect.ts";

/** The shop all these tests speak of. */
export const shop = "demo.myshopify.com";

/** Starts a local Shopify before the file's tests; before each, its faults are gone and nobody stands in the wire. */
export function localShopify(options: ShopifyOptions = {}): () => LocalShopify {
  let started: LocalShopify | undefined;
  const there = (): LocalShopify => {
    if (!started) throw new Error("the local Shopify is not there yet");
    return started;
  };
  beforeAll(async () => {
    started = await startShopify({ apiSecret: "shpss_test_secret", ...options });
  });
  beforeEach(() => {
    there().clearFaults();
    cutShopify(undefined);
    shopifyIsAt(there().url);
  });
  afterAll(async () => {
    cutShopify(undefined);
    shopifyIsAt(undefined);
    await started?.stop();
  });
  return there;
}

/** Writes the shop and a session whose token Shopify accepts and that has `left` to live by our clock. */
export async function connectShop(
  database: TestDatabase,
  shopify: LocalShopify,
  left = "60 minutes",
): Promise<{ accessToken: string; refreshToken: string }> {
  const token = shopify.grantToken();
  const tokens = { accessToken: token.accessToken, refreshToken: token.refreshToken ?? "" };
  await database.pool.query(`INSERT INTO "Shop" (shop) VALUES ($1) ON CONFLICT DO NOTHING`, [shop]);
  await database.pool.query(
    `INSERT INTO "Session" (id, shop, state, scope, expires, "accessToken", "refreshToken", "refreshTokenExpires")
     VALUES ($1, $2, '', $3, now() + $4::interval, $5, $6, now() + interval '90 days')`,
    [
      `offline_${shop}`,
      shop,
      shopify.config.scopes.join(","),
      left,
      sealToken(tokens.accessToken, { column: "accessToken", shop }),
      sealToken(tokens.refreshToken, { column: "refreshToken", shop }),
    ],
  );
  return tokens;
}
