// How a file, or the reason why there is none, is answered to the page that fetches it (app/ui/download.ts).

/** The headers of a file to be saved, never shown: what a vendor made must not run in our page. */
export function fileHeaders({ name, size }: { name: string; size: number | undefined }): Headers {
  const plain = name.replace(/[^\x20-\x7e]|["\\%]/g, "_");
  const headers = new Headers({
    "content-type": "application/octet-stream",
    "content-disposition": `attachment; filename="${plain}"; filename*=UTF-8''${encode(name)}`,
    "x-content-type-options": "nosniff",
    "cache-control": "private, no-store",
  });
  if (size !== undefined) headers.set("content-length", String(size));
  return headers;
}

// RFC 8187 leaves fewer signs alone than encodeURIComponent does.
function encode(name: string): string {
  return encodeURIComponent(name).replace(
    /['()*]/g,
    (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Why there is no file, as the sentence to show. */
export function sayNo(sentence: string): Response {
  return new Response(sentence, {
    status: 409,
    headers: { "content-type": "text/plain; charset=utf-8", "cache-control": "no-store" },
  });
}
