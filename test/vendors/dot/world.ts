// What MGE DOT's tests share: settings, lines, a host with shoppers' photos, and an MGE that says what it is told.
import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, onTestFinished } from "vitest";
import { dot } from "#app/vendors/dot/index.ts";
import { createHttp, type Http } from "#app/vendors/http.server.ts";
import { VendorError, type Part, type PartLine, type Vendor } from "#app/vendors/vendor.ts";
import { tinyPng } from "#sandbox/vendors/pictures.ts";
import { startDot, type DotOptions, type DotStandIn } from "#sandbox/vendors/dot.ts";
import { aLine, aPart, properties } from "#test/support/builders.ts";
import { memoryCalls, type MemoryCalls, type MemoryCallsInput } from "#test/vendors/calls.ts";

export const sku = "DOT/VF/40X50/W/BLACK/STD";
export const optionId = "11111111-1111-4111-8111-111111111111";
export const previewId = "00000000-0000-4000-8000-000000000001";
export const photoLink = "https://cdn.example.com/p.jpg";
export const baseSettings = { apiKey: "mge_sk_demo", brandId: 116 };

/** One mapped line with these properties. */
export function kit(
  values: Record<string, string>,
  overrides: Parameters<typeof aLine>[0] = {},
): PartLine<unknown> {
  return { line: aLine({ properties: properties(values), ...overrides }), product: { sku } };
}

/** The line's picture is one that we stored, 3000 × 4000 pixels. */
export function storedKit(url: string, values: Record<string, string> = {}): PartLine<unknown> {
  return {
    ...kit(values),
    artwork: { id: "art-1", contentType: "image/jpeg", width: 3000, height: 4000, url },
  };
}

/** The payload of these lines as the app would freeze it. */
export function payloadOf(
  lines: PartLine<unknown>[],
  { settings = {}, part = {} }: { settings?: Record<string, unknown>; part?: Partial<Part<unknown>> } = {},
): Frozen {
  const made = orders().toPayload(aPart(lines, part), { ...baseSettings, ...settings });
  return made as Frozen;
}

/** What tests look at in a payload; the whole of it is for the app alone. */
export interface Frozen {
  order: { brand_id: number; line_items: Record<string, unknown>[]; shipping: Record<string, string> };
  draft?: Record<string, unknown>;
  files: unknown[];
  previews: unknown[];
}

export function orders(): NonNullable<Vendor["orders"]> {
  if (!dot.orders) throw new Error("MGE DOT takes orders");
  return dot.orders;
}

/** The VendorError that this throws, with its sentence checked for being one. */
export async function problemOf(doing: () => unknown): Promise<VendorError> {
  const error: unknown = await Promise.resolve()
    .then(doing)
    .then(
      () => new Error("nothing was thrown"),
      (thrown: unknown) => thrown,
    );
  if (!(error instanceof VendorError)) throw error;
  expect(error.message).toMatch(/^\S.*[.!?]$/);
  expect(error.message).not.toContain("mge_sk_demo");
  return error;
}

/** First bytes of a real picture of each kind, and of what is none. */
export const pictures = {
  jpeg: Buffer.concat([Buffer.from([0xff, 0xd8, 0xff, 0xe0]), Buffer.alloc(3000, 7)]),
  png: Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(50)]),
  webp: Buffer.from("RIFF\u0010\u0000\u0000\u0000WEBPVP8 ", "latin1"),
  heic: Buffer.from("\u0000\u0000\u0000\u0018ftypheic\u0000\u0000", "latin1"),
  page: Buffer.from("<!doctype html><title>Sign in</title>"),
};

export interface Answer {
  status?: number;
  json?: unknown;
  body?: string | Buffer;
  headers?: Record<string, string>;
}

export interface Asked {
  method: string;
  path: string;
  headers: IncomingHttpHeaders;
  body: string;
}

/** A host on loopback that answers "GET /p.jpg" and the like as told; the last answer of a list stays. */
export async function host(
  answers: Record<string, Answer | Answer[]>,
): Promise<{ url: string; asked: Asked[] }> {
  const asked: Asked[] = [];
  const left = new Map(Object.entries(answers).map(([door, list]) => [door, [list].flat()]));
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const { method = "", url: path = "", headers } = request;
      asked.push({ method, path, headers, body: Buffer.concat(chunks).toString("latin1") });
      const list = left.get(`${method} ${path}`) ?? [];
      const answer = (list.length > 1 ? list.shift() : list[0]) ?? {
        status: 404,
        body: "<h1>Not Found</h1>",
      };
      const type = answer.json === undefined ? "text/html" : "application/json";
      response.writeHead(answer.status ?? 200, { "content-type": type, ...answer.headers });
      response.end(answer.json === undefined ? answer.body : JSON.stringify(answer.json));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked };
}

/** The way out, open for these addresses only. */
export function wireTo(...urls: string[]): Http {
  const http = createHttp({ allowedPrivateHosts: urls.map((url) => new URL(url).host) });
  onTestFinished(() => http.close());
  return http;
}

export interface World {
  mge: DotStandIn;
  photos: Awaited<ReturnType<typeof host>>;
  settings: Record<string, unknown>;
  calls(more?: Partial<MemoryCallsInput>): MemoryCalls;
  /** "POST /api/v1/order-drafts/" of every request MGE saw. */
  seen(): string[];
}

/** MGE's stand-in, a photo at /p.jpg, and calls to both. */
export async function world(
  settings: Record<string, unknown> = {},
  options: DotOptions = {},
): Promise<World> {
  const mge = await startDot(options);
  onTestFinished(() => mge.stop());
  const photos = await host({
    "GET /p.jpg": { status: 206, body: pictures.jpeg, headers: { "content-type": "image/jpeg" } },
  });
  const all = { ...baseSettings, baseUrl: mge.url, ...settings };
  const http = wireTo(mge.url, photos.url);
  return {
    mge,
    photos,
    settings: all,
    calls: (more) => memoryCalls({ vendor: dot, settings: all, http, ...more }),
    seen: () => mge.requests().map(({ method, path }) => `${method} ${path}`),
  };
}

/** A finished preview at the stand-in. */
export async function aPreview({ mge, settings }: World): Promise<{ optionId: string; previewId: string }> {
  const headers = { authorization: `Bearer ${String(settings["apiKey"])}` };
  const form = new FormData();
  form.append("brand_id", "116");
  form.append("products", '["DOT"]');
  form.append("preferred_size", "40X50");
  form.append("image", new Blob([new Uint8Array(tinyPng("a shopper"))], { type: "image/png" }), "p.png");
  const made = (await (
    await fetch(`${mge.url}/api/v1/preview/`, { method: "POST", headers, body: form })
  ).json()) as { preview_id: string };
  const show = async (): Promise<{ previews: { preview_option_id: string | null }[] }> =>
    (await (await fetch(`${mge.url}/api/v1/preview/${made.preview_id}/`, { headers })).json()) as never;
  await show();
  return { optionId: (await show()).previews[0]?.preview_option_id ?? "", previewId: made.preview_id };
}
