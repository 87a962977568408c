// A shop's access token → a valid one. Tokens live an hour and are renewed with a refresh token that changes each
// time (shopify.dev, expiring offline access tokens, 2026-08-28), so exactly one process may renew a shop's at a time.
import { z } from "zod";
import { inTransaction, type Db, type Sql } from "../db.server.ts";
import { env } from "../env.server.ts";
import { log } from "../log.server.ts";
import { offlineId, openToken, sealToken } from "../session-storage.server.ts";
import { ShopifyError } from "./shopify-error.ts";

const reconnectSentence =
  "Shopify no longer accepts our access to this shop. Open Makerlane once in your Shopify admin; after that everything goes on by itself.";

interface TokenRow {
  uninstalled: boolean;
  reconnect: string | null;
  accessToken: string | null;
  /** More than five minutes left, or no end at all. */
  fresh: boolean;
  /** Not yet at its end. */
  usable: boolean;
  refreshToken: string | null;
  refreshable: boolean;
}

// The database's clock decides, because several machines must agree.
const read = `
  SELECT "Shop"."uninstalledAt" IS NOT NULL AS "uninstalled", "Shop"."reconnect", "Session"."accessToken",
    coalesce("Session"."expires" > now() + interval '5 minutes', true) AS "fresh",
    coalesce("Session"."expires" > now(), true) AS "usable",
    "Session"."refreshToken", coalesce("Session"."refreshTokenExpires" > now(), true) AS "refreshable"
  FROM "Shop" LEFT JOIN "Session" ON "Session"."id" = $2 WHERE "Shop"."shop" = $1`;

/**
 * A valid access token for a shop. `refused` is one that Shopify just answered 401 to: it is not given out again.
 * Throws ShopifyError "gone", "reconnect" or "retry".
 */
export async function accessToken(db: Db, shop: string, refused?: string): Promise<string> {
  const row = await readRow(db, shop);
  if (row.reconnect !== null) throw new ShopifyError(row.reconnect, { problem: "reconnect" });
  const token = openToken(row.accessToken ?? "", { column: "accessToken", shop });
  if (token !== "" && row.fresh && token !== refused) return token;
  return await renewOnce(db, shop, refused);
}

/**
 * Renews tokens so that no shop falls silent: whose refresh token ends within 30 days (Shopify lets it live 90
 * days), and whose token was refused but who may only have been unreachable. Answers how many were renewed.
 */
export async function refreshDueTokens(db: Db): Promise<number> {
  const due = await db.query<{ shop: string }>(
    `SELECT "shop" FROM "Session" JOIN "Shop" USING ("shop")
     WHERE "Shop"."uninstalledAt" IS NULL AND "Session"."refreshToken" IS NOT NULL
       AND ("Session"."refreshTokenExpires" < now() + interval '30 days' OR "Shop"."reconnect" IS NOT NULL)
     ORDER BY "Session"."refreshTokenExpires" LIMIT 200`,
  );
  let renewed = 0;
  for (const { shop } of due.rows) {
    try {
      const row = await readRow(db, shop);
      // As if it had been refused: whoever renews it at this moment has done it for us.
      await renewOnce(db, shop, openToken(row.accessToken ?? "", { column: "accessToken", shop }));
      renewed++;
    } catch (error) {
      // Whatever it is, a token sealed with a lost key, say: the other shops' are renewed all the same.
      if (error instanceof ShopifyError) log.warn({ shop, problem: error.problem }, "token.not_renewed");
      else log.error({ err: error, shop }, "token.not_renewed");
    }
  }
  return renewed;
}

/**
 * Notes that Shopify refuses even a renewed token, so that nobody asks again until the merchant came by. `refused` is that
 * token: when another one has come since, nothing is noted, and it is tried again with that.
 */
export async function refuseToken(sql: Sql, shop: string, refused: string): Promise<ShopifyError> {
  const row = await readRow(sql, shop);
  if (openToken(row.accessToken ?? "", { column: "accessToken", shop }) !== refused) return superseded();
  return refuseRow(sql, { shop, row, isRefreshDead: false });
}

// Only for the very tokens that were refused: while Shopify was asked, the merchant may have opened the app and brought
// others, which must stay. No access token makes Shopify's library ask for a new one when the merchant opens the app;
// without a refresh token nothing here asks again by itself.
const refuse = `
  WITH "dead" AS (
    UPDATE "Session" SET "accessToken" = '', "refreshToken" = CASE WHEN $6 THEN NULL ELSE "refreshToken" END
    WHERE "id" = $3 AND "accessToken" = $4 AND "refreshToken" IS NOT DISTINCT FROM $5 RETURNING 1)
  UPDATE "Shop" SET "reconnect" = $2 WHERE "shop" = $1 AND ($4::text IS NULL OR EXISTS (SELECT 1 FROM "dead"))`;

async function refuseRow(
  sql: Sql,
  { shop, row, isRefreshDead }: { shop: string; row: TokenRow; isRefreshDead: boolean },
): Promise<ShopifyError> {
  const tokens = [offlineId(shop), row.accessToken, row.refreshToken];
  const noted = await sql.query(refuse, [shop, reconnectSentence, ...tokens, isRefreshDead]);
  return noted.rowCount === 1 ? new ShopifyError(reconnectSentence, { problem: "reconnect" }) : superseded();
}

function superseded(): ShopifyError {
  return new ShopifyError("Our access to this shop was just renewed. It is tried again.", {
    problem: "retry",
    retryAfterSeconds: 1,
  });
}

