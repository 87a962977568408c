// The session: a token for an hour, renewed with itself while it works, else with the password.
// Logging out is never asked for: it may end the session of a person who uses the same login.
import type { Asking } from "../vendor.ts";
import { readUser, renewToken, signIn } from "./sessions.ts";
import type { Settings } from "./settings.ts";
import { refuseNoPurchase } from "./status.ts";

const documentedSeconds = 3600;

/** A token and when it ends. Source: Dora API v2, 'Login' and 'Authenticate Session', read 2026-11-22. */
export async function login(settings: Settings, asking: Asking): Promise<{ token: string; expiresAt: Date }> {
  const renewed = asking.token === "" ? undefined : await renewToken(settings, asking);
  if (renewed !== undefined) return { token: renewed, expiresAt: tokenEnds(renewed, asking.now) };
  const { token, role } = await signIn(settings, asking);
  refuseNoPurchase(role);
  return { token, expiresAt: tokenEnds(token, asking.now) };
}

/** "Connected as …"; throws VendorError `connection` for a login that may not buy. */
export async function testConnection(settings: Settings, asking: Asking): Promise<string> {
  const token = asking.token || (await login(settings, asking)).token;
  const { dealer_name, currency_code, role } = await readUser(settings, {
    token,
    now: asking.now,
    ask: (request) => asking.ask(request),
  });
  refuseNoPurchase(role);
  return `Connected as ${dealer_name || settings.username}, prices in ${currency_code || "the currency of the account"}.`;
}

/** Two shops with the same login share one cart, so they are one account: strictly one order at a time. */
export function accountKey(settings: Settings): string {
  return `${new URL(settings.baseUrl).host}/${settings.username.trim().toLowerCase()}`;
}

/**
 * The `exp` of a JWT, in seconds since 1970. Without one the documented hour counts; so it does when the time
 * named is over already, because two clocks that differ would make every call log in again.
 */
export function tokenEnds(token: string, now: Date): Date {
  const exp = /"exp"\s*:\s*(\d{9,11})\b/.exec(claimsOf(token))?.[1];
  const ends = Number(exp ?? 0) * 1000;
  return new Date(ends > now.getTime() ? ends : now.getTime() + documentedSeconds * 1000);
}

/** The middle of a JWT as text; "" for what is no JWT. It is only read for its time, so nothing is verified. */
function claimsOf(token: string): string {
  const middle = (token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/");
  return /^[A-Za-z0-9+/]+$/.test(middle) && middle.length % 4 !== 1 ? atob(middle) : "";
}
