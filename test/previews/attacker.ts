// What strangers send, and what becomes of it: for the tests of the upload's door.
import { folder } from "./folder.ts";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import { deflateSync } from "node:zlib";
import { afterAll, beforeAll, expect } from "vitest";
import type { TestDatabase } from "#test/support/database.ts";
import { aForm, prepareAll, rowOf, upload, type Said } from "./shopper.ts";

/** Every file that is stored, of whatever kind. */
export const files = (): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter((entry) => entry.isFile())
        .map((entry) => path.join(entry.parentPath, entry.name))
    : [];

/** Sends files to the app of this test file, and counts what that starts. */
export function anAttacker(database: TestDatabase) {
  let children = 0;
  const started = (): void => void (children += 1);
  beforeAll(() => subscribe("child_process", started));
  afterAll(() => void unsubscribe("child_process", started));
  return {
    /** How many processes were started so far: taking a picture apart is one. */
    children: () => children,
    /** A refusal leaves neither a row nor a file, and nothing is started to look into what came. */
    refused: async (body: BodyInit, limits: Parameters<typeof upload>[2] = {}): Promise<Said> => {
      const [filesBefore, childrenBefore] = [files(), children];
      const answer = await upload(database.pool, body, limits);
      await prepareAll(database.pool);
      expect(children).toBe(childrenBefore);
      expect((await database.pool.query(`SELECT 1 FROM "Artwork"`)).rows).toEqual([]);
      expect(files()).toEqual(filesBefore);
      return answer;
    },
    /** What became of a photo that was let in, as its row has it. */
    accepted: async (photo: Uint8Array, name?: string): Promise<Record<string, unknown>> => {
      const { status, body } = await upload(database.pool, aForm(photo, {}, name));
      expect(status).toBe(202);
      await prepareAll(database.pool);
      return (await rowOf(database.pool, body.artwork)) ?? {};
    },
  };
}

const filling = Buffer.alloc(6_000, 32);
/** Files that are no photo, each with its name. */
export const noPhotos: [string, Buffer][] = [
  [
    "an SVG",
    Buffer.from(
      `<svg xmlns="http://www.w3.org/2000/svg" width="50000" height="50000"><script>1</script></svg>`,
    ),
  ],
  [
    "an SVG behind an XML line",
    Buffer.from(`<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>`),
  ],
  ["an HTML page", Buffer.from("<!doctype html><script>alert(1)</script>")],
  ["a program", Buffer.concat([Buffer.from("MZ\x90\x00"), filling])],
  ["a ZIP archive", Buffer.concat([Buffer.from("PK\x03\x04"), filling])],
  ["a PDF", Buffer.concat([Buffer.from("%PDF-1.7\n"), filling])],
  ["a GIF", Buffer.concat([Buffer.from("GIF89a"), filling])],
  ["a TIFF", Buffer.concat([Buffer.from("II*\0"), filling])],
  [
    "the EICAR test virus",
    Buffer.from(["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"].join("")),
  ],
  ["an empty file", Buffer.alloc(0)],
  ["one byte", Buffer.from([0xff])],
  ["plain text", filling],
];

/** A PNG whose header claims a size that its few bytes do not hold. */
export function pngThatClaims(width: number, height: number): Buffer {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const rows = deflateSync(Buffer.alloc(100_000));
  return Buffer.concat([
    Buffer.from("\x89PNG\r\n\x1a\n", "latin1"),
    pngChunk("IHDR", header),
    pngChunk("IDAT", rows),
    pngChunk("IEND", Buffer.alloc(0)),
  ]);
}

function pngChunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, "latin1"), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const sum = Buffer.alloc(4);
  sum.writeUInt32BE(crc32(body));
  return Buffer.concat([length, body, sum]);
}

function crc32(bytes: Buffer): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return (crc ^ 0xffffffff) >>> 0;
}
