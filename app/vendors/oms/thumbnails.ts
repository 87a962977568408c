// Links to pictures of a design, from line item properties that a customiser wrote and a shopper can change.

/**
 * The https links in one property value: a JSON list, one link, or several with commas between. Whatever is
 * not a plain https link is dropped; "//cdn…", the form Shopify's own themes write, means https.
 */
export function readThumbnails(value: string): string[] {
  return listed(value.trim()).flatMap((text) => asHttps(text) ?? []);
}

/** The link when it is one a factory may open: https, no user name in it. */
export function asHttps(text: string): string | undefined {
  const link = text.startsWith("//") ? `https:${text}` : text;
  if (!URL.canParse(link)) return undefined;
  const url = new URL(link);
  return url.protocol === "https:" && url.username === "" && url.password === "" ? url.href : undefined;
}

function listed(value: string): string[] {
  if (value.startsWith("[")) {
    try {
      const list: unknown = JSON.parse(value);
      return Array.isArray(list) ? list.filter((entry) => typeof entry === "string") : [];
    } catch {
      return [];
    }
  }
  // Image services put commas inside a link ("w_300,h_300"), so only a comma before the next link divides.
  return value.split(/,?\s+|,(?=[a-z][a-z0-9+.-]*:|\/\/)/i).filter((text) => text !== "");
}
