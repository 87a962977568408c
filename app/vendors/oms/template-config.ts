// The design as a customiser left it on the line, to the one form the OMS takes: JSON, percent-encoded once.
// Themes store it raw, encoded once, encoded twice or as a form would; a wrong guess here prints a wrong design.

/**
 * Reads a stored design and gives it as the OMS wants it ("urlencoded json string", OMS REST API, order items,
 * read 2026-11-22); undefined when it is no readable design. It holds personal data: never log it.
 *
 * What is right already is passed on byte for byte, and raw JSON is encoded from its own text. Writing it anew
 * would round ids beyond 2^53 and drop repeated keys.
 */
export function toTemplateConfig(stored: string): string | undefined {
  const text = stored.trim();
  if (isDesign(text)) return encode(text);
  const once = decode(text);
  if (once !== undefined) {
    // A "+" in here stays: in percent-encoding it is a plus sign, and nothing tells us otherwise.
    if (isDesign(once)) return isEncoded(text) ? text : encode(once);
    const twice = decode(once);
    if (twice !== undefined && isDesign(twice)) return isEncoded(once) ? once : encode(twice);
  }
  // Form encoding writes a space as "+". Only believed when the text is no design without it.
  if (text.includes("+")) {
    const form = decode(text.replaceAll("+", "%20"));
    if (form !== undefined && isDesign(form)) return encode(form);
  }
  return undefined;
}

/** Whether a text is what `toTemplateConfig` gives: decodes once to a JSON object or list. */
export function isTemplateConfig(text: string): boolean {
  const json = isEncoded(text) ? decode(text) : undefined;
  return json !== undefined && isDesign(json);
}

// Only what may stand in a URL (RFC 3986). A theme that encodes half of it leaves quotes and accents behind.
function isEncoded(text: string): boolean {
  return /^[\w\-.~!*'();/?:@&=+$,%]+$/.test(text);
}

// A JSON text that is a bare word or number is no design: "null" and "0" turn up where a customiser failed.
function isDesign(text: string): boolean {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return false;
  }
  return typeof value === "object" && value !== null;
}

function decode(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined; // "%E0%A4%A" or a lone "%": cut off, or never encoded
  }
}

// Half of an emoji, left by a theme that cuts text by length, has no UTF-8 form and cannot be encoded.
function encode(text: string): string | undefined {
  return /\p{Cs}/u.test(text) ? undefined : encodeURIComponent(text);
}
