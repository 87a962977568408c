// A merchant who uses the app over HTTP exactly as the embedded pages do: a session token from Shopify's admin with
// every request, the pages' own forms and addresses, Remix's own answers.
import { decode } from "turbo-stream";
import type { DemoWorld } from "./world.ts";

/** What a page answered: its loaders' or its action's data, or where it sent us. */
export type Answer = { data: Record<string, unknown> } | { redirect: string };

export interface Merchant {
  /** Opens the app as the admin does the first time: the app exchanges the session token for its own. */
  open(): Promise<void>;
  /** What a page's own loader gives, e.g. load("/app/orders"). */
  load(path: string): Promise<Record<string, unknown>>;
  /** Posts a form to a page. */
  post(path: string, fields: Record<string, string>): Promise<Answer>;
}

// Remix answers a program that calls itself one with 410 (isbot), as it would a crawler.
const browser =
  "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Safari/537.36";

/** A merchant of the world's shop. */
export function createMerchant(world: Pick<DemoWorld, "shop" | "shopifyUrl" | "appUrl">): Merchant {
  const { shop, shopifyUrl, appUrl } = world;
  const sessionToken = async (): Promise<string> => {
    const response = await fetch(`${shopifyUrl}/_sandbox/session-token`, {
      method: "POST",
      body: JSON.stringify({ shop }),
    });
    return ((await response.json()) as { token: string }).token;
  };
  const ask = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const url = new URL(path, appUrl);
    url.pathname += ".data";
    const response = await fetch(url, {
      ...init,
      redirect: "manual",
      headers: { "user-agent": browser, authorization: `Bearer ${await sessionToken()}` },
    });
    if (!response.body || ![200, 202].includes(response.status))
      throw new Error(`${init.method ?? "GET"} ${path} was answered with ${response.status}`);
    return readStream(response.body);
  };
  return {
    open: async () => {
      const url = new URL("/app", appUrl);
      const handle = shop.replace(/\.myshopify\.com$/, "");
      url.search = new URLSearchParams({
        embedded: "1",
        shop,
        host: Buffer.from(`admin.shopify.com/store/${handle}`).toString("base64"),
        id_token: await sessionToken(),
      }).toString();
      const response = await fetch(url, { redirect: "manual", headers: { "user-agent": browser } });
      if (response.status !== 200) throw new Error(`opening the app was answered with ${response.status}`);
    },
    load: async (path) => {
      const routes = Object.values((await ask(path)) as Record<string, { data?: unknown }>);
      // The last route is the page's own; the ones before are the frames around it.
      return asRecord(routes.at(-1)?.data, path);
    },
    post: async (path, fields) => {
      const answer = asRecord(await ask(path, { method: "POST", body: new URLSearchParams(fields) }), path);
      if (typeof answer["redirect"] === "string") return { redirect: answer["redirect"] };
      return { data: asRecord(answer["data"], path) };
    },
  };
}

/** Remix's single-fetch stream; the types of its own are read as the plain values they carry. */
async function readStream(body: ReadableStream<Uint8Array>): Promise<unknown> {
  const { value, done } = await decode(body, {
    plugins: [
      (type: unknown, first: unknown, ...rest: unknown[]) =>
        type === "SingleFetchRedirect" ||
        type === "SingleFetchClassInstance" ||
        type === "SingleFetchFallback"
          ? { value: first }
          : type === "ErrorResponse" || type === "SanitizedError"
            ? { value: { data: { refused: [first, ...rest].join(" ") } } }
            : undefined,
    ],
  });
  await done;
  return value;
}

function asRecord(value: unknown, path: string): Record<string, unknown> {
  if (typeof value === "object" && value !== null) return value as Record<string, unknown>;
  throw new Error(`${path} answered nothing that can be read`);
}
