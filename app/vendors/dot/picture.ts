// Which picture a line is painted from: the preview the shopper chose, our stored copy, or a link. Pure.
// Never two of them: MGE refuses a line with two artwork sources (MGE DOT guide, "Common mistakes").
import { z } from "zod";
import type { LineFacts } from "../../orders/order.ts";
import { oneLine, refuse, VendorError, type PartLine } from "../vendor.ts";
import type { Product, Settings } from "./settings.ts";

/** The one picture of a line. Pixels are our own measure. */
export type Picture =
  | { kind: "preview"; optionId: string; previewId: string | undefined }
  | { kind: "stored"; artworkId: string; url: string; width: number; height: number }
  | { kind: "link"; url: string };

/** The cart line's reference to what the shopper chose in our own preview. */
const refProperty = "_dot_ref";
const optionProperty = "_dot_preview_option_id";
const previewProperty = "_dot_preview_id";

/** Text in one line; "" when nothing is left. */
export function clean(value: string | undefined): string {
  return oneLine(value) ?? "";
}

/** Whether a line without a Mapping looks like a painting kit, so that it is held and not passed over. */
export function looksLikeOurs(line: LineFacts): boolean {
  return /^DOT\//i.test(line.sku ?? "") || line.properties.some(({ name }) => name.startsWith("_dot_"));
}

/** Throws VendorError `rejected` with a sentence when there is none, or none that can be used. */
export function pictureOf(
  { line, artwork, preview, sku }: Pick<PartLine<Product>, "line" | "artwork" | "preview"> & { sku: string },
  settings: Settings,
): Picture {
  if (preview) {
    const stored = settings.artworkSource === "photo" ? storedOf(artwork) : undefined;
    return stored ?? chosen({ line, preview, sku });
  }
  // Whoever brings a reference has used our preview: what else such a line carries was written by somebody else.
  const hasRef = line.properties.some(({ name }) => name === refProperty);
  if (hasRef && !artwork) needPhoto(line);
  const option = settings.propertyPreviews && !hasRef ? theOne(line, optionProperty) : undefined;
  const photo = (): Picture | undefined => storedOf(artwork) ?? linkOf(line, settings.linkProperties);
  if (option !== undefined) {
    const instead = settings.artworkSource === "photo" ? photo() : undefined;
    if (instead) return instead;
    return { kind: "preview", optionId: uuid(line, option), previewId: previewOf(line) };
  }
  return photo() ?? needPhoto(line);
}

function needPhoto(line: LineFacts): never {
  throw new VendorError(
    "rejected",
    `“${line.title}” has no photo. Send the shopper the link to add one, or check the names of the photo properties in the MGE DOT settings.`,
    { needs: "photo" },
  );
}

// The SKU is the paid variant's; a preview of another size has no option for it.
function chosen({
  line,
  preview,
  sku,
}: {
  line: LineFacts;
  preview: NonNullable<PartLine<Product>["preview"]>;
  sku: string;
}): Picture {
  const option = preview.options.find(
    (each) => each.look === preview.look && each.sku.toUpperCase() === sku.toUpperCase(),
  );
  if (!option)
    refuse(
      `MGE DOT does not offer “${line.title}” (${sku}) in the look that the shopper chose. Choose another kit on the Products page.`,
    );
  return {
    kind: "preview",
    optionId: uuid(line, option.optionId),
    previewId: uuid(line, preview.previewId),
  };
}

function previewOf(line: LineFacts): string | undefined {
  const value = theOne(line, previewProperty);
  return value === undefined ? undefined : uuid(line, value);
}

function uuid(line: LineFacts, value: string): string {
  if (!z.guid().safeParse(value).success)
    refuse(
      `The preview that “${line.title}” was ordered from is not one of MGE's. Ask the shopper to choose again.`,
    );
  return value.toLowerCase();
}

function storedOf(artwork: PartLine<Product>["artwork"]): Picture | undefined {
  return (
    artwork && {
      kind: "stored",
      artworkId: artwork.id,
      url: artwork.url,
      width: artwork.width,
      height: artwork.height,
    }
  );
}

function linkOf(line: LineFacts, names: string): Picture | undefined {
  for (const name of names.split(",").map((each) => each.trim())) {
    const value = name === "" ? undefined : theOne(line, name);
    if (value !== undefined) return { kind: "link", url: readLink(line, value) };
  }
  return undefined;
}

// Names may repeat. Which of two photos was meant, only a person can say.
function theOne(line: LineFacts, name: string): string | undefined {
  const values = new Set(line.properties.flatMap((each) => (each.name === name ? [each.value.trim()] : [])));
  values.delete("");
  if (values.size > 1)
    refuse(
      `“${line.title}” has more than one photo or preview. Ask the shopper which one, and make a new order.`,
    );
  return [...values][0];
}

/**
 * A link as MGE may have it. Plain http is let through on this machine only, where the demo runs; whether a
 * private address may be asked at all is for the one way out to decide, and the photo is asked for first.
 */
function readLink(line: LineFacts, value: string): string {
  const url = /\s/.test(value) || !URL.canParse(value) ? undefined : new URL(value);
  const local = url !== undefined && /^(localhost|127(\.\d+){3}|\[::1\])$/.test(url.hostname);
  const secure = url?.protocol === "https:" || (local && url.protocol === "http:");
  if (!url || !secure || url.username !== "" || url.password !== "")
    refuse(
      `The photo link of “${line.title}” is not a secure web link (https://…). Ask the shopper for the photo again.`,
    );
  url.hash = "";
  if (url.href.length > 2048)
    refuse(`The photo link of “${line.title}” is too long for MGE DOT. Ask the shopper for the photo again.`);
  return url.href;
}
