// How many pixels a photo claims to have, read out of its header: a picture that is far too large is turned away before
// a process is started for it. Only sizes are read here; whether they are true is for that process to find out.
import type { FileHandle } from "node:fs/promises";
import type { PhotoType } from "./upload-types.server.ts";

/** The most pixels that are taken, width times height. */
export const mostPixels = 60e6;
const longestSide = 20_000;

/** A claim, in pixels. As stored: a photo that is held upright by a mark in it may say them the other way round. */
export interface Claimed {
  width: number;
  height: number;
}

// Where the header of a JPEG from a phone lies: behind its EXIF and colour profile, at most some hundred kilobytes.
const mostMarkers = 100;
// A still picture's own boxes come first and are small.
const mostMeta = 64 * 1024;

/** Whether a picture of this size is turned away. */
export function isTooLarge({ width, height }: Claimed): boolean {
  return width * height > mostPixels || Math.max(width, height) > longestSide;
}

/** What a file claims; undefined when its header does not say it in the way that such files do. */
export async function claimedPixels(file: FileHandle, type: PhotoType): Promise<Claimed | undefined> {
  switch (type) {
    case "image/png":
      return inPng(await readAt(file, 0, 24));
    case "image/webp":
      return inWebp(await readAt(file, 0, 30));
    case "image/jpeg":
      return inJpeg(file);
    case "image/avif":
    case "image/heic":
      return inHeif(await readAt(file, 0, mostMeta));
  }
}

async function readAt(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position);
  return buffer.subarray(0, bytesRead);
}

// PNG (Third Edition), 11.2.1: IHDR is the first chunk.
function inPng(head: Buffer): Claimed | undefined {
  if (head.length < 24 || head.toString("latin1", 12, 16) !== "IHDR") return undefined;
  return { width: head.readUInt32BE(16), height: head.readUInt32BE(20) };
}

// RFC 9649, 2.5 to 2.7: lossy, lossless, or extended, each with its own way of saying it.
function inWebp(head: Buffer): Claimed | undefined {
  if (head.length < 30) return undefined;
  switch (head.toString("latin1", 12, 16)) {
    case "VP8 ":
      return { width: head.readUInt16LE(26) & 0x3fff, height: head.readUInt16LE(28) & 0x3fff };
    case "VP8L": {
      const bits = head.readUInt32LE(21);
      return { width: (bits & 0x3fff) + 1, height: ((bits >>> 14) & 0x3fff) + 1 };
    }
    case "VP8X":
      return { width: head.readUIntLE(24, 3) + 1, height: head.readUIntLE(27, 3) + 1 };
    default:
      return undefined;
  }
}

// ITU T.81, B.1: from marker to marker until the frame's own (SOF0 to SOF15, without the three that are none).
async function inJpeg(file: FileHandle): Promise<Claimed | undefined> {
  let at = 2;
  for (let seen = 0; seen < mostMarkers; seen++) {
    const head = await readAt(file, at, 9);
    if (head.length < 9 || head[0] !== 0xff) return undefined;
    const marker = head[1] ?? 0;
    // A marker may be preceded by any number of fill bytes.
    if (marker === 0xff) at += 1;
    else if (marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker))
      return { width: head.readUInt16BE(7), height: head.readUInt16BE(5) };
    else at += 2 + head.readUInt16BE(2);
  }
  return undefined;
}

// ISO/IEC 14496-12 and 23008-12: the box "meta" holds an "ispe" for the picture and one for each tile of it.
function inHeif(head: Buffer): Claimed | undefined {
  const meta = boxIn(head, "meta");
  if (!meta) return undefined;
  let found: Claimed | undefined;
  for (let at = meta.indexOf("ispe"); at >= 0 && at + 16 <= meta.length; at = meta.indexOf("ispe", at + 4)) {
    const claim = { width: meta.readUInt32BE(at + 8), height: meta.readUInt32BE(at + 12) };
    if (!found || claim.width * claim.height > found.width * found.height) found = claim;
  }
  return found;
}

function boxIn(head: Buffer, name: string): Buffer | undefined {
  for (let at = 0; at + 8 <= head.length;) {
    const size = head.readUInt32BE(at);
    if (head.toString("latin1", at + 4, at + 8) === name) return head.subarray(at + 8, at + size);
    if (size < 8) return undefined;
    at += size;
  }
  return undefined;
}
