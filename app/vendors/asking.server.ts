// Opens a conversation with a vendor account: settings and a session token go in, the words `ask` and `commit`
// come out. Tests, pick-lists, tracking, probes and submission all start here.
import { open, seal, type Place } from "../crypto.server.ts";
import type { Sql } from "../db.server.ts";
import { log } from "../log.server.ts";
import type { World } from "../world.server.ts";
import { secretsOf } from "./fields.ts";
import { converse, scrub, type Exchange } from "./http.server.ts";
import { VendorError, type Asking, type Vendor, type VendorReply, type VendorRequest } from "./vendor.ts";

/** Whom to talk to. Without `accountId` (settings not saved yet) a session is made and not kept. */
export interface Whom {
  vendor: Vendor;
  settings: Record<string, unknown>;
  accountId: string | undefined;
  shop: string;
  /** For what must work when logging in does not: a session that still lives goes along, and none is begun. */
  withoutLogin?: boolean;
  /** Runs right before each request leaves and may throw to keep it from leaving. */
  beforeSend?: (kind: Exchange["kind"]) => Promise<void>;
  /** Where to write down what is asked and answered, for who keeps it; free of secrets. */
  exchanges?: Exchange[];
}

/** An open conversation. `exchanges` grows with every request, free of secrets. */
export interface Conversation {
  asking: Asking;
  commit(request: VendorRequest): Promise<VendorReply>;
  exchanges: Exchange[];
  /** True when the token is one that an earlier conversation left: a 401 may only mean that it ended early. */
  keptToken: boolean;
  /** When the token ends, for who wants to keep it; undefined for a vendor without sessions. */
  tokenExpires: Date | undefined;
}

/** The columns of Account that hold its session. */
export interface AccountSession {
  id: string;
  token: Uint8Array | null;
  tokenExpires: Date | null;
}

// A conversation may take minutes (uploads); a token with less than this left could end in the middle of it.
const spareMs = 10 * 60_000;

/** Opens a conversation, logging in first when the vendor has sessions and the talk needs one. Throws VendorError. */
export async function askingFor(world: World, whom: Whom): Promise<Conversation> {
  const { vendor, settings, accountId, shop, beforeSend } = whom;
  const secrets = secretsOf(vendor.settings, settings);
  const { ask, commit, exchanges } = converse({
    vendor,
    secrets,
    http: world.http,
    ...(beforeSend && { beforeSend }),
    ...(whom.exchanges && { exchanges: whom.exchanges }),
  });
  const now = new Date();
  const session = accountId === undefined ? undefined : await readSession(world.db, accountId);
  const before = session ? openSession(session, now) : undefined;
  if (before) secrets.push(before.token);
  const lives = before !== undefined && before.tokenExpires.getTime() - now.getTime() > spareMs;
  if (!vendor.login || lives || whom.withoutLogin) {
    const asking = { ask, token: vendor.login ? (before?.token ?? "") : "", now };
    return { asking, commit, exchanges, keptToken: true, tokenExpires: before?.tokenExpires };
  }
  const { token, expiresAt } = await vendor.login(settings, { ask, token: before?.token ?? "", now });
  log.info({ shop, vendor: vendor.id }, "vendor.logged_in");
  if (accountId !== undefined) await keepToken(world.db, { accountId, token, expiresAt });
  secrets.push(token);
  hideToken(exchanges, token);
  return { asking: { ask, token, now }, commit, exchanges, keptToken: false, tokenExpires: expiresAt };
}

/**
 * The session token of an account: the kept one when it lives more than ten minutes longer, else one that `login`
 * brings, which is kept sealed. "" for a vendor without sessions. Pass what `ask` recorded to `hideToken` afterwards.
 */
export async function sessionToken(
  world: World,
  {
    vendor,
    settings,
    account,
  }: { vendor: Vendor; settings: Record<string, unknown>; account: AccountSession },
  ask: Asking["ask"],
): Promise<string> {
  if (!vendor.login) return "";
  const now = new Date();
  const before = openSession(account, now);
  if (before && before.tokenExpires.getTime() - now.getTime() > spareMs) return before.token;
  const { token, expiresAt } = await vendor.login(settings, { ask, token: before?.token ?? "", now });
  await keepToken(world.db, { accountId: account.id, token, expiresAt });
  return token;
}

/** Takes a token out of what was recorded before it was known to be one: the answer to the login itself. */
export function hideToken(exchanges: readonly Exchange[], token: string): void {
  for (const exchange of exchanges) {
    exchange.url = scrub(exchange.url, [token]);
    if (exchange.request !== undefined) exchange.request = scrub(exchange.request, [token]);
    if (exchange.response !== undefined) exchange.response = scrub(exchange.response, [token]);
  }
}

/** Forgets an account's session, so that the next conversation logs in afresh. */
export async function forgetToken(sql: Sql, accountId: string): Promise<void> {
  await sql.query(`UPDATE "Account" SET "token" = NULL, "tokenExpires" = NULL WHERE "id" = $1`, [accountId]);
}

/** Seals and keeps an account's session. */
export async function keepToken(
  sql: Sql,
  { accountId, token, expiresAt }: { accountId: string; token: string; expiresAt: Date },
): Promise<void> {
  await sql.query(`UPDATE "Account" SET "token" = $2, "tokenExpires" = $3 WHERE "id" = $1`, [
    accountId,
    seal(token, tokenPlace(accountId)),
    expiresAt,
  ]);
}

/**
 * One harmless talk with a vendor. When a kept session was refused it logs in again and starts over, once: the
 * vendor may end sessions early, and whatever was asked costs nothing.
 */
export async function askVendor<T>(
  world: World,
  whom: Whom,
  talk: (asking: Asking) => Promise<T>,
): Promise<T> {
  const { asking, keptToken } = await askingFor(world, whom);
  try {
    return await talk(asking);
  } catch (error) {
    const mayBeOver =
      error instanceof VendorError && error.status === 401 && keptToken && asking.token !== "";
    if (!mayBeOver || whom.accountId === undefined) throw error;
    await forgetToken(world.db, whom.accountId);
    return await talk((await askingFor(world, whom)).asking);
  }
}

// Bound to no shop: an account may be shared by the connections of several.
function tokenPlace(accountId: string): Place {
  return { table: "Account", column: "token", shop: "", row: accountId };
}

async function readSession(sql: Sql, accountId: string): Promise<AccountSession | undefined> {
  const { rows } = await sql.query<AccountSession>(
    `SELECT "id", "token", "tokenExpires" FROM "Account" WHERE "id" = $1`,
    [accountId],
  );
  return rows[0];
}

// A session that is over is no session: a login that tries to renew it would only be refused.
function openSession(
  { id, token, tokenExpires }: AccountSession,
  now: Date,
): { token: string; tokenExpires: Date } | undefined {
  if (!token || !tokenExpires || tokenExpires <= now) return undefined;
  return { token: open(token, tokenPlace(id)).toString(), tokenExpires };
}
