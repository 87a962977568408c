// A product's pictures on their way to dotcph: which of them, as a link or as their bytes, and whether they have to
// go again.
import { z } from "zod";
import type { ProductImage } from "../../products/product.ts";
import { oneLine, VendorError, type Asking, type VendorReply } from "../vendor.ts";

/** One picture that belongs to a product. */
export const picture = z.strictObject({
  url: z.url({ protocol: /^https?$/ }),
  alt_text: z.string().min(1).optional(),
});
export type Picture = z.infer<typeof picture>;

const alt = z.string().min(1).optional();
/** A picture as it is pushed: bytes or a link, never both (Brand Product API, "Image Fields", read 2026-11-22). */
export const pictureBody = z.union([
  z.strictObject({ data: z.base64().min(1), filename: z.string().min(1), alt_text: alt }),
  z.strictObject({ url: z.url(), alt_text: alt }),
]);
export type PictureBody = z.infer<typeof pictureBody>;

// No number is documented; a gallery of more is more likely a mistake than a wish.
const mostPictures = 20;
const notShown = /\.(heic|heif|svg|tiff?|avif|bmp|pdf|psd|mp4|mov|webm|glb|usdz)$/i;

/** The pictures to send, in the merchant's order, and a sentence for those that are left out. Pure. */
export function choosePictures(images: readonly ProductImage[]): { chosen: Picture[]; remarks: string[] } {
  const remarks: string[] = [];
  const fitting = images.flatMap((image, at): Picture[] => {
    const path = URL.canParse(image.url) ? new URL(image.url).pathname : undefined;
    const ending = notShown.exec(path ?? "")?.[1];
    if (ending !== undefined)
      remarks.push(
        `Picture ${at + 1} was left out: dotcph shows JPG, PNG, GIF and WebP, not ${ending.toUpperCase()}.`,
      );
    const read = picture.safeParse({
      url: image.url,
      ...(oneLine(image.alt) !== undefined && { alt_text: oneLine(image.alt) }),
    });
    return ending === undefined && read.success ? [read.data] : [];
  });
  if (fitting.length > mostPictures)
    remarks.push(`The first ${mostPictures} of ${fitting.length} pictures were sent.`);
  return { chosen: fitting.slice(0, mostPictures), remarks };
}

