// Who may talk to the Admin API: session tokens that the admin signs, and the access tokens the app gets for
// them. Offline tokens live an hour and come with a refresh token that rotates (shopify.dev, 2026-08-28).
import { createHmac, randomBytes, randomUUID, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** One access token that was given out. */
export interface TokenIssue {
  at: Date;
  shop: string;
  kind: "offline" | "online";
  grant: "token-exchange" | "refresh";
  accessToken: string;
  refreshToken: string | null;
  expiresAt: Date | null;
}

/** `secrets` are all that may sign or ask; `seconds` is an access token's life. */
export interface TokenOptions {
  apiKey: string;
  secrets: () => string[];
  scopes: string[];
  seconds: number;
  now: () => Date;
}

interface Refresh {
  shop: string;
  expiresAt: number;
  /** The refresh token this one replaced; it dies when this one is first used. */
  replaces: string | null;
}

/** What the endpoint answers. */
export interface TokenReply {
  status: number;
  body: Record<string, unknown>;
}

const request = z.object({
  client_id: z.string(),
  client_secret: z.string(),
  grant_type: z.string(),
  subject_token: z.string().optional(),
  subject_token_type: z.string().optional(),
  requested_token_type: z.string().optional(),
  refresh_token: z.string().optional(),
  expiring: z.union([z.string(), z.boolean(), z.number()]).optional(),
});

const claims = z.object({
  iss: z.string(),
  dest: z.string(),
  aud: z.string(),
  sub: z.string(),
  exp: z.number(),
  nbf: z.number(),
});

const base64url = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
const refreshSeconds = 90 * 24 * 3600;
/** shopify-api allows a clock that is ten seconds off; so does this. */
const clockSeconds = 10;

/** The token endpoint and its memory: what was given out, to whom, until when. */
export function createTokens(options: TokenOptions) {
  const { apiKey, now } = options;
  const issues: TokenIssue[] = [];
  const access = new Map<string, TokenIssue>();
  const refresh = new Map<string, Refresh>();
  const installed = new Set<string>();

  /** A session token as App Bridge hands it out: HS256, one minute. `claims` overrides parts of it. */
  function sessionToken(shop: string, overrides: Record<string, unknown> = {}): string {
    const at = Math.floor(now().getTime() / 1000);
    const body = {
      iss: `https://${shop}/admin`,
      dest: `https://${shop}`,
      aud: apiKey,
      sub: "42",
      exp: at + 60,
      nbf: at,
      iat: at,
      jti: randomUUID(),
      sid: randomUUID(),
      ...overrides,
    };
    const text = `${base64url({ alg: "HS256", typ: "JWT" })}.${base64url(body)}`;
    return `${text}.${createHmac("sha256", options.secrets()[0] ?? "")
      .update(text)
      .digest("base64url")}`;
  }

  function sessionTokenProblem(token: string, shop: string): string | null {
    const [head = "", body = "", signature = ""] = token.split(".");
    const signed = options.secrets().some((secret) => {
      const good = createHmac("sha256", secret).update(`${head}.${body}`).digest();
      const given = Buffer.from(signature, "base64url");
      return given.length === good.length && timingSafeEqual(given, good);
    });
    if (!signed) return "its signature is wrong";
    const parsed = claims.safeParse(readJson(body));
    if (!parsed.success) return "claims are missing";
    const at = now().getTime() / 1000;
    if (parsed.data.aud !== apiKey) return "it is for another app";
    if (parsed.data.exp + clockSeconds < at) return "it has expired";
    if (parsed.data.nbf - clockSeconds > at) return "it is not valid yet";
    return parsed.data.dest === `https://${shop}` ? null : "it is for another shop";
  }

  function issue(shop: string, how: Pick<TokenIssue, "kind" | "grant"> & { expiring: boolean }): TokenIssue {
    const refreshToken =
      how.kind === "offline" && how.expiring ? `shprt_${randomBytes(16).toString("hex")}` : null;
    const lives = how.expiring || how.kind === "online";
    const issued: TokenIssue = {
      at: now(),
      shop,
      kind: how.kind,
      grant: how.grant,
      accessToken: `${how.kind === "online" ? "shpua" : "shpat"}_${randomBytes(16).toString("hex")}`,
      refreshToken,
      expiresAt: lives ? new Date(now().getTime() + options.seconds * 1000) : null,
    };
    issues.push(issued);
    access.set(issued.accessToken, issued);
    return issued;
  }

  function reply(issued: TokenIssue, replaces: string | null): TokenReply {
    if (issued.refreshToken) {
      const expiresAt = now().getTime() + refreshSeconds * 1000;
      refresh.set(issued.refreshToken, { shop: issued.shop, expiresAt, replaces });
    }
    const body: Record<string, unknown> = {
      access_token: issued.accessToken,
      scope: options.scopes.join(","),
    };
    if (issued.expiresAt) body["expires_in"] = options.seconds;
    if (issued.refreshToken) {
      body["refresh_token"] = issued.refreshToken;
      body["refresh_token_expires_in"] = refreshSeconds;
    }
    if (issued.kind === "online") {
      body["associated_user_scope"] = options.scopes.join(",");
      body["associated_user"] = {
        id: 42,
        first_name: "Sam",
        last_name: "Owner",
        email: "sam@example.com",
        account_owner: true,
        locale: "en",
        collaborator: false,
        email_verified: true,
      };
    }
    return { status: 200, body };
  }

  function exchange(shop: string, asked: z.infer<typeof request>): TokenReply {
    const problem = sessionTokenProblem(asked.subject_token ?? "", shop);
    if (problem) return refused("invalid_subject_token", `The session token was refused: ${problem}.`);
    if (!installed.has(shop)) return refused("app_not_installed", "The app is not installed on this shop.");
    const online = asked.requested_token_type === "urn:shopify:params:oauth:token-type:online-access-token";
    const expiring = ["1", "true"].includes(String(asked.expiring ?? "0"));
    return reply(
      issue(shop, { kind: online ? "online" : "offline", grant: "token-exchange", expiring }),
      null,
    );
  }

  function rotate(shop: string, token: string): TokenReply {
    const held = refresh.get(token);
    if (!held || held.shop !== shop || held.expiresAt < now().getTime()) {
      return refused("invalid_grant", "The refresh token is invalid, expired or was replaced.");
    }
    // Its first use proves that the app got it: only now does the one before it die.
    if (held.replaces) refresh.delete(held.replaces);
    held.replaces = null;
    return reply(issue(shop, { kind: "offline", grant: "refresh", expiring: true }), token);
  }

  return {
    issues,
    installed,
    sessionToken,

    /** POST /admin/oauth/access_token */
    answer(shop: string, body: unknown): TokenReply {
      const parsed = request.safeParse(body);
      if (!parsed.success) return refused("invalid_request", "A parameter is missing.");
      const asked = parsed.data;
      if (asked.client_id !== apiKey || !options.secrets().includes(asked.client_secret)) {
        return refused("application_cannot_be_found", "The client id or secret is wrong.");
      }
      switch (asked.grant_type) {
        case "urn:ietf:params:oauth:grant-type:token-exchange":
          return exchange(shop, asked);
        case "refresh_token":
          return rotate(shop, asked.refresh_token ?? "");
        default:
          return refused("unsupported_grant_type", "This grant is not supported.");
      }
    },

    /** The token's issue when the Admin API of `shop` accepts it now. */
    accepts(shop: string, token: string | undefined): TokenIssue | null {
      const issued = token === undefined ? undefined : access.get(token);
      if (issued?.shop !== shop) return null;
      return issued.expiresAt && issued.expiresAt <= now() ? null : issued;
    },

    /** Gives a token without a session token, for tests that need an installed shop. */
    grant(shop: string): TokenIssue {
      installed.add(shop);
      const issued = issue(shop, { kind: "offline", grant: "token-exchange", expiring: true });
      reply(issued, null);
      return issued;
    },

    /** Uninstalled: every token of the shop is dead at once. */
    revoke(shop: string): void {
      installed.delete(shop);
      for (const [token, issued] of access) if (issued.shop === shop) access.delete(token);
      for (const [token, held] of refresh) if (held.shop === shop) refresh.delete(token);
    },
  };
}

/** What `createTokens` gives. */
export type Tokens = ReturnType<typeof createTokens>;

function refused(error: string, description: string): TokenReply {
  return { status: 400, body: { error, error_description: description } };
}

function readJson(base64: string): unknown {
  try {
    return JSON.parse(Buffer.from(base64, "base64url").toString("utf8"));
  } catch {
    return null;
  }
}