async function readRow(sql: Sql, shop: string): Promise<TokenRow> {
  const { rows } = await sql.query<TokenRow>(read, [shop, offlineId(shop)]);
  const [row] = rows;
  if (!row || row.uninstalled)
    throw new ShopifyError("The shop does not have Makerlane any more.", { problem: "gone" });
  return row;
}

// Callers in this process wait for the same renewal instead of each holding a connection for it.
const underWay = new WeakMap<Db, Map<string, Promise<string>>>();

function renewOnce(db: Db, shop: string, refused: string | undefined): Promise<string> {
  const mine = underWay.get(db) ?? new Map<string, Promise<string>>();
  underWay.set(db, mine);
  const before = mine.get(shop);
  if (before) return before;
  const renewal = renew(db, shop, refused).finally(() => mine.delete(shop));
  mine.set(shop, renewal);
  return renewal;
}

async function renew(db: Db, shop: string, refused: string | undefined): Promise<string> {
  // The failure is handed out of the transaction, because what it wrote must be committed.
  const outcome = await inTransaction(db, async (sql): Promise<string | ShopifyError> => {
    await sql.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`token ${shop}`]);
    const row = await readRow(sql, shop);
    const token = openToken(row.accessToken ?? "", { column: "accessToken", shop });
    // Somebody else renewed it while we waited for the lock.
    if (token !== "" && row.fresh && token !== refused && row.reconnect === null) return token;
    if (row.refreshToken === null || !row.refreshable)
      return await refuseRow(sql, { shop, row, isRefreshDead: false });

    const refresh = openToken(row.refreshToken, { column: "refreshToken", shop });
    const reply = await askForToken(shop, refresh);
    if (reply instanceof ShopifyError) {
      if (reply.problem === "reconnect") return await refuseRow(sql, { shop, row, isRefreshDead: true });
      const stillGood = token !== "" && row.usable && token !== refused;
      return stillGood ? token : reply;
    }
    await saveTokens(sql, { shop, reply, refresh });
    return reply.access_token;
  });
  if (outcome instanceof ShopifyError) throw outcome;
  return outcome;
}

// Shopify once left out expires_in, and a library that believed it never renewed that shop's token again
// (github.com/Shopify/shopify-app-js, issue 3400). An hour is what Shopify documents.
const tokenReply = z.object({
  access_token: z.string().min(1),
  scope: z.string().optional(),
  expires_in: z.number().positive().default(3600),
  refresh_token: z.string().min(1).optional(),
  refresh_token_expires_in: z
    .number()
    .positive()
    .default(90 * 24 * 3600),
});
type TokenReply = z.infer<typeof tokenReply>;

const refusal = z.object({ error: z.string() });

// What Shopify says when it is this shop's token that is no good. Any other refusal, a wrong client secret above
// all, would hit every shop at once, and must not disconnect them all.
const deadTokenWords = new Set(["invalid_grant", "invalid_refresh_token", "app_not_installed"]);

async function askForToken(shop: string, refreshToken: string): Promise<TokenReply | ShopifyError> {
  const later = (cause: unknown): ShopifyError =>
    new ShopifyError("Shopify did not renew our access just now. It is tried again.", {
      problem: "retry",
      retryAfterSeconds: 60,
      cause,
    });
  try {
    const response = await fetch(`https://${shop}/admin/oauth/access_token`, {
      method: "POST",
      headers: { "content-type": "application/json", accept: "application/json" },
      body: JSON.stringify({
        client_id: env.SHOPIFY_API_KEY,
        client_secret: env.SHOPIFY_API_SECRET,
        grant_type: "refresh_token",
        refresh_token: refreshToken,
      }),
      redirect: "manual",
      signal: AbortSignal.timeout(10_000),
    });
    const body: unknown = await response.json();
    if (response.ok) return tokenReply.parse(body);
    const said = refusal.safeParse(body).data?.error ?? "";
    log.warn({ shop, status: response.status, said: said.slice(0, 60) }, "token.refused");
    if (response.status < 500 && deadTokenWords.has(said))
      return new ShopifyError(reconnectSentence, { problem: "reconnect" });
    return later(undefined);
  } catch (error) {
    return later(error);
  }
}

interface NewTokens {
  shop: string;
  reply: TokenReply;
  /** The refresh token that was used; kept when the reply names no other. */
  refresh: string;
}

async function saveTokens(sql: Sql, { shop, reply, refresh }: NewTokens): Promise<void> {
  await sql.query(
    `UPDATE "Session" SET "accessToken" = $2, "expires" = now() + $3 * interval '1 second', "refreshToken" = $4,
       "refreshTokenExpires" = CASE WHEN $5 THEN now() + $6 * interval '1 second' ELSE "refreshTokenExpires" END,
       "scope" = coalesce($7, "scope")
     WHERE "id" = $1`,
    [
      offlineId(shop),
      sealToken(reply.access_token, { column: "accessToken", shop }),
      reply.expires_in,
      sealToken(reply.refresh_token ?? refresh, { column: "refreshToken", shop }),
      reply.refresh_token !== undefined,
      reply.refresh_token_expires_in,
      reply.scope ?? null,
    ],
  );
  await sql.query(`UPDATE "Shop" SET "reconnect" = NULL WHERE "shop" = $1 AND "reconnect" IS NOT NULL`, [
    shop,
  ]);
}
