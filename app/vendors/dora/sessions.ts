// The calls about a login: signing in, a fresh token, whose it is, a new password, and the end of the session.
// Source: Dora API v2, 'Authentication Endpoints', read 2026-11-22.
import { z } from "zod";
import { VendorError, type Asking } from "../vendor.ts";
import { number, text } from "./numbers.ts";
import { askForSome, read, request, type Call } from "./request.ts";
import type { Settings } from "./settings.ts";
import { errorWords } from "./status.ts";

const user = z.object({
  user_id: number.nullish().catch(undefined),
  dealer_name: text.nullish(),
  country_code: text.nullish().catch(undefined),
  country_name: text.nullish().catch(undefined),
  currency_code: text.nullish(),
  role: text.nullish(),
});
/** Whose login it is. `role` is admin, extra, dealer, or nopurchase. */
export type User = z.infer<typeof user>;

const signedIn = z.object({ token: z.string().min(1), role: text.nullish() });

/** POST /auth/login. A refused login is the connection's trouble, whatever the status: the document names none. */
export async function signIn(settings: Settings, asking: Asking): Promise<z.infer<typeof signedIn>> {
  const { username, password } = settings;
  const call: Call = {
    method: "POST",
    path: "/auth/login",
    json: { username, password },
    alsoFine: [400, 401, 403, 404, 422],
  };
  const reply = await asking.ask(request(call, settings, ""));
  if (reply.status >= 400) {
    const words = errorWords(reply);
    throw new VendorError(
      "connection",
      `Dora does not accept this user name and password${words ? `: ${words}` : ""}. Correct them on the Vendors page.`,
      { status: reply.status },
    );
  }
  return read(signedIn, reply, "the login");
}

/** GET /auth/authenticate: a fresh token for one that still works; undefined when it does not any more. */
export async function renewToken(settings: Settings, asking: Asking): Promise<string | undefined> {
  const call: Call = { method: "GET", path: "/auth/authenticate", alsoFine: [400, 401, 403, 404] };
  const reply = await asking.ask(request(call, settings, asking.token));
  return reply.status < 300
    ? read(z.object({ token: z.string().min(1) }), reply, "the login").token
    : undefined;
}

/** GET /auth/user: whose login it is. */
export async function readUser(settings: Settings, asking: Asking): Promise<User> {
  return read(
    user,
    await asking.ask(request({ method: "GET", path: "/auth/user" }, settings, asking.token)),
    "the login",
  );
}

// "User contact information" is all that is written of it, so any short texts in it are shown.
const reset = z.object({ contact: z.record(z.string(), z.unknown()).nullish().catch(undefined) });

/**
 * POST /auth/reset_password: Dora writes an e-mail with a link. Answers with what Dora says of the person it wrote to,
 * by name, or undefined when it knows no such user.
 */
export async function resetPassword(
  username: string,
  settings: Settings,
  asking: Asking,
): Promise<[name: string, value: string][] | undefined> {
  const call: Call = { method: "POST", path: "/auth/reset_password", json: { username } };
  const reply = await askForSome(call, settings, asking);
  if (!reply) return undefined;
  const { contact } = read(reset, reply, "the password");
  return Object.entries(contact ?? {}).flatMap(([name, value]): [string, string][] =>
    typeof value === "string" && value.trim() !== "" ? [[name, value.trim().slice(0, 200)]] : [],
  );
}

/** POST /auth/logout: ends the session, perhaps also that of a person who uses the same login. Never by itself. */
export async function logOut(settings: Settings, asking: Asking): Promise<void> {
  const call: Call = { method: "POST", path: "/auth/logout", expect: "anything" };
  await asking.ask(request(call, settings, asking.token));
}
