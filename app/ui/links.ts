// Addresses that come from vendors and become links and pictures on a page: what is no web address must not.

/** A web address that may be a link; undefined for anything else: "javascript:" must not become one. */
export function safeLink(text: string | null | undefined): string | undefined {
  return text && /^https?:\/\//i.test(text) && URL.canParse(text) ? text : undefined;
}

/** An address that may be a picture: on the web, or a picture of pixels in the address itself (SVG can hold scripts). */
export function safePicture(text: string | null | undefined): string | undefined {
  return text && /^data:image\/(png|jpeg|gif|webp);base64,[A-Za-z0-9+/=]+$/.test(text)
    ? text
    : safeLink(text);
}
