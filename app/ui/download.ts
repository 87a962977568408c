// Saves a file from the page itself. No link to the server: a download by link opens outside the session, so what
// the server has is fetched first, where App Bridge adds the session.

/** Starts the download of a text. `type` is the media type, e.g. "text/csv". Only in a browser. */
export function download({ name, type, text }: { name: string; type: string; text: string }): void {
  save(name, new Blob([text], { type: `${type};charset=utf-8` }));
}

/** Starts the download of bytes that came as base64 in an answer. Only in a browser. */
export function downloadBytes({ name, type, base64 }: { name: string; type: string; base64: string }): void {
  const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
  save(name, new Blob([bytes], { type }));
}

/**
 * Fetches a file of this app and saves it. Answers with a sentence when there is none; nothing was saved then. Only
 * in a browser.
 */
export async function fetchFile(
  address: string,
  { name, post }: { name: string; post?: FormData },
): Promise<{ done: true } | { refused: string }> {
  const lost = "The file did not arrive whole. Look at your connection and try again.";
  try {
    const response = await fetch(address, post ? { method: "POST", body: post } : {});
    if (!response.ok) return { refused: await whyNot(response) };
    save(nameIn(response.headers.get("content-disposition")) ?? name, await response.blob());
    return { done: true };
  } catch (error) {
    // fetch throws a TypeError for a lost connection, and so does a body that ends too early.
    if (error instanceof TypeError || error instanceof DOMException) return { refused: lost };
    throw error;
  }
}

/** What a refusal of the server says: a sentence of its own, or one that fits any. */
export async function whyNot(response: Response): Promise<string> {
  const text = (await response.text()).trim();
  const isSentence = text !== "" && text.length < 400 && !text.startsWith("<") && !text.startsWith("{");
  return isSentence ? text : "The file could not be had at the moment. Try again in a minute.";
}

/** The file's name in a Content-Disposition (RFC 6266): the one in UTF-8 before the plain one. */
export function nameIn(disposition: string | null): string | undefined {
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(disposition ?? "")?.[1];
  if (encoded !== undefined) {
    try {
      return decodeURIComponent(encoded.trim());
    } catch (error) {
      if (!(error instanceof URIError)) throw error;
    }
  }
  return /filename="([^"]+)"/i.exec(disposition ?? "")?.[1];
}

/** "3.2 MB": a size as vendors' limits are told; 1 MB is 1024 × 1024 bytes. */
export function sizeText(bytes: number): string {
  if (bytes < 1024) return `${bytes} bytes`;
  if (bytes < 1024 * 1024) return `${Math.round(bytes / 1024)} KB`;
  return `${(bytes / (1024 * 1024)).toFixed(1).replace(/\.0$/, "")} MB`;
}

function save(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob);
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the blob after the click; an address given back at once would give an empty file.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
