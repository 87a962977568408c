// WHCC's two APIs: where they are, and the token that each asks for. Editor API below `/api/v1`, Order Submit API below
// `/api`; the tokens of one are not valid at the other ("Authentication" and "Request Access Token", read 2026-11-22).
import { z } from "zod";
import { VendorError, type Asking, type VendorReply, type VendorRequest } from "../vendor.ts";
import { ownAccount } from "./account.ts";
import type { Settings } from "./settings.ts";
import { readRefusal, readReply, tokenEnded } from "./status.ts";

/** An API that was logged in to. */
export interface Api {
  /** Without a slash at the end, e.g. "https://prospector.dragdrop.design/api/v1". */
  root: string;
  token: string;
  /** Asks for another token. */
  renew(): Promise<string>;
  asking: Asking;
}

/** A request by its path. */
export type ApiRequest = Omit<VendorRequest, "url" | "headers"> & { path: string };

/** A request to one of the APIs, with its whole address and the token. */
export function request(api: Api, { path, ...rest }: ApiRequest): VendorRequest {
  const headers = { accept: "application/json", authorization: `Bearer ${api.token}` };
  return { ...rest, url: `${api.root}${path}`, headers };
}

// WHCC puts its ErrorNumber on any of these, so who asks reads the body first (`readReply`, `refuseError`).
const bodyFirst = [200, 401, 403];

/** Asks one of the APIs something harmless. When its token ended early, it asks once more with a new one. */
export async function ask(api: Api, { alsoFine = [], ...rest }: ApiRequest): Promise<VendorReply> {
  const wanted = { ...rest, alsoFine: [...bodyFirst, ...alsoFine] };
  const reply = await api.asking.ask(request(api, wanted));
  if (readRefusal(reply)?.number !== tokenEnded) return reply;
  api.token = await api.renew();
  return api.asking.ask(request(api, wanted));
}

const editorToken = z.object({
  accessToken: z.string().min(1),
  expires: z.number().optional().catch(undefined),
});

/**
 * POST /auth/access-token: 90 minutes for one account, which must be the one the editors were made for. It is asked for
 * in every conversation and kept nowhere: accounts are the shoppers', and a token of one cannot read another's designs.
 */
export async function editorApi(accountId: string, settings: Settings, asking: Asking): Promise<Api> {
  const root = rootOf(settings.baseUrl, "/api/v1");
  const { key, secret } = settings;
  const own = ownAccount(settings);
  const logIn = (account: string) =>
    tokenOf(
      {
        method: "POST",
        url: `${root}/auth/access-token`,
        json: { key, secret, claims: { accountId: account } },
      },
      {
        asking,
        root,
        where: "Editor API key",
        stranger: account === own ? undefined : account,
        read: (reply) => readReply(editorToken, reply).accessToken,
      },
    );
  const renew = async () => {
    try {
      return await logIn(accountId);
    } catch (error) {
      if (!(error instanceof VendorError) || error.problem !== "rejected") throw error;
      // A wrong key may be refused in the same way. Our own account tells them apart: when it is not taken either,
      // nothing is wrong with this order, and every other one would be held like it.
      await logIn(own);
      throw error;
    }
  };
  return { root, token: await renew(), renew, asking };
}

const submitToken = z.object({ Token: z.union([z.string().min(1), z.number()]).transform(String) });

/** GET /api/AccessToken: one hour, not renewable. The secret stands in the address, as WHCC wants it. */
export async function submitApi(settings: Settings, asking: Asking): Promise<Api> {
  const { consumerKey, consumerSecret } = settings;
  if (!consumerKey || !consumerSecret)
    throw new VendorError(
      "connection",
      "The WHCC settings are incomplete: the Order Submit API needs its consumer key and consumer secret. Fill them in on the Vendors page.",
    );
  const root = rootOf(settings.submitBaseUrl, "/api");
  // Encoded like this and no other way, because in this form the record of the conversation hides a secret.
  const [key, secret] = [consumerKey, consumerSecret].map(encodeURIComponent);
  const query = `grant_type=consumer_credentials&consumer_key=${key}&consumer_secret=${secret}`;
  const renew = () =>
    tokenOf(
      { method: "GET", url: `${root}/AccessToken?${query}` },
      {
        asking,
        root,
        where: "Order Submit consumer key",
        stranger: undefined,
        read: (reply) => readReply(submitToken, reply).Token,
      },
    );
  return { root, token: await renew(), renew, asking };
}

interface Login {
  asking: Asking;
  root: string;
  where: string;
  /** The account that is claimed, where it is not the merchant's own but stands on an order or was typed. */
  stranger: string | undefined;
  read(reply: VendorReply): string;
}

async function tokenOf(login: VendorRequest, given: Login): Promise<string> {
  const { asking, root, where, stranger, read } = given;
  // As bytes, because answers to such requests are not kept in the record of a conversation: this one is a secret.
  const headers = { accept: "application/json" };
  const alsoFine = [200, 201, 400, 401, 403, 404, 412, 422];
  const reply = await asking.ask({ ...login, headers, expect: "bytes", alsoFine });
  const { status } = reply;
  if (status === 404 && reply.json === undefined)
    throw new VendorError(
      "connection",
      `There is no WHCC API at this address: ${root}. Correct it on the Vendors page.`,
      { status },
    );
  const refusal = readRefusal(reply);
  if (!refusal) return read(reply);
  const why = refusal.words ? `: ${refusal.words.replace(/[\s.]+$/, "")}` : "";
  const isKey = status === 401 || status === 403 || refusal.number.startsWith("403");
  // All but the claimed account is the same for every order, and a shopper may have written that one.
  if (stranger !== undefined && !isKey)
    throw new VendorError(
      "rejected",
      `WHCC does not take “${stranger}” as an account${why}. Look for which account this design was made.`,
      { status },
    );
  throw new VendorError(
    "connection",
    `WHCC does not accept the ${where}${why}. Enter a valid one on the Vendors page.`,
    { status },
  );
}

/** "https://x", "https://x/" and "https://x/api/v1" all mean the API below https://x. */
export function rootOf(baseUrl: string, api: "/api" | "/api/v1"): string {
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, "");
  return `${url.origin}${path.endsWith(api) ? path.slice(0, -api.length) : path}${api}`;
}
