// Who may talk to WHCC: two kinds of credentials and two kinds of tokens, neither of which opens the other's doors.
// Sources: WHCC Editor API, "Authentication"; Order Submit API, "Request access token", read 2026-11-22.
import { createHmac, randomBytes, randomInt, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { json, type Call, type Reply, type Route } from "./stand-in.ts";
import { isText, readStrictly } from "./strict.ts";
import { secondsIn, tokenTime } from "./whcc-clock.ts";
import { editorError, failure, sentenceOf, unauthorized, type ErrorNumber } from "./whcc-errors.ts";

/** One set of credentials. The secret signs the webhooks of what it ordered. */
export interface Consumer {
  key: string;
  secret: string;
}

/** Who makes a request: its credentials and, on the Editor API, the shopper it claims to act for. */
export interface Caller extends Consumer {
  account: string | undefined;
}

const editorTokenSeconds = 90 * 60;
const submitTokenSeconds = 60 * 60;

const loginSchema = z.strictObject({
  key: isText,
  secret: isText,
  claims: z.strictObject({ accountId: isText }).optional(),
});
const claimsSchema = z.object({ sub: z.string(), exp: z.number(), accountId: z.string().optional() });

/** True below the Editor API's path; everything else is the Order Submit API. */
export const onEditorApi = (path: string): boolean => path.startsWith("/api/v1/");

interface Given {
  consumers: Consumer[];
  submitConsumers: Consumer[];
  now: () => Date;
}

/** The login routes, and the caller behind a request. */
export function createTokens({ consumers, submitConsumers, now }: Given) {
  const signingKey = randomBytes(32);
  /** Tokens of the Order Submit API, which carry nothing in themselves. */
  const issued = new Map<string, { key: string; expires: number }>();

  const sign = (text: string): string => createHmac("sha256", signingKey).update(text).digest("base64url");

  function editorLogin(call: Call): Reply {
    const read = readStrictly(loginSchema, call.body);
    if (!read.ok) return editorError(400, sentenceOf(read.troubles));
    const { key, secret, claims } = read.value;
    if (!consumers.some((one) => one.key === key && one.secret === secret)) return unauthorized("403.02");
    const from = secondsIn(now());
    const expires = from + editorTokenSeconds;
    const body = { sub: key, iat: from, exp: expires, scope: "client", ...claims };
    const text = `${encoded({ alg: "HS256", typ: "JWT" })}.${encoded(body)}`;
    return json(200, { accessToken: `${text}.${sign(text)}`, expires });
  }

  function editorCaller(call: Call): Caller | undefined {
    const [head = "", body = "", signature = ""] = bearer(call).split(".");
    const expected = Buffer.from(sign(`${head}.${body}`));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const claims = claimsSchema.parse(JSON.parse(Buffer.from(body, "base64url").toString()));
    if (claims.exp <= secondsIn(now())) return undefined;
    const consumer = consumers.find(({ key }) => key === claims.sub);
    return consumer && { ...consumer, account: claims.accountId };
  }

  /** The document's curl sends the fields as a form body of a GET, clients as a query: both are understood. */
  function submitLogin(call: Call): Reply {
    const sent = call.raw.length > 0 ? new URLSearchParams(call.raw.toString("utf8")) : call.query;
    if (sent.get("grant_type") !== "consumer_credentials") return failure("403.05");
    const consumer = submitConsumers.find(({ key }) => key === sent.get("consumer_key"));
    if (!consumer) return failure("403.03");
    if (consumer.secret !== sent.get("consumer_secret")) return failure("403.04");
    const from = now();
    const until = new Date(from.getTime() + submitTokenSeconds * 1000);
    const token = String(randomInt(100_000_000_000, 999_999_999_999));
    issued.set(token, { key: consumer.key, expires: secondsIn(until) });
    return json(200, {
      ClientId: "10072",
      ConsumerKey: consumer.key,
      EffectiveDate: tokenTime(from),
      ExpirationDate: tokenTime(until),
      Token: token,
    });
  }

  function submitCaller(call: Call): Caller | undefined {
    const held = issued.get(bearer(call));
    if (!held || held.expires <= secondsIn(now())) return undefined;
    const consumer = submitConsumers.find(({ key }) => key === held.key);
    return consumer && { ...consumer, account: undefined };
  }

  const callerOf = (call: Call): Caller | undefined =>
    onEditorApi(call.path) ? editorCaller(call) : submitCaller(call);

  /** For routes that act as somebody. */
  function as(step: (caller: Caller, call: Call) => Reply | Promise<Reply>) {
    return (call: Call): Reply | Promise<Reply> => {
      const caller = callerOf(call);
      return caller ? step(caller, call) : tokenRefused(call.path);
    };
  }

  const routes: Route[] = [
    { method: "POST", path: "/api/v1/auth/access-token", open: true, answer: editorLogin },
    { method: "GET", path: "/api/AccessToken", open: true, answer: submitLogin },
  ];
  return {
    routes,
    as,
    admit: (call: Call) => (callerOf(call) ? undefined : tokenRefused(call.path)),
  };
}

/** The answer to a token that is not good (any more): each API in its own way. */
export function tokenRefused(path: string): Reply {
  const login = path === "/api/AccessToken" || path === "/api/v1/auth/access-token";
  const number: ErrorNumber = login ? "403.03" : "403.01";
  return onEditorApi(path) ? unauthorized(number) : failure(number);
}

function bearer(call: Call): string {
  return /^Bearer (\S+)$/.exec(call.headers.authorization ?? "")?.[1] ?? "";
}

function encoded(value: unknown): string {
  return Buffer.from(JSON.stringify(value)).toString("base64url");
}
