// A multipart body → a file on disk and a few words, while it streams in: nothing large is ever in memory, what is no
// photo is turned away by its first bytes, and what claims to be far too large by its header.
import { randomUUID } from "node:crypto";
import { mkdir, open, rm } from "node:fs/promises";
import path from "node:path";
import type { Readable } from "node:stream";
import busboy from "busboy";
import { env } from "../env.server.ts";
import { refuse } from "./proxy-door.server.ts";
import { claimedPixels, isTooLarge } from "./upload-pixels.server.ts";
import { maxPhotoBytes, photoType, sniffedBytes, type PhotoType } from "./upload-types.server.ts";

/** A photo that came in whole. `discard` takes the file away; call it whatever happens next. */
export interface Received {
  fields: ReadonlyMap<string, string>;
  file: string;
  type: PhotoType;
  bytes: number;
  discard(): Promise<void>;
}

/** Where bytes lie while they come in. What a killed process leaves here is swept by its age. */
export const landing = path.resolve(env.DATA_DIR, "uploads");

// Shopify's own patience is not documented; a phone on a slow line takes a minute for 25 MB.
const defaultReadMs = 55_000;
// For the fields and the boundaries around the photo.
const around = 64 * 1024;

/**
 * Takes one photo in, from the field "photo". Throws a Response for anything else: too large, no photo, two files, a
 * body that breaks off or takes longer than `readMs`. The sender's file name and type are not looked at.
 */
export async function receivePhoto(
  request: Request,
  { maxBytes = maxPhotoBytes, readMs = defaultReadMs }: { maxBytes?: number; readMs?: number } = {},
): Promise<Received> {
  if (Number(request.headers.get("content-length") ?? 0) > maxBytes + around) throw refuse("too_big", 413);
  const parser = makeParser(request, maxBytes);
  await mkdir(landing, { recursive: true, mode: 0o700 });
  const file = path.join(landing, randomUUID());
  const discard = (): Promise<void> => rm(file, { force: true });
  const fields = new Map<string, string>();
  let photo: Promise<{ type: PhotoType; bytes: number }> | undefined;
  let refusal: Response | undefined;
  let turnedAway: (response: Response) => void = () => undefined;
  const refused = new Promise<Response>((resolve) => (turnedAway = resolve));
  const turnAway = (response: Response): void => {
    refusal ??= response;
    turnedAway(refusal);
  };

  // Whoever waits for it listens for itself; one that comes when nobody does must not end the process.
  parser.on("error", () => undefined);
  parser.on("field", (name, value, { valueTruncated }) => {
    if (valueTruncated || fields.has(name)) turnAway(refuse("bad_request", 400));
    fields.set(name, value);
  });
  parser.on("file", (name, stream: Readable & { truncated?: boolean }) => {
    if (name !== "photo" || photo) {
      turnAway(refuse("bad_request", 400));
      stream.on("error", () => undefined).resume();
      return;
    }
    photo = writePhoto(stream, file);
    photo.catch((error: unknown) => turnAway(error instanceof Response ? error : refuse("bad_request", 400)));
  });
  for (const limit of ["filesLimit", "fieldsLimit", "partsLimit"] as const)
    parser.on(limit, () => turnAway(refuse("bad_request", 400)));

  try {
    await feed(request, parser, { readMs, refused });
    const written = await photo?.catch(() => undefined);
    if (refusal) throw refusal;
    if (!written) throw refuse("bad_request", 400);
    return { fields, file, discard, ...written };
  } catch (error) {
    const first = refusal ?? error;
    // The writer must have let go of the file before it can be taken away for good.
    parser.destroy();
    await photo?.catch(() => undefined);
    await discard();
    throw first;
  }
}

function makeParser(request: Request, maxBytes: number): busboy.Busboy {
  try {
    return busboy({
      headers: { "content-type": request.headers.get("content-type") ?? "" },
      limits: { fileSize: maxBytes, files: 1, fields: 8, parts: 9, fieldSize: 256, headerPairs: 20 },
    });
  } catch {
    throw refuse("bad_request", 400);
  }
}

async function writePhoto(
  stream: Readable & { truncated?: boolean },
  file: string,
): Promise<{ type: PhotoType; bytes: number }> {
  const out = await open(file, "wx+", 0o600);
  let head = Buffer.alloc(0);
  let type: PhotoType | undefined;
  let bytes = 0;
  try {
    for await (const chunk of stream as AsyncIterable<Buffer>) {
      bytes += chunk.length;
      if (type === undefined) {
        head = Buffer.concat([head, chunk]);
        if (head.length >= sniffedBytes) type = sniff(head);
      }
      await out.write(chunk);
    }
    if (stream.truncated) throw refuse("too_big", 413);
    type ??= sniff(head);
    const claimed = await claimedPixels(out, type);
    if (claimed && isTooLarge(claimed)) throw refuse("too_many_pixels", 422);
    return { type, bytes };
  } finally {
    await out.close();
  }
}

function sniff(head: Buffer): PhotoType {
  const type = photoType(head);
  if (!type) throw refuse("type", 415);
  return type;
}

// By hand rather than piped: a refusal just stops reading. Destroying the body would reset the connection, and the
// browser would see a broken line instead of the reason.
async function feed(
  request: Request,
  parser: busboy.Busboy,
  { readMs, refused }: { readMs: number; refused: Promise<Response> },
): Promise<void> {
  const reader = request.body?.getReader();
  if (!reader) throw refuse("bad_request", 400);
  let late: NodeJS.Timeout | undefined;
  const ended = new Promise<Response>((resolve) => {
    parser.once("error", () => resolve(refuse("bad_request", 400)));
    late = setTimeout(() => resolve(refuse("unavailable", 408)), readMs);
  });
  const closed = new Promise<void>((resolve) => parser.once("close", () => resolve()));
  const unlessEnded = async <T>(step: Promise<T>): Promise<T> => {
    const first = await Promise.race([step, ended, refused]);
    if (first instanceof Response) throw first;
    return first;
  };
  try {
    for (;;) {
      const part = await unlessEnded(reader.read().catch(brokenOff));
      if (part.done) break;
      if (!parser.write(part.value))
        await unlessEnded(new Promise((resolve) => parser.once("drain", () => resolve(undefined))));
    }
    parser.end();
    await unlessEnded(closed);
  } finally {
    clearTimeout(late);
  }
}

function brokenOff(): never {
  throw refuse("bad_request", 400);
}
