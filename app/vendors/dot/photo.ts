// Looks at the photos before MGE hears of the order: MGE fetches them at an unknown later time, and a dead link
// would surface after the order was paid for there.
import { VendorError, refuse, type Asking, type VendorReply } from "../vendor.ts";
import type { Payload } from "./payload.ts";

/** A photo as it was fetched: whole, or only its first bytes. */
export interface Photo {
  contentType: string;
  bytes: Uint8Array;
}

const accepted = ["image/jpeg", "image/png", "image/webp"];
// A partner of MGE states 25 MB for uploads; a host that ignores Range sends the whole photo at a look as well.
const mostBytes = 25 * 1024 * 1024;
const mostRedirects = 3;
// A photo's host is not MGE: its 401 must not pause the connection, so every status is judged here.
const everyStatus = Array.from({ length: 300 }, (_, index) => 300 + index);

/** Looks at the first bytes of every linked photo; throws a sentence for one that MGE could not print. */
export async function lookAtPhotos({ order, files }: Payload, asking: Asking): Promise<void> {
  const links = [...order.line_items.map((item) => item.asset_url), ...files.map((file) => file.url)];
  for (const url of new Set(links))
    if (url !== undefined) await fetchPhoto({ url, range: "bytes=0-1023" }, asking);
}

/** Fetches a photo whole, up to 25 MB, for an upload. */
export async function bringPhoto(url: string, asking: Asking): Promise<Photo> {
  return fetchPhoto({ url }, asking);
}

interface Wanted {
  url: string;
  range?: string;
  redirects?: number;
}

async function fetchPhoto({ url, range, redirects = 0 }: Wanted, asking: Asking): Promise<Photo> {
  // No key goes along: the link is a shopper's.
  const reply = await asking
    .ask({
      method: "GET",
      url,
      headers: { accept: accepted.join(", "), ...(range && { range }) },
      expect: "bytes",
      maxBytes: mostBytes,
      alsoFine: everyStatus,
    })
    .catch((error: unknown) => refuseLink(url, error));
  const { status } = reply;
  const next = status >= 300 && status < 400 ? reply.headers["location"] : undefined;
  if (next !== undefined && redirects < mostRedirects && URL.canParse(next, url))
    return fetchPhoto(
      { url: new URL(next, url).href, ...(range && { range }), redirects: redirects + 1 },
      asking,
    );
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    throw new VendorError("retry", `The shopper's photo at ${hostOf(url)} cannot be fetched at the moment.`, {
      status,
    });
  if (status !== 200 && status !== 206)
    refuse(`The shopper's photo is no longer at its link (${hostOf(url)}). Ask the shopper for it again.`);
  return { contentType: printable(reply), bytes: reply.bytes };
}

// The one way out calls a forbidden or insecure host a broken connection, but this host came from a shopper:
// believed here, any shopper could pause the merchant's whole connection with one link.
function refuseLink(url: string, error: unknown): never {
  if (!(error instanceof VendorError)) throw error;
  if (error.problem === "connection")
    throw new VendorError(
      "rejected",
      `The photo link leads to ${hostOf(url)}, which cannot be used. Ask the shopper for the photo again.`,
      { cause: error },
    );
  throw new VendorError("retry", `The shopper's photo at ${hostOf(url)} cannot be fetched at the moment.`, {
    cause: error,
  });
}

function hostOf(url: string): string {
  return new URL(url).hostname;
}

function printable(reply: VendorReply): string {
  const type = (reply.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "";
  const seen = kindOf(reply.bytes);
  if (seen === "heic" || /hei[cf]/.test(type))
    refuse(
      "The shopper's photo is in the iPhone's HEIC format, which MGE DOT does not print. Ask the shopper for a JPEG or PNG.",
    );
  // Storage hosts often call a photo just bytes; its first bytes decide then.
  const typeFits =
    accepted.includes(type) || type === "" || /\/(octet-stream|x-binary)$/.test(type) || type === "image/jpg";
  if (!seen || !typeFits)
    refuse(
      "The photo link does not lead to a JPEG, PNG or WebP picture. Ask the shopper for the photo again.",
    );
  return seen;
}

/** What the first bytes say a picture is. */
export function kindOf(bytes: Uint8Array): "image/jpeg" | "image/png" | "image/webp" | "heic" | undefined {
  const start = String.fromCharCode(...bytes.subarray(0, 12));
  if (start.startsWith("\xff\xd8\xff")) return "image/jpeg";
  if (start.startsWith("\x89PNG")) return "image/png";
  if (start.startsWith("RIFF") && start.slice(8, 12) === "WEBP") return "image/webp";
  return start.slice(4, 8) === "ftyp" && /^(hei|hev|mif|msf)/.test(start.slice(8, 12)) ? "heic" : undefined;
}
