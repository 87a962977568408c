// Which files a shopper may send, decided by their first bytes and never by their name or what the browser claims.
// Also read by the process that takes pictures apart, so it knows nothing of the app.
import { fileTypeFromBuffer } from "file-type";

/** The most that is taken of one photo, in bytes. */
export const maxPhotoBytes = 25 * 1024 * 1024;

/** How many of the first bytes tell the type. */
export const sniffedBytes = 4_100;

const taken = new Set([
  "image/jpeg",
  "image/png",
  "image/webp",
  "image/avif",
  "image/heic",
  "image/heif",
  "image/heic-sequence",
  "image/heif-sequence",
]);

/** The type of a photo by its first bytes, or undefined for anything that is not taken (SVG, GIF, PDF, ZIP …). */
export async function photoType(head: Uint8Array): Promise<string | undefined> {
  const found = await fileTypeFromBuffer(head).catch(() => undefined);
  if (found?.mime === "image/apng") return "image/png";
  return found && taken.has(found.mime) ? found.mime : undefined;
}

/** Whether sharp cannot decode it: its metadata reads HEIC well, its decoder does not (measured with 0.35.5). */
export function isHeic(type: string): boolean {
  return /^image\/hei[cf]/.test(type);
}
