// Where pictures lie: a folder of ours, or an S3 bucket. Private either way; only signed links reach them.
import { createHash, createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import path from "node:path";
import { Disk } from "flydrive";
import { FSDriver } from "flydrive/drivers/fs";
import { env } from "../env.server.ts";

let opened: Promise<Disk> | undefined;

/** The store, opened once. */
export function storage(): Promise<Disk> {
  opened ??= open();
  return opened;
}

async function open(): Promise<Disk> {
  if (!env.S3_BUCKET)
    return new Disk(new FSDriver({ location: path.resolve(env.DATA_DIR, "artwork"), visibility: "private" }));
  // Loaded only where it is used: the SDK takes 22 MB and a third of a second to load.
  const { S3Driver } = await import("flydrive/drivers/s3");
  return new Disk(
    new S3Driver({
      bucket: env.S3_BUCKET,
      region: env.S3_REGION,
      visibility: "private",
      // Buckets made since April 2023 refuse per-object ACLs; ours is private as a whole.
      supportsACL: false,
      // A store that falls silent must not hold a shopper's request, or a worker, for ever.
      requestHandler: { connectionTimeout: 5_000, socketTimeout: 30_000 },
      ...(env.S3_ENDPOINT && {
        endpoint: env.S3_ENDPOINT,
        forcePathStyle: true,
        // Amazon's checksums behind the body are new, and stores of others refuse such a body (Storj, gateway-st 89).
        requestChecksumCalculation: "WHEN_REQUIRED" as const,
        responseChecksumValidation: "WHEN_REQUIRED" as const,
      }),
      ...(env.S3_ACCESS_KEY_ID && {
        credentials: { accessKeyId: env.S3_ACCESS_KEY_ID, secretAccessKey: env.S3_SECRET_ACCESS_KEY },
      }),
    }),
  );
}

/** The folder of a shop: its name stays out of addresses that shoppers see. */
export function shopFolder(shop: string): string {
  return createHash("sha256").update(shop).digest("hex").slice(0, 16);
}

/** A new key, `{shop}/{yyyy}/{mm}/{random}.{ending}`, with 192 random bits: nobody finds one by guessing. */
export function newKey(shop: string, ending: "jpg" | "png" | "webp", now: Date = new Date()): string {
  const [year, month] = now.toISOString().split("-");
  return `${shopFolder(shop)}/${year}/${month}/${randomBytes(24).toString("hex")}.${ending}`;
}

/** Stores bytes under a key; a second time replaces them. */
export async function putFile(key: string, bytes: Uint8Array): Promise<void> {
  await (await storage()).put(key, bytes, { contentType: contentTypeOf(key) });
}

/** The bytes under a key, or undefined when nothing is there. */
export async function readFile(key: string): Promise<Uint8Array | undefined> {
  const disk = await storage();
  try {
    return await disk.getBytes(key);
  } catch (error) {
    // The drivers wrap every failure in one error; whether the file is there is a question of its own.
    if (await disk.exists(key)) throw error;
    return undefined;
  }
}

/** Deletes what lies under a key. Deleting twice is harmless. */
export async function deleteFile(key: string): Promise<void> {
  await (await storage()).delete(key);
}

/** "image/jpeg", "image/png" or "image/webp", by the ending that we gave a key. */
export function contentTypeOf(key: string): string {
  if (key.endsWith(".jpg")) return "image/jpeg";
  return key.endsWith(".png") ? "image/png" : "image/webp";
}

/** HMAC of `text` for one purpose, with each encryption key: the first signs, all of them check. */
function signatures(purpose: string, text: string): Buffer[] {
  return env.ENCRYPTION_KEYS.map(({ key }) => {
    const own = createHmac("sha256", key).update(`makerlane ${purpose}`).digest();
    return createHmac("sha256", own).update(text).digest();
  });
}

/** Signs a text for one purpose: `base64url(text).signature`. A signature for one purpose is none for another. */
export function signText(purpose: string, text: string): string {
  return `${Buffer.from(text).toString("base64url")}.${signatures(purpose, text)[0]?.toString("base64url")}`;
}

/** The text that `signText` signed, or undefined. */
export function readSigned(purpose: string, signed: string): string | undefined {
  const [body = "", given = "", ...rest] = signed.split(".");
  if (rest.length > 0) return undefined;
  const text = Buffer.from(body, "base64url").toString();
  const mark = Buffer.from(given, "base64url");
  const isOurs = signatures(purpose, text).some(
    (right) => right.length === mark.length && timingSafeEqual(right, mark),
  );
  return isOurs ? text : undefined;
}

/**
 * A link under which a shopper's browser sees one picture for `seconds`: `{base}/uploads/{signed}/photo.{ending}`. Themes
 * show what follows the last slash as the link's text, in the cart too. `base` is the way this visitor reaches us
 * (`Visitor.base`), or a whole address for what leaves the page.
 */
export function pictureLink({
  base,
  key,
  seconds,
  now = new Date(),
}: {
  base: string;
  key: string;
  seconds: number;
  now?: Date;
}): string {
  // To the next ten minutes, so that a browser that polls is given one address and keeps one copy.
  const expires = Math.ceil((now.getTime() / 1000 + seconds) / 600) * 600;
  const ending = key.slice(key.lastIndexOf("."));
  return `${base}/uploads/${signText("picture", `${expires.toString(36)} ${key}`)}/photo${ending}`;
}

/** The key that the signed part of a picture link stands for, and whether its time is over; undefined when it was not signed by us. */
export function readPictureLink(
  signed: string,
  now: Date = new Date(),
): { key: string; isExpired: boolean } | undefined {
  const text = readSigned("picture", signed);
  const [expires = "", key = ""] = text?.split(" ") ?? [];
  if (!key) return undefined;
  return { key, isExpired: !(Number.parseInt(expires, 36) * 1000 > now.getTime()) };
}
