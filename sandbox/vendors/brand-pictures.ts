// The picture storage of the dotcph stand-in: base64 in, an address out. Source: Brand Product API, "Image Fields",
// read 2026-11-22: JPG, PNG, GIF and WebP.
import { createHash } from "node:crypto";
import { pictureType } from "./pictures.ts";
import type { Reply } from "./wire.ts";

/** A catalogue's pictures may be gigabytes; beyond this the oldest are forgotten and answer 404. */
const mostBytes = 64 * 1024 * 1024;

interface Kept {
  bytes: Buffer;
  type: string;
}

/** A storage of its own. */
export function createPictures() {
  const kept = new Map<string, Kept>();
  let size = 0;

  function forgetOldest(): void {
    for (const [name, { bytes }] of kept) {
      if (size <= mostBytes) return;
      kept.delete(name);
      size -= bytes.length;
    }
  }

  return {
    /** Keeps a picture and answers its name, or says what is wrong with it. */
    keep(data: string): { name: string } | string {
      if (!/^[A-Za-z0-9+/]+={0,2}$/.test(data) || data.length % 4 !== 0) return "data is not base64.";
      const bytes = Buffer.from(data, "base64");
      const type = typeOf(bytes);
      if (!type) return "Unsupported image type. Supported: JPG, PNG, GIF, WebP.";
      const name = `${createHash("sha256").update(bytes).digest("hex").slice(0, 24)}.${type.slice("image/".length)}`;
      if (!kept.has(name)) {
        kept.set(name, { bytes, type });
        size += bytes.length;
        forgetOldest();
      }
      return { name };
    },
    answer(name: string): Reply {
      const found = kept.get(name);
      return found
        ? { status: 200, bytes: found.bytes, type: found.type }
        : { status: 404, text: "no such picture" };
    },
    clear(): void {
      kept.clear();
      size = 0;
    },
  };
}

function typeOf(bytes: Buffer): string | undefined {
  return bytes.toString("latin1", 0, 4) === "GIF8" ? "image/gif" : pictureType(bytes);
}
