// Saves a text that the page already has as a file. No link to the server: a download opens outside the session.

/** Starts the download. `type` is the media type, e.g. "text/csv". Only in a browser. */
export function download({ name, type, text }: { name: string; type: string; text: string }): void {
  const url = URL.createObjectURL(new Blob([text], { type: `${type};charset=utf-8` }));
  const link = document.createElement("a");
  link.href = url;
  link.download = name;
  link.click();
  // The browser reads the blob after the click; an address given back at once would give an empty file.
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
