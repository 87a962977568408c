// A shopper at a storefront: requests as Shopify's proxy forwards and signs them, and photos to send.
import { createHmac, randomBytes } from "node:crypto";
import sharp, { type Sharp } from "sharp";
import type { Db } from "#app/db.server.ts";
import { preparing } from "#app/previews/artwork-preparing.server.ts";
import { readProxy, type Visitor } from "#app/previews/proxy-door.server.ts";
import { takeUpload, type UploadLimits } from "#app/previews/upload.server.ts";
import { shop } from "#test/support/road.ts";
import { testEnv } from "#test/support/postgres.ts";

export const base = "/apps/dot";

/** A browser's own token. */
export function aBrowser(): string {
  return randomBytes(16).toString("hex");
}

/** The query as Shopify signs it. */
export function signQuery(
  given: Record<string, string>,
  secret: string = testEnv.SHOPIFY_API_SECRET,
): string {
  const query = new URLSearchParams({
    shop,
    path_prefix: base,
    logged_in_customer_id: "",
    timestamp: String(Math.floor(Date.now() / 1000)),
    ...given,
  });
  const text = [...query]
    .map(([key, value]) => `${key}=${value}`)
    .sort()
    .join("");
  query.set("signature", createHmac("sha256", secret).update(text).digest("hex"));
  return query.toString();
}

/** What a forwarded request may differ in. */
export interface Forwarded {
  query?: Record<string, string>;
  headers?: Record<string, string>;
  method?: string;
  body?: BodyInit;
}

/** A request as it reaches us through the proxy. */
export function forwarded(
  path: string,
  { query = {}, headers = {}, method = "GET", body }: Forwarded = {},
): Request {
  return new Request(`https://makerlane.test/proxy${path}?${signQuery(query)}`, {
    method,
    headers: { "x-forwarded-for": "198.51.100.4", "x-forwarded-host": "kits.example.com", ...headers },
    // Node asks for it when a body streams; the type of a Request does not know it yet.
    ...(body !== undefined && { body, duplex: "half" }),
  });
}

/** A JSON request of the widget. */
export function posted(path: string, value: unknown): Request {
  return forwarded(path, { method: "POST", body: JSON.stringify(value) });
}

/** A shopper that the door has let in. */
export function aVisitor(db: Db, given: Forwarded = {}): Promise<Visitor> {
  return readProxy(db, forwarded("/x", given));
}

/** A photo with structure in it, so that it compresses like one. */
export async function aPhoto(
  width = 1200,
  height = 900,
  finish: (picture: Sharp) => Sharp = (picture) => picture.jpeg({ quality: 90 }),
): Promise<Buffer> {
  const noise = { type: "gaussian" as const, mean: 128, sigma: 40 };
  const small = await sharp({
    create: {
      width: Math.ceil(width / 8),
      height: Math.ceil(height / 8),
      channels: 3,
      background: "#888",
      noise,
    },
  })
    .png()
    .toBuffer();
  return await finish(sharp(small).resize(width, height, { fit: "fill" })).toBuffer();
}

/** The form that the widget sends. `fields` replace its own; undefined leaves one out. */
export function aForm(
  photo: Uint8Array,
  fields: Record<string, string | undefined> = {},
  name = "photo.jpg",
): FormData {
  const form = new FormData();
  const all = { browser: aBrowser(), product: "632910392", variant: "808950810", ...fields };
  for (const [key, value] of Object.entries(all)) if (value !== undefined) form.set(key, value);
  form.set("photo", new Blob([new Uint8Array(photo)], { type: "image/jpeg" }), name);
  return form;
}

/** A refusal or an answer, as the widget sees it. */
export interface Said {
  status: number;
  body: { artwork?: string; error?: { code: string; seconds?: number } } & Record<string, unknown>;
}

/** What a handler says, thrown or returned. */
export async function said(answer: Promise<Response>): Promise<Said> {
  const response = await answer.catch((error: unknown) => {
    if (error instanceof Response) return error;
    throw error;
  });
  const text = await response.text();
  return { status: response.status, body: text ? (JSON.parse(text) as Said["body"]) : {} };
}

/** Uploads through the proxy. Each call comes from an address of its own unless one is given. */
export async function upload(
  db: Db,
  body: BodyInit,
  { headers = {}, query = {}, ...limits }: UploadLimits & Pick<Forwarded, "headers" | "query"> = {},
): Promise<Said> {
  const address = `198.51.100.${(calls = (calls + 1) % 65_536)}`;
  const request = forwarded("/artworks", {
    method: "POST",
    body,
    query,
    headers: { "x-forwarded-for": address, ...headers },
  });
  const world = { db, wake: () => undefined };
  return said(readProxy(db, request).then((visitor) => takeUpload(world, { visitor, request }, limits)));
}
let calls = 0;

/** Runs the step until nothing is due, as the worker would. */
export async function prepareAll(db: Db, take?: Parameters<typeof preparing>[2]): Promise<void> {
  for (;;) {
    const started = await preparing({ db, wake: () => undefined }, 2, take);
    if (started.length === 0) return;
    await Promise.all(started);
  }
}

/** Uploads a photo and prepares it; answers with its id. */
export async function aReadyPhoto(db: Db, browser: string, photo?: Uint8Array): Promise<string> {
  const { body } = await upload(db, aForm(photo ?? (await aPhoto()), { browser }));
  await prepareAll(db);
  return body.artwork ?? "";
}

/** A picture's row. */
export async function rowOf(db: Db, id: string | undefined): Promise<Record<string, unknown> | undefined> {
  const { rows } = await db.query<Record<string, unknown>>(`SELECT * FROM "Artwork" WHERE id::text = $1`, [
    id,
  ]);
  return rows[0];
}

/** The signed part of a picture's link. */
export function signedOf(link: string): string {
  return link.split("/").at(-2) ?? "";
}