/** A short mark of what was sent: the same mark means the same pictures in the same order, sent in the same way. */
export async function markOf(sent: unknown): Promise<string> {
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(JSON.stringify(sent)));
  return [...new Uint8Array(digest.slice(0, 12))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** The pictures as links. */
export function asLinks(pictures: readonly Picture[]): PictureBody[] {
  return pictures.map(({ url, alt_text }) => ({ url, ...(alt_text !== undefined && { alt_text }) }));
}

// Shopify takes no picture of more than 20 MB; what a shop shows is a tenth of it.
const mostMegabytes = 20;
const mostBytes = mostMegabytes * 1024 * 1024;
// What the one way out says of an answer that it stopped reading at its limit.
const tooBig = z.object({ kind: z.literal("too big") });
// A picture's host is not dotcph: its redirect must not pause the connection, so every status is judged here.
const everyStatus = Array.from({ length: 300 }, (_, index) => 300 + index);

/** Pictures as they are pushed, with a sentence for each that was left out. */
export interface Fetched {
  bodies: PictureBody[];
  remarks: string[];
}

/** A picture that cannot be had at the moment: its product waits, with this sentence. */
export interface Delayed {
  waitsFor: string;
}

/** How often a host of pictures did not answer at all, in one batch. */
export type Silences = Map<string, number>;
// Each silence takes twenty seconds; a hundred products at such a host would take half an hour.
const mostSilences = 5;

/**
 * Fetches the pictures and makes them base64. One that is gone, too large or of another kind is left out with a
 * sentence; one whose host is not well at the moment makes the product wait for it, because a product sent without it
 * would never get it.
 */
export async function asBytes(
  pictures: readonly Picture[],
  asking: Asking,
  silences: Silences,
): Promise<Fetched | Delayed> {
  const bodies: PictureBody[] = [];
  const remarks: string[] = [];
  for (const [at, { url, alt_text }] of pictures.entries()) {
    const { host, hostname } = new URL(url);
    const silent = silences.get(host) ?? 0;
    const reply = silent < mostSilences ? await fetchPicture(url, asking) : "no answer";
    if (reply === "too big") {
      remarks.push(`Picture ${at + 1} was left out: it is larger than ${mostMegabytes} MB.`);
      continue;
    }
    if (reply === "no answer") silences.set(host, silent + 1);
    if (reply === "no answer" || (reply !== "forbidden" && isAway(reply.status)))
      return {
        waitsFor: `Picture ${at + 1} cannot be fetched from ${hostname} at the moment. The product is sent once it can be.`,
      };
    if (reply === "forbidden" || reply.status >= 300) {
      remarks.push(`Picture ${at + 1} was left out: it cannot be fetched.`);
      continue;
    }
    const kind = kindOf(reply.bytes);
    if (kind === undefined)
      remarks.push(`Picture ${at + 1} was left out: dotcph shows JPG, PNG, GIF and WebP only.`);
    else
      bodies.push({
        data: toBase64(reply.bytes),
        filename: filenameOf(url, { at, kind }),
        ...(alt_text !== undefined && { alt_text }),
      });
  }
  return { bodies, remarks };
}

// "forbidden": the one way out calls a forbidden or insecure host a broken connection, and it is only this picture's.
// "too big": it calls that a lost answer, which asking again would mend; a picture stays as large as it is.
async function fetchPicture(
  url: string,
  asking: Asking,
): Promise<VendorReply | "no answer" | "forbidden" | "too big"> {
  try {
    return await asking.ask({
      method: "GET",
      url: smaller(url),
      // Without it a picture host may choose AVIF, which dotcph does not take.
      headers: { accept: "image/jpeg, image/png, image/webp, image/gif" },
      expect: "bytes",
      maxBytes: mostBytes,
      alsoFine: everyStatus,
    });
  } catch (error) {
    if (!(error instanceof VendorError)) throw error;
    if (error.problem === "connection") return "forbidden";
    return tooBig.safeParse(error.cause).success ? "too big" : "no answer";
  }
}

// What a host says that waiting may change.
function isAway(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500;
}

// Shopify's picture host makes any width; an original may have 25 megapixels.
function smaller(address: string): string {
  const url = new URL(address);
  if (url.hostname === "cdn.shopify.com") url.searchParams.set("width", "2048");
  return url.href;
}

/** What the first bytes say a picture is; its name and declared type are not believed. Undefined for any other kind. */
export function kindOf(bytes: Uint8Array): "jpg" | "png" | "gif" | "webp" | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  if (start.startsWith("\xff\xd8\xff")) return "jpg";
  if (start.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (/^GIF8[79]a/.test(start)) return "gif";
  return start.startsWith("RIFF") && start.startsWith("WEBP", 8) ? "webp" : undefined;
}

// dotcph takes the file's ending from its name, so the name is given the ending of what the bytes are.
function filenameOf(url: string, { at, kind }: { at: number; kind: string }): string {
  const last = new URL(url).pathname.split("/").at(-1) ?? "";
  const stem = last.replace(/\.[^.]*$/, "").replace(/[^A-Za-z0-9_-]+/g, "-");
  return `${stem.replace(/^-+|-+$/g, "").slice(0, 80) || `picture-${at + 1}`}.${kind}`;
}

// In pieces of a multiple of three bytes, because a call takes only so many arguments.
function toBase64(bytes: Uint8Array): string {
  const size = 3 * 8192;
  let text = "";
  for (let at = 0; at < bytes.length; at += size)
    text += btoa(String.fromCharCode(...bytes.subarray(at, at + size)));
  return text;
}
