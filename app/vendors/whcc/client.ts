// WHCC's two APIs: where they are, and the token that each asks for. Editor API below `/api/v1`, Order Submit API below
// `/api`; the tokens of one are not valid at the other ("Authentication" and "Request Access Token", read 2026-11-22).
import { z } from "zod";
import { VendorError, type Asking, type VendorRequest } from "../vendor.ts";
import type { Settings } from "./settings.ts";
import { readRefusal, readReply } from "./status.ts";

/** An API that was logged in to. */
export interface Api {
  /** Without a slash at the end, e.g. "https://prospector.dragdrop.design/api/v1". */
  root: string;
  token: string;
  asking: Asking;
}

/** A request to one of the APIs by its path. */
export function request(
  api: Api,
  { path, ...rest }: Omit<VendorRequest, "url" | "headers"> & { path: string },
): VendorRequest {
  const headers = { accept: "application/json", authorization: `Bearer ${api.token}` };
  return { ...rest, url: `${api.root}${path}`, headers };
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
  const json = { key, secret, claims: { accountId } };
  const token = await tokenOf(
    { method: "POST", url: `${root}/auth/access-token`, json },
    { asking, where: "Editor API key", read: (reply) => readReply(editorToken, reply).accessToken },
  );
  return { root, token, asking };
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
  const token = await tokenOf(
    { method: "GET", url: `${root}/AccessToken?${query}` },
    { asking, where: "Order Submit consumer key", read: (reply) => readReply(submitToken, reply).Token },
  );
  return { root, token, asking };
}

async function tokenOf(
  request: VendorRequest,
  given: { asking: Asking; where: string; read(reply: Awaited<ReturnType<Asking["ask"]>>): string },
): Promise<string> {
  // As bytes, because answers to such requests are not kept in the record of a conversation: this one is a secret.
  const headers = { accept: "application/json" };
  const alsoFine = [200, 201, 400, 401, 403];
  const reply = await given.asking.ask({ ...request, headers, expect: "bytes", alsoFine });
  const refusal = readRefusal(reply);
  if (refusal)
    throw new VendorError(
      "connection",
      `WHCC does not accept the ${given.where}${refusal.words ? `: ${refusal.words}` : ""}. Enter a valid one on the Vendors page.`,
      { status: reply.status },
    );
  return given.read(reply);
}

/** "https://x", "https://x/" and "https://x/api/v1" all mean the API below https://x. */
export function rootOf(baseUrl: string, api: "/api" | "/api/v1"): string {
  const url = new URL(baseUrl);
  const path = url.pathname.replace(/\/+$/, "");
  return `${url.origin}${path.endsWith(api) ? path.slice(0, -api.length) : path}${api}`;
}
