// Which files a shopper may send, decided by their first bytes and never by their name or what the browser claims.
// Also read by the process that takes pictures apart, so it knows nothing of the app.

/** The most that is taken of one photo, in bytes. */
export const maxPhotoBytes = 25 * 1024 * 1024;

/** How many of the first bytes tell the type. */
export const sniffedBytes = 64;

/** A type that is taken. */
export type PhotoType = "image/jpeg" | "image/png" | "image/webp" | "image/avif" | "image/heic";

// Still pictures. A sequence ("msf1", "hevc": a burst, a short film) is taken only if it says that it holds one too.
const heicBrands = ["heic", "heix", "heim", "heis", "mif1"];

/**
 * The type of a photo by its first bytes, or undefined for anything that is not taken (SVG, GIF, PDF, ZIP …).
 *
 * By hand: a package that knows hundreds of formats parses them to tell them apart, and what is parsed here comes from
 * strangers. These five are looked at, and nothing else.
 */
export function photoType(bytes: Uint8Array): PhotoType | undefined {
  const head = Buffer.from(bytes.subarray(0, sniffedBytes)).toString("latin1");
  if (head.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "image/png";
  if (head.startsWith("RIFF") && head.slice(8, 12) === "WEBP") return "image/webp";
  if (head.slice(4, 8) !== "ftyp") return undefined;
  // The first brand, and those that it says it is compatible with: an AVIF may call itself a general HEIF first.
  const length = Math.min(Buffer.from(bytes.subarray(0, 4)).readUInt32BE(), sniffedBytes);
  const brands = (head.slice(8, 12) + head.slice(16, length)).match(/.{4}/gs) ?? [];
  if (brands.some((brand) => brand === "avif" || brand === "avis")) return "image/avif";
  return brands.some((brand) => heicBrands.includes(brand)) ? "image/heic" : undefined;
}

/** Whether sharp cannot decode it: its metadata reads HEIC well, its decoder does not (measured with 0.35.5). */
export function isHeic(type: PhotoType): boolean {
  return type === "image/heic";
}
