// Who may talk to Dora: users, one-hour tokens (JWT, HS256), and the login routes.
// Source: Dora API v2, "Authentication Endpoints", read 2026-11-22.
import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { z } from "zod";
import { countries, type Country } from "./dora-countries.ts";
import { json, type Call, type Reply, type Route } from "./stand-in.ts";

/** One login. Each has one cart. */
export interface DoraUser {
  username: string;
  password: string;
  role: "admin" | "extra" | "nopurchase" | "dealer";
  dealerName: string;
  /** "DE" (sizes as circumference, EUR) or "US" (US sizes, USD). */
  countryCode: string;
}

export const defaultUsers: DoraUser[] = [
  {
    username: "dealer",
    password: "dora_demo",
    role: "dealer",
    dealerName: "Demo Jeweller",
    countryCode: "DE",
  },
  {
    username: "dealer-us",
    password: "dora_demo",
    role: "dealer",
    dealerName: "Demo Jeweler Inc.",
    countryCode: "US",
  },
  {
    username: "browse",
    password: "dora_demo",
    role: "nopurchase",
    dealerName: "Demo Jeweller",
    countryCode: "DE",
  },
];

const hour = 3600;
const secondsIn = (date: Date): number => Math.floor(date.getTime() / 1000);
const refuse = (status: number, message: string): Reply => json(status, { error: { message } });
export const notAuthenticated = refuse(401, "Not authenticated");

const loginSchema = z.strictObject({ username: z.string().min(1), password: z.string().min(1) });
const resetSchema = z.strictObject({ username: z.string().min(1) });
const claimsSchema = z.object({ sub: z.string(), exp: z.number(), generation: z.number() });

export function createLogins({ users, now }: { users: DoraUser[]; now: () => Date }) {
  const secret = randomBytes(32);
  /** Raised at logout: "end the current user's session" is read as every token this login holds. */
  const generations = new Map<string, number>();

  function sign(text: string): string {
    return createHmac("sha256", secret).update(text).digest("base64url");
  }

  function token(user: DoraUser): string {
    const issued = secondsIn(now());
    const generation = generations.get(user.username) ?? 0;
    const head = Buffer.from('{"typ":"JWT","alg":"HS256"}').toString("base64url");
    const claims = { sub: user.username, iat: issued, exp: issued + hour, generation, role: user.role };
    const text = `${head}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
    return `${text}.${sign(text)}`;
  }

  /** The user whose good token a request carries: asked at the door and again by the route, checked once. */
  const known = new WeakMap<Call, { user: DoraUser | undefined }>();
  function userOf(call: Call): DoraUser | undefined {
    const seen = known.get(call) ?? { user: checkToken(call) };
    known.set(call, seen);
    return seen.user;
  }

  function checkToken(call: Call): DoraUser | undefined {
    const [head = "", body = "", signature = ""] =
      /^Bearer ([\w-]+\.[\w-]+\.[\w-]+)$/.exec(call.headers.authorization ?? "")?.[1]?.split(".") ?? [];
    const expected = Buffer.from(sign(`${head}.${body}`));
    const given = Buffer.from(signature);
    if (given.length !== expected.length || !timingSafeEqual(given, expected)) return undefined;
    const claims = claimsSchema.parse(JSON.parse(Buffer.from(body, "base64url").toString()));
    if (claims.exp <= secondsIn(now()) || claims.generation !== (generations.get(claims.sub) ?? 0))
      return undefined;
    return users.find((user) => user.username === claims.sub);
  }

  function shown(user: DoraUser) {
    const country = countryOf(user);
    return {
      user_id: users.indexOf(user) + 1001,
      dealer_name: user.dealerName,
      country_id: country.id,
      country_code: country.code,
      country_name: country.name,
      currency_code: country.currency,
      role: user.role,
    };
  }

  function login(call: Call): Reply {
    const read = loginSchema.safeParse(call.body);
    if (!read.success) return refuse(400, "Username and password are required");
    const user = users.find(
      (one) => one.username === read.data.username && one.password === read.data.password,
    );
    return user
      ? json(200, { ...shown(user), token: token(user) })
      : refuse(401, "Invalid username or password");
  }

  function resetPassword(call: Call): Reply {
    const read = resetSchema.safeParse(call.body);
    const user = read.success ? users.find((one) => one.username === read.data.username) : undefined;
    if (!user) return refuse(404, "User not found");
    return json(200, { contact: { name: user.dealerName, email: `${user.username}@example.com` } });
  }

  /** For routes that act as somebody: runs the step as the token's user. */
  function as(step: (user: DoraUser, call: Call) => Reply | Promise<Reply>) {
    return (call: Call): Reply | Promise<Reply> => {
      const user = userOf(call);
      return user ? step(user, call) : notAuthenticated;
    };
  }

  function logout(user: DoraUser): Reply {
    generations.set(user.username, (generations.get(user.username) ?? 0) + 1);
    return json(200, { message: "Bye" });
  }

  const routes: Route[] = [
    { method: "POST", path: "/auth/login", open: true, answer: login },
    { method: "GET", path: "/auth/user", answer: as((user) => json(200, shown(user))) },
    { method: "POST", path: "/auth/reset_password", open: true, answer: resetPassword },
    { method: "POST", path: "/auth/logout", takes: "nothing", answer: as(logout) },
    { method: "GET", path: "/auth/authenticate", answer: as((user) => json(200, { token: token(user) })) },
  ];
  return { routes, as, admit: (call: Call) => (userOf(call) ? undefined : notAuthenticated) };
}

export function countryOf(user: DoraUser): Country {
  const found = countries.find((one) => one.code === user.countryCode);
  if (!found) throw new Error(`Dora's stand-in has no country ${user.countryCode}`);
  return found;
}
