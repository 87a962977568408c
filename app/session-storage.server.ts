// Where Shopify's sessions lie: one row per shop, both tokens sealed. The library reads and writes them through
// this storage when a merchant opens the app; app/shopify/token.server.ts renews them for the worker.
import type { SessionStorage } from "@shopify/shopify-app-session-storage";
import { Session } from "@shopify/shopify-api";
import { openText, sealText } from "./crypto.server.ts";
import type { Sql } from "./db.server.ts";

interface SessionRow {
  id: string;
  shop: string;
  state: string;
  scope: string | null;
  expires: Date | null;
  accessToken: string;
  refreshToken: string | null;
  refreshTokenExpires: Date | null;
}

type TokenColumn = "accessToken" | "refreshToken";

/** A token as it may lie in its row. No token ("", set when Shopify refused it) stays "". */
export function sealToken(token: string, { column, shop }: { column: TokenColumn; shop: string }): string {
  return token === "" ? "" : sealText(token, { table: "Session", column, shop, row: offlineId(shop) });
}

/** Opens what `sealToken` made. */
export function openToken(sealed: string, { column, shop }: { column: TokenColumn; shop: string }): string {
  return sealed === "" ? "" : openText(sealed, { table: "Session", column, shop, row: offlineId(shop) });
}

/** The id of a shop's one session; the same that @shopify/shopify-api gives it. */
export function offlineId(shop: string): string {
  return `offline_${shop}`;
}

/** The storage that `shopifyApp` is given. It keeps nothing about the person who opened the app. */
export function createSessionStorage(sql: Sql): SessionStorage {
  return {
    storeSession: async (session) => {
      await storeSession(sql, session);
      return true;
    },
    loadSession: async (id) => {
      const { rows } = await sql.query<SessionRow>(`${select} WHERE "id" = $1`, [id]);
      return rows[0] && toSession(rows[0]);
    },
    deleteSession: async (id) => {
      await sql.query(`DELETE FROM "Session" WHERE "id" = $1`, [id]);
      return true;
    },
    deleteSessions: async (ids) => {
      await sql.query(`DELETE FROM "Session" WHERE "id" = ANY($1)`, [ids]);
      return true;
    },
    findSessionsByShop: async (shop) => {
      const { rows } = await sql.query<SessionRow>(`${select} WHERE "shop" = $1`, [shop]);
      return rows.map(toSession);
    },
  };
}

const select = `SELECT "id", "shop", "state", "scope", "expires", "accessToken", "refreshToken", "refreshTokenExpires" FROM "Session"`;

// The page may finish a token exchange while the worker finishes a refresh. Whichever token lives longer stays,
// in either order of the two writes.
const store = `
  INSERT INTO "Session" ("id", "shop", "state", "isOnline", "scope", "expires", "accessToken", "refreshToken", "refreshTokenExpires")
  VALUES ($1, $2, $3, false, $4, $5, $6, $7, $8)
  ON CONFLICT ("id") DO UPDATE SET
    "state" = excluded."state", "scope" = excluded."scope", "expires" = excluded."expires",
    "accessToken" = excluded."accessToken", "refreshToken" = excluded."refreshToken",
    "refreshTokenExpires" = excluded."refreshTokenExpires"
  WHERE "Session"."accessToken" = '' OR excluded."accessToken" = ''
     OR "Session"."expires" IS NULL OR excluded."expires" IS NULL
     OR excluded."expires" >= "Session"."expires"`;

async function storeSession(sql: Sql, session: Session): Promise<void> {
  const { shop } = session;
  if (session.isOnline || session.id !== offlineId(shop))
    throw new Error("only a shop's own session is kept; online tokens are not used");
  await sql.query(store, [
    session.id,
    shop,
    session.state,
    session.scope ?? null,
    session.expires ?? null,
    sealToken(session.accessToken ?? "", { column: "accessToken", shop }),
    session.refreshToken ? sealToken(session.refreshToken, { column: "refreshToken", shop }) : null,
    session.refreshTokenExpires ?? null,
  ]);
}

function toSession(row: SessionRow): Session {
  const { id, shop, state } = row;
  return new Session({
    id,
    shop,
    state,
    isOnline: false,
    accessToken: openToken(row.accessToken, { column: "accessToken", shop }),
    ...(row.scope !== null && { scope: row.scope }),
    ...(row.expires && { expires: row.expires }),
    ...(row.refreshToken && { refreshToken: openToken(row.refreshToken, { column: "refreshToken", shop }) }),
    ...(row.refreshTokenExpires && { refreshTokenExpires: row.refreshTokenExpires }),
  });
}
